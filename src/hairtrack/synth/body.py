"""Head, ears, neck, shoulders and room as a camera sees them, before any hair."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from hairtrack.imaging.types import Mask
from hairtrack.synth.camera import Camera
from hairtrack.synth.scalp import SEMI_AXES_MM, Scalp, bears_hair, normal_of

if TYPE_CHECKING:
    from hairtrack.synth.photo import Shot

HEAD, EAR, NECK, SHOULDERS = range(4)
PARTS: tuple[tuple[int, tuple[float, float, float], tuple[float, float, float]], ...] = (
    (HEAD, (0, 0, 0), (float(SEMI_AXES_MM[0]), float(SEMI_AXES_MM[1]), float(SEMI_AXES_MM[2]))),
    (HEAD, (0, 14, -62), (60, 76, 78)),
    (EAR, (79, -6, -14), (9, 19, 33)),
    (EAR, (-79, -6, -14), (9, 19, 33)),
    (NECK, (0, -22, -120), (58, 60, 110)),
    (SHOULDERS, (0, -20, -250), (235, 120, 105)),
)
"""What is seen, as ellipsoids: part, centre and semi-axes in mm. The second is jaw and face below the skull."""

NOISE_SIDE = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """For each pixel what stands behind it.

    Parameters
    ----------
    part
        (H, W) HEAD, EAR, NECK, SHOULDERS, or -1 for the room.
    points_xyz, normals
        (H, W, 3) on the body, 0 for the room.
    is_head, bears_hair
        (H, W) skull, and its hair-bearing part.
    """

    part: NDArray[np.int8]
    points_xyz: NDArray[np.float64]
    normals: NDArray[np.float64]
    is_head: Mask
    bears_hair: Mask


def look_at_body(camera: Camera) -> BodyView:
    """Return which part of the body each pixel shows, and where on it."""
    rays = camera.rays()
    depth = np.full(rays.shape[:2], np.inf)
    part = np.full(rays.shape[:2], -1, np.int8)
    which = np.full(rays.shape[:2], -1, np.int8)
    normals = np.zeros_like(rays)
    points = np.zeros_like(rays)
    for index, (name, centre, axes) in enumerate(PARTS):
        hit = _depth(camera.place_xyz - np.array(centre), rays, np.array(axes))
        nearer = hit < depth
        depth[nearer] = hit[nearer]
        part[nearer], which[nearer] = name, index
        points[nearer] = camera.place_xyz + hit[nearer, None] * rays[nearer]
        gradient = (points[nearer] - np.array(centre)) / np.array(axes) ** 2
        normals[nearer] = gradient / np.linalg.norm(gradient, axis=1, keepdims=True)
    is_skull = which == 0
    return BodyView(
        part=part,
        points_xyz=points,
        normals=normals,
        is_head=is_skull,
        bears_hair=is_skull & bears_hair(points),
    )


def _depth(origin: NDArray[np.float64], rays: NDArray[np.float64], axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance along each ray to an ellipsoid about the origin, infinite where it is missed."""
    stretched, start = rays / axes, origin / axes
    a = (stretched**2).sum(-1)
    b = stretched @ start
    discriminant = b * b - a * (start @ start - 1)
    return np.where(discriminant > 0, (-b - np.sqrt(np.maximum(discriminant, 0))) / a, np.inf)


def textured_skin(scalp: Scalp, body: BodyView, camera: Camera, shot: "Shot") -> NDArray[np.float32]:
    """Return the linear RGB of skin, cloth and room under the lamp, (H, W, 3)."""
    rng = np.random.default_rng([scalp.seed, 2])
    fine = _noise(body.points_xyz, 1.1, rng) + 0.8 * _noise(body.points_xyz, 2.7, rng)
    broad = _noise(body.points_xyz, 9.0, rng) + _noise(body.points_xyz, 31.0, rng)
    red = _noise(body.points_xyz, 14.0, rng)
    tone = 1 + 0.045 * fine + 0.055 * broad
    skin = np.array(scalp.colours.skin) * tone[..., None]
    skin[..., 0] *= 1 + 0.03 * red
    skin[..., 1:] *= (1 - 0.05 * red)[..., None]
    skin *= (1 - 0.62 * _marks(scalp, camera))[..., None]
    cloth = np.array(shot.cloth) * (1 + 0.25 * _noise(body.points_xyz, 1.6, rng))[..., None]
    surface = np.where((body.part == SHOULDERS)[..., None], cloth, skin)
    lit = surface * _lambert(body.normals, shot) + _shine(body, camera, shot, fine)
    return np.where((body.part >= 0)[..., None], lit, _room(camera, shot, rng)).astype(np.float32)


def _lambert(normals: NDArray[np.float64], shot: "Shot") -> NDArray[np.float64]:
    towards = np.array(shot.lamp.direction) / np.linalg.norm(shot.lamp.direction)
    direct = np.clip(normals @ towards, 0, 1)
    ambient = shot.lamp.ambient_fraction * (0.75 + 0.25 * normals[..., 2])
    return np.asarray((ambient + (1 - shot.lamp.ambient_fraction) * direct)[..., None])


def _shine(body: BodyView, camera: Camera, shot: "Shot", fine: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the reflection of the lamp on skin, broken up by its grain."""
    towards = np.array(shot.lamp.direction) / np.linalg.norm(shot.lamp.direction)
    to_camera = camera.place_xyz - body.points_xyz
    to_camera /= np.linalg.norm(to_camera, axis=-1, keepdims=True)
    half = to_camera + towards
    half /= np.linalg.norm(half, axis=-1, keepdims=True)
    gloss = np.clip((body.normals * half).sum(-1), 0, 1)
    strength = shot.lamp.shine * (0.55 * gloss**18 + gloss**70) * np.clip(1 + 0.35 * fine, 0.2, 2)
    return np.asarray(np.where(body.part == SHOULDERS, 0, strength)[..., None])


def _marks(scalp: Scalp, camera: Camera) -> NDArray[np.float32]:
    """Return how dark moles and freckles make each pixel, 0-1."""
    width, height = camera.size_px
    dark = np.zeros((height, width), np.float32)
    facing = ((camera.place_xyz - scalp.marks_xyz) * normal_of(scalp.marks_xyz)).sum(1) > 0
    radius_px = scalp.marks_mm * camera.px_per_mm_at(np.array([0.0, 0.0, 60.0]))
    for (x, y), radius in zip(camera.project(scalp.marks_xyz)[facing], radius_px[facing], strict=True):
        centre = (round(float(x) * 16), round(float(y) * 16))
        cv2.circle(dark, centre, max(8, round(float(radius) * 16)), 0.85, -1, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(dark, (0, 0), 0.9), np.float32)


def _room(camera: Camera, shot: "Shot", rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a wall out of focus: a few broad patches of light and shadow."""
    width, height = camera.size_px
    patches = rng.normal(0, 0.22, (5, 6)).astype(np.float32)
    light = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.array(shot.background) * np.clip(1 + light, 0.3, 1.8)[..., None])


def _noise(points_xyz: NDArray[np.float64], scale_mm: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return smooth noise of unit spread fixed to the skin: the same place has the same value on every photo."""
    lattice = rng.normal(size=(NOISE_SIDE,) * 3)
    places = np.moveaxis(points_xyz / scale_mm, -1, 0)
    return np.asarray(1.6 * map_coordinates(lattice, places, order=1, mode="grid-wrap"))
