"""How often a change is claimed where a head was only photographed again, and how often a true loss is seen.

    .venv/bin/python validation/coverage_reshot.py --heads 24 | tee validation/results/coverage_reshot.txt

Each synthetic head is drawn once, then again as it is (other pose, lamp, wall, lie of the hair), wet, cut shorter,
dyed, and with a tenth, a fifth and a third of its hairs gone, each re-taken with usual care. Regions are the true ones.
A change is claimed when it is larger than 1.96 joint standard errors of the two photos: once with the whole error of
each photo, once with the part that photos of one head do not share, as `hairtrack.course.changes` takes it and prints.
Even heads set that part, odd heads are held out.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import cv2
import numpy as np

from coverage_on_synthetic_heads import read_regions
from hairtrack.course.change import COVERAGE, error_between_photos, interval_of_change, smallest_detectable_change
from hairtrack.model import Measured, RegionName, View
from hairtrack.synth.cases import CasePlan, Visit, shot_of_the_day
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import RenderedPhoto, render_global
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, Scalp, SkinAndHair, grow_scalp

REGIONS = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
SIZE_PX = (800, 800)
LOST = {"a tenth lost": 0.10, "a fifth lost": 0.20, "a third lost": 0.35}
STATES = ("as it was", "wet", "cut", "dyed", *LOST)
CUT_TO = 0.6
"""Length after a barber, of the length before."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One region on the first photo and on the second: what is true, what was measured."""

    state: str
    even: bool
    truths: tuple[float, float]
    measured: tuple[Measured, Measured]

    @property
    def true_change(self) -> float:
        """Second less first."""
        return self.truths[1] - self.truths[0]

    @property
    def change(self) -> float:
        """What was measured of it."""
        return self.measured[1].value - self.measured[0].value

    def claimed(self, *, shared: bool) -> bool:
        """Whether the change lies beyond the error; `shared` keeps the part of the error that both photos share."""
        stds = (m.std_uncertainty if shared else error_between_photos(m) for m in self.measured)
        return abs(self.change) > smallest_detectable_change(*stds)


def interval_holds(pair: Pair) -> bool:
    """Return whether the interval that is printed of a change holds the true one."""
    limit = smallest_detectable_change(*(error_between_photos(m) for m in pair.measured))
    low, high = interval_of_change(pair.change, limit, COVERAGE)
    return low <= pair.true_change <= high


def photo_of(scalp: Scalp, *, head: int, share: float, length_mm: float, day: int, wet: bool = False) -> RenderedPhoto:
    """Return the head as it is taken on a day: `share` of its hairs on top stand, cut to a length."""
    shares = dict.fromkeys(REGIONS, share)
    plan = CasePlan(
        patient_id="drawn", scalp=scalp, course=Course(native_share=shares, length_mm=length_mm),
        operated_on=date(2025, 1, 1), visits=(Visit(month=0.0),), size_px=SIZE_PX, seed=head,
    )  # fmt: skip
    rng = np.random.default_rng([head, day])
    shot = shot_of_the_day(View.TOP, plan, rng)
    shot = replace(shot, style=replace(shot.style, wet=wet))
    return render_global(scalp, hair_on(scalp, plan.course, month=0.0), shot, rng=rng)


def pairs_of_head(head: int) -> Iterator[Pair]:
    """Yield every region of a head in each state beside its first photo."""
    rng = np.random.default_rng([41, head])
    skin = SKIN_TONES[str(rng.choice(["I", "II", "III", "IV", "V"]))]
    colours = ["black", "brown", "blond"]
    hair = str(rng.choice(colours))
    share, length_mm = float(rng.uniform(0.4, 1.0)), float(rng.uniform(12, 26))
    scalp = grow_scalp(SkinAndHair(skin=skin, hair=HAIR_COLOURS[hair]), seed=900 + head)
    other = HAIR_COLOURS[colours[(colours.index(hair) + 1) % len(colours)]]
    dyed = grow_scalp(SkinAndHair(skin=skin, hair=other), seed=900 + head)
    first = _readings(photo_of(scalp, head=head, share=share, length_mm=length_mm, day=0))
    for day, state in enumerate(STATES, start=1):
        photo = photo_of(
            dyed if state == "dyed" else scalp,
            head=head,
            share=share * (1.0 - LOST.get(state, 0.0)),
            length_mm=length_mm * (CUT_TO if state == "cut" else 1.0),
            day=day,
            wet=state == "wet",
        )
        second = _readings(photo)
        for region in sorted(first.keys() & second.keys()):
            truths, measured = zip(first[region], second[region], strict=True)
            yield Pair(state, head % 2 == 0, truths, measured)


def _readings(photo: RenderedPhoto) -> dict[RegionName, tuple[float, Measured]]:
    read = read_regions(photo, REGIONS)
    if isinstance(read, str):
        return {}
    return {region: (truth, cover) for region, truth, cover, _ in read if isinstance(cover, Measured)}


def told(pairs: list[Pair]) -> str:
    """Return how far changes are off and how often they are claimed."""
    true, off = np.array([p.true_change for p in pairs]), np.array([p.change - p.true_change for p in pairs])
    whole, between = (np.mean([p.claimed(shared=s) for p in pairs]) for s in (True, False))
    holds = np.mean([interval_holds(p) for p in pairs])
    errors = np.median([error_between_photos(p.measured[0]) for p in pairs])
    return (
        f"{len(pairs):3d} regions, true change {true.mean():+.3f}, measured {true.mean() + off.mean():+.3f}; off by "
        f"{np.sqrt((off**2).mean() / 2):.3f} a photo; error between photos {errors:.3f}; claimed by the whole error "
        f"{whole:.0%}, by the error between photos {between:.0%}; intervals hold {holds:.0%}"
    )


def main() -> int:
    """Print a line a state and half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heads", type=int, default=24)
    heads = parser.parse_args().heads
    cv2.setNumThreads(1)
    pairs = [pair for head in range(heads) for pair in pairs_of_head(head)]
    print(f"validation/coverage_reshot.py --heads {heads}")
    for half, even in (("even heads (tuning)", True), ("odd heads (reporting)", False)):
        print(f"\n{half}")
        for state in STATES:
            print(f"{state:13s} {told([p for p in pairs if p.state == state and p.even is even])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
