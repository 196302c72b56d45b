"""The same hairs found again on two close-ups of one spot: pairs, lost, gained, thinned."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hairtrack.align.closeup_registration import CloseupRegistrationSettings, register_closeups
from hairtrack.align.hair_presence import Strokes, find_strokes, search_hairs
from hairtrack.imaging.types import PointsXY, Rgb8Image
from hairtrack.imaging.warp import apply_matrix
from hairtrack.model import CountChange, Hair, HairFoundAgain, HairMatch, Registration, RegistrationStatus, Tier

Segments = NDArray[np.float64]
"""(N, 2, 2): root and tip of each hair."""

FEWEST_FOR_REMAINDER = 6
GROWN_MIDDLE_MM = 0.65
"""Half of what three days add to a fast hair (0.43 mm a day)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupView:
    """A close-up as matching needs it.

    `px_per_mm` may be nominal (a typical dermoscope) when the true scale is unknown: it only sets search distances.
    """

    file: str
    rgb8: Rgb8Image
    hairs: tuple[Hair, ...]
    px_per_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HairMatchSettings:
    """When two hairs are the same, and when one is gone: chosen on simulated follow-ups of frames kept for that.

    Parameters
    ----------
    same_mm, same_deg
        Greatest distance of roots (or middles) and angle between two sights of one hair: it may lie differently. Two
        hairs of a bundle stand about 0.08 mm apart, the registration errs by 0.01 mm.
    same_middle_mm
        Greatest distance of middles, once a common clip length is allowed for; further apart they are two hairs.
    along_weight
        How much a distance along the shaft counts against one across it: on which line a hair lies is read more exactly
        than where it leaves the skin and ends.
    turn_cost_mm
        What a turn of one radian costs when one of several hairs has to be chosen, as a distance.
    rim_mm
        A hair whose middle is nearer to the rim of either picture is not called lost or gained.
    whole_mm
        A hair that reaches nearer to the rim of either picture is not paired: how long it is cannot be seen.
    absent_fraction
        A hair is gone when its place in the other picture shows less than this share of its own strength. On the
        tuning pairs hairs that are gone reach at most 0.30 and those that stay at least 0.38 (2nd and 98th percentile).
    skin_stretch_mm
        Distance over which the skin is stretched alike.
    unit_mm, unit_turn_deg
        Distance over which hairs of a follicular unit stand, and how differently it may lie on two dates.
    thinned_fraction
        A pair has thinned when its diameter fell by more than this share.
    count_variance
        Variance of the count change, in hairs², that each lost or gained hair adds, and each hair that both pictures
        show: most likely on 106 tuning pairs (0.46 and 0.004, rounded up). Bundles are read as one hair too few or too
        many.
    """

    registration: CloseupRegistrationSettings = field(default_factory=CloseupRegistrationSettings)
    same_mm: float = 0.06
    same_deg: float = 20.0
    same_middle_mm: float = 0.10
    along_weight: float = 0.7
    turn_cost_mm: float = 0.1
    rim_mm: float = 0.06
    whole_mm: float = 0.04
    absent_fraction: float = 0.4
    skin_stretch_mm: float = 1.0
    unit_mm: float = 0.1
    unit_turn_deg: float = 35.0
    thinned_fraction: float = 0.25
    count_variance: tuple[float, float] = (0.5, 0.01)

    def for_growth(self) -> "HairMatchSettings":
        """Return limits for a pair a few days apart, on which some hairs have grown by up to 1.3 mm and others not."""
        return replace(self, same_middle_mm=GROWN_MIDDLE_MM)


@dataclass(frozen=True, slots=True)
class _Side:
    """One picture: its hairs as they lie there, as they would lie on the other, and its strokes."""

    view: CloseupView
    own_xy: Segments
    other_xy: Segments
    strokes: Strokes


