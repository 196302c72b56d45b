"""Long and curled hairs: straight pieces that run on into each other, followed from one end to the other."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hairtrack.segment.shaft_sides import Floats

_MOST_TURNED_DEG = 35.0
"""A hair bends by less than this from one straight piece to the next."""

_WIDTH_RATIO = 1.8
_BACK_OF_LENGTH = 0.45
"""Pieces of a bend overlap by at most this share of the shorter one. Of curled hairs drawn 2.2 mm long a fifth too many
was counted at .35, a tenth at .45; at .5 straight hairs of real frames of the tuning half began to be taken for one."""


def runs_on(ends_xy: Floats, widths_px: Floats, *, gap_px: float) -> list[tuple[NDArray[np.int64], Floats]]:
    """Return hairs as the pieces that they consist of, in order, and their centre lines.

    Each end of a piece runs on into at most one other piece: the one that needs the least turn and gap.

    Parameters
    ----------
    ends_xy
        (K, 2, 2) ends of straight pieces.
    widths_px
        (K,) widths.
    gap_px
        Greatest distance between the ends of two pieces of one hair.

    Returns
    -------
    hairs
        For each hair the indices of its pieces and its centre line (M, 2).
    """
    partner = _partners(ends_xy, widths_px, gap_px)
    left = set(range(len(ends_xy)))
    hairs = []
    for piece in range(len(ends_xy)):
        if piece not in left:
            continue
        chain = _chain(piece, partner)
        left -= {index for index, _ in chain}
        line = [ends_xy[chain[0][0], chain[0][1]]]
        for (index, entered), (following, entry) in pairwise(chain):
            line.append((ends_xy[index, 1 - entered] + ends_xy[following, entry]) / 2)
        line.append(ends_xy[chain[-1][0], 1 - chain[-1][1]])
        hairs.append((np.array([index for index, _ in chain], np.int64), np.array(line)))
    return hairs


def _partners(ends_xy: Floats, widths_px: Floats, gap_px: float) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each end (piece, 0 or 1) the end of another piece that it runs on into."""
    count = len(ends_xy)
    vector = ends_xy[:, 1] - ends_xy[:, 0]
    lengths = np.maximum(np.hypot(vector[:, 0], vector[:, 1]), 1e-9)
    along = vector / lengths[:, None]
    points, outward = ends_xy.reshape(-1, 2), np.stack([-along, along], axis=1).reshape(-1, 2)
    length, width = np.repeat(lengths, 2), np.repeat(widths_px, 2)
    apart = points[None] - points[:, None]
    ahead = (apart * outward[:, None]).sum(axis=2)
    aside = np.abs(apart[..., 1] * outward[:, None, 0] - apart[..., 0] * outward[:, None, 1])
    turned = np.rad2deg(np.arccos(np.clip(-(outward @ outward.T), -1, 1)))
    back = _BACK_OF_LENGTH * np.minimum(length[:, None], length[None])
    wider = np.maximum(width[:, None], width[None])
    fits = (turned <= _MOST_TURNED_DEG) & (ahead <= gap_px) & (ahead >= -back) & (aside <= wider)
    fits &= wider <= _WIDTH_RATIO * np.minimum(width[:, None], width[None])
    fits &= fits.T & (np.arange(2 * count)[:, None] // 2 != np.arange(2 * count)[None] // 2)
    cost = np.where(fits, turned / _MOST_TURNED_DEG + np.abs(ahead) / gap_px + aside / wider, np.inf)
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for place in np.argsort(cost, axis=None)[: int(fits.sum())]:
        one, other = (divmod(int(end), 2) for end in divmod(int(place), 2 * count))
        closes = other in _ends_of(one[0], partner) or one[0] == other[0]
        if one not in partner and other not in partner and not closes:
            partner[one], partner[other] = other, one
    return partner


def _ends_of(piece: int, partner: dict[tuple[int, int], tuple[int, int]]) -> set[tuple[int, int]]:
    """Return all ends of the hair to which a piece belongs so far."""
    chain = _chain(piece, partner)
    return {(index, end) for index, _ in chain for end in (0, 1)}


def _chain(piece: int, partner: dict[tuple[int, int], tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pieces of a hair in order, each with the end by which it is entered."""
    entered = (piece, 0)
    while entered in partner:
        index, end = partner[entered]
        entered = (index, 1 - end)
    chain = [entered]
    while (leaving := (chain[-1][0], 1 - chain[-1][1])) in partner:
        chain.append(partner[leaving])
    return chain
