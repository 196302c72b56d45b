# ruff: noqa: PLR2004, E402 figures of the table; threads are limited before numpy is loaded
"""Tables of the verdict on simulated cohorts, each cell with n, the figure, its 95 % interval and the reach beside it.

    python validation/outcome/tables.py --all --share 0.2
    python validation/outcome/tables.py --table finds --patients 300 --print

Tables: cells (false failure in every setting, simpler rules beside), usual and traps (what looks like failure), finds
(failures found), trade (sensitivity against false failure over the threshold), calibration, eight (abstention with
eight good photos), silent (abstention without information), artefact, assumed, remedies, alerts. Each is written to
validation/results/outcome_<table>.md with the command that made it. `--all` also judges the drawn patients anew that
validation/outcome/photos.py has kept, if there are any. Reaches: a share holds when its interval holds too; `figure`
says that only the figure does.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents
import arms
import numpy as np
from artefacts import artefact_table
from assumptions import assumed_table
from cells import CALIBRATED, CELLS, EIGHT_PHOTOS, FINDS, TRADED, TRAPS, USUAL
from histories import Cell
from intervals import heading, held, told
from remedies import remedies_table
from scoring import CALLED_FAILED, TO_MONTH_18, WITHHELD, Cohort, calibration, engine, resampled, run_cell
from signs import alerts_table
from silence import silent_table
from simple_rules import RULES, learn

from hairtrack.course import CourseSettings
from hairtrack.knowledge import load
from hairtrack.model import State

SIMULATORS = {"agents": agents, "arms": arms}
OTHER = {"agents": arms, "arms": agents}
RESULTS = Path(__file__).resolve().parents[1] / "results"
PATIENTS = {
    "cells": 1000, "usual": 1000, "traps": 500, "finds": 500, "trade": 1000, "calibration": 1000, "eight": 1000,
    "silent": 300, "artefact": 1000, "assumed": 200, "alerts": 5000,
    "remedies": 500,
}  # fmt: skip
Run = Callable[[Cell], Cohort]


class Runs:
    """Cohorts by simulator and cell, each run once however many tables ask for it."""

    def __init__(self, *, patients: int, seed: int, draws: int, cohorts: int) -> None:
        self.patients, self.seed, self.cohorts = patients, seed, cohorts
        self.settings = CourseSettings(draws=draws)
        self.learned = {name: learn(OTHER[name]) for name in SIMULATORS}
        self._kept: dict[tuple[str, str, int], Cohort] = {}

    def of(self, simulator: str, cell: Cell) -> Cohort:
        """Return the cohort of a cell."""
        key = (simulator, cell.name, self.patients)
        if key not in self._kept:
            self._kept[key] = run_cell(
                SIMULATORS[simulator], cell, patients=self.patients, seed=self.seed, knowledge=load(),
                settings=self.settings, last_photo=self.learned[simulator],
            )  # fmt: skip
        return self._kept[key]

    def each(self, cells: tuple[Cell, ...]) -> Iterator[tuple[str, Cell, Cohort]]:
        """Yield every cell under both simulators."""
        for cell in cells:
            for simulator in SIMULATORS:
                yield simulator, cell, self.of(simulator, cell)


def share(flags: np.ndarray) -> str:
    """Return how many of some patients, with the interval."""
    return told(int(flags.sum()), len(flags))


def cells_table(runs: Runs) -> list[str]:
    """Return false failure in every setting, what was found, and what simpler rules did on the same patients."""
    lines = [
        "Reach: 0 before month 6, at most 0.1 % to month 18. Found and abstained at month 15 (donor: 12).",
        "",
        *heading(
            "cell",
            "simulator",
            "healthy: false before 6",
            "to 18",
            "reach held",
            "found < .50",
            "abstains",
            "ungated",
            *RULES,
        ),
    ]
    pooled: dict[str, list[int]] = {"recipients": [0, 0, 0], "donors": [0, 0, 0]}
    for simulator, cell, cohort in runs.each(CELLS):
        good, donor = cohort.healthy, cell.place == "donor"
        month = 12 if donor else 15
        false = cohort.called()[good]
        poor = ~good if donor else cohort.survival < 0.50
        rules = [f"{(cohort.rules[good, i] <= TO_MONTH_18).mean():.1%}" for i in range(len(RULES))]
        early = cohort.called(6.0)[good]
        found = cohort.stands_in(month, CALLED_FAILED)[poor]
        counts = (int(early.sum()), int(false.sum()), len(false))
        pool = "donors" if donor else "recipients"
        pooled[pool] = [a + b for a, b in zip(pooled[pool], counts, strict=True)]
        lines.append(
            f"| {cell.name} | {simulator} | {int(early.sum())} of {len(early)} | {share(false)} "
            f"| {held(int(false.sum()), len(false), at_most=0.001)} | {share(found)} "
            f"| {cohort.stands_in(month, WITHHELD).mean():.0%} | {cohort.ungated()[good].mean():.1%} "
            f"| {' | '.join(['-'] * len(RULES) if donor or cell.coverage else rules)} |"
        )
    for name, (early_calls, false_calls, n) in pooled.items():
        verdict = held(false_calls, n, at_most=0.001)
        lines.append(
            f"| all {name} | both | {early_calls} of {n} | {told(false_calls, n)} | {verdict} |"
            + " |" * (len(RULES) + 3)
        )
    return lines


def looks_like_failure(runs: Runs, cells: tuple[Cell, ...], *, at_most: float) -> list[str]:
    """Return false failure where something else looks like it, and what was said in its place at month 18."""
    lines = [
        f"Good grafts. Reach: at most {at_most:.1%} called failed to month 18.",
        "",
        *heading(
            "trap", "simulator", "false to 18", "reach held", "on course or delayed", "withholds", "ungated", *RULES
        ),
    ]
    fine = {State.ON_COURSE, State.DELAYED, State.DONOR_AS_PLANNED, State.DONOR_EFFLUVIUM, State.NATIVE_PROGRESSION}
    for simulator, cell, cohort in runs.each(cells):
        false = cohort.called()
        rules = [f"{(cohort.rules[:, i] <= TO_MONTH_18).mean():.0%}" for i in range(len(RULES))]
        withholds = cohort.stands_in(18, WITHHELD | {State.BEHIND, State.TEMPORARY_DIFFUSE_SHEDDING})
        lines.append(
            f"| {cell.name} | {simulator} | {share(false)} | {held(int(false.sum()), len(false), at_most=at_most)} "
            f"| {cohort.stands_in(18, fine).mean():.0%} | {withholds.mean():.0%} | {cohort.ungated().mean():.0%} "
            f"| {' | '.join(['-'] * len(RULES) if cell.place == 'donor' else rules)} |"
        )
    return lines


def finds_table(runs: Runs) -> list[str]:
    """Return how many failures are found by a month, and what is said of the others."""
    lines = heading(
        "cohort", "simulator", "month", "found", "reach", "held", "by month 12, 15, 18",
        "else withholds and says what is missing", "on course at 18", "last photo",
    )  # fmt: skip
    for cell, month, reach in FINDS:
        for simulator in SIMULATORS:
            cohort = runs.of(simulator, cell)
            found = cohort.stands_in(month, CALLED_FAILED)
            course = ", ".join(f"{cohort.stands_in(m, CALLED_FAILED).mean():.2f}" for m in (12, 15, 18))
            asks = cohort.stands_in(month, WITHHELD | {State.BEHIND}) & cohort.asks
            wrong = cohort.stands_in(18, {State.ON_COURSE, State.DONOR_AS_PLANNED}).mean()
            verdict = "" if reach is None else held(int(found.sum()), len(found), at_least=reach)
            last = (
                "-" if cell.place == "donor" or cell.coverage else f"{(cohort.rules[:, -1] <= month + 0.3).mean():.2f}"
            )
            lines.append(
                f"| {cell.name} | {simulator} | {month} | {share(found)} | {'' if reach is None else f'{reach:.0%}'} "
                f"| {verdict} | {course} | {asks.mean():.0%} | {wrong:.1%} | {last} |"
            )
    return lines


def trade_table(runs: Runs) -> list[str]:
    """Return what the posterior alone would do at other thresholds: two looks three weeks apart, from month 12."""
    lines = [
        "A patient is called when P(survival < .60) reached the threshold at two looks 21 days apart from month 12 on.",
        "",
        *heading(
            "cell",
            "simulator",
            "threshold",
            "false to 18",
            "< .35 found by 15",
            "< .50 found by 15",
            "< .50 found by 18",
        ),
    ]
    for simulator, cell, cohort in runs.each(tuple(c for c in CELLS if c.name in TRADED)):
        for threshold in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
            by = {month: called_twice(cohort, threshold, until=month + 0.3) for month in (15, 18)}
            lines.append(
                f"| {cell.name} | {simulator} | {threshold} | {share(by[18][cohort.healthy])} "
                f"| {share(by[15][cohort.survival < 0.35])} | {share(by[15][cohort.survival < 0.50])} "
                f"| {share(by[18][cohort.survival < 0.50])} |"
            )
    return lines


def called_twice(cohort: Cohort, threshold: float, *, until: float) -> np.ndarray:
    """Return for whom P(survival < .60) reached a threshold at two looks 21 days apart within month 12 and another."""
    high = (cohort.poor >= threshold) & (cohort.months >= 11.7) & (cohort.months <= until)
    months = np.where(high, cohort.months, np.nan)
    any_high = high.any(axis=1)
    spread = np.zeros(len(high))
    spread[any_high] = np.nanmax(months[any_high], axis=1) - np.nanmin(months[any_high], axis=1)
    return spread >= 21 / 30.44


def calibration_table(runs: Runs) -> list[str]:
    """Return how true the probability of poor growth is, on simulators that the model was not made from."""
    lines = [
        "P(survival < .60). Reach at month 12: calibration error (ECE, 15 bins of equal mass) .02, Brier score .025.",
        "",
        *heading(
            "cell",
            "simulator",
            "month",
            "patients",
            "ECE (95 %)",
            "Brier (95 %)",
            "Brier of the base rate",
            "poor",
            "held",
        ),
    ]
    bins: list[str] = []
    for simulator, cell, cohort in runs.each(tuple(c for c in CELLS if c.name in CALIBRATED)):
        for month in (12, 15):
            p = cohort.poor_at(month)
            seen = np.isfinite(p)
            p, y = p[seen], (cohort.survival[seen] < 0.60).astype(float)
            ece, brier, rows = calibration(p, y)
            (ece_low, ece_high), (brier_low, brier_high) = resampled(p, y)
            verdict = ("yes" if ece <= 0.02 else "no") + ", " + ("yes" if brier <= 0.025 else "no")
            lines.append(
                f"| {cell.name} | {simulator} | {month} | {len(p)} | {ece:.3f} ({ece_low:.3f}-{ece_high:.3f}) "
                f"| {brier:.3f} ({brier_low:.3f}-{brier_high:.3f}) | {y.mean() * (1 - y.mean()):.3f} | {y.mean():.1%} "
                f"| {verdict if month == 12 else ''} |"
            )
            if cell.name == "front 10%":
                bins += [f"| {simulator} | {month} | {told_p:.3f} | {true_p:.3f} | {n} |" for told_p, true_p, n in rows]
    return [
        *lines, "", "Reliability, front 10%:", "", *heading("simulator", "month", "told", "true", "patients"), *bins,
    ]  # fmt: skip


def eight_table(runs: Runs) -> list[str]:
    """Return how often nothing is said at month 15 although eight good photos are there."""
    lines = [
        "Patients with eight photos or more up to month 15, error at most 10 %. Reach: at most 12 % without a verdict.",
        "",
        *heading("cell", "simulator", "no verdict at 15", "reach held", "says behind: not counted"),
    ]
    for simulator, cell, cohort in runs.each(tuple(c for c in CELLS if c.name in EIGHT_PHOTOS)):
        enough = (cohort.months <= 15.3).sum(axis=1) >= 8
        silent = cohort.stands_in(15, WITHHELD)[enough]
        behind = cohort.stands_in(15, {State.BEHIND})[enough].mean()
        verdict = held(int(silent.sum()), len(silent), at_most=0.12)
        lines.append(f"| {cell.name} | {simulator} | {share(silent)} | {verdict} | {behind:.1%} |")
    return lines


TABLES: dict[str, tuple[str, Callable[[Runs], list[str]]]] = {
    "cells": ("false failure, cell by cell", cells_table),
    "usual": ("what usually looks like failure", lambda runs: looks_like_failure(runs, USUAL, at_most=0.001)),
    "traps": ("what looks like failure, at full strength", lambda runs: looks_like_failure(runs, TRAPS, at_most=0.01)),
    "finds": ("failures found", finds_table),
    "trade": ("sensitivity against false failure", trade_table),
    "calibration": ("is the probability true", calibration_table),
    "eight": ("abstention with eight good photos", eight_table),
    "silent": ("abstention without information", silent_table),
    "artefact": ("one artefact as the newest photo", artefact_table),
    "assumed": ("every assumption halved and doubled", assumed_table),
    "remedies": ("regions injected, medicated or left alone", remedies_table),
    "alerts": ("alerts on simulated redness and crust", alerts_table),
}


def main() -> None:
    """Print and write the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", choices=sorted(TABLES), action="append", default=[])
    parser.add_argument("--all", action="store_true", help="every table")
    parser.add_argument("--patients", type=int, help="patients a cell, in place of each table's own number")
    parser.add_argument("--share", type=float, default=1.0, help="of each table's own number of patients")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=CourseSettings().draws)
    parser.add_argument("--cohorts", type=int, default=5, help="of the table of assumptions")
    parser.add_argument("--print", action="store_true", help="print, write nothing")
    arguments = parser.parse_args()
    runs = Runs(patients=0, seed=arguments.seed, draws=arguments.draws, cohorts=arguments.cohorts)
    for name in TABLES if arguments.all else arguments.table:
        title, table = TABLES[name]
        runs.patients = arguments.patients or round(arguments.share * PATIENTS[name])
        started = time.process_time()
        command = f"python validation/outcome/tables.py --table {name} --patients {runs.patients} --seed {runs.seed}"
        if name == "assumed":
            command += f" --cohorts {runs.cohorts}"
        lines = table(runs)
        text = "\n".join([f"# Outcome: {title}", "", f"`{command}`, program {engine()}", "", *lines, ""])
        print(text, flush=True)
        print(f"{name}: {time.process_time() - started:.0f} CPU seconds", file=sys.stderr, flush=True)
        if not arguments.print:
            (RESULTS / f"outcome_{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
