import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.measure.crusts import measure_dark_crusts
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured

SHAPE = (300, 300)
EVERYWHERE = np.ones(SHAPE, np.bool_)
NOWHERE = np.zeros(SHAPE, np.bool_)
REGION = np.zeros(SHAPE, np.bool_)
REGION[100:200, 100:200] = True


def _scalp(*, spots: int = 0, radius: int = 5, skin: int = 190) -> Rgb8Image:
    picture = np.full((*SHAPE, 3), (skin, int(0.8 * skin), int(0.7 * skin)), np.uint8)
    for number in range(spots):
        centre = (110 + 20 * (number % 5), 110 + 20 * (number // 5))
        cv2.circle(picture, centre, radius, (60, 30, 25), -1)
    return picture


def _crusts(picture: Rgb8Image, hair_length_mm: float | None = 0.5) -> Measured | NotMeasured:
    return measure_dark_crusts(
        picture,
        REGION,
        head_mask=EVERYWHERE,
        excluded=NOWHERE,
        hair_length_mm=hair_length_mm,
        settings=MeasureSettings(),
    )


@pytest.mark.parametrize("spots", [0, 4, 15])
def test_the_share_under_dark_spots_is_told(spots: int) -> None:
    crusts = _crusts(_scalp(spots=spots))
    assert isinstance(crusts, Measured)
    assert crusts.value == pytest.approx(spots * np.pi * 5.3**2 / 1e4, abs=0.012)


def test_crusts_of_few_pixels_keep_their_rim() -> None:
    crusts = _crusts(_scalp(spots=15, radius=2))
    drawn = np.zeros((9, 9), np.uint8)
    cv2.circle(drawn, (4, 4), 2, 1, -1)
    assert isinstance(crusts, Measured)
    assert crusts.value == pytest.approx(15 * int(drawn.sum()) / 1e4, rel=0.05)


def test_thin_dark_lines_are_hair() -> None:
    picture = _scalp()
    for x in range(100, 200, 8):
        cv2.line(picture, (x, 100), (x + 6, 110), (40, 30, 25), 1)
    crusts = _crusts(picture)
    assert isinstance(crusts, Measured)
    assert crusts.value < 0.002


def test_small_crusts_are_not_told_from_strands_of_grown_hair_but_a_broad_patch_is() -> None:
    small, broad = _crusts(_scalp(spots=10, radius=2), 4.0), _crusts(_scalp(spots=1, radius=18), 4.0)
    assert isinstance(small, Measured)
    assert isinstance(broad, Measured)
    assert small.value == 0
    assert broad.value > 0.05
    assert "broad_patches_only" in broad.flags


@pytest.mark.parametrize("length", [None, 12.0])
def test_hair_of_unknown_length_or_long_hair_is_refused(length: float | None) -> None:
    assert isinstance(_crusts(_scalp(spots=4), length), NotMeasured)


def test_very_dark_skin_is_refused() -> None:
    assert isinstance(_crusts(_scalp(skin=60)), NotMeasured)
