"""Which pixels of a close-up hair hides: what is darker than its surroundings within the width of a shaft."""

import cv2
import numpy as np

from hairtrack.imaging.types import Mask
from hairtrack.segment.shaft_pixels import ShaftPixels

_BRUSH_MM = 0.25
"""Wider than a shaft, narrower than the shade around a follicle: the shade goes, the shaft stays (top-hat)."""

_NEAR_MM, _NEAR_WEIGHT = 0.05, 0.5
"""Skin between two shafts is told from them by its nearest surroundings."""

_HALF_HIDDEN = 0.45
_BLACK = 1.2
"""Contrast at which half of a pixel is hair, and that of the inside of a broad bundle. Chosen on every second of 80
clipped crops by coverage, and reported on the others (validation/results/closeups_clipped_crops.txt)."""

_SMALLEST_MM2 = 0.007


def hair_pixels(pixels: ShaftPixels) -> Mask:
    """Return (h, w) mask of the pixels of dark hair, shafts and stubble, at analysis size.

    Parameters
    ----------
    pixels
        Maps of the picture.
    """
    width = 2 * int(_BRUSH_MM * pixels.px_per_mm / 2) + 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    alone = cv2.morphologyEx(pixels.darkness, cv2.MORPH_TOPHAT, brush)
    near = pixels.darkness - cv2.GaussianBlur(pixels.darkness, (0, 0), _NEAR_MM * pixels.px_per_mm)
    hair = (np.asarray(alone + _NEAR_WEIGHT * near) > _HALF_HIDDEN) | (pixels.darkness > _BLACK)
    count, parts, sizes, _ = cv2.connectedComponentsWithStats((hair & pixels.seen).astype(np.uint8))
    large = sizes[:count, cv2.CC_STAT_AREA] >= _SMALLEST_MM2 * pixels.px_per_mm**2
    large[0] = False
    return np.asarray(large[parts], np.bool_)
