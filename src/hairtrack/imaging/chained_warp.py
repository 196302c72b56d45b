"""Two maps joined by the picture between them, and how far two maps lie apart."""

from dataclasses import dataclass

import numpy as np

from hairtrack.imaging.types import PointsXY
from hairtrack.imaging.warp import Warp


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedWarp:
    """A map from a reference to a moving picture by way of a picture between; NaN where either is not trusted.

    Parameters
    ----------
    first
        Between the reference and the picture between.
    second
        Between the picture between, as its reference, and the moving picture.
    """

    first: Warp
    second: Warp

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reference lie in the moving picture, (N, 2)."""
        return self.second.moving_from_reference(self.first.moving_from_reference(points_xy))

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the moving picture lie in the reference, (N, 2)."""
        return self.first.reference_from_moving(self.second.reference_from_moving(points_xy))


def size_ratio(warp: Warp, points_xy: PointsXY) -> float | None:
    """Return moving pixels a reference pixel by how far a map spreads points (N, 2); None where it knows none."""
    there = warp.moving_from_reference(points_xy)
    known = np.isfinite(there).all(axis=1)
    here = np.asarray(points_xy, np.float64)[known]
    if not known.any():
        return None
    spreads = [float(np.linalg.norm(points - points.mean(axis=0))) for points in (here, there[known])]
    return spreads[1] / spreads[0] if min(spreads) > 0 else None


def miss_px(one: Warp, other: Warp, points_xy: PointsXY) -> float | None:
    """Return the root mean square distance between two maps in moving pixels; None where not both know a place."""
    apart = one.moving_from_reference(points_xy) - other.moving_from_reference(points_xy)
    squared = (apart[np.isfinite(apart).all(axis=1)] ** 2).sum(axis=1)
    return float(np.sqrt(squared.mean())) if squared.size else None
