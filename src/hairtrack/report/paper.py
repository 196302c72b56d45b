"""The report on paper: the same page as in HTML, typeset as a letter in tagged PDF (PDF/UA-1).

The typesetter reads one JSON document and the pictures beside it; no text of a case ever becomes markup. It needs no
network, no font of this machine and no clock: the letter bears the date of the newest fact in it.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from hairtrack.model import Dossier, Figure
from hairtrack.report import drawings
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.blind import blind_groups
from hairtrack.report.courses import CourseFigure
from hairtrack.report.environment import asset
from hairtrack.report.language import Language, language_of
from hairtrack.report.letterhead import Letterhead
from hairtrack.report.page import ToneCount, build_page
from hairtrack.report.pictures import Picture, shown_figures
from hairtrack.report.reader import Reader, reader_of
from hairtrack.report.regions import RegionPage
from hairtrack.report.typesetting import FONTS, typeset

TEMPLATES = ("letter.typ", "answer.typ", "report.typ", "blind.typ")
HAIR_KINDS = ("paired", "lost", "gained", "undecided", "terminal", "vellus")
_SPOKEN = re.compile(r'spoken\(\s*"((?:[^"\\]|\\.)*)"')


def render_pdf(
    dossier: Dossier,
    figures: Sequence[Figure],
    *,
    audience: Audience | str = Audience.CLINICIAN,
    language: LanguageCode | str = LanguageCode.ENGLISH,
    show_face: bool = False,
    blind: bool = False,
    letterhead: Letterhead | None = None,
) -> bytes:
    """Return the report as a PDF/UA-1 file; the parameters are those of `html.render_html`.

    Parameters
    ----------
    letterhead
        Who sends the letter; nothing stands at its head when absent.
    """
    reader = reader_of(
        dossier, audience=Audience(audience), language=language_of(LanguageCode(language)), show_face=show_face
    )
    document, files = letter_of(dossier, figures, reader=reader, blind=blind, letterhead=letterhead)
    return typeset(files, document=document, day=None if blind else newest_day(dossier))


def letter_of(
    dossier: Dossier, figures: Sequence[Figure], *, reader: Reader, blind: bool, letterhead: Letterhead | None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the typesetter needs: the document, and templates and pictures by their names in it."""
    parcel = _Parcel(language=reader.language)
    document: dict[str, Any] = {
        "words": {message: reader.language.text(message) for message in spoken_messages()},
        "language": reader.language.code.value,
        "audience": reader.audience.value,
        "colours": dict(drawings.palette()),
        "fonts": list(FONTS),
        "letterhead": _letterhead(letterhead, parcel),
        "dated": not blind and newest_day(dossier) is not None,
    }
    if blind:
        document["groups"] = parcel.plain(blind_groups(dossier, shown_figures(figures, reader), reader))
    else:
        page = build_page(dossier, figures, reader)
        document["page"] = parcel.plain(page)
        document["provenance"] = parcel.plain(dossier.provenance)
        marks = {kind: drawings.root_mark(kind, reader.language) for kind in HAIR_KINDS}
        document["hair_marks"] = {kind: parcel.add(mark, "svg") for kind, mark in marks.items()}
        document["head_map"] = parcel.add(drawings.head_map(page.tone_of_region, reader.language), "svg")
    templates = {name: asset(name).encode() for name in TEMPLATES}
    main = templates["blind.typ" if blind else "report.typ"]
    return document, {**templates, **parcel.files, "main.typ": main}


def spoken_messages() -> tuple[str, ...]:
    """Return every sentence that the templates of the letter say, in English, as it stands in the catalogues."""
    found = {message: None for name in TEMPLATES for message in _SPOKEN.findall(asset(name))}
    return tuple(found)


def newest_day(dossier: Dossier) -> date | None:
    """Return the date of the letter: that of the newest judgement, else of the newest photo or fact."""
    judged = [verdict.judged_on for verdict in dossier.verdicts if verdict.judged_on]
    seen = [entry.photo.taken_on for entry in dossier.photos if entry.photo.taken_on]
    told = [note.on for note in dossier.notes] + [observation.taken_on for observation in dossier.observations]
    return max(judged or [*seen, *told], default=None)


@dataclass(slots=True)
class _Parcel:
    """A letter being packed: plain values for its JSON, and the files that they name."""

    language: Language
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, content: bytes, suffix: str) -> str:
        """Keep a file and return its name; the same content is kept once."""
        name = f"{hashlib.sha256(content).hexdigest()[:20]}.{suffix}"
        self.files[name] = content
        return name

    def plain(self, value: Any) -> Any:
        """Return a value of the page as JSON knows it, pictures and drawings as names of files."""
        if isinstance(value, bytes):
            return None
        if is_dataclass(value):
            own = {entry.name: self.plain(getattr(value, entry.name)) for entry in fields(value)}
            return own | self._drawn(value)
        if isinstance(value, Mapping):
            return {str(key): self.plain(part) for key, part in value.items()}
        if isinstance(value, tuple | list):
            return [self.plain(part) for part in value]
        return value.value if isinstance(value, Enum) else value

    def _drawn(self, value: object) -> dict[str, Any]:
        """Return the files that belong to a value of the page."""
        if isinstance(value, Picture):
            return {"file": self.add(value.content, value.media_type.rpartition("/")[2])}
        if isinstance(value, CourseFigure):
            marks = [self.add(drawings.legend_mark(line.kind, self.language), "svg") for line in value.legend]
            chart = self.add(drawings.course_chart(value, self.language), "svg")
            return {"chart": chart, "marks": marks}
        if isinstance(value, RegionPage):
            mark = drawings.head_mark(value.region, value.tone, self.language)
            patch = drawings.swatch(value.tone, self.language)
            return {"mark": self.add(mark, "svg"), "swatch": self.add(patch, "svg")}
        if isinstance(value, ToneCount):
            return {"swatch": self.add(drawings.swatch(value.tone, self.language), "svg")}
        return {}


def _letterhead(letterhead: Letterhead | None, parcel: _Parcel) -> dict[str, Any] | None:
    if letterhead is None:
        return None
    logo = parcel.add(letterhead.logo.content, letterhead.logo.kind) if letterhead.logo else None
    return {"name": letterhead.name, "address": list(letterhead.address), "logo": logo}
