"""How far a change of coverage is off on re-shot synthetic heads, and how much of the error two photos of a head share.

    .venv/bin/python validation/coverage_change_on_synthetic_heads.py | tee validation/results/coverage_change.txt

Every head is drawn at four states of hair loss, each re-taken with normal care: other pose, lamp, wall and lie of the
hair. Regions are the true ones. Even heads (tuning) set the settings, odd heads (reporting) are held out.
"""

import itertools
import sys
from datetime import date

import cv2
import numpy as np

from coverage_on_synthetic_heads import read_regions
from hairtrack.course.change import COVERAGE, error_between_photos, interval_of_change, smallest_detectable_change
from hairtrack.model import Measured, RegionName, View
from hairtrack.synth.cases import CasePlan, Visit, render_visit
from hairtrack.synth.history import Course
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp

HEADS = 16
SHARES_LEFT = (0.08, 0.3, 0.6, 0.95)
REGIONS = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
SIZE_PX = (800, 800)


def readings_of_head(number: int) -> list[tuple[RegionName, float, float, float]]:
    """Return region, true coverage, measured coverage and claimed error between photos of each state of a head."""
    rng = np.random.default_rng([9, number])
    skin = SKIN_TONES[str(rng.choice(["I", "II", "III", "IV", "V"]))]
    hair = HAIR_COLOURS[str(rng.choice(["black", "brown", "blond"]))]
    scalp = grow_scalp(SkinAndHair(skin=skin, hair=hair), seed=500 + number)
    length_mm = float(rng.uniform(11, 26))
    readings = []
    for state, share in enumerate(SHARES_LEFT):
        shares = {RegionName.FRONTAL: share, RegionName.MIDSCALP: 0.7 * share + 0.2, RegionName.VERTEX: share**0.5}
        plan = CasePlan(
            patient_id="drawn",
            scalp=scalp,
            course=Course(native_share=shares, length_mm=length_mm),
            operated_on=date(2025, 1, 1),
            visits=(),
            size_px=SIZE_PX,
            seed=number,
        )
        photo = render_visit(plan, Visit(month=float(state)), View.TOP)
        read = read_regions(photo, REGIONS)
        if isinstance(read, str):
            continue
        readings += [
            (region, truth, cover.value, error_between_photos(cover))
            for region, truth, cover, _ in read
            if isinstance(cover, Measured)
        ]
    return readings


def report(name: str, heads: list[list[tuple[RegionName, float, float, float]]]) -> None:
    """Print the errors of levels and of changes within one region of one head."""
    levels, changes, truths, measured, holds = [], [], [], [], []
    for readings in heads:
        for region in REGIONS:
            own = [(truth, value, error) for where, truth, value, error in readings if where is region]
            levels += [value - truth for truth, value, _ in own]
            for (first, one, one_error), (second, other, other_error) in itertools.combinations(own, 2):
                limit = smallest_detectable_change(one_error, other_error)
                low, high = interval_of_change(other - one, limit, COVERAGE)
                holds.append(low <= second - first <= high)
                truths.append(second - first)
                measured.append(other - one)
                changes.append((other - one) - (second - first))
    level, change = np.array(levels), np.array(changes)
    slope = float(np.dot(truths, measured) / np.dot(truths, truths))
    print(
        f"{name}: {len(level)} levels: bias {level.mean():+.3f}, SD {level.std():.3f}, root mean square"
        f" {np.sqrt((level**2).mean()):.3f}; {len(change)} changes: bias {change.mean():+.3f},"
        f" root mean square {np.sqrt((change**2).mean()):.3f}, so {np.sqrt((change**2).mean() / 2):.3f} a photo;"
        f" measured change a true change {slope:.2f}; intervals hold {np.mean(holds):.1%}"
    )


def main() -> int:
    """Draw, measure and print both halves."""
    cv2.setNumThreads(1)
    heads = [readings_of_head(number) for number in range(HEADS)]
    for number, readings in enumerate(heads):
        told = "  ".join(f"{where.value[:4]} {truth:.2f}->{value:.2f}" for where, truth, value, _ in readings)
        print(f"head {number:2d}: {told}")
    report("tuning heads (even)", heads[::2])
    report("reporting heads (odd)", heads[1::2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
