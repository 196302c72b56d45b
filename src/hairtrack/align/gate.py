"""Whether a match of the scalp is believed: held against what two different heads reach."""

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial import cKDTree

from hairtrack.align.evidence import Evidence
from hairtrack.align.keypoints import Matches
from hairtrack.align.scalp import node_places, node_shape
from hairtrack.align.settings import AlignSettings, ExpectedErrorSettings, GateSettings
from hairtrack.imaging.grid_warp import dense_from_nodes
from hairtrack.imaging.types import FractionMap, Mask

_TOO_LITTLE_SHARED = (
    "the scalp in the two photos does not match closely enough to be sure that it is the same place; "
    "hair, light or view changed too much, or the photos show different heads"
)
_RETAKE = (
    "repeat the earlier photo's view, distance and light, or mark at least 3 points (better 6) "
    "that both photos show, such as ear tops, whorl and moles, in case.toml"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a pair is refused, what to do, and the scores that were seen."""

    reason: str
    remedy: str
    scores: tuple[tuple[str, float], ...] = ()


_LEAST_SPACING_PX = 24.0  # on a head of 150 pixels key points cannot stand closer
_HELD_STEP_PX = 8
_LEAST_ERROR = 1e-4  # of the head: a tenth of a pixel of a working image, less than rounding leaves

TOO_LITTLE_SHARED = Doubt(reason=_TOO_LITTLE_SHARED, remedy=_RETAKE)
"""Nothing agreed well enough to be tried."""


def doubt_about(evidence: Evidence, settings: AlignSettings) -> Doubt | None:
    """Return why a match is not believed, or None when it is."""
    scores, gate = evidence.as_scores(), settings.gate
    enough = (
        evidence.matches >= gate.fewest_matches
        and evidence.correlation >= gate.correlation
        and evidence.tile_share >= gate.tile_share
        and evidence.matches_spread >= gate.matches_spread
    )
    if not enough:
        return Doubt(reason=_TOO_LITTLE_SHARED, remedy=_RETAKE, scores=scores)
    if evidence.fold_share > gate.largest_fold_share:
        return Doubt(
            reason="the best match would fold or mirror the scalp: one photo may be a mirror image",
            remedy=_RETAKE,
            scores=scores,
        )
    if evidence.overlap_fraction < gate.smallest_overlap_fraction:
        return Doubt(
            reason=f"only {evidence.overlap_fraction:.0%} of the scalp is shown by both photos",
            remedy="repeat the earlier photo's view and distance",
            scores=scores,
        )
    expected = expected_error_fraction(evidence, settings.expected_error)
    if expected > gate.largest_expected_error_fraction:
        return Doubt(
            reason=f"the scalp matches too loosely: points would be carried {expected:.1%} of the head's width off",
            remedy=_RETAKE,
            scores=scores,
        )
    return None


def expected_error_fraction(evidence: Evidence, settings: ExpectedErrorSettings) -> float:
    """Return the standard error of a carried point over the head's diameter."""
    apart = max(evidence.disagreement_fraction, _LEAST_ERROR)
    missed = evidence.miss_fraction + _LEAST_ERROR
    return float(settings.factor * apart**settings.power * missed**settings.miss_power)


def trusted_places(likeness: FractionMap, matches: Matches, diameter_px: float, settings: GateSettings) -> Mask:
    """Return where a believed map is vouched for, (h, w): both show scalp, locally alike, and held by matches nearby.

    Parameters
    ----------
    likeness
        (h, w) local correlation, NaN outside the overlap.
    matches
        Those that hold the map.
    diameter_px
        Of the head.
    settings
        From which likeness on, and how near and how alike the nearest matches must be.
    """
    held = held_places(matches, (likeness.shape[0], likeness.shape[1]), diameter_px, settings)
    alike = np.asarray(np.nan_to_num(likeness, nan=-1.0) > settings.trusted_correlation, np.uint8)
    size = 2 * max(1, round(0.01 * diameter_px)) + 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    closed = np.asarray(cv2.morphologyEx(alike, cv2.MORPH_CLOSE, element), np.bool_)
    return np.asarray(closed & held & np.isfinite(likeness), np.bool_)


def held_places(matches: Matches, shape: tuple[int, int], diameter_px: float, settings: GateSettings) -> Mask:
    """Return which places (h, w) are held by matches nearby, enough of them and in the mean alike enough."""
    nodes = node_shape(shape, _HELD_STEP_PX)
    count = min(settings.matches_nearby, len(matches))
    nearest = cKDTree(matches.reference_xy).query(node_places(nodes, _HELD_STEP_PX), k=[*range(1, count + 1)])
    far, which = np.asarray(nearest[0]), np.asarray(nearest[1])
    held_by = np.stack([far[:, -1], matches.likeness[which].mean(axis=1)], axis=1).reshape(*nodes, 2)
    dense = dense_from_nodes(held_by.astype(np.float32), shape, _HELD_STEP_PX)
    farthest_px = max(settings.farthest_match_fraction * diameter_px, _LEAST_SPACING_PX)
    return np.asarray((dense[..., 0] < farthest_px) & (dense[..., 1] > settings.least_match_likeness), np.bool_)
