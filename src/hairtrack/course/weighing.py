"""What each draw takes for the hair before the clock started, and what a patient's readings ask of it.

`posterior` weighs the draws; here stands what is the patient's own: amounts of hair, claimed errors, biases of photos.
"""

import math
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import hypot

import numpy as np

from hairtrack.course.clock import RegionClock
from hairtrack.course.curves import Curves, Moment, medicine_factor
from hairtrack.course.draws import BLOB_SHARE, CENTRE_SHARE, ODD_DRAW_SHARE, Draws
from hairtrack.course.reference import ReferenceShift
from hairtrack.course.series import Channel, FloatArray, Reading, pooled, softening
from hairtrack.knowledge import Knowledge
from hairtrack.model import RegionRole
from hairtrack.model.calendar import months_between

LEAST_BASELINE = 3.0
"""Hairs/cm² below which a ratio to the baseline is not taken literally."""

LEAST_DEPTH = 0.05
LEAST_COUNT = 10.0
"""Below these a ratio of coverage to count says nothing about the optical depth of one hair."""

STUDENT_SCALE = 0.75
"""Scale of the Student t in standard errors: 0.71 would keep the variance that is claimed, 1 its middle."""

STUDENT_WIDTH = 1.1
"""Width of the middle half of a Student t with 4 degrees of freedom over that of a normal of the same scale."""

FINER_READING = 1.5
"""A reading whose claimed error is smaller than usual by this factor was taken with more care (repeated shots);
smaller differences follow the value read and would favour low readings, so the usual error stands."""

LEVEL_SCATTER_FLOOR = 0.01
"""Least relative error believed for any reading but the same hairs found again: hair and skin are not one number."""

MATCHED_SCATTER_FLOOR = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What each draw takes for the hair before the clock started, and for the optical depth of one hair.

    Each draw is a small cloud around these: `planted_std`, `density_std` and `optical_std` are its relative standard
    deviations. Where coverage alone was seen, the baseline is coverage over depth, so that both go opposite ways.
    """

    density: FloatArray
    optical_depth: FloatArray
    planted: FloatArray
    planted_std: float
    density_std: float
    optical_std: float
    seen: bool
    by_coverage: bool


def baseline_of(
    clock: RegionClock,
    draws: Draws,
    *,
    before: Sequence[Reading],
    planted: tuple[float, float] | None,
    reference_depth: float | None,
    knowledge: Knowledge,
) -> Baseline:
    """Return baseline density, optical depth a hair and planted density of each draw.

    Parameters
    ----------
    before
        Readings before the clock started.
    planted
        Recorded planted density in hairs/cm² with its relative error; None when not on record.
    reference_depth
        Optical depth of untouched fringe on a photo, which ties coverage to density; None when unseen.
    """
    counts = pooled([r for r in before if r.channel is Channel.COUNT])
    depths = pooled([r for r in before if r.channel is Channel.COVERAGE])
    middle, spread = _depth_of_a_hair(counts, depths, reference_depth, knowledge)
    optical = np.exp(middle + CENTRE_SHARE * spread * draws.optical_noise).astype(np.float32)
    seen = counts or depths
    if seen is None:
        unseen = knowledge.fact("density.thinning_baseline_per_cm2")
        density_std = BLOB_SHARE * (unseen.spread or 0.6)
        density = unseen.value * np.exp(CENTRE_SHARE * (unseen.spread or 0.6) * draws.baseline_noise / np.sqrt(2.0))
    else:
        amount, std = seen
        density_std = BLOB_SHARE * STUDENT_SCALE * STUDENT_WIDTH * std / max(amount, std, 1e-6)
        density = np.maximum(amount + CENTRE_SHARE * STUDENT_SCALE * std * draws.baseline_noise, 0.0)
        density = density if counts is not None else density / optical
    if planted is None:
        units, per_unit = knowledge.fact("transplant.planted_units_per_cm2"), knowledge.fact("density.hairs_per_unit")
        middle_planted = units.value * per_unit.value
        error = float(np.hypot((units.spread or 8.0) / units.value, (per_unit.spread or 0.1) / per_unit.value))
    else:
        middle_planted, error = planted
    planted_density = middle_planted * np.exp(CENTRE_SHARE * error * draws.planted_noise)
    if not clock.operations or clock.role.value != "recipient":
        planted_density = np.zeros_like(planted_density)
    return Baseline(
        density=density.astype(np.float32),
        optical_depth=optical,
        planted=planted_density.astype(np.float32),
        planted_std=BLOB_SHARE * error,
        density_std=density_std,
        optical_std=BLOB_SHARE * spread,
        seen=seen is not None,
        by_coverage=counts is None and depths is not None,
    )


def _depth_of_a_hair(
    counts: tuple[float, float] | None,
    depths: tuple[float, float] | None,
    reference_depth: float | None,
    knowledge: Knowledge,
) -> tuple[float, float]:
    """Return the optical depth of one hair per cm², logarithmic, and its standard deviation, from all that tells it."""
    prior = knowledge.fact("density.coverage_per_hair")
    middle, spread = math.log(prior.value), prior.spread or 0.35
    seen = []
    if reference_depth is not None and reference_depth > LEAST_DEPTH:
        natural = knowledge.fact("density.natural_hairs_per_cm2")
        seen.append((reference_depth / natural.value, hypot((natural.spread or 30.0) / natural.value, 0.20)))
    if counts is not None and depths is not None and counts[0] > LEAST_COUNT and depths[0] > LEAST_DEPTH:
        seen.append((depths[0] / counts[0], hypot(counts[1] / counts[0], depths[1] / depths[0]) + 0.05))
    for depth, std in seen:
        weight = spread**2 / (spread**2 + std**2)
        middle += weight * (math.log(depth) - middle)
        spread *= math.sqrt(1 - weight)
    return middle, spread


def moment_of(clock: RegionClock, curves: Curves, reading: Reading, *, knowledge: Knowledge) -> Moment:
    """Return what every course shows on the day of a reading, with the region's medicines and earlier operations."""
    months = clock.months(reading.on)
    seen = reading.channel in {Channel.COVERAGE, Channel.RELATIVE}
    known = [clock.months(day) for day in clock.triggers if day <= reading.on]
    found = curves.moment(months, seen=seen, trigger_month=known[-1] if known else None)
    native, grown = found.native, found.grown
    if clock.remedies:
        native = native * medicine_factor(curves.draws, knowledge, clock.remedies, day=reading.on)
    if reading.channel is Channel.TERMINAL:
        native = native * curves.draws.thick_share
    if clock.role is RegionRole.RECIPIENT:
        for earlier in clock.operations[:-1]:
            if earlier.first_day is not None and clock.start is not None:
                offset = months_between(earlier.first_day, clock.start)
                still_to_come = curves.grown(months + offset, seen=seen) - curves.grown(offset, seen=seen)
                grown = grown + found.left * np.maximum(still_to_come, 0.0)
    if native is found.native and grown is found.grown:
        return found
    return replace(found, native=native, grown=grown)


