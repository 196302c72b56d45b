"""The shape of every possible course at a time: native hair that is left, planted hair that grows.

Level of a region = baseline * native(t) + planted * grown(t). `native` holds hereditary loss, shock loss, extraction,
gain by medicines and diffuse shedding; `grown` the planted hair before shedding and after regrowth.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from hairtrack.course.clock import RegionClock, takes
from hairtrack.course.draws import BLOB_SHARE, CENTRE_SHARE, Draws
from hairtrack.course.series import FloatArray
from hairtrack.knowledge import Knowledge
from hairtrack.model import Cause, RegionRole, Treatment, TreatmentKind
from hairtrack.model.calendar import months_between

SHED_SHARPNESS_MONTHS = 0.12
"""Width of the logistic drop when planted hair sheds: about a week."""

HALF_TIME_SPREAD = 0.7
"""Spread of the logarithm of the time in which half of a gain is reached, between patients."""

LATE_FACTOR = 1.2
"""Median month of growth over the usual one from which growth is called delayed: half-way to the delayed group."""

RISE_WORTH_NAMING = 0.02
RISE_MONTHS = 3.0
SURVIVAL_BINS = 60

RAMP_ENDS_MONTH = 18.0
"""Month by which a bias that grows with time has its full size."""

RAMP_MONTHS = 0.5
"""Width with which shed native or donor hair returns."""

TIME_STEP_MONTHS = 0.05
"""Times are rounded to a day and a half, so that patients share what was computed."""

MOST_MOMENTS = 64
"""Moments kept at once; patients photographed on the same month after the operation share them."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What every possible course shows at one time, before the amounts of a patient are known.

    Arrays of one value a draw, diffuse shedding included: `native` is what is left of the baseline, `grown` of the
    planted hair, `slope` how `grown` changes with the logarithm of the clock; `doubt` is the variance of `grown` from
    what a draw leaves open of when hair sheds and how much of it never does; `left` is what shedding leaves and
    `sheds` is 1 where it takes enough to be named. `drift` is how much of the bias of its series a photo has by then.
    """

    native: FloatArray
    grown: FloatArray
    slope: FloatArray
    doubt: FloatArray
    left: FloatArray
    log_left: FloatArray
    sheds: FloatArray
    drift: FloatArray


@dataclass(slots=True, eq=False)
class Curves:
    """Courses of one region's kind, computed on demand and kept for the next patient of the same kind."""

    draws: Draws
    knowledge: Knowledge
    role: RegionRole
    crown: bool
    minoxidil: bool
    prp: bool
    mesotherapy: bool
    medicated: bool
    _grown: dict[tuple[int, bool], tuple[FloatArray, FloatArray, FloatArray]] = field(default_factory=dict)
    _native: dict[int, FloatArray] = field(default_factory=dict)
    _moments: dict[tuple[int, bool], Moment] = field(default_factory=dict)
    _rising: dict[int, FloatArray] = field(default_factory=dict)
    _lost: dict[int, FloatArray] = field(default_factory=dict)
    _median: FloatArray | None = None
    prior_causes: Mapping[Cause, float] | None = None
    late_by: FloatArray = field(init=False)
    lost_to_shock: FloatArray = field(init=False)
    hit_by_shock: npt.NDArray[np.intp] = field(init=False)
    survives: npt.NDArray[np.bool_] = field(init=False)
    survival_edges: FloatArray = field(init=False)
    survival_table: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Lay out what is asked of every patient: who is late, who survives, survival in bins of equal draws.

        `late_by` is how far a clock must move (logarithmic) to be called late. `survival_table` has a column each for
        survival below failure, poor growth and target and for growth hidden by an odd series, then one for each bin
        between `survival_edges`.
        """
        d, value = self.draws, self.knowledge.value
        place = "crown" if self.crown else "front"
        usual = value(f"transplant.{place}_median_months")
        self.late_by = np.log(LATE_FACTOR * usual / self.median_months)
        self.lost_to_shock = d.shock * d.shock_permanent
        self.hit_by_shock = np.flatnonzero(self.lost_to_shock > 0)
        self.survives = d.survival >= value("verdict.target_survival")
        ranked = np.sort(d.survival)
        self.survival_edges = ranked[np.linspace(0, len(ranked) - 1, SURVIVAL_BINS + 1).astype(int)]
        bins = np.clip(np.searchsorted(self.survival_edges, d.survival, side="right") - 1, 0, SURVIVAL_BINS - 1)
        limits = ("verdict.failure_survival", "verdict.poor_survival", "verdict.target_survival")
        below = [d.survival < value(limit) for limit in limits]
        hidden = (d.odd_series > 0) & ~below[1]
        self.survival_table = np.stack([*below, hidden, *(bins == i for i in range(SURVIVAL_BINS))], axis=1).astype(
            np.float32
        )

    def drift(self, months: float) -> FloatArray:
        """Return how much of the bias of its series a photo has at a time: all, all after a step, or growing."""
        grows = self.draws.ramps > 0
        after = (months > self.draws.step_month).astype(np.float32)
        return np.where(grows, np.float32(np.clip(months / RAMP_ENDS_MONTH, 0.0, 1.0)), after)

    def rising(self, months: float) -> FloatArray:
        """Return 1 where planted hair has visibly grown within the last three months, else 0."""
        key = round(months / TIME_STEP_MONTHS)
        found = self._rising.get(key)
        if found is None:
            _make_room(self._rising)
            at = key * TIME_STEP_MONTHS
            rise = self.regrown(at) - self.regrown(max(at - RISE_MONTHS, 0.0))
            found = self._rising[key] = (rise > RISE_WORTH_NAMING).astype(np.float32)
        return found

    def lost(self, months: float) -> FloatArray:
        """Return the share of baseline hair that heredity has taken."""
        key = round(months / TIME_STEP_MONTHS)
        found = self._lost.get(key)
        if found is None:
            _make_room(self._lost)
            rate = self.draws.medicated_rate if self.medicated else self.draws.native_rate
            years = np.float32(max(key * TIME_STEP_MONTHS, 0.0) / 12.0)
            found = self._lost[key] = np.asarray(1.0 - np.exp(-rate * years), np.float32)
        return found

    def grown(self, months: float, *, seen: bool = False) -> FloatArray:
        """Return the share of planted hair that shows at a time; `seen` is for photos, where fine hair hides less."""
        return self._grown_with_slope(months, seen=seen)[0]

    def native(self, months: float) -> FloatArray:
        """Return the share of baseline hair that is left at a time, before medicines and diffuse shedding."""
        key = round(months / TIME_STEP_MONTHS)
        found = self._native.get(key)
        if found is None:
            _make_room(self._native)
            found = self._native[key] = self._native_at(key * TIME_STEP_MONTHS)
        return found

    def moment(self, months: float, *, seen: bool, trigger_month: float | None = None) -> Moment:
        """Return what every course shows at a time; kept for the next patient unless a trigger was recorded."""
        key = (round(months / TIME_STEP_MONTHS), seen)
        found = self._moments.get(key) if trigger_month is None else None
        if found is None:
            left = episode_factor(
                self.draws, self.knowledge, months=key[0] * TIME_STEP_MONTHS, trigger_month=trigger_month
            )
            grown, slope, doubt = self._grown_with_slope(months, seen=seen)
            found = Moment(
                native=self.native(max(months, 0.0)) * left,
                grown=grown * left,
                slope=slope * left,
                doubt=doubt * left * left,
                left=left,
                log_left=np.log(left),
                drift=self.drift(key[0] * TIME_STEP_MONTHS),
                sheds=(1.0 - left > self.knowledge.value("diffuse.real_depth")).astype(np.float32),
            )
            if trigger_month is None:
                _make_room(self._moments)
                self._moments[key] = found
        return found

    def _grown_with_slope(self, months: float, *, seen: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        key = (round(months / TIME_STEP_MONTHS), seen)
        found = self._grown.get(key)
        if found is None:
            _make_room(self._grown)
            found = self._grown[key] = self._grown_at(key[0] * TIME_STEP_MONTHS, seen=seen)
        return found

    @property
    def median_spread(self) -> float:
        """Spread of the clock between patients, logarithmic."""
        return self.knowledge.fact(f"transplant.{'crown' if self.crown else 'front'}_median_months").spread or 0.0

    @property
    def median_months(self) -> FloatArray:
        """Time at which half of the planted hair that will grow has grown."""
        if self._median is None:
            d, knowledge = self.draws, self.knowledge
            place = "crown" if self.crown else "front"
            fact = knowledge.fact(f"transplant.{place}_median_months")
            median = fact.value * np.exp(CENTRE_SHARE * (fact.spread or 0.0) * d.median_noise) * d.median_factor
            if self.prp:
                median = median * d.clock_prp
            if self.mesotherapy:
                median = median * d.clock_mesotherapy
            self._median = median.astype(np.float32)
        return self._median

    def regrown(self, months: float) -> FloatArray:
        """Return the share of the final result that has grown at a time: log-logistic."""
        if months <= 0:
            return np.zeros(len(self.draws), np.float32)
        ratio = np.float32(months) / self.median_months
        return np.asarray(1.0 / (1.0 + ratio ** (-self.draws.steepness)), np.float32)

    def _grown_at(self, months: float, *, seen: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the share of planted hair that shows, how it changes with the clock, and its doubt; see `Moment`."""
        d, knowledge = self.draws, self.knowledge
        if months <= 0:
            nothing = np.zeros(len(d), np.float32)
            return nothing, nothing, nothing
        kept_fact = knowledge.fact(f"transplant.kept_share{'_minoxidil' if self.minoxidil else ''}")
        kept = kept_fact.value + CENTRE_SHARE * ((d.kept_minoxidil if self.minoxidil else d.kept) - kept_fact.value)
        shed_month, shed_std = self._shed_month()
        still_there = 1.0 / (1.0 + np.exp(np.clip((months - shed_month) / SHED_SHARPNESS_MONTHS, -40, 40)))
        regrown = self.regrown(months)
        if seen:
            delayed = np.maximum(months - d.lag, 0.01) / self.median_months
            regrown = 1.0 / (1.0 + delayed ** (-d.steepness))
        decline = np.exp(-d.late_decline * max(months - 12.0, 0.0) / 12.0)
        growing = d.survival * (kept * (1.0 - regrown) + regrown) * decline
        falls = -d.steepness * regrown * (1.0 - regrown)
        grows = growing >= still_there
        slope = np.where(grows, d.survival * (1.0 - kept) * falls * decline, 0.0)
        by_kept = BLOB_SHARE * (kept_fact.spread or 0.0) * d.survival * (1.0 - regrown)
        by_shedding = still_there * (1.0 - still_there) * shed_std / SHED_SHARPNESS_MONTHS
        doubt = np.square(np.where(grows, by_kept, by_shedding))
        return (
            np.maximum(still_there, growing).astype(np.float32),
            slope.astype(np.float32),
            doubt.astype(np.float32),
        )

    def _shed_month(self) -> tuple[np.ndarray, np.ndarray]:
        """Return when planted hair sheds, and the standard deviation that each draw leaves open, in months."""
        fact = self.knowledge.fact("transplant.shedding_month")
        spread = fact.spread or 0.0
        noise = self.draws.shed_noise
        month = fact.value * np.exp(CENTRE_SHARE * spread * noise)
        std = BLOB_SHARE * spread * month
        if self.minoxidil:
            last = self.knowledge.value("transplant.shedding_month_minoxidil")
            month = month + (last - month) * (0.5 + 0.5 * np.tanh(noise))
        return month, std

    def _native_at(self, months: float) -> FloatArray:
        d = self.draws
        rate = d.medicated_rate if self.medicated else d.native_rate
        left = np.exp(-rate * months / 12.0)
        if self.role is RegionRole.RECIPIENT and months > 0:
            fall = 0.5 + 0.5 * math.tanh((months - 0.6) / 0.15)
            back = 0.5 + 0.5 * np.tanh((months - d.shock_recovery) / RAMP_MONTHS)
            left = left * (1.0 - d.shock * fall * (1.0 - (1.0 - d.shock_permanent) * back))
        if self.role is RegionRole.DONOR and months > 0:
            starts = self.knowledge.value("donor.effluvium_starts_month")
            fall = 0.5 + 0.5 * math.tanh((months - starts) / 0.15)
            back = 0.5 + 0.5 * np.tanh((months - d.effluvium_recovery) / (2 * RAMP_MONTHS))
            left = left * (1.0 - d.extracted) * (1.0 - d.effluvium * fall * (1.0 - back))
        return np.asarray(left, np.float32)


