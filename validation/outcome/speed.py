"""Prints what the verdict costs: cohorts of patients with 18 looks, and one patient at a time.

    python validation/outcome/speed.py | tee validation/results/outcome_speed.txt

Cohorts go through `hairtrack.course.follow_many(cases, knowledge=..., settings=...)`, which gives each case what
`hairtrack.course.follow` gives it alone and weighs patients of one kind side by side: hand it some hundred cases at a
time. `hairtrack.outcome.decisions_of` then decides after every look.
"""

import argparse
import os
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from histories import Cell  # noqa: E402 as above

from hairtrack.course import CourseSettings, follow, follow_many  # noqa: E402 as above
from hairtrack.knowledge import load  # noqa: E402 as above
from hairtrack.outcome import decisions_of  # noqa: E402 as above
from hairtrack.pipeline.reasoning import assess  # noqa: E402 as above

CELLS = (Cell("front 10%"), Cell("front 5%", error=0.05), Cell("front 10%, references", references=True))
AT_ONCE = 200


def main() -> None:
    """Print a line for each cohort, then one for a patient alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    arguments = parser.parse_args()
    knowledge, settings = load(), CourseSettings()
    print(f"validation/outcome/speed.py --patients {arguments.patients}")
    print(f"one core, CPU time, {settings.draws} draws, {settings.finer_draws} where these are too few\n")
    for cell in CELLS:
        rng = np.random.default_rng(1)
        cases = [agents.patient(rng, cell).case for _ in range(arguments.patients)]
        follow_many(cases[:20], knowledge=knowledge, settings=settings)
        started = time.process_time()
        courses = [
            one
            for i in range(0, len(cases), AT_ONCE)
            for one in follow_many(cases[i : i + AT_ONCE], knowledge=knowledge, settings=settings)
        ]
        followed = time.process_time()
        looks = 0
        for case, course in zip(cases, courses, strict=True):
            for region in course.regions:
                looks += len(decisions_of(case, region, knowledge=knowledge))
        ended = time.process_time()
        alone = [follow(case, knowledge=knowledge, settings=settings) for case in cases[:50]]
        same = sum(one == other for one, other in zip(alone, courses, strict=False))
        print(
            f"{cell.name}: follow {1000 * (followed - started) / len(cases):.2f} ms, "
            f"decide {1000 * (ended - followed) / len(cases):.2f} ms a patient of {looks / len(cases):.1f} looks; "
            f"{len(cases) / (ended - started):.0f} patients/s, "
            f"{looks / 18 / (ended - started):.0f} x 18 looks/s; {same} of {len(alone)} alone the same"
        )
    rng = np.random.default_rng(2)
    cases = [agents.patient(rng, CELLS[0]).case for _ in range(50)]
    assess(cases[0])
    each = []
    for case in cases:
        started = time.process_time()
        assess(case)
        each.append(1000 * (time.process_time() - started))
    print(
        f"hairtrack.assess, one patient with bands and words: median {np.median(each):.1f} ms, most {max(each):.1f} ms"
    )


if __name__ == "__main__":
    main()
