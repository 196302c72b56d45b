"""A photo with its pixels, and the smaller copy of it that the rooms work on."""

from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from hairtrack.imaging.types import Mask, PointsXY, Rgb8Image, RgbImage
from hairtrack.model import Photo, PixelScale

WORKING_LONG_SIDE_PX = 1024
"""Global photos are judged, segmented and aligned at this size: strands are blurred away, hair and skin are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPhoto:
    """A photo and its upright sRGB pixels.

    Parameters
    ----------
    record
        What is known about the photo.
    rgb8
        (H, W, 3) uint8 sRGB, upright.
    """

    record: Photo
    rgb8: Rgb8Image

    @property
    def pixels(self) -> RgbImage:
        """A new float32 copy of the pixels, (H, W, 3) sRGB in 0-1."""
        return self.rgb8.astype(np.float32) / np.float32(255)

    @property
    def taken_on(self) -> date | None:
        """The local date of the shot, or None when unknown."""
        return self.record.taken_on

    @property
    def scale(self) -> PixelScale | None:
        """Pixels a millimetre on the scalp, or None when unknown."""
        return self.record.scale

    @property
    def sha256(self) -> str | None:
        """SHA-256 of the file's bytes."""
        return self.record.sha256

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.rgb8.shape[0], self.rgb8.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingImage:
    """A photo reduced for analysis (never enlarged), with its relation to the full picture.

    Parameters
    ----------
    rgb8
        (h, w, 3) uint8 sRGB.
    full_per_working
        Full-size pixels a working pixel, >= 1.
    full_shape
        Height and width of the full picture.
    """

    rgb8: Rgb8Image
    full_per_working: float
    full_shape: tuple[int, int]

    def full_from_working(self, points_xy: PointsXY) -> PointsXY:
        """Return points of the working image in full-size pixels, pixel centres kept."""
        return (np.asarray(points_xy, np.float64) + 0.5) * self.full_per_working - 0.5

    def working_from_full(self, points_xy: PointsXY) -> PointsXY:
        """Return points of the full picture in working pixels, pixel centres kept."""
        return (np.asarray(points_xy, np.float64) + 0.5) / self.full_per_working - 0.5

    def full_mask(self, mask: Mask) -> Mask:
        """Return a working-size mask at the size of the full picture."""
        height, width = self.full_shape
        enlarged = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        return enlarged.astype(np.bool_)


def working_image(rgb8: Rgb8Image, long_side_px: int = WORKING_LONG_SIDE_PX) -> WorkingImage:
    """Return the picture reduced by area averaging so that its long side is at most `long_side_px`."""
    height, width = rgb8.shape[:2]
    factor = max(1.0, max(height, width) / long_side_px)
    if factor == 1.0:
        return WorkingImage(rgb8=rgb8, full_per_working=1.0, full_shape=(height, width))
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    reduced = np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)
    return WorkingImage(rgb8=reduced, full_per_working=factor, full_shape=(height, width))
