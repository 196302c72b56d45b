"""How much redder the bare scalp of a region is than that of the rest of the head."""

import cv2
import numpy as np

from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.measure.coverage import sampling_std
from hairtrack.model import ErrorSource, Measured, NotMeasured

METHOD = "redness_index@1"
Z95 = 1.96
BARE_OPACITY = 0.3
LEAST_BARE_FRACTION = 0.05


def measure_redness(
    rgb8: Rgb8Image, opacity: FractionMap, region_mask: Mask, *, head_mask: Mask, excluded: Mask
) -> Measured | NotMeasured:
    """Return `redness_index`: mean a* / 100 (CIELAB) of bare scalp in the region less that elsewhere on the head.

    Higher is redder than the rest. Valid when bare scalp is in sight in both places and the light has one colour; the
    difference leaves out the colour of the light, and a lamp from one side is in its error by the slope of a* over the
    rest of the head.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    opacity
        (H, W) share of the scalp hidden by hair.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    """
    bare = head_mask & ~excluded & (opacity < BARE_OPACITY)
    inside, outside = bare & region_mask, bare & ~region_mask
    least = LEAST_BARE_FRACTION * max(1, int((head_mask & region_mask).sum()))
    if inside.sum() < least or outside.sum() < least:
        return NotMeasured(
            reason="too little bare scalp is seen in the region or beside it",
            remedy="part the hair so that the skin is seen",
            flags=("no_bare_scalp",),
        )
    lab = cv2.cvtColor(rgb8.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab)
    red = np.asarray(lab[..., 1] / np.float32(100), np.float32)
    value = float(red[inside].mean() - red[outside].mean())
    sources = (
        ErrorSource(
            name="sampling", std_uncertainty=float(np.hypot(sampling_std(red, inside), sampling_std(red, outside)))
        ),
        ErrorSource(name="illumination", std_uncertainty=_slope_std(red, outside)),
    )
    std = float(np.sqrt(sum(source.std_uncertainty**2 for source in sources)))
    return Measured(
        value=value,
        unit="1",
        std_uncertainty=std,
        interval95=(value - Z95 * std, value + Z95 * std),
        method=METHOD,
        error_sources=sources,
        area_seen_fraction=float(inside.sum()) / max(1, int(region_mask.sum())),
    )


def _slope_std(red: FractionMap, outside: Mask) -> float:
    """Return the standard deviation of the plane that fits a* of the rest of the head: what one-sided light does."""
    rows, columns = np.nonzero(outside)
    places = np.c_[rows, columns] - [rows.mean(), columns.mean()]
    slopes, *_ = np.linalg.lstsq(places, red[outside] - red[outside].mean(), rcond=None)
    return float(np.std(places @ slopes))
