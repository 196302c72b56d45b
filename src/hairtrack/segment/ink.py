"""Lines that a surgeon drew on the scalp: thin strokes of a colour that neither skin nor hair has."""

import cv2
import numpy as np

from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image
from hairtrack.segment.appearance import evenly_lit, lab_of

BLUER, GREENER, REDDER = 12.0, 12.0, 12.0
"""CIELAB units by which ink is bluer (b*), greener or redder (a*) than its surroundings."""

LEAST_BLUE, LEAST_GREEN, LEAST_RED = 5.0, 6.0, 24.0
"""And beyond grey, in the same units: black hair is bluer than the skin beside it, but no bluer than grey; and sore
skin is redder than the rest, but not as red as ink."""

SURROUNDINGS_FRACTION, THICKEST_FRACTION, SHORTEST_FRACTION = 0.10, 0.05, 0.04
"""Of the head's diameter: where colours are compared, the widest stroke, and the shortest."""

RIM_PX = 5
PAINTED_FROM_PX = 5


def find_ink(rgb8: Rgb8Image, head_mask: Mask) -> Mask:
    """Return the (H, W) mask of strokes drawn on a head in violet, blue, green or red; black cannot be told from hair.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    head_mask
        (H, W) hair-bearing scalp and hair.
    """
    across_px = width_of(head_mask)
    lab = np.asarray(cv2.GaussianBlur(lab_of(evenly_lit(rgb8)), (0, 0), 1.0), np.float32)
    green_red, blue_yellow = lab[..., 1] * 100, lab[..., 2] * 100
    window = int(np.clip(round(SURROUNDINGS_FRACTION * across_px), 5, 127)) | 1

    def beyond(colour: GrayImage, sign: int, least: float, more: float) -> Mask:
        """Return where a colour on the head is beyond grey, and beyond its surroundings."""
        own = head_mask & (sign * colour > least)
        if not own.any():
            return own  # what is around need not be known
        levels = np.clip(colour + 128, 0, 255).astype(np.uint8)
        around = np.asarray(cv2.medianBlur(levels, window), np.float32) - 128
        return np.asarray(own & (sign * (colour - around) > more), np.bool_)

    coloured = (
        beyond(blue_yellow, -1, LEAST_BLUE, BLUER)
        | beyond(green_red, -1, LEAST_GREEN, GREENER)
        | beyond(green_red, +1, LEAST_RED, REDDER)
    ).astype(np.uint8)
    if not coloured.any():
        return np.zeros(head_mask.shape, np.bool_)
    side = max(3, round(THICKEST_FRACTION * across_px) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    thin = cv2.subtract(coloured, cv2.morphologyEx(coloured, cv2.MORPH_OPEN, disc))
    count, parts, boxes, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    long = boxes[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= SHORTEST_FRACTION * across_px
    long[0] = False
    if count == 1 or not long.any():
        return np.zeros(head_mask.shape, np.bool_)
    strokes = long[parts].astype(np.uint8)
    return np.asarray(cv2.dilate(strokes, np.ones((RIM_PX, RIM_PX), np.uint8)) > 0, np.bool_) & head_mask


def without_ink(rgb8: Rgb8Image, ink: Mask) -> Rgb8Image:
    """Return the photo with strokes painted over from beside them, so that they colour no neighbourhood.

    After Telea (2004, doi 10.1080/10867651.2004.10487596).
    """
    return np.asarray(cv2.inpaint(rgb8, ink.astype(np.uint8), PAINTED_FROM_PX, cv2.INPAINT_TELEA), np.uint8)
