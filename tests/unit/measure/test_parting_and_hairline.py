import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.measure.hairline import measure_hairline
from hairtrack.measure.parting import find_parting, measure_part_width
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured, PixelScale

SETTINGS = MeasureSettings()
SHAPE = (300, 300)
NOWHERE = np.zeros(SHAPE, np.bool_)
SCALE = PixelScale(px_per_mm=1.5, std_uncertainty_px_per_mm=0.03, method="given")


def _head() -> Mask:
    head = np.zeros(SHAPE, np.uint8)
    cv2.circle(head, (150, 150), 130, 1, -1)
    return head.astype(np.bool_)


def _parted(width: int, *, hidden: float = 0.95, combed: tuple[int, int] = (30, 4)) -> tuple[Rgb8Image, FractionMap]:
    picture = np.full((*SHAPE, 3), (50, 40, 30), np.uint8)
    for x, y in np.random.default_rng(6).integers(0, 300, (1200, 2)).tolist():
        cv2.line(picture, (x, y), (x + combed[0], y + combed[1]), (100, 82, 62), 1)
    opacity = np.full(SHAPE, hidden, np.float32)
    if width:
        cv2.line(picture, (150, 60), (160, 240), (210, 170, 150), width)
        cv2.line(opacity, (150, 60), (160, 240), 0.1, width)
    noise = np.random.default_rng(5).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8), np.where(_head(), opacity, np.float32(0))


def _true_width(width: int) -> float:
    """Return how wide a line is that was drawn with a width: its pixels by its length."""
    line = np.zeros(SHAPE, np.uint8)
    cv2.line(line, (150, 60), (160, 240), 1, width)
    return float(line[100:200].sum() / np.hypot(100, 100 * 10 / 180))


def _width(picture: Rgb8Image, opacity: FractionMap, **given: object) -> Measured | NotMeasured:
    scale = given.pop("scale", SCALE)
    assert scale is None or isinstance(scale, PixelScale)
    length = given.pop("hair_length_mm", None)
    assert length is None or isinstance(length, float)
    return measure_part_width(
        picture,
        opacity,
        head_mask=_head(),
        excluded=NOWHERE,
        scale=scale,
        hair_length_mm=length,
        settings=SETTINGS,
    )


@pytest.mark.parametrize("width", [5, 9, 13])
def test_the_width_of_a_parting_is_told_in_mm(width: int) -> None:
    told = _width(*_parted(width))
    assert isinstance(told, Measured)
    assert told.unit == "mm"
    assert told.value == pytest.approx(_true_width(width) / 1.5, abs=0.7)


def test_a_parting_takes_its_own_share_of_the_regions_that_it_crosses() -> None:
    picture, opacity = _parted(9)
    parting = find_parting(picture, opacity, head_mask=_head(), excluded=NOWHERE)
    assert parting is not None
    crossed, beside = NOWHERE.copy(), NOWHERE.copy()
    crossed[110:190, 100:200], beside[110:190, 20:100] = True, True
    assert parting.taken_from(crossed) == pytest.approx(0.85 * _true_width(9) / 100, abs=0.02)
    assert parting.taken_from(beside) == 0


def test_without_a_scale_the_width_is_told_in_head_widths() -> None:
    told = _width(*_parted(9), scale=None)
    assert isinstance(told, Measured)
    assert told.unit == "{head_width}"
    assert told.value == pytest.approx(_true_width(9) / 260, abs=0.004)


def test_a_turned_photo_has_the_same_parting() -> None:
    picture, opacity = _parted(9)
    upright = _width(picture, opacity)
    turned = _width(np.ascontiguousarray(np.rot90(picture)), np.ascontiguousarray(np.rot90(opacity)))
    assert isinstance(upright, Measured)
    assert isinstance(turned, Measured)
    assert turned.value == pytest.approx(upright.value, abs=0.3)


def test_no_parting_no_number() -> None:
    assert isinstance(_width(*_parted(0)), NotMeasured)
    assert isinstance(_width(*_parted(9, hidden=0.3)), NotMeasured)
    assert isinstance(_width(*_parted(9), hair_length_mm=10.0), NotMeasured)


def test_a_gap_along_which_hair_lies_is_no_parting() -> None:
    assert isinstance(_width(*_parted(9, combed=(2, 30))), NotMeasured)


def _front() -> FractionMap:
    """Return a head of which the lower part, the forehead, is bare: hair begins 100 px above the brow."""
    opacity = np.where(_head(), np.float32(0.9), np.float32(0))
    opacity[180:] = 0
    return opacity


def test_the_hairline_is_found_above_the_brow() -> None:
    told = measure_hairline(_front(), head_mask=_head(), brow_xy=(150.0, 280.0), scale=SCALE, settings=SETTINGS)
    assert isinstance(told, Measured)
    assert told.value == pytest.approx(100 / 1.5, abs=2)


def test_a_marked_hairline_is_taken() -> None:
    told = measure_hairline(
        _front(), head_mask=_head(), brow_xy=(150.0, 280.0), hairline_xy=(150.0, 150.0), scale=None, settings=SETTINGS
    )
    assert isinstance(told, Measured)
    assert told.value == pytest.approx(130 / 260, abs=0.01)
    assert told.unit == "{head_width}"


def test_no_brow_no_hairline() -> None:
    absent = measure_hairline(_front(), head_mask=_head(), brow_xy=None, scale=SCALE, settings=SETTINGS)
    assert isinstance(absent, NotMeasured)
    assert "brow_middle" in absent.remedy


def test_a_fringe_hides_the_hairline() -> None:
    absent = measure_hairline(
        _front(), head_mask=_head(), brow_xy=(150.0, 280.0), scale=SCALE, hair_length_mm=60.0, settings=SETTINGS
    )
    assert isinstance(absent, NotMeasured)


def test_a_bald_front_has_no_hairline_to_see() -> None:
    absent = measure_hairline(
        np.zeros(SHAPE, np.float32), head_mask=_head(), brow_xy=(150.0, 280.0), scale=SCALE, settings=SETTINGS
    )
    assert isinstance(absent, NotMeasured)
