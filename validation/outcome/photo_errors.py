"""Prints how far coverage is off on drawn follow-ups: each photo by itself, and the change between two of one head.

    .venv/bin/python validation/outcome/photo_errors.py --heads 24 | tee validation/results/outcome_photo_errors.txt

Reads the patients that validation/outcome/photos.py keeps and draws the photos before the operation and of month 15
again for what is true of them. Heads of even turns set `UNSHARED_SHARE` of hairtrack.course.change, odd ones report.
"""

import argparse
import os
import tempfile
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import cv2  # noqa: E402 threads are limited before numpy is loaded
import numpy as np  # noqa: E402 as above
from photos import KINDS, kept_in, plan_of  # noqa: E402 as above

from hairtrack.model import RegionName, View  # noqa: E402 as above
from hairtrack.synth.cases import day_of, render_visit  # noqa: E402 as above

REGIONS = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
OPERATED = {"grown", "delayed", "poor", "failed", "heredity"}
MONTHS = (-0.07, 15.0)


def main() -> None:
    """Print a row a region and half of the heads."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heads", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--readings", type=Path, default=Path(tempfile.gettempdir()) / "hairtrack_photos.jsonl")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    patients = [kept for kept in kept_in(arguments.readings) if kept.truth.kind in OPERATED][: arguments.heads]
    errors: dict[tuple[str, RegionName], list[tuple[float, float, float]]] = {}
    for kept in patients:
        half = "odd" if (kept.truth.index // len(KINDS)) % 2 else "even"
        plan = plan_of(kept.truth, arguments.seed)
        visits = [visit for visit in plan.visits if visit.month in MONTHS]
        truths = [render_visit(plan, visit, View.TOP).truth.coverage for visit in visits]
        for region in REGIONS:
            read = [
                next(
                    (
                        o.value
                        for o in kept.case.observations
                        if (o.taken_on, o.region, o.measurand) == (day_of(plan, visit), region, "coverage_fraction")
                    ),
                    None,
                )
                for visit in visits
            ]
            if None not in read:
                first, last = (float(value) - truth[region] for value, truth in zip(read, truths, strict=True) if value)
                true_change = truths[1][region] - truths[0][region]
                errors.setdefault((half, region), []).append((first, last, true_change))
    print(f"validation/outcome/photo_errors.py --heads {len(patients)} --seed {arguments.seed}\n")
    for (half, region), rows in sorted(errors.items()):
        first, last, true_change = np.array(rows).T
        alone = np.concatenate([first, last])
        change = (last - first) / np.sqrt(2)
        print(
            f"{half} heads, {region.value}: {len(rows)} pairs, mean true change {np.abs(true_change).mean():.2f}; "
            f"a photo by itself is off by {alone.mean():+.3f}, SD {alone.std():.3f}; "
            f"a change by {np.sqrt((change**2).mean()):.3f} a photo"
        )


if __name__ == "__main__":
    main()
