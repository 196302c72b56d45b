"""What healing and disease put on a scalp: redness, crusts and dark patches of the skin, bare patches in the hair."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap
from hairtrack.synth.camera import Camera
from hairtrack.synth.scalp import (
    SEMI_AXES_MM,
    PointsXYZ,
    SkinSigns,
    above_hairline,
    direction_of,
    in_region,
    normal_of,
    on_scalp,
    region_area_cm2,
)
from hairtrack.synth.strands import StandingHair

BLOOD = np.array([0.22, 1.0, 0.85])
"""How much more of green and blue than of red light blood takes away (oxygenated haemoglobin, broad bands)."""

CRUST_COLOUR = np.array([0.055, 0.016, 0.011])
"""Linear RGB of dried blood; dying skin is as dark and less red."""

CRUST_RADIUS_MM = (0.5, 1.1)
SUPERSAMPLED = 3
SUBPIXEL_BITS = 4
LEAST_FACING = 0.05
PARTING_FROM_MM = -20.0
"""How far back a parting reaches: some way before the whorl."""

RIM_MM = 5.0
"""Redness fades out over this distance at the border of a region."""

RIM_HALF_AXES = 0.05


def light_left(signs: SkinSigns, points_xyz: PointsXYZ) -> NDArray[np.float64]:
    """Return the share of red, green and blue light that blood leaves at points of the head, (..., 3)."""
    depth = np.zeros(points_xyz.shape[:-1])
    ring = [np.zeros(3)] + [
        RIM_MM * np.array([np.cos(turn), np.sin(turn), 0.0]) for turn in np.arange(0, 2 * np.pi, np.pi / 4)
    ]
    for name, strength in signs.red.items():
        members = [in_region(name, points_xyz + step) for step in ring]
        depth += strength * np.mean(members, axis=0)
    depth *= np.clip(1 + above_hairline(points_xyz) / RIM_HALF_AXES, 0, 1)
    return np.asarray(np.exp(-depth[..., None] * BLOOD))


def crust_share(signs: SkinSigns, camera: Camera) -> FractionMap:
    """Return the share of each pixel that crusts and dark patches cover where no hair stands before them, (H, W)."""
    width, height = camera.size_px
    canvas = np.zeros((height * SUPERSAMPLED, width * SUPERSAMPLED), np.uint8)
    places, radii = _crusts(signs)
    facing = ((camera.place_xyz - places) * normal_of(places)).sum(1) > LEAST_FACING
    for place, radius in zip(places[facing], radii[facing], strict=True):
        _paint(canvas, place, radius, camera)
    share = cv2.resize(canvas.astype(np.float32) / 255, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(share, np.float32)


def _crusts(signs: SkinSigns) -> tuple[PointsXYZ, NDArray[np.float64]]:
    """Return the middles and radii of all crusts and dark patches in mm."""
    rng = np.random.default_rng([signs.seed, 13])
    drawn = on_scalp(rng, 60_000)
    places, radii = [np.zeros((0, 3))], [np.zeros(0)]
    for name, per_cm2 in signs.crusts_per_cm2.items():
        here = drawn[in_region(name, drawn)][: round(per_cm2 * region_area_cm2(name))]
        places.append(here)
        radii.append(rng.uniform(*CRUST_RADIUS_MM, len(here)))
    for direction, radius_mm in signs.dark_patches:
        places.append(direction_of(np.array([direction]) * SEMI_AXES_MM) * SEMI_AXES_MM)
        radii.append(np.array([radius_mm]))
    return np.concatenate(places), np.concatenate(radii)


def _paint(canvas: NDArray[np.uint8], place: NDArray[np.float64], radius_mm: float, camera: Camera) -> None:
    """Paint a disc that lies on the skin."""
    normal = normal_of(place)
    across = np.cross(normal, [0.3, 0.5, 0.8])
    across /= np.linalg.norm(across)
    along = np.cross(normal, across)
    turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)[:, None]
    rim = place + radius_mm * (np.cos(turn) * across + np.sin(turn) * along)
    points = ((camera.project(rim) + 0.5) * SUPERSAMPLED - 0.5) * 2**SUBPIXEL_BITS
    cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA, SUBPIXEL_BITS)


def without_patches(
    hair: StandingHair, directions: Sequence[tuple[float, float, float]], *, radius_mm: float
) -> StandingHair:
    """Return hair with round bare patches around directions from the middle of the head, as after a moth."""
    stands = np.ones(len(hair.root_xyz), np.bool_)
    for direction in directions:
        middle = direction_of(np.array([direction]) * SEMI_AXES_MM) * SEMI_AXES_MM
        stands &= np.linalg.norm(hair.root_xyz - middle, axis=1) > radius_mm
    return hair.only(stands)


def with_parting(hair: StandingHair, *, width_mm: float) -> StandingHair:
    """Return hair that leaves a bare line of a width along the middle, from the hairline to behind the ears.

    It is drawn parted with `Style(parted=True)`.
    """
    x, y, _ = hair.root_xyz.T
    return hair.only((np.abs(x) > width_mm / 2) | (y < PARTING_FROM_MM))
