import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.whorl import find_whorl
from hairtrack.model import Measured, NotMeasured

SHAPE = (240, 240)
EVERYWHERE = np.ones(SHAPE, np.bool_)
NOWHERE = np.zeros(SHAPE, np.bool_)


def _hair(*whorls: tuple[float, float]) -> Rgb8Image:
    """Return strands that turn about the nearest whorl, or lie side by side without one."""
    rng = np.random.default_rng(3)
    picture = np.full((*SHAPE, 3), 190, np.uint8)
    for x, y in rng.uniform(0, 240, (3500, 2)):
        turn = 0.4
        if whorls:
            away = min((np.array([x, y]) - w for w in np.array(whorls)), key=lambda d: float(np.hypot(*d)))
            turn = np.arctan2(away[1], away[0]) + 0.6
        end = np.array([x, y]) + 9 * np.array([np.cos(turn), np.sin(turn)])
        cv2.line(picture, (int(x), int(y)), end.astype(int).tolist(), (50, 40, 30), 1, cv2.LINE_AA)
    return picture


def _whorl(picture: Rgb8Image, full_per_working: float = 1.0) -> Measured | NotMeasured:
    return find_whorl(
        picture,
        head_mask=EVERYWHERE,
        excluded=NOWHERE,
        full_per_working=full_per_working,
        settings=MeasureSettings(),
    )


@pytest.mark.parametrize("place", [(120.0, 120.0), (90.0, 140.0), (150.0, 80.0)])
def test_the_point_that_hairs_turn_about_is_found(place: tuple[float, float]) -> None:
    found = _whorl(_hair(place))
    assert isinstance(found, Measured)
    assert found.at_xy == pytest.approx(place, abs=6)
    assert found.value == pytest.approx(np.hypot(place[0] - 119.5, place[1] - 119.5) / 270.8, abs=0.03)


def test_the_place_is_told_in_pixels_of_the_full_photo() -> None:
    found = _whorl(_hair((100.0, 120.0)), 3.0)
    assert isinstance(found, Measured)
    assert found.at_xy == pytest.approx((300, 360), abs=20)


def test_a_mirrored_photo_has_its_whorl_at_the_same_distance() -> None:
    picture = _hair((90.0, 140.0))
    one, other = _whorl(picture), _whorl(np.ascontiguousarray(picture[:, ::-1]))
    assert isinstance(one, Measured)
    assert isinstance(other, Measured)
    assert other.value == pytest.approx(one.value, abs=0.01)


def test_straight_hair_has_no_whorl() -> None:
    assert isinstance(_whorl(_hair()), NotMeasured)


def test_of_two_whorls_neither_is_told() -> None:
    found = _whorl(_hair((60.0, 120.0), (180.0, 120.0)))
    assert isinstance(found, NotMeasured)
    assert "several_candidates" in found.flags