def episode_factor(draws: Draws, knowledge: Knowledge, *, months: float, trigger_month: float | None) -> FloatArray:
    """Return what an episode of diffuse shedding leaves at a time; `trigger_month` is when a trigger was recorded."""
    middle = draws.episode_month if trigger_month is None else trigger_month + draws.episode_delay
    width = knowledge.value("diffuse.width_months")
    return np.asarray(1.0 - draws.episode * np.exp(-0.5 * ((months - middle) / width) ** 2), np.float32)


def medicine_factor(draws: Draws, knowledge: Knowledge, remedies: tuple[Treatment, ...], *, day: date) -> FloatArray:
    """Return the factor that remedies put on native hair on a day: gain, start shedding, waning after the end."""
    factor = np.ones(len(draws), np.float32)
    for gains, remedy in zip(draws.gains, remedies, strict=True):
        start = remedy.first_day
        if start is None or day < start:
            continue
        name = remedy.kind.value
        months = months_between(start, day)
        half_time = knowledge.value(f"{name}.half_time_months") * np.exp(HALF_TIME_SPREAD * draws.shed_noise)
        reached = 1.0 - 2.0 ** (-months / half_time)
        last_day = _last_effective_day(remedy, knowledge)
        if last_day is not None and day > last_day:
            wanes = knowledge.value(f"{name}.wanes_within_months")
            reached = (1.0 - 2.0 ** (-months_between(start, last_day) / half_time)) * 0.1 ** (
                months_between(last_day, day) / wanes
            )
        factor *= 1.0 + gains * reached.astype(np.float32)
        if remedy.kind is TreatmentKind.MINOXIDIL:
            starts = knowledge.value("minoxidil.shedding_starts_month")
            ends = knowledge.fact("minoxidil.shedding_ends_month")
            latest = (ends.high or ends.value) - ends.value
            ended = ends.value + latest * draws.lag / max(float(draws.lag.max()), 1e-6)
            dip = np.exp(-0.5 * ((months - 0.5 * (starts + ended)) / (0.5 * (ended - starts))) ** 2)
            factor *= 1.0 - draws.start_shedding * dip.astype(np.float32)
    return factor


