import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.measure.orientation import measure_orientation_coherence
from hairtrack.measure.redness import measure_redness
from hairtrack.model import Measured, NotMeasured

SHAPE = (120, 120)
EVERYWHERE = np.ones(SHAPE, np.bool_)
NOWHERE = np.zeros(SHAPE, np.bool_)
BARE = np.zeros(SHAPE, np.float32)
HAIRY = np.ones(SHAPE, np.float32)


def _middle() -> Mask:
    region = NOWHERE.copy()
    region[40:80, 40:80] = True
    return region


def _scalp(red: float = 0) -> Rgb8Image:
    skin = np.full((*SHAPE, 3), (200.0, 160.0, 140.0))
    skin += np.random.default_rng(1).normal(0, 2, skin.shape)
    skin[_middle()] += np.array([red, -red, -red / 2])
    return np.clip(skin, 0, 255).astype(np.uint8)


def test_a_red_region_reads_redder_and_an_even_scalp_does_not() -> None:
    red, even = (measure_redness(_scalp(r), BARE, _middle(), head_mask=EVERYWHERE, excluded=NOWHERE) for r in (20, 0))
    assert isinstance(red, Measured)
    assert isinstance(even, Measured)
    assert red.interval95[0] > 0.05
    assert even.interval95[0] < 0 < even.interval95[1]


def test_redness_under_hair_is_not_measured() -> None:
    absent = measure_redness(_scalp(20), HAIRY, _middle(), head_mask=EVERYWHERE, excluded=NOWHERE)
    assert isinstance(absent, NotMeasured)


def _strands(spread_deg: float) -> Rgb8Image:
    rng = np.random.default_rng(2)
    picture = np.full((*SHAPE, 3), 190, np.uint8)
    for x, y in rng.uniform(0, 120, (900, 2)):
        turn = np.radians(30 + rng.uniform(-spread_deg, spread_deg))
        end = np.array([x, y]) + 14 * np.array([np.cos(turn), np.sin(turn)])
        cv2.line(picture, (int(x), int(y)), end.astype(int).tolist(), (50, 40, 30), 1, cv2.LINE_AA)
    return picture


def test_hair_that_lies_alike_is_coherent() -> None:
    alike, tangled = (
        measure_orientation_coherence(_strands(s), HAIRY, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE)
        for s in (5, 90)
    )
    assert isinstance(alike, Measured)
    assert isinstance(tangled, Measured)
    assert alike.value > 0.8
    assert tangled.value < 0.4


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_coherence_turns_with_the_photo(turns: int) -> None:
    upright, turned = (
        measure_orientation_coherence(
            np.ascontiguousarray(np.rot90(_strands(20), k)), HAIRY, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE
        )
        for k in (0, turns)
    )
    assert isinstance(upright, Measured)
    assert isinstance(turned, Measured)
    assert upright.value == pytest.approx(turned.value, abs=1e-4)


def test_coherence_of_bare_scalp_is_not_measured() -> None:
    absent = measure_orientation_coherence(_scalp(), BARE, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE)
    assert isinstance(absent, NotMeasured)
