"""Two close-ups brought together by where hairs leave the skin: what stays when light, lie and clip length change.

A pair of roots on each picture gives one similarity; the one on which most roots agree is refined on them. How many
agree by chance is known from pairs of different spots (validation/results/closeups_impostors.txt).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from hairtrack.imaging.types import Matrix3
from hairtrack.model import Hair

Floats = NDArray[np.float64]

_CELL_MM = 0.02
_NEAREST_MM, _FURTHEST_MM = 0.6, 3.0
"""Two roots nearer than this say too little of the turn; further ones are seldom both found again."""

_PARTNERS = 12
_MOST_PAIRS = 900
"""Pairs of roots a picture that are tried."""

_ROUGH_MM = 0.12
_REFINEMENTS_MM = (0.12, 0.08, 0.06, 0.05)
_ROUGH_TURN_DEG = 35.0
_SAME_TURN_DEG = 30.0
_TRIED_AT_A_TIME = 4000
_REFINED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstellationFit:
    """The similarity on which most roots agree.

    Parameters
    ----------
    matrix
        Reference pixels to moving pixels.
    agreeing, expected
        Roots of the reference that meet a root of like direction, and how many would by chance.
    shared
        Roots of the reference that the moving picture should show.
    error_px
        Root mean square distance of agreeing roots, in moving pixels.
    """

    matrix: Matrix3
    agreeing: int
    expected: float
    shared: int
    error_px: float

    @property
    def evidence(self) -> float:
        """How far the agreement is beyond chance, in natural logarithms (Kullback and Leibler, a binomial count)."""
        rate, chance = self.agreeing / max(self.shared, 1), self.expected / max(self.shared, 1)
        if rate <= chance:
            return 0.0
        rest = (1 - rate) * np.log((1 - rate) / (1 - chance)) if rate < 1 else 0.0
        return float(self.shared * (rate * np.log(rate / chance) + rest))


@dataclass(frozen=True, slots=True)
class _Roots:
    """Roots (N, 2) in mm from the corner, unit directions of the shafts (N, 2), and the size of the picture in mm."""

    places_mm: Floats
    lies: Floats
    size_mm: tuple[float, float]


def fit_roots(
    reference: tuple[Hair, ...],
    moving: tuple[Hair, ...],
    *,
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
    px_per_mm: tuple[float, float],
    most_zoom: float,
) -> ConstellationFit | None:
    """Return the similarity on which most roots of two close-ups agree, however few; None when there are too few roots.

    Parameters
    ----------
    reference, moving
        Hairs of each picture.
    shapes
        Height and width of each, in pixels.
    px_per_mm
        Scale of each; nominal ones will do.
    most_zoom
        Limit of the factor by which these scales may be wrong against each other.
    """
    first, second = (
        _roots(hairs, shape, scale) for hairs, shape, scale in zip((reference, moving), shapes, px_per_mm, strict=True)
    )
    if min(len(first.places_mm), len(second.places_mm)) < 4:  # noqa: PLR2004 fewer agree on anything
        return None
    tried = _hypotheses(first, second, most_zoom)
    if not len(tried):
        return None
    best: tuple[float, ConstellationFit] | None = None
    for start in _best(tried, first, second):
        fit = _refined(start, first, second)
        if fit is not None and (best is None or fit.evidence > best[0]):
            best = (fit.evidence, fit)
    if best is None:
        return None
    fit = best[1]
    to_px, from_px = np.diag([px_per_mm[1], px_per_mm[1], 1.0]), np.diag([1 / px_per_mm[0], 1 / px_per_mm[0], 1.0])
    return ConstellationFit(
        matrix=np.asarray(to_px @ fit.matrix @ from_px, np.float64),
        agreeing=fit.agreeing,
        expected=fit.expected,
        shared=fit.shared,
        error_px=fit.error_px * px_per_mm[1],
    )


def _roots(hairs: tuple[Hair, ...], shape: tuple[int, ...], px_per_mm: float) -> _Roots:
    ends = np.array([[hair.root_xy, hair.tip_xy] for hair in hairs], np.float64).reshape(-1, 2, 2) / px_per_mm
    shaft = ends[:, 1] - ends[:, 0]
    lies = shaft / np.maximum(np.linalg.norm(shaft, axis=1), 1e-9)[:, None]
    return _Roots(ends[:, 0], lies, (shape[1] / px_per_mm, shape[0] / px_per_mm))


def _pairs(roots: _Roots) -> NDArray[np.int64]:
    """Return (K, 2) pairs of roots at middle distance, the longest of each root's partners first."""
    tree = cKDTree(roots.places_mm)
    near = tree.query_pairs(_FURTHEST_MM, output_type="ndarray")
    apart = np.linalg.norm(roots.places_mm[near[:, 0]] - roots.places_mm[near[:, 1]], axis=1)
    near, apart = near[apart >= _NEAREST_MM], apart[apart >= _NEAREST_MM]
    order = np.argsort(np.abs(apart - (_NEAREST_MM + _FURTHEST_MM) / 2), kind="stable")
    taken = np.zeros(len(roots.places_mm), np.int64)
    chosen = []
    for index in order:
        a, b = near[index]
        if min(taken[a], taken[b]) < _PARTNERS:
            chosen.append((a, b))
            taken[a] += 1
            taken[b] += 1
        if len(chosen) == _MOST_PAIRS:
            break
    return np.array(chosen, np.int64).reshape(-1, 2)


