"""case.toml, or JSON with the same keys, to checked facts. Every fault is told at once, each with its field."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from hairtrack.ingest.case_faults import faults_of, listed
from hairtrack.ingest.case_schema import CaseRows, TreatmentRow
from hairtrack.ingest.content import content_of
from hairtrack.ingest.dates import why_impossible
from hairtrack.ingest.draft import CaseFacts, DeclaredPhoto
from hairtrack.ingest.names import printable_name
from hairtrack.ingest.settings import IngestSettings
from hairtrack.model import (
    Case,
    CaseProblem,
    InputError,
    Landmark,
    Note,
    Observation,
    Patient,
    PhotoProblem,
    RegionOutline,
    Treatment,
    TreatmentKind,
)

CASE_FILE = "case.toml"

_BARE_DAY = re.compile(r"(?<=[=\[,\s])(\d{4}-\d{1,2}-\d{1,2})(?=\s*(?:[,\]\n\r#]|$))")
_REMEDY = "correct the file; docs/case.md tells what it may say"


def read_case_facts(source: Path | str | Mapping[str, object], *, today: date) -> Case:
    """Return what is known of a case without its photos: what reasoning on numbers alone needs.

    Parameters
    ----------
    source
        A case folder, a case.toml, a JSON file with the same keys, JSON text, or such a dict (dates as ISO texts or
        as dates).
    today
        Observations and notes after this day are left out, with a problem that says so.

    Raises
    ------
    InputError
        When it cannot be read or says something impossible; every fault is listed.
    """
    facts = _facts_anywhere(source, today=today)
    return Case(
        patient=facts.patient,
        treatments=facts.treatments,
        outlines=facts.outlines,
        landmarks=facts.landmarks,
        observations=facts.observations,
        notes=facts.notes,
        problems=facts.problems,
    )


def read_case_file(path: Path, *, today: date, settings: IngestSettings) -> CaseFacts:
    """Return the facts of a case.toml or JSON file; `InputError` when it is absent or wrong."""
    where = printable_name(path.name)
    content = content_of(path, max_bytes=settings.max_case_file_bytes)
    if isinstance(content, PhotoProblem):
        raise InputError(content.what, where=where, remedy="a case is a folder with a case.toml, or a JSON file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is no UTF-8 text", where=where, remedy="save it as UTF-8") from error
    return case_facts(_document(text, where=where), today=today, where=where)


def case_facts(document: object, *, today: date, where: str) -> CaseFacts:
    """Return the facts of a document that was already parsed; `InputError` with every fault in it."""
    try:
        rows = CaseRows.model_validate(document)
    except ValidationError as error:
        raise InputError(listed(faults_of(error), total=error.error_count()), where=where, remedy=_REMEDY) from None
    faults = tuple(_contradictions(rows, today))
    if faults:
        raise InputError(listed(faults, total=len(faults)), where=where, remedy=_REMEDY)
    return _Sifting(today=today, birth_year=rows.patient.birth_year).facts(rows)


def _facts_anywhere(source: Path | str | Mapping[str, object], *, today: date) -> CaseFacts:
    if isinstance(source, Mapping):
        return case_facts(dict(source), today=today, where="case")
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return case_facts(_document(source, where="JSON"), today=today, where="JSON")
    path = Path(source)
    return read_case_file(path / CASE_FILE if path.is_dir() else path, today=today, settings=IngestSettings())


def _document(text: str, *, where: str) -> object:
    """Return the parsed text: JSON when it begins like JSON or its name says so, TOML otherwise."""
    is_json = text.lstrip("\ufeff \t\r\n").startswith("{") or where.lower().endswith(".json")
    try:
        return json.loads(text.lstrip("\ufeff"), object_pairs_hook=_each_key_once) if is_json else _toml(text)
    except (ValueError, RecursionError) as error:  # ValueError: both parsers' errors, and numbers of too many digits
        reason = "nested too deeply" if isinstance(error, RecursionError) else printable_name(str(error))
        raise InputError(
            f"is not valid {'JSON' if is_json else 'TOML'}: {reason}", where=where, remedy=_REMEDY
        ) from None


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object; Python would keep the last of two values of one key and say nothing."""
    table = dict(pairs)
    if len(table) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f'"{twice}" is given twice')
    return table


