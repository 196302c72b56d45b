"""The course of every region of a case, look by look: what was known after each photo and nothing later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hairtrack.course.posterior import Track, Weighed, weigh
from hairtrack.course.propositions import looks_of, prior_causes
from hairtrack.course.series import Channel, check_observation, pooled, readings_of
from hairtrack.course.settings import CourseSettings
from hairtrack.course.tracing import (
    Record,
    curves_of,
    record_of,
    shots_at_the_end,
    shots_of,
    sources_of,
    track_of,
)
from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, Observation, RegionName
from hairtrack.model.posterior import Courses, Look, RegionCourse

TRACKS_AT_ONCE = 16
"""Regions weighed side by side: enough to spread the cost of a call, few enough to stay in the processor's cache."""


def follow(case: Case, *, knowledge: Knowledge, settings: CourseSettings | None = None) -> Courses:
    """Return the course of each region that a treatment names or that was observed, in the order of `RegionName`.

    Raises
    ------
    InputError
        When an observation cannot be a number about a scalp; the message names the field.
    """
    return follow_many((case,), knowledge=knowledge, settings=settings)[0]


def follow_many(
    cases: Sequence[Case], *, knowledge: Knowledge, settings: CourseSettings | None = None
) -> tuple[Courses, ...]:
    """Return the courses of a cohort, each exactly as `follow` gives it; regions of one kind are weighed together.

    Hand over some hundred cases at a time: what is kept while they are weighed grows with their number.

    Raises
    ------
    InputError
        As `follow`.
    """
    return _follow([(case, knowledge) for case in cases], settings or CourseSettings())


def follow_under(
    case: Case, *, knowledges: Sequence[Knowledge], settings: CourseSettings | None = None
) -> tuple[Courses, ...]:
    """Return the courses of a case as each of several states of knowledge has them, to ask what hangs on a number.

    Raises
    ------
    InputError
        As `follow`.
    """
    return _follow([(case, knowledge) for knowledge in knowledges], settings or CourseSettings())


def _follow(asked: Sequence[tuple[Case, Knowledge]], settings: CourseSettings) -> tuple[Courses, ...]:
    records = [_records(case, knowledge=knowledge) for case, knowledge in asked]
    jobs = [
        _Job(record, track_of(record, knowledge=knowledge, settings=settings))
        for (_, knowledge), of_case in zip(asked, records, strict=True)
        for record in of_case.values()
        if record.after
    ]
    looks = _looks(jobs, settings)
    return tuple(
        Courses(
            regions=tuple(
                _course(region, record, looks.get(id(record), ()), knowledge=knowledge, settings=settings)
                for region, record in of_case.items()
            )
        )
        for (_, knowledge), of_case in zip(asked, records, strict=True)
    )


def regions_of(case: Case) -> tuple[RegionName, ...]:
    """Return the regions that a treatment names or that have observations or notes of their own."""
    named = {region for t in case.treatments for region in (*t.recipient_regions, *t.donor_regions)}
    observed = {observation.region for observation in case.observations}
    return tuple(region for region in RegionName if region in named | observed)


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    record: Record
    track: Track


def _records(case: Case, *, knowledge: Knowledge) -> dict[RegionName, Record]:
    by_region: dict[RegionName, list[Observation]] = {}
    for index, observation in enumerate(case.observations):
        check_observation(observation, where=f"observations[{index}]")
        by_region.setdefault(observation.region, []).append(observation)
    readings = {region: readings_of(own, knowledge=knowledge) for region, own in by_region.items()}
    roles = {region: case.role_of(region) for region in readings}
    return {
        region: record_of(case, region, readings=readings, roles=roles, knowledge=knowledge)
        for region in regions_of(case)
    }


def _looks(jobs: Sequence[_Job], settings: CourseSettings) -> dict[int, tuple[Look, ...]]:
    """Return the looks of each record by its identity; where too few draws carry the weight, more are taken."""
    found, coarse = {}, []
    for some in _batches(jobs):
        for job, weighed in zip(some, weigh([job.track for job in some]), strict=True):
            if _too_coarse(weighed, settings):
                coarse.append(job)
            else:
                found[id(job.record)] = _looks_of(job, weighed)
    finer = replace(settings, draws=settings.finer_draws)
    for job in coarse:
        again = _Job(job.record, track_of(job.record, knowledge=job.track.curves.knowledge, settings=finer))
        found[id(job.record)] = _looks_of(again, weigh([again.track])[0])
    return found


def _batches(jobs: Sequence[_Job]) -> Iterator[list[_Job]]:
    kinds: dict[object, list[_Job]] = {}
    for job in jobs:
        kinds.setdefault(job.track.kind, []).append(job)
    for some in kinds.values():
        some.sort(key=lambda job: len(job.track.told))
        for start in range(0, len(some), TRACKS_AT_ONCE):
            yield some[start : start + TRACKS_AT_ONCE]


def _too_coarse(weighed: Weighed, settings: CourseSettings) -> bool:
    if settings.finer_draws <= weighed.weight.shape[1]:
        return False
    effective = 1.0 / np.einsum("rd,rd->r", weighed.weight, weighed.weight)
    return bool(effective.min() < settings.least_effective)


def _looks_of(job: _Job, weighed: Weighed) -> tuple[Look, ...]:
    record = job.record
    used_before = len(record.before) if record.has_baseline else 0
    return looks_of(job.track, weighed, record.after, used_before=used_before)


def _course(
    region: RegionName, record: Record, looks: tuple[Look, ...], *, knowledge: Knowledge, settings: CourseSettings
) -> RegionCourse:
    clock = record.clock
    course = RegionCourse(
        region=region,
        role=clock.role,
        started_on=clock.start,
        prior=prior_causes(clock, curves_of(record, knowledge=knowledge, settings=settings)),
        source_keys=sources_of(clock, knowledge),
    )
    own = (*record.before, *record.after)
    if not own:
        return course
    counted = pooled([r for r in record.before if r.channel is Channel.COUNT])
    return replace(
        course,
        looks=looks,
        has_baseline=record.has_baseline,
        planted_known=record.planted is not None,
        reference_regions=record.references,
        fractions_only=all(r.channel in {Channel.COVERAGE, Channel.RELATIVE} for r in own),
        shots_before=shots_of(record.before, knowledge=knowledge),
        shots_now=shots_at_the_end(record, knowledge=knowledge),
        baseline_density_per_cm2=None if counted is None else counted[0],
    )
