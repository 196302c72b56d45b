"""How much redder the bare scalp of a region is than that of the rest of the head."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import LUMINANCE, linear_light
from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.measure.coverage import sampling_std
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

METHOD = "redness_index@2"
BARE_OPACITY = 0.35
"""Skin between hairs that hide more is tinted by them."""

LEAST_BARE_FRACTION = 0.2
NEIGHBOURHOOD_FRACTION = 0.02
"""Share of the head's width over which colour is averaged: larger than a hair and its gap, smaller than a graft site's
surroundings."""

CLIPPED = 250
"""From this brightest channel on a pixel may have lost its colour."""

DARKEST = 5
"""Up to this darkest channel a colour is mostly noise of the sensor."""

LEAST_LIGHT = 1e-6

STANDARD_SKIN = np.array([0.50, 0.31, 0.21])
"""Linear RGB of skin on which redness is told: type III after Fitzpatrick."""


def measure_redness(
    rgb8: Rgb8Image,
    opacity: FractionMap,
    region_mask: Mask,
    *,
    head_mask: Mask,
    excluded: Mask,
    compared_with: Mask | None = None,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `redness_index`: how much a* / 100 (CIELAB) of standard skin would rise by what reddens the region.

    Blood takes away green and blue light in a fixed proportion whatever else colours the skin. So bare scalp of the
    region is divided by bare scalp elsewhere on the head, channel by channel: light, camera and skin tone cancel. The
    quotient is laid on one standard skin at one lightness, where a* is read. Higher is redder than the rest. Valid
    when bare scalp is in sight in both places and the light has one colour; a lamp of another colour from one side is
    in the error by the slope over the rest of the head.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    opacity
        (H, W) share of the scalp hidden by hair.
    region_mask, head_mask, excluded
        (H, W) the region; hair-bearing scalp; glare, marks and text.
    compared_with
        (H, W) where the rest of the head counts: outside of everything that was treated; None for all the rest.
    settings
        Calibrated errors. Light that skin mirrors without having been in it, and hair between, make redness look less
        than it is: that share is part of the error.
    """
    others = ~region_mask if compared_with is None else compared_with & ~region_mask
    colours, bare = _bare_colours(rgb8, opacity, head_mask & ~excluded)
    inside, outside = bare & region_mask, bare & others
    least = LEAST_BARE_FRACTION * max(1, int((head_mask & region_mask).sum()))
    if inside.sum() < least or outside.sum() < least:
        return NotMeasured(
            reason="too little bare scalp is seen in the region or beside it",
            remedy="part the hair so that the skin is seen",
            flags=("no_bare_scalp",),
        )
    red = _on_standard_skin(colours - colours[outside].mean(axis=0))
    value = float(red[inside].mean() - red[outside].mean())
    return told(
        value,
        {
            "sampling": float(np.hypot(sampling_std(red, inside), sampling_std(red, outside))),
            "illumination": float(np.hypot(_slope_std(red, outside), settings.redness_illumination_std)),
            "segmentation": float(np.hypot(settings.redness_skin_std, settings.redness_shine_fraction * value)),
        },
        method=METHOD,
        area_seen_fraction=float(inside.sum()) / max(1, int(region_mask.sum())),
    )


def redness_of_tint(red: float, blue: float) -> float:
    """Return the index of skin whose red and blue light is so many times as strong against green as elsewhere."""
    return float(_on_standard_skin(np.log([[red, blue]]))[0])


def _bare_colours(rgb8: Rgb8Image, opacity: FractionMap, scalp: Mask) -> tuple[NDArray[np.float64], Mask]:
    """Return the logarithms of red and blue against green light of bare skin, (H, W, 2), and where they are known."""
    known = scalp & (opacity < BARE_OPACITY) & (rgb8.max(axis=2) < CLIPPED) & (rgb8.min(axis=2) > DARKEST)
    linear = linear_light(rgb8) * known[..., None].astype(np.float32)
    side = 2 * max(1, round(NEIGHBOURHOOD_FRACTION * float(np.sqrt(scalp.sum())) / 2)) + 1
    light = np.asarray(cv2.blur(linear, (side, side), borderType=cv2.BORDER_CONSTANT), np.float64)
    logs = np.log(np.maximum(light, LEAST_LIGHT))
    return logs[..., [0, 2]] - logs[..., [1]], known


def _on_standard_skin(colours: NDArray[np.float64]) -> FractionMap:
    """Return by how much a* / 100 rises when standard skin is tinted by logarithms of red and blue against green."""
    tint = np.exp(np.concatenate([colours[..., :1], np.zeros_like(colours[..., :1]), colours[..., 1:]], axis=-1))
    tinted = STANDARD_SKIN * tint
    tinted *= (STANDARD_SKIN @ LUMINANCE) / (tinted @ LUMINANCE)[..., None]
    both = np.concatenate([tinted.reshape(-1, 3), STANDARD_SKIN[None]]).astype(np.float32)[None]
    encoded = np.where(both <= 0.0031308, 12.92 * both, 1.055 * both ** np.float32(1 / 2.4) - 0.055)  # noqa: PLR2004 IEC 61966-2-1
    red = cv2.cvtColor(encoded.astype(np.float32), cv2.COLOR_RGB2Lab)[0, :, 1] / np.float32(100)
    return np.asarray((red[:-1] - red[-1]).reshape(colours.shape[:-1]), np.float32)


def _slope_std(red: FractionMap, outside: Mask) -> float:
    """Return the standard deviation of the plane that fits the rest of the head: what one-sided light does."""
    rows, columns = np.nonzero(outside)
    places = np.c_[rows, columns] - [rows.mean(), columns.mean()]
    slopes, *_ = np.linalg.lstsq(places, red[outside] - red[outside].mean(), rcond=None)
    return float(np.std(places @ slopes))
