"""A case analysed and told: the files of a report."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from hairtrack.model import Dossier, InputError
from hairtrack.pipeline.analyse import Analysis, analyse_case
from hairtrack.pipeline.files import write_whole
from hairtrack.pipeline.ports import Progress
from hairtrack.pipeline.world import real_world
from hairtrack.report.blind import blind_key
from hairtrack.report.document import to_json
from hairtrack.report.html import render_html
from hairtrack.report.letterhead import Letterhead
from hairtrack.report.paper import render_pdf
from hairtrack.report.table import render_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """How a report is to be told: to whom, in which language and formats, under whose letterhead.

    `cached` re-uses earlier results.
    """

    audience: str = "clinician"
    language: str = "en"
    formats: tuple[str, ...] = ("html", "json")
    blind: bool = False
    show_face: bool = False
    cached: bool = True
    letterhead: Letterhead | None = None


class _Telling(TypedDict):
    audience: str
    language: str
    show_face: bool
    blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was found, and the files that say it, in the order of the formats."""

    dossier: Dossier
    written: tuple[Path, ...]


def write_report(case: Path, out: Path, *, order: ReportOrder, progress: Progress) -> Published:
    """Analyse a case and write its report; files are replaced whole.

    Raises
    ------
    InputError
        When the case cannot be read.
    StoreError
        When the report cannot be written.
    """
    with real_world(cached=order.cached, progress=progress) as world:
        analysis = analyse_case(case, world=world, show_face=order.show_face)
    named = [_render(format_name, analysis, order) for format_name in dict.fromkeys(order.formats)]
    if order.blind:
        named.append(("key/blind_key.json", blind_key(analysis.dossier).encode()))
    written = tuple(write_whole(out / name, content) for name, content in named)
    return Published(dossier=analysis.dossier, written=written)


def _render(format_name: str, analysis: Analysis, order: ReportOrder) -> tuple[str, bytes]:
    """Return one format as a named file; what would resolve a blind report lies in a folder of its own."""
    dossier, figures = analysis.dossier, analysis.figures
    aside = "key/" if order.blind else ""
    if format_name == "json":
        return f"{aside}results.json", to_json(dossier).encode()
    if format_name == "csv":
        return f"{aside}measurements.csv", render_csv(dossier).encode()
    telling: _Telling = {
        "audience": order.audience,
        "language": order.language,
        "show_face": order.show_face,
        "blind": order.blind,
    }
    if format_name == "html":
        return "report.html", render_html(dossier, figures, **telling).encode()
    if format_name == "pdf":
        return "report.pdf", render_pdf(dossier, figures, letterhead=order.letterhead, **telling)
    raise InputError(f"{format_name!r} cannot be written", where="--format", remedy="use html, pdf, json or csv")


def sample_case(name: str) -> Path:
    """Return the folder of a synthetic sample case: in the installed package, or in the checkout.

    Raises
    ------
    InputError
        When this installation carries no such case.
    """
    package = Path(__file__).parents[1]
    places = (package / "_data" / "sample_images" / name, package.parents[1] / "sample_images" / name)
    for place in places:
        if place.is_dir():
            return place
    raise InputError(f"no sample case {name!r} in this installation", remedy="install hairtrack again")
