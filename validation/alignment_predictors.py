"""(used by `score_alignment_predictions.py`) Numbers of a map that may tell its error; none of them knows the truth."""

import numpy as np
from scipy.spatial import cKDTree

from hairtrack.align.keypoints import Matches
from hairtrack.align.proposal import Proposal
from hairtrack.align.remainder import sampled
from hairtrack.align.scalp import node_places
from hairtrack.align.settings import ScalpSettings
from hairtrack.align.trend import fit_trend
from hairtrack.imaging.types import PointsXY


def predictors_of(proposal: Proposal, settings: ScalpSettings) -> dict[str, float]:
    """Return the predictors by name, lengths over the head's diameter, all over trusted places."""
    view, matches, unit = proposal.fit.view, proposal.fit.matches, proposal.copies.diameter_px
    step = settings.node_step_px
    shape = view.nodes_xy.shape[0], view.nodes_xy.shape[1]
    places = node_places(shape, step)
    column, row = np.round(places).astype(int).T
    height, width = proposal.trusted.shape
    inside = (column < width) & (row < height)
    inside[inside] = proposal.trusted[row[inside], column[inside]]
    if not inside.any():
        return {}
    places = places[inside]
    apart = np.linalg.norm(view.moved_xy - view.matched_xy, axis=2).ravel()[inside]
    halves, held_out = _by_halves(matches, places, unit)
    tree = cKDTree(matches.reference_xy)
    crowd = tree.query(places, k=min(5, len(matches)))[0][:, -1]
    found = np.array([len(near) for near in tree.query_ball_point(places, 0.06 * unit)])
    keypoints = cKDTree(np.concatenate([points.xy for points in proposal.copies.keypoints]))
    sought = np.array([len(near) for near in keypoints.query_ball_point(places, 0.06 * unit)])
    residual = np.linalg.norm(matches.moving_xy - sampled(view.nodes_xy, matches.reference_xy, step), axis=1)
    bent = view.matched_xy.reshape(-1, 2)[inside] - _trend(matches, unit)(places)
    lengths = {
        "matches against motion, median": np.median(apart),
        "matches against motion, upper quartile": np.percentile(apart, 75),
        "forward-backward miss of motion": np.median(view.miss_px[proposal.trusted]),
        "residual of held-out matches": np.median(held_out),
        "two halves of the matches": np.median(halves),
        "residual of matches": np.median(residual),
        "spread of the non-rigid remainder": np.sqrt((bent**2).sum(axis=1).mean()),
        "distance of the fifth match": np.median(crowd),
    }
    shares = {
        "key points nearby that found a match": np.median(found / np.maximum(sought, 1)),
        "unlikeness of matches": 1 - matches.likeness.mean(),
        "scalp without a match nearby": 1 - proposal.trusted.sum() / max(1, int(view.overlap.sum())),
        "unlikeness of the strand-free copies": 1 - proposal.evidence.correlation,
    }
    named = {name: float(length) / unit for name, length in lengths.items()} | {n: float(s) for n, s in shares.items()}
    return {name: round(value, 7) for name, value in named.items()}


def _trend(matches: Matches, unit_px: float):  # noqa: ANN202 a map of points
    widths = (0.015 * unit_px, 0.01 * unit_px)
    return fit_trend(matches.reference_xy, matches.moving_xy, degree=3, scales_px=(4 * widths[0], *widths))


def _by_halves(matches: Matches, places: PointsXY, unit_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how far maps of two halves of the matches lie apart at places, and how far each misses the other half."""
    one = np.zeros(len(matches), np.bool_)
    one[np.random.default_rng(0).permutation(len(matches))[::2]] = True
    put, missed = [], []
    for half in (one, ~one):
        kept, other = matches.kept(half), matches.kept(~half)
        trend = _trend(kept, unit_px)
        # a local mean of the ten nearest residuals stands for the remainder
        tree = cKDTree(kept.reference_xy)
        left = kept.moving_xy - trend(kept.reference_xy)

        def laid(points: PointsXY, trend=trend, tree=tree, left=left) -> PointsXY:  # noqa: ANN001 bound to this round
            near = tree.query(points, k=min(10, len(left)))[1].reshape(len(points), -1)
            return trend(points) + np.median(left[near], axis=1)

        put.append(laid(places))
        missed.append(np.linalg.norm(laid(other.reference_xy) - other.moving_xy, axis=1))
    return np.linalg.norm(put[0] - put[1], axis=1) / 2, np.concatenate(missed)
