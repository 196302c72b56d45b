import cv2
import numpy as np

from hairtrack.imaging.types import FractionMap
from hairtrack.measure.patchiness import measure_patchiness
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured

SHAPE = (320, 320)
EVERYWHERE = np.ones(SHAPE, np.bool_)
NOWHERE = np.zeros(SHAPE, np.bool_)


def _strands(*, patches: int = 0, slope: float = 0.0) -> FractionMap:
    rng = np.random.default_rng(4)
    hidden = np.zeros(SHAPE, np.uint8)
    middles = rng.uniform(30, 290, (patches, 2))
    for x, y in rng.uniform(0, 320, (9000, 2)):
        bare = patches and (np.hypot(*(middles - [x, y]).T) < 16).any()
        if bare or rng.random() < slope * x / 320:
            continue
        cv2.line(hidden, (int(x), int(y)), (int(x) + 6, int(y) + 3), 1, 1)
    return hidden.astype(np.float32)


def _patchiness(opacity: FractionMap) -> Measured | NotMeasured:
    return measure_patchiness(opacity, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE, settings=MeasureSettings())


def test_hairs_by_chance_are_even_and_patches_are_not() -> None:
    even, patchy = _patchiness(_strands()), _patchiness(_strands(patches=20))
    assert isinstance(even, Measured)
    assert isinstance(patchy, Measured)
    assert even.value < 0.08
    assert patchy.interval95[0] > even.value
    assert patchy.value > 0.2


def test_hair_that_thins_towards_one_side_is_not_patchy() -> None:
    sloping = _patchiness(_strands(slope=0.7))
    assert isinstance(sloping, Measured)
    assert sloping.value < 0.12


def test_a_bare_region_is_not_measured() -> None:
    assert isinstance(_patchiness(np.zeros(SHAPE, np.float32)), NotMeasured)
