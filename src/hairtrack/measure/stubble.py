"""How much stubble stands on a shaved head: the grain of short dark hairs at the size of their own width.

Hairs placed by chance make light vary by an amount that grows as their number (Campbell's theorem: the variance of
shot noise is its rate times the energy of one shot), where their cover, a tenth of the scalp, drowns in the light.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import LUMINANCE, linear_light
from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.measure.coverage import NOT_SEEN, sampling_std
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

METHOD = "stubble_texture@1"
LONGEST_MM = 3.0
"""Longer hair overlaps, and cover tells more."""

PX_PER_MM = 6.0
"""Photos are brought to this scale, so that a hair has one size; coarser ones have lost it."""

BAND_MM = (0.10, 0.33)
"""Between these blurs lies the grain of single hairs: wider than a shaft, narrower than the gap to its neighbours."""

LIGHTEST_MM, AROUND_MM = 1.5, 4.0
"""Bare skin shows between hairs within the first distance; its light is averaged over the second."""

MOST_EXCLUDED = 0.5


def grain_of_stubble(rgb8: Rgb8Image, *, px_per_mm: float, shape: tuple[int, int]) -> FractionMap | None:
    """Return the squared contrast of the grain of single hairs against bare skin, (h, w); None where pixels are coarse.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8, the full photo.
    px_per_mm
        Of the full photo.
    shape
        Height and width of the map to return.
    """
    shrink = PX_PER_MM / px_per_mm
    if shrink > 1:
        return None
    size = (max(1, round(rgb8.shape[1] * shrink)), max(1, round(rgb8.shape[0] * shrink)))
    light = linear_light(np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)) @ LUMINANCE

    def soft(values: NDArray[np.float32], mm: float) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), mm * PX_PER_MM), np.float32)

    fine = soft(np.asarray(light, np.float32), BAND_MM[0])
    side = 2 * round(LIGHTEST_MM * PX_PER_MM / 2) + 1
    skin = soft(np.asarray(cv2.dilate(fine, np.ones((side, side), np.uint8)), np.float32), AROUND_MM / 2)
    grain = ((fine - soft(np.asarray(light, np.float32), BAND_MM[1])) / np.maximum(skin, np.float32(1e-3))) ** 2
    return np.asarray(cv2.resize(grain, shape[::-1], interpolation=cv2.INTER_AREA), np.float32)


def measure_stubble(
    grain: FractionMap | None, region_mask: Mask, *, head_mask: Mask, excluded: Mask, settings: MeasureSettings
) -> Measured | NotMeasured:
    """Return `stubble_texture`: the mean squared contrast of the grain of short hairs, in parts of a thousand.

    Higher is more, thicker or longer stubble, or darker against its skin: a ratio of two dates is one of hair numbers
    only for one person at one length, on sharp photos of known scale.

    Parameters
    ----------
    grain
        From `grain_of_stubble`; None where scale or pixels did not allow it.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    settings
        Calibrated errors.
    """
    if grain is None:
        return NotMeasured(
            reason="single short hairs are not seen: the scale is unknown, or the photo has less than 6 px/mm",
            remedy="take a sharp photo with 1,500 px or more across the head and give px_per_mm",
            flags=("too_coarse",),
        )
    used = region_mask & head_mask & ~excluded
    if used.sum() < MOST_EXCLUDED * max(1, int(region_mask.sum())):
        return NOT_SEEN
    value = 1000 * float(grain[used].mean())
    return told(
        value,
        {
            "sampling": 1000 * sampling_std(grain, used),
            "illumination": settings.stubble_relative_std * value,
        },
        method=METHOD,
        lowest=0.0,
        area_seen_fraction=float(used.sum()) / max(1, int(region_mask.sum())),
    )


def stubble_ratio(now: Measured, before: Measured) -> Measured:
    """Return how many times as much stubble there is as on another date, both of one length."""
    ratio = now.value / before.value
    parts = {name: ratio * grain.std_uncertainty / grain.value for name, grain in (("now", now), ("before", before))}
    return told(
        ratio,
        parts,
        method=METHOD,
        lowest=0.0,
        flags=tuple(sorted({*now.flags, *before.flags})),
        area_seen_fraction=min(now.area_seen_fraction, before.area_seen_fraction),
    )
