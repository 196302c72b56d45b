"""The band in which healthy courses of a region run, in the unit of a measurand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from hairtrack.course.clock import clock_of
from hairtrack.course.curves import curves_for
from hairtrack.course.draws import Draws
from hairtrack.course.series import Channel, Reading
from hairtrack.course.settings import CourseSettings
from hairtrack.course.tracing import draws_for, planted_density
from hairtrack.course.weighing import baseline_of, region_levels
from hairtrack.knowledge import Knowledge
from hairtrack.model import BandPoint, Case, ExpectedBand, RegionName, RegionRole
from hairtrack.model.calendar import DAYS_PER_MONTH

BAND_MONTHS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0, 15.0, 16.0, 18.0)

UNITS = {Channel.COUNT: "{hairs}/cm2", Channel.COVERAGE: "1", Channel.RELATIVE: "1"}


def expected_band(
    case: Case,
    region: RegionName,
    measurand: str,
    *,
    baseline: tuple[float, float],
    knowledge: Knowledge,
    settings: CourseSettings | None = None,
) -> ExpectedBand | None:
    """Return the central 90 % of healthy courses from a baseline, or None where no course is known.

    Parameters
    ----------
    measurand
        `hair_density_per_cm2`, `coverage_fraction` or `relative_hair_density`; others have no known course.
    baseline
        Value before the clock started and its standard error, in the unit of the measurand.
    """
    settings = settings or CourseSettings()
    channel = next((c for c in UNITS if c.value == measurand), None)
    observed = [o.taken_on for o in case.observations if o.region is region]
    clock = clock_of(case, region, observed=observed)
    if channel is None or clock.start is None or clock.role is RegionRole.UNTREATED:
        return None
    draws = draws_for(case, clock, knowledge=knowledge, settings=settings)
    curves = curves_for(clock, draws, knowledge)
    start = _start(baseline, channel, on=clock.start, knowledge=knowledge)
    planted = planted_density(clock.operations[-1], knowledge=knowledge) if clock.operations else None
    origin = baseline_of(clock, draws, before=[start], planted=planted, reference_depth=None, knowledge=knowledge)
    healthy = _healthy(draws, clock.role, knowledge)
    points = [BandPoint(months=0.0, low=baseline[0], middle=baseline[0], high=baseline[0])]
    for months in BAND_MONTHS:
        day = clock.start + timedelta(days=round(months * DAYS_PER_MONTH))
        level = region_levels(clock, curves, origin, replace(start, on=day, channel=channel), knowledge=knowledge)
        if channel is Channel.COVERAGE:
            level = np.asarray(1.0 - np.exp(-level * origin.optical_depth), np.float32)
        elif channel is Channel.RELATIVE:
            level = np.asarray(level / np.maximum(origin.density, 3.0), np.float32)
        low, middle, high = weighted_quantiles(level, healthy, (0.05, 0.5, 0.95))
        points.append(BandPoint(months=months, low=low, middle=middle, high=high))
    tables = [f"{r.kind.value}." for r in clock.remedies] + ["native."]
    tables += {RegionRole.RECIPIENT: ["transplant."], RegionRole.DONOR: ["donor."]}.get(clock.role, [])
    return ExpectedBand(
        region=region,
        measurand=measurand,
        unit=UNITS[channel],
        starts_on=clock.start,
        points=tuple(points),
        source_keys=knowledge.sources_below(*tables),
        assumed=bool(knowledge.assumed_below(*tables)),
        describes="central 90 % of healthy courses with this baseline and treatment",
    )


def _start(baseline: tuple[float, float], channel: Channel, *, on: date, knowledge: Knowledge) -> Reading:
    """Return the baseline as the reading from which healthy courses start."""
    value, std = baseline
    if channel is Channel.COVERAGE:
        hidden = min(max(value, 0.0), 0.98)
        value, std = -float(np.log1p(-hidden)), std / (1.0 - hidden)
    if channel is Channel.RELATIVE:
        channel, value, std = Channel.COUNT, knowledge.value("density.thinning_baseline_per_cm2"), 0.0
    return Reading(
        on=on, channel=channel, amount=value, amount_std=max(std, 1e-6), level=0.0, level_std=0.0, photo="",
        flagged=False,
    )  # fmt: skip


def _healthy(draws: Draws, role: RegionRole, knowledge: Knowledge) -> np.ndarray:
    """Return how much each draw weighs among healthy courses."""
    healthy = np.exp(draws.log_weight) * (draws.episode == 0)
    if role is RegionRole.RECIPIENT:
        return np.asarray(healthy * (draws.survival >= knowledge.value("verdict.target_survival")))
    return np.asarray(healthy * (draws.over_extracted == 0)) if role is RegionRole.DONOR else np.asarray(healthy)


def weighted_quantiles(values: np.ndarray, weights: np.ndarray, quantiles: tuple[float, ...]) -> tuple[float, ...]:
    """Return quantiles of weighted values."""
    order = np.argsort(values)
    cumulative = np.cumsum(weights[order], dtype=np.float64)
    cumulative /= cumulative[-1]
    at = np.minimum(np.searchsorted(cumulative, quantiles), len(order) - 1)
    return tuple(float(v) for v in values[order[at]])
