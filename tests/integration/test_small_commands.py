"""The other commands, each as a user types it."""

import json
from pathlib import Path

import cv2
import jsonschema
import numpy as np
import pytest

OBSERVED = {
    "patient": {"id": "P001", "sex_at_birth": "male"},
    "treatments": [
        {"kind": "fue", "performed_on": "2025-01-10", "recipient_regions": ["frontal"], "hairs_implanted": 5000}
    ],
    "observations": [
        {"taken_on": "2025-01-08", "region": "frontal", "measurand": "hair_density_per_cm2", "value": 20},
        {"taken_on": "2025-03-10", "region": "frontal", "measurand": "hair_density_per_cm2", "value": 18},
    ],
}


def valid(document: dict, repository: Path) -> dict:
    name = document["schema"].removeprefix("hairtrack.").split("/")[0]
    schema = json.loads((repository / f"docs/schemas/1/{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    return document


@pytest.fixture(scope="module")
def top(repository: Path) -> Path:
    return next((repository / "sample_images" / "fue_on_course").glob("*/top.jpg"))


def test_check_judges_a_photo_and_a_missing_one_without_stopping(run, repository: Path, top: Path) -> None:
    outcome = run("check", top, "/no/such/photo.jpg", "--json")
    document = valid(outcome.document, repository)
    assert outcome.code == 3
    assert [photo["quality"]["decision"] for photo in document["photos"]] == ["usable", "retake"]


def test_check_against_a_reference_gives_words_and_a_ghost(run, repository: Path, top: Path, tmp_path: Path) -> None:
    smaller = tmp_path / "far_top.png"
    picture = cv2.imread(str(top))
    far = np.full_like(picture, 128)
    shrunk = cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    far[100 : 100 + shrunk.shape[0], 100 : 100 + shrunk.shape[1]] = shrunk
    cv2.imwrite(str(smaller), far)
    outcome = run("check", smaller, "--against", top, "--out", tmp_path, "--json")
    checked = valid(outcome.document, repository)["photos"][0]
    assert checked["guidance"]
    assert Path(checked["picture"]).exists()


def test_align_brings_a_turned_photo_back(run, repository: Path, top: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned_top.png"
    cv2.imwrite(str(turned), cv2.rotate(cv2.imread(str(top)), cv2.ROTATE_90_CLOCKWISE))
    outcome = run("align", top, turned, "--out", tmp_path, "--json")
    document = valid(outcome.document, repository)
    assert outcome.code == 0
    assert document["registration"]["status"] == "accepted"
    assert all(Path(picture).exists() for picture in document["pictures"])


def test_measure_gives_coverage_with_its_error(run, repository: Path, top: Path) -> None:
    outcome = run("measure", top, "--json")
    document = valid(outcome.document, repository)
    assert outcome.code == 0
    whole = document["measurements"][0]
    assert whole["measurand"] == "coverage_fraction"
    assert 0 < whole["value"] < 1


def test_measure_counts_a_closeup_only_per_area_when_the_scale_is_known(run, repository: Path) -> None:
    closeup = next((repository / "sample_images" / "closeup_series").glob("*/*.jpg"))
    without = valid(run("measure", closeup, "--json").document, repository)
    known = valid(run("measure", closeup, "--px-per-mm", 179, "--json").document, repository)
    densities = [
        next(m for m in document["measurements"] if m["measurand"] == "hair_density_per_cm2")["status"]
        for document in (without, known)
    ]
    assert densities == ["not_measured", "measured"]


def test_assess_reads_a_file_and_stdin_alike(run, repository: Path, tmp_path: Path) -> None:
    file = tmp_path / "observed.json"
    file.write_text(json.dumps(OBSERVED), encoding="utf-8")
    from_file = run("assess", file, "--json")
    from_stdin = run("assess", "-", "--json", stdin=json.dumps(OBSERVED))
    document = valid(from_file.document, repository)
    assert from_file.document == from_stdin.document
    frontal = next(verdict for verdict in document["verdicts"] if verdict["region"] == "frontal")
    assert frontal["phase"] in {"expected_shedding", "dormant"}
    assert frontal["state"] in {"expected_shedding", "too_early"}


def test_assess_names_the_field_that_is_wrong(run, repository: Path) -> None:
    wrong = json.dumps({"treatments": [{"kind": "fux", "performed_on": "2025-01-10"}]})
    outcome = run("assess", "-", "--json", stdin=wrong)
    assert outcome.code == 2
    assert "fue" in outcome.err
    assert "treatments[0].kind" in outcome.err
    assert valid(outcome.document, repository)["exit_code"] == 2


def test_doctor_says_what_can_be_read(run, repository: Path) -> None:
    document = valid(run("doctor", "--json").document, repository)
    assert document["versions"]["hairtrack"]
    assert any(document["capabilities"].values())


@pytest.mark.parametrize(
    "arguments",
    [("report", "/no/such/case", "--out", "out"), ("bogus",), ("report", "--language", "fr", ".", "--out", "x")],
)
def test_wrong_usage_ends_with_two_and_a_sentence(run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert outcome.code == 2
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err
