from collections.abc import Callable

import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import RegionName, View
from hairtrack.segment.appearance import appearance_of
from hairtrack.segment.classifier import BACKGROUND, CLASSES, HAIR, SKIN, ClassMap, shipped_classifier
from hairtrack.segment.cover import cover_features, hidden_share
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import Shot, render_global
from hairtrack.synth.scalp import SkinAndHair, grow_scalp

FAIR, BLACK = (0.58, 0.36, 0.27), (0.014, 0.011, 0.010)
SKIN_LIGHT, HAIR_LIGHT = 0.4, 0.02


def _bands(shares: tuple[float, ...], *, light: float = 1.0) -> tuple[Rgb8Image, ClassMap]:
    """Return bands of skin hidden by strands to the given shares, beside a band of bare skin, and their classes."""
    linear = np.full((160, 160), SKIN_LIGHT)
    classes = np.zeros((160, 160, len(CLASSES)), np.float32)
    classes[:, :40, SKIN] = 1
    classes[:, 40:, HAIR] = 1
    rows = 160 // len(shares)
    for band, share in enumerate(shares):
        linear[band * rows : (band + 1) * rows, 40:] = (1 - share) * SKIN_LIGHT + share * HAIR_LIGHT
    srgb = (255 * (light * linear) ** (1 / 2.2)).round().astype(np.uint8)
    return np.repeat(srgb[..., None], 3, axis=2), classes


@pytest.mark.parametrize("turn", [np.rot90, np.fliplr])
def test_what_is_seen_turns_with_the_photo(turn: Callable[[np.ndarray], np.ndarray]) -> None:
    picture, classes = _bands((1.0, 0.5))
    turned = hidden_share(np.ascontiguousarray(turn(picture)), np.ascontiguousarray(turn(classes)))
    np.testing.assert_allclose(turned, turn(hidden_share(picture, classes)), atol=5e-3)


def test_half_the_light_changes_nothing() -> None:
    bright, classes = _bands((1.0, 0.5))
    dim, _ = _bands((1.0, 0.5), light=0.5)
    np.testing.assert_allclose(cover_features(dim, classes), cover_features(bright, classes), atol=0.1)


@pytest.mark.parametrize("kind", [HAIR, SKIN, BACKGROUND])
def test_a_picture_of_one_kind_gives_finite_shares(kind: int) -> None:
    picture, classes = _bands((1.0, 0.5))
    only = np.zeros_like(classes)
    only[..., kind] = 1
    shares = hidden_share(picture, only)
    assert np.isfinite(shares).all()
    assert 0 <= shares.min() <= shares.max() <= 1


def test_a_black_picture_gives_finite_shares() -> None:
    _, classes = _bands((1.0, 0.5))
    assert np.isfinite(hidden_share(np.zeros((160, 160, 3), np.uint8), classes)).all()


def test_thinning_of_one_head_is_followed() -> None:
    """Black hair on a fair synthetic head, cut short; the head is not among those that were trained on."""
    scalp = grow_scalp(SkinAndHair(skin=FAIR, hair=BLACK), seed=3)
    found, true = [], []
    for share in (0.15, 0.5, 1.0):
        course = Course(native_share=dict.fromkeys((RegionName.MIDSCALP, RegionName.VERTEX), share), length_mm=12.0)
        shot = Shot(view=View.TOP, size_px=(320, 320))
        photo = render_global(scalp, hair_on(scalp, course, month=0), shot, rng=np.random.default_rng(1))
        classes = shipped_classifier().classify(appearance_of(photo.rgb8).features, None)
        inside = photo.truth.region_index == list(RegionName).index(RegionName.MIDSCALP)
        coarse = np.asarray(inside[::2, ::2])
        found.append(float(hidden_share(photo.rgb8, classes)[coarse].mean()))
        true.append(float(photo.truth.opacity[inside].mean()))
    assert np.diff(found) == pytest.approx(np.diff(true), abs=0.12)
    assert found == pytest.approx(true, abs=0.2)
