"""How unevenly hair stands over a region: bare patches beyond what hairs placed by chance leave."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.measure.coverage import NOT_SEEN
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

METHOD = "patchiness@1"
QUADRAT_FRACTION = 0.03
"""Side of the small quadrats, of the head's width: 6 mm, about a patch that the eye sees."""

TREND_FRACTION = 0.15
"""What changes over this share of the head's width is the lie of the region, not a patch."""

LEAST_QUADRATS = 24
DEEPEST = 0.97
"""Cover beyond this is told as this: the logarithm of nothing is no number."""

LEAST_COVER, MOST_COVER = 0.15, 0.95
GROUPS = 8


def measure_patchiness(
    opacity: FractionMap, region_mask: Mask, *, head_mask: Mask, excluded: Mask, settings: MeasureSettings
) -> Measured | NotMeasured:
    """Return `patchiness`: the spread of hair from place to place beyond chance, as a share of its mean.

    Hair is told by the optical depth -ln(1 - c) of quadrats, without its trend over centimetres. Variance that chance
    brings falls to a quarter when quadrats are twice as wide; that of patches wider than both does not. So the part
    (4 V(2s) - V(s)) / 3 is that of patches (nested quadrats: Greig-Smith, Annals of Botany 1952, 16:293). 0 is even,
    above 0.3 moth-eaten. Valid for hair of one length on the whole region, neither shaved bare nor long.

    Parameters
    ----------
    opacity
        (H, W) share of the scalp hidden by hair.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    settings
        Calibrated errors.
    """
    used = region_mask & head_mask & ~excluded
    side = max(2, round(QUADRAT_FRACTION * width_of(head_mask)))
    small, known = _quadrats(opacity, used, side)
    if known.sum() < LEAST_QUADRATS:
        return NOT_SEEN
    cover = float(opacity[used].mean())
    if not LEAST_COVER <= cover <= MOST_COVER:
        return NotMeasured(
            reason="the region is nearly bare, or so full that no patch could show",
            remedy="photograph the region with hair cut to 5 to 15 mm",
            flags=("saturated",),
        )
    small_square, large_square, group = _squares(_depth(small), known)
    total = float(_depth(small)[known].mean())
    variance = _beyond_chance(small_square, large_square, known)
    left_out = [_beyond_chance(small_square, large_square, known & (group != g)) for g in range(GROUPS)]
    spread = np.sqrt(np.maximum(left_out, 0)) / total
    error = float(np.sqrt((GROUPS - 1) / GROUPS * ((spread - spread.mean()) ** 2).sum()))
    value = float(np.sqrt(max(variance, 0.0))) / total
    return told(
        value,
        {"sampling": error, "segmentation": settings.patchiness_std},
        method=METHOD,
        lowest=0.0,
        area_seen_fraction=float(used.sum()) / max(1, int(region_mask.sum())),
    )


def _quadrats(opacity: FractionMap, used: Mask, side: int) -> tuple[NDArray[np.float32], Mask]:
    """Return the mean opacity of square quadrats, and which of them lie well inside."""
    size = (max(1, opacity.shape[1] // side), max(1, opacity.shape[0] // side))
    inside = cv2.resize(used.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(np.where(used, opacity, np.float32(0)), size, interpolation=cv2.INTER_AREA)
    return np.asarray(sums / np.maximum(inside, np.float32(1e-6)), np.float32), np.asarray(inside > 0.7)  # noqa: PLR2004 well inside


def _depth(cover: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(-np.log1p(-np.minimum(cover, np.float32(DEEPEST))), np.float32)


def _squares(
    depth: NDArray[np.float32], known: Mask
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """Return squared departures from the trend of quadrats and of two by two of them, and groups of far quadrats."""
    sigma = TREND_FRACTION / QUADRAT_FRACTION
    weight = known.astype(np.float32)

    def around(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT), np.float32)

    trend = around(depth * weight) / np.maximum(around(weight), np.float32(1e-6))
    off = (depth - trend) * weight
    pair = np.ones((2, 2), np.float32)
    count = cv2.filter2D(weight, -1, pair, borderType=cv2.BORDER_CONSTANT)
    large = cv2.filter2D(off, -1, pair, borderType=cv2.BORDER_CONSTANT) / np.maximum(count, 1)
    rows, columns = np.mgrid[: depth.shape[0], : depth.shape[1]]
    group = (rows // 4 * 3 + columns // 4) % GROUPS
    whole = count > 3.5  # noqa: PLR2004 all four
    return np.asarray(off**2, np.float32), np.asarray(np.where(whole, large**2, np.nan), np.float32), group


def _beyond_chance(small: NDArray[np.float32], large: NDArray[np.float32], known: Mask) -> float:
    fine = float(small[known].mean())
    both = large[known & np.isfinite(large)]
    return (4 * float(both.mean()) - fine) / 3 if both.size else 0.0
