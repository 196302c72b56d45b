from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import View
from hairtrack.segment.appearance import appearance_of
from hairtrack.segment.head import find_head

Turn = Callable[[np.ndarray], np.ndarray]
TURNS: dict[str, Turn] = {
    "quarter": np.rot90,
    "half": lambda a: np.rot90(a, 2),
    "three quarters": lambda a: np.rot90(a, 3),
    "mirrored": np.fliplr,
}


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


def test_a_head_is_found_where_it_is(fringed_head: Rgb8Image, head_disc: Mask) -> None:
    head = find_head(fringed_head, view=View.TOP)
    assert head.refused is None
    assert head.mask.shape == fringed_head.shape[:2]
    assert _overlap(head.mask, head_disc) > 0.8
    assert 0.5 < head.confidence <= 1
    assert cv2.contourArea(head.outline_xy.astype(np.float32)) == pytest.approx(head.mask.sum(), rel=0.05)


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_the_head_turns_with_the_photo(fringed_head: Rgb8Image, turn: Turn) -> None:
    upright = find_head(fringed_head, view=View.TOP).mask
    turned = find_head(np.ascontiguousarray(turn(fringed_head)), view=View.TOP).mask
    assert _overlap(turn(upright), turned) > 0.99


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_what_a_place_looks_like_turns_with_the_photo(turn: Turn) -> None:
    picture = np.random.default_rng(5).integers(0, 256, (320, 320, 3), dtype=np.uint8)
    upright, turned = appearance_of(picture), appearance_of(np.ascontiguousarray(turn(picture)))
    np.testing.assert_allclose(turn(upright.features), turned.features, atol=2e-3)


def _page_of_text() -> Rgb8Image:
    page = np.full((300, 240, 3), 245, np.uint8)
    for row in range(15, 300, 14):
        cv2.putText(page, "no head is on this page, only words", (6, row), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (20, 20, 20))
    return page


def _wall() -> Rgb8Image:
    light = np.linspace(0.7, 1.1, 240)[None, :, None] * np.array([190, 185, 170])
    grain = np.random.default_rng(2).normal(0, 2, (180, 240, 3))
    return np.clip(light + grain, 0, 255).astype(np.uint8)


NO_HEAD = {
    "black": np.zeros((120, 160, 3), np.uint8),
    "one colour": np.full((120, 160, 3), 128, np.uint8),
    "noise": np.random.default_rng(1).integers(0, 256, (160, 160, 3), dtype=np.uint8),
    "grey noise": np.repeat(np.random.default_rng(2).integers(0, 256, (160, 160, 1), dtype=np.uint8), 3, axis=2),
    "page of text": _page_of_text(),
    "wall": _wall(),
    "black and white": np.repeat(np.random.default_rng(3).integers(90, 160, (9, 9, 1), dtype=np.uint8), 3, axis=2),
}


@pytest.mark.parametrize("picture", NO_HEAD.values(), ids=NO_HEAD)
def test_a_picture_without_a_head_is_refused_with_a_reason(picture: Rgb8Image) -> None:
    head = find_head(picture, view=View.TOP)
    assert head.refused
    assert not head.mask.any()
    assert len(head.outline_xy) == 0


def test_two_heads_are_refused(fringed_head: Rgb8Image) -> None:
    head = find_head(np.hstack([fringed_head, fringed_head]), view=View.TOP)
    assert head.refused is not None
    assert "more than one head" in head.refused


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 5), (40, 1024)])
def test_a_picture_of_any_shape_gets_an_answer(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(4).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert find_head(picture, view=None).mask.shape == shape