def _toml(text: str) -> object:
    """Return parsed TOML; days that no calendar has become texts, so that their field can be named."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        quoted = _BARE_DAY.sub(lambda match: match[1] if _is_day(match[1]) else f'"{match[1]}"', text)
        if quoted == text:
            raise
        try:
            return tomllib.loads(quoted)
        except tomllib.TOMLDecodeError:
            pass
        raise


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _contradictions(rows: CaseRows, today: date) -> Iterator[str]:
    """Give what each row alone cannot know: entries that exclude each other."""
    if rows.patient.birth_year is not None and rows.patient.birth_year > today.year:
        yield f"patient.birth_year: found {rows.patient.birth_year}, which lies in the future"
    for section, files in (
        ("photos", [row.file for row in rows.photos]),
        ("regions", [row.file for row in rows.regions]),
        ("landmarks", [row.file for row in rows.landmarks]),
    ):
        for index, file in enumerate(files):
            if _leads_out(file):
                yield f'{section}[{index}].file: "{printable_name(file)}" must be a path below the case folder'
    keys: Iterator[tuple[str, tuple[str, ...]]] = iter(
        [(f"photos[{i}].file", ("photo", row.file)) for i, row in enumerate(rows.photos)]
        + [(f"regions[{i}].name", ("region", row.name, row.file)) for i, row in enumerate(rows.regions)]
        + [(f"landmarks[{i}].name", ("landmark", row.name, row.file)) for i, row in enumerate(rows.landmarks)]
    )
    seen: Counter[tuple[str, ...]] = Counter()
    for path, key in keys:
        seen[key] += 1
        if seen[key] == 2:  # noqa: PLR2004 the first repetition, told once
            yield f"{path}: {' of '.join(printable_name(word) for word in key[1:])} is given twice"


def _leads_out(file: str) -> bool:
    path = PurePosixPath(file)
    return path.is_absolute() or ".." in path.parts


@dataclass(kw_only=True)
class _Sifting:
    """Turns rows into values of the model, and collects what is left out on the way."""

    today: date
    birth_year: int | None
    problems: list[CaseProblem] = field(default_factory=list)

    def facts(self, rows: CaseRows) -> CaseFacts:
        """Return the facts of a checked document."""
        patient = Patient(
            id=rows.patient.id,
            sex_at_birth=rows.patient.sex_at_birth,
            birth_year=rows.patient.birth_year,
            conditions=tuple(rows.patient.conditions),
        )
        treatments = tuple(self._treatment(row, f"treatments[{i}]") for i, row in enumerate(rows.treatments))
        observations = tuple(
            Observation(
                taken_on=row.taken_on,
                region=row.region,
                measurand=row.measurand,
                value=row.value,
                std_uncertainty=row.std_uncertainty,
                photo_id=row.photo_id,
                flags=tuple(row.flags),
            )
            for i, row in enumerate(rows.observations)
            if self._happened(row.taken_on, f"observations[{i}].taken_on")
        )
        notes = tuple(
            Note(on=row.on, kind=row.kind, region=row.region, severity=row.severity, text=row.text)
            for i, row in enumerate(rows.notes)
            if self._happened(row.on, f"notes[{i}].on")
        )
        return CaseFacts(
            patient=patient,
            treatments=treatments,
            photos=tuple(DeclaredPhoto(**row.model_dump()) for row in rows.photos),
            outlines=tuple(
                RegionOutline(name=row.name, file=row.file, polygon_xy=tuple((x, y) for x, y in row.polygon_xy))
                for row in rows.regions
            ),
            landmarks=tuple(
                Landmark(name=row.name, file=row.file, xy=(row.xy[0], row.xy[1])) for row in rows.landmarks
            ),
            observations=observations,
            notes=notes,
            problems=tuple(self.problems),
        )

    def _happened(self, day: date, where: str) -> bool:
        doubt = why_impossible(day, today=self.today, birth_year=self.birth_year)
        if doubt is not None:
            self._add(where, f"{day.isoformat()} {doubt}; this entry was left out")
        return doubt is None

    def _treatment(self, row: TreatmentRow, path: str) -> Treatment:
        performed_on = self._day(row.performed_on, f"{path}.performed_on")
        sessions = {
            session
            for i, day in enumerate(row.sessions)
            if (session := self._day(day, f"{path}.sessions[{i}]")) is not None
        }
        if row.kind.is_session_therapy and performed_on is not None:
            sessions.add(performed_on)
            performed_on = None
        if row.kind.is_transplant and performed_on is None and sessions:
            performed_on = min(sessions)
        treatment = Treatment(
            kind=row.kind,
            performed_on=performed_on,
            sessions=tuple(sorted(sessions)),
            started_on=self._day(row.started_on, f"{path}.started_on"),
            stopped_on=self._day(row.stopped_on, f"{path}.stopped_on"),
            recipient_regions=tuple(row.recipient_regions),
            donor_regions=tuple(row.donor_regions),
            grafts_implanted=row.grafts_implanted,
            hairs_implanted=row.hairs_implanted,
            recipient_area_cm2=row.recipient_area_cm2,
            grafts_extracted=row.grafts_extracted,
            cost_per_session=row.cost_per_session,
            currency=row.currency,
        )
        if treatment.first_day is None:
            key = _date_key(row.kind)
            self._add(f"{path}.{key}", f"the date of this {row.kind.value} is not known", f"give {key}")
        return treatment

    def _day(self, day: date | None, where: str) -> date | None:
        """Return a treatment's day: one before birth is unknown, one in the future is a plan; both are told."""
        if day is None or why_impossible(day, today=self.today, birth_year=self.birth_year) is None:
            return day
        if day > self.today:
            doubt = why_impossible(day, today=self.today, birth_year=None)
            self._add(where, f"{day.isoformat()} {doubt}; it is taken as planned")
            return day
        doubt = why_impossible(day, today=None, birth_year=self.birth_year)
        self._add(where, f"{day.isoformat()} {doubt}; it was not used")
        return None

    def _add(self, where: str, what: str, remedy: str = "correct the date in the case file") -> None:
        self.problems.append(CaseProblem(where=where, what=what, remedy=remedy))


def _date_key(kind: TreatmentKind) -> str:
    if kind.is_medicine:
        return "started_on"
    return "performed_on" if kind.is_transplant else "sessions"
