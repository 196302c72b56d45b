"""What the link from coverage at one length of hair to coverage at another is worth, on drawn people who were cut.

    .venv/bin/python validation/hair_length_link.py FOLDER | tee validation/results/hair_length_link.txt

FOLDER holds the people that `train_hair_state.py --described FOLDER` drew and described: each from above as at first,
taken again, cut to six tenths, with a third of the hairs lost and with half more. One photo is held against another by
`relative_hair_density`, once as if the lengths were alike and once through the link. A change is claimed when the
interval of the ratio excludes 1; the true ratio is that of the hairs. Even people set exponent and error of the link,
odd people are held out.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import log, log1p
from pathlib import Path

import numpy as np

from drawn_states import AS_IT_WAS, CUT, CUT_TO, FIRST, GROWN, LOST
from hairtrack.measure.relative_density import (
    LINK_EXPONENT,
    LINK_EXPONENT_STD,
    UNSHARED_SHARE,
    relative_hair_density,
)
from hairtrack.measure.told import told
from hairtrack.model import Measured

PAIRS = ((FIRST, AS_IT_WAS), (FIRST, CUT), (CUT, FIRST), (FIRST, LOST), (CUT, LOST), (FIRST, GROWN), (CUT, GROWN))
LEAST_COVER, MOST_COVER = 0.05, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A region on one photo: what is true, what was measured, hairs and length against the first photo."""

    truth: float
    cover: Measured
    hairs: float
    length: float


def cover_of(value: float, error_between: float) -> Measured:
    """Return a coverage whose error between photos of a head is as it was printed."""
    shared = error_between / UNSHARED_SHARE
    return told(value, {"segmentation": shared}, method="coverage_fraction@1", lowest=0.0, highest=1.0)


def people(folder: Path) -> Iterator[tuple[int, dict[str, list[Reading | None]]]]:
    """Yield each person's number and the readings of the regions by state."""
    for file in sorted(folder.glob("drawn_*.npz")):
        with np.load(file) as stored:
            share = float(stored["share"])
            hairs = {LOST: 0.65, GROWN: min(1.0, 1.5 * share) / share}
            yield (
                int(file.stem[6:]),
                {
                    state: [
                        Reading(
                            truth=float(truth),
                            cover=cover_of(float(value), float(error)),
                            hairs=hairs.get(state, 1.0),
                            length=CUT_TO if state == CUT else 1.0,
                        )
                        if np.isfinite([truth, value, error]).all()
                        else None
                        for truth, value, error in stored[f"{state}/coverage"]
                    ]
                    for state in {state for pair in PAIRS for state in pair}
                    if f"{state}/coverage" in stored
                },
            )


def exponent(before: float, now: float, length_ratio: float) -> float | None:
    """Return by which power of length the optical depth grew between two coverages, None near none or all."""
    if not all(LEAST_COVER < cover < MOST_COVER for cover in (before, now)):
        return None
    return log(log1p(-now) / log1p(-before)) / log(length_ratio)


def print_exponents(name: str, pairs: list[tuple[Reading, Reading]]) -> None:
    """Print the powers that the true and the measured coverages of cut hair speak of."""
    for kind, values in (
        ("true", [exponent(a.truth, b.truth, b.length / a.length) for a, b in pairs]),
        ("measured", [exponent(a.cover.value, b.cover.value, b.length / a.length) for a, b in pairs]),
    ):
        known = np.array([v for v in values if v is not None])
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
        print(
            f"{name}: optical depth by {kind} coverage grows as length to the power {known.mean():.2f} (SD"
            f" {known.std():.2f}; 5 % {low:.2f}, median {middle:.2f}, 95 % {high:.2f}), {len(known)} regions"
        )


def print_ratios(pair: tuple[str, str], readings: list[tuple[Reading, Reading]]) -> None:
    """Print how far ratios are off, how often a change is claimed and how often intervals hold, both ways."""
    said = []
    for linked in (False, True):
        rows = []
        for before, now in readings:
            length_ratio = now.length / before.length if linked else 1.0
            ratio = relative_hair_density(now.cover, before.cover, length_ratio=length_ratio)
            if isinstance(ratio, Measured):
                low, high = ratio.interval95
                true = now.hairs / before.hairs
                rows.append((log(ratio.value / true), not low <= 1.0 <= high, low <= true <= high))
        off, claimed, held = np.array(rows, float).T
        said.append(
            f"{'with link' if linked else 'without'}: off by {np.exp(off.mean()) - 1:+.0%} (SD {off.std():.2f}),"
            f" claimed {claimed.mean():.0%}, intervals hold {held.mean():.0%} of {len(rows)}"
        )
    print(f"{pair[0]:>12s} to {pair[1]:12s} {said[0]}; {said[1]}")


def main() -> int:
    """Print both halves."""
    everybody = list(people(Path(sys.argv[1])))
    print(f"link: power {LINK_EXPONENT} of the length, standard error {LINK_EXPONENT_STD}; {len(everybody)} people")
    for half, name in enumerate(("even people (tuning)", "odd people (reporting)")):
        own = [states for number, states in everybody if number % 2 == half]
        print(f"\n{name}")
        by_pair = {
            pair: [
                (a, b)
                for states in own
                for a, b in zip(states.get(pair[0], []), states.get(pair[1], []), strict=False)
                if a is not None and b is not None
            ]
            for pair in PAIRS
        }
        print_exponents(name.split()[0], by_pair[FIRST, CUT])
        for pair, readings in by_pair.items():
            print_ratios(pair, readings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