def match_hairs(reference: CloseupView, moving: CloseupView, *, settings: HairMatchSettings) -> HairMatch:
    """Return which hairs of two close-ups are the same, which are lost and which are new.

    Hairs read on both dates are paired by root, middle and direction. One that was read on one date only is looked for
    in the other picture itself, and is lost or gained only where that shows bare skin.

    Parameters
    ----------
    reference, moving
        The earlier and the later close-up.
    settings
        Limits.
    """
    fit = register_closeups(
        reference.rgb8,
        moving.rgb8,
        hairs=(reference.hairs, moving.hairs),
        px_per_mm=(reference.px_per_mm, moving.px_per_mm),
        settings=settings.registration,
    )
    if fit.matrix is None:
        return _refused(reference, moving, fit.reason or "not aligned", fit.scores)
    zoom = float(np.sqrt(abs(np.linalg.det(fit.matrix[:2, :2]))))
    before, after = _sides(reference, moving, fit.matrix, settings)
    matched = _pairs(before.other_xy, after.own_xy, moving.px_per_mm, settings)
    whole = [_whole(before, moving, settings), _whole(after, reference, settings)]
    pairs = tuple((i, j) for i, j in matched if whole[0][i] and whole[1][j])
    lost, overlooked_after = _alone(before, after, {i for i, _ in matched}, settings)
    gained, overlooked_before = _alone(after, before, {j for _, j in matched}, settings)
    found_again = (
        *(HairFoundAgain(reference=i, moving=None, root_xy=root, tip_xy=tip) for i, root, tip in overlooked_after),
        *(HairFoundAgain(reference=None, moving=j, root_xy=root, tip_xy=tip) for j, root, tip in overlooked_before),
    )
    shared = int(_both_show(before, moving, settings).sum()) + len(overlooked_before)
    registration = Registration(
        reference=reference.file,
        moving=moving.file,
        status=RegistrationStatus.ACCEPTED,
        tier=Tier.SCALP,
        expected_error_px=fit.error_px,
        expected_error_mm=None if fit.error_px is None else fit.error_px / reference.px_per_mm,
        overlap_fraction=fit.overlap_fraction,
        scores=fit.scores,
    )
    return HairMatch(
        status=RegistrationStatus.ACCEPTED,
        reason=None,
        pairs=pairs,
        lost=lost,
        gained=gained,
        thinned=_thinned(reference, moving, pairs, zoom, settings),
        registration=registration,
        count_change=_count_change(len(lost), len(gained), shared, settings),
        found_again=found_again,
    )


def _refused(
    reference: CloseupView, moving: CloseupView, reason: str, scores: tuple[tuple[str, float], ...]
) -> HairMatch:
    registration = Registration(
        reference=reference.file,
        moving=moving.file,
        status=RegistrationStatus.REFUSED,
        tier=Tier.NONE,
        reason=reason,
        remedy="photograph the same spot again, marked by a tattoo dot or found by its distance from landmarks",
        scores=scores,
    )
    return HairMatch(
        status=RegistrationStatus.REFUSED,
        reason=reason,
        pairs=(),
        lost=(),
        gained=(),
        thinned=(),
        registration=registration,
        count_change=None,
    )


def _segments(hairs: tuple[Hair, ...]) -> Segments:
    return np.array([[hair.root_xy, hair.tip_xy] for hair in hairs], np.float64).reshape(-1, 2, 2)


