from dataclasses import fields

from hairtrack.measure.closeup import CLOSEUP_MEASURANDS
from hairtrack.measure.registry import REGISTRY, MeasurandDefinition

UNIT_ENDINGS = {"_per_cm2": "/cm2", "_mm": "mm", "_um": "um", "_deg": "deg", "_fraction": "1", "_index": "1"}


def test_every_measurand_says_all_about_itself():
    for name, definition in REGISTRY.items():
        assert definition.name == name
        for field in fields(MeasurandDefinition):
            value = getattr(definition, field.name)
            assert value or field.name == "measured_by_us", f"{name} says nothing about {field.name}"


def test_units_agree_with_the_end_of_the_name():
    for name, definition in REGISTRY.items():
        for ending, unit in UNIT_ENDINGS.items():
            if name.endswith(ending):
                assert definition.unit.endswith(unit), name


def test_what_close_ups_give_is_registered():
    assert set(CLOSEUP_MEASURANDS) <= set(REGISTRY)
