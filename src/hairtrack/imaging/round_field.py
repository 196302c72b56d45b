"""The round field of a dermoscope: a lit disc on black, of which a part may lie outside the picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.types import Mask, PointsXY, Rgb8Image

_LONG_SIDE_PX = 512
_DARKEST_LIT_LEVELS = 28
"""Behind the rim of a dermoscope nothing is lit; the darkest skin in its light is brighter than this of 255 levels."""

_LEAST_BLACK_FRACTION = 0.02
_LEAST_ARC_FRACTION = 0.25
"""A circle is known from a quarter of its rim on."""

_MOST_UNROUND = 0.01
"""Spread of the rim's distance from its centre, in radii; the rim of a shadow is never this round."""

_DIM_RIM_FRACTION = 0.03
"""Just within the rim light falls off: this share of the radius shows no skin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundField:
    """A lit disc, in full-size pixels; `std_px` is the standard uncertainty of its diameter."""

    centre_xy: tuple[float, float]
    diameter_px: float
    std_px: float

    def outside(self, shape: tuple[int, int]) -> Mask:
        """Return (H, W) mask: beyond the field, or at its dim rim."""
        rows, columns = np.ogrid[: shape[0], : shape[1]]
        limit = self.diameter_px / 2 * (1 - _DIM_RIM_FRACTION)
        return np.asarray(np.hypot(columns - self.centre_xy[0], rows - self.centre_xy[1]) > limit, np.bool_)


def find_round_field(rgb8: Rgb8Image) -> RoundField | None:
    """Return the round field of a picture, None when its light does not end in a circle.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    """
    height, width = rgb8.shape[:2]
    factor = max(1.0, max(height, width) / _LONG_SIDE_PX)
    size = (round(width / factor), round(height / factor))
    brightest = cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA).max(axis=2)
    lit = (cv2.medianBlur(np.asarray(brightest, np.uint8), 5) > _DARKEST_LIT_LEVELS).astype(np.uint8)
    if 1 - lit.mean() < _LEAST_BLACK_FRACTION:
        return None
    closed = cv2.morphologyEx(lit, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    rim = np.asarray(max(outlines, key=cv2.contourArea).reshape(-1, 2), np.float64)
    free = (rim > 1).all(axis=1) & (rim < [size[0] - 2, size[1] - 2]).all(axis=1)
    circle = _circle(rim[free])
    if circle is None:
        return None
    centre, radius, spread = circle
    arc = free.sum() / (2 * np.pi * radius * 0.9)  # steps of an outline are 1 to 1.41 pixels long
    if arc < _LEAST_ARC_FRACTION or spread > _MOST_UNROUND * radius:
        return None
    full = (centre + 0.5) * factor - 0.5
    return RoundField(
        centre_xy=(float(full[0]), float(full[1])),
        diameter_px=float(2 * (radius + 0.5) * factor),
        std_px=float(np.hypot(1.0, 2 * spread) * factor),
    )


def _circle(points_xy: PointsXY) -> tuple[PointsXY, float, float] | None:
    """Return centre, radius and spread of points about their circle of least squares (Kåsa 1976)."""
    if len(points_xy) < 30:  # noqa: PLR2004 no rim
        return None
    kept = points_xy
    for _ in range(3):  # hairs that leave the field dent its rim: points far off are left out
        system = np.c_[2 * kept, np.ones(len(kept))]
        solution = np.linalg.lstsq(system, (kept**2).sum(axis=1), rcond=None)[0]
        centre = solution[:2]
        radius = float(np.sqrt(max(solution[2] + (centre**2).sum(), 1e-9)))
        apart = np.linalg.norm(points_xy - centre, axis=1) - radius
        kept = points_xy[np.abs(apart) <= max(1.5, 2 * float(np.median(np.abs(apart))))]
    if len(kept) < 0.7 * len(points_xy):
        return None
    return centre, radius, float((np.linalg.norm(kept - centre, axis=1) - radius).std())
