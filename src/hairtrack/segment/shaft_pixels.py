"""Which pixels of a close-up show hair: how much darker each is than the skin around it."""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image

ANALYSIS_PX_PER_MM = 90.0
"""Shafts of 40-100 µm are 4-9 px wide at this scale: enough to part two that touch, small enough to be quick."""

CHANNEL_WEIGHTS_RGB = (0.15, 0.35, 0.5)
"""Blue sees brown hair darkest and the bluish shade of hair under the skin faintest."""

SKIN_NEIGHBOURHOOD_MM = 1.0
DARK_OFFSET_LEVELS = 10.0
"""Keeps the logarithm of very dark pixels, where noise rules, within bounds."""

BRIGHTEST_DARKNESS = -0.15
"""Anything brighter is glare or a pale hair; skin between two of them must not look dark beside them."""

_BROAD_PX, _FINE_RIM_PX, _PAINT_FROM_PX = 9, 3, 3
"""Graphics broader than the first end a hair; their rim is painted finely, from pixels this near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftPixels:
    """Maps of a close-up at analysis size.

    Parameters
    ----------
    darkness
        (h, w) float32: natural logarithm of skin brightness over pixel brightness, at least `BRIGHTEST_DARKNESS`.
    blueness
        (h, w) float32: how much bluer than the skin around, in levels of Lab b.
    seen
        (h, w) mask: skin or hair can be seen (no overlay, no glare).
    full_per_analysis
        Full-size pixels an analysis pixel.
    px_per_mm
        Of the analysis size; nominal when the scale is unknown.
    rgb8
        (h, w, 3) uint8 sRGB: the picture at analysis size, with graphics painted over.
    """

    darkness: GrayImage
    blueness: GrayImage
    seen: Mask
    full_per_analysis: float
    px_per_mm: float
    rgb8: Rgb8Image


def shaft_pixels(rgb8: Rgb8Image, drawn: Mask, *, px_per_mm: float) -> ShaftPixels:
    """Return the darkness maps of a close-up.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    drawn
        (H, W) mask of burned-in graphics.
    px_per_mm
        Scale of `rgb8`.
    """
    factor = max(1.0, px_per_mm / ANALYSIS_PX_PER_MM)
    height, width = rgb8.shape[:2]
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    small = np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)
    hidden = cv2.resize(drawn.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    if hidden.any():
        small = _filled(small, hidden)
    weights = np.array([CHANNEL_WEIGHTS_RGB], np.float32)
    bright = np.asarray(cv2.transform(small, weights), np.float32)
    scale = px_per_mm / factor
    skin = skin_level(bright, scale, lifted=True)
    darkness = np.log((skin + DARK_OFFSET_LEVELS) / (bright + DARK_OFFSET_LEVELS))
    lab_b = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)[..., 2].astype(np.float32)
    blueness = skin_level(lab_b, scale, lifted=True) - lab_b
    return ShaftPixels(
        darkness=np.asarray(np.maximum(darkness, BRIGHTEST_DARKNESS), np.float32),
        blueness=np.asarray(blueness, np.float32),
        seen=np.asarray(~hidden, np.bool_),
        full_per_analysis=factor,
        px_per_mm=scale,
        rgb8=small,
    )


def _filled(small: Rgb8Image, hidden: Mask) -> Rgb8Image:
    """Return the picture with graphics painted over, so that thin ones part no hair that they cross.

    The inside of broad ones is painted at a quarter of the size: nothing is looked for there.
    """
    rest = hidden.astype(np.uint8)
    broad = cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((_BROAD_PX, _BROAD_PX), np.uint8))
    inside = np.asarray(cv2.erode(broad, np.ones((2 * _FINE_RIM_PX + 1,) * 2, np.uint8)), np.bool_)
    painted = small
    if inside.any():
        size = (max(1, small.shape[1] // 4), max(1, small.shape[0] // 4))
        coarse = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
        coarse_hidden = cv2.resize(rest, size, interpolation=cv2.INTER_AREA)
        coarse = cv2.inpaint(coarse, coarse_hidden, _PAINT_FROM_PX, cv2.INPAINT_TELEA)
        painted = np.where(inside[..., None], cv2.resize(coarse, small.shape[1::-1]), small)
        rest[inside] = 0
    return np.asarray(cv2.inpaint(np.asarray(painted, np.uint8), rest, _PAINT_FROM_PX, cv2.INPAINT_TELEA), np.uint8)


def skin_level(bright: GrayImage, px_per_mm: float, *, lifted: bool) -> GrayImage:
    """Return the brightness of skin around each pixel: the median over a neighbourhood.

    Parameters
    ----------
    bright
        (h, w) levels, 0-255.
    px_per_mm
        Scale.
    lifted
        Whether the brighter of neighbouring pixels count, so that dark hair is mostly left out.
    """
    height, width = bright.shape
    coarse = max(1, round(px_per_mm / 22))
    size = (max(1, width // coarse), max(1, height // coarse))
    reduced = cv2.resize(bright, size, interpolation=cv2.INTER_AREA)
    window = 2 * round(SKIN_NEIGHBOURHOOD_MM * px_per_mm / coarse / 2) + 1
    levels = np.asarray(np.clip(reduced, 0, 255), np.uint8)
    levels = np.asarray(cv2.dilate(levels, np.ones((3, 3), np.uint8)) if lifted else levels, np.uint8)
    median = np.asarray(cv2.medianBlur(levels, max(3, window)), np.float32)
    smooth = cv2.GaussianBlur(median, (0, 0), max(1.0, window / 4))
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
