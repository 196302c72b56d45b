"""A map from points that a person marked on both photos."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.spatial import cKDTree

from hairtrack.align.settings import LandmarkSettings
from hairtrack.imaging.types import PointsXY

Map = Callable[[PointsXY], PointsXY]
"""Reference points to moving points, (N, 2) to (N, 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkFit:
    """A map through marked points, and how far it misses a point that it has not seen.

    `left_out_px` is the root mean square distance of each mark from the map fitted without it, in moving pixels;
    `spread_px` that of the reference marks from their centre; `gap_px` that of places between them from the nearest
    mark; `scale` the moving size over the reference size; `mirrored` says that the marks change handedness.
    """

    map: Map
    model: str
    left_out_px: float
    spread_px: float
    gap_px: float
    scale: float
    mirrored: bool
    hull_xy: PointsXY


def fit_landmarks(reference_xy: PointsXY, moving_xy: PointsXY, settings: LandmarkSettings) -> LandmarkFit:
    """Return the map whose marks predict each other best.

    A similarity from three marks, an affine map from four, a curved one (smoothed thin-plate spline) from six; of
    those that the number of marks allows, the one with the smallest leave-one-out error.

    Parameters
    ----------
    reference_xy, moving_xy
        (N, 2) px, N >= 3, in the same order.
    settings
        How strongly curved maps are smoothed.
    """
    count = len(reference_xy)
    models: dict[str, Callable[[PointsXY, PointsXY], Map]] = {"similarity": _similarity}
    if count >= settings.fewest_for_affine:
        models["affine"] = _affine
    if count >= settings.fewest_for_curve:
        for smoothing in settings.curve_smoothings:
            models[f"curved, smoothing {smoothing:g}"] = _curve(smoothing)
    errors = {name: _left_out(fit, reference_xy, moving_xy) for name, fit in models.items()}
    best = min(errors, key=errors.__getitem__)
    affine = _affine(reference_xy, moving_xy)
    corners = affine(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
    determinant = ax * by - ay * bx
    spread = [float(np.sqrt(((p - p.mean(axis=0)) ** 2).sum(axis=1).mean())) for p in (reference_xy, moving_xy)]
    return LandmarkFit(
        map=models[best](reference_xy, moving_xy),
        model=best,
        left_out_px=errors[best],
        spread_px=spread[0],
        gap_px=_gap_px(reference_xy),
        scale=spread[1] / max(spread[0], 1e-9),
        mirrored=bool(determinant < 0),
        hull_xy=_hull(reference_xy),
    )


def landmark_error_px(fit: LandmarkFit, settings: LandmarkSettings) -> float:
    """Return the standard error of a point carried by marks, in reference pixels.

    Marks that predict each other well say nothing of the scalp that bulges up between them: when the head turns, it
    moves against marks at the rim. So a share of the distance to the nearest mark is added to the leave-one-out error.
    """
    return float(np.hypot(settings.left_out_share * fit.left_out_px / fit.scale, settings.gap_share * fit.gap_px))


def widened(hull_xy: PointsXY, *, by_fraction: float) -> PointsXY:
    """Return a hull grown from its centre."""
    centre = hull_xy.mean(axis=0)
    return np.asarray(centre + (hull_xy - centre) * (1 + by_fraction), np.float64)


def thinness(points_xy: PointsXY) -> float:
    """Return the shorter over the longer axis of the points' spread: 0 on one line, 1 all round."""
    values = np.linalg.svd(points_xy - points_xy.mean(axis=0), compute_uv=False)
    return float(values[1] / max(values[0], 1e-9))


def _gap_px(reference_xy: PointsXY) -> float:
    """Return the root mean square distance of places inside the marks' hull from the nearest mark."""
    hull = _hull(reference_xy).astype(np.float32)
    axes = [np.linspace(low, high, 24) for low, high in zip(hull.min(axis=0), hull.max(axis=0), strict=True)]
    columns, rows = np.meshgrid(*axes)
    places = np.c_[columns.ravel(), rows.ravel()]
    inside = np.array([cv2.pointPolygonTest(hull, (float(x), float(y)), measureDist=False) >= 0 for x, y in places])
    distance = np.asarray(cKDTree(reference_xy).query(places[inside])[0], np.float64)
    return float(np.sqrt((distance**2).mean()))


def _left_out(fit: Callable[[PointsXY, PointsXY], Map], reference_xy: PointsXY, moving_xy: PointsXY) -> float:
    squared = []
    for left_out in range(len(reference_xy)):
        kept = np.arange(len(reference_xy)) != left_out
        predicted = fit(reference_xy[kept], moving_xy[kept])(reference_xy[left_out : left_out + 1])
        squared.append(float(((predicted - moving_xy[left_out]) ** 2).sum()))
    return float(np.sqrt(np.mean(squared)))


def _similarity(reference_xy: PointsXY, moving_xy: PointsXY) -> Map:
    """Least-squares turn, scale and shift, never a mirror image."""
    from_middle, to_middle = reference_xy.mean(axis=0), moving_xy.mean(axis=0)
    one = (reference_xy - from_middle) @ (1, 1j)
    other = (moving_xy - to_middle) @ (1, 1j)
    factor = complex(np.vdot(one, other) / max(float(np.vdot(one, one).real), 1e-12))

    def mapped(points_xy: PointsXY) -> PointsXY:
        turned = ((points_xy - from_middle) @ (1, 1j)) * factor
        return np.asarray(np.c_[turned.real, turned.imag] + to_middle, np.float64)

    return mapped


def _affine(reference_xy: PointsXY, moving_xy: PointsXY) -> Map:
    middle = reference_xy.mean(axis=0)
    table = np.c_[reference_xy - middle, np.ones(len(reference_xy))]
    coefficients = np.asarray(np.linalg.lstsq(table, moving_xy, rcond=None)[0], np.float64)
    return lambda points_xy: np.asarray(np.c_[points_xy - middle, np.ones(len(points_xy))] @ coefficients, np.float64)


def _curve(smoothing: float) -> Callable[[PointsXY, PointsXY], Map]:
    def fit(reference_xy: PointsXY, moving_xy: PointsXY) -> Map:
        middle = reference_xy.mean(axis=0)
        unit = float(np.sqrt(((reference_xy - middle) ** 2).sum(axis=1).mean()))
        spline = RBFInterpolator((reference_xy - middle) / unit, moving_xy, smoothing=smoothing)
        return lambda points_xy: np.asarray(spline((points_xy - middle) / unit), np.float64)

    return fit


def _hull(points_xy: PointsXY) -> PointsXY:
    return np.asarray(cv2.convexHull(points_xy.astype(np.float32)), np.float64).reshape(-1, 2)