def _sides(
    reference: CloseupView, moving: CloseupView, matrix: NDArray[np.float64], settings: HairMatchSettings
) -> tuple[_Side, _Side]:
    """Return both pictures with their hairs carried to the other as they would lie there.

    Skin under a lens is stretched: what a similarity leaves over is the mean offset of the roots that were paired near
    a place. Hairs of a follicular unit lie alike: a hair is turned as those at its root are.
    """
    before, after = _segments(reference.hairs), _segments(moving.hairs)
    back_matrix = np.asarray(np.linalg.inv(matrix), np.float64)
    carried, back = _carried(before, matrix), _carried(after, back_matrix)
    first = replace(settings, same_deg=settings.unit_turn_deg, same_middle_mm=2 * settings.same_middle_mm)
    matched = np.array(_pairs(carried, after, moving.px_per_mm, first), np.int64).reshape(-1, 2)
    if len(matched) >= FEWEST_FOR_REMAINDER:
        there, here = after[matched[:, 1]], carried[matched[:, 0]]
        most = settings.same_mm * moving.px_per_mm
        moved = np.clip(there[:, 0] - here[:, 0], -most, most)
        spread = settings.skin_stretch_mm * moving.px_per_mm
        stretched = [_smooth(here[:, 0], moved, own[:, 0], spread) for own in (carried, after)]
        back = _carried(after - stretched[1][:, None], back_matrix)
        carried = carried + stretched[0][:, None]
        lie = np.angle(_complex(there) * np.conj(_complex(here)))[:, None]
        unit_px = settings.unit_mm * moving.px_per_mm
        turned = [_smooth(here[:, 0], lie, own[:, 0], unit_px, at_rest=1.0)[:, 0] for own in (carried, after)]
        carried, back = _turned(carried, turned[0]), _turned(back, -turned[1])
    strokes = [find_strokes(view.rgb8, px_per_mm=view.px_per_mm) for view in (reference, moving)]
    return (
        _Side(reference, before, carried, strokes[0]),
        _Side(moving, after, back, strokes[1]),
    )


def _carried(hairs: Segments, matrix: NDArray[np.float64]) -> Segments:
    return apply_matrix(matrix, hairs.reshape(-1, 2)).reshape(-1, 2, 2) if len(hairs) else hairs


def _complex(hairs: Segments) -> NDArray[np.complex128]:
    shaft = hairs[:, 1] - hairs[:, 0]
    return np.asarray(shaft[:, 0] + 1j * shaft[:, 1], np.complex128)


def _turned(hairs: Segments, turn: NDArray[np.float64]) -> Segments:
    """Return hairs turned about their roots, by (N,) radians."""
    shaft = _complex(hairs) * np.exp(1j * turn)
    return np.stack([hairs[:, 0], hairs[:, 0] + np.c_[shaft.real, shaft.imag]], axis=1)


def _smooth(
    places: PointsXY, values: NDArray[np.float64], at: PointsXY, spread_px: float, *, at_rest: float = 1e-3
) -> NDArray[np.float64]:
    """Return the mean value around each point, near places first; `at_rest` is the weight of nothing having moved."""
    far = np.linalg.norm(at[:, None] - places[None], axis=2)
    weights = np.exp(-((far / spread_px) ** 2) / 2)
    return np.asarray(weights @ values / (weights.sum(axis=1, keepdims=True) + at_rest), np.float64)


def _pairs(
    carried: Segments, own: Segments, px_per_mm: float, settings: HairMatchSettings
) -> tuple[tuple[int, int], ...]:
    """Return which hairs of both dates are the same, each at most once, nearest first."""
    if not len(carried) or not len(own):
        return ()
    reach = settings.same_mm * px_per_mm
    turn = _turns(carried, own)
    roots = _apart(carried[:, 0], own[:, 0], own, settings.along_weight)
    alike = turn <= np.deg2rad(settings.same_deg)
    same_root = np.argwhere((roots <= reach) & alike)
    lengths = [np.linalg.norm(part[:, 1] - part[:, 0], axis=1) for part in (carried, own)]
    if len(same_root):  # all hairs of a date were clipped alike
        longer = np.median(lengths[1][same_root[:, 1]] / np.maximum(lengths[0][same_root[:, 0]], 1e-6))
        carried = np.stack([carried[:, 0], carried[:, 0] + longer * (carried[:, 1] - carried[:, 0])], axis=1)
    middles = _apart(carried.mean(axis=1), own.mean(axis=1), own, settings.along_weight)
    cost = np.minimum(roots, middles) + 0.25 * (roots + middles) + settings.turn_cost_mm * px_per_mm * turn
    furthest = settings.same_middle_mm * px_per_mm
    allowed = (np.minimum(roots, middles) <= reach) & alike & (middles <= furthest) & (roots <= 2 * furthest)
    rows, columns = linear_sum_assignment(np.where(allowed, cost, 1e6))
    return tuple((int(i), int(j)) for i, j in zip(rows, columns, strict=True) if allowed[i, j])


