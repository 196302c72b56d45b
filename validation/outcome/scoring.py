# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""Running a cohort through the program and through simple rules, and counting what they called failed, and when."""

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from histories import Cell, Patient

from hairtrack.course import CourseSettings, follow
from hairtrack.knowledge import Knowledge
from hairtrack.model import RegionRole, State
from hairtrack.model.posterior import Courses, Proposition
from hairtrack.outcome import decisions_of

CALLED_FAILED = frozenset({State.FAILURE, State.POOR_GROWTH_PROBABLE})
NEVER = 999.0


@dataclass
class Judged:
    """What was said of one patient."""

    survival: float
    delayed: bool
    first_call: float
    states: list[tuple[float, State]]
    poor: list[tuple[float, float]]
    effective: float
    naive: dict[str, float]
    ungated: float


def judge_patient(patient: Patient, *, knowledge: Knowledge, settings: CourseSettings) -> Judged:
    """Return every verdict on a patient, look by look."""
    courses: Courses = follow(patient.case, knowledge=knowledge, settings=settings)
    course = next(c for c in courses.regions if c.role is RegionRole.RECIPIENT)
    states, poor, first_call, ungated = [], [], NEVER, NEVER
    decisions = decisions_of(patient.case, course, knowledge=knowledge)
    for look, decision in zip(course.looks, decisions, strict=True):
        states.append((look.months, decision.state))
        p = look.probabilities[Proposition.SURVIVAL_BELOW_POOR]
        poor.append((look.months, p))
        if decision.state in CALLED_FAILED:
            first_call = min(first_call, look.months)
        if p >= 0.5:
            ungated = min(ungated, look.months)
    return Judged(
        survival=patient.survival,
        delayed=patient.delayed,
        first_call=first_call,
        states=states,
        poor=poor,
        effective=min((look.effective_draws for look in course.looks), default=0.0),
        naive=naive_calls(patient),
        ungated=ungated,
    )


def naive_calls(patient: Patient) -> dict[str, float]:
    """Return the first month in which each simple rule calls a patient failed."""
    calls = {"below_baseline": NEVER, "less_than_half_at_6": NEVER, "careful_threshold": NEVER}
    for months, value in patient.readings[1:]:
        gain = (value - patient.baseline) / max(patient.planted, 1.0)
        if value < patient.baseline:
            calls["below_baseline"] = min(calls["below_baseline"], months)
        if months >= 6 and gain < 0.5:
            calls["less_than_half_at_6"] = min(calls["less_than_half_at_6"], months)
        if months >= 12 and gain < 0.4:
            calls["careful_threshold"] = min(calls["careful_threshold"], months)
    return calls


def run_cell(
    simulator: ModuleType, cell: Cell, *, patients: int, seed: int, knowledge: Knowledge, settings: CourseSettings
) -> list[Judged]:
    """Return the verdicts on a cohort."""
    rng = np.random.default_rng([seed, abs(hash_of(cell.name))])
    return [
        judge_patient(simulator.patient(rng, cell), knowledge=knowledge, settings=settings) for _ in range(patients)
    ]


def hash_of(name: str) -> int:
    """Return a number from a name, the same on every machine."""
    return sum((i + 1) * b for i, b in enumerate(name.encode()))


def share(flags: list[bool]) -> float:
    """Return the share of true values; NaN for none."""
    return float(np.mean(flags)) if flags else float("nan")


def upper95(events: int, n: int) -> float:
    """Return the upper 95 % limit of a share (rule of three for no event, else normal with continuity)."""
    if n == 0:
        return float("nan")
    if events == 0:
        return 3.0 / n
    p = events / n
    return p + 1.96 * np.sqrt(p * (1 - p) / n) + 0.5 / n


def called_by(judged: Judged, month: float) -> bool:
    """Return whether a patient stood as called failed at the last look up to a month."""
    before = [state for months, state in judged.states if months <= month + 0.3]
    return bool(before) and before[-1] in CALLED_FAILED


def poor_at(judged: Judged, month: float) -> float | None:
    """Return the probability of poor growth at the last look within a month's reach."""
    near = [p for months, p in judged.poor if abs(months - month) < 0.6]
    return near[-1] if near else None


def calibration(probabilities: np.ndarray, truths: np.ndarray, bins: int = 15) -> tuple[float, float]:
    """Return expected calibration error over bins of equal mass, and the Brier score."""
    order = np.argsort(probabilities, kind="stable")
    groups = np.array_split(order, bins)
    ece = sum(abs(probabilities[g].mean() - truths[g].mean()) * len(g) for g in groups if len(g)) / len(order)
    return float(ece), float(np.mean((probabilities - truths) ** 2))
