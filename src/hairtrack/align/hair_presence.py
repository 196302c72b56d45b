"""Whether a hair of one close-up stands in the other: asked of the other picture itself, where it would have to be.

A hair that was merely overlooked when a close-up was read alone shows as a stroke at its place; bare skin does not.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import GrayImage, Rgb8Image

Floats = NDArray[np.float64]

_STROKES_REDUCED = 2
"""Shafts are 5 px wide or more at half size, and a quarter of the pixels are read."""

_WIDEST_STROKE_MM = 0.23
"""Half as wide again as the thickest hair (0.145 mm): shades of skin are wider."""

_TURNS_DEG = np.array([-15.0, -10.0, -5.0, 0.0, 5.0, 10.0, 15.0])
_OFFSETS_MM = np.array([-0.03, -0.015, 0.0, 0.015, 0.03])
"""How differently one hair may lie on two dates, and how far the map may be off at its root."""

_OWN_SHARES = np.linspace(0.2, 0.8, 9)
_SOUGHT_SHARES = np.linspace(0.1, 0.7, 9)
"""Places along the shaft that are read: the far end may have been clipped on the other date."""

_EXCUSE_COST = 0.05
"""What a turn of 20° or an offset of 0.03 mm costs, in units of the hair's own strength: straight on is preferred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HairSearch:
    """What the other picture shows at the places of K hairs.

    Parameters
    ----------
    strength_fraction
        (K,) strength of the best stroke there over that of the hair itself: about 1 when it stands there, about 0.1 on
        bare skin.
    found_xy
        (K, 2, 2) root and tip of that stroke.
    """

    strength_fraction: Floats
    found_xy: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Strokes:
    """Narrow strokes of a close-up at half size, (h, w) float32 grey levels: darker, and brighter, than what is near.

    Grey hair on dark skin is a bright stroke.
    """

    dark: GrayImage
    bright: GrayImage


def find_strokes(rgb8: Rgb8Image, *, px_per_mm: float) -> Strokes:
    """Return where a close-up shows strokes no wider than a shaft, and how strong: no shades.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    px_per_mm
        Scale; a nominal one will do.
    """
    gray = cv2.GaussianBlur(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), (0, 0), 1.5)
    half = cv2.resize(gray, None, fx=1 / _STROKES_REDUCED, fy=1 / _STROKES_REDUCED, interpolation=cv2.INTER_AREA)
    side = 2 * round(_WIDEST_STROKE_MM / 2 * px_per_mm / _STROKES_REDUCED) + 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    dark, bright = (
        np.asarray(cv2.morphologyEx(half, kind, element), np.float32) for kind in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)
    )
    return Strokes(dark=dark, bright=bright)


def search_hairs(
    own_strokes: Strokes, own_xy: Floats, other_strokes: Strokes, other_xy: Floats, *, px_per_mm: float
) -> HairSearch:
    """Return what stands in the other picture where hairs of the own one would be.

    Parameters
    ----------
    own_strokes, other_strokes
        Strokes of the picture that shows the hairs and of the one that is searched.
    own_xy, other_xy
        (K, 2, 2) root and tip of each hair in its own picture, and carried to the other.
    px_per_mm
        Scale of the other picture.
    """
    if not len(own_xy):
        return HairSearch(strength_fraction=np.zeros(0), found_xy=np.zeros((0, 2, 2)))
    turns, offsets = (grid.ravel() for grid in np.meshgrid(np.deg2rad(_TURNS_DEG), _OFFSETS_MM * px_per_mm))
    shaft = other_xy[:, 1] - other_xy[:, 0]
    across = np.c_[-shaft[:, 1], shaft[:, 0]]
    unit_across = across / np.maximum(np.linalg.norm(shaft, axis=1), 1e-6)[:, None]
    shafts = np.cos(turns)[None, :, None] * shaft[:, None] + np.sin(turns)[None, :, None] * across[:, None]
    roots = other_xy[:, None, 0] + offsets[None, :, None] * unit_across[:, None]
    own = np.stack(
        [_along(kind, own_xy[:, 0], own_xy[:, 1] - own_xy[:, 0], _OWN_SHARES) for kind in _kinds(own_strokes)]
    )
    there = np.stack([_along(kind, roots, shafts, _SOUGHT_SHARES) for kind in _kinds(other_strokes)])
    rows, kind = np.arange(len(own_xy)), own.argmax(axis=0)
    excuse = np.abs(turns) / np.deg2rad(20.0) + np.abs(offsets) / (0.03 * px_per_mm)
    worth = there[kind, rows] / np.maximum(own.max(axis=0), 1.0)[:, None] - _EXCUSE_COST * excuse
    best = worth.argmax(axis=1)
    root = roots[rows, best]
    return HairSearch(strength_fraction=worth[rows, best], found_xy=np.stack([root, root + shafts[rows, best]], axis=1))


def _kinds(strokes: Strokes) -> tuple[GrayImage, GrayImage]:
    return strokes.dark, strokes.bright


def _along(strokes: GrayImage, roots: Floats, shafts: Floats, shares: Floats) -> Floats:
    """Return the mean of a map along shafts (..., 2); the rim is continued."""
    points = (roots[..., None, :] + shares[:, None] * shafts[..., None, :] + 0.5) / _STROKES_REDUCED - 0.5
    flat = points.reshape(len(points), -1, 2).astype(np.float32)
    values = cv2.remap(strokes, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.asarray(values, np.float64).reshape(points.shape[:-1]).mean(axis=-1))
