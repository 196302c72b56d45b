"""Light on the head: how bright its bright parts are, how much is burnt out, whether there is a picture at all."""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.types import Mask, Rgb8Image

BURNT_LEVEL = 250
_COLOURLESS_LEVELS = 3
_COLOURED_FRACTION = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Light in an area; levels are 0-1 of the sRGB scale, fractions 0-1 of the area.

    Parameters
    ----------
    bright_level
        90th percentile of luma: bright hair, or the lit side of the skin. Black hair does not lower it as it lowers a
        median, since some skin or sheen is nearly always seen.
    burnt_fraction
        Share whose luma is at or above 250 of 255: there nothing can be told from anything.
    contrast_level
        1st to 99th percentile of luma.
    colourless
        True for a black-and-white picture.
    """

    bright_level: float
    burnt_fraction: float
    contrast_level: float
    colourless: bool


def exposure(rgb8: Rgb8Image, area: Mask) -> Exposure:
    """Return the light in an area of a picture; the area must not be empty."""
    luma = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.uint8)[area]
    red, green, blue = cv2.split(rgb8)
    strongest, weakest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    chroma = np.asarray(cv2.subtract(strongest, weakest), np.uint8)[area]
    shares = np.cumsum(np.bincount(luma, minlength=256)) / luma.size
    darkest, bright, brightest = (np.searchsorted(shares, share) / 255.0 for share in (0.01, 0.90, 0.99))
    return Exposure(
        bright_level=float(bright),
        burnt_fraction=float(1.0 - shares[BURNT_LEVEL - 1]),
        contrast_level=float(brightest - darkest),
        colourless=float(np.mean(chroma > _COLOURLESS_LEVELS)) <= _COLOURED_FRACTION,
    )
