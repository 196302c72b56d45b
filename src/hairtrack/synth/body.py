"""Head, face, ears, neck, shoulders and room as a camera sees them, before any hair.

The skull is one ellipsoid and is cast exactly, at every pixel: truth rests on it alone. What stands around it is drawn
at half size and enlarged, since a phone's picture of skin and cloth holds nothing finer.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from hairtrack.imaging.types import Mask
from hairtrack.synth.camera import Camera
from hairtrack.synth.room import cloth_colour, room_behind
from hairtrack.synth.scalp import SEMI_AXES_MM, Scalp, SkinSigns, bears_hair, normal_of
from hairtrack.synth.signs import CRUST_COLOUR, crust_share, light_left

if TYPE_CHECKING:
    from hairtrack.synth.photo import Shot

SKIN, CLOTH = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An ellipsoid of the body: what covers it, centre and semi-axes in mm, and how far it is turned about z."""

    cover: int
    centre: tuple[float, float, float]
    axes: tuple[float, float, float]
    yaw_deg: float = 0.0


SKULL = Part(
    cover=SKIN, centre=(0, 0, 0), axes=(float(SEMI_AXES_MM[0]), float(SEMI_AXES_MM[1]), float(SEMI_AXES_MM[2]))
)
PARTS: tuple[Part, ...] = (
    SKULL,
    Part(cover=SKIN, centre=(0, 20, -58), axes=(62, 74, 70)),
    Part(cover=SKIN, centre=(0, 46, -96), axes=(44, 50, 44)),
    Part(cover=SKIN, centre=(0, 97, -48), axes=(12, 21, 25)),
    Part(cover=SKIN, centre=(0, 86, -22), axes=(9, 18, 26)),
    Part(cover=SKIN, centre=(26, 72, 2), axes=(27, 17, 9), yaw_deg=-14),
    Part(cover=SKIN, centre=(-26, 72, 2), axes=(27, 17, 9), yaw_deg=14),
    Part(cover=SKIN, centre=(80, -12, -16), axes=(6, 17, 31), yaw_deg=24),
    Part(cover=SKIN, centre=(-80, -12, -16), axes=(6, 17, 31), yaw_deg=-24),
    Part(cover=SKIN, centre=(77, 0, -40), axes=(6, 9, 11), yaw_deg=12),
    Part(cover=SKIN, centre=(-77, 0, -40), axes=(6, 9, 11), yaw_deg=-12),
    Part(cover=SKIN, centre=(0, -24, -125), axes=(57, 59, 120)),
    Part(cover=SKIN, centre=(0, -34, -196), axes=(104, 62, 62)),
    Part(cover=CLOTH, centre=(0, -30, -268), axes=(212, 112, 96)),
    Part(cover=CLOTH, centre=(178, -26, -272), axes=(66, 78, 82)),
    Part(cover=CLOTH, centre=(-178, -26, -272), axes=(66, 78, 82)),
    Part(cover=CLOTH, centre=(0, -26, -186), axes=(72, 66, 20)),
)
"""Skull; face, chin, nose, bridge, brows, ears, lobes, neck and its slope; trunk, upper arms and collar."""

MELT_MM = 5.0
"""Depth over which neighbouring parts of skin share their normals, so that no seam shows."""

NOISE_SIDE = 48
COARSER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SkullView:
    """For each pixel the skin of the skull behind it, if nothing stands before it.

    Parameters
    ----------
    points_xyz
        (H, W, 3) on the skull, 0 elsewhere.
    is_head, bears_hair
        (H, W) skull, and its hair-bearing part.
    """

    points_xyz: NDArray[np.float64]
    is_head: Mask
    bears_hair: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """For each pixel of the coarser picture the outermost point of the body: where, how it faces, what covers it."""

    points_xyz: NDArray[np.float64]
    normals: NDArray[np.float64]
    cover: NDArray[np.int8]
    is_ear: Mask


def look_at_skull(camera: Camera) -> SkullView:
    """Return where each pixel meets the skull; ears and nose hide it, hair does not."""
    rays = camera.rays()
    nearest = np.full(rays.shape[:2], np.inf)
    skull = _depth(SKULL, camera.place_xyz, rays)
    for part in PARTS[1:]:
        box = _box(part, camera)
        nearest[box] = np.minimum(nearest[box], _depth(part, camera.place_xyz, rays[box]))
    is_head = np.isfinite(skull) & (skull <= nearest)
    points = np.where(is_head[..., None], camera.place_xyz + np.where(is_head, skull, 0)[..., None] * rays, 0.0)
    return SkullView(points_xyz=points, is_head=is_head, bears_hair=is_head & bears_hair(points))


