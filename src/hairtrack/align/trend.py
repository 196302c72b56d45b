"""Smooth maps fitted to matches: a polynomial trend of the head's curvature and a bounded remainder."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hairtrack.align.keypoints import Matches
from hairtrack.imaging.types import Mask, PointsXY


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A polynomial map: `coefficients` (terms, 2) over coordinates taken from `centre_xy` in units of `unit_px`."""

    coefficients: NDArray[np.float64]
    degree: int
    centre_xy: tuple[float, float]
    unit_px: float

    def __call__(self, points_xy: PointsXY) -> PointsXY:
        """Return where reference points lie in the moving picture, (N, 2)."""
        terms = _terms((points_xy - self.centre_xy) / self.unit_px, self.degree)
        return np.asarray(terms @ self.coefficients, np.float64)


_PULLS = (0.0,) * 3 + (1e-4,) * 3 + (1e-2,) * 4
"""Weight of each term's pull to zero against that of the matches: constant and linear, quadratic, cubic. Set on made
pairs of part a: with a weaker pull of the cubic ones, bald skin without matches ran off; a stronger one bent all."""


def fit_trend(
    reference_xy: PointsXY,
    moving_xy: PointsXY,
    *,
    degree: int,
    scales_px: tuple[float, ...],
    start: PointsXY | None = None,
) -> Trend:
    """Return the polynomial of a degree that most matches agree on.

    Iteratively reweighted least squares with Tukey's weights; their width shrinks along `scales_px`, so that the rim
    of the head joins before the outliers leave.

    Parameters
    ----------
    reference_xy, moving_xy
        (N, 2) matched places, px.
    degree
        1 to 3.
    scales_px
        Width of the weights, round after round.
    start
        (N, 2) where an earlier fit puts the reference points; None starts from all matches alike.
    """
    centre = reference_xy.mean(axis=0)
    unit = float(np.sqrt(((reference_xy - centre) ** 2).sum(axis=1).mean())) or 1.0
    terms = _terms((reference_xy - centre) / unit, degree)
    # A pull of curved terms to zero, cubic ones above all: where no match holds the rim, the map stays plain there.
    pull = np.diag(_PULLS[: terms.shape[1]]) * len(terms)
    predicted = start
    coefficients = np.zeros((terms.shape[1], 2))
    for scale in scales_px:
        weights = np.ones(len(terms)) if predicted is None else _tukey(predicted, moving_xy, scale)
        weighted = terms * weights[:, None]
        normal = terms.T @ weighted + pull + 1e-9 * np.eye(terms.shape[1])
        coefficients = np.linalg.solve(normal, weighted.T @ moving_xy)
        predicted = terms @ coefficients
    return Trend(coefficients=coefficients, degree=degree, centre_xy=(centre[0], centre[1]), unit_px=unit)


def neighbours_agree(matches: Matches, residual_xy: PointsXY, *, tolerance_px: float, neighbours: int = 9) -> Mask:
    """Return which matches have a residual (M, 2) near the median of their neighbours'."""
    count = min(neighbours, len(matches))
    around = cKDTree(matches.reference_xy).query(matches.reference_xy, k=count)[1].reshape(len(matches), count)
    middle = np.median(residual_xy[around], axis=1)
    return np.asarray(np.linalg.norm(residual_xy - middle, axis=1) < tolerance_px, np.bool_)


def _terms(unit_xy: PointsXY, degree: int) -> NDArray[np.float64]:
    x, y = unit_xy[:, 0], unit_xy[:, 1]
    return np.stack([x**i * y ** (total - i) for total in range(degree + 1) for i in range(total, -1, -1)], axis=1)


def _tukey(predicted: PointsXY, measured: PointsXY, scale_px: float) -> NDArray[np.float64]:
    squared = ((predicted - measured) ** 2).sum(axis=1) / scale_px**2
    return np.where(squared < 1, (1 - squared) ** 2, 0.0)
