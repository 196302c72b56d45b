import json
import math
from dataclasses import dataclass
from datetime import date

import pytest

from hairtrack.model import (
    Change,
    HairtrackError,
    Measured,
    Measurement,
    NotMeasured,
    Photo,
    PhotoEntry,
    QualityDecision,
    QualityReport,
    RegionName,
)
from hairtrack.report.document import to_document, to_json


def measured(value: float) -> Measured:
    return Measured(value=value, unit="1", std_uncertainty=0.02, interval95=(0.57, 0.65), method="coverage_fraction@1")


def measurement(result: Measured | NotMeasured) -> Measurement:
    return Measurement(
        measurand="coverage_fraction",
        region=RegionName.VERTEX,
        file="a.jpg",
        photo_id="photo-1",
        taken_on=date(2026, 1, 8),
        result=result,
    )


def test_inlined_fields_stand_in_the_parent_and_renamed_fields_bear_their_published_name():
    change = Change(
        measurand="coverage_fraction",
        region=RegionName.VERTEX,
        from_date=date(2026, 1, 8),
        to_date=date(2026, 7, 10),
        difference=0.12,
        interval95=(0.06, 0.18),
        smallest_detectable=0.07,
        beyond_error=True,
        unit="1",
        method="coverage_fraction@1",
    )
    document = to_document(change)
    assert (document["from"], document["to"]) == ("2026-01-08", "2026-07-10")
    assert document["interval95"] == [0.06, 0.18]
    inlined = to_document(measurement(measured(0.61)))
    assert (inlined["value"], inlined["status"], inlined["region"]) == (0.61, "measured", "vertex")
    assert "result" not in inlined


def test_an_absent_number_keeps_its_reason_and_has_no_value():
    document = to_document(measurement(NotMeasured(reason="scale unknown", remedy="put a ruler in the picture")))
    assert document["status"] == "not_measured"
    assert document["reason"] == "scale unknown"
    assert "value" not in document


def test_a_photo_entry_has_the_published_fields():
    entry = PhotoEntry(
        photo=Photo(file="a.jpg", photo_id="photo-1"), quality=QualityReport(decision=QualityDecision.USABLE)
    )
    document = to_document(entry)
    published = {"file", "sha256", "kind", "view", "taken_on", "date_source", "quality", "scale"}
    assert published <= document.keys()
    assert document["quality"]["decision"] == "usable"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_a_broken_contract(value):
    with pytest.raises(HairtrackError, match="not a finite number") as raised:
        to_document(measurement(measured(value)))
    assert raised.value.where == "Measurement.result.value"


def test_floats_keep_six_significant_digits_and_zero_has_no_sign():
    assert to_document(measured(0.123456789))["value"] == 0.123457
    assert str(to_document(measured(-0.0))["value"]) == "0.0"


def test_only_values_of_the_model_are_written():
    @dataclass
    class Odd:
        content: bytes

    with pytest.raises(HairtrackError, match="bytes cannot be written"):
        to_document(Odd(content=b"x"))
    with pytest.raises(HairtrackError, match="no value of the model"):
        to_document({"a": 1})


def test_text_keeps_its_letters_and_ends_with_a_line_end():
    text = to_json(NotMeasured(reason="ölçek bilinmiyor", remedy="cetvel koyun"))
    assert "ölçek bilinmiyor" in text
    assert text.endswith("}\n")
    assert json.loads(text)["remedy"] == "cetvel koyun"
