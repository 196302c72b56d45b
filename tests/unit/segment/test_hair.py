from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import RegionName, View
from hairtrack.segment.hair import find_hair, find_hair_anywhere
from hairtrack.segment.head import find_head
from hairtrack.segment.settings import SegmentSettings
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import Shot, render_global
from hairtrack.synth.scalp import SkinAndHair, grow_scalp

SETTINGS = SegmentSettings()


def _mean_opacity(picture: Rgb8Image, head: Mask) -> float:
    return float(find_hair(picture, head, settings=SETTINGS).opacity[head].mean())


def test_hair_is_opaque_and_the_bald_middle_is_not() -> None:
    """A synthetic head, black on fair, whose middle and crown are bare."""
    bare = dict.fromkeys((RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX), 0.0)
    scalp = grow_scalp(SkinAndHair(skin=(0.58, 0.36, 0.27), hair=(0.014, 0.011, 0.010)), seed=3)
    standing = hair_on(scalp, Course(native_share=bare, length_mm=14.0), month=0)
    photo = render_global(scalp, standing, Shot(size_px=(320, 320)), rng=np.random.default_rng(1))
    hair = find_hair(photo.rgb8, photo.truth.head, settings=SETTINGS)
    middle = photo.truth.head & (cv2.blur(photo.truth.opacity, (9, 9)) < 0.02)
    dense = photo.truth.head & (cv2.blur(photo.truth.opacity, (9, 9)) > 0.9)
    assert hair.opacity[middle].mean() < 0.25
    assert hair.opacity[dense].mean() > 0.75
    assert hair.opacity.dtype == np.float32
    assert 0 <= hair.opacity.min() <= hair.opacity.max() <= 1
    assert not hair.opacity[~photo.truth.head].any()
    assert hair.doubt.shape == hair.opacity.shape
    assert hair.doubt.min() > 0


def test_a_balder_head_is_less_covered(draw_head: Callable[..., Rgb8Image], head_disc: Mask) -> None:
    covers = [_mean_opacity(draw_head(bald_radius=radius), head_disc) for radius in (0.0, 0.6, 0.95)]
    assert covers == sorted(covers, reverse=True)
    assert covers[0] - covers[-1] > 0.4


def test_a_turned_photo_has_the_same_coverage(fringed_head: Rgb8Image) -> None:
    pictures = (fringed_head, np.ascontiguousarray(np.rot90(fringed_head)), np.ascontiguousarray(fringed_head[:, ::-1]))
    covers = [_mean_opacity(picture, find_head(picture, view=View.TOP).mask) for picture in pictures]
    assert covers == pytest.approx([covers[0]] * 3, abs=0.005)


def test_a_lamp_on_bare_skin_is_left_out(fringed_head: Rgb8Image, head_disc: Mask) -> None:
    shining = fringed_head.copy()
    shining[90:110, 90:110] = 254
    assert find_hair(shining, head_disc, settings=SETTINGS).excluded[95:105, 95:105].all()
    assert not find_hair(fringed_head, head_disc, settings=SETTINGS).excluded.any()


@pytest.mark.parametrize("ink", [(85, 40, 140), (40, 75, 175), (30, 110, 70)], ids=["violet", "blue", "green"])
def test_a_line_that_a_surgeon_drew_is_left_out(
    fringed_head: Rgb8Image, head_disc: Mask, ink: tuple[int, int, int]
) -> None:
    marked = fringed_head.copy()
    cv2.ellipse(marked, (100, 100), (45, 45), 0, 20, 160, ink, 3)
    line = (marked != fringed_head).any(axis=2)
    assert find_hair(marked, head_disc, settings=SETTINGS).ink[line].mean() > 0.9
    assert not find_hair(fringed_head, head_disc, settings=SETTINGS).ink.any()


def test_hair_falling_outside_the_head_is_hair_too(fringed_head: Rgb8Image) -> None:
    hair = find_hair_anywhere(fringed_head)
    assert hair.shape == fringed_head.shape[:2]
    assert hair[100, 170]
    assert not hair[5, 5]
    assert not hair[100, 100]
