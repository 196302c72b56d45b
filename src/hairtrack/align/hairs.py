"""The same hairs found again on two close-ups of one spot: pairs, lost, gained, thinned."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hairtrack.align.closeup_registration import CloseupRegistrationSettings, register_closeups
from hairtrack.imaging.types import GrayImage, Matrix3, PointsXY, Rgb8Image
from hairtrack.imaging.warp import apply_matrix
from hairtrack.model import CountChange, Hair, HairMatch, Registration, RegistrationStatus, Tier

_STROKES_REDUCED = 2
"""Shafts are 5 px wide or more at half size, and a quarter of the pixels are read."""


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
    """When two hairs are the same, and when one is gone.

    Parameters
    ----------
    same_mm, same_deg
        Greatest distance of roots (or middles) and angle between two sights of one hair: it may have been clipped
        shorter and lie differently. Chosen on the first 16 pairs of the simulated follow-ups; two hairs of a bundle
        stand about 0.08 mm apart, the registration errs by 0.01 mm.
    rim_mm
        A hair that reaches nearer to the rim of either picture is not called lost or gained.
    absent_fraction
        A hair is absent when its place in the other picture is less than this share as dark as the hair itself;
        chosen on the same 16 pairs, by lost and gained hairs.
    thinned_fraction
        A pair has thinned when its diameter fell by more than this share.
    """

    registration: CloseupRegistrationSettings = field(default_factory=CloseupRegistrationSettings)
    same_mm: float = 0.06
    same_deg: float = 20.0
    rim_mm: float = 0.06
    absent_fraction: float = 0.25
    thinned_fraction: float = 0.25


def match_hairs(reference: CloseupView, moving: CloseupView, *, settings: HairMatchSettings) -> HairMatch:
    """Return which hairs of two close-ups are the same, which are lost and which are new.

    Parameters
    ----------
    reference, moving
        The earlier and the later close-up.
    settings
        Limits.
    """
    fit = register_closeups(reference.rgb8, moving.rgb8, settings=settings.registration)
    if fit.matrix is None:
        return _refused(reference, moving, fit.reason or "not aligned", fit.scores)
    moving_from_reference = fit.matrix
    reference_from_moving = np.asarray(np.linalg.inv(moving_from_reference), np.float64)
    pairs = _pairs(reference, moving, moving_from_reference, settings)
    paired_reference, paired_moving = {i for i, _ in pairs}, {j for _, j in pairs}
    strokes = _dark_strokes(reference), _dark_strokes(moving)
    lost = _absent(_Sight(reference, moving, moving_from_reference, *strokes), paired_reference, settings)
    gained = _absent(_Sight(moving, reference, reference_from_moving, *strokes[::-1]), paired_moving, settings)
    shared = _count_shared(reference, moving, moving_from_reference, settings)
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
        thinned=_thinned(reference, moving, pairs, moving_from_reference, settings),
        registration=registration,
        count_change=_count_change(len(lost), len(gained), shared),
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


def _segments(hairs: tuple[Hair, ...]) -> NDArray[np.float64]:
    """Return (N, 2, 2): root and tip of each hair."""
    return np.array([[hair.root_xy, hair.tip_xy] for hair in hairs], np.float64).reshape(-1, 2, 2)


def _carried(hairs: tuple[Hair, ...], matrix: Matrix3) -> NDArray[np.float64]:
    return apply_matrix(matrix, _segments(hairs).reshape(-1, 2)).reshape(-1, 2, 2)


def _pairs(
    reference: CloseupView, moving: CloseupView, matrix: Matrix3, settings: HairMatchSettings
) -> tuple[tuple[int, int], ...]:
    carried, own = _carried(reference.hairs, matrix), _segments(moving.hairs)
    if not len(carried) or not len(own):
        return ()
    roots = np.linalg.norm(carried[:, None, 0] - own[None, :, 0], axis=2)
    middles = np.linalg.norm(carried.mean(axis=1)[:, None] - own.mean(axis=1)[None], axis=2)
    directions = [np.arctan2(*(part[:, 1] - part[:, 0]).T[::-1]) for part in (carried, own)]
    turn = np.abs((directions[0][:, None] - directions[1][None] + np.pi) % (2 * np.pi) - np.pi)
    cost = np.minimum(roots, middles) + 0.25 * (roots + middles)
    reach = settings.same_mm * moving.px_per_mm
    allowed = (np.minimum(roots, middles) <= reach) & (turn <= np.deg2rad(settings.same_deg))
    rows, columns = linear_sum_assignment(np.where(allowed, cost, 1e6))
    return tuple((int(i), int(j)) for i, j in zip(rows, columns, strict=True) if allowed[i, j])


def _inside(points: PointsXY, shape: tuple[int, ...], rim_px: float) -> NDArray[np.bool_]:
    height, width = shape[:2]
    return np.asarray(
        (points[:, 0] >= rim_px)
        & (points[:, 1] >= rim_px)
        & (points[:, 0] < width - rim_px)
        & (points[:, 1] < height - rim_px),
        np.bool_,
    )


@dataclass(frozen=True, slots=True)
class _Sight:
    """One picture, the other, the map between them, and the dark strokes of both."""

    own: CloseupView
    other: CloseupView
    other_from_own: Matrix3
    own_strokes: GrayImage
    other_strokes: GrayImage


def _absent(sight: _Sight, paired: set[int], settings: HairMatchSettings) -> tuple[int, ...]:
    """Return hairs of one picture that stand where the other picture shows bare skin."""
    own, other = sight.own, sight.other
    if not own.hairs:
        return ()
    own_xy, other_xy = _segments(own.hairs), _carried(own.hairs, sight.other_from_own)
    seen = _inside(own_xy.mean(axis=1), own.rgb8.shape, settings.rim_mm * own.px_per_mm)
    seen &= _inside(other_xy.mean(axis=1), other.rgb8.shape, settings.rim_mm * other.px_per_mm)
    return tuple(
        index
        for index in range(len(own.hairs))
        if index not in paired
        and seen[index]
        and _level_along(sight.other_strokes, other_xy[index])
        < settings.absent_fraction * _level_along(sight.own_strokes, own_xy[index])
    )


def _dark_strokes(view: CloseupView) -> GrayImage:
    """Return, at half size, how much darker pixels are than the brightest within a shaft: strokes, no shades."""
    gray = cv2.GaussianBlur(cv2.cvtColor(view.rgb8, cv2.COLOR_RGB2GRAY), (0, 0), 1.5)
    half = cv2.resize(gray, None, fx=1 / _STROKES_REDUCED, fy=1 / _STROKES_REDUCED, interpolation=cv2.INTER_AREA)
    side = 2 * round(0.115 * view.px_per_mm / _STROKES_REDUCED) + 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(half, cv2.MORPH_BLACKHAT, element), np.float32)


def _level_along(strokes: GrayImage, segment_xy: NDArray[np.float64]) -> float:
    shares = np.linspace(0.2, 0.8, 9)[:, None]
    points = (segment_xy[0] * (1 - shares) + segment_xy[1] * shares) / _STROKES_REDUCED
    height, width = strokes.shape
    columns = np.clip(points[:, 0].round().astype(int), 0, width - 1)
    rows = np.clip(points[:, 1].round().astype(int), 0, height - 1)
    return float(strokes[rows, columns].mean())


def _count_shared(reference: CloseupView, moving: CloseupView, matrix: Matrix3, settings: HairMatchSettings) -> int:
    """Return how many reference hairs both pictures show."""
    if not reference.hairs:
        return 0
    middles = _segments(reference.hairs).mean(axis=1)
    here = _inside(middles, reference.rgb8.shape, settings.rim_mm * reference.px_per_mm)
    there = _inside(apply_matrix(matrix, middles), moving.rgb8.shape, settings.rim_mm * moving.px_per_mm)
    return int((here & there).sum())


def _thinned(
    reference: CloseupView,
    moving: CloseupView,
    pairs: tuple[tuple[int, int], ...],
    matrix: Matrix3,
    settings: HairMatchSettings,
) -> tuple[int, ...]:
    zoom = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    limit = 1 - settings.thinned_fraction
    return tuple(
        position
        for position, (i, j) in enumerate(pairs)
        if moving.hairs[j].diameter_px < limit * zoom * reference.hairs[i].diameter_px
    )


def _count_change(lost: int, gained: int, shared: int) -> CountChange | None:
    """Return gained minus lost; each miscalled hair counts one, and calls are missed at random (Poisson)."""
    if shared == 0:
        return None
    std = np.sqrt(lost + gained + 0.02 * shared)
    value = gained - lost
    return CountChange(
        value=value,
        fraction=value / shared,
        interval95=(float((value - 1.96 * std) / shared), float((value + 1.96 * std) / shared)),
    )
