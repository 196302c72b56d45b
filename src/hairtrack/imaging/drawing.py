"""Pictures for people: crops that keep to the scalp, outlines, heat maps, encoded without metadata."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.types import FractionMap, Mask, PointsXY, Rgb8Image
from hairtrack.model import HairtrackError

HIDDEN_RGB = (226, 226, 222)
"""What stands where something was hidden: a light warm grey, plainly no skin."""

OUTLINE_RGB = (0, 108, 132)
"""Outlines of regions: petrol, told apart from skin, hair and blood by every kind of colour vision."""


MOSTLY_INSIDE = 0.75
FAINT_WEIGHT = 0.05
"""A neighbourhood of which less than this share is known has no mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of pixels, `x1` and `y1` outside."""

    x0: int
    y0: int
    x1: int
    y1: int

    def of(self, picture: Rgb8Image) -> Rgb8Image:
        """Return the part of a picture inside the box."""
        return picture[self.y0 : self.y1, self.x0 : self.x1]


def encode_jpeg(rgb8: Rgb8Image, *, quality: int = 80) -> bytes:
    """Return a JPEG of the pixels and nothing else: no EXIF, no thumbnail, no comment."""
    return _encode(".jpg", rgb8, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])


def encode_png(rgb8: Rgb8Image) -> bytes:
    """Return a PNG of the pixels and nothing else."""
    return _encode(".png", rgb8, [])


def _encode(suffix: str, rgb8: Rgb8Image, options: list[int]) -> bytes:
    done, encoded = cv2.imencode(suffix, cv2.cvtColor(rgb8, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise HairtrackError(f"a picture could not be written as {suffix}", where="imaging.drawing")
    return encoded.tobytes()


def box_around(mask: Mask, *, margin_fraction: float = 0.06) -> Box:
    """Return the box around a mask, widened by a share of its longer side; the whole picture when it is empty."""
    height, width = mask.shape
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if columns.size == 0:
        return Box(x0=0, y0=0, x1=width, y1=height)
    margin = round(margin_fraction * max(columns[-1] - columns[0], rows[-1] - rows[0]))
    return Box(
        x0=max(0, int(columns[0]) - margin),
        y0=max(0, int(rows[0]) - margin),
        x1=min(width, int(columns[-1]) + 1 + margin),
        y1=min(height, int(rows[-1]) + 1 + margin),
    )


def hide_outside(rgb8: Rgb8Image, mask: Mask, *, band_fraction: float = 0.03) -> Rgb8Image:
    """Return the picture with everything outside the mask and a narrow band around it replaced by flat grey.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    mask
        (H, W): what may be seen, the hair-bearing scalp.
    band_fraction
        Width of the band as a share of the mask's extent: a rim of skin helps the eye, a face does not fit in.
    """
    box = box_around(mask, margin_fraction=0.0)
    band_px = max(1, round(band_fraction * max(box.x1 - box.x0, box.y1 - box.y0)))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band_px + 1, 2 * band_px + 1))
    seen = cv2.dilate(mask.astype(np.uint8), brush).astype(np.bool_)
    hidden = rgb8.copy()
    hidden[~seen] = HIDDEN_RGB
    return hidden


def reduced(rgb8: Rgb8Image, long_side_px: int) -> Rgb8Image:
    """Return the picture with its long side at most `long_side_px`, area averaged; never enlarged."""
    height, width = rgb8.shape[:2]
    factor = long_side_px / max(height, width)
    if factor >= 1:
        return rgb8
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)


def draw_outlines(
    rgb8: Rgb8Image, outlines_xy: Sequence[PointsXY], *, colour: tuple[int, int, int] = OUTLINE_RGB
) -> Rgb8Image:
    """Return the picture with closed outlines drawn on a light rim, so that they show on hair and on skin."""
    drawn = rgb8.copy()
    thickness = max(1, round(max(rgb8.shape[:2]) / 400))
    for outline in outlines_xy:
        points = [np.round(np.asarray(outline) * 16).astype(np.int32).reshape(-1, 1, 2)]
        cv2.polylines(
            drawn, points, isClosed=True, color=(255, 255, 255), thickness=thickness + 2, lineType=16, shift=4
        )
        cv2.polylines(drawn, points, isClosed=True, color=colour, thickness=thickness, lineType=16, shift=4)
    return drawn


def draw_coverage(rgb8: Rgb8Image, opacity: FractionMap, seen: Mask, *, strength: float = 0.55) -> Rgb8Image:
    """Return the picture tinted by coverage inside `seen`: pale yellow is bare scalp, dark blue is hair (cividis)."""
    levels = np.round(255 * (1 - np.nan_to_num(np.clip(opacity, 0, 1)))).astype(np.uint8)
    tint = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_CIVIDIS), cv2.COLOR_BGR2RGB)
    weight = np.where(seen & np.isfinite(opacity), np.float32(strength), np.float32(0))[..., None]
    blended = rgb8.astype(np.float32) * (1 - weight) + tint.astype(np.float32) * weight
    return np.asarray(np.round(blended), np.uint8)


def draw_change(rgb8: Rgb8Image, change: FractionMap, beyond_error: Mask) -> Rgb8Image:
    """Return the picture in grey, tinted where coverage changed beyond error: blue-green is more hair, orange less.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    change
        (H, W) difference of coverage, -1 to 1.
    beyond_error
        (H, W): where the difference is larger than its error; no colour elsewhere.
    """
    grey = np.repeat(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2).astype(np.float32)
    more, less = np.array((0, 128, 140), np.float32), np.array((214, 112, 20), np.float32)
    tint = np.where(np.nan_to_num(change)[..., None] > 0, more, less)
    weight = np.clip(np.abs(np.nan_to_num(change)) * 2, 0, 0.75)[..., None] * beyond_error[..., None]
    return np.asarray(np.round(grey * (1 - weight) + tint * weight), np.uint8)


def draw_ghost(rgb8: Rgb8Image, reference_mask: Mask) -> Rgb8Image:
    """Return the new photo with the outline of the reference's head on it, so that one sees how to move.

    The reference is fitted into the new picture by its long side: both are taken as framed alike.
    """
    height, width = rgb8.shape[:2]
    factor = max(height, width) / max(reference_mask.shape)
    size = (round(reference_mask.shape[1] * factor), round(reference_mask.shape[0] * factor))
    fitted = cv2.resize(reference_mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    contours, _ = cv2.findContours(fitted, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    shift = np.array([(width - size[0]) / 2, (height - size[1]) / 2])
    return draw_outlines(rgb8, [contour.reshape(-1, 2) + shift for contour in contours])


def checkerboard(reference_rgb8: Rgb8Image, laid_rgb8: Rgb8Image, *, fields: int = 8) -> Rgb8Image:
    """Return fields of the reference and of the picture laid on it in turn: what runs on across edges is aligned."""
    height, width = reference_rgb8.shape[:2]
    side = max(height, width) / fields
    row, column = np.arange(height)[:, None] // side, np.arange(width)[None, :] // side
    from_reference = ((row + column) % 2 == 0)[..., None]
    return np.where(from_reference, reference_rgb8, laid_rgb8)


def local_mean(values: FractionMap, where: Mask, *, radius_px: float) -> FractionMap:
    """Return the Gaussian mean of values over a neighbourhood, taken over `where` alone; 0 where none of it is near."""
    weight = cv2.GaussianBlur(where.astype(np.float32), (0, 0), max(radius_px, 0.5))
    summed = cv2.GaussianBlur(np.where(where, values, np.float32(0)).astype(np.float32), (0, 0), max(radius_px, 0.5))
    return np.where(weight > FAINT_WEIGHT, summed / np.maximum(weight, FAINT_WEIGHT), np.float32(0)).astype(np.float32)


def smooth_rim(mask: Mask, *, radius_px: float) -> Mask:
    """Return a mask with its stair steps rounded off, nowhere outside the given one."""
    blurred = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), radius_px)
    return np.asarray(mask & (blurred > MOSTLY_INSIDE), np.bool_)
