"""Hairs that grow against their neighbours: what planting in the wrong direction leaves behind.

Over a spot of a few millimetres hair leans evenly, or turns evenly as around a whorl: its direction is that of a vector
that changes linearly from place to place. Hairs that do not follow this field are named, also when a whole patch of
them agrees with each other.

Which end of a hair is its root is told from its own shade and from its neighbours, so that one turned right round is
often read as lying along: nearly all faulty hairs whose root is read rightly are named, more than eight of ten of a
patch, seven of ten of single units, and of rightly planted ones at most three in a hundred. Around a whorl one hair in
seventeen is named wrongly (validation/results/closeups_growth_direction.txt). The share is a lower bound.
"""

import numpy as np
from numpy.typing import NDArray

from hairtrack.model import Hair

NEIGHBOUR_MM = 0.8
"""Distance over which hairs of a scalp lean alike, but for the very centre of a whorl."""

AGAINST_DEG = 60.0
"""A hair turned further than this from the field grows against it: eight standard deviations (7.4°) of the lean of
hairs on the development close-ups (validation/results/closeups_growth_direction.txt)."""

FEWEST_NEIGHBOURS = 3
FEWEST_FOR_FIELD = 8
"""The field has six numbers; two hairs more can contradict it."""

_FAULTY_RAD = 0.5
"""Three standard deviations of the lean: from here on a hair counts less and less for the field."""

_STARTS, _ROUNDS = 7, 12
_EVENNESS = np.diag([1e-3, 0.3, 0.3])
"""Keeps a field that few hairs determine from turning more than they say."""


def turned_from_neighbours_deg(hairs: tuple[Hair, ...], *, px_per_mm: float) -> NDArray[np.float64]:
    """Return (N,) degrees, 0-180, between each hair and the field of directions; NaN without enough neighbours.

    Parameters
    ----------
    hairs
        Hairs with root and tip in pixels.
    px_per_mm
        Scale.
    """
    if len(hairs) < FEWEST_FOR_FIELD:
        return np.full(len(hairs), np.nan)
    roots_mm = np.array([hair.root_xy for hair in hairs]) / px_per_mm
    shafts = np.array([hair.tip_xy for hair in hairs]) - np.array([hair.root_xy for hair in hairs])
    lies = shafts / np.maximum(np.linalg.norm(shafts, axis=1), 1e-9)[:, None]
    apart_mm = np.linalg.norm(roots_mm[:, None] - roots_mm[None], axis=2)
    turned = np.rad2deg(_turned_from_field(roots_mm, lies, apart_mm))
    near = (apart_mm < 2 * NEIGHBOUR_MM).sum(axis=1) - 1
    return np.where(near >= FEWEST_NEIGHBOURS, turned, np.nan)


def _turned_from_field(
    roots_mm: NDArray[np.float64], lies: NDArray[np.float64], apart_mm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return (N,) radians from the field that most hairs follow.

    Least squares whose weights are set anew from the angles left over (Holland and Welsch 1977,
    doi:10.1080/03610927708827533), begun with all hairs and with those of several places; the field with the least sum
    of angles, each counted up to one radian, is the one.
    """
    centred = roots_mm - roots_mm.mean(axis=0)
    place = np.c_[np.ones(len(centred)), centred / max(float(np.abs(centred).max()), 1e-9)]
    begun = np.linspace(0, len(centred) - 1, _STARTS).astype(int)
    starts = [np.ones(len(centred)), *np.exp(-((apart_mm[begun] / (2 * NEIGHBOUR_MM)) ** 2) / 2)]
    tried = []
    for start in starts:
        weight, turned = start, np.zeros(len(centred))
        for _ in range(_ROUNDS):
            weighted = place * weight[:, None]
            field = place @ np.linalg.solve(place.T @ weighted + _EVENNESS, weighted.T @ lies)
            along = (field * lies).sum(axis=1) / np.maximum(np.linalg.norm(field, axis=1), 1e-9)
            turned = np.arccos(np.clip(along, -1, 1))
            weight = 1 / (1 + (turned / _FAULTY_RAD) ** 4)
        tried.append((float(np.minimum(turned, 1.0).sum()), turned))
    return min(tried, key=lambda one: one[0])[1]
