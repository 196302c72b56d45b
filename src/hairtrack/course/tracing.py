"""What stands on record of one region, sorted by what came before the clock started and after: the track to follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from hairtrack.course.clock import RegionClock, clock_of
from hairtrack.course.curves import Curves, curves_for
from hairtrack.course.draws import Draws, draw_courses
from hairtrack.course.posterior import Track
from hairtrack.course.reference import ReferenceShift, choose_references, reference_shifts
from hairtrack.course.series import Channel, Reading
from hairtrack.course.settings import CourseSettings
from hairtrack.course.weighing import baseline_of, moment_of, prior_log_weight, told_by
from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, RegionName, RegionRole, Treatment, TreatmentKind

DAYS_BEFORE_REMEDY_ACTS = 14
"""No remedy changes density within two weeks: a photo taken then still shows the baseline."""

DAYS_OF_ONE_SITTING = 45
"""Photos this close to the newest count as shots of the same end of a comparison."""


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Readings of one region before and after its clock started, and what else bears on them."""

    case: Case
    clock: RegionClock
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]
    references: tuple[RegionName, ...]
    shifts: Mapping[tuple[str, Channel], ReferenceShift]
    planted: tuple[float, float] | None
    reference_depth: float | None

    @property
    def has_baseline(self) -> bool:
        """Whether an amount of hair was seen before the clock started."""
        return any(r.channel in {Channel.COUNT, Channel.COVERAGE} for r in self.before)


def record_of(
    case: Case,
    region: RegionName,
    *,
    readings: Mapping[RegionName, Sequence[Reading]],
    roles: Mapping[RegionName, RegionRole],
    knowledge: Knowledge,
) -> Record:
    """Return what stands on record of a region; nothing is before or after where no clock started."""
    own = tuple(readings.get(region, ()))
    clock = clock_of(case, region, observed=[r.on for r in own])
    if clock.start is None or not own:
        return Record(case, clock, (), (), (), {}, None, None)
    before = _before(clock, own)
    references = choose_references(region, readings=readings, roles=roles)
    depths = [
        r.amount for name in references for r in readings[name] if r.channel is Channel.COVERAGE and r.on <= clock.start
    ]
    record = Record(
        case=case,
        clock=clock,
        before=before,
        after=own[len(before) :] if own[: len(before)] == before else tuple(r for r in own if r not in before),
        references=references,
        shifts=reference_shifts(references, readings=readings, roles=roles, start=clock.start, knowledge=knowledge),
        planted=planted_density(clock.operations[-1], knowledge=knowledge) if clock.operations else None,
        reference_depth=float(np.median(depths)) if depths else None,
    )
    return record if record.has_baseline else replace(record, after=own)


def curves_of(record: Record, *, knowledge: Knowledge, settings: CourseSettings) -> Curves:
    """Return the courses that a region may take before anything was observed."""
    return curves_for(
        record.clock, draws_for(record.case, record.clock, knowledge=knowledge, settings=settings), knowledge
    )


def track_of(record: Record, *, knowledge: Knowledge, settings: CourseSettings) -> Track:
    """Return a region's record with its possible courses, ready to be weighed."""
    curves = curves_of(record, knowledge=knowledge, settings=settings)
    return Track(
        clock=record.clock,
        curves=curves,
        baseline=baseline_of(
            record.clock,
            curves.draws,
            before=record.before,
            planted=record.planted,
            reference_depth=record.reference_depth,
            knowledge=knowledge,
        ),
        prior_log_weight=prior_log_weight(curves.draws, triggered=bool(record.clock.triggers), knowledge=knowledge),
        told=told_by(record.after, record.shifts, knowledge=knowledge),
        moments=tuple(moment_of(record.clock, curves, r, knowledge=knowledge) for r in record.after),
    )


def draws_for(case: Case, clock: RegionClock, *, knowledge: Knowledge, settings: CourseSettings) -> Draws:
    """Return the courses that a region may take before anything was observed, by its role, treatments and patient."""
    return draw_courses(
        knowledge,
        role=clock.role,
        sex=case.patient.sex_at_birth,
        gain_kinds=tuple(r.kind.value for r in clock.remedies),
        settings=settings,
        strip=bool(clock.operations) and clock.operations[-1].kind is TreatmentKind.FUT,
    )


def planted_density(operation: Treatment, *, knowledge: Knowledge) -> tuple[float, float] | None:
    """Return planted hairs/cm² of an operation with its relative error; None when it cannot be known.

    A record of more than was ever planted, or of nothing, is a slip of the pen in the count or the area: half a real
    area would make every good result a failure.
    """
    area = operation.recipient_area_cm2
    if area is None or area <= 0:
        return None
    error = knowledge.value("transplant.planted_count_error")
    if operation.hairs_implanted is not None:
        hairs = float(operation.hairs_implanted)
    elif operation.grafts_implanted is not None:
        hairs = operation.grafts_implanted * knowledge.value("density.hairs_per_unit")
        error = float(np.hypot(error, knowledge.spread("density.hairs_per_unit") / 2.0))
    else:
        return None
    if not 0.0 < hairs / area <= knowledge.value("transplant.most_planted_per_cm2"):
        return None
    return hairs / area, error * (1.0 if len(operation.recipient_regions) <= 1 else 1.25)


def shots_of(readings: Sequence[Reading], *, knowledge: Knowledge) -> float:
    """Return how many ordinary photos readings are worth."""
    shots = 0.0
    for reading in readings:
        usual = knowledge.value(f"measurands.{reading.channel.value}")
        shots += max(1.0, (usual / max(reading.amount_std / max(reading.amount, 1e-6), 1e-3)) ** 2)
    return shots


def shots_at_the_end(record: Record, *, knowledge: Knowledge) -> float:
    """Return how many ordinary photos the newest sitting is worth."""
    own = [*record.before, *(r for r in record.after if r not in record.before)]
    return shots_of([r for r in own if (own[-1].on - r.on).days <= DAYS_OF_ONE_SITTING], knowledge=knowledge)


def sources_of(clock: RegionClock, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the keys of the sources that the course of a region rests on."""
    tables = {
        RegionRole.RECIPIENT: ("transplant.", "verdict."),
        RegionRole.DONOR: ("donor.",),
        RegionRole.TREATED: (),
        RegionRole.UNTREATED: ("native.",),
    }[clock.role]
    return _sources_below(knowledge, (*tables, *(f"{r.kind.value}." for r in clock.remedies)))


@lru_cache(maxsize=256)
def _sources_below(knowledge: Knowledge, tables: tuple[str, ...]) -> tuple[str, ...]:
    return knowledge.sources_below(*tables)


def _before(clock: RegionClock, own: Sequence[Reading]) -> tuple[Reading, ...]:
    if clock.start is None:
        return ()
    limit: date = clock.start
    if clock.role is RegionRole.TREATED:
        limit += timedelta(days=DAYS_BEFORE_REMEDY_ACTS)
    before = [r for r in own if r.on <= limit]
    if len(clock.operations) > 1:
        earlier = clock.operations[-2].first_day
        before = [r for r in before if earlier is None or r.on > earlier] or before
    return tuple(before)
