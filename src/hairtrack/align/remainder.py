"""What a trend leaves over, as a displacement on a grid that is zero where nothing matched."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import PointsXY


def spread(
    points_xy: PointsXY,
    values: PointsXY,
    *,
    shape: tuple[int, int],
    step_px: int,
    widths_px: tuple[float, ...],
    outlier_px: tuple[float, ...],
) -> NDArray[np.float32]:
    """Return a smooth displacement at the nodes of a grid from displacements at scattered points.

    Kernel regression from coarse to fine, each width on what the wider ones left, with a prior weight of zero motion:
    near many points it is their mean, far from all it is zero. A spline would run away at the rim.

    Parameters
    ----------
    points_xy
        (N, 2) px.
    values
        (N, 2) displacement at each, px.
    shape
        Height and width of the grid in nodes.
    step_px
        Distance of nodes.
    widths_px
        Standard deviations of the kernels.
    outlier_px
        One a width: points that miss the field so far by more do not count.

    Returns
    -------
    NDArray[np.float32]
        (h, w, 2) px.
    """
    field = np.zeros((*shape, 2), np.float32)
    for width, limit in zip(widths_px, outlier_px, strict=True):
        left = values - sampled(field, points_xy, step_px)
        near = np.linalg.norm(left, axis=1) < limit
        field += _kernel_mean(points_xy[near], left[near], shape=shape, step_px=step_px, width_px=width)
    return field


def sampled(field: NDArray[np.float32], points_xy: PointsXY, step_px: int) -> PointsXY:
    """Return a field given at nodes, (h, w, 2), at points, (N, 2), bilinear."""
    if len(points_xy) == 0:
        return np.zeros((0, 2))
    at = np.asarray(points_xy / step_px, np.float32)
    # remap takes pictures of at most 32767 columns; points are laid out in rows of 1024
    count = len(at)
    rows = -(-count // 1024)
    padded = np.zeros((rows * 1024, 2), np.float32)
    padded[:count] = at
    grid = padded.reshape(rows, 1024, 2)
    values = cv2.remap(
        field, grid[..., 0].copy(), grid[..., 1].copy(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(values, np.float64).reshape(-1, 2)[:count]


def _kernel_mean(
    points_xy: PointsXY, values: PointsXY, *, shape: tuple[int, int], step_px: int, width_px: float
) -> NDArray[np.float32]:
    height, width = shape
    column = np.clip(np.round(points_xy[:, 0] / step_px).astype(int), 0, width - 1)
    row = np.clip(np.round(points_xy[:, 1] / step_px).astype(int), 0, height - 1)
    sums = np.zeros((height, width, 3), np.float32)
    np.add.at(sums, (row, column), np.c_[values, np.ones(len(values))].astype(np.float32))
    sigma = width_px / step_px
    blurred = cv2.GaussianBlur(sums, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    # the prior weighs as much as one point at one and a half standard deviations
    prior = np.float32(0.32 / (2 * np.pi * sigma**2))
    return np.asarray(blurred[..., :2] / (blurred[..., 2:] + prior), np.float32)
