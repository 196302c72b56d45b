"""Which estimate of the sampling error of coverage comes nearest to what hair laid anew really does.

    .venv/bin/python validation/coverage_sampling.py --heads 12 | tee validation/results/coverage_sampling.txt

Each drawn head is photographed again and again from one place in one light: with its hair laid anew, and with other
hairs of the same density. The spread of a region's measured coverage between such photos is the true sampling error.
Beside it stand the mean of what each photo claims by differences of neighbouring blocks, as `hairtrack.measure` takes
it, and by resampling the same blocks (block bootstrap: Hall, Horowitz & Jing 1995, doi 10.1093/biomet/82.3.561). Each
row is printed as it is measured, so that a run cut short tells of the heads that it reached; `--rows FILE` sums it up.
"""

import argparse
import re
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.measure.coverage import BLOCKS_ACROSS, sampling_std
from hairtrack.model import RegionName, View
from hairtrack.segment.hair import find_hair
from hairtrack.segment.head import find_head
from hairtrack.segment.settings import SegmentSettings
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import REGION_NAMES, Shot, render_global
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, Scalp, SkinAndHair, grow_scalp
from hairtrack.synth.strands import Style

REGIONS = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
SIZE_PX = (420, 420)
LAID = 6
RESAMPLED = 200
KINDS = ("laid anew", "other hairs")
LENGTHS_MM = (3.0, 10.0, 22.0, 40.0)


def bootstrap_std(values: FractionMap, used: Mask, rng: np.random.Generator) -> float:
    """Return the spread of the mean over `used` when its blocks are drawn with replacement."""
    rows, columns = np.nonzero(used)
    side = max(2, int(np.ceil(np.sqrt(len(rows)) / BLOCKS_ACROSS)))
    place = (rows - rows.min()) // side * len(columns) + (columns - columns.min()) // side
    _, block = np.unique(place, return_inverse=True)
    count, total = np.bincount(block), np.bincount(block, weights=values[used])
    full = count >= side * side / 2
    count, total = count[full], total[full]
    chosen = rng.integers(0, len(count), (RESAMPLED, len(count)))
    return float((total[chosen].sum(axis=1) / count[chosen].sum(axis=1)).std(ddof=1))


def scalp_of(head: int, follicles: int) -> tuple[Scalp, Course]:
    """Return a head of a number with one of several sets of follicles, and its hair."""
    rng = np.random.default_rng([61, head])
    skin, hair = str(rng.choice(list(SKIN_TONES)[:5])), str(rng.choice(["black", "brown", "blond"]))
    left = float(rng.uniform(0.2, 1.0))
    colours = SkinAndHair(skin=SKIN_TONES[skin], hair=HAIR_COLOURS[hair])
    course = Course(length_mm=LENGTHS_MM[head % len(LENGTHS_MM)], native_share=dict.fromkeys(REGIONS, left))
    return grow_scalp(colours, seed=7000 + 100 * head + follicles), course


def readings(head: int, kind: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (photos, regions, 3): measured coverage, and its error by differences and by bootstrap; NaN unseen."""
    found = []
    scalp, course = scalp_of(head, 0)
    for photo_number in range(LAID):
        if kind == "other hairs" and photo_number:
            scalp, course = scalp_of(head, photo_number)
        shot = Shot(view=View.TOP, size_px=SIZE_PX, style=Style(lie_seed=1 + (photo_number if kind == KINDS[0] else 0)))
        photo = render_global(scalp, hair_on(scalp, course, month=0.0), shot, rng=rng)
        seen = find_head(photo.rgb8, view=View.TOP)
        if seen.refused is not None:
            continue
        opacity = find_hair(photo.rgb8, seen.mask, settings=SegmentSettings(), places=seen.places).opacity
        row = []
        for region in REGIONS:
            used = (photo.truth.region_index == REGION_NAMES.index(region)) & seen.mask
            row.append((opacity[used].mean(), sampling_std(opacity, used), bootstrap_std(opacity, used, rng)))
        found.append(row)
    return np.asarray(found, np.float64)


def main() -> int:
    """Print a row a region, and what they come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--first", type=int, default=0, help="number of the first head")
    parser.add_argument("--kind", choices=KINDS, nargs="+", default=KINDS)
    parser.add_argument("--rows", type=Path)
    chosen = parser.parse_args()
    if chosen.rows is not None:
        sum_up([ROW.match(line) for line in chosen.rows.read_text(encoding="utf-8").splitlines()])
        return 0
    cv2.setNumThreads(1)
    print(f"validation/coverage_sampling.py: {LAID} photos of each head and kind")
    print("head  mm  kind         region     coverage  true error  by differences  by bootstrap", flush=True)
    sums: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in KINDS}
    for head in range(chosen.first, chosen.first + chosen.heads):
        for kind in chosen.kind:
            read = readings(head, kind, np.random.default_rng([67, head, KINDS.index(kind)]))
            for region, of_region in zip(REGIONS, read.transpose(1, 0, 2), strict=True):
                value, by_differences, by_bootstrap = of_region.mean(axis=0)
                true = float(of_region[:, 0].std(ddof=1))
                sums[kind].append((true, by_differences, by_bootstrap))
                print(
                    f"{head:4d} {LENGTHS_MM[head % len(LENGTHS_MM)]:3.0f}  {kind:11s}  {region.value:10s} {value:8.3f}"
                    f" {true:11.4f} {by_differences:15.4f} {by_bootstrap:13.4f}",
                    flush=True,
                )
    print_sums(sums)
    return 0


ROW = re.compile(rf" *\d+ +\d+  ({'|'.join(KINDS)}) .* ([0-9.]+) +([0-9.]+) +([0-9.]+)$")


def sum_up(rows: list[re.Match[str] | None]) -> None:
    """Print what the rows of a run come to."""
    sums: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in KINDS}
    for row in rows:
        if row is not None:
            sums[row[1]].append((float(row[2]), float(row[3]), float(row[4])))
    print_sums(sums)


def print_sums(sums: dict[str, list[tuple[float, float, float]]]) -> None:
    """Print true and claimed errors of each kind of photos, root mean squares."""
    for kind, rows in sums.items():
        if not rows:
            continue
        true, by_differences, by_bootstrap = np.sqrt((np.array(rows) ** 2).mean(axis=0))
        print(
            f"# {kind}: {len(rows)} regions; root mean square of the true error {true:.4f}, claimed by differences"
            f" {by_differences:.4f} ({by_differences / true:.1f} times), by bootstrap {by_bootstrap:.4f}"
            f" ({by_bootstrap / true:.1f} times)"
        )


if __name__ == "__main__":
    sys.exit(main())
