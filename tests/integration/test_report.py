"""`hairtrack report` on a synthetic patient with bad files among the photos."""

import json
import shutil
from pathlib import Path

import jsonschema
import pypdf
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def document(reported) -> dict:
    return json.loads((reported[0] / "results.json").read_text(encoding="utf-8"))


def test_it_ends_with_refusals_and_writes_every_format(reported) -> None:
    out, outcome = reported
    assert outcome.code == 3, outcome.err
    assert {path.name for path in out.iterdir()} == {"report.html", "report.pdf", "results.json", "measurements.csv"}


def test_stdout_is_the_one_document_and_equals_the_file(reported, document) -> None:
    assert reported[1].document == document


def test_the_document_keeps_to_its_published_schema(document, repository: Path) -> None:
    schema = json.loads((repository / "docs/schemas/1/dossier.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)


@pytest.mark.parametrize("name", ["empty", "text", "truncated", "broken_link", "loop"])
def test_every_bad_file_is_named_on_stderr_and_refused_and_the_rest_goes_on(reported, document, name: str) -> None:
    assert any(f"{name}_top.jpg" in line and "(" in line for line in reported[1].err.splitlines())
    entry = next(photo for photo in document["photos"] if f"{name}_top.jpg" in photo["file"])
    assert entry["quality"]["decision"] == "retake"
    assert entry["quality"]["remedies"][0]
    assert sum(photo["quality"]["decision"] != "retake" for photo in document["photos"]) >= 3


def test_the_same_photo_saved_twice_is_one_photo(document) -> None:
    assert sum("copied_top.jpg" in photo["file"] for photo in document["photos"]) == 0
    assert any("copied_top.jpg" in problem["where"] for problem in document["problems"])


def test_every_number_carries_its_error_or_the_reason_for_its_absence(document) -> None:
    assert document["measurements"]
    for measurement in document["measurements"]:
        if measurement["status"] == "measured":
            low, high = measurement["interval95"]
            assert measurement["std_uncertainty"] > 0
            assert low <= measurement["value"] <= high
        else:
            assert measurement["reason"]
            assert measurement["remedy"]


def test_every_verdict_sums_to_one_and_says_what_next(document) -> None:
    assert document["verdicts"]
    for verdict in document["verdicts"]:
        assert sum(verdict["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert verdict["next_step"]


def test_a_good_transplant_is_never_called_failed(document) -> None:
    states = {verdict["region"]: verdict["state"] for verdict in document["verdicts"]}
    assert set(states.values()).isdisjoint({"failure", "poor_growth_probable", "donor_over_extraction"})


def test_the_page_says_that_it_is_no_diagnosis_and_asks_for_no_network(reported) -> None:
    page = (reported[0] / "report.html").read_text(encoding="utf-8")
    assert "no diagnosis" in page
    assert "Content-Security-Policy" in page
    assert 'src="http' not in page
    assert "url(http" not in page


def test_the_letter_stands_under_the_letterhead(reported) -> None:
    letter = pypdf.PdfReader(reported[0] / "report.pdf")
    first = letter.pages[0].extract_text()
    assert "Örnek Saç Kliniği" in first
    assert "Bağdat Cad. 12, İstanbul" in first
    headings = [heading["/Title"] for heading in letter.outline if isinstance(heading, dict)]
    assert headings == ["Progress report"]


def test_nothing_written_carries_metadata_or_a_path_of_this_machine(reported, short_case: Path) -> None:
    for path in reported[0].iterdir():
        content = path.read_bytes()
        assert b"Exif" not in content
        assert str(short_case.parent).encode() not in content


def test_the_order_of_files_and_a_second_run_change_nothing(run, short_case: Path, reported, tmp_path: Path) -> None:
    shuffled = tmp_path / short_case.name
    shuffled.mkdir()
    for path in sorted(short_case.rglob("*"), reverse=True):
        target = shuffled / path.relative_to(short_case)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            target.symlink_to(path.readlink())
        elif path.is_file():
            shutil.copyfile(path, target)
    cache = tmp_path / "cache"
    for _ in range(2):
        formats = ("--format", "html,pdf,json")
        run("report", shuffled, "--out", tmp_path / "out", *formats, "--quiet", HAIRTRACK_CACHE_DIR=str(cache))
        for name in ("results.json", "report.html", "report.pdf"):
            assert (tmp_path / "out" / name).read_bytes() == (reported[0] / name).read_bytes(), name
    assert any(cache.iterdir())
