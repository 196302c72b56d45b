import numpy as np
import pytest

from hairtrack.synth.camera import Lamp, Pose
from hairtrack.synth.photo import Shot
from hairtrack.synth.reshoots import Reshoot, ReshootPair, carried, reshoot_pair
from hairtrack.synth.scalp import normal_of

SMALL = Shot(size_px=(180, 180))
TURNED = Pose(turn_deg=7, tilt_deg=-5, roll_deg=10, distance_factor=1.1, shift_fraction=(0.03, -0.02))


@pytest.fixture(scope="module")
def pair(scalp, thin_hair) -> ReshootPair:
    reshoot = Reshoot(pose=TURNED, lamp=Lamp(direction=(-0.5, 0.2, 0.8)), changed_fraction=0.4)
    return reshoot_pair(scalp, thin_hair, SMALL, reshoot, rng=np.random.default_rng(4))


def test_a_mole_maps_to_itself(scalp, pair):
    reference, moving = pair.reference.truth.camera, pair.moving.truth.camera
    facing = np.ones(len(scalp.marks_xyz), np.bool_)
    for camera in (reference, moving):
        facing &= ((camera.place_xyz - scalp.marks_xyz) * normal_of(scalp.marks_xyz)).sum(1) > 20
    marks = scalp.marks_xyz[facing]
    mapped = pair.warp.moving_from_reference(reference.project(marks))
    seen = np.isfinite(mapped).all(axis=1)
    assert seen.sum() > 20
    assert np.abs(mapped[seen] - moving.project(marks)[seen]).max() < 0.5


def test_there_and_back_is_the_same_point(pair):
    grid = np.stack(np.meshgrid(np.arange(0, 180, 9.0), np.arange(0, 180, 9.0)), axis=-1).reshape(-1, 2)
    there = pair.warp.moving_from_reference(grid)
    back = pair.warp.reference_from_moving(there)
    seen = np.isfinite(back).all(axis=1)
    assert seen.sum() > 50
    assert np.abs(back[seen] - grid[seen]).max() < 1e-3


def test_points_beside_the_head_are_not_carried(pair):
    assert np.isnan(pair.warp.moving_from_reference(np.array([[1.0, 1.0], [178.0, 2.0]]))).all()


def test_a_photo_maps_to_itself_by_identity(pair):
    camera = pair.reference.truth.camera
    middle = np.array([[90.0, 80.0]])
    assert carried(middle, from_camera=camera, to_camera=camera) == pytest.approx(middle, abs=1e-6)


def test_hair_that_keeps_its_lie_looks_the_same_and_changed_hair_does_not(scalp, thin_hair):
    def opacities(changed_fraction: float) -> float:
        still = Reshoot(pose=Pose(), changed_fraction=changed_fraction, same_room=True)
        twice = reshoot_pair(scalp, thin_hair, SMALL, still, rng=np.random.default_rng(6))
        pair_of_maps = (twice.reference.truth.opacity.ravel(), twice.moving.truth.opacity.ravel())
        return float(np.abs(pair_of_maps[0] - pair_of_maps[1]).mean())

    assert opacities(0.0) == 0.0
    assert 0.0 < opacities(0.3) < opacities(1.0)
