"""Regions that were injected, medicated or left alone: what is said of gains and losses of known size.

A remedy adds its gain evenly over four months, as the arms of trials report it (S53, S61), on hair that heredity
thins; a sitting shares a bias of 3 %, its shots are read apart. Nothing here comes from the model of the program.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from histories import DAYS_PER_MONTH, reading_errors
from intervals import heading, told
from scoring import BATCH

from hairtrack.course import CourseSettings, follow_many
from hairtrack.knowledge import Knowledge, load
from hairtrack.model import Case, Observation, RegionName, State, Treatment, TreatmentKind
from hairtrack.outcome import decisions_of

REGION = RegionName.MIDSCALP
STARTED_ON = date(2024, 3, 1)
SITTINGS = (-0.1, 3.0, 6.0, 9.0, 12.0)
YEARS = (0.0, 6.0, 12.0, 18.0, 24.0)
FULL_AFTER_MONTHS = 4.0
USUAL_LOSS = 0.05
GAINS = (0.0, 0.05, 0.10, 0.20, 0.30)
LOSSES = (0.0, 0.02, 0.05, 0.10, 0.20)
KINDS = (TreatmentKind.PRP, TreatmentKind.MESOTHERAPY, TreatmentKind.MINOXIDIL, TreatmentKind.FINASTERIDE)
PRECISIONS = ((0.10, 1), (0.10, 3), (0.05, 3))
LIMITS = ((0.60, 0.40), (0.72, 0.40), (0.78, 0.30), (0.78, 0.40), (0.78, 0.50), (0.85, 0.40), (0.90, 0.40))
"""Posteriors of a real gain for `response`, and down to which one found earlier is still told."""


def day(months: float) -> date:
    """Return the date of a month after the first session."""
    return STARTED_ON + timedelta(days=round(months * DAYS_PER_MONTH))


def region_of(
    rng: np.random.Generator, kind: TreatmentKind | None, *, gain: float, loss: float, error: float, shots: int
) -> Case:
    """Return one person whose midscalp gained and lost known shares, read by counts of a claimed error."""
    times = np.array(SITTINGS if kind is not None else YEARS)
    baseline = rng.uniform(60.0, 160.0)
    level = (
        baseline
        * np.exp(-loss * np.maximum(times, 0.0) / 12.0)
        * (1.0 + gain * np.clip(times / FULL_AFTER_MONTHS, 0.0, 1.0))
    )
    bias = rng.normal(0.0, 0.03, len(times))
    rows = []
    for sitting, months in enumerate(times):
        for shot, off in enumerate(reading_errors(rng, shots, error)):
            value = max(level[sitting] * np.exp(bias[sitting]) * (1.0 + off), 0.0)
            rows.append(
                Observation(
                    taken_on=day(float(months)), region=REGION, measurand="hair_density_per_cm2", value=float(value),
                    std_uncertainty=float(np.hypot(error * value, 2.0)), photo_id=f"sitting-{sitting}-{shot}",
                )
            )  # fmt: skip
    treatments = [] if kind is None else [_treatment(kind)]
    return Case(treatments=tuple(treatments), observations=tuple(rows))


def _treatment(kind: TreatmentKind) -> Treatment:
    if kind.is_medicine:
        return Treatment(kind=kind, started_on=STARTED_ON)
    sessions = tuple(day(months) for months in (0, 1, 2, 3, 4, 5, 8, 11))
    return Treatment(kind=kind, sessions=sessions, recipient_regions=(REGION,))


def said_of(
    kind: TreatmentKind | None,
    *,
    gain: float,
    loss: float,
    error: float,
    shots: int,
    patients: int,
    knowledge: Knowledge,
) -> tuple[Counter[State], int]:
    """Return how often each state is the last, and how many were ever told of a response."""
    rng = np.random.default_rng([3, round(1000 * gain), round(1000 * loss), round(1000 * error), shots])
    last: Counter[State] = Counter()
    ever = 0
    for start in range(0, patients, BATCH):
        cases = [
            region_of(rng, kind, gain=gain, loss=loss, error=error, shots=shots)
            for _ in range(min(BATCH, patients - start))
        ]
        for case, courses in zip(
            cases, follow_many(cases, knowledge=knowledge, settings=CourseSettings()), strict=True
        ):
            course = next(c for c in courses.regions if c.region is REGION)
            states = [decision.state for decision in decisions_of(case, course, knowledge=knowledge)]
            last[states[-1]] += 1
            ever += State.RESPONSE in states
    return last, ever


def remedies_table(runs) -> list[str]:  # noqa: ANN001 the runs of tables.py
    """Return what is said at month 12 by remedy and gain, at month 24 of regions left alone, and what limits cost."""
    n, knowledge = runs.patients, load()
    lines = [
        f"Midscalp, counts; visits at months 3, 6, 9 and 12; heredity takes {USUAL_LOSS:.0%} a year beside the gain.",
        "A gain below .05 is what placebo arms show. `ever` counts a response told at any visit.",
        "",
        *heading(
            "remedy",
            "error, shots",
            "true gain",
            "response",
            "ever",
            "stable",
            "none measurable",
            "native loss",
            "undecided",
        ),
    ]
    for kind in KINDS:
        for error, shots in PRECISIONS:
            for gain in GAINS:
                last, ever = said_of(
                    kind, gain=gain, loss=USUAL_LOSS, error=error, shots=shots, patients=n, knowledge=knowledge
                )
                lines.append(f"| {kind.value} | {error:.0%}, {shots} | {gain:.2f} | {_row(last, n, told(ever, n))} |")
    lines += [
        "",
        "No remedy, visits every six months for two years:",
        "",
        *heading("error, shots", "loss a year", "native loss", "stable", "undecided"),
    ]
    for error, shots in PRECISIONS:
        for loss in LOSSES:
            last, _ = said_of(None, gain=0.0, loss=loss, error=error, shots=shots, patients=n, knowledge=knowledge)
            undecided = n - last[State.NATIVE_PROGRESSION] - last[State.STABLE]
            lines.append(
                f"| {error:.0%}, {shots} | {loss:.2f} | {told(last[State.NATIVE_PROGRESSION], n)} "
                f"| {last[State.STABLE] / n:.0%} | {undecided / n:.0%} |"
            )
    return [*lines, *_limits(n, knowledge)]


def _limits(n: int, knowledge: Knowledge) -> list[str]:
    lines = [
        "",
        "What the two limits of `response` cost and prevent, PRP, counts of 10 % with three shots (those in use: *):",
        "",
        *heading("probability_response", "lasting", *(f"gain {gain:.2f}: last, ever" for gain in GAINS)),
    ]
    keys = ("verdict.probability_response", "verdict.probability_response_lasting")
    for values in LIMITS:
        asked: Mapping[str, float] = dict(zip(keys, values, strict=True))
        star = " *" if all(knowledge.value(key) == value for key, value in asked.items()) else ""
        cells = []
        for gain in GAINS:
            last, ever = said_of(
                TreatmentKind.PRP, gain=gain, loss=USUAL_LOSS, error=0.10, shots=3, patients=n,
                knowledge=knowledge.with_values(asked),
            )  # fmt: skip
            cells.append(f"{last[State.RESPONSE] / n:.1%}, {ever / n:.1%}")
        lines.append(f"| {values[0]:.2f} | {values[1]:.2f} | {' | '.join(cells)} |{star}")
    return lines


def _row(last: Counter[State], n: int, ever: str) -> str:
    named = (State.STABLE, State.NO_MEASURABLE_RESPONSE, State.NATIVE_PROGRESSION)
    rest = n - last[State.RESPONSE] - sum(last[state] for state in named)
    shares = " | ".join(f"{last[state] / n:.0%}" for state in named)
    return f"{told(last[State.RESPONSE], n)} | {ever} | {shares} | {rest / n:.0%}"
