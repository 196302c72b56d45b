"""Reading of models/: TOML tables of facts, contra-indications, and the bibliography."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from hairtrack.knowledge.facts import ContraIndication, Fact, Knowledge
from hairtrack.model import EvidenceGrade, KnowledgeError, Source, TreatmentKind

TABLE_FOLDERS = ("courses", "norms", "gates", "repeatability", "signs")
"""Folders of models/ that hold tables of facts; the name of a file is the first part of its keys."""

BIBLIOGRAPHY = "SOURCES.bib"
_ENTRY = re.compile(r"@\w+\{(?P<key>[^,\s]+),(?P<body>.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"^\s*(?P<name>\w+)\s*=\s*\{(?P<text>.*)\},?\s*$", re.MULTILINE)
_ROW_FIELDS = frozenset({"value", "unit", "population", "grade", "sources", "spread", "low", "high", "note"})


def models_folder() -> Traversable:
    """Return models/ of the checkout that this module runs from, else the copy shipped in the wheel."""
    checkout = Path(__file__).resolve().parents[3] / "models"
    if (checkout / BIBLIOGRAPHY).is_file():
        return checkout
    return files("hairtrack") / "_data" / "models"


@cache
def load() -> Knowledge:
    """Return the knowledge shipped with the program.

    Raises
    ------
    KnowledgeError
        When a row lacks its unit, population or grade, a source does not resolve, or a table cannot be read.
    """
    return read_models(models_folder())


def read_models(folder: Traversable) -> Knowledge:
    """Return the knowledge below a folder laid out like models/."""
    sources = read_bibliography(_text(folder / BIBLIOGRAPHY, name=BIBLIOGRAPHY))
    facts: dict[str, Fact] = {}
    for name in TABLE_FOLDERS:
        tables = folder / name
        if not tables.is_dir():
            continue
        for file in sorted(tables.iterdir(), key=lambda f: f.name):
            if not file.name.endswith(".toml"):
                continue
            prefix = file.name.removesuffix(".toml")
            for row, fields in _tables(_text(file, name=f"{name}/{file.name}"), where=f"{name}/{file.name}").items():
                fact = _fact(f"{prefix}.{row}", fields)
                if fact.key in facts:
                    raise KnowledgeError("the key stands twice", where=f"models: {fact.key}", remedy="rename one row")
                facts[fact.key] = fact
    contra = folder / "contra_indications.toml"
    contra_indications = (
        tuple(
            _contra_indication(key, fields)
            for key, fields in _tables(_text(contra, name=contra.name), where=contra.name).items()
        )
        if contra.is_file()
        else ()
    )
    knowledge = Knowledge(facts=facts, contra_indications=contra_indications, sources=sources)
    _check_sources(knowledge)
    return knowledge


def read_bibliography(text: str) -> dict[str, Source]:
    """Return the sources of a BibTeX text by key, each with its citation and grade."""
    sources: dict[str, Source] = {}
    for entry in _ENTRY.finditer(text):
        fields = {m["name"]: m["text"] for m in _FIELD.finditer(entry["body"])}
        key = entry["key"]
        missing = {"title", "grade"} - fields.keys()
        if missing:
            raise KnowledgeError(
                f"the source lacks {', '.join(sorted(missing))}", where=f"{BIBLIOGRAPHY}: {key}", remedy="add the field"
            )
        place = fields.get("howpublished", "")
        citation = f"{fields['title']}. {place}".strip() if place else fields["title"]
        sources[key] = Source(key=key, citation=citation, grade=EvidenceGrade(fields["grade"]).value)
    return sources


def _text(file: Traversable, *, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(
            f"cannot be read: {error}", where=f"models/{name}", remedy="reinstall hairtrack"
        ) from error


def _tables(text: str, *, where: str) -> dict[str, dict[str, object]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"is no TOML: {error}", where=f"models/{where}", remedy="correct the file") from error
    for row, fields in tables.items():
        if not isinstance(fields, dict):
            raise KnowledgeError("is no table", where=f"models/{where}: {row}", remedy="write [row] with its fields")
    return tables


def _fact(key: str, fields: dict[str, object]) -> Fact:
    where = f"models: {key}"
    unknown = fields.keys() - _ROW_FIELDS
    missing = {"value", "unit", "population", "grade"} - fields.keys()
    if unknown or missing:
        faults = [f"lacks {name}" for name in sorted(missing)] + [f"has unknown {name}" for name in sorted(unknown)]
        raise KnowledgeError(f"the row {', '.join(faults)}", where=where, remedy="see models/README.md")
    grade = _grade(fields, where=where)
    sources = _words(fields, "sources", where=where)
    if not sources and grade is not EvidenceGrade.ASSUMED:
        raise KnowledgeError("a graded row needs a source", where=where, remedy="add sources, or the grade ASSUMED")
    value = _number(fields, "value", where=where)
    if value is None:  # pragma: no cover - `missing` above already refused it
        raise KnowledgeError("the row lacks value", where=where, remedy="add value = ...")
    return Fact(
        key=key,
        value=value,
        unit=str(fields["unit"]),
        population=str(fields["population"]),
        grade=grade,
        sources=sources,
        spread=_number(fields, "spread", where=where),
        low=_number(fields, "low", where=where),
        high=_number(fields, "high", where=where),
        note=str(fields.get("note", "")),
    )


def _contra_indication(key: str, fields: dict[str, object]) -> ContraIndication:
    where = f"models/contra_indications.toml: {key}"
    return ContraIndication(
        key=key,
        words=_words(fields, "words", where=where),
        treatments=tuple(TreatmentKind(word) for word in _words(fields, "treatments", where=where)),
        text=str(fields.get("text", "")),
        sources=_words(fields, "sources", where=where),
        grade=_grade(fields, where=where),
    )


def _grade(fields: dict[str, object], *, where: str) -> EvidenceGrade:
    try:
        return EvidenceGrade(str(fields.get("grade")))
    except ValueError:
        known = ", ".join(grade.value for grade in EvidenceGrade)
        raise KnowledgeError(f"unknown grade {fields.get('grade')!r}", where=where, remedy=f"one of {known}") from None


def _number(fields: dict[str, object], name: str, *, where: str) -> float | None:
    found = fields.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise KnowledgeError(f"{name} is no number: {found!r}", where=where, remedy="write a number")
    return float(found)


def _words(fields: dict[str, object], name: str, *, where: str) -> tuple[str, ...]:
    found = fields.get(name, [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise KnowledgeError(f"{name} is no list of words: {found!r}", where=where, remedy="write a list")
    return tuple(found)


def _check_sources(knowledge: Knowledge) -> None:
    cited = [(fact.key, fact.sources) for fact in knowledge.facts.values()]
    cited += [(contra.key, contra.sources) for contra in knowledge.contra_indications]
    for key, sources in cited:
        for source in sources:
            if source not in knowledge.sources:
                raise KnowledgeError(
                    f"the source {source} is not in {BIBLIOGRAPHY}", where=f"models: {key}", remedy="add the entry"
                )
