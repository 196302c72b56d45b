"""The growing share of hairs, from lengths on two dates that are known."""

from dataclasses import replace

import pytest

from hairtrack.measure.anagen import SpotOnDate, measure_anagen
from hairtrack.model import (
    Hair,
    HairKind,
    HairMatch,
    Measured,
    NotMeasured,
    PixelScale,
    Registration,
    RegistrationStatus,
    Tier,
)

PX_PER_MM = 100.0
SCALE = PixelScale(px_per_mm=PX_PER_MM, std_uncertainty_px_per_mm=1.0, method="given")


def hair(length_mm):
    ends = ((10.0, 10.0), (10.0 + length_mm * PX_PER_MM, 10.0))
    return Hair(
        root_xy=ends[0],
        tip_xy=ends[1],
        centre_line_xy=ends,
        diameter_px=6.0,
        diameter_um=60.0,
        kind=HairKind.TERMINAL,
        unit=0,
        confidence=1.0,
    )


def matched(count):
    return HairMatch(
        status=RegistrationStatus.ACCEPTED,
        reason=None,
        pairs=tuple((i, i) for i in range(count)),
        lost=(),
        gained=(),
        thinned=(),
        registration=Registration(
            reference="a.jpg", moving="b.jpg", status=RegistrationStatus.ACCEPTED, tier=Tier.SCALP
        ),
        count_change=None,
    )


def spot(lengths_mm):
    return SpotOnDate(hairs=tuple(map(hair, lengths_mm)), scale=SCALE)


SHORT = [0.7] * 40
AFTER = [0.7 + 0.35 * 3] * 34 + [0.72] * 6


def test_thirty_four_of_forty_hairs_grew():
    share = measure_anagen(matched(40), spot(SHORT), spot(AFTER), days=3)
    assert isinstance(share, Measured)
    assert share.value == pytest.approx(0.85)
    low, high = share.interval95
    assert 0.7 < low < 0.85 < high < 0.95


def test_another_magnification_on_the_second_date_changes_nothing():
    half = PixelScale(px_per_mm=50.0, std_uncertainty_px_per_mm=1.0, method="given")
    later = replace(spot([length / 2 for length in AFTER]), scale=half)
    share = measure_anagen(matched(40), spot(SHORT), later, days=3)
    assert isinstance(share, Measured)
    assert share.value == pytest.approx(0.85)


@pytest.mark.parametrize(
    ("count", "after", "days", "word"),
    [
        (40, AFTER, 30, "30"),
        (40, AFTER, 1, "days"),
        (10, AFTER, 3, "10 hairs"),
        (40, SHORT, 3, "no growth"),
        (40, [0.95] * 40, 2, "no growth"),
    ],
)
def test_growth_that_cannot_be_seen_is_not_measured(count, after, days, word):
    share = measure_anagen(matched(count), spot(SHORT), spot(after), days=days)
    assert isinstance(share, NotMeasured)
    assert word in share.reason
    assert share.remedy


def test_a_refused_match_and_an_unknown_scale_are_not_measured():
    refused = replace(matched(0), status=RegistrationStatus.REFUSED, reason="another spot")
    assert isinstance(measure_anagen(refused, spot(SHORT), spot(AFTER), days=3), NotMeasured)
    unknown = replace(spot(AFTER), scale=None)
    assert isinstance(measure_anagen(matched(40), spot(SHORT), unknown, days=3), NotMeasured)