def skull_seen_at(camera: Camera, points_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, 3) places of the skull that points of a picture show, NaN where they show something else."""
    rays = camera.rays_through(points_xy)
    depths = np.stack([_depth(part, camera.place_xyz, rays) for part in PARTS])
    shows = np.isfinite(depths[0]) & (depths[0] <= depths[1:].min(axis=0))
    return np.where(shows[:, None], camera.place_xyz + np.where(shows, depths[0], 0)[:, None] * rays, np.nan)


def skin_seen(camera: Camera) -> Mask:
    """Return (H, W) where skin of head, face, ears or neck stands before the room and the clothes, hair aside."""
    skin = (_surface(camera.coarser(COARSER)).cover == SKIN).astype(np.float32)
    return np.asarray(cv2.resize(skin, camera.size_px, interpolation=cv2.INTER_LINEAR) > 0.5, np.bool_)  # noqa: PLR2004 half of a pixel


def _box(part: Part, camera: Camera) -> tuple[slice, slice]:
    """Return the rows and columns of the picture that an ellipsoid can reach."""
    reach = max(part.axes)
    centre = np.array(part.centre)
    depth = (centre - camera.place_xyz) @ camera.axes[2]
    width, height = camera.size_px
    if depth <= reach:
        return slice(0, height), slice(0, width)
    x, y = camera.project(centre[None])[0]
    radius = camera.focal_px * reach / (depth - reach) + 2
    columns = slice(int(np.clip(x - radius, 0, width)), int(np.clip(x + radius, 0, width)))
    rows = slice(int(np.clip(y - radius, 0, height)), int(np.clip(y + radius, 0, height)))
    return rows, columns


def _turn(part: Part) -> NDArray[np.float64]:
    """Return the rotation that brings the head's frame into the part's own."""
    yaw = np.deg2rad(part.yaw_deg)
    return np.array([[np.cos(yaw), np.sin(yaw), 0], [-np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])


def _depth(part: Part, place_xyz: NDArray[np.float64], rays: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance along each ray to an ellipsoid, infinite where it is missed."""
    into = _turn(part) / np.array(part.axes)[:, None]
    stretched, start = rays @ into.T, into @ (place_xyz - np.array(part.centre))
    a = (stretched**2).sum(-1)
    b = stretched @ start
    discriminant = b * b - a * (start @ start - 1)
    return np.where(discriminant > 0, (-b - np.sqrt(np.maximum(discriminant, 0))) / a, np.inf)


def _surface(camera: Camera) -> Surface:
    rays = camera.rays()
    shape = rays.shape[:2]
    depths = np.full((len(PARTS), *shape), np.inf)
    for index, part in enumerate(PARTS):
        box = _box(part, camera)
        depths[index][box] = _depth(part, camera.place_xyz, rays[box])
    nearest = depths.min(axis=0)
    which = depths.argmin(axis=0)
    known = np.isfinite(nearest)
    points = np.where(known[..., None], camera.place_xyz + np.where(known, nearest, 0)[..., None] * rays, 0.0)
    covers = np.array([part.cover for part in PARTS], np.int8)
    cover = np.where(known, covers[which], np.int8(-1))
    normals = np.zeros((*shape, 3))
    reach = np.where(known, nearest + 3 * MELT_MM, 0)
    for index, part in enumerate(PARTS):
        near = (depths[index] < reach) & (cover == part.cover)
        weight = np.exp(-(depths[index][near] - nearest[near]) / MELT_MM)
        turn = _turn(part)
        local = (points[near] - np.array(part.centre)) @ turn.T / np.array(part.axes) ** 2
        facing = local @ turn
        normals[near] += weight[:, None] * facing / np.linalg.norm(facing, axis=1, keepdims=True)
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    is_ear = known & (np.abs(np.array([part.centre[0] for part in PARTS])[which]) > 70) & (cover == SKIN)  # noqa: PLR2004 mm
    return Surface(points_xyz=points, normals=normals / np.maximum(length, 1e-9), cover=cover, is_ear=is_ear)