def region_levels(
    clock: RegionClock, curves: Curves, baseline: Baseline, reading: Reading, *, knowledge: Knowledge
) -> FloatArray:
    """Return hairs/cm² that each draw predicts for a reading."""
    shown = moment_of(clock, curves, reading, knowledge=knowledge)
    return baseline.density * shown.native + baseline.planted * shown.grown


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """One reading as the posterior takes it: its level, its error, how much of it is news, and the bias of its photo.

    `biased` is 1 where the bias of its series bears on it, 0 for hairs found again one by one. `reference` is how
    untouched regions moved on the same photo, where they are on it; `first` is false where it has spoken already.
    """

    level: float
    std: float
    power: float
    softening: float
    channel: Channel
    biased: float
    reference: ReferenceShift | None = None
    first: bool = True


def told_by(
    readings: Sequence[Reading], shifts: Mapping[tuple[str, Channel], ReferenceShift], *, knowledge: Knowledge
) -> tuple[Told, ...]:
    """Return readings, oldest first, as the posterior takes them; each depends on earlier ones alone."""
    soft = {channel: softening(channel, knowledge) for channel in {r.channel for r in readings}}
    of_photo = {channel: photo_std(channel, knowledge) for channel in soft}
    alike = knowledge.value("measurands.error_autocorrelation")
    repeated = 1.0 - knowledge.value("measurands.likelihood_power")
    errors: dict[Channel, list[float]] = {}
    last_on: dict[Channel, date] = {}
    met: set[tuple[str, Channel]] = set()
    found = []
    for reading in readings:
        channel = reading.channel
        last = last_on.get(channel)
        last_on[channel] = reading.on
        # Errors of neighbouring photos are alike, those of distant ones are not: so much of a reading is news.
        power = 1.0 if last is None else 1.0 - repeated * alike ** max(months_between(last, reading.on) - 1.0, 0.0)
        before = errors.setdefault(channel, [])
        insort(before, reading.level_std)
        usual = before[len(before) // 2]
        finer_by_intent = reading.level_std * FINER_READING < usual
        claimed = reading.level_std if finer_by_intent else max(reading.level_std, usual)
        key = (reading.photo, channel)
        matched = channel is Channel.MATCHED
        found.append(
            Told(
                level=reading.level,
                std=STUDENT_SCALE * _error(channel, claimed, of_photo[channel]),
                power=power,
                softening=soft[channel],
                channel=channel,
                biased=0.0 if matched else 1.0,
                reference=None if matched else shifts.get(key),
                first=key not in met,
            )
        )
        met.add(key)
    return tuple(found)


def _error(channel: Channel, claimed: float, of_photo: float) -> float:
    """Return the standard error of a reading with what its photo adds."""
    if channel is Channel.MATCHED:
        return hypot(claimed, MATCHED_SCATTER_FLOOR)
    return hypot(claimed, of_photo, LEVEL_SCATTER_FLOOR)


def photo_std(channel: Channel, knowledge: Knowledge) -> float:
    """Return the usual bias of a photo, logarithmic, one standard deviation."""
    phone = channel is Channel.COVERAGE
    return knowledge.value("measurands.photo_bias_phone" if phone else "measurands.photo_bias_counts")


def prior_log_weight(draws: Draws, *, triggered: bool, knowledge: Knowledge) -> FloatArray:
    """Return the log weight of each draw before any photo; `triggered` by an event after which hair may be shed."""
    episode = knowledge.value("diffuse.prior_after_trigger" if triggered else "diffuse.prior")
    odd = knowledge.value("measurands.odd_series_share")
    return np.asarray(draws.log_weight + _episode_log_weight(draws, episode) + _odd_log_weight(draws, odd), np.float32)


def _odd_log_weight(draws: Draws, prior: float) -> FloatArray:
    odd, even = np.log(prior / ODD_DRAW_SHARE), np.log((1 - prior) / (1 - ODD_DRAW_SHARE))
    return np.asarray(draws.odd_series * odd + (2.0 - draws.odd_series) * even, np.float32)


def _episode_log_weight(draws: Draws, prior: float) -> FloatArray:
    drawn = draws.episode > 0
    share = float(np.mean(drawn))
    return np.asarray(np.where(drawn, np.log(prior / share), np.log((1 - prior) / (1 - share))), np.float32)
