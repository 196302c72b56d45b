"""Where no hair could be seen on a close-up: glare that hides the skin, and parts out of focus."""

import cv2
import numpy as np

from hairtrack.imaging.types import Mask
from hairtrack.segment.shaft_pixels import ShaftPixels

_BURNT_LEVELS = 250
_GLARE_MM = 0.15
"""A burnt patch narrower than this hides no hair: it is a glint."""

_FINE_PX, _COARSE_PX = 1.2, 4.0
_WINDOW_MM = 0.33
_LEAST_FINE = 0.25
"""Fine detail is at least this share of coarse detail where skin is in focus: 0.27-0.40 in the least sharp hundredth of
real close-ups, about 0.20 when they are blurred by 0.03 mm and more; what that leaves out stands in
validation/results/closeups_left_out_of_the_area.txt."""


_BROAD_LONG_SIDE_PX, _BROAD_PATCH_PX = 256, 25
"""A tenth of the picture: wider than any hair of a close-up."""

_HAIR_PX = 9

_ROUNDING_VARIANCE = 1 / 12
"""Of levels that are whole numbers."""


def broad_lightness_range(pixels: ShaftPixels) -> float:
    """Return how far the lightness of broad patches of a picture spreads, 0-100 L*, between its outer twentieths.

    Taken with hair and with the skin between it alone, and the lesser counts: long hair may lie in tufts on even skin.

    Parameters
    ----------
    pixels
        Maps of the picture.
    """
    factor = _BROAD_LONG_SIDE_PX / max(pixels.seen.shape)
    small = cv2.resize(pixels.rgb8, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    seen = cv2.resize(pixels.seen.astype(np.uint8), small.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
    if not seen.any():
        return 0.0
    spreads = []
    for shown in (small, cv2.dilate(small, np.ones((_HAIR_PX, _HAIR_PX), np.uint8))):
        broad = cv2.cvtColor(cv2.medianBlur(shown, _BROAD_PATCH_PX), cv2.COLOR_RGB2LAB)
        low, high = np.quantile(broad[..., 0][seen][::_BROAD_PATCH_PX], (0.05, 0.95))
        spreads.append(float(high - low) / 2.55)
    return min(spreads)


def excluded(pixels: ShaftPixels) -> Mask:
    """Return (h, w) mask of glare and blur at analysis size.

    Parameters
    ----------
    pixels
        Maps of the picture.
    """
    return np.asarray(_glare(pixels) | _blurred(pixels), np.bool_)


def _glare(pixels: ShaftPixels) -> Mask:
    red, green, blue = cv2.split(pixels.rgb8)
    burnt = (np.asarray(cv2.min(cv2.min(red, green), blue)) >= _BURNT_LEVELS).astype(np.uint8)
    width = 2 * round(_GLARE_MM * pixels.px_per_mm / 2) + 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, brush), np.bool_)


def _blurred(pixels: ShaftPixels) -> Mask:
    """Return where detail of one pixel is lost although detail of a few pixels is there."""
    gray = np.asarray(cv2.cvtColor(pixels.rgb8, cv2.COLOR_RGB2GRAY), np.float32)
    fine = cv2.GaussianBlur(gray, (0, 0), _FINE_PX)
    coarse = cv2.GaussianBlur(gray, (0, 0), _COARSE_PX)
    window = 2 * round(_WINDOW_MM * pixels.px_per_mm) + 1
    energies = [
        cv2.blur(cv2.blur((one - other) ** 2, (window, window)), (window, window))
        for one, other in ((gray, fine), (fine, coarse))
    ]
    detail = np.asarray(energies[0]) - _ROUNDING_VARIANCE
    return np.asarray(detail < _LEAST_FINE**2 * np.asarray(energies[1]), np.bool_)
