import numpy as np
import pytest

from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.measure.coverage import measure_coverage, sampling_std
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured

SETTINGS = MeasureSettings()
EVERYWHERE = np.ones((60, 80), np.bool_)
NOWHERE = np.zeros((60, 80), np.bool_)


def _measure(
    opacity: FractionMap,
    region: Mask = EVERYWHERE,
    *,
    head: Mask = EVERYWHERE,
    excluded: Mask = NOWHERE,
    doubt: float = 0.03,
    **more: float,
) -> Measured | NotMeasured:
    return measure_coverage(
        opacity,
        region,
        head_mask=head,
        excluded=excluded,
        doubt=np.full(opacity.shape, doubt, np.float32),
        settings=SETTINGS,
        **more,
    )


def _left_half_covered() -> FractionMap:
    opacity = np.zeros((60, 80), np.float32)
    opacity[:, :40] = 1
    return opacity


def test_coverage_is_the_mean_opacity_of_the_region():
    cover = _measure(_left_half_covered())
    assert isinstance(cover, Measured)
    assert cover.value == pytest.approx(0.5)
    assert cover.unit == "1"
    assert cover.method == "coverage_fraction@1"


def test_what_lies_off_the_head_or_under_glare_does_not_count():
    glare = NOWHERE.copy()
    glare[:, :20] = True
    head = EVERYWHERE.copy()
    head[:, 60:] = False
    cover = _measure(_left_half_covered(), head=head, excluded=glare)
    assert isinstance(cover, Measured)
    assert cover.value == pytest.approx(0.5)  # columns 20-59, of which 20-39 are covered
    assert cover.area_seen_fraction == pytest.approx(0.5)
    assert "partly_seen" in cover.flags


def test_the_interval_stays_within_0_and_1():
    bare, full = (_measure(np.full((60, 80), value, np.float32)) for value in (0.0, 1.0))
    assert isinstance(bare, Measured)
    assert isinstance(full, Measured)
    assert bare.interval95[0] == 0.0
    assert full.interval95[1] == 1.0
    assert bare.interval95[1] > 0.0


def test_the_error_is_the_root_of_the_squares_of_its_sources():
    cover = _measure(_left_half_covered(), position_std_px=3.0)
    assert isinstance(cover, Measured)
    assert {source.name for source in cover.error_sources} == {
        "segmentation",
        "sampling",
        "region_position",
        "illumination",
    }
    assert cover.std_uncertainty == pytest.approx(np.sqrt(sum(s.std_uncertainty**2 for s in cover.error_sources)))


def test_a_region_that_moves_over_an_edge_of_hair_is_less_sure():
    region = NOWHERE.copy()
    region[10:50, 20:60] = True
    moved = _measure(_left_half_covered(), region, position_std_px=4.0)
    assert isinstance(moved, Measured)
    by_name = {source.name: source.std_uncertainty for source in moved.error_sources}
    assert by_name["region_position"] == pytest.approx(4 / 40)


def test_too_little_seen_is_not_measured():
    head = NOWHERE.copy()
    head[:, :20] = True
    absent = _measure(_left_half_covered(), head=head)
    assert isinstance(absent, NotMeasured)
    assert absent.reason == "too little of the region is seen"
    assert isinstance(_measure(_left_half_covered(), region_seen_fraction=0.3), NotMeasured)
    assert isinstance(_measure(_left_half_covered(), NOWHERE), NotMeasured)


def test_too_much_glare_is_not_measured_and_says_how_to_retake():
    glare = NOWHERE.copy()
    glare[:, :50] = True
    absent = _measure(_left_half_covered(), excluded=glare)
    assert isinstance(absent, NotMeasured)
    assert "glare_on_scalp" in absent.flags
    assert "lamp" in absent.remedy


def test_hair_like_its_skin_is_flagged_then_refused():
    sure, unsure = (
        _measure(_left_half_covered()),
        _measure(_left_half_covered(), doubt=1.1 * SETTINGS.limiting_doubt),
    )
    assert isinstance(sure, Measured)
    assert isinstance(unsure, Measured)
    assert "low_contrast" in unsure.flags
    assert unsure.std_uncertainty > sure.std_uncertainty
    assert isinstance(_measure(_left_half_covered(), doubt=1.1 * SETTINGS.most_doubt), NotMeasured)


def test_a_slow_slope_is_no_sampling_error_but_tufts_are():
    slope = np.broadcast_to(np.linspace(0, 1, 80, dtype=np.float32), (60, 80))
    tufts = np.random.default_rng(1).random((10, 14)).round().astype(np.float32).repeat(6, 0).repeat(6, 1)[:60, :80]
    assert sampling_std(slope, EVERYWHERE) < 0.2 * sampling_std(tufts, EVERYWHERE)


def test_the_sampling_error_of_tufts_is_right():
    """The claimed error is that of the mean over many draws of a scalp with independent tufts."""
    rng = np.random.default_rng(3)
    draws = [(rng.random((10, 10)) < 0.5).astype(np.float32).repeat(6, 0).repeat(6, 1) for _ in range(300)]
    whole = np.ones((60, 60), np.bool_)
    claimed = np.mean([sampling_std(draw, whole) for draw in draws])
    assert claimed == pytest.approx(np.std([draw.mean() for draw in draws]), rel=0.15)
