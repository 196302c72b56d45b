"""Cases that hold no information: the verdict must be withheld, and say what is missing."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from histories import OPERATED_ON, day
from intervals import heading, told
from scoring import CALLED_FAILED, WITHHELD

from hairtrack.course import follow
from hairtrack.knowledge import load
from hairtrack.model import Case, Observation, RegionName, State, Treatment, TreatmentKind
from hairtrack.outcome import judge

REGION = RegionName.FRONTAL
COUNT = "hair_density_per_cm2"
OPERATION = Treatment(
    kind=TreatmentKind.FUE, performed_on=OPERATED_ON, recipient_regions=(REGION,), hairs_implanted=4500,
    recipient_area_cm2=60.0,
)  # fmt: skip


def silent_table(runs) -> list[str]:  # noqa: ANN001 the runs of tables.py
    """Return how often nothing is decided where nothing can be."""
    lines = [
        "Reach: no verdict in 100 %.",
        "",
        *heading(
            "what is known", "patients", "no verdict", "behind", "called failed", "on course", "says what is missing"
        ),
    ]
    for name, draw in KINDS.items():
        rng = np.random.default_rng([runs.seed, len(name)])
        states, asks = [], 0
        for _ in range(runs.patients):
            case = draw(rng)
            courses = follow(case, knowledge=load(), settings=runs.settings)
            verdict = next(v for v in judge(case, courses, knowledge=load()).verdicts if v.region is REGION)
            states.append(verdict.state)
            asks += bool(verdict.missing)
        counts = [
            sum(s in kind for s in states)
            for kind in (WITHHELD, {State.BEHIND}, CALLED_FAILED, {State.ON_COURSE, State.DELAYED})
        ]
        lines.append(
            f"| {name} | {len(states)} | {told(counts[0], len(states))} | {counts[1]} | {counts[2]} | {counts[3]} "
            f"| {asks / len(states):.0%} |"
        )
    return lines


def seen(months: float, value: float, error: float, **more: object) -> Observation:
    """Return one reading of the front."""
    return Observation(
        taken_on=day(months), region=REGION, measurand=str(more.get("measurand", COUNT)), value=value,
        std_uncertainty=error, photo_id=f"photo-{months}",
    )  # fmt: skip


def contradictory(rng: np.random.Generator) -> Case:
    """Return counts that no scalp follows: anything between nothing and full hair, told as exact to a twentieth."""
    values = rng.uniform(0, 160, 16)
    rows = [seen(m, float(v), 0.05 * float(v) + 2) for m, v in zip((-0.1, *range(2, 17)), values, strict=True)]
    return Case(treatments=(OPERATION,), observations=tuple(rows))


def two_truths(rng: np.random.Generator) -> Case:
    """Return photos that show by turns a dead and a perfect result."""
    base = rng.uniform(10, 30)
    rows = [seen(-0.1, base, 2.0)]
    rows += [seen(m, base + (75.0 if m % 2 else 2.0) * rng.uniform(0.9, 1.1), 3.0) for m in range(8, 17)]
    return Case(treatments=(OPERATION,), observations=tuple(rows))


def worthless(rng: np.random.Generator) -> Case:
    """Return counts whose own error is as large as they are."""
    rows = [seen(m, float(rng.uniform(10, 110)), 100.0) for m in (-0.1, 6.0, 12.0, 15.0, 16.0)]
    return Case(treatments=(OPERATION,), observations=tuple(rows))


def after_only(rng: np.random.Generator) -> Case:
    """Return good photos, but none from before the operation."""
    rows = [seen(m, float(rng.uniform(20, 120)), 5.0) for m in (12.0, 13.0, 15.0, 16.0)]
    return Case(treatments=(OPERATION,), observations=tuple(rows))


def undated(rng: np.random.Generator) -> Case:
    """Return good photos, but no date of the operation."""
    rows = [seen(m, float(rng.uniform(20, 120)), 5.0) for m in (-0.1, 12.0, 15.0, 16.0)]
    return Case(treatments=(replace(OPERATION, performed_on=None),), observations=tuple(rows))


KINDS: dict[str, Callable[[np.random.Generator], Case]] = {
    "no photo": lambda _: Case(treatments=(OPERATION,)),
    "the baseline alone": lambda rng: Case(
        treatments=(OPERATION,), observations=(seen(-0.1, float(rng.uniform(5, 60)), 3.0),)
    ),
    "errors as large as the readings": worthless,
    "no baseline": after_only,
    "no date of the operation": undated,
    "contradictory: any value on any day": contradictory,
    "contradictory: dead and perfect by turns": two_truths,
}
