import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.measure.orientation import measure_orientation_coherence, measure_shaft_orientation
from hairtrack.measure.redness import measure_redness
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured

SETTINGS = MeasureSettings()
SHAPE = (120, 120)
EVERYWHERE = np.ones(SHAPE, np.bool_)
NOWHERE = np.zeros(SHAPE, np.bool_)
BARE = np.zeros(SHAPE, np.float32)
HAIRY = np.ones(SHAPE, np.float32)


def _middle() -> Mask:
    region = NOWHERE.copy()
    region[40:80, 40:80] = True
    return region


def _scalp(red: float = 0, light: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Rgb8Image:
    """Return skin whose middle lost a share `red` of its green and blue light, under a light of some colour."""
    skin = np.full((*SHAPE, 3), (0.55, 0.33, 0.24)) * light
    skin *= np.random.default_rng(1).normal(1, 0.02, skin.shape)
    skin[_middle()] *= np.array([1, 1 - red, 1 - red])
    return np.round(255 * np.clip(skin, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def _redness(picture: Rgb8Image) -> Measured:
    value = measure_redness(picture, BARE, _middle(), head_mask=EVERYWHERE, excluded=NOWHERE, settings=SETTINGS)
    assert isinstance(value, Measured)
    return value


def test_a_red_region_reads_redder_and_an_even_scalp_does_not() -> None:
    red, even = _redness(_scalp(0.3)), _redness(_scalp())
    assert red.interval95[0] > 0.02
    assert even.interval95[0] < 0 < even.interval95[1]


@pytest.mark.parametrize("light", [(0.5, 0.5, 0.5), (1.0, 0.8, 0.6), (0.7, 0.8, 1.0)])
def test_redness_is_the_same_in_any_light(light: tuple[float, float, float]) -> None:
    assert _redness(_scalp(0.3, light)).value == pytest.approx(_redness(_scalp(0.3)).value, abs=0.005)


def test_redness_under_hair_is_not_measured() -> None:
    absent = measure_redness(_scalp(0.3), HAIRY, _middle(), head_mask=EVERYWHERE, excluded=NOWHERE, settings=SETTINGS)
    assert isinstance(absent, NotMeasured)


def test_redness_needs_untreated_scalp_to_compare_with() -> None:
    absent = measure_redness(
        _scalp(0.3), BARE, _middle(), head_mask=EVERYWHERE, excluded=NOWHERE, compared_with=NOWHERE, settings=SETTINGS
    )
    assert isinstance(absent, NotMeasured)


def _strands(spread_deg: float, direction_deg: float = 30.0) -> Rgb8Image:
    rng = np.random.default_rng(2)
    picture = np.full((*SHAPE, 3), 190, np.uint8)
    for x, y in rng.uniform(0, 120, (900, 2)):
        turn = np.radians(direction_deg + rng.uniform(-spread_deg, spread_deg))
        end = np.array([x, y]) + 14 * np.array([np.cos(turn), np.sin(turn)])
        cv2.line(picture, (int(x), int(y)), end.astype(int).tolist(), (50, 40, 30), 1, cv2.LINE_AA)
    return picture


def _coherence(picture: Rgb8Image) -> Measured:
    value = measure_orientation_coherence(
        picture, HAIRY, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE, settings=SETTINGS
    )
    assert isinstance(value, Measured)
    return value


def _direction(picture: Rgb8Image, turned_deg: float = 0.0) -> Measured | NotMeasured:
    return measure_shaft_orientation(
        picture,
        HAIRY,
        EVERYWHERE,
        head_mask=EVERYWHERE,
        excluded=NOWHERE,
        turned_deg=turned_deg,
        settings=SETTINGS,
    )


def test_hair_that_lies_alike_is_coherent() -> None:
    assert _coherence(_strands(5)).value > 0.8
    assert _coherence(_strands(90)).value < 0.4


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_coherence_turns_with_the_photo(turns: int) -> None:
    turned = _coherence(np.ascontiguousarray(np.rot90(_strands(20), turns)))
    assert turned.value == pytest.approx(_coherence(_strands(20)).value, abs=1e-4)


def test_coherence_of_bare_scalp_is_not_measured() -> None:
    absent = measure_orientation_coherence(
        _scalp(), BARE, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE, settings=SETTINGS
    )
    assert isinstance(absent, NotMeasured)


@pytest.mark.parametrize("direction_deg", [0.0, 30.0, 75.0, 130.0])
def test_the_direction_of_strands_is_read(direction_deg: float) -> None:
    found = _direction(_strands(10, direction_deg))
    assert isinstance(found, Measured)
    off = (found.value - direction_deg + 90) % 180 - 90
    assert abs(off) < 3
    assert 0 <= found.value < 180


def test_a_turned_photo_tells_the_direction_of_its_reference() -> None:
    upright, turned = _direction(_strands(10)), _direction(np.ascontiguousarray(np.rot90(_strands(10))), -90.0)
    assert isinstance(upright, Measured)
    assert isinstance(turned, Measured)
    assert turned.value == pytest.approx(upright.value, abs=0.1)


def test_hair_in_all_directions_has_no_direction() -> None:
    assert isinstance(_direction(_strands(90)), NotMeasured)
