"""What a cloud of weighed courses says in plain numbers: probabilities of causes and propositions, intervals."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hairtrack.course.clock import RegionClock
from hairtrack.course.curves import Curves, medicine_factor
from hairtrack.course.series import FloatArray, Reading
from hairtrack.course.weighing import Baseline, Cloud
from hairtrack.knowledge import Knowledge
from hairtrack.model import CAUSES_BY_ROLE, Cause, RegionRole
from hairtrack.model.posterior import Estimate, Look, Proposition, Quantity

BoolArray = npt.NDArray[np.bool_]

ODD_PHOTO_SHARE = 0.03
ODD_PHOTO_SPREAD = 4.0
ORDINARY_SPREAD = 1.3
"""A photo is odd when its residual is likelier under a wide normal than under an ordinary one."""

BIAS_WORTH_NAMING = 0.18
"""Whole-photo bias, logarithmic, from which the photo rather than the hair is held to have changed."""

LATE_FACTOR = 1.2
"""Median month of growth over the usual one from which growth is called delayed: half-way to the delayed group."""

RISE_WORTH_NAMING = 0.02
RISE_MONTHS = 3.0
NATIVE_LOSS_WORTH_NAMING = 0.25
EFFLUVIUM_WORTH_NAMING = 0.08
DONOR_THINNING_WORTH_NAMING = 0.15
GAIN_WORTH_NAMING = 0.05
HISTOGRAM_BINS = 400


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """For each draw: its cause as an index into the causes of the role, the propositions that hold, quantities."""

    cause: npt.NDArray[np.intp]
    holds: Mapping[Proposition, BoolArray]
    quantities: Mapping[Quantity, FloatArray]


def claims_of(
    clock: RegionClock, curves: Curves, baseline: Baseline, reading: Reading, *, knowledge: Knowledge
) -> Claims:
    """Return what each draw claims about a region on the day of a reading."""
    if clock.role is RegionRole.RECIPIENT:
        return _recipient(clock, curves, baseline, reading, knowledge)
    if clock.role is RegionRole.DONOR:
        return _donor(clock, curves, baseline, reading, knowledge)
    if clock.role is RegionRole.TREATED:
        return _treated(clock, curves, reading, knowledge)
    return _untreated(curves, knowledge)


def look_at(cloud: Cloud, newest: Reading, *, used: int, used_after: int, of_day: int = 1) -> Look:
    """Return what a cloud of courses says after the newest reading that it took in."""
    clock, knowledge = cloud.clock, cloud.knowledge
    weights = cloud.weights
    claims = claims_of(clock, cloud.curves, cloud.baseline, newest, knowledge=knowledge)
    role_causes = CAUSES_BY_ROLE[clock.role]
    shares = np.bincount(claims.cause, weights=weights, minlength=len(role_causes))
    shedding = float(weights @ (1.0 - cloud.left > knowledge.value("diffuse.real_depth")))
    biased = float(weights @ (np.abs(cloud.bias) > BIAS_WORTH_NAMING))
    odd = _odd_photo(max(cloud.misfits[-of_day:], key=abs)) if used > 1 else 0.0
    artefact = min(max(biased, odd), 1.0 - shedding)
    causes = {
        cause: float(share) * (1.0 - shedding - artefact) for cause, share in zip(role_causes, shares, strict=True)
    }
    causes[Cause.TEMPORARY_DIFFUSE_SHEDDING] += shedding
    causes[Cause.ARTEFACT] += artefact
    total = sum(causes.values())
    probabilities = {name: float(weights @ holds) for name, holds in claims.holds.items()}
    probabilities[Proposition.DIFFUSE_SHEDDING] = shedding
    probabilities[Proposition.NEWEST_IS_ARTEFACT] = artefact
    misfits = sorted((abs(m) for m in cloud.misfits), reverse=True)
    return Look(
        on=newest.on,
        months=clock.months(newest.on),
        used=used,
        used_after=used_after,
        causes={cause: share / total for cause, share in causes.items()},
        probabilities=probabilities,
        estimates={name: interval90(values, weights) for name, values in claims.quantities.items()},
        effective_draws=float(1.0 / (weights @ weights)),
        worst_misfits=(misfits[0], misfits[1] if len(misfits) > 1 else 0.0),
        newest_flagged=newest.flagged,
    )


def prior_causes(clock: RegionClock, curves: Curves) -> dict[Cause, float]:
    """Return the causes of a region before anything is seen; hereditary loss by its rate alone."""
    d = curves.draws
    weights = np.exp(d.log_weight - d.log_weight.max())
    weights /= weights.sum()
    names = CAUSES_BY_ROLE[clock.role]
    if clock.role is RegionRole.RECIPIENT:
        cause = _survival_causes(d.survival, is_late(curves), names, poor=0.60, target=0.75)
    elif clock.role is RegionRole.DONOR:
        cause = np.where(
            d.over_extracted > 0,
            names.index(Cause.DONOR_OVER_EXTRACTION),
            np.where(d.effluvium > 0, names.index(Cause.DONOR_EFFLUVIUM), names.index(Cause.DONOR_AS_PLANNED)),
        )
    elif clock.role is RegionRole.TREATED:
        gain = d.gains.sum(axis=0)
        cause = np.where(
            gain > GAIN_WORTH_NAMING,
            names.index(Cause.RESPONSE),
            np.where(gain == 0, names.index(Cause.NO_MEASURABLE_RESPONSE), names.index(Cause.STABLE)),
        )
    else:
        cause = np.where(
            d.native_rate > curves.knowledge.value("native.stays_below_per_year"),
            names.index(Cause.NATIVE_PROGRESSION),
            names.index(Cause.STABLE),
        )
    shares = np.bincount(cause, weights=weights, minlength=len(names))
    return {name: float(share) for name, share in zip(names, shares / shares.sum(), strict=True)}


def _recipient(
    clock: RegionClock, curves: Curves, baseline: Baseline, reading: Reading, knowledge: Knowledge
) -> Claims:
    d, months = curves.draws, clock.months(reading.on)
    poor, target = knowledge.value("verdict.poor_survival"), knowledge.value("verdict.target_survival")
    names = CAUSES_BY_ROLE[RegionRole.RECIPIENT]
    late = is_late(curves)
    cause = _survival_causes(d.survival, late, names, poor=poor, target=target)
    grown = baseline.planted * curves.grown(months)
    lost_for_good = baseline.density * d.shock * d.shock_permanent
    rate = d.medicated_rate if curves.medicated else d.native_rate
    lost_to_heredity = baseline.density * (1.0 - np.exp(-rate * np.float32(max(months, 0.0) / 12.0)))
    healthy = d.survival >= target
    visible = NATIVE_LOSS_WORTH_NAMING * np.maximum(grown, 10.0)
    cause = np.where(healthy & (lost_to_heredity > visible), names.index(Cause.NATIVE_PROGRESSION), cause)
    cause = np.where(
        healthy & (lost_for_good > visible) & (lost_for_good > lost_to_heredity),
        names.index(Cause.SHOCK_LOSS_PERMANENT),
        cause,
    )
    rise = curves.regrown(months) - curves.regrown(max(months - RISE_MONTHS, 0.0))
    return Claims(
        cause=cause,
        holds={
            Proposition.SURVIVAL_BELOW_FAILURE: d.survival < knowledge.value("verdict.failure_survival"),
            Proposition.SURVIVAL_BELOW_POOR: d.survival < poor,
            Proposition.SURVIVAL_BELOW_TARGET: d.survival < target,
            Proposition.CLOCK_DELAYED: late,
            Proposition.STILL_RISING: rise > RISE_WORTH_NAMING,
            Proposition.NATIVE_LOSS_REAL: lost_to_heredity > visible,
        },
        quantities={Quantity.SURVIVAL: d.survival, Quantity.NATIVE_RATE_PER_YEAR: rate},
    )


def is_late(curves: Curves) -> BoolArray:
    """Return which draws grow on a clock clearly later than usual for the place."""
    place = "crown" if curves.crown else "front"
    usual = curves.knowledge.value(f"transplant.{place}_median_months")
    late: BoolArray = curves.median_months > LATE_FACTOR * usual
    return late


def _survival_causes(
    survival: FloatArray, delayed: BoolArray, names: tuple[Cause, ...], *, poor: float, target: float
) -> npt.NDArray[np.intp]:
    good = np.where(delayed, names.index(Cause.DELAYED), names.index(Cause.ON_COURSE))
    return np.where(
        survival < poor,
        names.index(Cause.POOR_GROWTH),
        np.where(survival < target, names.index(Cause.BELOW_TARGET), good),
    )


def _donor(clock: RegionClock, curves: Curves, baseline: Baseline, reading: Reading, knowledge: Knowledge) -> Claims:
    d, months = curves.draws, max(clock.months(reading.on), 0.0)
    names = CAUSES_BY_ROLE[RegionRole.DONOR]
    residual = 1.0 - d.extracted
    below_share = residual < knowledge.value("donor.residual_share")
    below_density = (baseline.density * residual < knowledge.value("donor.residual_floor_per_cm2")) & (
        d.extracted > knowledge.value("donor.residual_floor_drop")
    )
    present = curves.native(months) < np.exp(-d.native_rate * np.float32(months / 12)) * residual * np.float32(
        1 - EFFLUVIUM_WORTH_NAMING
    )
    heredity = 1.0 - np.exp(-d.native_rate * np.float32(months / 12))
    cause = np.full(len(d), names.index(Cause.DONOR_AS_PLANNED))
    cause = np.where(heredity > DONOR_THINNING_WORTH_NAMING, names.index(Cause.NATIVE_PROGRESSION), cause)
    cause = np.where(d.effluvium > EFFLUVIUM_WORTH_NAMING, names.index(Cause.DONOR_EFFLUVIUM), cause)
    cause = np.where(below_share | below_density, names.index(Cause.DONOR_OVER_EXTRACTION), cause)
    return Claims(
        cause=cause,
        holds={
            Proposition.RESIDUAL_BELOW_SHARE: below_share,
            Proposition.RESIDUAL_BELOW_DENSITY: below_density,
            Proposition.EFFLUVIUM_PRESENT: present & (d.effluvium > EFFLUVIUM_WORTH_NAMING),
            Proposition.NATIVE_LOSS_REAL: heredity > NATIVE_LOSS_WORTH_NAMING,
        },
        quantities={Quantity.RESIDUAL: residual, Quantity.NATIVE_RATE_PER_YEAR: d.native_rate},
    )


def _treated(clock: RegionClock, curves: Curves, reading: Reading, knowledge: Knowledge) -> Claims:
    d, months = curves.draws, max(clock.months(reading.on), 0.0)
    names = CAUSES_BY_ROLE[RegionRole.TREATED]
    effect = medicine_factor(d, knowledge, clock.remedies, day=reading.on)
    net = curves.native(months) * effect - 1.0
    real, negligible = knowledge.value("verdict.response_gain"), knowledge.value("verdict.negligible_gain")
    rate = d.medicated_rate if curves.medicated else d.native_rate
    untreated_loss = knowledge.value("native.rate_per_year") * months / 12
    holding = (effect > 1.0 + RISE_WORTH_NAMING) | (untreated_loss > knowledge.value("verdict.expected_untreated_loss"))
    cause = np.where(holding, names.index(Cause.STABLE), names.index(Cause.NO_MEASURABLE_RESPONSE))
    cause = np.where(net > real, names.index(Cause.RESPONSE), cause)
    cause = np.where(net < -real, names.index(Cause.NATIVE_PROGRESSION), cause)
    return Claims(
        cause=cause,
        holds={
            Proposition.GAIN_REAL: net > real,
            Proposition.GAIN_NEGLIGIBLE: net < negligible,
            Proposition.NATIVE_LOSS_REAL: net < -real,
        },
        quantities={Quantity.GAIN: net.astype(np.float32), Quantity.NATIVE_RATE_PER_YEAR: rate},
    )


def _untreated(curves: Curves, knowledge: Knowledge) -> Claims:
    rate = curves.draws.native_rate
    names = CAUSES_BY_ROLE[RegionRole.UNTREATED]
    falls = rate > knowledge.value("native.stays_below_per_year")
    return Claims(
        cause=np.where(falls, names.index(Cause.NATIVE_PROGRESSION), names.index(Cause.STABLE)),
        holds={Proposition.NATIVE_LOSS_REAL: falls},
        quantities={Quantity.NATIVE_RATE_PER_YEAR: rate},
    )


def _odd_photo(misfit: float) -> float:
    ordinary = (1 - ODD_PHOTO_SHARE) / ORDINARY_SPREAD * np.exp(-0.5 * (misfit / ORDINARY_SPREAD) ** 2)
    odd = ODD_PHOTO_SHARE / ODD_PHOTO_SPREAD * np.exp(-0.5 * (misfit / ODD_PHOTO_SPREAD) ** 2)
    return float(odd / (odd + ordinary))


def interval90(values: FloatArray, weights: FloatArray) -> Estimate:
    """Return the weighted median and central 90 % interval, read from a fine histogram."""
    lowest, highest = float(values.min()), float(values.max())
    if highest - lowest < 1e-9:  # noqa: PLR2004 all draws say the same
        return Estimate(low=lowest, middle=lowest, high=highest)
    width = (highest - lowest) / HISTOGRAM_BINS
    bins = np.minimum(((values - lowest) / width).astype(np.intp), HISTOGRAM_BINS - 1)
    cumulative = np.concatenate([[0.0], np.cumsum(np.bincount(bins, weights=weights, minlength=HISTOGRAM_BINS))])
    edges = lowest + width * np.arange(HISTOGRAM_BINS + 1)
    low, middle, high = np.interp((0.05, 0.5, 0.95), cumulative / cumulative[-1], edges)
    return Estimate(low=float(low), middle=float(middle), high=float(high))
