"""Hair strand by strand: how it lies, how light falls on it, which share of each pixel it hides."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hairtrack.imaging.types import FractionMap
from hairtrack.synth.camera import Camera, Lamp
from hairtrack.synth.scalp import SEMI_AXES_MM, WHORL_DIRECTION, PointsXYZ, Scalp, direction_of, normal_of

SUPERSAMPLED = 2
"""Strands are drawn one pixel wide on a canvas this much finer: about 0.09 mm on a photo of 5.5 px/mm."""

LINE_WIDTH = 0.9
"""Mean width in canvas pixels of a line drawn without smoothing: max(|cos|, |sin|) over all directions."""

TONES = 60
SEGMENTS = 7
FACING_LEAST = -0.12
"""Hair that leans over the rim of the head is seen although its root is not."""

CHANGED, TAKEN = 1, 2
"""Keys of `chance`: whether a hair lies anew, whether it is drawn."""

HIGHEST_MM = 12.0
"""How far hair stands off the head at most."""

LOCK_MM = 6.5
"""Distance between the middles of neighbouring locks, into which long hair gathers."""

PARTED, PARTED_FROM_MM = 3.0, -35.0
"""How strongly a comb lays parted hair aside, mm a mm of length, and from how far back on."""

LONG_MM = 22.0
"""From this length on hair gathers into locks fully."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingHair:
    """The hairs that stand on a head on one day.

    Parameters
    ----------
    root_xyz
        (N, 3) mm.
    length_mm, thickness_um
        (N,).
    is_grey
        (N,) bool.
    """

    root_xyz: PointsXYZ
    length_mm: NDArray[np.float64]
    thickness_um: NDArray[np.float64]
    is_grey: NDArray[np.bool_]

    def only(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "StandingHair":
        """Return some of the hairs, or some of them more than once."""
        return StandingHair(
            root_xyz=self.root_xyz[which],
            length_mm=self.length_mm[which],
            thickness_um=self.thickness_um[which],
            is_grey=self.is_grey[which],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How hair lies on one day.

    `combed_forward` is mm sideways a mm of length, `unruly` how much single strands and locks stray, `lift` how far
    hair stands off the head, `gathered` 0-1 how strongly it keeps to its locks (wet hair does so nearly wholly).
    `parted` combs hair to either side of the midline; `whorl` is the direction from the middle of the head to where it
    turns. `lie_seed` is the lie of single strands, None for a new one; with `changed_fraction` below 1 the other hairs
    still lie as on the photo whose `lie_seed` was `earlier_lie_seed`.
    """

    combed_forward: float = 0.35
    unruly: float = 0.30
    wet: bool = False
    lift: float = 0.28
    gathered: float = 0.45
    lie_seed: int | None = None
    changed_fraction: float = 1.0
    earlier_lie_seed: int = 0
    parted: bool = False
    whorl: tuple[float, float, float] = WHORL_DIRECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class StrandLayer:
    """Drawn hair: linear RGB times opacity, (H, W, 3), and the opacity, (H, W)."""

    premultiplied: NDArray[np.float32]
    opacity: FractionMap


def draw_strands(
    scalp: Scalp, hair: StandingHair, camera: Camera, *, lamp: Lamp, style: Style, rng: np.random.Generator
) -> StrandLayer:
    """Return the hair of a day as a layer over the skin.

    A drawn line has the width of a canvas pixel, whatever the shaft; so each hair is drawn as often as its thickness
    holds that width (less than once: some of the hairs are left out, always the same), and the skin that hair hides
    does not depend on the size of the picture.
    """
    to_camera = camera.place_xyz - hair.root_xyz
    to_camera /= np.linalg.norm(to_camera, axis=1, keepdims=True)
    seen = np.flatnonzero((to_camera * normal_of(hair.root_xyz)).sum(1) > FACING_LEAST)
    depth = (hair.root_xyz[seen] - camera.place_xyz) @ camera.axes[2]
    line_um = 1000 * LINE_WIDTH * depth / (camera.focal_px * SUPERSAMPLED)
    times = np.floor(hair.thickness_um[seen] / line_um + chance(hair.root_xyz[seen], TAKEN)).astype(np.int64)
    drawn = hair.only(np.repeat(seen, times))
    copy = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    today = int(rng.integers(1, 2**20)) if style.lie_seed is None else style.lie_seed
    changed = chance(drawn.root_xyz, CHANGED) < style.changed_fraction
    paths, tones = [], []
    for seed, which in ((today, changed), (style.earlier_lie_seed, ~changed)):
        some = drawn.only(which)
        day = _Day(seed=seed, roots=some.root_xyz + 1e-3 * copy[which, None])
        path, lock = _paths(some, style, day)
        paths.append(path)
        tones.append(_tones(path, lock, camera, lamp, day) + TONES * some.is_grey[None, :])
    canvas = _drawn(np.concatenate(paths, axis=1), np.concatenate(tones, axis=1), camera, rng)
    return _downsampled(canvas, _palette(scalp, wet=style.wet))


def chance(places_xyz: PointsXYZ, *key: int) -> NDArray[np.float64]:
    """Return a number in 0-1 that belongs to each place on the head and to the key: the same on every photo."""
    salt = sum(number * factor for number, factor in zip(key, (1.6180339, 7.3890561), strict=False))
    return np.asarray(np.abs(np.sin(places_xyz @ np.array([12.9898, 78.233, 37.719]) + salt) * 43758.5453) % 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """The lie of the hair on one day: numbers by chance that belong to single hairs, however the camera stands."""

    seed: int
    roots: PointsXYZ

    def even(self, channel: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        return low + (high - low) * chance(self.roots, channel, self.seed)

    def normal(self, channel: int) -> NDArray[np.float64]:
        """Return normal numbers, one a hair (Box & Muller)."""
        radius = np.sqrt(-2 * np.log(np.maximum(self.even(channel), 1e-9)))
        return np.asarray(radius * np.cos(2 * np.pi * self.even(channel + 100)))

    def normal_xyz(self, channel: int) -> PointsXYZ:
        return np.stack([self.normal(channel + axis) for axis in range(3)], axis=-1)


def _drawn(
    paths: NDArray[np.float64], tones: NDArray[np.int64], camera: Camera, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the canvas of tones, 0 where no strand lies: pieces near the root first, so that tips lie on top."""
    width, height = camera.size_px
    canvas = np.zeros((height * SUPERSAMPLED, width * SUPERSAMPLED), np.uint8)
    pixels = (camera.project(paths.reshape(-1, 3)).reshape(paths.shape[0], -1, 2) + 0.5) * SUPERSAMPLED - 0.5
    places = np.round(pixels * 16).astype(np.int32)
    for step in range(len(paths) - 1):
        segments = np.stack([places[step], places[step + 1]], axis=1)
        order = np.argsort(tones[step], kind="stable")
        bounds = np.searchsorted(tones[step][order], np.arange(2 * TONES + 1))
        for tone in rng.permutation(2 * TONES):
            chosen = segments[order[bounds[tone] : bounds[tone + 1]]]
            if len(chosen):
                cv2.polylines(canvas, list(chosen), False, int(tone) + 1, 1, cv2.LINE_8, 4)
    return canvas


def _paths(hair: StandingHair, style: Style, day: _Day) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (SEGMENTS + 1, N, 3) points along each strand, and the lock that each strand keeps to."""
    guides, lock = _locks(hair.root_xyz, day.seed)
    locks = _Day(seed=day.seed, roots=guides)
    stray = 0.95 * style.unruly * locks.normal_xyz(10)
    height_mm = np.minimum(style.lift * hair.length_mm, HIGHEST_MM) * locks.even(20, 0.45, 1.0)[lock]
    height_mm *= day.even(21, 0.6, 1.0) * (0.3 if style.wet else 1.0)
    own = _grown(
        hair.root_xyz, hair.length_mm, 0.55 * style.unruly * day.normal_xyz(22) + stray[lock], height_mm, style
    )
    led = _grown(
        guides, _mean_of(hair.length_mm, lock, len(guides)), stray, _mean_of(height_mm, lock, len(guides)), style
    )
    gathered = 0.9 if style.wet else style.gathered
    pull = gathered * np.clip(hair.length_mm / LONG_MM, 0, 1) * day.even(30, 0.5, 1.0)
    along = np.linspace(0, 1, SEGMENTS + 1)[:, None] ** 1.3
    share = (pull[None, :] * along)[..., None]
    return own * (1 - share) + led[:, lock] * share, lock


def _locks(roots: PointsXYZ, seed: int) -> tuple[PointsXYZ, NDArray[np.int64]]:
    """Return the middles of the locks of a day, and the lock to which each strand belongs."""
    if len(roots) == 0:
        return roots, np.zeros(0, np.int64)
    offset = chance(np.eye(3), 40, seed)
    cells = np.unique(np.floor(roots / LOCK_MM + offset).astype(np.int64), axis=0)
    middles = (cells + 0.5 - offset) * LOCK_MM
    middles += 0.3 * LOCK_MM * _Day(seed=seed, roots=middles).normal_xyz(41)
    guides = direction_of(middles) * SEMI_AXES_MM
    _, lock = cKDTree(guides).query(roots)
    return guides, np.asarray(lock, np.int64)


def _mean_of(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """Return the mean of the values of each group, 0 for an empty one."""
    return np.asarray(np.bincount(group, values, groups) / np.maximum(np.bincount(group, minlength=groups), 1))


def _grown(
    roots: PointsXYZ,
    length_mm: NDArray[np.float64],
    wander: PointsXYZ,
    height_mm: NDArray[np.float64],
    style: Style,
) -> NDArray[np.float64]:
    """Return (SEGMENTS + 1, N, 3): each strand rises from the skin, then follows the lie of the hair on the head."""
    points = [roots]
    place = roots
    for step in range(1, SEGMENTS + 1):
        normal = normal_of(place)
        lie = _lie(place, style) + wander
        lie -= (lie * normal).sum(1, keepdims=True) * normal
        lie /= np.linalg.norm(lie, axis=1, keepdims=True) + 1e-9
        place = direction_of(place + lie * (length_mm / SEGMENTS)[:, None]) * SEMI_AXES_MM
        rise = 1 - (1 - step / SEGMENTS) ** 2
        points.append(place + normal_of(place) * (rise * height_mm)[:, None])
    return np.stack(points)


def _lie(points: PointsXYZ, style: Style) -> PointsXYZ:
    """Return the direction in which hair grows out of the whorl, with its swirl, and how it is combed."""
    whorl = np.array(style.whorl) / np.linalg.norm(style.whorl)
    away = direction_of(points) - whorl
    distance = np.linalg.norm(away, axis=1, keepdims=True) + 1e-6
    swirl = np.cross(whorl, away / distance)
    comb = np.array([0.12, style.combed_forward, 0.0])
    if style.parted:
        comb = comb + PARTED * np.sign(points[:, :1]) * np.array([1.0, 0.0, 0.0]) * (points[:, 1:2] > PARTED_FROM_MM)
    waves = np.sin(points @ np.array([[0.05, 0.02, 0.03], [0.02, -0.06, 0.01], [-0.03, 0.01, 0.05]]))
    return np.asarray(away / distance + 0.7 * np.exp(-distance / 0.35) * swirl + comb + style.unruly * 0.6 * waves)


def _tones(
    paths: NDArray[np.float64], lock: NDArray[np.int64], camera: Camera, lamp: Lamp, day: _Day
) -> NDArray[np.int64]:
    """Return the brightness level of each piece of each strand: light across a fibre (Kajiya & Kay 1989)."""
    tangent = np.diff(paths, axis=0)
    tangent /= np.linalg.norm(tangent, axis=2, keepdims=True) + 1e-9
    towards = np.array(lamp.direction) / np.linalg.norm(lamp.direction)
    to_camera = camera.place_xyz - paths[:-1]
    to_camera /= np.linalg.norm(to_camera, axis=2, keepdims=True)
    half = towards + to_camera
    half /= np.linalg.norm(half, axis=2, keepdims=True)
    across = np.sqrt(np.clip(1 - (tangent @ towards) ** 2, 0, 1))
    glint = np.clip(1 - (tangent * half).sum(2) ** 2, 0, 1) ** 24
    lit = np.clip((normal_of(paths[:-1]) @ towards) * 0.8 + 0.35, 0.05, 1)
    ambient = lamp.ambient_fraction
    light = ambient * 0.6 + (1 - ambient) * lit * (0.5 * across + 0.65 * glint)
    of_lock = _Day(seed=day.seed, roots=np.stack([lock, lock % 7, lock % 5], axis=-1).astype(np.float64))
    light = light * np.exp(0.22 * day.normal(50) + 0.20 * of_lock.normal(51))[None, :]
    depth = np.linspace(0.55, 1.1, len(light))[:, None]  # roots lie in the shade of their neighbours
    return np.asarray(np.clip(np.round(light * depth * TONES / 1.4), 0, TONES - 1), np.int64)


def _palette(scalp: Scalp, *, wet: bool) -> NDArray[np.float32]:
    """Return the linear RGB of each tone: nothing, dark to bright hair, dark to bright grey hair."""
    levels = (np.arange(TONES) / TONES * 1.4)[:, None]
    sheen = (0.11 if wet else 0.05) * np.clip(levels - 0.55, 0, None)
    body = 0.7 if wet else 1.25
    own = levels * np.array(scalp.colours.hair) * body + sheen
    grey = levels * np.array([0.30, 0.295, 0.285]) * body + sheen
    return np.concatenate([np.zeros((1, 3)), own, grey]).astype(np.float32)


def _downsampled(canvas: NDArray[np.uint8], palette: NDArray[np.float32]) -> StrandLayer:
    height, width = canvas.shape[0] // SUPERSAMPLED, canvas.shape[1] // SUPERSAMPLED
    size = (width, height)
    colour = cv2.resize(palette[canvas], size, interpolation=cv2.INTER_AREA)
    opacity = cv2.resize((canvas > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return StrandLayer(premultiplied=np.asarray(colour, np.float32), opacity=np.asarray(opacity, np.float32))
