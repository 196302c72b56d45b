"""Closed outlines: points on them, the pixels inside them, their share in a picture; width and ellipse of a mask."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask, PointsXY

SUBPIXEL_BITS = 4


def with_points_between(outline_xy: PointsXY, step_px: float) -> PointsXY:
    """Return a closed outline with points at most `step_px` apart, the given ones among them, (M, 2)."""
    corners = np.asarray(outline_xy, np.float64).reshape(-1, 2)
    sides = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        pieces = max(1, int(np.ceil(np.hypot(*(end - start)) / step_px)))
        sides.append(start + (end - start) * (np.arange(pieces) / pieces)[:, None])
    return np.concatenate(sides)


def perimeter_px(outline_xy: PointsXY) -> float:
    """Return the length of a closed outline in pixels."""
    corners = np.asarray(outline_xy, np.float64).reshape(-1, 2)
    return float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).sum())


def area_px(outline_xy: PointsXY) -> float:
    """Return the area inside a closed outline in square pixels."""
    return float(abs(cv2.contourArea(np.asarray(outline_xy, np.float32).reshape(-1, 1, 2))))


def width_of(mask: Mask) -> float:
    """Return the diameter of the disc that is as large as a mask, in pixels: the width of a head of any shape."""
    return 2 * float(np.sqrt(mask.sum() / np.pi))


def ellipse_of(mask: Mask) -> NDArray[np.float64]:
    """Return the (2, 2) form that is 1 on the ellipse with the moments of a mask, at offsets in px from its centre."""
    moments = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    spread = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]]) / moments["m00"]
    # a filled ellipse of half axes (a, b) has variances a²/4 and b²/4 along them
    return np.asarray(np.linalg.inv(4 * spread), np.float64)


def inside_of(outline_xy: PointsXY, shape: tuple[int, int]) -> Mask:
    """Return the (H, W) mask of pixels inside a closed outline."""
    filled = np.zeros(shape, np.uint8)
    points = np.round(np.asarray(outline_xy, np.float64) * 2**SUBPIXEL_BITS).astype(np.int32).reshape(-1, 1, 2)
    cv2.fillPoly(filled, [points], 1, shift=SUBPIXEL_BITS)
    return filled.astype(np.bool_)


def share_in_picture(outline_xy: PointsXY, shape: tuple[int, int]) -> float:
    """Return the share of the area inside an outline that lies in a picture of that height and width, 0-1."""
    whole = area_px(outline_xy)
    return min(1.0, float(inside_of(outline_xy, shape).sum()) / whole) if whole > 0 else 0.0
