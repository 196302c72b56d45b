"""Where regions lie on the outline of the head that was found, per view, and what the atlas costs in coverage.

    .venv/bin/python validation/atlas_on_drawn_heads.py --heads 400 | tee validation/results/atlas_on_drawn_heads.txt

Drawn heads that nothing was trained on, turned, tilted and shifted as `drawn_heads.py` says. Places are in units of the
head's half width and half height from its centre; on photos from above the forehead is said to lie below. Even heads
set `hairtrack.segment.atlas`, odd heads report.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from drawn_heads import drawn_head
from hairtrack.imaging.outline import inside_of
from hairtrack.model import PictureSide, RegionName, View
from hairtrack.segment.atlas import ATLAS, atlas_regions
from hairtrack.segment.head import find_head
from hairtrack.synth.photo import REGION_NAMES

FIRST_UNSEEN = 800
"""Heads from this number on train nothing."""

LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A region of the atlas on one drawn head: its true place and reach, and the true cover there and in the region."""

    number: int
    view: View
    name: RegionName
    outline_overlap: float
    centre: tuple[float, float]
    reach: tuple[float, float]
    inside: float
    off: float


def placed_on(number: int, views: tuple[View, ...]) -> list[Placed] | None:
    """Return the atlas regions of a drawn head in their true places, or None when no head was found."""
    cv2.setNumThreads(1)
    drawn = drawn_head(number)
    if drawn.view not in views:
        return []
    truth = drawn.photo.truth
    head = find_head(drawn.photo.rgb8, view=drawn.view)
    if head.refused is not None:
        return None
    overlap = float((head.mask & truth.head).sum() / (head.mask | truth.head).sum())
    rows = []
    for shape in atlas_regions(head.mask, view=drawn.view, forehead=PictureSide.BOTTOM):
        true = truth.region_index == REGION_NAMES.index(shape.name)
        if true.sum() < LEAST_SHARE * truth.head.sum():
            continue
        y, x = np.nonzero(head.mask)
        middle, half = np.array([x.mean(), y.mean()]), 2 * np.array([x.std(), y.std()])
        y, x = np.nonzero(true)
        places = (np.stack([x, y], axis=1) - middle) / half
        here = inside_of(np.asarray(shape.polygon_xy), true.shape)
        on_scalp = here & head.mask
        (across, down), (wide, high) = places.mean(axis=0), 2 * places.std(axis=0)
        rows.append(
            Placed(
                number=number,
                view=drawn.view,
                name=shape.name,
                outline_overlap=overlap,
                centre=(float(across), float(down)),
                reach=(float(wide), float(high)),
                inside=float(true[here].mean()),
                off=float(truth.opacity[on_scalp].mean() - truth.coverage[shape.name]),
            )
        )
    return rows


def told(rows: list[Placed]) -> str:
    """Return where a region lies, how far its place varies, and what the atlas costs."""
    centre, reach = np.array([row.centre for row in rows]), np.array([row.reach for row in rows])
    off = np.array([row.off for row in rows])
    middle, spread = np.median(centre, axis=0), centre.std(axis=0)
    return (
        f"n {len(rows):3d}  outline IoU {np.mean([row.outline_overlap for row in rows]):.2f}  "
        f"centre {middle[0]:+.2f} {middle[1]:+.2f}  SD {spread[0]:.2f} {spread[1]:.2f}  "
        f"half axes {np.median(reach[:, 0]):.2f} {np.median(reach[:, 1]):.2f}  "
        f"of the atlas inside {np.mean([row.inside for row in rows]):.2f}  "
        f"true cover there against the region {off.mean():+.3f}, SD {off.std():.3f}"
    )


def main() -> int:
    """Print a line a view and half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heads", type=int, default=400)
    heads = parser.parse_args().heads
    numbers = range(FIRST_UNSEEN, FIRST_UNSEEN + heads)
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(partial(placed_on, views=tuple(ATLAS)), numbers))
    print(f"validation/atlas_on_drawn_heads.py --heads {heads}; no head found on {sum(f is None for f in found)}")
    for half, odd in (("even heads (tuning)", 0), ("odd heads (reporting)", 1)):
        print(f"\n{half}")
        for view in ATLAS:
            rows = [row for one in found if one for row in one if row.view is view and row.number % 2 == odd]
            for name in dict.fromkeys(row.name for row in rows):
                print(f"{view.value:7s} {name.value:15s} {told([row for row in rows if row.name is name])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