def _hypotheses(first: _Roots, second: _Roots, most_zoom: float) -> NDArray[np.complex128]:
    """Return (K, 2) similarities z → a·z + b, as complex numbers, that carry a pair of roots onto another.

    Only those that also turn both hairs as they turn the roots.
    """
    pairs = _pairs(first), _pairs(second)
    both = np.concatenate([pairs[1], pairs[1][:, ::-1]])
    places = [_complex(roots.places_mm) for roots in (first, second)]
    lies = [_complex(roots.lies) for roots in (first, second)]
    own = places[0][pairs[0][:, 1]] - places[0][pairs[0][:, 0]]
    other = places[1][both[:, 1]] - places[1][both[:, 0]]
    factor = other[None, :] / own[:, None]
    allowed = np.abs(np.log(np.abs(factor))) <= np.log(most_zoom)
    turn = factor / np.abs(factor)
    limit = np.cos(np.deg2rad(_ROUGH_TURN_DEG))
    for end in (0, 1):
        shafts = np.conj(lies[0][pairs[0][:, end]])[:, None] * lies[1][both[:, end]][None, :]
        allowed &= (shafts * np.conj(turn)).real >= limit
    rows, columns = np.nonzero(allowed)
    factors = factor[rows, columns]
    shifts = places[1][both[columns, 0]] - factors * places[0][pairs[0][rows, 0]]
    return np.stack([factors, shifts], axis=1)


def _complex(vectors: Floats) -> NDArray[np.complex128]:
    return np.asarray(vectors[:, 0] + 1j * vectors[:, 1], np.complex128)


