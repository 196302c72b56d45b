"""The names, commands and fields that others build on are there, and mean what they did."""

import re
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import hairtrack
from hairtrack import model

COMMANDS = ("report", "check", "align", "measure", "assess", "demo", "doctor")
NAMES = {
    "analyse",
    "assess",
    "coverage",
    "hair_mask",
    "head_mask",
    "load_photo",
    "match_hairs",
    "read_closeup",
    "register",
}
WORDS = {
    "phase": "not_started healing expected_shedding dormant regrowth maturation settled between_sessions unknown",
    "state": "too_early expected_shedding on_course behind delayed below_target poor_growth_probable failure "
    "donor_as_planned donor_effluvium donor_over_extraction direction_fault native_progression "
    "temporary_diffuse_shedding response stable no_measurable_response artefact insufficient_evidence",
    "region": "frontal_hairline frontal midscalp vertex temple_left temple_right "
    "parietal_left parietal_right occipital",
    "treatment": "fue fut dhi mesotherapy prp cell_therapy minoxidil finasteride dutasteride",
    "note": "redness swelling bruising itching rash pain pus crust fever black_patch illness new_medicine childbirth",
    "view": "top vertex front left right back closeup",
    "tier": "scalp head landmarks none",
}
ENUMS = {
    "phase": model.Phase,
    "state": model.State,
    "region": model.RegionName,
    "treatment": model.TreatmentKind,
    "note": model.NoteKind,
    "view": model.View,
    "tier": model.Tier,
}
UNITS = ("_px", "_mm", "_um", "_cm2", "_deg", "_d", "_months", "_fraction", "_xy", "_per_mm")


def test_every_public_name_can_be_called() -> None:
    assert set(hairtrack.__all__) >= NAMES
    assert all(callable(getattr(hairtrack, name)) for name in NAMES)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="guess"):
        hairtrack.guess  # noqa: B018 the look-up is the test


@pytest.mark.parametrize("vocabulary", sorted(WORDS))
def test_every_published_word_keeps_its_spelling(vocabulary: str) -> None:
    assert set(WORDS[vocabulary].split()) <= {word.value for word in ENUMS[vocabulary]}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_the_common_options(command: str) -> None:
    code = f"from hairtrack.cli.main import exit_code; raise SystemExit(exit_code(['{command}', '--help']))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"Example: hairtrack {command}" in answer.stdout
    assert "--json" in answer.stdout
    assert "--quiet" in answer.stdout


def test_every_command_is_in_the_readme(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert all(f"hairtrack {command}" in readme for command in COMMANDS)


def test_values_of_the_model_are_frozen_slotted_and_named_by_keyword() -> None:
    values = [getattr(model, name) for name in model.__all__ if is_dataclass(getattr(model, name))]
    assert values
    for value in values:
        assert value.__dataclass_params__.frozen, value
        assert all(entry.kw_only for entry in fields(value)), value
        assert hasattr(value, "__slots__"), value


def test_numbers_with_a_dimension_say_their_unit() -> None:
    suspicious = re.compile(r"(length|width|height|distance|error|area|diameter|size)$")
    for name in model.__all__:
        value = getattr(model, name)
        if is_dataclass(value):
            bare = [
                f.name
                for f in fields(value)
                if f.type is not bool and suspicious.search(f.name) and not f.name.endswith(UNITS)
            ]
            assert not bare, f"{name}: {bare} need a unit"
