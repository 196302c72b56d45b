from dataclasses import replace

import numpy as np
import pytest

from hairtrack.model import RegionName, View
from hairtrack.synth.camera import Pose, place_camera
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import REGION_NAMES, Shot, render_global
from hairtrack.synth.scalp import SEMI_AXES_MM, SKIN_TONES, Scalp, SkinAndHair, SkinSigns, direction_of, grow_scalp
from hairtrack.synth.signs import BLOOD, crust_share, light_left, with_parting, without_patches

SIZE = (220, 220)
RED = SkinSigns(red={RegionName.FRONTAL: 0.3})
PATCH = SkinSigns(dark_patches=(((0.0, -0.05, 1.0), 8.0),))


@pytest.fixture(scope="module")
def bald() -> Scalp:
    return grow_scalp(SkinAndHair(skin=SKIN_TONES["II"], hair=(0.02, 0.015, 0.01)), seed=4, hairs_per_cm2=1.0)


def test_blood_takes_its_share_of_green_light_inside_the_region_alone():
    inside, outside = np.array([[0.0, 48.0, 84.0]]), np.array([[0.0, -48.0, 84.0]])
    assert light_left(RED, inside)[0] == pytest.approx(np.exp(-0.3 * BLOOD))
    assert light_left(RED, outside)[0] == pytest.approx(np.ones(3))


def test_a_red_region_is_drawn_red(bald: Scalp):
    shot = Shot(size_px=SIZE)
    hair = hair_on(bald, Course(length_mm=1.0), month=0)
    plain, red = (
        render_global(scalp, hair, shot, rng=np.random.default_rng(1)) for scalp in (bald, replace(bald, signs=RED))
    )
    frontal = plain.truth.region_index == REGION_NAMES.index(RegionName.FRONTAL)
    vertex = plain.truth.region_index == REGION_NAMES.index(RegionName.VERTEX)
    change = red.rgb8.astype(float) - plain.rgb8
    assert change[frontal].mean(axis=0)[1] < -15
    assert abs(change[vertex].mean()) < 1


def test_a_dark_patch_has_the_area_that_was_asked_for():
    camera = place_camera(View.TOP, size_px=(400, 400), pose=Pose())
    share = crust_share(PATCH, camera)
    px_per_mm = camera.px_per_mm_at(np.array([0.0, -5.0, 95.0]))
    assert share.sum() / px_per_mm**2 == pytest.approx(np.pi * 64, rel=0.08)


def test_bare_patches_and_partings_take_hairs_of_their_place_alone(bald: Scalp):
    hair = hair_on(grow_scalp(bald.colours, seed=5), Course(length_mm=10.0), month=0)
    middle = direction_of(np.array([[0.0, -0.9, 0.1]]) * SEMI_AXES_MM) * SEMI_AXES_MM
    patched = without_patches(hair, [(0.0, -0.9, 0.1)], radius_mm=6.0)
    gone = len(hair.root_xyz) - len(patched.root_xyz)
    assert gone == pytest.approx(1.65 * np.pi * 36, rel=0.35)
    assert np.linalg.norm(patched.root_xyz - middle, axis=1).min() > 6.0
    parted = with_parting(hair, width_mm=4.0)
    assert np.abs(parted.root_xyz[parted.root_xyz[:, 1] > 0, 0]).min() > 2.0
    assert (np.abs(parted.root_xyz[parted.root_xyz[:, 1] < -40, 0]) < 2.0).any()