def _last_effective_day(remedy: Treatment, knowledge: Knowledge) -> date | None:
    if remedy.kind.is_medicine:
        return remedy.stopped_on
    upkeep_days = knowledge.value(f"{remedy.kind.value}.upkeep_days")
    return date.fromordinal(max(remedy.sessions).toordinal() + round(upkeep_days))


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_MOMENTS:
        kept.clear()


MOST_KINDS = 96
"""Kinds of region whose courses are kept at once."""

_CURVES: dict[tuple[object, ...], Curves] = {}


def curves_for(clock: RegionClock, draws: Draws, knowledge: Knowledge) -> Curves:
    """Return the curves of a region's kind; patients of one kind share them within a process."""
    in_time = [r for r in clock.remedies if clock.start is None or (r.stopped_on is None or r.stopped_on > clock.start)]
    key = (
        id(draws),
        clock.role,
        clock.crown,
        takes(in_time, TreatmentKind.MINOXIDIL),
        takes(in_time, TreatmentKind.PRP),
        takes(in_time, TreatmentKind.MESOTHERAPY),
        any(r.kind.is_medicine for r in in_time),
    )
    found = _CURVES.get(key)
    if found is None:
        if len(_CURVES) >= MOST_KINDS:
            _CURVES.clear()
        found = _CURVES[key] = Curves(
            draws=draws,
            knowledge=knowledge,
            role=clock.role,
            crown=clock.crown,
            minoxidil=bool(key[3]),
            prp=bool(key[4]),
            mesotherapy=bool(key[5]),
            medicated=bool(key[6]),
        )
    return found
