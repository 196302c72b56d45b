"""Prints how often each scenario keeps its verdict when every reading is jittered by a fifth of its error.

python validation/outcome/noise.py --seeds 200 | tee validation/results/outcome_noise.txt
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402 threads are limited before numpy is loaded

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "golden" / "outcome"))
import test_scenarios as scenarios  # noqa: E402 the table of scenarios lives with its test

from hairtrack.course import follow_many  # noqa: E402 as above
from hairtrack.knowledge import load  # noqa: E402 as above
from hairtrack.model import Case  # noqa: E402 as above
from hairtrack.outcome import decisions_of, judge  # noqa: E402 as above

JITTER = 0.2


def _jittered(case: Case, rng: np.random.Generator) -> Case:
    rows = tuple(
        replace(o, value=max(o.value + JITTER * (o.std_uncertainty or 0.0) * rng.standard_normal(), 0.0))
        for o in case.observations
    )
    return replace(case, observations=rows)


def main() -> None:
    """Print the share of seeds with an expected state, for each expectation below one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    args = parser.parse_args()
    knowledge = load()
    print(f"validation/outcome/noise.py --seeds {args.seeds}")
    stable = total = 0
    for scenario in scenarios.SCENARIOS:
        for expected in scenario["expect"]:
            if "states" not in expected:
                continue
            case = scenarios.case_of(scenario, expected["at"])
            noisy = [_jittered(case, np.random.default_rng(seed)) for seed in range(args.seeds)]
            kept = 0
            for one, courses in zip(noisy, follow_many(noisy, knowledge=knowledge), strict=True):
                course = next(c for c in courses.regions if c.region == expected["region"])
                decisions = decisions_of(one, course, knowledge=knowledge)
                if decisions:
                    state = decisions[-1].state
                else:
                    state = next(v.state for v in judge(one, courses, knowledge=knowledge) if v.region == course.region)
                kept += state in expected["states"]
            total += 1
            stable += kept >= 0.95 * args.seeds
            if kept < args.seeds:
                print(f"scenario {scenario['number']} month {expected['at']}: {kept} of {args.seeds}")
    print(f"{stable} of {total} expectations keep their state in at least 95 % of {args.seeds} seeds")


if __name__ == "__main__":
    main()
