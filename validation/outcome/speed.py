"""Prints CPU milliseconds per patient with 18 looks: following the courses, and deciding after every look.

python validation/outcome/speed.py
"""

import os
import time

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import agents  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from histories import Cell  # noqa: E402 as above

from hairtrack.course import CourseSettings, follow  # noqa: E402 as above
from hairtrack.knowledge import load  # noqa: E402 as above
from hairtrack.outcome import judge  # noqa: E402 as above

PATIENTS = 40


def main() -> None:
    """Print one line for each number of draws."""
    rng = np.random.default_rng(1)
    cases = [agents.patient(rng, Cell("speed")).case for _ in range(PATIENTS)]
    for draws in (4000, 1000):
        settings = CourseSettings(draws=draws)
        judge(cases[0], follow(cases[0], knowledge=load(), settings=settings), knowledge=load())
        started = time.process_time()
        courses = [follow(case, knowledge=load(), settings=settings) for case in cases]
        followed = time.process_time()
        for case, course in zip(cases, courses, strict=True):
            judge(case, course, knowledge=load())
        ended = time.process_time()
        print(
            f"{draws} draws: follow {1000 * (followed - started) / PATIENTS:.1f} ms, "
            f"judge {1000 * (ended - followed) / PATIENTS:.1f} ms a patient"
        )


if __name__ == "__main__":
    main()
