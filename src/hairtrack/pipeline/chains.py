"""A photo that does not lie on its reference directly is tried by way of a neighbour in time that does.

Between two visits a few weeks apart little has changed, between the first and the last a lot. The direct map is always
preferred. A chain's error is that of its links together; where a photo is reached by two ways, both must arrive at the
same place, or the photo stays refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from hairtrack.align.register import AGREEING_ERRORS
from hairtrack.imaging.chained_warp import ChainedWarp, miss_px, size_ratio
from hairtrack.imaging.types import PointsXY
from hairtrack.model import Case, Registration, RegistrationStatus, Tier
from hairtrack.pipeline.compare import Pair, PairTask, Series, bring_together
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import digest
from hairtrack.pipeline.world import World

MOST_WAYS = 2
"""Ways tried for a refused photo: two can be held against each other, more cost time."""

PLACES_ACROSS = 24

TIERS = (Tier.SCALP, Tier.LANDMARKS, Tier.HEAD)
"""From the strictest to the loosest: a chain is as loose as its loosest link."""


def with_chains(series: Iterable[Series], pairs: Iterable[Pair], *, case: Case, world: World) -> tuple[Pair, ...]:
    """Return the pairs, refused ones joined by way of their nearest neighbours where that is possible.

    Each refused photo costs at most `MOST_WAYS` further pairs, and none when nothing was accepted near it.
    """
    by_file = {pair.moving.photo.file: pair for pair in pairs}
    tried: dict[str, tuple[str, ...]] = {}
    while tasks := _ways(series, by_file, tried, case=case, world=world):
        links = world.each("aligning photos", bring_together, tasks)
        ways: dict[str, list[Pair]] = {}
        for link in links:
            file = link.moving.photo.file
            tried[file] = (*tried.get(file, ()), link.reference.photo.file)
            if link.registration.status is RegistrationStatus.ACCEPTED:
                joined = join(by_file[link.reference.photo.file], link)
                ways.setdefault(file, []).extend([joined] if joined else [])
        for file, found in ways.items():
            if found:
                by_file[file] = _settled(by_file[file], found)
    return tuple(by_file.values())


def join(first: Pair, second: Pair) -> Pair | None:
    """Return the moving photo of `second` on the reference of `first`; None when no place is known to both links.

    Both must be accepted, and the moving photo of `first` be the reference of `second`.
    """
    if first.warp is None or second.warp is None:
        return None
    places = _places(first.reference)
    scale = size_ratio(first.warp, places)
    warp = ChainedWarp(first=first.warp, second=second.warp)
    known = np.isfinite(warp.moving_from_reference(places)).all(axis=1)
    if scale is None or not known.any():
        return None
    errors = first.registration.expected_error_px or 0.0, (second.registration.expected_error_px or 0.0) / scale
    error_px = float(np.hypot(*errors))
    shown = np.isfinite(first.warp.moving_from_reference(places)).all(axis=1)
    mm_per_px = _mm_per_px(first.registration)
    registration = Registration(
        reference=first.registration.reference,
        moving=second.registration.moving,
        status=RegistrationStatus.ACCEPTED,
        tier=max((first.registration.tier, second.registration.tier), key=TIERS.index),
        expected_error_px=error_px,
        expected_error_mm=None if mm_per_px is None else error_px * mm_per_px,
        overlap_fraction=first.registration.overlap_fraction * float(known.sum() / shown.sum()),
        scores=(("links", _links(first) + _links(second)),),
    )
    key = digest("chain", first.key, second.key)
    return Pair(key=key, reference=first.reference, moving=second.moving, registration=registration, warp=warp)


def loop_miss_errors(one: Pair, other: Pair) -> float | None:
    """Return how far two ways to one photo lie apart, in their joint standard errors; None where they never meet."""
    if one.warp is None or other.warp is None:
        return None
    places = _places(one.reference)
    apart, scale = miss_px(one.warp, other.warp, places), size_ratio(one.warp, places)
    if apart is None or scale is None:
        return None
    errors = (one.registration.expected_error_px or 0.0, other.registration.expected_error_px or 0.0)
    return float(apart / scale / max(float(np.hypot(*errors)), 1e-9))


def _settled(refused: Pair, ways: list[Pair]) -> Pair:
    """Return the surest way, or the refusal when two ways do not arrive at the same place."""
    surest = min(ways, key=lambda way: way.registration.expected_error_px or 0.0)
    misses = [loop_miss_errors(surest, way) for way in ways if way is not surest]
    if any(miss is None or miss > AGREEING_ERRORS for miss in misses):
        doubt = replace(
            refused.registration,
            reason="two ways round by other photos of the series arrive at different places",
        )
        return replace(refused, registration=doubt)
    closed = tuple(("loop_miss_errors", round(miss, 2)) for miss in misses if miss is not None)
    return replace(surest, registration=replace(surest.registration, scores=(*surest.registration.scores, *closed)))


def _ways(
    series: Iterable[Series],
    pairs: Mapping[str, Pair],
    tried: Mapping[str, tuple[str, ...]],
    *,
    case: Case,
    world: World,
) -> tuple[PairTask, ...]:
    """Return what to align next: each refused photo with accepted neighbours that were not tried yet, nearest first."""
    tasks = []
    for one in series:
        accepted = [look for look in one.followups if _accepted(pairs[look.photo.file])]
        for look in one.followups:
            file = look.photo.file
            if _accepted(pairs[file]):
                continue
            done = tried.get(file, ())
            left = [near for near in _nearest(look, accepted) if near.photo.file not in done]
            tasks += [
                PairTask(
                    reference=near,
                    moving=look,
                    landmarks=case.landmarks,
                    settings=world.settings,
                    shelf=world.shelf,
                )
                for near in left[: MOST_WAYS - len(done)]
            ]
    return tuple(tasks)


def _accepted(pair: Pair) -> bool:
    return pair.registration.status is RegistrationStatus.ACCEPTED


def _nearest(look: Look, others: Iterable[Look]) -> list[Look]:
    day = look.photo.taken_on
    dated = [(abs((day - o.photo.taken_on).days), o.photo.file, o) for o in others if day and o.photo.taken_on]
    return [other for _, _, other in sorted(dated, key=lambda entry: entry[:2])]


def _links(pair: Pair) -> float:
    return dict(pair.registration.scores).get("links", 1.0)


def _mm_per_px(registration: Registration) -> float | None:
    error_px, error_mm = registration.expected_error_px, registration.expected_error_mm
    return error_mm / error_px if error_px and error_mm is not None else None


def _places(look: Look) -> PointsXY:
    """Return places all over a photo, in its full-size pixels."""
    width, height = look.photo.width_px or 1, look.photo.height_px or 1
    columns, rows = np.meshgrid(np.linspace(0, width - 1, PLACES_ACROSS), np.linspace(0, height - 1, PLACES_ACROSS))
    return np.asarray(np.c_[columns.ravel(), rows.ravel()], np.float64)
