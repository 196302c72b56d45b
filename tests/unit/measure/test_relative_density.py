from dataclasses import replace
from math import exp

import pytest

from hairtrack.measure.relative_density import relative_hair_density
from hairtrack.model import Measured, NotMeasured


def _cover(value: float, std: float = 0.02) -> Measured:
    return Measured(value=value, unit="1", std_uncertainty=std, interval95=(0.0, 1.0), method="coverage_fraction@1")


def test_twice_the_strands_laid_at_random_read_as_two() -> None:
    ratio = relative_hair_density(_cover(1 - exp(-1.2)), _cover(1 - exp(-0.6)))
    assert isinstance(ratio, Measured)
    assert ratio.value == pytest.approx(2)


def test_the_same_coverage_is_no_change() -> None:
    ratio = relative_hair_density(_cover(0.5), _cover(0.5))
    assert isinstance(ratio, Measured)
    assert ratio.value == pytest.approx(1)
    assert ratio.interval95[0] < 1 < ratio.interval95[1]


def test_near_full_cover_the_same_error_of_coverage_says_less() -> None:
    middle, full = (relative_hair_density(_cover(c), _cover(c)) for c in (0.5, 0.93))
    assert isinstance(middle, Measured)
    assert isinstance(full, Measured)
    assert full.std_uncertainty > 1.5 * middle.std_uncertainty


@pytest.mark.parametrize("pair", [(0.5, 0.01), (0.98, 0.5), (0.5, 0.99)])
def test_bare_or_fully_covered_is_not_measured(pair: tuple[float, float]) -> None:
    assert isinstance(relative_hair_density(_cover(pair[0]), _cover(pair[1])), NotMeasured)


def test_two_methods_are_not_compared() -> None:
    assert isinstance(
        relative_hair_density(replace(_cover(0.5), method="coverage_fraction@2"), _cover(0.5)), NotMeasured
    )
