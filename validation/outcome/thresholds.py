"""Prints what each limit of an adverse verdict costs and prevents, on the simulator it is chosen on.

    python validation/outcome/thresholds.py --patients 200 | tee validation/results/outcome_thresholds.md

Patients of validation/outcome/agents.py. `called` is the share of poor growth that stands as called at month 18,
`false` how many of the good grafts were ever called up to then. The rows in use carry a star.
"""

import argparse
import os
from collections.abc import Sequence

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from cells import CELLS, FINDS, TRAPS  # noqa: E402 as above
from histories import Cell, Patient  # noqa: E402 as above
from scoring import CALLED_FAILED, ROLES, hash_of  # noqa: E402 as above

from hairtrack.course import follow_many  # noqa: E402 as above
from hairtrack.knowledge import Knowledge, load  # noqa: E402 as above
from hairtrack.model import RegionRole  # noqa: E402 as above
from hairtrack.model.posterior import RegionCourse  # noqa: E402 as above
from hairtrack.outcome import decisions_of  # noqa: E402 as above

AT_ONCE = 200
MONTH_18 = 18.3
FAILED = {"donor": 0.60}
FAILED_RECIPIENT = 0.50
"""Surviving share up to which a patient is one to be found; of a donor, the share that was left."""

UNCHECKED = (
    "all follow ups wet, no reference", "drifting light, no reference", "dyed or cut, no reference",
    "survival < .35, front 5%", "survival < .35, front 10%", "survival .4, front 10%",
)  # fmt: skip
LATE = ("very late, with reference", "very late, no reference", "front 20%", "front 20%, planted unknown",
        "survival < .35, front 10%, reference", "survival .5, front 10%, reference")  # fmt: skip
CHECKED = ("very late, with reference", "all follow ups wet, with reference", "drifting light, with reference",
           "fast native loss, with reference", "survival < .35, front 10%, reference",
           "survival .5, front 10%, reference")  # fmt: skip
DONORS = (
    *(Cell(f"donor {error:.0%}", place="donor", error=error, poor_share=0.5) for error in (0.03, 0.10, 0.20)),
    Cell("donor 10%, references", place="donor", poor_share=0.5, references=True),
    Cell("donor effluvium", trap="donor_effluvium", place="donor", poor_share=0.0),
)
Followed = list[tuple[Patient, RegionCourse]]


def cell_named(name: str) -> Cell:
    """Return a cell of any table by its name."""
    return next(c for c in (*CELLS, *TRAPS, *(find[0] for find in FINDS)) if c.name == name)


def followed(cell: Cell, *, patients: int, knowledge: Knowledge) -> Followed:
    """Return patients of a cell with their courses."""
    role = ROLES.get(cell.place, RegionRole.RECIPIENT)
    rng = np.random.default_rng([11, hash_of(cell.name)])
    found: Followed = []
    for start in range(0, patients, AT_ONCE):
        some = [agents.patient(rng, cell) for _ in range(min(AT_ONCE, patients - start))]
        courses = follow_many([p.case for p in some], knowledge=knowledge)
        found += [(p, next(r for r in c.regions if r.role is role)) for p, c in zip(some, courses, strict=True)]
    return found


def told(cohort: Followed, *, failed: float, knowledge: Knowledge) -> str:
    """Return how many good grafts were called, or which share of poor ones."""
    good, poor = [], []
    for patient, course in cohort:
        decisions = decisions_of(patient.case, course, knowledge=knowledge)
        states = [d.state for look, d in zip(course.looks, decisions, strict=True) if look.months <= MONTH_18]
        if patient.healthy:
            good.append(any(s in CALLED_FAILED for s in states))
        elif patient.survival <= failed:
            poor.append(bool(states) and states[-1] in CALLED_FAILED)
    said = [f"{sum(good)} of {len(good)} false"] if good else []
    return ", ".join([*said, *([f"{np.mean(poor):.2f} called"] if poor else [])])


def table(rows: list[dict[str, float]], cells: Sequence[Cell], *, patients: int) -> None:
    """Print a row for each set of values and a column for each cell."""
    usual = load()
    keys = list(rows[0])
    print("\n| " + " | ".join([*keys, *(cell.name for cell in cells)]) + " |\n|" + "---|" * (len(keys) + len(cells)))
    kept: dict[tuple[str, float], Followed] = {}
    for row in rows:
        knowledge = usual.with_values(row)
        spread = knowledge.value("measurands.unnoticed_series_spread")
        said = []
        for cell in cells:
            if (cell.name, spread) not in kept:
                kept[cell.name, spread] = followed(cell, patients=patients, knowledge=knowledge)
            failed = FAILED.get(cell.place, FAILED_RECIPIENT)
            said.append(told(kept[cell.name, spread], failed=failed, knowledge=knowledge))
        star = " *" if all(usual.value(key) == value for key, value in row.items()) else ""
        print("| " + " | ".join([*(f"{v:g}" for v in row.values()), *said]) + star + " |", flush=True)


TABLES: dict[str, tuple[tuple[Cell, ...], tuple[str, ...], tuple[tuple[float, ...], ...]]] = {
    "Where no untouched region is on the photos": (
        tuple(map(cell_named, UNCHECKED)),
        ("measurands.unnoticed_series_spread", "verdict.hidden_growth_withholds"),
        tuple((spread, limit) for spread in (0.35, 0.13) for limit in (1.0, 0.01, 0.005, 0.001)),
    ),
    "Good growth that may still come, before the final look and from then on": (
        tuple(map(cell_named, LATE)),
        ("verdict.on_target_withholds_early", "verdict.on_target_withholds", "verdict.probability_poor"),
        (
            (0.04, 0.10, 0.6),
            (1.0, 1.0, 0.6),
            (0.04, 0.20, 0.6),
            (0.02, 0.10, 0.6),
            (0.04, 0.05, 0.6),
            (0.04, 0.10, 0.8),
        ),
    ),
    "Light that untouched regions show in part": (
        tuple(map(cell_named, CHECKED)),
        ("verdict.hidden_growth_withholds_checked", "verdict.on_target_withholds"),
        tuple((hidden, target) for target in (0.20, 0.10) for hidden in (1.0, 0.10, 0.05, 0.03)),
    ),
    "Over-extracted donors": (
        DONORS,
        ("verdict.probability_over_extraction", "verdict.probability_over_extraction_checked"),
        ((0.80, 0.80), (0.90, 0.86), (0.95, 0.86), (0.98, 0.86), (0.98, 0.95)),
    ),
}
"""Title, cohorts, the limits that are moved and the values that they take."""


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=200)
    patients = parser.parse_args().patients
    print(f"`validation/outcome/thresholds.py --patients {patients}`")
    for title, (cells, keys, values) in TABLES.items():
        print(f"\n{title}:")
        table([dict(zip(keys, row, strict=True)) for row in values], cells, patients=patients)


if __name__ == "__main__":
    main()
