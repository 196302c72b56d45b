"""A head with its skin, marks and follicles: what stays the same while years go by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hairtrack.model import RegionName

PointsXYZ = NDArray[np.float64]
"""(N, 3) millimetres: x to the patient's left, y to the front, z up; the origin lies between the ears."""

SEMI_AXES_MM = np.array([76.0, 97.0, 96.0])
"""Half breadth, half length and height above the ears of an adult head (Farkas 1994: breadth 151, length 197 mm)."""

TINY = 1e-12
"""Keeps the middle of the head, which no ray hits, from a division by zero."""

HAIRS_PER_CM2 = 165.0
"""Terminal hairs of an unthinned scalp: 80 follicular units of 2.1 hairs a cm²."""

MIDDLE_OF_SCALP = np.array([0.0, 0.0, 60.0])
"""Where the scale of a photo is given: the depth of the middle of the scalp seen from above."""

EDGE = 0.07
"""Width of the band, in half axes, over which hair thins out towards hairline and nape."""

WHORL_DIRECTION = (0.12, -0.55, 0.83)
"""Where the hair turns: a little left of the middle, on the back slope of the crown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinAndHair:
    """Colours of a person, linear RGB 0-1 under white light, and the share of grey hairs."""

    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    grey_fraction: float = 0.0


SKIN_TONES: dict[str, tuple[float, float, float]] = {
    "I": (0.72, 0.50, 0.40),
    "II": (0.62, 0.41, 0.31),
    "III": (0.50, 0.31, 0.21),
    "IV": (0.36, 0.20, 0.125),
    "V": (0.20, 0.105, 0.062),
    "VI": (0.085, 0.045, 0.030),
}
"""Six skin types after Fitzpatrick as linear RGB of the scalp."""

HAIR_COLOURS: dict[str, tuple[float, float, float]] = {
    "black": (0.014, 0.011, 0.010),
    "brown": (0.055, 0.031, 0.018),
    "red": (0.19, 0.065, 0.022),
    "blond": (0.36, 0.25, 0.12),
    "grey": (0.42, 0.41, 0.39),
}
"""Five hair colours as linear RGB of a strand in full light."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinSigns:
    """What healing or disease shows on the skin of a head on one day.

    Parameters
    ----------
    red
        Optical depth of blood in green light by region: 0.1 is faint, 0.4 fiery.
    crusts_per_cm2
        Crusts by region, each 1 to 2 mm across.
    dark_patches
        Direction from the middle of the head, in half axes, and radius in mm of each dark patch.
    seed
        Of where the crusts lie.
    """

    red: Mapping[RegionName, float] = field(default_factory=dict)
    crusts_per_cm2: Mapping[RegionName, float] = field(default_factory=dict)
    dark_patches: tuple[tuple[tuple[float, float, float], float], ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalp:
    """One person's head: follicles and skin marks at their places, for all dates.

    Parameters
    ----------
    follicle_xyz
        (N, 3) places of single hairs on the head, in mm.
    rank
        (N,) in 0-1: a region thinned to a share `s` keeps the hairs of rank below `s`, so that loss is one and the
        same hairs from photo to photo.
    clock
        (N,) in 0-1: when in the spread of a population this hair sheds and grows.
    thickness_um
        (N,) shaft diameter.
    is_grey
        (N,) bool.
    marks_xyz, marks_mm
        Moles and freckles: place and radius.
    colours
        Of skin and hair.
    seed
        Of everything on this head that is random.
    signs
        Redness and crusts of the day.
    """

    follicle_xyz: PointsXYZ
    rank: NDArray[np.float64]
    clock: NDArray[np.float64]
    thickness_um: NDArray[np.float64]
    is_grey: NDArray[np.bool_]
    marks_xyz: PointsXYZ
    marks_mm: NDArray[np.float64]
    colours: SkinAndHair
    seed: int
    signs: SkinSigns | None = None


def grow_scalp(colours: SkinAndHair, *, seed: int, hairs_per_cm2: float = HAIRS_PER_CM2) -> Scalp:
    """Return a head with follicles spread evenly over its hair-bearing skin."""
    rng = np.random.default_rng([seed, 1])
    places = on_scalp(rng, round(hairs_per_cm2 * scalp_area_cm2()))
    places = places[rng.random(len(places)) < np.clip(above_hairline(places) / EDGE, 0, 1)]
    count = len(places)
    marks = on_scalp(rng, 46)
    return Scalp(
        follicle_xyz=places,
        rank=rng.random(count),
        clock=rng.random(count),
        thickness_um=rng.normal(72, 9, count).clip(45, 105),
        is_grey=rng.random(count) < colours.grey_fraction,
        marks_xyz=marks,
        marks_mm=rng.lognormal(-0.35, 0.5, len(marks)).clip(0.35, 2.6),
        colours=colours,
        seed=seed,
    )


def direction_of(points_xyz: PointsXYZ) -> PointsXYZ:
    """Return points on the head as unit directions of the sphere that the ellipsoid is a stretched copy of."""
    directions = points_xyz / SEMI_AXES_MM
    return np.asarray(directions / np.maximum(np.linalg.norm(directions, axis=-1, keepdims=True), TINY))


def normal_of(points_xyz: PointsXYZ) -> PointsXYZ:
    """Return the outward unit normals of the ellipsoid."""
    gradient = points_xyz / SEMI_AXES_MM**2
    return np.asarray(gradient / np.maximum(np.linalg.norm(gradient, axis=-1, keepdims=True), TINY))


def bears_hair(points_xyz: PointsXYZ) -> NDArray[np.bool_]:
    """Return whether points of the head lie on hair-bearing skin: above hairline, ears and nape."""
    return above_hairline(points_xyz) > 0


def above_hairline(points_xyz: PointsXYZ) -> NDArray[np.float64]:
    """Return how far points of the head lie above hairline, ears and nape, in half axes; negative below."""
    x, y, z = np.moveaxis(direction_of(points_xyz), -1, 0)
    azimuth = np.arctan2(np.abs(x), y)
    lowest = np.interp(azimuth, [0.0, 0.45, 0.8, 1.25, 1.75, 2.3, np.pi], [0.60, 0.62, 0.50, 0.16, 0.12, -0.34, -0.42])
    return np.asarray(z - lowest)


REGION_BOXES: dict[RegionName, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    RegionName.FRONTAL_HAIRLINE: ((-0.52, 0.52), (0.68, 1.0), (-1.0, 1.0)),
    RegionName.FRONTAL: ((-0.52, 0.52), (0.28, 0.68), (-1.0, 1.0)),
    RegionName.MIDSCALP: ((-0.52, 0.52), (-0.12, 0.28), (-1.0, 1.0)),
    RegionName.VERTEX: ((-0.52, 0.52), (-0.62, -0.12), (0.45, 1.0)),
    RegionName.TEMPLE_LEFT: ((0.52, 1.0), (0.25, 1.0), (-1.0, 1.0)),
    RegionName.TEMPLE_RIGHT: ((-1.0, -0.52), (0.25, 1.0), (-1.0, 1.0)),
    RegionName.PARIETAL_LEFT: ((0.52, 1.0), (-0.45, 0.25), (-1.0, 1.0)),
    RegionName.PARIETAL_RIGHT: ((-1.0, -0.52), (-0.45, 0.25), (-1.0, 1.0)),
    RegionName.OCCIPITAL: ((-1.0, 1.0), (-1.0, -0.45), (-1.0, 0.45)),
}
"""Regions as boxes of the direction from the middle of the head: to the left, to the front, up; none overlaps."""


def in_region(name: RegionName, points_xyz: PointsXYZ) -> NDArray[np.bool_]:
    """Return whether points lie within the borders of a region, hairline, ears and nape aside."""
    directions = direction_of(points_xyz)
    inside = np.ones(directions.shape[:-1], np.bool_)
    for axis, (low, high) in enumerate(REGION_BOXES[name]):
        inside &= (directions[..., axis] > low) & (directions[..., axis] <= high)
    return inside


@cache
def scalp_area_cm2(samples: int = 40_000) -> float:
    """Return the area of hair-bearing skin, by the same points for every call."""
    points, weights = _spread(np.random.default_rng(7), samples)
    return float(weights[bears_hair(points)].sum() / 100)


@cache
def region_area_cm2(name: RegionName, samples: int = 40_000) -> float:
    """Return the area of a region of the scalp."""
    points, weights = _spread(np.random.default_rng(7), samples)
    return float(weights[bears_hair(points) & in_region(name, points)].sum() / 100)


def _spread(rng: np.random.Generator, count: int) -> tuple[PointsXYZ, NDArray[np.float64]]:
    """Return random points on the whole head, and the skin in mm² that each stands for."""
    directions = rng.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    points = directions * SEMI_AXES_MM
    stretch = np.prod(SEMI_AXES_MM) * np.linalg.norm(directions / SEMI_AXES_MM, axis=1)
    return points, 4 * np.pi * stretch / count


def on_scalp(rng: np.random.Generator, count: int) -> PointsXYZ:
    """Return `count` points spread over hair-bearing skin, even in area."""
    kept: list[PointsXYZ] = []
    found = 0
    while found < count:
        points, weights = _spread(rng, 4 * count)
        chosen = bears_hair(points) & (rng.random(len(points)) < weights / weights.max())
        kept.append(points[chosen])
        found += int(chosen.sum())
    return np.concatenate(kept)[:count]
