"""What a cloud of weighed courses says in plain numbers: probabilities of causes and propositions, intervals."""

import math
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from hairtrack.course.clock import RegionClock
from hairtrack.course.curves import Curves, medicine_factor
from hairtrack.course.posterior import Track, Weighed
from hairtrack.course.series import FloatArray, Reading, rows_of
from hairtrack.course.weighing import Baseline
from hairtrack.model import CAUSES_BY_ROLE, Cause, RegionRole
from hairtrack.model.posterior import Estimate, Look, Proposition, Quantity

BoolArray = npt.NDArray[np.bool_]

ODD_PHOTO_SHARE = 0.03
ODD_PHOTO_SPREAD = 4.0
ORDINARY_SPREAD = 1.3
"""A photo is odd when its residual is likelier under a wide normal than under an ordinary one."""

LEAST_OUTLIERS = 2
OUTLIERS_EXPECTED = 0.15
"""Share of photos that may be far off before a series fits no pattern: some 3 in 100 are, and chance adds to them."""

HOLDING_GAIN = 0.02
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


def looks_of(track: Track, weighed: Weighed, readings: Sequence[Reading], *, used_before: int) -> tuple[Look, ...]:
    """Return what the possible courses say at the end of each day on which a region was read.

    Parameters
    ----------
    readings
        The readings of the track, oldest first.
    used_before
        Readings from before the clock started.
    """
    last = len(readings) - 1
    days = [at for at, r in enumerate(readings) if at == last or readings[at + 1].on != r.on]
    said = _all_said(track, weighed, readings, days)
    effective = 1.0 / np.einsum("rd,rd->r", weighed.weight, weighed.weight)
    looks, first = [], 0
    sizes: list[float] = []
    for at, one in zip(days, said, strict=True):
        of_day = [float(m) for m in weighed.misfit[first : at + 1]]
        first = at + 1
        for size in map(abs, of_day):
            insort(sizes, size)
        outliers = max(LEAST_OUTLIERS, ceil(OUTLIERS_EXPECTED * len(sizes)))
        odd = _odd_photo(max(of_day, key=abs)) if used_before + at > 0 else 0.0
        artefact = min(max(float(weighed.biased[at]), odd), 1.0 - one.shedding)
        looks.append(
            Look(
                on=readings[at].on,
                months=track.clock.months(readings[at].on),
                used=used_before + at + 1,
                used_after=at + 1,
                causes=_with_passing_causes(one, artefact),
                probabilities={
                    **one.probabilities,
                    Proposition.DIFFUSE_SHEDDING: one.shedding,
                    Proposition.NEWEST_IS_ARTEFACT: artefact,
                },
                estimates=one.estimates,
                effective_draws=float(effective[at]),
                worst_misfits=(sizes[-1], sizes[-outliers] if len(sizes) >= outliers else 0.0),
                newest_flagged=readings[at].flagged,
            )
        )
    return tuple(looks)


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What the draws say after a day, before the photo itself is doubted."""

    causes: Mapping[Cause, float]
    probabilities: Mapping[Proposition, float]
    estimates: Mapping[Quantity, Estimate]
    shedding: float


def _with_passing_causes(said: _Said, artefact: float) -> dict[Cause, float]:
    share = 1.0 - said.shedding - artefact
    causes = {cause: p * share for cause, p in said.causes.items()}
    causes[Cause.TEMPORARY_DIFFUSE_SHEDDING] += said.shedding
    causes[Cause.ARTEFACT] += artefact
    total = sum(causes.values())
    return {cause: p / total for cause, p in causes.items()}


def _all_said(track: Track, weighed: Weighed, readings: Sequence[Reading], days: Sequence[int]) -> list[_Said]:
    weights = weighed.weight if len(days) == len(readings) else weighed.weight[days]
    sheds = rows_of([track.moments[at].sheds for at in days])
    shedding = np.einsum("rd,rd->r", weights, sheds).tolist()
    if track.clock.role is RegionRole.RECIPIENT:
        return _planted(track, weighed, readings, days, weights=weights, shedding=shedding)
    names = CAUSES_BY_ROLE[track.clock.role]
    odd = track.curves.draws.odd_series > 0
    said = []
    for weight, at, share in zip(weights, days, shedding, strict=True):
        claims = _claims_of(track, readings[at])
        shares = np.bincount(claims.cause, weights=weight, minlength=len(names)).tolist()
        said.append(
            _Said(
                causes=dict(zip(names, shares, strict=True)),
                probabilities={
                    **{name: float(weight @ holds) for name, holds in claims.holds.items()},
                    Proposition.GROWTH_HIDDEN: float(weight @ odd),
                },
                estimates={name: interval90(values, weight) for name, values in claims.quantities.items()},
                shedding=share,
            )
        )
    return said


def _planted(
    track: Track,
    weighed: Weighed,
    readings: Sequence[Reading],
    days: Sequence[int],
    *,
    weights: FloatArray,
    shedding: Sequence[float],
) -> list[_Said]:
    """Return what is said of planted hair on all days at once."""
    curves, baseline, names = track.curves, track.baseline, CAUSES_BY_ROLE[RegionRole.RECIPIENT]
    assert weighed.clock_offset is not None  # noqa: S101 planted hair always has a clock
    months = [track.clock.months(readings[at].on) for at in days]
    late = weighed.clock_offset[days] > curves.late_by
    heredity = rows_of([curves.lost(m) for m in months])
    heredity *= baseline.density
    visible = rows_of([track.moments[at].grown for at in days])
    visible *= baseline.planted * np.float32(NATIVE_LOSS_WORTH_NAMING)
    np.maximum(visible, np.float32(10.0 * NATIVE_LOSS_WORTH_NAMING), out=visible)
    by_heredity = (heredity > visible) & curves.survives
    hit = curves.hit_by_shock
    shock = curves.lost_to_shock[hit] * baseline.density[hit]
    by_shock = curves.survives[hit] & (shock > visible[:, hit]) & (shock > heredity[:, hit])
    by_heredity[:, hit] &= ~by_shock
    delayed = late & curves.survives & ~by_heredity
    delayed[:, hit] &= ~by_shock
    p_shock = np.einsum("rd,rd->r", weights[:, hit], by_shock.astype(np.float32)).tolist()
    p_late, p_heredity, p_delayed = (
        np.einsum("rd,rd->r", weights, holds.astype(np.float32)).tolist() for holds in (late, by_heredity, delayed)
    )
    p_rising = np.einsum("rd,rd->r", weights, rows_of([curves.rising(m) for m in months])).tolist()
    table = weights @ curves.survival_table
    survival = table[:, :4].tolist()
    estimates = _from_bins(table[:, 4:], curves.survival_edges)
    said = []
    for i, (failure, poor, target, hidden) in enumerate(survival):
        causes = dict.fromkeys(names, 0.0)
        causes[Cause.POOR_GROWTH] = poor
        causes[Cause.BELOW_TARGET] = max(target - poor, 0.0)
        causes[Cause.NATIVE_PROGRESSION] = p_heredity[i]
        causes[Cause.SHOCK_LOSS_PERMANENT] = p_shock[i]
        causes[Cause.DELAYED] = p_delayed[i]
        causes[Cause.ON_COURSE] = max(1.0 - target - p_heredity[i] - p_shock[i] - p_delayed[i], 0.0)
        said.append(
            _Said(
                causes=causes,
                probabilities={
                    Proposition.SURVIVAL_BELOW_FAILURE: failure,
                    Proposition.SURVIVAL_BELOW_POOR: poor,
                    Proposition.SURVIVAL_BELOW_TARGET: target,
                    Proposition.GROWTH_HIDDEN: hidden,
                    Proposition.CLOCK_DELAYED: p_late[i],
                    Proposition.STILL_RISING: p_rising[i],
                },
                estimates={Quantity.SURVIVAL: estimates[i]},
                shedding=shedding[i],
            )
        )
    return said


def _claims_of(track: Track, reading: Reading) -> Claims:
    if track.clock.role is RegionRole.DONOR:
        return _donor(track.clock, track.curves, track.baseline, reading)
    if track.clock.role is RegionRole.TREATED:
        return _treated(track.clock, track.curves, reading)
    return _untreated(track.curves)


def prior_causes(clock: RegionClock, curves: Curves) -> Mapping[Cause, float]:
    """Return the causes of a region before anything is seen; hereditary loss by its rate alone."""
    if curves.prior_causes is None:
        curves.prior_causes = _prior_causes(clock, curves)
    return curves.prior_causes


def _prior_causes(clock: RegionClock, curves: Curves) -> Mapping[Cause, float]:
    d = curves.draws
    weights = np.exp(d.log_weight - d.log_weight.max())
    weights /= weights.sum()
    names = CAUSES_BY_ROLE[clock.role]
    if clock.role is RegionRole.RECIPIENT:
        poor, target = (curves.knowledge.value(f"verdict.{name}_survival") for name in ("poor", "target"))
        good = np.where(curves.late_by < 0.0, names.index(Cause.DELAYED), names.index(Cause.ON_COURSE))
        lower = np.where(d.survival < poor, names.index(Cause.POOR_GROWTH), names.index(Cause.BELOW_TARGET))
        cause = np.where(d.survival < target, lower, good)
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


def _donor(clock: RegionClock, curves: Curves, baseline: Baseline, reading: Reading) -> Claims:
    d, knowledge, months = curves.draws, curves.knowledge, max(clock.months(reading.on), 0.0)
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
        quantities={Quantity.RESIDUAL: residual},
    )


def _treated(clock: RegionClock, curves: Curves, reading: Reading) -> Claims:
    d, knowledge, months = curves.draws, curves.knowledge, max(clock.months(reading.on), 0.0)
    names = CAUSES_BY_ROLE[RegionRole.TREATED]
    effect = medicine_factor(d, knowledge, clock.remedies, day=reading.on)
    net = curves.native(months) * effect - 1.0
    real, negligible = knowledge.value("verdict.response_gain"), knowledge.value("verdict.negligible_gain")
    rate = d.medicated_rate if curves.medicated else d.native_rate
    untreated_loss = knowledge.value("native.rate_per_year") * months / 12
    holding = (effect > 1.0 + HOLDING_GAIN) | (untreated_loss > knowledge.value("verdict.expected_untreated_loss"))
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


def _untreated(curves: Curves) -> Claims:
    rate = curves.draws.native_rate
    names = CAUSES_BY_ROLE[RegionRole.UNTREATED]
    falls = rate > curves.knowledge.value("native.stays_below_per_year")
    return Claims(
        cause=np.where(falls, names.index(Cause.NATIVE_PROGRESSION), names.index(Cause.STABLE)),
        holds={Proposition.NATIVE_LOSS_REAL: falls},
        quantities={Quantity.NATIVE_RATE_PER_YEAR: rate},
    )


def _odd_photo(misfit: float) -> float:
    odds = ODD_PHOTO_SHARE / (1 - ODD_PHOTO_SHARE) * ORDINARY_SPREAD / ODD_PHOTO_SPREAD
    likelier = 0.5 * (ORDINARY_SPREAD**-2 - ODD_PHOTO_SPREAD**-2) * misfit**2
    return 1.0 / (1.0 + math.exp(-likelier) / odds)


def _from_bins(shares: FloatArray, edges: FloatArray) -> list[Estimate]:
    """Return the median and central 90 % interval of each row of shares between edges."""
    cumulative = np.cumsum(shares, axis=1, dtype=np.float64)
    cumulative /= cumulative[:, -1:]
    rows, found = np.arange(len(shares)), []
    for level in (0.05, 0.5, 0.95):
        at = np.minimum((cumulative < level).sum(axis=1), shares.shape[1] - 1)
        below = np.where(at > 0, cumulative[rows, at - 1], 0.0)
        within = (level - below) / np.maximum(cumulative[rows, at] - below, 1e-12)
        found.append((edges[at] + within * (edges[at + 1] - edges[at])).tolist())
    return [Estimate(low=low, middle=middle, high=high) for low, middle, high in zip(*found, strict=True)]


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
