"""Weighing of possible courses against what was seen: one log-likelihood a draw after each photo.

Errors are Student t with 4 degrees of freedom, of a size that the readings claim and that each draw may scale; the
likelihood is tempered since errors last from photo to photo. A bias common to a photo is taken from untouched regions;
an odd baseline and odd later photos are draws of their own, so that neither is believed without evidence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from hairtrack.course.clock import RegionClock
from hairtrack.course.curves import Curves, episode_factor, medicine_factor, replace_draws
from hairtrack.course.draws import ODD_DRAW_SHARE, Draws
from hairtrack.course.reference import ReferenceShift
from hairtrack.course.renewal import renewed
from hairtrack.course.series import Channel, FloatArray, Reading, pooled, softening
from hairtrack.knowledge import Knowledge
from hairtrack.model.calendar import months_between

DEGREES_OF_FREEDOM = 4.0
LEAST_BASELINE = 3.0
"""Hairs/cm² below which a ratio to the baseline is not taken literally."""

LEAST_DEPTH = 0.05
LEAST_COUNT = 10.0
"""Below these a ratio of coverage to count says nothing about the optical depth of one hair."""

STUDENT_SCALE = 0.75
"""Scale of the Student t in standard errors: 0.71 would keep the variance that is claimed, 1 its middle."""

FINER_READING = 1.5
"""A reading whose claimed error is smaller than usual by this factor was taken with more care (repeated shots);
smaller differences follow the value read and would favour low readings, so the usual error stands."""

LEVEL_SCATTER_FLOOR = 0.01
"""Least relative error believed for any reading but the same hairs found again: hair and skin are not one number."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What each draw takes for the hair before the clock started, and for the optical depth of one hair."""

    density: FloatArray
    optical_depth: FloatArray
    planted: FloatArray
    seen: bool
    density_per_cm2: float | None


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
    prior = knowledge.fact("density.coverage_per_hair")
    middle, spread = np.log(prior.value), prior.spread or 0.35
    if reference_depth is not None and reference_depth > LEAST_DEPTH:
        natural = knowledge.fact("density.natural_hairs_per_cm2")
        seen_std = float(np.hypot((natural.spread or 30.0) / natural.value, 0.20))
        weight = spread**2 / (spread**2 + seen_std**2)
        middle += weight * (np.log(reference_depth / natural.value) - middle)
        spread *= float(np.sqrt(1 - weight))
    if counts is not None and depths is not None and counts[0] > LEAST_COUNT and depths[0] > LEAST_DEPTH:
        seen_std = float(np.hypot(counts[1] / counts[0], depths[1] / depths[0]) + 0.05)
        weight = spread**2 / (spread**2 + seen_std**2)
        middle += weight * (np.log(depths[0] / counts[0]) - middle)
        spread *= float(np.sqrt(1 - weight))
    optical = np.exp(middle + spread * draws.optical_noise).astype(np.float32)
    if counts is not None:
        density = np.maximum(counts[0] + counts[1] * STUDENT_SCALE * draws.baseline_noise, 0.0)
    elif depths is not None:
        density = np.maximum(depths[0] + depths[1] * STUDENT_SCALE * draws.baseline_noise, 0.0) / optical
    else:
        unseen = knowledge.fact("density.thinning_baseline_per_cm2")
        density = unseen.value * np.exp((unseen.spread or 0.6) * draws.optical_noise * 0.0 + 0.6 * draws.planted_noise)
    if counts is not None or depths is not None:
        density = density * np.exp(-draws.baseline_bias)
    if planted is None:
        units, per_unit = knowledge.fact("transplant.planted_units_per_cm2"), knowledge.fact("density.hairs_per_unit")
        middle_planted = units.value * per_unit.value
        error = float(np.hypot((units.spread or 8.0) / units.value, (per_unit.spread or 0.1) / per_unit.value))
    else:
        middle_planted, error = planted
    planted_density = middle_planted * np.exp(error * draws.planted_noise)
    if not clock.operations or clock.role.value != "recipient":
        planted_density = np.zeros_like(planted_density)
    return Baseline(
        density=density.astype(np.float32),
        optical_depth=optical,
        planted=planted_density.astype(np.float32),
        seen=counts is not None or depths is not None,
        density_per_cm2=None if counts is None else counts[0],
    )


