"""Which files a report leaves behind, and what of it could resolve a blind one."""

import json
from datetime import date
from pathlib import Path

import pytest

from hairtrack.model import Dossier, InputError, Patient, Photo, PhotoEntry, Provenance, QualityDecision, QualityReport
from hairtrack.pipeline import publish
from hairtrack.pipeline.analyse import Analysis
from hairtrack.pipeline.ports import SilentProgress
from hairtrack.pipeline.publish import ReportOrder, write_report
from hairtrack.report.letterhead import Letterhead


@pytest.fixture(autouse=True)
def analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case of one photo that needs no analysis."""
    photo = Photo(file="top.jpg", photo_id="photo-1", taken_on=date(2026, 1, 8))
    entry = PhotoEntry(photo=photo, quality=QualityReport(decision=QualityDecision.USABLE))
    empty = dict.fromkeys(
        (
            *("treatments", "observations", "notes", "regions", "registrations", "measurements", "closeups"),
            *("hair_matches", "changes", "bands", "verdicts", "alerts", "notices", "problems"),
        ),
        (),
    )
    dossier = Dossier(
        patient=Patient(id="P001"),
        photos=(entry,),
        provenance=Provenance(hairtrack="0.1.0", methods={}, settings={}, inputs={}),
        **empty,
    )
    monkeypatch.setattr(publish, "analyse_case", lambda *_, **__: Analysis(dossier=dossier, figures=()))


def written(out: Path, **order: object) -> dict[str, bytes]:
    write_report(Path("case"), out, order=ReportOrder(cached=False, **order), progress=SilentProgress())
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_every_format_is_one_file_written_whole(tmp_path: Path) -> None:
    files = written(tmp_path, formats=("html", "pdf", "json", "csv", "pdf"))
    assert set(files) == {"report.html", "report.pdf", "results.json", "measurements.csv"}
    assert files["report.pdf"].startswith(b"%PDF-1.7")
    assert files["report.pdf"].rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("shown", ["html", "pdf"])
def test_a_blind_report_keeps_what_resolves_it_in_a_folder_of_its_own(tmp_path: Path, shown: str) -> None:
    files = written(tmp_path, formats=(shown, "json"), blind=True)
    assert set(files) == {f"report.{shown}", "key/results.json", "key/blind_key.json"}
    assert json.loads(files["key/blind_key.json"])["pictures"]["A"]["file"] == "top.jpg"


def test_the_letterhead_stands_in_the_letter_and_changes_nothing_else(tmp_path: Path) -> None:
    plain = written(tmp_path / "plain", formats=("pdf", "json"))
    headed = written(tmp_path / "headed", formats=("pdf", "json"), letterhead=Letterhead(name="Klinik"))
    assert plain["results.json"] == headed["results.json"]
    assert plain["report.pdf"] != headed["report.pdf"]


def test_an_unknown_format_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="docx"):
        written(tmp_path, formats=("json", "docx"))
    assert list(tmp_path.iterdir()) == []
