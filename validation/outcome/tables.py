# ruff: noqa: PLR2004, E402, I001, D103 figures of the table; threads are limited before numpy is loaded
"""Tables of the verdict on simulated cohorts.

    python validation/outcome/tables.py --table cells --simulator agents --patients 2000

Tables: cells (false failure in every setting), finds (sensitivity), traps, calibration, prior. Each is written to
validation/results/outcome_<table>_<simulator>.md with the command that made it.
"""

import argparse
import os
import sys
import time
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents
import arms
import numpy as np
from histories import Cell
from scoring import called_by, calibration, poor_at, run_cell, share, upper95

from hairtrack.course import CourseSettings
from hairtrack.knowledge import load
from hairtrack.model import State

SIMULATORS = {"agents": agents, "arms": arms}
RESULTS = Path(__file__).resolve().parents[1] / "results"

CELLS = [
    *(Cell(f"front {e:.0%} known", error=e) for e in (0.03, 0.05, 0.10, 0.15, 0.20)),
    *(Cell(f"crown {e:.0%} known", error=e, place="crown") for e in (0.05, 0.10, 0.20)),
    Cell("front 10% unknown", planted_known=False),
    Cell("front 15% unknown", error=0.15, planted_known=False),
    Cell("crown 10% unknown", place="crown", planted_known=False),
    Cell("front 10% quarterly", plan="quarterly"),
    Cell("front 10% three photos", plan="three"),
    Cell("crown 10% quarterly", plan="quarterly", place="crown"),
    Cell("front 10% understated x0.7", claimed=0.07),
    Cell("front 20% understated x0.7", error=0.20, claimed=0.14),
    Cell("front 10% minoxidil", minoxidil=True),
    Cell("front 12% coverage, references", error=0.12, coverage=True, references=True, planted_known=False),
    Cell("front 10% references", references=True),
    Cell("front 10% poor 2%", poor_share=0.02),
    Cell("front 10% poor 20%", poor_share=0.20),
]
FINDS = [
    *(Cell(f"survival < .35, front {e:.0%}", error=e, survival_between=(0.03, 0.35)) for e in (0.05, 0.10, 0.15)),
    *(Cell(f"survival < .50, front {e:.0%}", error=e, survival_between=(0.03, 0.50)) for e in (0.05, 0.10)),
    Cell("survival .4, front 10%", survival=0.4),
    Cell("survival .5, front 10%", survival=0.5),
    Cell("survival .4, crown 10%", survival=0.4, place="crown"),
    Cell("survival .4, front 10%, minoxidil", survival=0.4, minoxidil=True),
    Cell("survival .4, front 10%, planted unknown", survival=0.4, planted_known=False),
    Cell("survival < .35, coverage 12%, references", error=0.12, coverage=True, references=True,
         planted_known=False, survival_between=(0.03, 0.35)),
    Cell("survival < .35, coverage 12%, alone", error=0.12, coverage=True, planted_known=False,
         survival_between=(0.03, 0.35)),
]  # fmt: skip
TRAP_NAMES = (
    "very_late", "delayed", "all_follow_ups_wet", "inflated_baseline", "drifting_light", "fast_native_loss",
    "crown_clock", "dyed_or_cut", "wet_at_12", "shock_loss", "effluvium", "effluvium_at_decision", "season",
)  # fmt: skip
TRAPS = [
    Cell(
        f"{trap} ({'with' if references else 'no'} references)",
        trap=trap,
        references=references,
        place="crown" if trap == "crown_clock" else "front",
        survival_between=(0.80, 0.98),
    )
    for trap in TRAP_NAMES
    for references in (True, False)
]


