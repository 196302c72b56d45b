"""Maps between two pictures of one scalp, applied to points, outlines and pixels."""

from dataclasses import dataclass, field
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask, Matrix3, PointsXY, Rgb8Image


class Warp(Protocol):
    """A map between the pixels of a reference and of a moving picture; NaN where it is not to be trusted."""

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reference lie in the moving picture, (N, 2)."""
        ...

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the moving picture lie in the reference, (N, 2)."""
        ...


ALL_CORNERS_KNOWN = 0.999
"""An interpolated 0-1 map is above this only where all the points that it was interpolated from are 1."""


def apply_matrix(matrix: Matrix3, points_xy: PointsXY) -> PointsXY:
    """Return points mapped by a homogeneous 3 x 3 matrix; NaN behind the camera."""
    points = np.asarray(points_xy, np.float64).reshape(-1, 2)
    mapped = np.c_[points, np.ones(len(points))] @ np.asarray(matrix, np.float64).T
    weight = np.where(mapped[:, 2:] > 0, mapped[:, 2:], np.nan)
    return np.asarray(mapped[:, :2] / weight, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneWarp:
    """A homography between two pictures, valid inside a trusted region of the reference.

    Parameters
    ----------
    matrix
        `moving_from_reference`, homogeneous, in full-size pixels.
    reference_trusted
        (H, W) mask on a grid of `grid_px` reference pixels a cell; None trusts every point.
    grid_px
        Size of a cell of `reference_trusted` in reference pixels.
    """

    matrix: Matrix3
    reference_trusted: Mask | None = None
    grid_px: float = 1.0
    _inverse: Matrix3 = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inverse", np.linalg.inv(self.matrix))

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reference lie in the moving picture; NaN outside the trusted region."""
        points = np.asarray(points_xy, np.float64).reshape(-1, 2)
        mapped = apply_matrix(self.matrix, points)
        mapped[~self._trusts(points)] = np.nan
        return mapped

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the moving picture lie in the reference; NaN outside the trusted region."""
        mapped = apply_matrix(self._inverse, points_xy)
        mapped[~self._trusts(mapped)] = np.nan
        return mapped

    def _trusts(self, reference_xy: PointsXY) -> Mask:
        if self.reference_trusted is None:
            return np.asarray(np.isfinite(reference_xy).all(axis=1), np.bool_)
        height, width = self.reference_trusted.shape
        cell = np.nan_to_num((reference_xy + 0.5) / self.grid_px, nan=-1.0)
        column = np.floor(np.clip(cell[:, 0], -1, width)).astype(int)
        row = np.floor(np.clip(cell[:, 1], -1, height)).astype(int)
        inside = (column >= 0) & (row >= 0) & (column < width) & (row < height)
        trusted = np.zeros(len(reference_xy), np.bool_)
        trusted[inside] = self.reference_trusted[row[inside], column[inside]]
        return trusted


def bring_to_reference(
    moving_rgb8: Rgb8Image,
    warp: Warp,
    reference_shape: tuple[int, int],
    *,
    step_px: int = 8,
) -> tuple[Rgb8Image, Mask]:
    """Return the moving picture laid over the reference, and where it could be laid.

    The map is sampled every `step_px` reference pixels and interpolated between: maps of a head are smooth.

    Parameters
    ----------
    moving_rgb8
        (H, W, 3) uint8.
    warp
        The map between the two pictures.
    reference_shape
        Height and width of the reference picture.
    step_px
        Distance of the sampled points.
    """
    height, width = reference_shape
    columns = np.arange(0, width + step_px, step_px, dtype=np.float64)
    rows = np.arange(0, height + step_px, step_px, dtype=np.float64)
    grid_x, grid_y = np.meshgrid(np.minimum(columns, width - 1), np.minimum(rows, height - 1))
    mapped = warp.moving_from_reference(np.c_[grid_x.ravel(), grid_y.ravel()])
    known = np.isfinite(mapped).all(axis=1).reshape(grid_x.shape)
    source: NDArray[np.float32] = np.where(np.isnan(mapped), -1e6, mapped).astype(np.float32).reshape(*grid_x.shape, 2)
    full_x, full_y = np.meshgrid(
        np.arange(width, dtype=np.float32) / np.float32(step_px),
        np.arange(height, dtype=np.float32) / np.float32(step_px),
    )
    sample_x, sample_y = np.asarray(full_x, np.float32), np.asarray(full_y, np.float32)
    dense = cv2.remap(source, sample_x, sample_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    sure = cv2.remap(
        np.asarray(known, np.float32), sample_x, sample_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    laid = cv2.remap(moving_rgb8, dense[..., 0], dense[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    moving_height, moving_width = moving_rgb8.shape[:2]
    inside = (
        (dense[..., 0] >= 0)
        & (dense[..., 1] >= 0)
        & (dense[..., 0] <= moving_width - 1)
        & (dense[..., 1] <= moving_height - 1)
    )
    return np.asarray(laid, np.uint8), np.asarray(inside & (sure > ALL_CORNERS_KNOWN), np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedWarp:
    """A warp between full-size pictures, seen on reduced copies of both.

    Parameters
    ----------
    warp
        Between the full-size pictures.
    reference_full_per_working, moving_full_per_working
        Full-size pixels a pixel of each reduced copy.
    """

    warp: Warp
    reference_full_per_working: float
    moving_full_per_working: float

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reduced reference lie in the reduced moving picture."""
        full = (np.asarray(points_xy, np.float64) + 0.5) * self.reference_full_per_working - 0.5
        return (self.warp.moving_from_reference(full) + 0.5) / self.moving_full_per_working - 0.5

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reduced moving picture lie in the reduced reference."""
        full = (np.asarray(points_xy, np.float64) + 0.5) * self.moving_full_per_working - 0.5
        return (self.warp.reference_from_moving(full) + 0.5) / self.reference_full_per_working - 0.5
