"""Hairs that grow against their neighbours: what planting in the wrong direction leaves behind.

Which end of a hair is its root is told from its own shade and from its neighbours. A hair planted the wrong way round
is therefore often read as lying along: of hairs turned by 80 to 180 degrees four in ten are found, and hardly any other
is called (validation/results/closeups_growth_direction.txt). The share is a lower bound.
"""

import numpy as np
from numpy.typing import NDArray

from hairtrack.model import Hair

NEIGHBOUR_MM = 0.8
"""Distance over which hairs of a scalp lean alike, but for the very centre of a whorl."""

AGAINST_DEG = 60.0
"""A hair turned further than this from its neighbours grows against them: six standard deviations (9°) of the lean of
neighbours on the development close-ups (validation/results/closeups_growth_direction.txt)."""

FEWEST_NEIGHBOURS = 3


def turned_from_neighbours_deg(hairs: tuple[Hair, ...], *, px_per_mm: float) -> NDArray[np.float64]:
    """Return (N,) degrees, 0-180, between each hair and the median direction around it; NaN without enough neighbours.

    The neighbours' direction is the one with the least sum of angles to them (the spherical median on the circle), so
    that a few faulty hairs among them do not turn it; a hair does not speak for itself.

    Parameters
    ----------
    hairs
        Hairs with root and tip in pixels.
    px_per_mm
        Scale.
    """
    if not hairs:
        return np.zeros(0)
    roots = np.array([hair.root_xy for hair in hairs])
    vector = np.array([hair.tip_xy for hair in hairs]) - roots
    angle = np.arctan2(vector[:, 1], vector[:, 0])
    distance_mm = np.linalg.norm(roots[:, None] - roots[None], axis=2) / px_per_mm
    weight = np.exp(-((distance_mm / NEIGHBOUR_MM) ** 2) / 2)
    np.fill_diagonal(weight, 0.0)
    between = np.abs((angle[:, None] - angle[None] + np.pi) % (2 * np.pi) - np.pi)
    median = np.array([int(np.argmin(between @ row)) for row in weight])
    turned = np.rad2deg(between[np.arange(len(hairs)), median])
    near = (distance_mm < 2 * NEIGHBOUR_MM).sum(axis=1) - 1
    return np.where(near >= FEWEST_NEIGHBOURS, turned, np.nan)
