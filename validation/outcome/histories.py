# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""What both simulators share: the plan of photos, the errors of a reading, and the case that a patient becomes.

Nothing here comes from the program's own model of courses; only the values of `hairtrack.model` are used to hand the
numbers over.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from hairtrack.model import Case, Observation, RegionName, Treatment, TreatmentKind

OPERATED_ON = date(2025, 1, 10)
REGIONS = {"front": RegionName.FRONTAL, "crown": RegionName.VERTEX, "donor": RegionName.OCCIPITAL}
DAYS_PER_MONTH = 30.4375
MOST_COUNTED = 900.0
"""Hairs/cm² beyond which nobody writes a count down; the program refuses 1000 as a slip."""

PLANS = {
    "monthly": tuple(float(m) for m in range(1, 19)),
    "quarterly": (3.0, 6.0, 9.0, 12.0, 15.0, 18.0),
    "three": (6.0, 12.0, 15.5),
}


@dataclass(frozen=True)
class Cell:
    """One setting of a cohort."""

    name: str
    error: float = 0.10
    claimed: float | None = None
    place: str = "front"
    plan: str = "monthly"
    planted_known: bool = True
    references: bool = False
    coverage: bool = False
    minoxidil: bool = False
    survival: float | None = None
    survival_between: tuple[float, float] | None = None
    poor_share: float = 0.08
    trap: str = ""


@dataclass
class Patient:
    """The truth of a patient and what was read from the photos.

    `survival` is the share of planted hair that lives; of a donor, the share of its hair that was left.
    """

    survival: float
    delayed: bool
    healthy: bool
    case: Case
    readings: list[tuple[float, float]] = field(default_factory=list)
    baseline: float = 0.0
    planted: float = 0.0


def day(months: float) -> date:
    """Return the date of a month after the operation."""
    return OPERATED_ON + timedelta(days=round(months * DAYS_PER_MONTH))


def observed_months(rng: np.random.Generator, plan: str) -> list[float]:
    """Return the months that were photographed: 12 % are missed, never all."""
    months = [m for m in PLANS[plan] if rng.random() > 0.12]
    return months or [PLANS[plan][-1]]


def reading_errors(rng: np.random.Generator, n: int, error: float) -> np.ndarray:
    """Return relative errors: Student t4 with AR(1) 0.4 and 3 % outliers of 30 %."""
    innovations = rng.standard_t(4, n) / np.sqrt(2.0)
    errors = np.empty(n)
    last = 0.0
    for i in range(n):
        last = innovations[i] if i == 0 else 0.4 * last + np.sqrt(1 - 0.16) * innovations[i]
        errors[i] = last
    outlier = rng.random(n) < 0.03
    return error * errors + np.where(outlier, rng.choice([-0.3, 0.3], n), 0.0)


def photo_bias(rng: np.random.Generator, months: np.ndarray, trap: str) -> tuple[float, np.ndarray]:
    """Return the bias of the baseline photo and of each later one, by the name of a trap."""
    baseline, later = rng.normal(0, 0.03), rng.normal(0, 0.03, len(months))
    if trap == "all_follow_ups_wet":
        later = later + np.log(0.6)
    elif trap == "inflated_baseline":
        baseline += np.log(1.4)
    elif trap == "drifting_light":
        later = later + np.log(0.65) * months / 18.0
    elif trap == "dyed_or_cut":
        later = later + np.where(months >= rng.uniform(6, 12), np.log(0.7), 0.0)
    elif trap == "wet_at_12":
        later = later + np.where(np.abs(months - 12.0) < 0.5, np.log(0.55), 0.0)
    elif trap == "one_wet_photo":
        later[rng.integers(len(months))] += np.log(0.75)
    return baseline, later


