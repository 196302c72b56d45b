from dataclasses import replace
from math import exp

import numpy as np
import pytest

from hairtrack.measure.relative_density import length_ratio_of, not_comparable, relative_hair_density
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


@pytest.mark.parametrize(("depth", "times"), [(0.5, 1.3), (1.5, 0.8)])
def test_the_interval_holds_the_true_ratio_19_times_of_20(depth: float, times: float) -> None:
    rng = np.random.default_rng(6)
    held = []
    for first, second in rng.normal([1 - exp(-depth), 1 - exp(-depth * times)], 0.03, (2000, 2)):
        ratio = relative_hair_density(_cover(float(second), 0.03), _cover(float(first), 0.03))
        assert isinstance(ratio, Measured)
        held.append(ratio.interval95[0] <= times <= ratio.interval95[1])
    assert 0.93 <= np.mean(held) <= 0.97


def test_the_same_hairs_cut_shorter_are_no_loss_through_the_link() -> None:
    cut = 0.6
    before, now = _cover(1 - exp(-0.8)), _cover(1 - exp(-0.8 * cut**0.6))
    unlinked, linked = (relative_hair_density(now, before, length_ratio=ratio) for ratio in (1.0, cut))
    assert isinstance(unlinked, Measured)
    assert isinstance(linked, Measured)
    assert unlinked.interval95[1] < 1
    assert linked.value == pytest.approx(1)
    assert linked.std_uncertainty > unlinked.std_uncertainty
    assert "hair_length" in {source.name for source in linked.error_sources}


def test_lengths_are_told_against_the_first() -> None:
    assert length_ratio_of(20.0, 10.0) == pytest.approx(0.5)
    assert length_ratio_of(None, 10.0) is None
    assert length_ratio_of(0.0, 0.0) == pytest.approx(1)


def test_an_interval_that_reaches_full_cover_is_refused() -> None:
    assert isinstance(relative_hair_density(_cover(0.93, 0.05), _cover(0.9, 0.05)), NotMeasured)


@pytest.mark.parametrize(
    ("lengths", "wet", "comparable"),
    [
        ((20.0, 22.0), (None, False), True),
        ((20.0, 40.0), (False, False), False),
        ((20.0, None), (False, False), False),
        ((20.0, 20.0), (False, True), False),
    ],
)
def test_hair_is_compared_with_its_like_alone(
    lengths: tuple[float | None, float | None],
    wet: tuple[bool | None, bool | None],
    comparable: bool,  # noqa: FBT001 given by the table above
) -> None:
    assert (not_comparable(lengths_mm=lengths, wet=wet) is None) is comparable