def region_levels(
    clock: RegionClock, curves: Curves, baseline: Baseline, reading: Reading, *, knowledge: Knowledge
) -> tuple[FloatArray, FloatArray]:
    """Return hairs/cm² that each draw predicts for a reading, and the factor that diffuse shedding leaves."""
    months = clock.months(reading.on)
    seen = reading.channel in {Channel.COVERAGE, Channel.RELATIVE}
    native = curves.native(max(months, 0.0))
    if clock.remedies:
        native = native * medicine_factor(curves.draws, knowledge, clock.remedies, day=reading.on)
    trigger = _trigger_month(clock, reading)
    left = episode_factor(curves.draws, knowledge, months=months, trigger_month=trigger)
    level = baseline.density * native
    if reading.channel is Channel.TERMINAL:
        level = level * curves.draws.thick_share
    if clock.role.value == "recipient":
        level = level + baseline.planted * curves.grown(months, seen=seen)
        for earlier in clock.operations[:-1]:
            if earlier.first_day is not None and clock.start is not None:
                offset = months_between(earlier.first_day, clock.start)
                still_to_come = curves.grown(months + offset, seen=seen) - curves.grown(offset, seen=seen)
                level = level + baseline.planted * np.maximum(still_to_come, 0.0)
    return level * left, left


def _trigger_month(clock: RegionClock, reading: Reading) -> float | None:
    known = [clock.months(day) for day in clock.triggers if day <= reading.on]
    return known[-1] if known else None


