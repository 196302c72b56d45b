import json
from pathlib import Path

import jsonschema
import pytest

from hairtrack.model import (
    AlignAnswer,
    AssessAnswer,
    CheckAnswer,
    CheckedPhoto,
    DoctorAnswer,
    ErrorAnswer,
    MeasureAnswer,
    NotMeasured,
    PhotoKind,
    PhotoMeasurement,
    State,
)
from hairtrack.report.document import to_document
from hairtrack.report.schema import DOCUMENTS, schema_of, schema_text

COMMITTED = Path(__file__).parents[3] / "docs" / "schemas" / "1"


def check(document, name=None):
    name = name or document["schema"].removeprefix("hairtrack.").removesuffix("/1")
    jsonschema.Draft202012Validator(schema_of(name)).validate(document)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_schema_is_the_generated_one(name):
    assert (COMMITTED / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_schema_is_a_schema(name):
    jsonschema.Draft202012Validator.check_schema(schema_of(name))


def test_the_invented_case_is_valid(dossier):
    check(to_document(dossier))


@pytest.mark.parametrize("state", State)
def test_a_case_in_every_state_is_valid(dossier_in, state):
    check(to_document(dossier_in(state)))


def test_answers_of_the_other_commands_are_valid(dossier):
    entry = dossier.photos[0]
    checked = CheckedPhoto(file=entry.photo.file, quality=entry.quality, registration=dossier.registrations[0])
    absent = PhotoMeasurement(
        measurand="hair_density_per_cm2", region=None, result=NotMeasured(reason="scale unknown", remedy="add a ruler")
    )
    answers = (
        CheckAnswer(photos=(checked,), against="reference.jpg"),
        AlignAnswer(registration=dossier.registrations[2], pictures=("aligned.png",)),
        MeasureAnswer(
            file="a.jpg",
            kind=PhotoKind.GLOBAL,
            view=None,
            scale=None,
            quality=entry.quality,
            measurements=(absent,),
        ),
        AssessAnswer(verdicts=dossier.verdicts, alerts=dossier.alerts, notices=dossier.notices, bands=dossier.bands),
        DoctorAnswer(versions={"python": "3.11"}, capabilities={"pdf": False}),
        ErrorAnswer(what="no such folder", where="case", remedy="give a folder", exit_code=2),
    )
    for answer in answers:
        check(to_document(answer))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda tree: tree.update(extra=1),
        lambda tree: tree.pop("verdicts"),
        lambda tree: tree["verdicts"][0].update(state="fine"),
        lambda tree: tree["measurements"][0].update(reason="both"),
        lambda tree: tree["changes"][0].update(interval95=[0.1]),
        lambda tree: tree["verdicts"][0]["probabilities"].update(luck=0.5),
        lambda tree: tree.update(schema="hairtrack.dossier/2"),
    ],
)
def test_the_dossier_schema_refuses_what_it_does_not_describe(dossier, spoil):
    tree = json.loads(json.dumps(to_document(dossier)))
    spoil(tree)
    with pytest.raises(jsonschema.ValidationError):
        check(tree, "dossier")
