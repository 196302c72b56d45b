"""How far back the hairline stands, from the brow ridge up the middle of the forehead."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told_length
from hairtrack.model import Measured, NotMeasured, PixelScale

METHOD_MM = "hairline_position_mm@1"
METHOD_RELATIVE = "hairline_position_of_head_width@1"
BROW, HAIRLINE = "brow_middle", "hairline_middle"
"""Names of the points that a person may mark: the middle between the brows, and of the hairline."""

LEAST_HIDDEN = 0.15
"""Shaved hair hides as little; with less no edge can be told."""

STRIP_FRACTION = 0.04
"""Half width of the strip in which the hairline is looked for, of the head's width: 8 mm."""

MARK_STD_FRACTION = 0.01
"""How far off a person marks a point: 2 mm on a head of 200 mm."""

LONGEST_FRINGE_MM = 15.0


def measure_hairline(
    opacity: FractionMap,
    *,
    head_mask: Mask,
    brow_xy: tuple[float, float] | None,
    hairline_xy: tuple[float, float] | None = None,
    scale: PixelScale | None,
    full_per_working: float = 1.0,
    hair_length_mm: float | None = None,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `hairline_position_mm`: the distance in the picture from the brow ridge to the hairline at the middle.

    In head widths when the scale is unknown; unit and method say which. Higher: the hairline stands further back.
    Valid in the front view, the camera at the height of the hairline, no fringe on the forehead. The forehead curves
    away, so photos are compared with their like only.

    Parameters
    ----------
    opacity
        (H, W) share of the scalp hidden by hair, 0 outside the head.
    head_mask
        (H, W) hair-bearing scalp and hair.
    brow_xy, hairline_xy
        Points marked by a person, in pixels of these arrays; a hairline that is not marked is looked for.
    scale
        Of the full photo; None when unknown.
    full_per_working
        Pixels of the full photo a pixel of these arrays.
    hair_length_mm
        As told or measured; None when nobody knows.
    settings
        Calibrated errors.
    """
    if brow_xy is None:
        return NotMeasured(
            reason="the brow is not marked on the photo",
            remedy="mark the point between the brows as landmark brow_middle in case.toml",
            flags=("no_landmark",),
        )
    width_px = width_of(head_mask)
    errors = {"landmarks": MARK_STD_FRACTION * width_px}
    if hairline_xy is not None:
        distance = float(np.hypot(*np.subtract(hairline_xy, brow_xy)))
        errors["landmarks"] *= np.sqrt(2)
    else:
        if hair_length_mm is not None and hair_length_mm > LONGEST_FRINGE_MM:
            return NotMeasured(
                reason="the hair is long enough to hang over its own edge",
                remedy="hold the hair back and mark hairline_middle on the photo in case.toml",
                flags=("fringe",),
            )
        found = _edge_above(opacity, head_mask, np.asarray(brow_xy, np.float64), width_px)
        if found is None:
            return NotMeasured(
                reason="no edge of hair is seen above the brow",
                remedy="mark hairline_middle on the photo in case.toml",
                flags=("no_hairline",),
            )
        distance = found
        errors["segmentation"] = settings.hairline_std_fraction * width_px
    return told_length(
        distance,
        errors,
        head_width_px=width_px,
        scale=scale,
        full_per_working=full_per_working,
        methods=(METHOD_MM, METHOD_RELATIVE),
    )


def _edge_above(opacity: FractionMap, head_mask: Mask, brow: NDArray[np.float64], width_px: float) -> float | None:
    """Return how far above the brow hair begins, on the line from the brow to the middle of the head."""
    rows, columns = np.nonzero(head_mask)
    up = np.array([columns.mean(), rows.mean()]) - brow
    length = float(np.hypot(*up))
    if length < 1:
        return None
    up /= length
    aside = np.array([-up[1], up[0]])
    along = np.arange(0.0, length + width_px)
    across = np.linspace(-STRIP_FRACTION, STRIP_FRACTION, 15) * width_px
    places = (brow + along[:, None, None] * up + across[None, :, None] * aside).astype(np.float32)
    hidden = cv2.remap(opacity, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    profile = cv2.blur(np.median(hidden, axis=1).astype(np.float32)[:, None], (1, 5))[:, 0]
    dense = np.quantile(profile, 0.9)
    if dense < LEAST_HIDDEN:
        return None
    first = int(np.argmax(profile > dense / 2))
    return float(first) if first > 0 else None