@dataclass(slots=True, eq=False)
class Cloud:
    """Possible courses of one region with their weights, as they stand after the readings taken in so far.

    Taking in a reading needs no later one. When few courses carry the weight, they are drawn anew around those that do
    (`renew`), so that precise series are followed as finely as coarse ones.
    """

    clock: RegionClock
    curves: Curves
    baseline_for: Callable[[Draws], Baseline]
    knowledge: Knowledge
    generator: np.random.Generator
    shifts: Mapping[tuple[str, Channel], ReferenceShift]
    least_effective_share: float = 0.08
    baseline: Baseline = field(init=False)
    log_weight: FloatArray = field(init=False)
    misfits: list[float] = field(default_factory=list)
    left: FloatArray = field(init=False)
    bias: FloatArray = field(init=False)
    _errors: dict[Channel, list[float]] = field(default_factory=dict)
    _met: set[tuple[str, Channel]] = field(default_factory=set)
    _power: np.float32 = field(default=np.float32(1.0))
    _last_on: dict[Channel, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        draws = self.curves.draws
        self.baseline = self.baseline_for(draws)
        prior = self.knowledge.value("diffuse.prior_after_trigger" if self.clock.triggers else "diffuse.prior")
        odd = self.knowledge.value(
            "measurands.odd_series_share" if self.shifts else "measurands.odd_series_share_unchecked"
        )
        self.log_weight = draws.log_weight + _episode_log_weight(draws, prior) + _odd_log_weight(draws, odd)

    @property
    def weights(self) -> FloatArray:
        """Weights of the courses; they sum to 1."""
        weights = np.exp(self.log_weight - self.log_weight.max())
        return np.asarray(weights / weights.sum(), np.float32)

    def take(self, reading: Reading) -> None:
        """Weigh every course against one more reading."""
        if self.effective_draws() < self.least_effective_share * len(self.curves.draws):
            self.renew()
        draws, knowledge = self.curves.draws, self.knowledge
        self._power = self._independent_share(reading)
        level, self.left = region_levels(self.clock, self.curves, self.baseline, reading, knowledge=knowledge)
        expected = _seen_level(level, self.baseline, reading, knowledge)
        errors = self._errors.setdefault(reading.channel, [])
        errors.append(reading.level_std)
        usual = sorted(errors)[len(errors) // 2]
        finer_by_intent = reading.level_std * FINER_READING < usual
        claimed = reading.level_std if finer_by_intent else max(reading.level_std, usual)
        std, self.bias = self._bias(reading, claimed)
        residual = (np.float32(reading.level) - expected - self.bias) / (
            np.float32(STUDENT_SCALE * std) * draws.error_scale
        )
        self.log_weight = self.log_weight + self._power * (_log_student(residual) - np.log(draws.error_scale))
        self.misfits.append(float(self.weights @ residual))

    def _independent_share(self, reading: Reading) -> np.float32:
        """Return how much of a reading is news: errors of neighbouring photos are alike, distant ones are not."""
        last = self._last_on.get(reading.channel)
        self._last_on[reading.channel] = reading.on
        if last is None:
            return np.float32(1.0)
        alike = self.knowledge.value("measurands.error_autocorrelation")
        repeated = 1.0 - self.knowledge.value("measurands.likelihood_power")
        gap = max(months_between(last, reading.on) - 1.0, 0.0)
        return np.float32(1.0 - repeated * alike**gap)

    def effective_draws(self) -> float:
        """Return the effective sample size of the weights."""
        weights = self.weights
        return float(1.0 / (weights @ weights))

    def renew(self) -> None:
        """Draw the courses anew around those that carry the weight, keeping half of the unevenness for the rare."""
        draws, log_weight = renewed(self.curves.draws, self.log_weight, self.generator)
        self.curves = replace_draws(self.curves, draws)
        self.baseline = self.baseline_for(draws)
        self.log_weight = log_weight

    def _bias(self, reading: Reading, claimed: float) -> tuple[float, FloatArray]:
        draws, knowledge = self.curves.draws, self.knowledge
        phone = "measurands.photo_bias_phone"
        if reading.channel is Channel.MATCHED:
            return float(np.hypot(claimed, 0.005)), np.zeros(len(draws), np.float32)
        key = (reading.photo, reading.channel)
        shift = self.shifts.get(key)
        if shift is None:
            photo_std = knowledge.value(
                phone if reading.channel is Channel.COVERAGE else "measurands.photo_bias_counts"
            )
            return float(np.sqrt(claimed**2 + photo_std**2 + LEVEL_SCATTER_FLOOR**2)), draws.series_bias
        spread = max(knowledge.spread(phone), abs(shift.shift))
        share = np.float32(spread**2 / (spread**2 + shift.std**2))
        start_bias = draws.baseline_bias if shift.from_baseline else draws.series_bias
        told = np.float32(shift.shift) + start_bias - np.log(self.left)
        if key not in self._met:
            self._met.add(key)
            off = (told - draws.series_bias) / np.float32(np.hypot(shift.std, knowledge.spread(phone)))
            self.log_weight = self.log_weight + self._power * _log_student(off)
        bias = share * told + (np.float32(1.0) - share) * draws.series_bias
        unexplained = float(1 - share) * spread**2 / 4
        return float(np.sqrt(claimed**2 + unexplained + LEVEL_SCATTER_FLOOR**2)), bias


def _seen_level(level: FloatArray, baseline: Baseline, reading: Reading, knowledge: Knowledge) -> FloatArray:
    soft = np.float32(softening(reading.channel, knowledge))
    seen = level
    if reading.channel is Channel.COVERAGE:
        seen = level * baseline.optical_depth
    elif reading.channel in {Channel.RELATIVE, Channel.MATCHED}:
        seen = np.asarray(level / np.maximum(baseline.density, np.float32(LEAST_BASELINE)), np.float32)
    return np.asarray(np.arcsinh(seen / soft), np.float32)


def _log_student(residual: FloatArray) -> FloatArray:
    power = np.float32(-0.5 * (DEGREES_OF_FREEDOM + 1))
    return np.asarray(power * np.log1p(residual * residual / np.float32(DEGREES_OF_FREEDOM)), np.float32)


def _odd_log_weight(draws: Draws, prior: float) -> FloatArray:
    odd, even = np.log(prior / ODD_DRAW_SHARE), np.log((1 - prior) / (1 - ODD_DRAW_SHARE))
    return np.asarray(draws.odd_series * odd + (2.0 - draws.odd_series) * even, np.float32)


def _episode_log_weight(draws: Draws, prior: float) -> FloatArray:
    drawn = draws.episode > 0
    share = float(np.mean(drawn))
    return np.asarray(np.where(drawn, np.log(prior / share), np.log((1 - prior) / (1 - share))), np.float32)
