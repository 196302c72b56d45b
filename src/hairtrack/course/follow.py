"""The course of every region of a case, look by look: what was known after each photo and nothing later."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from hairtrack.course.clock import RegionClock, clock_of
from hairtrack.course.curves import curves_for
from hairtrack.course.draws import Draws, draw_courses
from hairtrack.course.propositions import look_at, prior_causes
from hairtrack.course.reference import choose_references, reference_shifts
from hairtrack.course.series import Channel, Reading, check_observation, readings_of
from hairtrack.course.settings import CourseSettings
from hairtrack.course.weighing import Baseline, Cloud, baseline_of
from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, RegionName, RegionRole, Treatment
from hairtrack.model.posterior import Courses, RegionCourse

DAYS_BEFORE_REMEDY_ACTS = 14
"""No remedy changes density within two weeks: a photo taken then still shows the baseline."""

DAYS_OF_ONE_SITTING = 45
"""Photos this close to the newest count as shots of the same end of a comparison."""


def follow(case: Case, *, knowledge: Knowledge, settings: CourseSettings | None = None) -> Courses:
    """Return the course of each region that a treatment names or that was observed, in the order of `RegionName`.

    Raises
    ------
    InputError
        When an observation cannot be a number about a scalp; the message names the field.
    """
    settings = settings or CourseSettings()
    for index, observation in enumerate(case.observations):
        check_observation(observation, where=f"observations[{index}]")
    readings = {
        region: readings_of([o for o in case.observations if o.region is region], knowledge=knowledge)
        for region in RegionName
    }
    concerned = regions_of(case)
    roles = {region: case.role_of(region) for region in RegionName}
    return Courses(
        regions=tuple(
            follow_region(case, region, readings=readings, roles=roles, knowledge=knowledge, settings=settings)
            for region in concerned
        )
    )


def regions_of(case: Case) -> tuple[RegionName, ...]:
    """Return the regions that a treatment names or that have observations or notes of their own."""
    named = {region for t in case.treatments for region in (*t.recipient_regions, *t.donor_regions)}
    observed = {observation.region for observation in case.observations}
    return tuple(region for region in RegionName if region in named | observed)


def follow_region(
    case: Case,
    region: RegionName,
    *,
    readings: Mapping[RegionName, Sequence[Reading]],
    roles: Mapping[RegionName, RegionRole],
    knowledge: Knowledge,
    settings: CourseSettings,
) -> RegionCourse:
    """Return the course of one region."""
    own = readings[region]
    clock = clock_of(case, region, observed=[r.on for r in own])
    draws = draws_for(case, clock, knowledge=knowledge, settings=settings)
    curves = curves_for(clock, draws, knowledge)
    sources = _sources(clock, knowledge)
    prior = prior_causes(clock, curves)
    if clock.start is None or not own:
        return RegionCourse(region=region, role=clock.role, started_on=clock.start, prior=prior, source_keys=sources)
    before = _before(clock, own)
    references = choose_references(region, readings=readings, roles=roles)
    shifts = reference_shifts(references, readings=readings, roles=roles, start=clock.start, knowledge=knowledge)
    planted = planted_density(clock.operations[-1], knowledge=knowledge) if clock.operations else None
    depth = _reference_depth(references, readings, clock.start)

    def baseline_for(some: Draws) -> Baseline:
        return baseline_of(clock, some, before=before, planted=planted, reference_depth=depth, knowledge=knowledge)

    cloud = Cloud(
        clock=clock,
        curves=curves,
        baseline_for=baseline_for,
        knowledge=knowledge,
        generator=np.random.default_rng(settings.seed),
        shifts=shifts,
    )
    seen_before = cloud.baseline.seen
    density = cloud.baseline.density_per_cm2
    after = [r for r in own if r not in before] if seen_before else list(own)
    on_day = Counter(r.on for r in after)
    looks = []
    for position, reading in enumerate(after, start=1):
        cloud.take(reading)
        of_day = on_day[reading.on]
        if position == len(after) or after[position].on != reading.on:
            looks.append(look_at(cloud, reading, used=len(before) + position, used_after=position, of_day=of_day))
    return RegionCourse(
        region=region,
        role=clock.role,
        started_on=clock.start,
        prior=prior,
        looks=tuple(looks),
        has_baseline=seen_before,
        planted_known=planted is not None,
        reference_regions=tuple(references),
        fractions_only=all(r.channel in {Channel.COVERAGE, Channel.RELATIVE} for r in own),
        shots_before=_shots(before, knowledge),
        shots_now=_shots([r for r in own if (own[-1].on - r.on).days <= DAYS_OF_ONE_SITTING], knowledge),
        baseline_density_per_cm2=density,
        source_keys=sources,
    )


def draws_for(case: Case, clock: RegionClock, *, knowledge: Knowledge, settings: CourseSettings) -> Draws:
    """Return the courses that a region may take before anything was observed, by its role, treatments and patient."""
    return draw_courses(
        knowledge,
        role=clock.role,
        sex=case.patient.sex_at_birth,
        gain_kinds=tuple(r.kind.value for r in clock.remedies),
        settings=settings,
    )


def planted_density(operation: Treatment, *, knowledge: Knowledge) -> tuple[float, float] | None:
    """Return planted hairs/cm² of an operation with its relative error; None when it cannot be known."""
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
    return hairs / area, error * (1.0 if len(operation.recipient_regions) <= 1 else 1.25)


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


def _reference_depth(
    references: Sequence[RegionName], readings: Mapping[RegionName, Sequence[Reading]], start: date
) -> float | None:
    depths = [
        r.amount for region in references for r in readings[region] if r.channel is Channel.COVERAGE and r.on <= start
    ]
    return float(np.median(depths)) if depths else None


def _shots(readings: Sequence[Reading], knowledge: Knowledge) -> float:
    shots = 0.0
    for reading in readings:
        usual = knowledge.value(f"measurands.{reading.channel.value}")
        shots += max(1.0, (usual / max(reading.amount_std / max(reading.amount, 1e-6), 1e-3)) ** 2)
    return shots


def _sources(clock: RegionClock, knowledge: Knowledge) -> tuple[str, ...]:
    tables = {
        RegionRole.RECIPIENT: ("transplant.", "verdict."),
        RegionRole.DONOR: ("donor.",),
        RegionRole.TREATED: (),
        RegionRole.UNTREATED: ("native.",),
    }[clock.role]
    return knowledge.sources_below(*tables, *(f"{r.kind.value}." for r in clock.remedies))
