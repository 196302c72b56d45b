"""Photos of one view brought together: which is the reference, how each follow-up lies on it, where the regions are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

import numpy as np

from hairtrack.align.head_turn import likely_turn_deg
from hairtrack.align.photos import Alignment, AlignmentInput
from hairtrack.align.register import register
from hairtrack.align.settings import AlignSettings
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask, PointsXY
from hairtrack.imaging.warp import ReducedWarp, Warp
from hairtrack.model import Case, HairtrackError, Landmark, PhotoKind, QualityDecision, Registration, View
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf, digest, program
from hairtrack.pipeline.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The comparable photos of one view, oldest first.

    Parameters
    ----------
    view
        From where the head is seen.
    reference
        The photo that the others are held against.
    followups
        All other usable photos of the view.
    """

    view: View
    reference: Look
    followups: tuple[Look, ...]

    @property
    def looks(self) -> tuple[Look, ...]:
        """Reference and follow-ups together, the reference first."""
        return (self.reference, *self.followups)


def series_of(case: Case, looks: Iterable[Look]) -> tuple[Series, ...]:
    """Return one series a view from the global photos that passed the gate, show a head and have a date."""
    first_day = first_treatment_day(case)
    comparable = [
        look
        for look in looks
        if look.photo.kind is PhotoKind.GLOBAL
        and look.photo.view is not None
        and is_comparable(look)
        and look.no_head is None
        and look.pixels is not None
    ]
    comparable.sort(key=lambda look: (str(look.photo.view), look.photo.taken_on, look.photo.file))
    collected = []
    for view, group in groupby(comparable, key=lambda look: look.photo.view):
        reference, followups = reference_among(list(group), first_day)
        if view is not None:
            collected.append(Series(view=view, reference=reference, followups=followups))
    return tuple(collected)


def is_comparable(look: Look) -> bool:
    """Return whether a photo has a date and passed the gate."""
    return look.photo.taken_on is not None and look.quality.decision is not QualityDecision.RETAKE


def reference_among(members: Sequence[Look], first_day: date | None) -> tuple[Look, tuple[Look, ...]]:
    """Return the reference of photos given oldest first, and the others.

    It is the newest from before the first treatment, which shows the head as it was treated; without one, the oldest.
    """
    before = [m for m in members if first_day and m.photo.taken_on and m.photo.taken_on < first_day]
    reference = before[-1] if before else members[0]
    return reference, tuple(member for member in members if member is not reference)


def first_treatment_day(case: Case) -> date | None:
    """Return the day of the oldest dated treatment; None without one."""
    return min((t.first_day for t in case.treatments if t.first_day), default=None)


def pairs_of(case: Case, series: Iterable[Series], world: World) -> tuple["PairTask", ...]:
    """Return every follow-up with the reference of its series, to be brought together."""
    return tuple(
        PairTask(
            reference=one.reference,
            moving=followup,
            landmarks=case.landmarks,
            settings=world.settings,
            shelf=world.shelf,
        )
        for one in series
        for followup in one.followups
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTask:
    """Two photos to bring together, with all that a worker process needs."""

    reference: Look
    moving: Look
    landmarks: tuple[Landmark, ...]
    settings: Settings
    shelf: Shelf

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.moving.photo.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A follow-up on its reference: `warp` in full-size pixels, None when refused; `key` names its origin."""

    key: str
    reference: Look
    moving: Look
    registration: Registration
    warp: Warp | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A photo that was looked at, with its pixels off the shelf."""

    look: Look
    pixels: Pixels

    def inside(self, outline_xy: Sequence[tuple[float, float]] | PointsXY) -> Mask:
        """Return the mask of the working image inside an outline in pixels of the full photo."""
        working = self.pixels.working
        outline = working.working_from_full(np.asarray(outline_xy, np.float64))
        return inside_of(outline, working.rgb8.shape[:2])


def bring_together(task: PairTask) -> Pair:
    """Return how the moving photo lies on the reference, from the shelf when this pair was aligned before."""
    landmarks = [
        tuple((mark.name, mark.xy) for mark in task.landmarks if mark.file == look.photo.file)
        for look in (task.reference, task.moving)
    ]
    key = digest("pair", program(), task.reference.pixels, task.moving.pixels, landmarks, task.settings.align)
    known: tuple[Registration, Warp | None] | None = task.shelf.find(key)
    if known is None:
        reference, moving = seen(task.reference, task.shelf), seen(task.moving, task.shelf)
        alignment = align(reference, moving, landmarks=task.landmarks, settings=task.settings.align)
        known = (alignment.record, alignment.warp)
        task.shelf.put(key, known)
    registration, warp = known
    registration = replace(registration, reference=task.reference.photo.file, moving=task.moving.photo.file)
    return Pair(key=key, reference=task.reference, moving=task.moving, registration=registration, warp=warp)


def seen(look: Look, shelf: Shelf) -> Seen:
    """Return a photo with its pixels; only for photos that were readable."""
    if look.pixels is None:
        raise HairtrackError("an unreadable photo was asked for its pixels", where=look.photo.photo_id)
    return Seen(look=look, pixels=shelf.take(look.pixels))


def align(reference: Seen, moving: Seen, *, landmarks: Sequence[Landmark], settings: AlignSettings) -> Alignment:
    """Return the alignment of two photos that were looked at."""
    return register(_alignment_input(reference, landmarks), _alignment_input(moving, landmarks), settings=settings)


def likely_turn(reference: Seen, moving: Seen, *, settings: AlignSettings) -> tuple[float, float] | None:
    """Return how far a head has likely turned between two photos that could not be aligned; None when nothing tells."""
    return likely_turn_deg(_alignment_input(reference, ()), _alignment_input(moving, ()), settings=settings.head)


def _alignment_input(photo: Seen, landmarks: Sequence[Landmark]) -> AlignmentInput:
    record = photo.look.photo
    return AlignmentInput(
        file=record.file,
        working=photo.pixels.working,
        head_mask=photo.pixels.head_mask,
        landmarks_xy={mark.name: mark.xy for mark in landmarks if mark.file == record.file},
        kind=record.kind,
        view=record.view,
        px_per_mm=record.scale.px_per_mm if record.scale else None,
    )


def reduced_warp(warp: Warp, reference: Seen, moving: Seen) -> ReducedWarp:
    """Return a full-size warp as it is seen on the working copies of two photos."""
    return ReducedWarp(
        warp=warp,
        reference_full_per_working=reference.pixels.working.full_per_working,
        moving_full_per_working=moving.pixels.working.full_per_working,
    )
