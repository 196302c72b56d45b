from collections.abc import Callable

import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.segment.classifier import BACKGROUND, CLASSES, HAIR, SKIN, ClassMap
from hairtrack.segment.mixture import dark_share

SKIN_LIGHT, HAIR_LIGHT = 0.5, 0.02


def _scalp(shares: tuple[float, ...]) -> tuple[Rgb8Image, ClassMap]:
    """Return bands of skin hidden by strands to the given shares, beside a band of bare skin, and their classes."""
    light = np.full((160, 160), SKIN_LIGHT)
    classes = np.zeros((160, 160, len(CLASSES)), np.float32)
    classes[:, :40, SKIN] = 1
    classes[:, 40:, HAIR] = 1
    rows = 160 // len(shares)
    for band, share in enumerate(shares):
        light[band * rows : (band + 1) * rows, 40:] = (1 - share) * SKIN_LIGHT + share * HAIR_LIGHT
    srgb = (255 * light ** (1 / 2.2)).round().astype(np.uint8)
    return np.repeat(srgb[..., None], 3, axis=2), classes


def test_the_missing_light_is_the_share_that_strands_hide() -> None:
    picture, classes = _scalp((1.0, 0.75, 0.5, 0.25))
    missing = dark_share(picture, classes)
    for band, share in enumerate((1.0, 0.75, 0.5, 0.25)):
        assert missing[band * 40 + 15 : band * 40 + 25, 90:150].mean() == pytest.approx(share, abs=0.04)


def test_twice_the_light_changes_nothing() -> None:
    picture, classes = _scalp((1.0, 0.5))
    dimmer = (255 * (picture / 255.0) * 0.5 ** (1 / 2.2)).round().astype(np.uint8)
    np.testing.assert_allclose(dark_share(dimmer, classes), dark_share(picture, classes), atol=0.03)


@pytest.mark.parametrize("turn", [np.rot90, np.fliplr])
def test_it_turns_with_the_photo(turn: Callable[[np.ndarray], np.ndarray]) -> None:
    picture, classes = _scalp((1.0, 0.5))
    turned = dark_share(np.ascontiguousarray(turn(picture)), np.ascontiguousarray(turn(classes)))
    np.testing.assert_allclose(turned, turn(dark_share(picture, classes)), atol=2e-3)


def test_a_head_without_skin_or_without_hair_says_nothing() -> None:
    picture, classes = _scalp((1.0, 0.5))
    for kind in (HAIR, SKIN, BACKGROUND):
        only = np.zeros_like(classes)
        only[..., kind] = 1
        assert (dark_share(picture, only) == 1).all()


def test_hair_as_light_as_its_skin_says_nothing() -> None:
    picture, classes = _scalp((0.2, 0.1))
    assert (dark_share(picture, classes) == 1).all()
