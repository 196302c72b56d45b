"""Prints what it costs and prevents to ask photos for evidence before "on course" is said: better odds by a factor.

python validation/outcome/evidence.py --patients 200 | tee validation/results/outcome_evidence.md

Simulated patients of validation/outcome/agents.py at month 15: good growth is a surviving share of at least .75, poor
growth below .60. A first factor of 0 is no such rule: the high share of good grafts before any photo speaks for itself.
"""

import argparse
import os
from dataclasses import replace

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from histories import OPERATED_ON, Cell  # noqa: E402 as above

from hairtrack.course import CourseSettings, follow  # noqa: E402 as above
from hairtrack.knowledge import load  # noqa: E402 as above
from hairtrack.model import RegionRole, State  # noqa: E402 as above
from hairtrack.outcome import decisions_of  # noqa: E402 as above

CELLS = (
    Cell(name="counts, error 10 %", error=0.10, poor_share=0.5),
    Cell(name="counts, error 20 %", error=0.20, poor_share=0.5),
    Cell(name="coverage only, error 20 %", error=0.20, coverage=True, references=True, poor_share=0.5),
    Cell(name="coverage only, error 40 %", error=0.40, coverage=True, references=True, poor_share=0.5),
)
NEVER = 1e9
FACTORS = (
    (0.0, NEVER),
    (1.0, NEVER),
    (1.5, NEVER),
    (3.0, NEVER),
    (1.5, 3.0),
    (1.5, 4.0),
    (1.5, 6.0),
    (1.5, 10.0),
    (1.5, 20.0),
)
"""Factors by which the odds of being on target must rise, or those of poor growth fall."""
JUDGED_UP_TO_MONTH = 15.5
GOOD, POOR = 0.75, 0.60


def main() -> None:
    """Print for each cell and factor how many good and poor transplants are called on course."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    knowledge = load()
    print(f"validation/outcome/evidence.py --patients {arguments.patients} --seed {arguments.seed}\n")
    print(
        "| cell | on target | or against poor | good called on course | poor called on course |\n|---|---|---|---|---|"
    )
    for cell in CELLS:
        rng = np.random.default_rng([arguments.seed, *cell.name.encode()])
        called: dict[tuple[tuple[float, float], bool], list[bool]] = {}
        for _ in range(arguments.patients):
            patient = agents.patient(rng, cell)
            if POOR <= patient.survival < GOOD:
                continue
            seen = [
                o for o in patient.case.observations if (o.taken_on - OPERATED_ON).days / 30.44 < JUDGED_UP_TO_MONTH
            ]
            case = replace(patient.case, observations=tuple(seen))
            courses = follow(case, knowledge=knowledge, settings=CourseSettings())
            course = next(c for c in courses.regions if c.role is RegionRole.RECIPIENT)
            for factor in FACTORS:
                keys = ("verdict.evidence_on_course", "verdict.evidence_against_poor")
                asked = knowledge.with_values(dict(zip(keys, factor, strict=True)))
                verdict = decisions_of(case, course, knowledge=asked, newest=1)[-1]
                key = (factor, patient.survival >= GOOD)
                called.setdefault(key, []).append(verdict.state is State.ON_COURSE)
        for factor in FACTORS:
            told = [
                f"{np.mean(flags):.0%} of {len(flags)}" if (flags := called.get((factor, good))) else "-"
                for good in (True, False)
            ]
            against = "-" if factor[1] == NEVER else f"{factor[1]:g}"
            print(f"| {cell.name} | {factor[0]:g} | {against} | {told[0]} | {told[1]} |", flush=True)


if __name__ == "__main__":
    main()
