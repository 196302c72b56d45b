"""What is wrong with a case file, in words: the path of the field, what was found, the nearest valid word."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hairtrack.ingest.case_schema import (
    CaseRows,
    LandmarkRow,
    NoteRow,
    ObservationRow,
    PatientRow,
    PhotoRow,
    RegionRow,
    TreatmentRow,
)
from hairtrack.ingest.names import folded, printable_name
from hairtrack.model import NoteKind, RegionName, Severity, Sex, TreatmentKind, View

_FAULTS_SHOWN = 30
_ALIKE = 0.5
"""Share of common letters (difflib) from which a word is offered instead; below, an offer would mislead."""

_ROWS: Mapping[str, type[BaseModel]] = {
    "patient": PatientRow,
    "treatments": TreatmentRow,
    "photos": PhotoRow,
    "regions": RegionRow,
    "landmarks": LandmarkRow,
    "observations": ObservationRow,
    "notes": NoteRow,
}

_WORDS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("patient", "sex_at_birth"): Sex,
    ("treatments", "kind"): TreatmentKind,
    ("treatments", "recipient_regions"): RegionName,
    ("treatments", "donor_regions"): RegionName,
    ("photos", "view"): View,
    ("photos", "region"): RegionName,
    ("regions", "name"): RegionName,
    ("observations", "region"): RegionName,
    ("notes", "kind"): NoteKind,
    ("notes", "region"): RegionName,
    ("notes", "severity"): Severity,
}

_EXPECTED = {
    "int_type": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "float_type": "a number is needed",
    "finite_number": "a finite number is needed",
    "string_type": 'a text in "quotes" is needed',
    "string_too_short": "an empty text says nothing",
    "string_too_long": "the text is too long",
    "bool_type": "true or false is needed",
    "list_type": "a list in [brackets] is needed",
    "model_type": "a table is needed",
    "model_attributes_type": "a table is needed",
    "missing": "is missing",
}

_PATTERNS = {
    "id": "an id of letters, digits, dots and dashes is needed; never a name",
    "currency": 'a currency code such as "EUR" is needed',
    "measurand": 'a name such as "hair_density_per_cm2" is needed',
}


def faults_of(error: ValidationError) -> tuple[str, ...]:
    """Return the first faults in one line each, in the order of the file's sections."""
    return tuple(_fault(details) for details in error.errors(include_url=False)[:_FAULTS_SHOWN])


def listed(faults: Sequence[str], *, total: int) -> str:
    """Return faults as the text of one error; of many, the first are told and the rest are counted."""
    if total == 1:
        return faults[0]
    lines = list(faults[:_FAULTS_SHOWN])
    if total > len(lines):
        lines.append(f"and {total - len(lines)} more")
    return f"{total} entries cannot be used\n" + "\n".join(f"  {line}" for line in lines)


def nearest(found: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like the one found, or None when none is like it."""
    by_folded = {folded(word): word for word in known}
    asked = folded(found)[:200]
    alike = difflib.get_close_matches(asked, by_folded, n=3, cutoff=_ALIKE)
    # Swapped letters are the commonest slip, so that among words as like as each other the same letters win.
    best = max(alike, key=lambda word: _likeness(asked, word) + _likeness(sorted(asked), sorted(word)), default=None)
    return None if best is None else by_folded[best]


def shown(value: object) -> str:
    """Return a value as it may be printed in one line."""
    if isinstance(value, str):
        text = printable_name(value[:60]) + ("…" if len(value) > 60 else "")  # noqa: PLR2004 what fits a line
        return f'"{text}"'
    if isinstance(value, Mapping | Sequence):
        return "a table" if isinstance(value, Mapping) else "a list"
    if isinstance(value, int) and value.bit_length() > 64:  # noqa: PLR2004 longer ones are no numbers of a case
        return "a number of very many digits"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return printable_name(text[:60])


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _fault(details: ErrorDetails) -> str:
    place, kind, found = details["loc"], details["type"], details["input"]
    path = _path(place)
    if kind == "missing":
        return f"{path}: is missing"
    if kind == "extra_forbidden":
        return f"{path}: unknown key{_offer(str(place[-1]), _keys_beside(place))}"
    if kind == "enum":
        words = tuple(_words_at(place))
        offer = _offer(found, words) if isinstance(found, str) else ""
        return f"{path}: found {shown(found)}, which is no known word{offer} (known: {', '.join(words)})"
    if kind == "fit":
        return f"{path}: {details['msg']}"
    return f"{path}: found {shown(found)}; {_need(kind, details)}"


def _need(kind: str, details: ErrorDetails) -> str:
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    if kind == "string_pattern_mismatch":
        return _PATTERNS[str(details["loc"][-1])]
    context = details.get("ctx", {})
    limits = {
        "greater_than": ("gt", "it must be greater than {}"),
        "greater_than_equal": ("ge", "it must be at least {}"),
        "less_than_equal": ("le", "it must be at most {}"),
        "too_short": ("min_length", "it needs at least {} entries"),
        "too_long": ("max_length", "it may have at most {} entries"),
    }
    if kind in limits:
        key, sentence = limits[kind]
        return sentence.format(f"{context[key]:g}")
    return details["msg"]


def _path(place: tuple[int | str, ...]) -> str:
    """Return `treatments[0].kind` for ("treatments", 0, "kind")."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{printable_name(step[:60])}"
    return path.lstrip(".") or "the file"


def _keys_beside(place: tuple[int | str, ...]) -> tuple[str, ...]:
    row = _ROWS.get(str(place[0]), CaseRows) if len(place) > 1 else CaseRows
    return tuple(row.model_fields)


def _words_at(place: tuple[int | str, ...]) -> tuple[str, ...]:
    section, field = str(place[0]), next(str(step) for step in place[1:] if isinstance(step, str))
    return tuple(word.value for word in _WORDS[section, field])


def _offer(found: str, known: Iterable[str]) -> str:
    word = nearest(found, known)
    return f'; did you mean "{word}"?' if word else ""
