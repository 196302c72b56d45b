import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.measure.calibrated_density import FROM_STUBBLE, carried_density
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.stubble import grain_of_stubble, measure_stubble, stubble_ratio
from hairtrack.model import Measured, NotMeasured

SIDE = 240
EVERYWHERE = np.ones((SIDE, SIDE), np.bool_)
NOWHERE = np.zeros((SIDE, SIDE), np.bool_)


def _shaved(hairs: int, light: float = 1.0) -> Rgb8Image:
    """Return skin of 40 mm with short hairs by chance, 6 px/mm, drawn at twice that."""
    rng = np.random.default_rng(hairs)
    fine = np.full((2 * SIDE, 2 * SIDE, 3), (200, 160, 140), np.uint8)
    for x, y in rng.uniform(0, 2 * SIDE, (hairs, 2)):
        cv2.line(fine, (int(x), int(y)), (int(x) + 8, int(y) + 10), (45, 35, 30), 1, cv2.LINE_AA)
    reduced = cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    lit = (reduced / 255) ** 2.2 * light * np.linspace(0.8, 1.2, SIDE)[None, :, None]
    return np.asarray(np.round(255 * np.clip(lit, 0, 1) ** (1 / 2.2)), np.uint8)


def _texture(picture: Rgb8Image, px_per_mm: float = 6.0) -> Measured | NotMeasured:
    grain = grain_of_stubble(picture, px_per_mm=px_per_mm, shape=(SIDE, SIDE))
    return measure_stubble(grain, EVERYWHERE, head_mask=EVERYWHERE, excluded=NOWHERE, settings=MeasureSettings())


@pytest.mark.parametrize("times", [0.5, 0.75, 1.5])
def test_stubble_grows_as_the_number_of_hairs_in_any_light(times: float) -> None:
    first, second = _texture(_shaved(1000)), _texture(_shaved(round(1000 * times), 0.7))
    assert isinstance(first, Measured)
    assert isinstance(second, Measured)
    ratio = stubble_ratio(second, first)
    assert ratio.value == pytest.approx(times, rel=0.12)
    assert ratio.interval95[0] < times < ratio.interval95[1]


def test_bare_skin_has_no_stubble() -> None:
    bare = _texture(_shaved(0))
    assert isinstance(bare, Measured)
    assert bare.value < 0.02


def test_coarse_photos_are_refused() -> None:
    assert isinstance(_texture(_shaved(500), 3.0), NotMeasured)


def test_a_count_is_carried_by_stubble() -> None:
    ratio = stubble_ratio(_of(2.0), _of(1.0))
    counted = Measured(
        value=80.0, unit="{hairs}/cm2", std_uncertainty=4.0, interval95=(72.0, 88.0), method="hair_density_per_cm2@1"
    )
    carried = carried_density(counted, ratio, method=FROM_STUBBLE)
    assert isinstance(carried, Measured)
    assert carried.value == pytest.approx(160)
    assert carried.method == FROM_STUBBLE
    assert carried.std_uncertainty == pytest.approx(np.hypot(4 * 2, 80 * ratio.std_uncertainty))


def _of(value: float) -> Measured:
    return Measured(
        value=value, unit="1", std_uncertainty=0.1 * value, interval95=(0.0, 9.0), method="stubble_texture@1"
    )
