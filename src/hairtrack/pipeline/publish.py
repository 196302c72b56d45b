"""A case analysed and told: the files of a report."""

from dataclasses import dataclass
from pathlib import Path

from hairtrack.model import Dossier, InputError
from hairtrack.pipeline.analyse import Analysis, analyse_case
from hairtrack.pipeline.files import write_whole
from hairtrack.pipeline.ports import Progress
from hairtrack.pipeline.world import real_world
from hairtrack.report.blind import blind_key
from hairtrack.report.document import to_json
from hairtrack.report.html import render_html
from hairtrack.report.table import render_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """How a report is to be told: to whom, in which language and formats; `cached` re-uses earlier results."""

    audience: str = "clinician"
    language: str = "en"
    formats: tuple[str, ...] = ("html", "json")
    blind: bool = False
    show_face: bool = False
    cached: bool = True


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
    named = [part for format_name in order.formats for part in _render(format_name, analysis, order)]
    written = tuple(write_whole(out / name, content) for name, content in named)
    return Published(dossier=analysis.dossier, written=written)


def _render(format_name: str, analysis: Analysis, order: ReportOrder) -> list[tuple[str, bytes]]:
    """Return the files of one format by name; what would resolve a blind report lies in a folder of its own."""
    dossier = analysis.dossier
    aside = "key/" if order.blind else ""
    if format_name == "json":
        return [(f"{aside}results.json", to_json(dossier).encode())]
    if format_name == "csv":
        return [(f"{aside}measurements.csv", render_csv(dossier).encode())]
    if format_name == "html":
        page = render_html(
            dossier,
            analysis.figures,
            audience=order.audience,
            language=order.language,
            show_face=order.show_face,
            blind=order.blind,
        )
        key = [("key/blind_key.json", blind_key(dossier).encode())] if order.blind else []
        return [("report.html", page.encode()), *key]
    raise InputError(f"{format_name!r} cannot be written", where="--format", remedy="use html, json or csv")


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
