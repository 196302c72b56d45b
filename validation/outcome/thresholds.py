"""Prints what each limit of an adverse verdict costs and prevents, on the simulator it is chosen on.

    python validation/outcome/thresholds.py --patients 200 | tee validation/results/outcome_thresholds.md

Patients of validation/outcome/agents.py. `called` is the share of poor growth that stands as called at month 18,
`false` how many of the good grafts were ever called up to then. The rows in use carry a star.
"""

import argparse
import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from cells import CELLS, FINDS, TRAPS  # noqa: E402 as above
from histories import Cell, Patient  # noqa: E402 as above
from scoring import CALLED_FAILED, hash_of  # noqa: E402 as above

from hairtrack.course import follow_many  # noqa: E402 as above
from hairtrack.knowledge import Knowledge, load  # noqa: E402 as above
from hairtrack.model import RegionRole  # noqa: E402 as above
from hairtrack.model.posterior import RegionCourse  # noqa: E402 as above
from hairtrack.outcome import decisions_of  # noqa: E402 as above

AT_ONCE = 200
MONTH_18 = 18.3
GOOD = 0.75
UNCHECKED = (
    "all follow ups wet, no reference", "drifting light, no reference", "dyed or cut, no reference",
    "survival < .35, front 5%", "survival < .35, front 10%", "survival .4, front 10%",
)  # fmt: skip
LATE = ("very late, with reference", "very late, no reference", "front 20%", "front 20%, planted unknown",
        "survival < .35, front 10%, reference", "survival .5, front 10%, reference")  # fmt: skip
Followed = list[tuple[Patient, RegionCourse]]


def cell_named(name: str) -> Cell:
    """Return a cell of any table by its name."""
    return next(c for c in (*CELLS, *TRAPS, *(find[0] for find in FINDS)) if c.name == name)


def followed(name: str, *, patients: int, knowledge: Knowledge) -> Followed:
    """Return patients of a cell with their courses."""
    cell = cell_named(name)
    rng = np.random.default_rng([11, hash_of(name)])
    found: Followed = []
    for start in range(0, patients, AT_ONCE):
        some = [agents.patient(rng, cell) for _ in range(min(AT_ONCE, patients - start))]
        courses = follow_many([p.case for p in some], knowledge=knowledge)
        found += [
            (p, next(r for r in c.regions if r.role is RegionRole.RECIPIENT))
            for p, c in zip(some, courses, strict=True)
        ]
    return found


def told(cohort: Followed, *, knowledge: Knowledge) -> str:
    """Return how many good grafts were called, or which share of poor ones."""
    good, poor = [], []
    for patient, course in cohort:
        decisions = decisions_of(patient.case, course, knowledge=knowledge)
        states = [d.state for look, d in zip(course.looks, decisions, strict=True) if look.months <= MONTH_18]
        if patient.survival >= GOOD:
            good.append(any(s in CALLED_FAILED for s in states))
        elif patient.survival <= 0.5:  # noqa: PLR2004 the finds are at most .5
            poor.append(bool(states) and states[-1] in CALLED_FAILED)
    said = [f"{sum(good)} of {len(good)} false"] if good else []
    return ", ".join([*said, *([f"{np.mean(poor):.2f} called"] if poor else [])])


def table(rows: list[dict[str, float]], names: tuple[str, ...], *, patients: int) -> None:
    """Print a row for each set of values and a column for each cell."""
    usual = load()
    keys = list(rows[0])
    print("\n| " + " | ".join([*keys, *names]) + " |\n|" + "---|" * (len(keys) + len(names)))
    kept: dict[tuple[str, float], Followed] = {}
    for row in rows:
        knowledge = usual.with_values(row)
        spread = knowledge.value("measurands.unnoticed_series_spread")
        cells = []
        for name in names:
            if (name, spread) not in kept:
                kept[name, spread] = followed(name, patients=patients, knowledge=knowledge)
            cells.append(told(kept[name, spread], knowledge=knowledge))
        star = " *" if all(usual.value(key) == value for key, value in row.items()) else ""
        print("| " + " | ".join([*(f"{v:g}" for v in row.values()), *cells]) + star + " |", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=200)
    patients = parser.parse_args().patients
    print(f"`validation/outcome/thresholds.py --patients {patients}`\n\nWhere no untouched region is on the photos:")
    table(
        [
            {"measurands.unnoticed_series_spread": spread, "verdict.hidden_growth_withholds": limit}
            for spread in (0.35, 0.13)
            for limit in (1.0, 0.01, 0.005, 0.001)
        ],
        UNCHECKED,
        patients=patients,
    )
    print("\nGood growth that may still come, before the final look and from then on:")
    table(
        [
            {
                "verdict.on_target_withholds_early": early,
                "verdict.on_target_withholds": late,
                "verdict.probability_poor": poor,
            }
            for early, late, poor in (
                (0.04, 0.20, 0.60), (1.0, 1.0, 0.60), (0.04, 0.10, 0.60), (0.02, 0.20, 0.60), (0.04, 0.05, 0.60),
                (0.04, 0.20, 0.80), (0.04, 0.20, 0.50),
            )
        ],
        LATE,
        patients=patients,
    )  # fmt: skip


if __name__ == "__main__":
    main()