def cells_table(rows: list[Cell], run) -> list[str]:  # noqa: ANN001 a closure over the command line
    lines = [
        "| cell | healthy | false before 6 | false to 18 | upper 95 % | sens <.35 m15 | sens <.50 m15 | m18 "  # noqa: ISC004 one row
        "| abstains m15 | below baseline | half at 6 | careful | ungated | least draws |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in rows:
        judged = run(cell)
        healthy = [j for j in judged if j.survival >= 0.75]
        false = [j.first_call <= 18.3 for j in healthy]
        early = sum(j.first_call < 6 for j in healthy)
        unsure = {State.INSUFFICIENT_EVIDENCE, State.ARTEFACT, State.TOO_EARLY}
        abstains = share([[s for m, s in j.states if m <= 15.3][-1:] in [[u] for u in unsure] for j in judged])
        naive = [share([j.naive[rule] <= 18.3 for j in healthy]) for rule in judged[0].naive]
        lines.append(
            f"| {cell.name} | {len(healthy)} | {early} | {sum(false)} ({share(false):.2%}) "
            f"| {upper95(sum(false), len(false)):.2%} "
            f"| {share([called_by(j, 15) for j in judged if j.survival < 0.35]):.2f} "
            f"| {share([called_by(j, 15) for j in judged if j.survival < 0.50]):.2f} "
            f"| {share([called_by(j, 18) for j in judged if j.survival < 0.50]):.2f} | {abstains:.2f} "
            f"| {naive[0]:.0%} | {naive[1]:.0%} | {naive[2]:.1%} "
            f"| {share([j.ungated <= 18.3 for j in healthy]):.1%} | {min(j.effective for j in judged):.0f} |"
        )
    return lines


def finds_table(rows: list[Cell], run) -> list[str]:  # noqa: ANN001 a closure over the command line
    lines = ["| cell | m12 | m15 | m18 | failure at m18 | told wrong (on course) at m18 |", "|---|---|---|---|---|---|"]
    for cell in rows:
        judged = run(cell)
        last = [j.states[-1][1] for j in judged if j.states]
        lines.append(
            f"| {cell.name} | {share([called_by(j, 12) for j in judged]):.2f} "
            f"| {share([called_by(j, 15) for j in judged]):.2f} | {share([called_by(j, 18) for j in judged]):.2f} "
            f"| {share([s is State.FAILURE for s in last]):.2f} | {share([s is State.ON_COURSE for s in last]):.2f} |"
        )
    return lines


def traps_table(rows: list[Cell], run) -> list[str]:  # noqa: ANN001 a closure over the command line
    lines = [
        "| trap | false failure to 18 | upper 95 % | below baseline | half at 6 | careful threshold | ungated "  # noqa: ISC004 one row
        "| last state: on course, delayed | unsure | other |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for cell in rows:
        judged = run(cell)
        false = [j.first_call <= 18.3 for j in judged]
        naive = [share([j.naive[rule] <= 18.3 for j in judged]) for rule in judged[0].naive]
        last = [j.states[-1][1] for j in judged if j.states]
        good = share([s in {State.ON_COURSE, State.DELAYED} for s in last])
        unsure = share([s in {State.INSUFFICIENT_EVIDENCE, State.ARTEFACT, State.BEHIND} for s in last])
        lines.append(
            f"| {cell.name} | {sum(false)} ({share(false):.2%}) | {upper95(sum(false), len(false)):.2%} "
            f"| {naive[0]:.0%} | {naive[1]:.0%} | {naive[2]:.1%} | {share([j.ungated <= 18.3 for j in judged]):.1%} "
            f"| {good:.2f} | {unsure:.2f} | {1 - good - unsure:.2f} |"
        )
    return lines


def calibration_table(rows: list[Cell], run) -> list[str]:  # noqa: ANN001 a closure over the command line
    lines = ["| cell | month | patients | ECE | Brier | Brier of the base rate |", "|---|---|---|---|---|---|"]
    for cell in rows:
        judged = run(cell)
        for month in (12, 15):
            pairs = [(poor_at(j, month), j.survival < 0.60) for j in judged]
            p = np.array([a for a, _ in pairs if a is not None])
            y = np.array([float(b) for a, b in pairs if a is not None])
            ece, brier = calibration(p, y)
            base = float(y.mean() * (1 - y.mean()))
            lines.append(f"| {cell.name} | {month} | {len(p)} | {ece:.3f} | {brier:.3f} | {base:.3f} |")
    return lines


def prior_table(rows: list[Cell], run) -> list[str]:  # noqa: ANN001 a closure over the command line
    lines = ["| assumption | factor | false failure to 18 | sensitivity < .50 at m15 |", "|---|---|---|---|"]
    knowledge = load()
    weights = [
        key
        for prefix in ("transplant.", "native.", "diffuse.", "measurands.")
        for key in knowledge.assumed_below(prefix)
        if knowledge.fact(key).unit in {"1", "/year"} and ("share" in key or "prior" in key or "bias" in key)
    ]
    for key in weights:
        for factor in (0.5, 2.0):
            value = min(knowledge.value(key) * factor, 0.97)
            changed = knowledge.with_values({key: value})
            judged = run(rows[0], changed)
            healthy = [j.first_call <= 18.3 for j in judged if j.survival >= 0.75]
            found = share([called_by(j, 15) for j in judged if j.survival < 0.50])
            lines.append(
                f"| {key} | {factor} | {sum(healthy)} of {len(healthy)} ({share(healthy):.2%}) | {found:.2f} |"
            )
    return lines


CALIBRATED = {"front 5% known", "front 10% known", "crown 10% known", "front 10% unknown", "front 20% known"}

TABLES = {
    "cells": (CELLS, cells_table),
    "finds": (FINDS, finds_table),
    "traps": (TRAPS, traps_table),
    "calibration": ([c for c in CELLS if c.name in CALIBRATED], calibration_table),
    "prior": ([Cell("front 10% known")], prior_table),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", choices=sorted(TABLES), required=True)
    parser.add_argument("--simulator", choices=sorted(SIMULATORS), required=True)
    parser.add_argument("--patients", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draws", type=int, default=CourseSettings().draws)
    parser.add_argument("--only", default="", help="cells whose name contains this")
    parser.add_argument("--print", action="store_true", help="print, write nothing")
    args = parser.parse_args()
    rows, table = TABLES[args.table]
    rows = [row for row in rows if args.only in row.name]
    settings = CourseSettings(draws=args.draws)
    started = time.process_time()

    def run(cell: Cell, knowledge=None):  # noqa: ANN001, ANN202 a closure over the command line
        return run_cell(
            SIMULATORS[args.simulator], cell, patients=args.patients, seed=args.seed,
            knowledge=knowledge or load(), settings=settings,
        )  # fmt: skip

    lines = table(rows, run)
    command = " ".join(["python", "validation/outcome/tables.py", *(a for a in sys.argv[1:] if a != "--print")])
    text = "\n".join([f"# Outcome, {args.table}, simulator: {args.simulator}", "", f"`{command}`", "", *lines, ""])
    print(text)
    print(f"CPU seconds: {time.process_time() - started:.0f}", file=sys.stderr)
    if not args.print:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"outcome_{args.table}_{args.simulator}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
