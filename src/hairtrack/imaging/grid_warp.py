"""A curved map between two pictures, known at the nodes of a regular grid."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hairtrack.imaging.types import Mask, PointsXY

_NEWTON_STEPS = 12
_SOLVED_PX = 0.02  # of a full-size pixel: far below anything that a photo of a head can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class GridWarp:
    """A smooth map with its inverse, valid where it is trusted; a head is no plane.

    Parameters
    ----------
    nodes_xy
        (h, w, 2) float64: where the nodes lie in the moving picture, in its full-size pixels; finite everywhere, also
        where it is not trusted.
    trusted
        (h, w) mask of the nodes; a point is trusted when all nodes round it are.
    step_px
        Distance of neighbouring nodes in reference pixels.
    origin_px
        Both reference coordinates of the first node.
    """

    nodes_xy: NDArray[np.float64]
    trusted: Mask
    step_px: float
    origin_px: float = 0.0
    _tree: cKDTree = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tree", cKDTree(self.nodes_xy.reshape(-1, 2)))

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reference lie in the moving picture; NaN where the map is not trusted."""
        points = np.asarray(points_xy, np.float64).reshape(-1, 2)
        mapped = self._interpolated(points)
        mapped[np.logical_not(self.trusts(points))] = np.nan
        return mapped

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the moving picture lie in the reference; NaN where the map is not trusted.

        Solved by Newton's method from the nearest node; a point that no trusted place maps to is NaN.
        """
        targets = np.asarray(points_xy, np.float64).reshape(-1, 2)
        finite = np.asarray(np.isfinite(targets).all(axis=1), np.bool_)
        wanted = np.where(finite[:, None], targets, 0.0)
        nearest = self._tree.query(wanted)[1]
        row, column = np.unravel_index(nearest, self.trusted.shape)
        places = np.c_[column, row] * self.step_px + self.origin_px
        half = self.step_px / 4
        right, down = np.array([half, 0.0]), np.array([0.0, half])
        for _ in range(_NEWTON_STEPS):
            miss = wanted - self._interpolated(places)
            along_x = (self._interpolated(places + right) - self._interpolated(places - right)) / (2 * half)
            along_y = (self._interpolated(places + down) - self._interpolated(places - down)) / (2 * half)
            determinant = along_x[:, 0] * along_y[:, 1] - along_x[:, 1] * along_y[:, 0]
            determinant = np.where(np.abs(determinant) < 1e-6, 1e-6, determinant)  # noqa: PLR2004 a fold has no inverse
            step_x = (miss[:, 0] * along_y[:, 1] - miss[:, 1] * along_y[:, 0]) / determinant
            step_y = (miss[:, 1] * along_x[:, 0] - miss[:, 0] * along_x[:, 1]) / determinant
            limit = 2 * self.step_px
            places = places + np.clip(np.c_[step_x, step_y], -limit, limit)
        solved = np.linalg.norm(wanted - self._interpolated(places), axis=1) < _SOLVED_PX
        places[~(finite & solved & self.trusts(places))] = np.nan
        return np.asarray(places, np.float64)

    def trusts(self, reference_xy: PointsXY) -> Mask:
        """Return for each reference point whether the four nodes round it are trusted."""
        height, width = self.trusted.shape
        cell = (np.nan_to_num(reference_xy, nan=-np.inf, neginf=-np.inf) - self.origin_px) / self.step_px
        inside = (cell >= 0).all(axis=1) & (cell[:, 0] <= width - 1) & (cell[:, 1] <= height - 1)
        low = np.floor(np.where(inside[:, None], cell, 0)).astype(int)
        column, row = low[:, 0], low[:, 1]
        right, below = np.minimum(column + 1, width - 1), np.minimum(row + 1, height - 1)
        corners = (
            self.trusted[row, column]
            & self.trusted[row, right]
            & self.trusted[below, column]
            & self.trusted[below, right]
        )
        return np.asarray(inside & corners, np.bool_)

    def _interpolated(self, reference_xy: PointsXY) -> PointsXY:
        """Return the bilinear map, extended straight beyond the outermost nodes."""
        height, width = self.trusted.shape
        cell = (np.nan_to_num(reference_xy) - self.origin_px) / self.step_px
        column = np.clip(np.floor(cell[:, 0]).astype(int), 0, width - 2)
        row = np.clip(np.floor(cell[:, 1]).astype(int), 0, height - 2)
        across, down = cell[:, :1] - column[:, None], cell[:, 1:] - row[:, None]
        upper = self.nodes_xy[row, column] * (1 - across) + self.nodes_xy[row, column + 1] * across
        lower = self.nodes_xy[row + 1, column] * (1 - across) + self.nodes_xy[row + 1, column + 1] * across
        return np.asarray(upper * (1 - down) + lower * down, np.float64)


def dense_from_nodes(nodes: NDArray[np.float32], shape: tuple[int, int], step_px: int) -> NDArray[np.float32]:
    """Return a map given at every `step_px`-th pixel, (h, w, k), at every pixel of `shape`, (H, W, k)."""
    columns, rows = np.meshgrid(
        np.arange(shape[1], dtype=np.float32) / np.float32(step_px),
        np.arange(shape[0], dtype=np.float32) / np.float32(step_px),
    )
    dense = cv2.remap(
        np.ascontiguousarray(nodes, np.float32),
        np.asarray(columns, np.float32),
        np.asarray(rows, np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(dense, np.float32)
