"""Whether a picture is one photo in colour: neither a collage, a screen of a gallery, nor a camera without colour."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import largest_channel
from hairtrack.imaging.types import Rgb8Image

LONG_SIDE_PX = 640
STEP_LEVELS = 10.0
STEP_RATIO = 2.0
"""Across a seam light jumps by this many levels, and by more than so many times what it changes beside the seam."""

LEAST_SEAM_FRACTION = 0.55
"""Of the height (or width) that a straight jump must cross to be a seam."""

LEAST_PANEL_FRACTION = 0.15
"""A strip narrower than this share of the picture is a frame or a gap, no picture of its own."""

FLAT_LEVELS = 6.0
LEAST_COLOUR_SPREAD = 1.6
"""CIELAB units by which colours of a photo differ at the same lightness; see validation/results/bad_inputs.txt."""

LIGHT_BANDS = 24


def why_not_one_photo(rgb8: Rgb8Image) -> str | None:
    """Return why a picture is not one photo in colour, or None.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    """
    small = _reduced(rgb8)
    if panels_of(small) > 1:
        return "several pictures are put together in one"
    if float(np.ptp(small)) > 0 and colour_spread(small) < LEAST_COLOUR_SPREAD:
        return "the picture has one colour only"
    return None


def _reduced(rgb8: Rgb8Image) -> Rgb8Image:
    factor = LONG_SIDE_PX / max(rgb8.shape[:2])
    if factor >= 1:
        return rgb8
    return np.asarray(cv2.resize(rgb8, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def panels_of(rgb8: Rgb8Image) -> int:
    """Return how many pictures lie side by side or one above the other, bars and gaps of one colour not counted."""
    beside = _content_strips(rgb8)
    above = _content_strips(np.ascontiguousarray(np.swapaxes(rgb8, 0, 1)))
    return max(1, beside) * max(1, above)


def _content_strips(rgb8: Rgb8Image) -> int:
    """Return how many strips between vertical seams hold more than one colour."""
    seams = [0, *_seams(rgb8), rgb8.shape[1]]
    count = 0
    for left, right in pairwise(seams):
        wide = right - left >= LEAST_PANEL_FRACTION * rgb8.shape[1]
        count += wide and float(cv2.meanStdDev(rgb8[:, left + 2 : right - 2])[1].max()) > FLAT_LEVELS
    return count


def seam_strength(rgb8: Rgb8Image) -> NDArray[np.float64]:
    """Return for each column the share of rows in which light jumps there and only there, (W,)."""
    width = rgb8.shape[1]
    strength = np.zeros(width)
    if width < 16:  # noqa: PLR2004 too narrow to hold two pictures
        return strength

    def change(far: int, near: int) -> NDArray[np.int16]:
        """Return how far pixels at two distances from each column differ, (H, W - 11)."""
        one, other = rgb8[:, 5 + near : width - 6 + near], rgb8[:, 5 + far : width - 6 + far]
        return largest_channel(np.asarray(cv2.absdiff(one, other), np.uint8)).astype(np.int16)

    jump = change(-1, 1)
    beside = np.maximum(change(-4, -1), change(4, 1))
    strength[5 : width - 6] = ((jump > STEP_LEVELS) & (jump > STEP_RATIO * beside)).mean(axis=0)
    return strength


def _seams(rgb8: Rgb8Image) -> list[int]:
    strength = seam_strength(rgb8)
    found: list[int] = []
    for column in np.flatnonzero(strength >= LEAST_SEAM_FRACTION):
        if found and column - found[-1] <= 6:  # noqa: PLR2004 one seam, blurred over a few pixels
            continue
        found.append(int(column))
    return found


def colour_spread(rgb8: Rgb8Image) -> float:
    """Return by how much colours differ at the same lightness: CIELAB units, root mean square over the picture.

    A tint that goes with lightness alone, as of an infrared camera or a toned print, leaves nothing.
    """
    lab = cv2.cvtColor(rgb8.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab).reshape(-1, 3)
    band = np.clip(lab[:, 0] * (LIGHT_BANDS / 100.0), 0, LIGHT_BANDS - 1).astype(np.int64)
    count = np.maximum(np.bincount(band, minlength=LIGHT_BANDS), 1)
    squares = 0.0
    for channel in (1, 2):
        tint = lab[:, channel].astype(np.float64)
        in_band = np.bincount(band, weights=tint, minlength=LIGHT_BANDS)
        squares += (float(tint @ tint) - float((in_band**2 / count).sum())) / len(tint)
    return float(np.sqrt(max(squares, 0.0)))