def _best(tried: NDArray[np.complex128], first: _Roots, second: _Roots) -> list[NDArray[np.complex128]]:
    """Return the similarities on which most roots roughly agree, beyond what their density gives."""
    width, height = second.size_mm
    grid = np.ones((int(height / _CELL_MM) + 2, int(width / _CELL_MM) + 2), np.bool_)
    cells = (second.places_mm / _CELL_MM).astype(int)
    inner = (cells >= 0).all(axis=1) & (cells[:, 0] < grid.shape[1]) & (cells[:, 1] < grid.shape[0])
    grid[cells[inner, 1], cells[inner, 0]] = False
    meets = np.asarray(distance_transform_edt(grid)) * _CELL_MM <= _ROUGH_MM
    chance = float(meets.mean())
    places = _complex(first.places_mm)
    worth = np.empty(len(tried))
    for begin in range(0, len(tried), _TRIED_AT_A_TIME):
        part = tried[begin : begin + _TRIED_AT_A_TIME]
        carried = part[:, :1] * places[None] + part[:, 1:]
        seen = (carried.real >= 0) & (carried.imag >= 0) & (carried.real < width) & (carried.imag < height)
        columns = np.where(seen, carried.real / _CELL_MM, 0).astype(int)
        rows = np.where(seen, carried.imag / _CELL_MM, 0).astype(int)
        met = (meets[rows, columns] & seen).sum(axis=1)
        shared = seen.sum(axis=1)
        worth[begin : begin + _TRIED_AT_A_TIME] = (met - chance * shared) / np.sqrt(np.maximum(shared, 6))
    return [tried[index] for index in np.argsort(-worth)[:_REFINED]]


def _refined(start: NDArray[np.complex128], first: _Roots, second: _Roots) -> ConstellationFit | None:
    """Return the similarity fitted to the roots that agree, more strictly each time."""
    places, goals = _complex(first.places_mm), _complex(second.places_mm)
    lies = _complex(first.lies), _complex(second.lies)
    tree = cKDTree(second.places_mm)
    factor, shift = complex(start[0]), complex(start[1])
    kept = np.zeros((0, 2), np.int64)
    reach = _REFINEMENTS_MM[0]
    for reach in (*_REFINEMENTS_MM, _REFINEMENTS_MM[-1]):
        kept = _met(factor, shift, (places, lies[0]), (tree, lies[1]), reach)
        if len(kept) < 3:  # noqa: PLR2004 two roots agree on any similarity
            return None
        own, other = places[kept[:, 0]], goals[kept[:, 1]]
        own_middle, other_middle = own.mean(), other.mean()
        centred = own - own_middle
        factor = complex(np.vdot(centred, other - other_middle) / np.vdot(centred, centred))
        shift = complex(other_middle - factor * own_middle)
    kept = _met(factor, shift, (places, lies[0]), (tree, lies[1]), reach)
    carried = factor * places + shift
    width, height = second.size_mm
    seen = (carried.real >= 0) & (carried.imag >= 0) & (carried.real < width) & (carried.imag < height)
    residual = np.abs(carried[kept[:, 0]] - goals[kept[:, 1]])
    like = _SAME_TURN_DEG / 180
    chance = 1 - np.exp(-len(goals) * np.pi * reach**2 * like / (width * height))
    matrix = np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag], [0, 0, 1.0]])
    return ConstellationFit(
        matrix=matrix,
        agreeing=len(kept),
        expected=float(chance * seen.sum()),
        shared=int(seen.sum()),
        error_px=float(np.sqrt((residual**2).mean())) if len(kept) else float("inf"),
    )


def _met(
    factor: complex,
    shift: complex,
    own: tuple[NDArray[np.complex128], NDArray[np.complex128]],
    other: tuple[cKDTree, NDArray[np.complex128]],
    reach_mm: float,
) -> NDArray[np.int64]:
    """Return (K, 2) roots that meet one of like direction, each at most once, nearest first."""
    carried = factor * own[0] + shift
    found = other[0].query(np.c_[carried.real, carried.imag], distance_upper_bound=reach_mm)
    distance, nearest = np.asarray(found[0], np.float64), np.asarray(found[1], np.int64)
    met = np.flatnonzero(np.isfinite(distance))
    turned = own[1][met] * factor / abs(factor) * np.conj(other[1][nearest[met]])
    met = met[turned.real >= np.cos(np.deg2rad(_SAME_TURN_DEG))]
    order = met[np.argsort(distance[met], kind="stable")]
    _, once = np.unique(nearest[order], return_index=True)
    chosen = order[np.sort(once)]
    return np.stack([chosen, nearest[chosen]], axis=1)
