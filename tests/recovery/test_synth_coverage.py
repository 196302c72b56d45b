"""The truth that synthetic pictures claim, held against what is drawn and against the theory of thrown sticks."""

import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import RegionName
from hairtrack.synth.camera import Lamp
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import Shot, render_global
from hairtrack.synth.scalp import SKIN_TONES, SkinAndHair, grow_scalp
from hairtrack.synth.sensor import Sensor
from hairtrack.synth.strands import Style

SHORT_MM = 5.0
LOOSE = Style(gathered=0.0, unruly=1.0, lift=0.0)


def drawn(hairs_per_cm2: float, size_px: int, thickness_factor: float = 1.0) -> float:
    """Return the coverage of the midscalp, hairs lying every way and in no locks."""
    scalp = grow_scalp(SkinAndHair(skin=SKIN_TONES["II"], hair=(0.0, 0.0, 0.0)), seed=8, hairs_per_cm2=hairs_per_cm2)
    hair = hair_on(scalp, Course(length_mm=SHORT_MM), month=0)
    hair = type(hair)(
        root_xyz=hair.root_xyz,
        length_mm=hair.length_mm,
        thickness_um=hair.thickness_um * thickness_factor,
        is_grey=hair.is_grey,
    )
    photo = render_global(scalp, hair, Shot(size_px=(size_px, size_px), style=LOOSE), rng=np.random.default_rng(2))
    return photo.truth.coverage[RegionName.MIDSCALP]


def test_twice_the_hairs_cover_as_thrown_sticks_do():
    single, double = drawn(60.0, 400), drawn(120.0, 400)
    assert double == pytest.approx(1 - (1 - single) ** 2, abs=0.02)


def test_coverage_is_that_of_sticks_of_the_stated_length_and_width():
    depth = 60.0 / 100 * SHORT_MM * 0.93 * 0.072
    assert drawn(60.0, 700) == pytest.approx(1 - np.exp(-depth), rel=0.15)


def test_coverage_does_not_depend_on_the_size_of_the_picture():
    assert drawn(80.0, 320) == pytest.approx(drawn(80.0, 800), rel=0.10)


def test_half_as_thick_hair_hides_half_as_much():
    assert np.log(1 - drawn(80.0, 500, 0.5)) == pytest.approx(0.5 * np.log(1 - drawn(80.0, 500)), rel=0.12)


def picture(hair_colour: tuple[float, float, float]) -> tuple[Rgb8Image, np.ndarray]:
    scalp = grow_scalp(SkinAndHair(skin=SKIN_TONES["II"], hair=hair_colour), seed=8, hairs_per_cm2=60.0)
    shot = Shot(size_px=(300, 300), lamp=Lamp(shine=0.0), sensor=Sensor(blur_px=0, noise_fraction=0))
    photo = render_global(scalp, hair_on(scalp, Course(), month=0), shot, rng=np.random.default_rng(2))
    return photo.rgb8, photo.truth.opacity


def test_the_opacity_is_what_the_picture_shows():
    black, opacity = picture((0.0, 0.0, 0.0))
    bright, same = picture((0.25, 0.25, 0.25))
    assert np.array_equal(opacity, same)
    differs = cv2.absdiff(black, bright).max(axis=2) > 2
    assert (opacity[differs] > 0).mean() > 0.99
    assert differs[opacity > 0.5].mean() > 0.99
