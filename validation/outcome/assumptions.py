# ruff: noqa: PLR2004 figures of the table
"""Every number without a source halved and doubled: how many good grafts are then called failed.

A share above one half is halved and doubled in its odds, so that it stays a share. Rows that the reasoning never reads
on these cohorts cannot change them and are only named.
"""

from dataclasses import dataclass, replace
from typing import Any

import agents
import numpy as np
from histories import Cell
from intervals import heading, held, told
from scoring import CALLED_FAILED, run_cell

from hairtrack.knowledge import Fact, Knowledge, load

COHORTS = (
    Cell("front 10%", poor_share=0.15),
    Cell("crown 10%", place="crown", poor_share=0.15),
    Cell("coverage 12%, reference", error=0.12, coverage=True, references=True, planted_known=False,
         poor_share=0.15),
    Cell("front 10%, minoxidil, reference", minoxidil=True, references=True, poor_share=0.15),
    Cell("donor 10%, reference", place="donor", references=True, poor_share=0.15),
)  # fmt: skip
SHARE_UNIT = "1"


@dataclass(slots=True)
class Tally:
    """Good patients and those called failed, poor patients and those found, over the cohorts."""

    good: int = 0
    false: int = 0
    poor: int = 0
    found: int = 0


class Noticing(dict[str, Fact]):
    """Facts that remember which of them were read."""

    def __init__(self, facts: Any) -> None:
        super().__init__(facts)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Fact:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a fact as a dict does, and remember it."""
        self.read.add(key)
        return super().get(key, default)


def assumed_table(runs) -> list[str]:  # noqa: ANN001 the runs of tables.py
    """Return false failure and what is found for every assumption at half and at twice its number."""
    facts = Noticing(load().facts)
    plain = tally(runs, replace(load(), facts=facts))
    assumed = [key for key, fact in load().facts.items() if fact.assumed]
    lines = [
        f"{len(assumed)} rows are assumed. Agents: {'; '.join(cell.name for cell in COHORTS[: runs.cohorts])}.",
        "Reach: at most 0.3 % false failure to month 18. `verdict.` rows limit the decision, the others are weights.",
        "",
        *heading("assumption", "value", "false failure to 18", "reach held", "found by 18"),
        row("none changed", "", plain),
    ]
    for key in (k for k in assumed if k in facts.read):
        for factor in (0.5, 2.0):
            value = changed(load().fact(key), factor)
            found = tally(runs, load().with_values({key: value}))
            lines.append(row(f"{key} x{factor:g}", f"{load().value(key):g} to {value:.3g}", found))
    unread = [key for key in assumed if key not in facts.read]
    return [*lines, "", f"Never read on these cohorts, so without effect: {', '.join(unread)}."]


def row(name: str, value: str, found: Tally) -> str:
    """Return one row of the table."""
    verdict = held(found.false, found.good, at_most=0.003)
    return (
        f"| {name} | {value} | {told(found.false, found.good)} | {verdict} | {found.found / max(found.poor, 1):.2f} |"
    )


def changed(fact: Fact, factor: float) -> float:
    """Return a number halved or doubled: a share above one half in its odds."""
    if fact.unit == SHARE_UNIT and 0.5 < fact.value < 1.0:
        odds = fact.value / (1 - fact.value) * factor
        return odds / (1 + odds)
    return min(fact.value * factor, 0.95) if fact.unit == SHARE_UNIT and fact.value <= 0.5 else fact.value * factor


def tally(runs, knowledge: Knowledge) -> Tally:  # noqa: ANN001 as above
    """Return what happens to the cohorts under some knowledge; the same patients each time."""
    total = Tally()
    for cell in COHORTS[: runs.cohorts]:
        cohort = run_cell(
            agents, cell, patients=runs.patients, seed=runs.seed, knowledge=knowledge, settings=runs.settings
        )
        poor = ~cohort.healthy if cell.place == "donor" else cohort.survival < 0.50
        total.good += int(cohort.healthy.sum())
        total.false += int(cohort.called()[cohort.healthy].sum())
        total.poor += int(np.sum(poor))
        total.found += int(cohort.stands_in(18, CALLED_FAILED)[poor].sum())
    return total
