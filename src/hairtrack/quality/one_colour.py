"""Whether a head is of one colour all over, as under a cap or a cloth: hair, skin and shine together never are."""

import cv2
import numpy as np

from hairtrack.imaging.channels import linear_light
from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import Mask, Rgb8Image

LONG_SIDE_PX = 512
BLUR_FRACTION, RIM_FRACTION = 0.012, 0.08
"""Of the head's width: noise that is blurred away, and the rim, where outline and background shine in."""

LEAST_HUE_SPREAD = 0.015
"""A quarter of the least that was seen on 43 photos of the tuning half (0.06); a drawn cap of one colour stays below
0.005, however light and shade fall on it (validation/results/bad_inputs.txt). To refuse a head is worse than to read a
cap, so that the limit lies nearer to caps."""

MIDDLE_FOUR_FIFTHS = 2.563
"""Width of the middle four fifths of a normal distribution, in its standard deviations."""

LEAST_PX = 50
LIGHT_FLOOR = np.float32(1e-3)


def why_covered(rgb8: Rgb8Image, head_mask: Mask) -> str | None:
    """Return why what was taken for hair is none, or None.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    head_mask
        (H, W) what was found to be hair-bearing scalp and hair.
    """
    spread = hue_spread(rgb8, head_mask)
    if spread is not None and spread < LEAST_HUE_SPREAD:
        return "something of one colour covers the head"
    return None


def hue_spread(rgb8: Rgb8Image, head_mask: Mask) -> float | None:
    """Return how far the colour of a head varies, whatever the light on it; None when it is too small to tell.

    Light and shade change all channels of a dyed cloth by one factor, so that their ratios stay; on a head there are
    skin, strands, and shine of the lamp's colour. The spread is half the width of the middle four fifths of
    ln(red / green) and ln(blue / green) of linear light, as a standard deviation of both together.
    """
    factor = min(1.0, LONG_SIDE_PX / max(rgb8.shape[:2]))
    size = (max(1, round(rgb8.shape[1] * factor)), max(1, round(rgb8.shape[0] * factor)))
    mask = np.asarray(cv2.resize(head_mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8)
    across_px = width_of(np.asarray(mask > 0, np.bool_))
    rim = 2 * round(RIM_FRACTION * across_px) + 1
    within = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim))) > 0
    if int(within.sum()) < LEAST_PX:
        return None
    light = linear_light(np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)) + LIGHT_FLOOR
    red, green, blue = np.log(cv2.GaussianBlur(light, (0, 0), BLUR_FRACTION * across_px)[within]).T
    low, high = np.quantile([red - green, blue - green], (0.1, 0.9), axis=1)
    return float(np.linalg.norm(high - low) / MIDDLE_FOUR_FIFTHS)
