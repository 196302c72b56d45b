"""How much the hairs of a region lie alike, and in which direction."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.measure.coverage import sampling_std
from hairtrack.measure.fields import doubled_directions
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

COHERENCE_METHOD = "orientation_coherence@2"
DIRECTION_METHOD = "shaft_orientation_deg@1"
HAIR_OPACITY = 0.5
NEIGHBOURHOOD_FRACTION = 0.05
"""A neighbourhood is this share of the region's width: over it the direction of growth hardly turns."""

REACH_OF_BLUR = 4
"""Standard deviations to which a Gaussian of cv2 on float32 reaches."""

LEAST_HAIR_FRACTION = 0.2
LEAST_RESULTANT = 0.2
"""Below it the directions of a region spread over all sides, and their mean says nothing (its standard error, from
tens of independent places, nears 30 degrees)."""

_LITTLE_HAIR = NotMeasured(
    reason="too little hair is seen in the region",
    remedy="let the hair grow to 5 mm, or count hairs on a close-up",
    flags=("little_hair",),
)


def measure_orientation_coherence(
    rgb8: Rgb8Image,
    opacity: FractionMap,
    region_mask: Mask,
    *,
    head_mask: Mask,
    excluded: Mask,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `orientation_coherence`: mean resultant length of doubled edge directions near each other, 0-1.

    1 when all hairs lie alike, 0 when every direction is as frequent. Valid for hair longer than some 5 mm, dry and
    in one style. Compare only photos of one sharpness and size: noise and blur lower it.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    opacity
        (H, W) share of the scalp hidden by hair.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    settings
        Calibrated errors.
    """
    used = _hair_of(opacity, region_mask, head_mask, excluded)
    if used is None:
        return _LITTLE_HAIR
    field, energy, used = _directions_around(rgb8, region_mask, used)
    coherence = np.asarray(np.abs(field) / np.maximum(energy, np.float32(1e-6)), np.float32)
    return told(
        float(coherence[used].mean()),
        {"sampling": sampling_std(coherence, used), "illumination": settings.coherence_std},
        method=COHERENCE_METHOD,
        lowest=0.0,
        highest=1.0,
        area_seen_fraction=float(used.sum()) / max(1, int(region_mask.sum())),
    )


def measure_shaft_orientation(
    rgb8: Rgb8Image,
    opacity: FractionMap,
    region_mask: Mask,
    *,
    head_mask: Mask,
    excluded: Mask,
    turned_deg: float = 0.0,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `shaft_orientation_deg`: the mean direction of the hairs of a region, degrees modulo 180.

    Counted from the columns' axis of the reference photo towards its rows' axis, 0-180. The error of the alignment is
    that of the turn it found. Valid on photos laid on each other by the scalp itself.

    Parameters
    ----------
    rgb8, opacity, region_mask, head_mask, excluded
        As for coherence.
    turned_deg
        By how much this photo is turned against its reference, in the same sense.
    settings
        Calibrated errors.
    """
    used = _hair_of(opacity, region_mask, head_mask, excluded)
    if used is None:
        return _LITTLE_HAIR
    field, energy, used = _directions_around(rgb8, region_mask, used)
    unit = field / np.maximum(energy, np.float32(1e-6))
    mean = complex(unit[used].mean())
    if abs(mean) < LEAST_RESULTANT:
        return NotMeasured(
            reason="the hairs of the region point in all directions",
            remedy="nothing to do: a whorl or curls have no one direction",
            flags=("no_direction",),
        )
    straight = unit * np.conj(mean / abs(mean))
    spread = sampling_std(np.asarray(straight.imag, np.float32), used) / abs(mean)
    direction = float(np.degrees(np.angle(mean)) / 2 - turned_deg) % 180.0
    return told(
        direction,
        {"sampling": float(np.degrees(spread) / 2), "alignment": settings.direction_std_deg},
        method=DIRECTION_METHOD,
        unit="deg",
        area_seen_fraction=float(used.sum()) / max(1, int(region_mask.sum())),
    )


def _hair_of(opacity: FractionMap, region_mask: Mask, head_mask: Mask, excluded: Mask) -> Mask | None:
    """Return the hairy pixels of a region, None where hair is too scarce."""
    used = region_mask & head_mask & ~excluded & (opacity > HAIR_OPACITY)
    return used if used.sum() >= LEAST_HAIR_FRACTION * max(1, int((region_mask & head_mask).sum())) else None


def _directions_around(
    rgb8: Rgb8Image, region_mask: Mask, used: Mask
) -> tuple[NDArray[np.complex64], NDArray[np.float32], Mask]:
    """Return the field of directions, its energy and the pixels used in a window that holds all they depend on."""
    sigma_px = max(2.0, NEIGHBOURHOOD_FRACTION * float(np.sqrt(region_mask.sum())))
    left, top, width, height = cv2.boundingRect(used.astype(np.uint8))
    margin = int(np.ceil(REACH_OF_BLUR * sigma_px)) + 2
    rows = slice(max(0, top - margin), top + height + margin)
    columns = slice(max(0, left - margin), left + width + margin)
    field, energy = doubled_directions(np.ascontiguousarray(rgb8[rows, columns]), sigma_px)
    return field, energy, used[rows, columns]
