"""The growing share of hairs is asked of close-ups a few days apart, and of no others."""

from datetime import date, timedelta

import pytest

from hairtrack.model import (
    CloseupReading,
    Hair,
    HairKind,
    HairMatch,
    HairMatchEntry,
    Measured,
    Photo,
    PhotoKind,
    PixelScale,
    QualityDecision,
    QualityReport,
    RegionName,
    Registration,
    RegistrationStatus,
    Tier,
)
from hairtrack.pipeline.hair_pairs import growth_measurements
from hairtrack.pipeline.look import Look

FIRST = date(2026, 1, 8)
COUNT = 30


def look(day: date, length_px: float) -> Look:
    hair = Hair(
        root_xy=(10.0, 10.0),
        tip_xy=(10.0 + length_px, 10.0),
        centre_line_xy=((10.0, 10.0), (10.0 + length_px, 10.0)),
        diameter_px=6.0,
        diameter_um=60.0,
        kind=HairKind.TERMINAL,
        unit=0,
        confidence=1.0,
    )
    scale = PixelScale(px_per_mm=100.0, std_uncertainty_px_per_mm=1.0, method="given")
    reading = CloseupReading(
        hairs=(hair,) * COUNT,
        units=(),
        measurements={},
        scale=scale,
        area_seen_px=1e4,
        width_px=400,
        height_px=400,
    )
    name = f"{day}.jpg"
    photo = Photo(file=name, photo_id=name, kind=PhotoKind.CLOSEUP, region=RegionName.VERTEX, taken_on=day, scale=scale)
    return Look(photo=photo, quality=QualityReport(decision=QualityDecision.USABLE), reading=reading)


def matched(reference: Look, moving: Look) -> HairMatchEntry:
    files = reference.photo.file, moving.photo.file
    match = HairMatch(
        status=RegistrationStatus.ACCEPTED,
        reason=None,
        pairs=tuple((i, i) for i in range(COUNT)),
        lost=(),
        gained=(),
        thinned=(),
        registration=Registration(
            reference=files[0], moving=files[1], status=RegistrationStatus.ACCEPTED, tier=Tier.SCALP
        ),
        count_change=None,
    )
    return HairMatchEntry(reference=files[0], moving=files[1], match=match)


def test_hair_that_all_grew_in_three_days_is_all_in_anagen():
    looks = look(FIRST, 60.0), look(FIRST + timedelta(days=3), 165.0)
    (told,) = growth_measurements(looks, [matched(*looks)])
    assert (told.measurand, told.region, told.file) == ("anagen_fraction", RegionName.VERTEX, looks[1].photo.file)
    assert isinstance(told.result, Measured)
    assert told.result.value == pytest.approx(1.0)


@pytest.mark.parametrize("days", [1, 4, 90])
def test_close_ups_that_were_not_taken_for_growth_are_not_asked(days):
    looks = look(FIRST, 60.0), look(FIRST + timedelta(days=days), 165.0)
    assert growth_measurements(looks, [matched(*looks)]) == ()
