"""Diameters of shafts from their profile in linear light at full resolution, corrected for blur.

Blur spreads light, not grey values: at half of the linear light a sharp-edged shaft keeps its true width however much
it is blurred, as long as it is wider than about three standard deviations of the blur. Below that the width at half
light approaches that of the blur alone, which is undone by a table.
"""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from hairtrack.imaging.types import GrayImage, Rgb8Image
from hairtrack.segment.shaft_pixels import CHANNEL_WEIGHTS_RGB
from hairtrack.segment.shaft_sides import Floats, sampled

_STEP_PX = 0.5
_ALONG = np.linspace(0.25, 0.8, 9)
_LEAST_RISE = 0.7
"""Both sides must come back to this share of the skin's light, else a neighbour touches."""

_LEAST_BLUR_PX = 0.3
_WIDTH_IN_EDGES = (3.6, 3.7, 4.2, 5.0)
_EDGE_IN_BLUR = (0.83, 0.88, 0.95, 1.0)
"""The edge of a narrow shaft looks steeper than its blur: width at half light over apparent blur of the edge, and that
blur over the true one, from the difference of two error functions. Below the first width they say nothing."""

_STEEPEST = 0.72
"""The same where no shaft is wider: between a line (0.66) and a shaft of twice the blur (0.79)."""

_WIDTHS_IN_BLUR = np.linspace(0.0, 6.0, 121)

Light = Callable[[Rgb8Image], GrayImage]
"""Gives the light (h, w) of a part of a picture (h, w, 3)."""


def diameters_px(rgb8: Rgb8Image, ends_xy: Floats, expected_px: Floats, *, light: Light) -> Floats:
    """Return the diameter of each shaft in full-size pixels, NaN where another hair touches its middle.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    ends_xy
        (N, 2, 2) ends in full-size pixels.
    expected_px
        (N,) rough diameters; say how far to look.
    light
        Light in which hair is darker than skin, such as `linear_light`.
    """
    if not len(ends_xy):
        return np.zeros(0)
    vector = ends_xy[:, 1] - ends_xy[:, 0]
    along = vector / np.maximum(np.hypot(vector[:, 0], vector[:, 1]), 1e-9)[:, None]
    across = np.c_[-along[:, 1], along[:, 0]]
    places = ends_xy[:, None, 0] + _ALONG[None, :, None] * vector[:, None]
    measured = [
        _across(rgb8, light, places[index], across[index], float(expected_px[index])) for index in range(len(ends_xy))
    ]
    widths = np.array([width for width, _ in measured])
    blurs = np.array([blur for _, blur in measured])
    clear = np.isfinite(widths)
    if not clear.any():
        return widths
    return _unblurred(widths, max(_LEAST_BLUR_PX, _blur_px(widths[clear], blurs[clear])))


def _blur_px(widths: Floats, blurs: Floats) -> float:
    """Return the blur of the picture: that of the edges of shafts wide enough to tell it."""
    in_edges = widths / np.maximum(blurs, 1e-9)
    resolved = in_edges >= _WIDTH_IN_EDGES[0]
    if resolved.any():
        return float(np.median(blurs[resolved] / np.interp(in_edges[resolved], _WIDTH_IN_EDGES, _EDGE_IN_BLUR)))
    return float(np.median(blurs)) / _STEEPEST


def linear_light(rgb8: Rgb8Image) -> GrayImage:
    """Return (H, W) linear light of a uint8 sRGB picture, in the channels that see hair best."""
    gray = np.asarray(cv2.transform(rgb8, np.array([CHANNEL_WEIGHTS_RGB], np.float32)), np.uint8)
    return _curve()[gray]


@cache
def _curve() -> NDArray[np.float32]:
    """Return the linear light of each level of sRGB."""
    level = np.arange(256) / 255
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4).astype(np.float32)  # noqa: PLR2004 IEC 61966-2-1


def _sampled_light(rgb8: Rgb8Image, light: Light, points_xy: Floats) -> Floats:
    """Return the light at points (..., 2), made where they lie alone; cubic, as linear values blur oblique shafts."""
    size = np.array(rgb8.shape[1::-1])
    low = np.clip(np.floor(points_xy.min(axis=(0, 1))).astype(int) - 2, 0, size - 1)
    high = np.clip(np.ceil(points_xy.max(axis=(0, 1))).astype(int) + 2, 0, size - 1)
    part = np.ascontiguousarray(rgb8[low[1] : high[1] + 1, low[0] : high[0] + 1])
    return sampled(light(part), points_xy - low, between=cv2.INTER_CUBIC)


def _across(rgb8: Rgb8Image, light: Light, places: Floats, across: Floats, expected_px: float) -> tuple[float, float]:
    """Return the width at half light of one shaft, NaN when not clear, and the blur of its edges, both in pixels."""
    reach = np.arange(-1.3 * expected_px - 4, 1.3 * expected_px + 4.1, _STEP_PX)
    profiles = _sampled_light(rgb8, light, places[:, None] + reach[None, :, None] * across)
    profile = np.asarray(np.median(profiles, axis=0), np.float64)
    near = np.abs(reach) <= max(expected_px / 2, 2)
    core_at = int(np.flatnonzero(near)[np.argmin(profile[near])])
    core = profile[core_at]
    sides = []
    for flank in (profile[core_at::-1], profile[core_at:]):
        skin = float(np.max(flank))
        if skin <= core:
            return float("nan"), float("nan")
        half = (skin + core) / 2
        beyond = int(np.argmax(flank >= half))
        before = flank[beyond - 1]
        position = beyond - 1 + (half - before) / max(flank[beyond] - before, 1e-9)
        slope = float(np.max(np.abs(np.diff(flank[: beyond + 6])))) / _STEP_PX
        sides.append((position * _STEP_PX, skin, (skin - core) / max(slope, 1e-9) / np.sqrt(2 * np.pi)))
    (left, left_skin, left_blur), (right, right_skin, right_blur) = sides
    if min(left_skin, right_skin) - core < _LEAST_RISE * (max(left_skin, right_skin) - core):
        return float("nan"), float("nan")
    return left + right, (left_blur + right_blur) / 2


def _unblurred(widths_px: Floats, blur_px: float) -> Floats:
    """Return true widths of sharp shafts whose widths at half light were measured through a Gaussian blur."""
    seen = np.array([_half_width_seen(float(width)) for width in _WIDTHS_IN_BLUR[1:]])
    table = np.concatenate([[2.3548], seen])
    in_blur = widths_px / blur_px
    narrow = in_blur < table[-1]
    corrected = np.where(narrow, np.interp(in_blur, table, _WIDTHS_IN_BLUR), in_blur)
    return np.where(np.isfinite(widths_px), np.maximum(corrected, _LEAST_BLUR_PX) * blur_px, np.nan)


@cache
def _half_width_seen(width: float) -> float:
    """Return the full width at half depth of a shaft of unit blur."""
    x: NDArray[np.float64] = np.linspace(0, 8, 1601)
    depth = ndtr(x + width / 2) - ndtr(x - width / 2)
    return 2 * float(np.interp(-depth[0] / 2, -depth, x))
