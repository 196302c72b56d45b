"""How much of a freshly operated region is covered by dark crusts, or by a dark patch of dying skin."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import LUMINANCE, linear_light
from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.measure.coverage import NOT_SEEN, sampling_std
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

METHOD = "dark_crust_fraction@2"
METHOD_BROAD = "dark_crust_fraction_broad_patches@1"
SHAVED_MM = 1.5
"""Longer hair bundles into strands as broad and as dark as single crusts: then only broad patches are told."""

LONGEST_HAIR_MM = 6.0
"""Still longer hair hides the skin."""

DARK_RATIO = 0.5
"""A crust sends back less than this share of the light of the skin around it; a single hair of 80 µm hides at most a
quarter of a pixel of 0.3 mm."""

CRUST_WIDTH_FRACTION, PATCH_WIDTH_FRACTION = 0.006, 0.025
"""Of the head's width, 1 mm and 4 mm: what is thinner is hair, shaved or cut short."""

AROUND_FRACTION = 0.12
"""Of the head's width, 2 cm: neighbourhood in which the light of bare skin is looked for, wider than a dying patch."""

LEAST_SKIN_LIGHT = 0.10
"""Linear light below which skin is as dark on the photo as a crust."""

LEAST_SEEN_FRACTION = 0.5


def measure_dark_crusts(
    rgb8: Rgb8Image,
    region_mask: Mask,
    *,
    head_mask: Mask,
    excluded: Mask,
    hair_length_mm: float | None,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `dark_crust_fraction`: the share of a region under spots much darker than its skin and broader than hair.

    Higher is more crust. Crusts form on the first days after implantation and are gone by day 14. Valid on shaved or
    bald scalp, whose hair length is known, since longer dark hair cannot be told from crust by its light. Moles
    count as well; they are the same on every date. Hair of 1.5 to 6 mm leaves only patches of 4 mm and more to tell,
    which flag and method say: it is another number than that of shaved hair. Each pixel on the edge of a spot may as
    well be skin: half of them are in the error.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    hair_length_mm
        As told or measured; None when nobody knows.
    settings
        Calibrated errors.
    """
    used = region_mask & head_mask & ~excluded
    absence = _why_not(used, region_mask, hair_length_mm)
    if absence is not None:
        return absence
    width_px = width_of(head_mask)
    light = np.asarray(linear_light(rgb8) @ LUMINANCE, np.float32)
    skin = _light_of_skin(light, head_mask, width_px)
    if float(np.median(skin[used])) < LEAST_SKIN_LIGHT:
        return NotMeasured(
            reason="the skin is too dark on the photo to see a dark crust",
            remedy="take the photo in brighter, even light",
            flags=("low_contrast",),
        )
    shaved = hair_length_mm is not None and hair_length_mm <= SHAVED_MM
    least_width = (CRUST_WIDTH_FRACTION if shaved else PATCH_WIDTH_FRACTION) * width_px
    dark = (light < DARK_RATIO * skin) & head_mask
    crust = _broad(dark, least_width)
    if shaved:
        crust = _with_rim(crust, dark)
    share = crust.astype(np.float32)
    value = float(share[used].mean())
    return told(
        value,
        {
            "segmentation": float(np.hypot(settings.crust_std, 0.5 * _edge_share(crust, used))),
            "sampling": sampling_std(share, used),
        },
        method=METHOD if shaved else METHOD_BROAD,
        lowest=0.0,
        highest=1.0,
        flags=() if shaved else ("broad_patches_only",),
        area_seen_fraction=float(used.sum()) / int(region_mask.sum()),
    )


def _why_not(used: Mask, region_mask: Mask, hair_length_mm: float | None) -> NotMeasured | None:
    if used.sum() < LEAST_SEEN_FRACTION * max(1, int(region_mask.sum())):
        return NOT_SEEN
    if hair_length_mm is None:
        return NotMeasured(
            reason="it is not known whether the hair is shaved, and dark hair looks like crust",
            remedy="give hair_length_mm of the photo in case.toml",
            flags=("hair_length_unknown",),
        )
    if hair_length_mm > LONGEST_HAIR_MM:
        return NotMeasured(
            reason="the hair is too long: its strands look like crusts",
            remedy="show the scalp to the clinic; crusts are measured on shaved hair only",
            flags=("hair_too_long",),
        )
    return None


def _light_of_skin(light: NDArray[np.float32], head_mask: Mask, width_px: float) -> NDArray[np.float32]:
    """Return the light of bare skin near each pixel: what the lighter places of a wide neighbourhood send back."""
    small = 4
    size = (max(1, light.shape[1] // small), max(1, light.shape[0] // small))
    coarse = cv2.resize(np.where(head_mask, light, np.float32(0)), size, interpolation=cv2.INTER_AREA)
    side = 2 * max(1, round(AROUND_FRACTION * width_px / small / 2)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, kernel)
    soft = cv2.blur(closed, (side, side))
    return np.asarray(cv2.resize(soft, light.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _edge_share(crust: Mask, used: Mask) -> float:
    """Return the share of a region that edges of its spots take."""
    inner = cv2.erode(crust.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float((crust & ~inner)[used].mean())


def _with_rim(crust: Mask, dark: Mask) -> Mask:
    """Return spots with the dark pixels next to them: what looks for broad ones cuts the rim off small spots."""
    next_to = cv2.dilate(crust.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(dark & next_to, np.bool_)


def _broad(mask: Mask, width_px: float) -> Mask:
    """Return the mask without what is thinner than a width."""
    side = 2 * max(1, round(width_px / 2)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel), np.bool_)