def make_patient(
    rng: np.random.Generator,
    cell: Cell,
    *,
    truth: dict[str, float],
    months: list[float],
    level: np.ndarray,
    baseline_level: float,
    reference_level: np.ndarray,
) -> Patient:
    """Return a patient whose region stood at `level` hairs/cm² at `months` and whose fringe at `reference_level`."""
    region = REGIONS[cell.place]
    start_bias, later_bias = photo_bias(rng, np.array(months), cell.trap)
    errors = reading_errors(rng, len(months) + 1, cell.error)
    true = np.concatenate([[baseline_level], level])
    bias = np.concatenate([[start_bias], later_bias])
    fringe = np.concatenate([[reference_level[0]], reference_level[1:]])
    fringe_errors = reading_errors(rng, len(months) + 1, cell.error)
    if cell.coverage:
        per_hair = truth["per_hair"]
        depth = per_hair * true * np.exp(bias) * (1 + errors)
        fringe_depth = per_hair * fringe * np.exp(bias) * (1 + fringe_errors)
        values = np.clip(1 - np.exp(-np.maximum(depth, 0)) + rng.normal(0, 0.01, len(depth)), 0, 0.985)
        fringe_values = np.clip(1 - np.exp(-np.maximum(fringe_depth, 0)), 0, 0.985)
        measurand = "coverage_fraction"
        stds = np.hypot((1 - values) * cell.error * -np.log1p(-values), 0.01)
        fringe_stds = np.hypot((1 - fringe_values) * cell.error * -np.log1p(-fringe_values), 0.01)
    else:
        values = np.clip(true * np.exp(bias) * (1 + errors) + rng.normal(0, 2, len(true)), 0.0, MOST_COUNTED)
        fringe_values = np.clip(
            fringe * np.exp(bias) * (1 + fringe_errors) + rng.normal(0, 2, len(fringe)), 0.0, MOST_COUNTED
        )
        measurand = "hair_density_per_cm2"
        claimed = cell.claimed or cell.error
        stds = np.hypot(claimed * values, 2.0)
        fringe_stds = np.hypot(claimed * fringe_values, 2.0)
    when = [-0.2, *months]
    observations = [
        Observation(
            taken_on=day(m), region=region, measurand=measurand, value=float(v), std_uncertainty=float(s),
            photo_id=f"photo-{i}",
        )
        for i, (m, v, s) in enumerate(zip(when, values, stds, strict=True))
    ]  # fmt: skip
    if cell.references:
        observations += [
            Observation(
                taken_on=day(m), region=RegionName.PARIETAL_LEFT, measurand=measurand, value=float(v),
                std_uncertainty=float(s), photo_id=f"photo-{i}",
            )
            for i, (m, v, s) in enumerate(zip(when, fringe_values, fringe_stds, strict=True))
        ]  # fmt: skip
    area = 60.0
    recorded = truth["planted"] * np.exp(rng.normal(0, 0.08))
    treatments = [
        Treatment(
            kind=TreatmentKind.FUE,
            performed_on=OPERATED_ON,
            recipient_regions=() if cell.place == "donor" else (region,),
            donor_regions=(region,) if cell.place == "donor" else (),
            hairs_implanted=round(recorded * area) if cell.planted_known else None,
            recipient_area_cm2=area if cell.planted_known else None,
        )
    ]
    if cell.minoxidil:
        treatments.append(Treatment(kind=TreatmentKind.MINOXIDIL, started_on=day(0.5)))
    return Patient(
        survival=truth["survival"],
        delayed=bool(truth["delayed"]),
        healthy=truth["survival"] >= (0.67 if cell.place == "donor" else 0.75),
        case=Case(treatments=tuple(treatments), observations=tuple(observations)),
        readings=[(m, float(v)) for m, v in zip(when, values, strict=True)],
        baseline=float(values[0]),
        planted=float(recorded) if cell.planted_known else 73.5,
    )


def draw_taken(rng: np.random.Generator, cell: Cell) -> float:
    """Return the share of the donor that was taken: one in three at most as planned, 40-75 % when over-extracted."""
    return float(rng.uniform(0.40, 0.75) if rng.random() < cell.poor_share else rng.uniform(0.10, 0.33))


def draw_survival(rng: np.random.Generator, cell: Cell, *, usual: float) -> float:
    """Return a survival: fixed or between limits by the cell, else poor with the share of the cell."""
    if cell.survival is not None:
        return cell.survival
    if cell.survival_between is not None:
        return float(rng.uniform(*cell.survival_between))
    u = rng.random()
    if u < cell.poor_share:
        return float(rng.uniform(0.03, 0.60))
    if u < cell.poor_share + 0.08:
        return float(rng.uniform(0.60, 0.78))
    return usual
