"""Hair strand by strand: how it lies, how light falls on it, which share of each pixel it hides."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap
from hairtrack.synth.camera import Camera, Lamp
from hairtrack.synth.scalp import (
    MIDDLE_OF_SCALP,
    SEMI_AXES_MM,
    WHORL_DIRECTION,
    PointsXYZ,
    Scalp,
    direction_of,
    normal_of,
)

SUPERSAMPLED = 2
"""Strands are drawn one pixel wide on a canvas this much finer: about 0.09 mm on a photo of 5.5 px/mm."""

TONES = 60
SEGMENTS = 7
FACING_LEAST = -0.12
"""Hair that leans over the rim of the head is seen although its root is not."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How hair lies on one day: combed forward (mm sideways a mm of length), unruly, wet (in clumps), lifted."""

    combed_forward: float = 0.35
    unruly: float = 0.30
    wet: bool = False
    lift: float = 0.28


@dataclass(frozen=True, slots=True, kw_only=True)
class StrandLayer:
    """Drawn hair: linear RGB times opacity, (H, W, 3), and the opacity, (H, W)."""

    premultiplied: NDArray[np.float32]
    opacity: FractionMap


def draw_strands(
    scalp: Scalp, hair: StandingHair, camera: Camera, *, lamp: Lamp, style: Style, rng: np.random.Generator
) -> StrandLayer:
    """Return the hair of a day as a layer over the skin."""
    to_camera = camera.place_xyz - hair.root_xyz
    to_camera /= np.linalg.norm(to_camera, axis=1, keepdims=True)
    normals = normal_of(hair.root_xyz)
    seen = ((to_camera * normals).sum(1) > FACING_LEAST) & _drawn_for_its_kind(hair, camera)
    paths = _paths(hair.root_xyz[seen], hair.length_mm[seen], style, rng)
    tones = _tones(paths, camera, lamp, rng) + TONES * hair.is_grey[seen][None, :]
    return _downsampled(_drawn(paths, tones, camera, rng), _palette(scalp))


def _drawn_for_its_kind(hair: StandingHair, camera: Camera) -> NDArray[np.bool_]:
    """Return which hairs are drawn: a line of one canvas pixel is wider than a hair, so that fewer are drawn.

    The share drawn is the thickness over the width of the line, so that the covered area is that of the real hairs. The
    choice hangs on the root alone: it is the same hairs on every photo of one scale.
    """
    line_mm = 1 / (SUPERSAMPLED * camera.px_per_mm_at(MIDDLE_OF_SCALP))
    lot = np.modf(np.abs(np.sin(hair.root_xyz @ np.array([12.9898, 78.233, 37.719]))) * 43758.5453)[0]
    return np.asarray(lot < hair.thickness_um / 1000 / line_mm)


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


def _paths(
    roots: PointsXYZ, length_mm: NDArray[np.float64], style: Style, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return (SEGMENTS + 1, N, 3) points along each strand, lying on the head and a little above it."""
    count = len(roots)
    wander = style.unruly * rng.normal(size=(count, 3))
    if style.wet:
        wander += 0.55 * _clumped(roots, rng)
    points = [roots]
    place = roots
    for step in range(1, SEGMENTS + 1):
        normal = normal_of(place)
        lie = _lie(place, style) + wander
        lie -= (lie * normal).sum(1, keepdims=True) * normal
        lie /= np.linalg.norm(lie, axis=1, keepdims=True) + 1e-9
        moved = place + lie * (length_mm / SEGMENTS)[:, None]
        on_head = direction_of(moved) * SEMI_AXES_MM
        height = np.minimum(style.lift * length_mm * step / SEGMENTS, 5.0) * (0.4 if style.wet else 1.0)
        place = on_head
        points.append(on_head + normal_of(on_head) * height[:, None])
    return np.stack(points)


def _lie(points: PointsXYZ, style: Style) -> PointsXYZ:
    """Return the direction in which hair grows out of the whorl, with its swirl, and how it is combed."""
    whorl = WHORL_DIRECTION / np.linalg.norm(WHORL_DIRECTION)
    away = direction_of(points) - whorl
    distance = np.linalg.norm(away, axis=1, keepdims=True) + 1e-6
    swirl = np.cross(whorl, away / distance)
    comb = np.array([0.12, style.combed_forward, 0.0])
    return np.asarray(away / distance + 0.7 * np.exp(-distance / 0.35) * swirl + comb)


def _clumped(roots: PointsXYZ, rng: np.random.Generator) -> PointsXYZ:
    """Return the same sideways pull for hairs of one 6-mm neighbourhood: wet hair stands in clumps."""
    cells = np.floor(roots / 6.0).astype(np.int64) % 97
    pulls = rng.normal(size=(97, 3))
    return np.asarray(pulls[(cells[:, 0] * 31 + cells[:, 1] * 17 + cells[:, 2] * 7) % 97])


def _tones(paths: NDArray[np.float64], camera: Camera, lamp: Lamp, rng: np.random.Generator) -> NDArray[np.int64]:
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
    light = light * rng.lognormal(0, 0.28, light.shape[1])[None, :]
    depth = np.linspace(0.7, 1.1, len(light))[:, None]  # roots lie in the shade of their neighbours
    return np.asarray(np.clip(np.round(light * depth * TONES / 1.4), 0, TONES - 1), np.int64)


def _palette(scalp: Scalp) -> NDArray[np.float32]:
    """Return the linear RGB of each tone: nothing, dark to bright hair, dark to bright grey hair."""
    levels = (np.arange(TONES) / TONES * 1.4)[:, None]
    sheen = 0.05 * np.clip(levels - 0.55, 0, None)
    own = levels * np.array(scalp.colours.hair) * 1.25 + sheen
    grey = levels * np.array([0.42, 0.41, 0.40]) * 1.25 + sheen
    return np.concatenate([np.zeros((1, 3)), own, grey]).astype(np.float32)


def _downsampled(canvas: NDArray[np.uint8], palette: NDArray[np.float32]) -> StrandLayer:
    height, width = canvas.shape[0] // SUPERSAMPLED, canvas.shape[1] // SUPERSAMPLED
    size = (width, height)
    colour = cv2.resize(palette[canvas], size, interpolation=cv2.INTER_AREA)
    opacity = cv2.resize((canvas > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return StrandLayer(premultiplied=np.asarray(colour, np.float32), opacity=np.asarray(opacity, np.float32))
