"""The same head photographed twice: other pose, lamp, room and lie of the hair, and the exact map between the two.

Only follicles and skin marks are shared; nothing is warped from one picture to the other.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from hairtrack.imaging.types import PointsXY
from hairtrack.synth.body import skull_seen_at
from hairtrack.synth.camera import Camera, Lamp, Pose
from hairtrack.synth.photo import RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import Scalp
from hairtrack.synth.strands import StandingHair

SAME_PLACE_MM = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueWarp:
    """The map between two photos of one head through the skull itself; NaN where either does not show the point."""

    reference: Camera
    moving: Camera

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reference lie in the moving picture, (N, 2)."""
        return carried(points_xy, from_camera=self.reference, to_camera=self.moving)

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the moving picture lie in the reference, (N, 2)."""
        return carried(points_xy, from_camera=self.moving, to_camera=self.reference)


def carried(points_xy: PointsXY, *, from_camera: Camera, to_camera: Camera) -> PointsXY:
    """Return where another camera shows the places of the skull at points of a picture, NaN where it does not."""
    places = skull_seen_at(from_camera, np.asarray(points_xy, np.float64))
    found = to_camera.project(places)
    shown = skull_seen_at(to_camera, found)
    width, height = to_camera.size_px
    with np.errstate(invalid="ignore"):
        seen = np.linalg.norm(shown - places, axis=1) < SAME_PLACE_MM
        seen &= ((found >= 0) & (found <= [width - 1, height - 1])).all(axis=1)
    return np.where(seen[:, None], found, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshoot:
    """How the second photo differs from the first.

    Parameters
    ----------
    pose
        Turn, tilt, roll, shift and distance of the camera, on top of the first photo's view.
    lamp
        Of the second photo.
    changed_fraction
        Share of the hairs that lie anew.
    same_room
        Whether the room behind stays, unmoved, as the trap that it is for matching.
    """

    pose: Pose
    lamp: Lamp = field(default_factory=Lamp)
    changed_fraction: float = 1.0
    same_room: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReshootPair:
    """Two photos of one head and the exact map between them."""

    reference: RenderedPhoto
    moving: RenderedPhoto
    warp: TrueWarp


def reshoot_pair(
    scalp: Scalp,
    hair: StandingHair,
    shot: Shot,
    reshoot: Reshoot,
    *,
    moving_hair: StandingHair | None = None,
    rng: np.random.Generator,
) -> ReshootPair:
    """Return a photo, and the photo taken of the same head at another visit.

    Parameters
    ----------
    scalp, hair
        The head, and the hairs that stand on it.
    shot
        How the reference is taken.
    reshoot
        What is different at the second visit.
    moving_hair
        The hairs at the second visit, when hairs came or went; the same hairs when None.
    rng
        For the lie of the hair and the noise of both photos.
    """
    first, second = (int(seed) for seed in rng.integers(1, 2**20, 2))
    reference_shot = replace(shot, style=replace(shot.style, lie_seed=first))
    later = replace(shot.style, lie_seed=second, changed_fraction=reshoot.changed_fraction, earlier_lie_seed=first)
    moving_shot = replace(
        shot,
        pose=reshoot.pose,
        lamp=reshoot.lamp,
        style=later,
        room_seed=shot.room_seed if reshoot.same_room else shot.room_seed + 1,
    )
    reference = render_global(scalp, hair, reference_shot, rng=rng)
    moving = render_global(scalp, hair if moving_hair is None else moving_hair, moving_shot, rng=rng)
    return ReshootPair(
        reference=reference,
        moving=moving,
        warp=TrueWarp(reference=reference.truth.camera, moving=moving.truth.camera),
    )
