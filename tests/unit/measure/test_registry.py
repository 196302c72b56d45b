from dataclasses import fields

from hairtrack.measure import (
    calibrated_density,
    coverage,
    crusts,
    hairline,
    orientation,
    parting,
    patchiness,
    redness,
    relative_density,
    stubble,
    whorl,
)
from hairtrack.measure.closeup import CLOSEUP_MEASURANDS
from hairtrack.measure.registry import REGISTRY, MeasurandDefinition

UNIT_ENDINGS = {"_per_cm2": "/cm2", "_mm": "mm", "_um": "um", "_deg": "deg", "_fraction": "1", "_index": "1"}


def test_every_measurand_says_all_about_itself():
    for name, definition in REGISTRY.items():
        assert definition.name == name
        for field in fields(MeasurandDefinition):
            assert getattr(definition, field.name), f"{name} says nothing about {field.name}"


def test_units_agree_with_the_end_of_the_name():
    for name, definition in REGISTRY.items():
        for ending, unit in UNIT_ENDINGS.items():
            if name.endswith(ending):
                assert definition.unit.endswith(unit), name


def test_what_close_ups_give_is_registered():
    assert set(CLOSEUP_MEASURANDS) <= set(REGISTRY)


def test_the_method_of_every_measured_number_is_named_in_its_definition():
    named = {
        "orientation_coherence": orientation.COHERENCE_METHOD,
        "shaft_orientation_deg": orientation.DIRECTION_METHOD,
        "redness_index": redness.METHOD,
        "dark_crust_fraction": crusts.METHOD,
        "patchiness": patchiness.METHOD,
        "stubble_texture": stubble.METHOD,
        "whorl_position": whorl.METHOD,
        "part_width_mm": parting.METHOD_MM,
        "hairline_position_mm": hairline.METHOD_MM,
        "relative_hair_density": relative_density.METHOD,
        "coverage_fraction": coverage.METHOD,
    }
    for name, method in named.items():
        assert method in REGISTRY[name].source, name
    for method in (calibrated_density.FROM_COVER, calibrated_density.FROM_STUBBLE):
        assert method in REGISTRY["hair_density_per_cm2"].valid_when
