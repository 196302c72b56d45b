from datetime import date

import pytest

from hairtrack.course import changes, observations_of
from hairtrack.knowledge import load
from hairtrack.model import ErrorSource, Measured, Measurement, RegionName


def measured(month: int, *flags: str) -> Measurement:
    day = date(2025, month, 10)
    result = Measured(
        value=0.5, unit="1", std_uncertainty=0.155, interval95=(0.2, 0.8), method="coverage_fraction@1", flags=flags,
        error_sources=(
            ErrorSource(name="segmentation", std_uncertainty=0.15), ErrorSource(name="sampling", std_uncertainty=0.039)
        ),
    )  # fmt: skip
    return Measurement(
        measurand="coverage_fraction", region=RegionName.VERTEX, file="a.jpg", photo_id=f"photo-{month}",
        taken_on=day, result=result,
    )  # fmt: skip


def test_what_all_photos_of_a_head_mistake_alike_is_no_error_of_its_course():
    (seen,) = observations_of([measured(1)], ())
    assert seen.std_uncertainty == pytest.approx((0.039**2 + (0.3 * 0.15) ** 2) ** 0.5, abs=1e-3)


def test_where_hair_and_skin_are_hardly_told_apart_nothing_is_shared():
    (seen,) = observations_of([measured(1, "low_contrast")], ())
    assert seen.std_uncertainty == 0.155


def test_the_change_that_is_printed_keeps_the_whole_error():
    found = changes([measured(1), measured(6)], knowledge=load())
    assert found[0].smallest_detectable > 0.4
