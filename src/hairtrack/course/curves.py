"""The shape of every possible course at a time: native hair that is left, planted hair that grows.

Level of a region = baseline * native(t) + planted * grown(t). `native` holds hereditary loss, shock loss, extraction,
gain by medicines and diffuse shedding; `grown` the planted hair before shedding and after regrowth.
"""

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from hairtrack.course.clock import RegionClock, takes
from hairtrack.course.draws import Draws
from hairtrack.course.series import FloatArray
from hairtrack.knowledge import Knowledge
from hairtrack.model import RegionRole, Treatment, TreatmentKind
from hairtrack.model.calendar import months_between

SHED_SHARPNESS_MONTHS = 0.12
"""Width of the logistic drop when planted hair sheds: about a week."""

HALF_TIME_SPREAD = 0.7
"""Spread of the logarithm of the time in which half of a gain is reached, between patients."""

RAMP_MONTHS = 0.5
"""Width with which shed native or donor hair returns."""

TIME_STEP_MONTHS = 0.05
"""Times are rounded to a day and a half, so that patients share what was computed."""


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
    _grown: dict[tuple[int, bool], FloatArray] = field(default_factory=dict)
    _native: dict[int, FloatArray] = field(default_factory=dict)
    _median: FloatArray | None = None

    def grown(self, months: float, *, seen: bool = False) -> FloatArray:
        """Return the share of planted hair that shows at a time; `seen` is for photos, where fine hair hides less."""
        key = (round(months / TIME_STEP_MONTHS), seen)
        found = self._grown.get(key)
        if found is None:
            found = self._grown[key] = self._grown_at(key[0] * TIME_STEP_MONTHS, seen=seen)
        return found

    def native(self, months: float) -> FloatArray:
        """Return the share of baseline hair that is left at a time, before medicines and diffuse shedding."""
        key = round(months / TIME_STEP_MONTHS)
        found = self._native.get(key)
        if found is None:
            found = self._native[key] = self._native_at(key * TIME_STEP_MONTHS)
        return found

    @property
    def median_months(self) -> FloatArray:
        """Time at which half of the planted hair that will grow has grown."""
        if self._median is None:
            d, knowledge = self.draws, self.knowledge
            place = "crown" if self.crown else "front"
            fact = knowledge.fact(f"transplant.{place}_median_months")
            median = fact.value * np.exp((fact.spread or 0.0) * d.median_noise) * d.median_factor
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

    def _grown_at(self, months: float, *, seen: bool) -> FloatArray:
        d = self.draws
        if months <= 0:
            return np.zeros(len(d), np.float32)
        fact = self.knowledge.fact("transplant.shedding_month")
        kept = d.kept_minoxidil if self.minoxidil else d.kept
        shed_month = fact.value * np.exp((fact.spread or 0.0) * d.shed_noise)
        if self.minoxidil:
            last = self.knowledge.value("transplant.shedding_month_minoxidil")
            shed_month = shed_month + (last - shed_month) * (0.5 + 0.5 * np.tanh(d.shed_noise))
        still_there = 1.0 / (1.0 + np.exp(np.clip((months - shed_month) / SHED_SHARPNESS_MONTHS, -40, 40)))
        regrown = self.regrown(months)
        if seen:
            delayed = np.maximum(months - d.lag, 0.01) / self.median_months
            regrown = 1.0 / (1.0 + delayed ** (-d.steepness))
        decline = np.exp(-d.late_decline * max(months - 12.0, 0.0) / 12.0)
        growing = d.survival * (kept * (1.0 - regrown) + regrown) * decline
        return np.asarray(np.maximum(still_there, growing), np.float32)

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


def replace_draws(curves: Curves, draws: Draws) -> Curves:
    """Return curves of the same kind for other draws; nothing computed before is kept."""
    return Curves(
        draws=draws,
        knowledge=curves.knowledge,
        role=curves.role,
        crown=curves.crown,
        minoxidil=curves.minoxidil,
        prp=curves.prp,
        mesotherapy=curves.mesotherapy,
        medicated=curves.medicated,
    )


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
