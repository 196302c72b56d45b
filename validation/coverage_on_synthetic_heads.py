#!/usr/bin/env python3
"""Coverage per region of synthetic heads against its exact truth: six skin tones, five hair colours, three lengths.

python validation/coverage_on_synthetic_heads.py --sheet validation/results/coverage_worst_drawn.jpg \
    | tee validation/results/coverage_on_synthetic_heads.txt

The regions are the true ones, as a person would draw them; the head is found by hairtrack. None of these
heads was trained on. The sheet shows the twenty photos that are furthest off.
"""

import argparse
import itertools
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from hairtrack.imaging.outline import inside_of
from hairtrack.measure.coverage import measure_coverage
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured, RegionName, View
from hairtrack.segment.hair import find_hair
from hairtrack.segment.head import find_head
from hairtrack.segment.settings import SegmentSettings
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp

LENGTHS_MM = (3.0, 10.0, 25.0)
THINNED = {RegionName.VERTEX: 0.3, RegionName.FRONTAL: 0.5, RegionName.MIDSCALP: 0.4}
SIZE_PX = (640, 640)
CELL_REACH = 0.06
WORST = 20
ACROSS = 5
TILE_PX = 260

Read = tuple[RegionName, float, Measured | NotMeasured, float]
"""A region, its true coverage, what was measured there, and the doubt about it."""

Cell = tuple[str, str, float]
"""Skin tone, hair colour, hair length in mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRead:
    """What was read of one head, or why nothing was."""

    cell: Cell
    read: tuple[Read, ...] = ()
    refused: str | None = None

    @property
    def errors(self) -> list[float]:
        """Measured less true, of each region that was measured."""
        return [cover.value - truth for _, truth, cover, _ in self.read if isinstance(cover, Measured)]

    @property
    def holds(self) -> list[bool]:
        """Whether the interval of each measured region holds the truth."""
        return [
            cover.interval95[0] <= truth <= cover.interval95[1]
            for _, truth, cover, _ in self.read
            if isinstance(cover, Measured)
        ]


def read_regions(photo: RenderedPhoto, regions: Iterable[RegionName]) -> list[Read] | str:
    """Return what is read in the true regions that a photo from above shows, or why no head was found."""
    head = find_head(photo.rgb8, view=View.TOP)
    if head.refused is not None:
        return head.refused
    found = find_hair(photo.rgb8, head.mask, settings=SegmentSettings())
    read: list[Read] = []
    for region in regions:
        outline = photo.truth.outline_of(region)
        if outline is None:
            continue
        within = inside_of(outline, photo.rgb8.shape[:2])
        cover = measure_coverage(
            found.opacity,
            within,
            head_mask=head.mask,
            excluded=found.excluded,
            doubt=found.doubt,
            settings=MeasureSettings(),
        )
        read.append((region, float(photo.truth.opacity[within].mean()), cover, float(found.doubt[within].mean())))
    return read


def photo_of(cell: Cell) -> RenderedPhoto:
    """Return the head of a cell, thinned on top, in even light; the same cell gives the same photo."""
    skin, hair, length_mm = cell
    number = list(itertools.product(SKIN_TONES, HAIR_COLOURS, LENGTHS_MM)).index(cell)
    scalp = grow_scalp(SkinAndHair(skin=SKIN_TONES[skin], hair=HAIR_COLOURS[hair]), seed=number)
    standing = hair_on(scalp, Course(native_share=THINNED, length_mm=length_mm), month=0)
    return render_global(scalp, standing, Shot(view=View.TOP, size_px=SIZE_PX), rng=np.random.default_rng(number))


def read_cell(cell: Cell) -> CellRead:
    """Return what is read on the head of a cell."""
    cv2.setNumThreads(1)
    photo = photo_of(cell)
    read = read_regions(photo, photo.truth.coverage)
    return CellRead(cell=cell, refused=read) if isinstance(read, str) else CellRead(cell=cell, read=tuple(read))


def told(name: str, heads: list[CellRead]) -> str:
    """Return bias, error and cover of intervals over the regions of some heads."""
    off = np.array([error for head in heads for error in head.errors])
    holds = [held for head in heads for held in head.holds]
    missing = sum(len(head.read) - len(head.errors) for head in heads)
    if not len(off):
        return f"{name:34s} nothing measured"
    return (
        f"{name:34s} {len(off):4d}  {off.mean():+.3f}  {np.abs(off).mean():.3f}  {np.quantile(np.abs(off), 0.95):.3f}"
        f"  {np.mean(holds):.3f}  {missing:3d}"
    )


def sheet_of(worst: list[CellRead]) -> np.ndarray:
    """Return the photos of heads in a grid, each with its mean true and measured cover, (H, W, 3) uint8."""
    tiles = []
    for head in worst:
        tile = np.ascontiguousarray(
            cv2.resize(photo_of(head.cell).rgb8, (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA)
        )
        truths, values = zip(*((t, c.value) for _, t, c, _ in head.read if isinstance(c, Measured)), strict=True)
        skin, hair, length_mm = head.cell
        for line, text in enumerate(
            (f"{skin} {hair} {length_mm:.0f} mm", f"{np.mean(truths):.2f} read {np.mean(values):.2f}")
        ):
            for colour, width in (((0, 0, 0), 4), ((255, 255, 255), 1)):
                cv2.putText(tile, text, (6, 18 + 18 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, width, cv2.LINE_AA)
        tiles.append(tile)
    return np.vstack([np.hstack(tiles[k : k + ACROSS]) for k in range(0, len(tiles), ACROSS)])


def main() -> int:
    """Measure every combination and print the errors."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sheet", type=Path, help="where to draw the twenty photos that are furthest off")
    sheet = parser.parse_args().sheet
    started = time.monotonic()
    with ProcessPoolExecutor(2) as pool:
        heads = list(pool.map(read_cell, itertools.product(SKIN_TONES, HAIR_COLOURS, LENGTHS_MM)))
    print(f"{'regions of':34s} n     bias   mean abs  95 % within  intervals hold  not measured")
    print(told("all heads", heads))
    for index, values in enumerate((SKIN_TONES, HAIR_COLOURS, LENGTHS_MM)):
        for value in values:
            print(told(f"  {value:g} mm" if index == 2 else f"  {value}", [h for h in heads if h.cell[index] == value]))  # noqa: PLR2004 the last of the three
    print("\neach cell")
    for head in heads:
        skin, hair, length_mm = head.cell
        name = f"{skin:4s} {hair:6s} {length_mm:3.0f} mm"
        print(told(name, [head]) if head.refused is None else f"{name:34s} {head.refused}")
    cells = [np.abs(head.errors).mean() for head in heads if head.errors]
    print(f"\ncells off by {CELL_REACH} at most: {np.mean(np.array(cells) <= CELL_REACH):.0%} of {len(cells)}")
    if sheet:
        worst = sorted((h for h in heads if h.errors), key=lambda h: -float(np.abs(h.errors).mean()))[:WORST]
        cv2.imwrite(str(sheet), sheet_of(worst)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