def textured_skin(scalp: Scalp, camera: Camera, shot: "Shot") -> NDArray[np.float32]:
    """Return the linear RGB of skin, cloth and room under the lamp, (H, W, 3)."""
    coarse = camera.coarser(COARSER)
    surface = _surface(coarse)
    rng = np.random.default_rng([scalp.seed, 2])
    fine = _noise(surface.points_xyz, 1.3, rng) + 0.8 * _noise(surface.points_xyz, 3.1, rng)
    broad = _noise(surface.points_xyz, 12.0, rng)
    red = _noise(surface.points_xyz, 21.0, rng)
    bumps = np.stack([red, broad, -red], axis=-1)
    is_cloth = surface.cover == CLOTH
    normals = surface.normals + np.where(is_cloth[..., None], 0.30, 0.035) * bumps
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-9)
    colour = np.where(
        is_cloth[..., None], cloth_colour(surface.points_xyz, shot), _skin(scalp, surface, fine, broad, red)
    )
    lit = colour * _light(normals, is_cloth, shot) * _crevices(surface, camera)
    lit += _shine(surface, normals, coarse, shot, fine)
    known = (surface.cover >= 0).astype(np.float32)
    size = camera.size_px
    room = room_behind(size, shot)
    inside = cv2.resize(known, size, interpolation=cv2.INTER_LINEAR)[..., None]
    body = cv2.resize((lit * known[..., None]).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    picture = body + (1 - inside) * room
    marked = picture * (1 - 0.62 * _marks(scalp, camera))[..., None]
    return np.asarray(marked if scalp.signs is None else _crusted(marked, scalp, scalp.signs, camera), np.float32)


def _crusted(picture: NDArray[np.float32], scalp: Scalp, signs: SkinSigns, camera: Camera) -> NDArray[np.float32]:
    """Return skin with its crusts, lit as the skin below them."""
    light = cv2.GaussianBlur(picture, (0, 0), 3.0).mean(axis=2, keepdims=True) / np.mean(scalp.colours.skin)
    share = crust_share(signs, camera)[..., None]
    return np.asarray(picture * (1 - share) + CRUST_COLOUR * light * share, np.float32)


def _skin(
    scalp: Scalp,
    surface: Surface,
    fine: NDArray[np.float64],
    broad: NDArray[np.float64],
    red: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the colour of skin: mottled, redder on ears, paler and less red on the scalp, browns drawn on."""
    skin = np.array(scalp.colours.skin) * (1 + 0.05 * fine + 0.05 * broad)[..., None]
    if scalp.signs is not None:
        skin = skin * light_left(scalp.signs, surface.points_xyz)
    flush = 0.05 * red + 0.16 * surface.is_ear
    skin = skin * np.stack([1 + 0.4 * flush, 1 - 0.8 * flush, 1 - 0.8 * flush], axis=-1)
    x, y, z = np.moveaxis(surface.points_xyz, -1, 0)
    brow = np.exp(-(((np.abs(x) - 30) / 19) ** 4) - ((z - 4 + 0.004 * (np.abs(x) - 30) ** 2) / 4.5) ** 2) * (y > 40)  # noqa: PLR2004 mm
    brow *= np.clip(0.75 + 0.35 * fine, 0, 1)
    eye = np.exp(-(((np.abs(x) - 31) / 15) ** 2) - ((z + 14) / 8) ** 2) * (y > 40)  # noqa: PLR2004 mm
    skin = skin * (1 - 0.30 * eye)[..., None]
    hair = np.array(scalp.colours.hair) * 0.9
    return np.asarray(skin * (1 - 0.8 * brow[..., None]) + 0.8 * brow[..., None] * hair)


def _light(normals: NDArray[np.float64], is_cloth: NDArray[np.bool_], shot: "Shot") -> NDArray[np.float64]:
    """Return the light that falls on a surface: a broad lamp, the sky of a room, its floor; skin lets red through."""
    towards = np.array(shot.lamp.direction) / np.linalg.norm(shot.lamp.direction)
    cosine = normals @ towards
    wraps = np.array([0.34, 0.24, 0.20])
    wrapped = np.clip((cosine[..., None] + wraps) / (1 + wraps), 0, 1)
    direct = np.where(is_cloth[..., None], np.clip(cosine[..., None], 0, 1), wrapped)
    up = 0.5 + 0.5 * normals[..., 2:]
    ambient = up * np.array([0.95, 0.98, 1.04]) + (1 - up) * np.array([0.50, 0.44, 0.38])
    share = shot.lamp.ambient_fraction
    return np.asarray(share * ambient + (1 - share) * direct)


def _crevices(surface: Surface, camera: Camera) -> NDArray[np.float64]:
    """Return how much light is lost where a surface turns away, and on cloth and neck below the head."""
    to_camera = camera.place_xyz - surface.points_xyz
    to_camera /= np.linalg.norm(to_camera, axis=-1, keepdims=True)
    facing = np.clip((surface.normals * to_camera).sum(-1), 0, 1)
    rim = 0.72 + 0.28 * facing**0.6
    x, y, z = np.moveaxis(surface.points_xyz, -1, 0)
    below = np.clip((-z - 70) / 110, 0, 1) * np.exp(-((x / 130) ** 2) - ((y / 150) ** 2))
    return np.asarray((rim * (1 - 0.5 * below))[..., None])


def _shine(
    surface: Surface, normals: NDArray[np.float64], camera: Camera, shot: "Shot", fine: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the reflection of the lamp on skin, broken up by its grain."""
    towards = np.array(shot.lamp.direction) / np.linalg.norm(shot.lamp.direction)
    to_camera = camera.place_xyz - surface.points_xyz
    to_camera /= np.linalg.norm(to_camera, axis=-1, keepdims=True)
    half = to_camera + towards
    half /= np.linalg.norm(half, axis=-1, keepdims=True)
    gloss = np.clip((normals * half).sum(-1), 0, 1)
    strength = shot.lamp.shine * (0.5 * gloss**14 + gloss**60) * np.clip(1 + 0.4 * fine, 0.2, 2)
    return np.asarray(np.where(surface.cover == SKIN, strength, 0)[..., None])


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


def _noise(points_xyz: NDArray[np.float64], scale_mm: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return smooth noise of unit spread fixed to the skin: the same place has the same value on every photo."""
    lattice = rng.normal(size=(NOISE_SIDE,) * 3)
    places = np.moveaxis(points_xyz / scale_mm, -1, 0)
    return np.asarray(1.6 * map_coordinates(lattice, places, order=1, mode="grid-wrap"))
