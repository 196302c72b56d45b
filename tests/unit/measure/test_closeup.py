"""Numbers of a close-up against hand-computed ones, their errors, and their absence without scale."""

import numpy as np
import pytest

from hairtrack.measure.closeup import CLOSEUP_MEASURANDS, CloseupMeasureSettings, measure_closeup
from hairtrack.model import FollicularUnit, Hair, HairKind, Measured, NotMeasured, PixelScale

SETTINGS = CloseupMeasureSettings(guard_mm=0.0, smallest_frame_mm2=1.0, missed_fraction=0.0)
SCALE = PixelScale(px_per_mm=100.0, std_uncertainty_px_per_mm=1.0, method="given")
SEEN = np.ones((400, 500), np.bool_)


def hair(x, y, *, diameter_um=60.0, unit=0):
    return Hair(
        root_xy=(x, y),
        tip_xy=(x + 30, y + 30),
        centre_line_xy=((x, y), (x + 30, y + 30)),
        diameter_px=diameter_um / 10,
        diameter_um=diameter_um,
        kind=HairKind.TERMINAL if diameter_um >= 30 else HairKind.VELLUS,
        unit=unit,
        confidence=1.0,
    )


HAIRS = (hair(50, 50), hair(56, 50), hair(200, 200, diameter_um=20, unit=1), hair(300, 100, unit=2))
UNITS = (
    FollicularUnit(centre_xy=(53.0, 50.0), hair_indices=(0, 1)),
    FollicularUnit(centre_xy=(200.0, 200.0), hair_indices=(2,)),
    FollicularUnit(centre_xy=(300.0, 100.0), hair_indices=(3,)),
)


def measure(hairs=HAIRS, units=UNITS, *, scale=SCALE, seen=SEEN, hair_mask=None, refusal=None, settings=SETTINGS):
    mask = np.zeros_like(seen) if hair_mask is None else hair_mask
    return measure_closeup(hairs, units, scale=scale, seen=seen, hair=mask, refusal=refusal, settings=settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hair_density_per_cm2", 4 / 20 * 100),
        ("follicular_unit_density_per_cm2", 3 / 20 * 100),
        ("hairs_per_follicular_unit", 4 / 3),
        ("terminal_to_vellus_ratio", 3.0),
        ("shaft_diameter_mean_um", 50.0),
        ("cumulative_hair_thickness_mm_per_cm2", 0.2 / 20 * 100),
    ],
)
def test_numbers_are_those_computed_by_hand(name, value):
    result = measure()[name]
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(value)
    assert result.interval95[0] <= value <= result.interval95[1]
    parts = sum(source.std_uncertainty**2 for source in result.error_sources)
    assert result.std_uncertainty == pytest.approx(parts**0.5)


def test_a_tenth_of_missed_hairs_is_made_up_for():
    calibrated = CloseupMeasureSettings(guard_mm=0.0, smallest_frame_mm2=1.0, missed_fraction=0.1)
    result = measure(settings=calibrated)["hair_density_per_cm2"]
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(4 / 20 * 100 / 0.9)
    assert result.method == "hair_density_per_cm2@3"


def test_twice_the_scale_is_four_times_the_density():
    double = PixelScale(px_per_mm=200.0, std_uncertainty_px_per_mm=2.0, method="given")
    single, doubled = measure()["hair_density_per_cm2"], measure(scale=double)["hair_density_per_cm2"]
    assert isinstance(single, Measured)
    assert isinstance(doubled, Measured)
    assert doubled.value == pytest.approx(4 * single.value)


def test_skin_that_cannot_be_seen_is_no_area():
    seen = SEEN.copy()
    seen[:, 400:] = False
    result = measure(seen=seen)["hair_density_per_cm2"]
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(4 / 16 * 100)
    assert result.area_seen_fraction == pytest.approx(0.8)


def test_a_root_outside_the_counting_frame_is_not_counted():
    guarded = CloseupMeasureSettings(guard_mm=0.52, smallest_frame_mm2=1.0, missed_fraction=0.0)
    result = measure(settings=guarded)["hair_density_per_cm2"]
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(2 / (2.96 * 3.96) * 100)


def test_coverage_is_the_share_of_seen_pixels_with_hair():
    mask = np.zeros_like(SEEN)
    mask[:100] = True
    result = measure(hair_mask=mask)["coverage_fraction"]
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(0.25)


def test_without_scale_every_absolute_number_says_what_to_do():
    results = measure(scale=None)
    for name in CLOSEUP_MEASURANDS:
        relative = name in {"coverage_fraction", "hairs_per_follicular_unit"}
        assert isinstance(results[name], Measured if relative else NotMeasured)
    missing = results["hair_density_per_cm2"]
    assert isinstance(missing, NotMeasured)
    assert missing.reason == "scale unknown"
    assert "px_per_mm" in missing.remedy


def test_no_hair_is_a_density_of_zero_with_an_interval():
    result = measure((), ())["hair_density_per_cm2"]
    assert isinstance(result, Measured)
    assert result.value == 0
    assert result.interval95[1] > 0


def test_a_refused_picture_answers_every_question_with_its_reason():
    refusal = NotMeasured(reason="out of focus", remedy="touch the skin with the lens")
    assert set(measure(refusal=refusal).values()) == {refusal}


def test_too_little_skin_gives_no_density():
    strict = CloseupMeasureSettings(guard_mm=0.0, smallest_frame_mm2=30.0)
    assert isinstance(measure(settings=strict)["hair_density_per_cm2"], NotMeasured)
