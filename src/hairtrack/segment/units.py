"""Follicular units: hairs whose roots leave the skin together."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from hairtrack.imaging.types import PointsXY


def unit_of_each_root(roots_xy: PointsXY, *, link_px: float) -> NDArray[np.int64]:
    """Return the index of the follicular unit of each root: roots nearer than `link_px` share one.

    Parameters
    ----------
    roots_xy
        (N, 2) root points in pixels.
    link_px
        Greatest distance of neighbours in one unit (single linkage).
    """
    count = len(roots_xy)
    if count == 0:
        return np.zeros(0, np.int64)
    pairs = cKDTree(roots_xy).query_pairs(link_px, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)