def _apart(points: PointsXY, places: PointsXY, own: Segments, along_weight: float) -> NDArray[np.float64]:
    """Return (N, M) distances of points from places on hairs; those along a hair count less."""
    shaft = _complex(own)
    ahead = shaft / np.maximum(np.abs(shaft), 1e-6)
    gap = ((points[:, None] - places[None]) @ np.array([1, 1j])) * np.conj(ahead)
    return np.asarray(np.hypot(along_weight * gap.real, gap.imag), np.float64)


def _turns(carried: Segments, own: Segments) -> NDArray[np.float64]:
    """Return (N, M) angles between hairs, root to tip, in radians."""
    directions = [np.arctan2(*(part[:, 1] - part[:, 0]).T[::-1]) for part in (carried, own)]
    return np.asarray(np.abs((directions[0][:, None] - directions[1][None] + np.pi) % (2 * np.pi) - np.pi))


def _inside(points: PointsXY, view: CloseupView, rim_mm: float) -> NDArray[np.bool_]:
    height, width = view.rgb8.shape[:2]
    rim_px = rim_mm * view.px_per_mm
    return np.asarray(((points >= rim_px) & (points < np.array([width, height]) - rim_px)).all(axis=-1), np.bool_)


def _whole(side: _Side, other: CloseupView, settings: HairMatchSettings) -> NDArray[np.bool_]:
    """Return (N,) whether both pictures would show all of a hair."""
    whole = _inside(side.own_xy, side.view, settings.whole_mm) & _inside(side.other_xy, other, settings.whole_mm)
    return np.asarray(whole.all(axis=1), np.bool_)


def _both_show(side: _Side, other: CloseupView, settings: HairMatchSettings) -> NDArray[np.bool_]:
    """Return (N,) whether the middle of a hair lies within both pictures."""
    middles = side.own_xy.mean(axis=1), side.other_xy.mean(axis=1)
    return _inside(middles[0], side.view, settings.rim_mm) & _inside(middles[1], other, settings.rim_mm)


_Found = tuple[int, tuple[float, float], tuple[float, float]]


def _alone(
    side: _Side, other: _Side, paired: set[int], settings: HairMatchSettings
) -> tuple[tuple[int, ...], tuple[_Found, ...]]:
    """Return the hairs of one picture that are gone from the other, and those that were only overlooked there."""
    alone = np.array([index not in paired for index in range(len(side.own_xy))], np.bool_)
    indices = np.flatnonzero(alone & _both_show(side, other.view, settings))
    search = search_hairs(
        side.strokes,
        side.own_xy[indices],
        other.strokes,
        side.other_xy[indices],
        px_per_mm=other.view.px_per_mm,
    )
    gone = search.strength_fraction < settings.absent_fraction
    whole = _inside(side.own_xy[indices], side.view, settings.whole_mm).all(axis=1)
    whole &= _inside(search.found_xy, other.view, settings.whole_mm).all(axis=1)
    found = tuple(
        (int(index), (float(root[0]), float(root[1])), (float(tip[0]), float(tip[1])))
        for index, (root, tip) in zip(indices[~gone & whole], search.found_xy[~gone & whole], strict=True)
    )
    return tuple(int(index) for index in indices[gone]), found


def _thinned(
    reference: CloseupView,
    moving: CloseupView,
    pairs: tuple[tuple[int, int], ...],
    zoom: float,
    settings: HairMatchSettings,
) -> tuple[int, ...]:
    limit = 1 - settings.thinned_fraction
    return tuple(
        position
        for position, (i, j) in enumerate(pairs)
        if moving.hairs[j].diameter_px < limit * zoom * reference.hairs[i].diameter_px
    )


def _count_change(lost: int, gained: int, shared: int, settings: HairMatchSettings) -> CountChange | None:
    """Return gained minus lost; what is read wrongly of the called and of the other hairs gives the interval."""
    if shared == 0:
        return None
    per_call, per_hair = settings.count_variance
    std = np.sqrt(per_call * (lost + gained) + per_hair * shared)
    value = gained - lost
    return CountChange(
        value=value,
        fraction=value / shared,
        interval95=(float((value - 1.96 * std) / shared), float((value + 1.96 * std) / shared)),
    )
