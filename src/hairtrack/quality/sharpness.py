"""How far an edge is spread by blur, measured where edges are strong, along the direction that is worst."""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image

ANALYSIS_LONG_SIDE_PX = 640
"""Sharpness is measured on a copy no longer than this; spreads that a gate must tell apart are 1-5 px there."""

_FINE_PX = 1.0
_COARSE_PX = 2.0
_STRONG_FRACTION = 0.5
_TYPICAL_PERCENTILE = 60.0
_DIRECTIONS = 6
_MIN_EDGES = 15
_WIDEST_PX = 20.0
_FLOOR_LEVELS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BlurSpread:
    """Spread of edges as a Gaussian sigma in pixels of the picture given.

    Parameters
    ----------
    worst_px
        In the direction in which edges are widest; this is what strands across it suffer.
    best_px
        In the direction in which they are narrowest. Much smaller than `worst_px` when the camera or head moved.
    """

    worst_px: float
    best_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Edges of a picture, on a copy of `scale` times its size.

    Parameters
    ----------
    fine_xy, coarse_xy
        Two (h, w) each: gradient after a small blur and after a larger one.
    strength
        (h, w) of the fine gradient.
    crest
        (h, w) where an edge is strongest.
    scale
        Size of the copy, 0-1.
    """

    fine_xy: tuple[GrayImage, GrayImage]
    coarse_xy: tuple[GrayImage, GrayImage]
    strength: GrayImage
    crest: Mask
    scale: float


def edges_of(rgb8: Rgb8Image) -> Edges:
    """Return the edges of a picture, (H, W, 3) uint8."""
    gray = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.float32)
    scale = min(1.0, ANALYSIS_LONG_SIDE_PX / max(gray.shape))
    if scale < 1.0:
        gray = np.asarray(cv2.resize(gray, _reduced_size(gray.shape, scale), interpolation=cv2.INTER_AREA), np.float32)
    fine_xy = _gradient(gray, _FINE_PX)
    strength = np.hypot(*fine_xy)
    return Edges(
        fine_xy=fine_xy,
        coarse_xy=_gradient(gray, _COARSE_PX),
        strength=strength,
        crest=strength >= 0.95 * np.asarray(cv2.dilate(strength, np.ones((3, 3), np.uint8))),
        scale=scale,
    )


def blur_spread(edges: Edges, area: Mask) -> BlurSpread | None:
    """Return how widely blur spreads the strong edges in an area, or None when it has too few of them.

    A second, known blur changes a sharp edge much and a blurred one little: at a step edge the gradient falls by
    ``r = sqrt((s² + b²) / (s² + a²))`` between the scales a and b, which is solved for the spread s (Zhuo & Sim,
    Pattern Recognition 44, 2011, doi 10.1016/j.patcog.2011.03.009). Only edges of at least half the strongest
    gradient are asked, so that smooth skin and noise have no say: a bald head is judged by its outline, ears,
    wrinkles and highlights. Edges are grouped by direction and the worst group counts, since a movement spares
    edges along its way.

    Parameters
    ----------
    edges
        Of a picture.
    area
        (H, W) at the size of that picture, where to look; the outermost pixels of the frame are never looked at.
    """
    where = _reduced(area, edges.scale)
    strength, (fine_x, fine_y), (coarse_x, coarse_y) = edges.strength, edges.fine_xy, edges.coarse_xy
    inside = strength[where]
    if inside.size == 0:
        return None
    floor = max(_STRONG_FRACTION * float(np.percentile(inside, 99.5)), _FLOOR_LEVELS)
    chosen = where & edges.crest & (strength >= floor)
    along = (fine_x[chosen] * coarse_x[chosen] + fine_y[chosen] * coarse_y[chosen]) / strength[chosen]
    ratio = strength[chosen] / np.maximum(along, 1e-3 * strength[chosen])
    direction = (np.arctan2(fine_y[chosen], fine_x[chosen]) % np.pi / (np.pi / _DIRECTIONS)).astype(int) % _DIRECTIONS
    typical = [
        float(np.percentile(ratio[direction == d], _TYPICAL_PERCENTILE))
        for d in range(_DIRECTIONS)
        if np.count_nonzero(direction == d) >= _MIN_EDGES
    ]
    if not typical:
        return None
    return BlurSpread(worst_px=_spread_px(min(typical)) / edges.scale, best_px=_spread_px(max(typical)) / edges.scale)


def _reduced_size(shape: tuple[int, ...], scale: float) -> tuple[int, int]:
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


def _reduced(area: Mask, scale: float) -> Mask:
    near = area.astype(np.uint8)
    if scale < 1.0:
        near = np.asarray(cv2.resize(near, _reduced_size(area.shape, scale), interpolation=cv2.INTER_NEAREST), np.uint8)
    where = near.astype(np.bool_)
    border = int(np.ceil(3 * _COARSE_PX))
    where[:border] = where[-border:] = False
    where[:, :border] = where[:, -border:] = False
    return where


def _gradient(gray: GrayImage, sigma_px: float) -> tuple[GrayImage, GrayImage]:
    smooth = cv2.GaussianBlur(gray, (0, 0), sigma_px)
    return (
        np.asarray(cv2.Scharr(smooth, cv2.CV_32F, 1, 0, scale=1 / 32), np.float32),
        np.asarray(cv2.Scharr(smooth, cv2.CV_32F, 0, 1, scale=1 / 32), np.float32),
    )


def _spread_px(ratio: float) -> float:
    square = ratio * ratio
    if square <= 1.0:
        return _WIDEST_PX
    return float(np.sqrt(np.clip((_COARSE_PX**2 - square * _FINE_PX**2) / (square - 1.0), 0.0, _WIDEST_PX**2)))
