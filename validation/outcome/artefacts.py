# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""What one spoiled photo does when it is the newest: wet, cut or dyed hair, another light, on every region of it."""

from dataclasses import replace
from types import ModuleType

import agents
import arms
import numpy as np
from histories import Cell, Patient
from intervals import heading, held, told
from scoring import BATCH, CALLED_FAILED, WITHHELD, hash_of, tell

from hairtrack.knowledge import load
from hairtrack.model import State

CELLS = (
    Cell("front 5%, no reference", error=0.05, poor_share=0.2),
    Cell("front 10%, no reference", poor_share=0.2),
    Cell("front 10%, reference", references=True, poor_share=0.2),
    Cell("crown 10%, no reference", place="crown", poor_share=0.2),
    Cell("coverage 12%, reference", error=0.12, coverage=True, references=True, planted_known=False, poor_share=0.2),
)
SPOILED = {"wet": 0.55, "cut or dyed": 0.70, "darker light": 1.40}
SILENT = WITHHELD | {State.BEHIND, State.TEMPORARY_DIFFUSE_SHEDDING}
SIMULATORS: dict[str, ModuleType] = {"agents": agents, "arms": arms}
NEWEST_BETWEEN = (12.0, 17.0)


def artefact_table(runs) -> list[str]:  # noqa: ANN001 the runs of tables.py
    """Return how often the verdict before the spoiled photo gives way to another one, and how often it is withheld."""
    lines = [
        "Good and poor growth mixed; the last good photo lies between months 12 and 17, the spoiled one a month later.",
        "Reach: at most 0.5 % get another verdict. `no verdict` says that it is withheld for now.",
        "",
        *heading(
            "cell",
            "simulator",
            "spoiled",
            "another verdict",
            "reach held",
            "good grafts newly called failed",
            "no verdict in place of one",
        ),
    ]
    for cell in CELLS:
        for name, simulator in SIMULATORS.items():
            for what, factor in SPOILED.items():
                pairs = before_and_after(simulator, cell, factor, runs=runs, patients=runs.patients // 3)
                n = len(pairs)
                other = sum(a is not b and b not in SILENT and a not in SILENT for a, b, _ in pairs)
                good = [(a, b) for a, b, healthy in pairs if healthy]
                failed = sum(b in CALLED_FAILED and a not in CALLED_FAILED for a, b in good)
                quiet = sum(a not in SILENT and b in SILENT for a, b, _ in pairs)
                lines.append(
                    f"| {cell.name} | {name} | {what} | {told(other, n)} | {held(other, n, at_most=0.005)} "
                    f"| {told(failed, len(good))} | {quiet / n:.0%} |"
                )
    return lines


def before_and_after(
    simulator: ModuleType,
    cell: Cell,
    factor: float,
    *,
    runs,  # noqa: ANN001 as above
    patients: int,
) -> list[tuple[State, State, bool]]:
    """Return the state before and after a spoiled photo, and whether the grafts are good, a row a patient."""
    rng = np.random.default_rng([runs.seed, abs(hash_of(cell.name)), round(100 * factor)])
    pairs: list[tuple[State, State, bool]] = []
    while len(pairs) < patients:
        drawn = [spoiled(simulator.patient(rng, cell), cell, factor, rng) for _ in range(min(BATCH, patients))]
        batch = [p for p in drawn if p is not None]
        told_of = tell(batch, knowledge=load(), settings=runs.settings)
        pairs += [
            (t.states[-2], t.states[-1], p.healthy) for t, p in zip(told_of, batch, strict=True) if len(t.states) > 1
        ]
    return pairs[:patients]


def spoiled(patient: Patient, cell: Cell, factor: float, rng: np.random.Generator) -> Patient | None:
    """Return a patient seen up to a month after 12, and a month later on a spoiled photo; None when unseen."""
    case = patient.case
    operated = case.treatments[0].performed_on
    if operated is None:
        return None
    last = rng.uniform(*NEWEST_BETWEEN)
    kept = [o for o in case.observations if (o.taken_on - operated).days / 30.44 <= last]
    newest = max(o.taken_on for o in kept)
    if (newest - operated).days / 30.44 < 11.5:
        return None
    again = []
    for o in (o for o in kept if o.taken_on == newest):
        noise = 1 + cell.error * rng.standard_normal()
        if cell.coverage:
            value = float(np.clip(1 - (1 - min(o.value, 0.98)) ** (factor * max(noise, 0.05)), 0.0, 0.985))
        else:
            value = max(o.value * factor * noise, 0.0)
        on = newest.fromordinal(newest.toordinal() + 30)
        again.append(replace(o, value=value, taken_on=on, photo_id="spoiled"))
    return replace(patient, case=replace(case, observations=(*kept, *again)))
