from dataclasses import replace
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


def test_what_all_photos_of_a_head_mistake_alike_cancels_in_a_change():
    (found,) = changes([measured(1), measured(6)], knowledge=load())
    one = (0.039**2 + (0.3 * 0.15) ** 2) ** 0.5
    assert found.smallest_detectable == pytest.approx(1.96 * 2**0.5 * one, abs=1e-3)


@pytest.mark.parametrize("later", [0.2, 0.45, 0.55, 0.9])
def test_the_interval_of_a_change_reaches_as_far_as_the_whole_change_and_excludes_zero_beyond_error(later: float):
    first, last = measured(1), measured(6)
    (found,) = changes([first, replace(last, result=replace(last.result, value=later))], knowledge=load())
    low, high = found.interval95
    assert (
        low <= min(found.difference, found.difference / 0.65) <= max(found.difference, found.difference / 0.65) <= high
    )
    assert found.beyond_error == (low > 0 or high < 0)
