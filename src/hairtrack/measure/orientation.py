"""How much the hairs of a region lie alike."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.measure.coverage import sampling_std
from hairtrack.model import ErrorSource, Measured, NotMeasured

METHOD = "orientation_coherence@1"
Z95 = 1.96
HAIR_OPACITY = 0.5
NEIGHBOURHOOD_FRACTION = 0.05
"""A neighbourhood is this share of the region's width: over it the direction of growth hardly turns."""

LEAST_HAIR_FRACTION = 0.2


def measure_orientation_coherence(
    rgb8: Rgb8Image, opacity: FractionMap, region_mask: Mask, *, head_mask: Mask, excluded: Mask
) -> Measured | NotMeasured:
    """Return `orientation_coherence`: mean resultant length of doubled edge directions near each other, 0-1.

    1 when all hairs lie alike, 0 when every direction is as frequent. Valid for hair longer than some 5 mm, dry and
    in one style (structure tensor: Bigun & Granlund 1987). Compare only photos of one sharpness and size: noise and
    blur lower it.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    opacity
        (H, W) share of the scalp hidden by hair.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    """
    used = region_mask & head_mask & ~excluded & (opacity > HAIR_OPACITY)
    if used.sum() < LEAST_HAIR_FRACTION * max(1, int((region_mask & head_mask).sum())):
        return NotMeasured(
            reason="too little hair is seen in the region",
            remedy="let the hair grow to 5 mm, or count hairs on a close-up",
            flags=("little_hair",),
        )
    coherence = _coherence_of(rgb8, max(2.0, NEIGHBOURHOOD_FRACTION * float(np.sqrt(region_mask.sum()))))
    value = float(coherence[used].mean())
    std = sampling_std(coherence, used)
    return Measured(
        value=value,
        unit="1",
        std_uncertainty=std,
        interval95=(max(0.0, value - Z95 * std), min(1.0, value + Z95 * std)),
        method=METHOD,
        error_sources=(ErrorSource(name="sampling", std_uncertainty=std),),
        area_seen_fraction=float(used.sum()) / max(1, int(region_mask.sum())),
    )


def _coherence_of(rgb8: Rgb8Image, sigma_px: float) -> FractionMap:
    light = cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0, borderType=cv2.BORDER_REFLECT)
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1, borderType=cv2.BORDER_REFLECT)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT), np.float32)

    energy = mean(np.asarray(across**2 + down**2, np.float32))
    even = mean(np.asarray(across**2 - down**2, np.float32))
    odd = mean(np.asarray(2 * across * down, np.float32))
    return np.asarray(np.hypot(even, odd) / np.maximum(energy, np.float32(1e-6)), np.float32)
