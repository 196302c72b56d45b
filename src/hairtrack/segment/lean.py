"""What the other hairs of a spot say about one: how far it is turned from their lean, and of which it is a piece."""

import numpy as np
from numpy.typing import NDArray

from hairtrack.segment.shaft_sides import Floats, ShaftCandidates

_NEIGHBOUR_MM = 0.8
"""About one follicular unit away: hairs lean alike over this distance."""

_WHOLE_PICTURE_WEIGHT = 0.1
_OWN_MM, _OWN_WEIGHT = 0.12, 0.2
"""A hair this near is the candidate itself, or its twin of a bundle: it says little that is new."""

_PIECE_DEG = 12.0
_PIECE_OFFSET_WIDTHS = 0.5
_PIECE_OVERLAP = 0.6


def turned_from_lean_deg(candidates: ShaftCandidates, found_xy: Floats, px_per_mm: float) -> Floats:
    """Return (N,) degrees, 0-90, between each candidate and the mean axis of the hairs found around it.

    Parameters
    ----------
    candidates
        Possible shafts.
    found_xy
        (K, 2, 2) ends of hairs found, at the same size.
    px_per_mm
        Scale.
    """
    vector = found_xy[:, 1] - found_xy[:, 0]
    own = candidates.end_xy - candidates.start_xy
    middle = (candidates.start_xy + candidates.end_xy) / 2
    distance_mm = np.linalg.norm(middle[:, None] - found_xy.mean(axis=1)[None], axis=2) / px_per_mm
    weight = np.exp(-((distance_mm / _NEIGHBOUR_MM) ** 2) / 2) + _WHOLE_PICTURE_WEIGHT
    weight = np.where(distance_mm < _OWN_MM, _OWN_WEIGHT, 1.0) * weight * np.hypot(vector[:, 0], vector[:, 1])
    lean = weight @ _doubled(vector)
    return np.asarray(np.rad2deg(np.abs(np.angle(_doubled(own) * np.conj(lean)))) / 2)


def _doubled(vector: Floats) -> NDArray[np.complex128]:
    """Return the axis of each vector as a unit complex number of twice its angle."""
    return np.asarray(np.exp(2j * np.arctan2(vector[:, 1], vector[:, 0])))


def joined_pieces(ends_xy: Floats, widths_px: Floats, *, gap_px: float) -> tuple[NDArray[np.int64], Floats]:
    """Return which hairs remain and their ends, when pieces of one straight shaft are joined to the longest of them.

    Parameters
    ----------
    ends_xy
        (K, 2, 2) ends.
    widths_px
        (K,) widths.
    gap_px
        Greatest gap between two pieces: a scale of skin across the shaft, or a glint on it.
    """
    ends = ends_xy.copy()
    left = set(range(len(ends)))
    lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    apart = np.linalg.norm(ends.mean(axis=1)[:, None] - ends.mean(axis=1)[None], axis=2)
    near = apart <= lengths[:, None] + lengths[None] / 2 + gap_px
    for index in np.argsort(-lengths):
        if index not in left:
            continue
        for other in sorted(left.intersection(np.flatnonzero(near[index]).tolist()) - {int(index)}):
            if _is_piece(ends[index], ends[other], max(widths_px[index], widths_px[other]), gap_px):
                points = np.concatenate([ends[index], ends[other]])
                place = (points - ends[index][0]) @ (ends[index][1] - ends[index][0])
                ends[index] = points[[place.argmin(), place.argmax()]]
                left.remove(other)
    kept = np.array(sorted(left), np.int64)
    return kept, ends[kept]


def _is_piece(whole_xy: Floats, piece_xy: Floats, width_px: float, gap_px: float) -> bool:
    """Return whether a shorter hair lies on the line of a longer one, beyond its end or just over it."""
    vector, other = whole_xy[1] - whole_xy[0], piece_xy[1] - piece_xy[0]
    length, other_length = float(np.hypot(*vector)), float(np.hypot(*other))
    along = vector / length
    if other_length > length or abs(float(along @ other)) < np.cos(np.deg2rad(_PIECE_DEG)) * other_length:
        return False
    offset = np.abs((piece_xy - whole_xy[0]) @ np.array([-along[1], along[0]])).mean()
    first, last = np.sort((piece_xy - whole_xy[0]) @ along)
    overlap = min(last, length) - max(first, 0.0)
    return bool(offset <= _PIECE_OFFSET_WIDTHS * width_px and -gap_px <= overlap <= _PIECE_OVERLAP * other_length)
