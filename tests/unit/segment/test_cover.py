from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import KnowledgeError, RegionName, View
from hairtrack.segment.classifier import BACKGROUND, CLASSES, HAIR, SKIN, ClassMap
from hairtrack.segment.cover import (
    CoverNetwork,
    Places,
    cover_features,
    network_features,
    places_from_classes,
    places_of,
)
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import SkinAndHair, grow_scalp

FAIR, BLACK, BLOND = (0.58, 0.36, 0.27), (0.014, 0.011, 0.010), (0.36, 0.25, 0.14)
SKIN_LIGHT, HAIR_LIGHT = 0.4, 0.02
MIDSCALP = list(RegionName).index(RegionName.MIDSCALP)


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


def _head(share: float, hair: tuple[float, float, float] = BLACK) -> RenderedPhoto:
    """Return hair of 12 mm on a fair synthetic head, a share of it left on top; nothing was trained on it."""
    scalp = grow_scalp(SkinAndHair(skin=FAIR, hair=hair), seed=3)
    course = Course(native_share=dict.fromkeys((RegionName.MIDSCALP, RegionName.VERTEX), share), length_mm=12.0)
    shot = Shot(view=View.TOP, size_px=(320, 320))
    return render_global(scalp, hair_on(scalp, course, month=0), shot, rng=np.random.default_rng(1))


def _read(rgb8: Rgb8Image) -> Places:
    return places_of(rgb8, view=None)


def _midscalp(photo: RenderedPhoto) -> np.ndarray:
    return np.asarray(photo.truth.region_index[::4, ::4] == MIDSCALP)


@pytest.mark.parametrize("turn", [np.rot90, np.fliplr])
def test_what_is_seen_turns_with_the_photo(turn: Callable[[np.ndarray], np.ndarray]) -> None:
    picture, classes = _bands((1.0, 0.5))
    turned = places_from_classes(np.ascontiguousarray(turn(picture)), np.ascontiguousarray(turn(classes))).share
    np.testing.assert_allclose(turned, turn(places_from_classes(picture, classes).share), atol=5e-3)


def test_half_the_light_changes_nothing() -> None:
    bright, classes = _bands((1.0, 0.5))
    dim, _ = _bands((1.0, 0.5), light=0.5)
    np.testing.assert_allclose(cover_features(dim, classes), cover_features(bright, classes), atol=0.1)


@pytest.mark.parametrize("kind", [HAIR, SKIN, BACKGROUND])
def test_a_picture_of_one_kind_gives_finite_shares(kind: int) -> None:
    picture, classes = _bands((1.0, 0.5))
    only = np.zeros_like(classes)
    only[..., kind] = 1
    hidden = places_from_classes(picture, only)
    assert 0 <= hidden.share.min() <= hidden.share.max() <= 1
    assert 0 < hidden.doubt.min() <= hidden.doubt.max() < np.inf


def test_a_black_picture_gives_finite_shares() -> None:
    _, classes = _bands((1.0, 0.5))
    assert np.isfinite(places_from_classes(np.zeros((160, 160, 3), np.uint8), classes).share).all()


@pytest.mark.parametrize("shape", [(160, 90), (33, 160), (1, 160), (160, 160)])
def test_a_grid_of_any_shape_is_read_as_a_picture_of_that_shape(shape: tuple[int, int]) -> None:
    classes = np.full((*shape, len(CLASSES)), 0.25, np.float32)
    picture = np.full((2 * shape[0], 2 * shape[1], 3), 120, np.uint8)
    features = network_features(cover_features(picture, classes))
    assert places_from_classes(picture, classes).share.shape == features.shape[:2]
    assert max(features.shape[:2]) == 80


def test_each_place_is_one_of_the_classes() -> None:
    photo = _head(0.5)
    seen = places_of(photo.rgb8, view=View.TOP).classes
    assert seen.sum(axis=2) == pytest.approx(1, abs=1e-4)
    head = photo.truth.head[:: 320 // seen.shape[0], :: 320 // seen.shape[1]]
    likely = seen[..., [CLASSES.index("scalp"), HAIR]].sum(axis=2)
    assert likely[head].mean() > 0.9
    assert likely[~head].mean() < 0.1


def test_the_view_changes_what_is_head_but_not_what_hair_hides() -> None:
    photo = _head(0.5)
    above, behind = (places_of(photo.rgb8, view=view) for view in (View.TOP, View.BACK))
    np.testing.assert_array_equal(above.share, behind.share)
    assert not np.array_equal(above.classes, behind.classes)


def test_thinning_of_one_head_is_followed() -> None:
    found, true = [], []
    for share in (0.15, 0.5, 1.0):
        photo = _head(share)
        found.append(float(_read(photo.rgb8).share[_midscalp(photo)].mean()))
        true.append(float(photo.truth.opacity[photo.truth.region_index == MIDSCALP].mean()))
    assert np.diff(found) == pytest.approx(np.diff(true), abs=0.1)
    assert found == pytest.approx(true, abs=0.12)


def test_pale_hair_on_pale_skin_is_doubtful() -> None:
    black, blond = (_head(0.5, hair) for hair in (BLACK, BLOND))
    sure, unsure = (_read(photo.rgb8).doubt[_midscalp(photo)].mean() for photo in (black, blond))
    assert unsure > 1.3 * sure


def test_a_missing_or_foreign_model_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="trained model"):
        CoverNetwork(tmp_path / "none.onnx")
    (tmp_path / "foreign.onnx").write_bytes(b"no network")
    with pytest.raises(KnowledgeError, match="trained model"):
        CoverNetwork(tmp_path / "foreign.onnx")
