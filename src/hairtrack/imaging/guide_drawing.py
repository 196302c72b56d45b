"""A drawn guide for taking a photo again: where the head should be, and where it was."""

import cv2
import numpy as np

from hairtrack.imaging.drawing import HIDDEN_RGB, OUTLINE_RGB
from hairtrack.imaging.types import Mask, PointsXY, Rgb8Image

GHOST_STRENGTH = 0.45
OUTLINES_IN_A_PICTURE = 130
"""The outline is as wide as this share of the picture's long side."""

LEAST_ARROW_FRACTION = 0.05
"""A shift below this share of the picture's long side needs no arrow: hands tremble by as much."""

_TYPICAL_SHAPE = (480, 360)
_TYPICAL_WIDTH_FRACTION, _TYPICAL_HEIGHT_FRACTION = 0.74, 0.72
"""Where no earlier photo shows it: a head that fills most of an upright frame, as the instructions ask."""


def typical_head() -> Mask:
    """Return the (H, W) place of a head in a frame, for a view of which no good photo exists."""
    height, width = _TYPICAL_SHAPE
    across = (np.arange(width)[None, :] - (width - 1) / 2) / (_TYPICAL_WIDTH_FRACTION * width / 2)
    down = (np.arange(height)[:, None] - (height - 1) / 2) / (_TYPICAL_HEIGHT_FRACTION * height / 2)
    return np.asarray(across**2 + down**2 <= 1, np.bool_)


def fitted(mask: Mask, shape: tuple[int, int]) -> Mask:
    """Return a head mask in another frame, long side to long side and centred: both are taken as framed alike."""
    height, width = shape
    factor = max(shape) / max(mask.shape)
    shift_xy = ((width - factor * mask.shape[1]) / 2, (height - factor * mask.shape[0]) / 2)
    matrix = np.array([[factor, 0, shift_xy[0]], [0, factor, shift_xy[1]]], np.float64)
    moved = cv2.warpAffine(mask.astype(np.uint8), matrix, (width, height), flags=cv2.INTER_NEAREST)
    return np.asarray(moved, np.uint8) > 0


def draw_aim(photo_rgb8: Rgb8Image, *, head: Mask, aim: Mask) -> Rgb8Image:
    """Return a photo with the outline that its head should fill, and an arrow from where the head is to there.

    Parameters
    ----------
    photo_rgb8
        (H, W, 3) uint8, already without what must not be seen.
    head
        (H, W): the head of the photo.
    aim
        Mask of the head to match, in its own frame.
    """
    there = fitted(aim, head.shape)
    drawn = _with_outline(photo_rgb8, there)
    start, end = _centre(head), _centre(there)
    if np.hypot(*(end - start)) < LEAST_ARROW_FRACTION * max(head.shape):
        return drawn
    thickness = _thickness_px(head)
    tip = (int(end[0]), int(end[1]))
    for rgb, extra in (((255, 255, 255), thickness), (OUTLINE_RGB, 0)):
        cv2.arrowedLine(drawn, (int(start[0]), int(start[1])), tip, rgb, thickness + extra, cv2.LINE_AA, 0, 0.2)
    return drawn


def draw_ghost_head(aim: Mask, *, ghost_rgb8: Rgb8Image | None = None) -> Rgb8Image:
    """Return an empty frame with the outline that the head should fill, the earlier scalp pale inside it.

    Parameters
    ----------
    aim
        (H, W): the head to match.
    ghost_rgb8
        (H, W, 3) uint8: the photo that it comes from; only what lies inside `aim` is shown. None draws a plain shape.
    """
    ground = np.empty((*aim.shape, 3), np.float32)
    ground[:] = HIDDEN_RGB
    inside = ground * 1.06 if ghost_rgb8 is None else ghost_rgb8.astype(np.float32)
    strength = np.where(aim, 1.0 if ghost_rgb8 is None else GHOST_STRENGTH, 0.0)[..., None].astype(np.float32)
    mixed = np.asarray(np.clip(np.round(ground * (1 - strength) + inside * strength), 0, 255), np.uint8)
    return _with_outline(mixed, aim)


def _with_outline(rgb8: Rgb8Image, mask: Mask) -> Rgb8Image:
    """Return the picture with the rim of a mask drawn so broad that it is seen in a small picture."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    drawn = rgb8.copy()
    thickness = _thickness_px(mask)
    for rgb, extra in (((255, 255, 255), thickness), (OUTLINE_RGB, 0)):
        cv2.drawContours(drawn, contours, -1, rgb, thickness + extra, cv2.LINE_AA)
    return drawn


def _thickness_px(mask: Mask) -> int:
    height, width = mask.shape
    return max(2, int(height) // OUTLINES_IN_A_PICTURE, int(width) // OUTLINES_IN_A_PICTURE)


def _centre(mask: Mask) -> PointsXY:
    rows, columns = np.nonzero(mask)
    return np.array([columns.mean(), rows.mean()]) if rows.size else np.array(mask.shape[::-1]) / 2
