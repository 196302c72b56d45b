#!/usr/bin/env python3
"""Score head, hair and coverage of whole heads and portraits, write predictions for the scoring scripts.

python validation/train_pixel_classes.py --out models/segment/pixel_classes.npz --halves /tmp/halves
python validation/cover_lessons.py --halves /tmp/halves --lessons /tmp/lessons
python validation/train_hair_cover.py --halves /tmp/halves --lessons /tmp/lessons --out models/segment/hair_cover.onnx
python validation/score_segmentation.py --halves /tmp/halves --out /tmp/predictions | tee segmentation.txt
python ../shared/bench/score_heads.py --predictions /tmp/predictions/coverage.csv
python ../shared/bench/score_hair_masks.py --predictions /tmp/predictions --sets figaro

Every head is read by the classifier and the network of cover that were trained on the heads of the other half. The
portraits were used for nothing but this score; the shipped classifier reads them.
"""

import argparse
import csv
import os
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.photo import working_image
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.measure.coverage import measure_coverage
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, NotMeasured, View
from hairtrack.segment.atlas import atlas_regions
from hairtrack.segment.classifier import EVEN, HAIR, SCALP, PixelClassifier, read_classifier
from hairtrack.segment.cover import CoverNetwork
from hairtrack.segment.hair import HairFinding, find_hair, find_hair_anywhere
from hairtrack.segment.head import HeadFinding, find_head
from hairtrack.segment.settings import SegmentSettings
from train_pixel_classes import half_of, marked_photo, subject_of, view_of

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("HAIRTRACK_SHARED", HERE.parents[1] / "shared"))
HEADS = SHARED / "data" / "heads"
PORTRAITS = SHARED / "data" / "hair_masks" / "figaro" / "photos"
EVERY_NTH_FOR_CHANGES = 4
WORST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What was trained on one half of the heads."""

    classifier: PixelClassifier
    network: CoverNetwork

    def head_of(self, rgb8: Rgb8Image, view: View) -> HeadFinding:
        """Return the head as this half finds it."""
        return find_head(rgb8, view=view, classifier=self.classifier, network=self.network)

    def hair_of(self, rgb8: Rgb8Image, head: HeadFinding) -> HairFinding:
        """Return hair as this half finds it."""
        return find_hair(
            rgb8,
            head.mask,
            settings=SegmentSettings(),
            places=head.places,
            classifier=self.classifier,
            network=self.network,
        )


def reader_of(halves: Path, half: str) -> Reader:
    """Return what was trained on a half."""
    return Reader(
        classifier=read_classifier(halves / f"{half}.npz"), network=CoverNetwork(halves / f"cover_{half}.onnx")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read from one head, and what a person drew on it (None where nobody drew)."""

    file: str
    view: View
    refused: str | None
    region: Measured | NotMeasured | None = None
    whole: Measured | NotMeasured | None = None
    head_overlap: float | None = None
    cover: Measured | NotMeasured | None = None
    drawn_cover: float | None = None
    doubt: float | None = None


def read_rgb8(path: Path) -> Rgb8Image:
    """Return the pixels of a photo."""
    return np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)


def overlap(ours: Mask, truth: Mask) -> float:
    """Return intersection over union."""
    union = (ours | truth).sum()
    return float((ours & truth).sum() / union) if union else 1.0


def cover_of(hair: HairFinding, region: Mask, head: HeadFinding) -> Measured | NotMeasured:
    """Return coverage of a region with our settings."""
    return measure_coverage(
        hair.opacity,
        region,
        head_mask=head.mask,
        excluded=hair.excluded,
        doubt=hair.doubt,
        settings=MeasureSettings(),
    )


def middle_of(head: HeadFinding, view: View) -> Mask | None:
    """Return the region that the atlas places, or None."""
    shapes = atlas_regions(head.mask, view=view)
    return inside_of(np.asarray(shapes[0].polygon_xy), head.mask.shape) if shapes else None


def read_head(file: str, mark: dict | None, reader: Reader) -> Reading:
    """Return what is read from one photo of a head."""
    view = view_of(file)
    rgb8 = read_rgb8(HEADS / "photos" / file)
    head = reader.head_of(rgb8, view)
    if head.refused is not None:
        return Reading(file=file, view=view, refused=head.refused)
    hair = reader.hair_of(rgb8, head)
    middle = middle_of(head, view)
    region = None if middle is None else cover_of(hair, middle, head)
    whole = cover_of(hair, head.mask, head)
    if mark is None:
        return Reading(file=file, view=view, refused=None, region=region, whole=whole)
    shares = marked_photo(mark, HEADS / "photos").shares
    shares = cv2.resize(shares, rgb8.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    known, scalp = shares[..., 0] >= 0, shares[..., SCALP] + shares[..., HAIR] > EVEN
    seen = scalp & head.mask & ~hair.excluded
    return Reading(
        file=file,
        view=view,
        refused=None,
        region=region,
        whole=whole,
        head_overlap=overlap(head.mask & known, scalp & known),
        cover=cover_of(hair, seen, head),
        drawn_cover=float(shares[seen, HAIR].mean()) if seen.any() else None,
        doubt=float(hair.doubt[seen].mean()) if seen.any() else None,
    )


def tell_heads(readings: Iterable[Reading]) -> None:
    """Print heads and coverage against what a person drew, by view."""
    print("\nHeads against hand-drawn areas, read by the model of the other half")
    print("view    n  IoU mean  IoU worst  cover bias  mean abs  worst  within 95 %  claimed SE")
    readings = [r for r in readings if r.head_overlap is not None]
    for view in (None, *dict.fromkeys(r.view for r in readings)):
        part = [r for r in readings if view in (None, r.view)]
        pairs = [(r.cover, r.drawn_cover) for r in part if isinstance(r.cover, Measured) and r.drawn_cover is not None]
        off = np.array([cover.value - drawn for cover, drawn in pairs])
        inside = np.mean([cover.interval95[0] <= drawn <= cover.interval95[1] for cover, drawn in pairs])
        claimed = np.mean([cover.std_uncertainty for cover, _ in pairs])
        overlaps = [r.head_overlap for r in part]
        print(
            f"{view or 'all':6s} {len(part):3d}  {np.mean(overlaps):8.3f}  {np.min(overlaps):9.3f}  {off.mean():+10.3f}"
            f"  {np.abs(off).mean():8.3f}  {np.abs(off).max():5.3f}  {inside:11.3f}  {claimed:10.3f}"
        )


def tell_calibration(readings: Iterable[Reading]) -> None:
    """Print how much wider the claimed error must be to hold 95 %, and the error by the doubt told."""
    rows = [
        (r.doubt, r.cover.value - r.drawn_cover, r.cover.std_uncertainty)
        for r in readings
        if isinstance(r.cover, Measured) and r.drawn_cover is not None and r.doubt is not None
    ]
    doubt, off, std = np.array(rows).T
    print("\nError of coverage against drawn areas, by the doubt told")
    edges = np.quantile(doubt, [0, 0.25, 0.5, 0.75, 0.9, 1])
    for low, high in pairwise(edges):
        part = (doubt >= low) & (doubt <= high)
        print(f"doubt {low:5.3f} to {high:5.3f}: mean absolute {np.abs(off[part]).mean():.3f} (n={part.sum()})")
    needed = float(np.quantile(np.abs(off) / std, 0.95)) / 1.96
    print(f"claimed error x {needed:.2f} holds 95 % of {len(off)}")


def tell_worst(readings: Iterable[Reading]) -> None:
    """Print the photos whose coverage is furthest off what a person drew."""
    rows = sorted(
        (cover.value - drawn, r.file, drawn, r.head_overlap or 0.0, r.doubt or 0.0)
        for r in readings
        for cover, drawn in [(r.cover, r.drawn_cover)]
        if isinstance(cover, Measured) and drawn is not None
    )
    print(f"\nThe {WORST} furthest off: drawn, measured, overlap of the head, doubt")
    for off, file, drawn, head_overlap, doubt in sorted(rows, key=lambda row: -abs(row[0]))[:WORST]:
        print(f"{file:20s} {drawn:.2f}  {drawn + off:.2f}  {head_overlap:.2f}  {doubt:5.3f}")


def tell_levels(readings: Iterable[Reading]) -> None:
    """Print coverage of the head from above by baldness level."""
    tops = [r for r in readings if r.view is View.TOP]
    for name, covers in (
        ("head", [(r.file[0], r.whole) for r in tops]),
        ("middle of the head", [(r.file[0], r.region) for r in tops]),
    ):
        print(f"\nCoverage of the {name} from above, by baldness level")
        for level in "234567":
            values = [cover.value for own, cover in covers if own == level and isinstance(cover, Measured)]
            print(
                f"level {level}: median {np.median(values):.3f}, {min(values):.3f} to {max(values):.3f}"
                f" (n={len(values)})"
            )


def tell_refused(readings: Iterable[Reading]) -> None:
    """Print every photo without a number."""
    print("\nNot read")
    for r in readings:
        if r.refused:
            print(f"{r.file}: {r.refused}")
        elif isinstance(r.region, NotMeasured):
            print(f"{r.file}: {r.region.reason}")
        elif r.region is None and r.view in (View.TOP, View.BACK):
            print(f"{r.file}: no region placed")


def exposed(rgb8: Rgb8Image, gains: tuple[float, float, float]) -> Rgb8Image:
    """Return the photo with its linear light multiplied by a gain for each of red, green, blue."""
    linear = (rgb8 / 255.0) ** 2.2 * np.array(gains)
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)


def recompressed(rgb8: Rgb8Image) -> Rgb8Image:
    """Return the photo saved as JPEG of quality 60."""
    _, coded = cv2.imencode(".jpg", rgb8[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 60])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1], np.uint8)


def halved(rgb8: Rgb8Image) -> Rgb8Image:
    """Return the photo at half its size."""
    return np.asarray(cv2.resize(rgb8, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


CHANGES: dict[str, Callable[[Rgb8Image], NDArray[np.uint8]]] = {
    "turned 90": np.rot90,
    "turned 180": lambda a: np.rot90(a, 2),
    "turned 270": lambda a: np.rot90(a, 3),
    "mirrored": np.fliplr,
    "-1 EV": lambda a: exposed(a, (0.5, 0.5, 0.5)),
    "+0.5 EV": lambda a: exposed(a, (1.41, 1.41, 1.41)),
    "+1 EV": lambda a: exposed(a, (2, 2, 2)),
    "warmer light": lambda a: exposed(a, (1.15, 1.0, 0.80)),
    "colder light": lambda a: exposed(a, (0.87, 1.0, 1.25)),
    "JPEG 60": recompressed,
    "half size": halved,
}
"""The same photo, changed in what is no hair; warmer and colder are about 1500 K around daylight."""


def tell_changes(files: Iterable[str], readers: dict[str, Reader]) -> None:
    """Print how coverage of the middle of the head moves when only the photo changes."""
    moved: dict[str, list[float]] = {name: [] for name in CHANGES}
    lost = dict.fromkeys(CHANGES, 0)
    for file in files:
        reader = readers[half_of(subject_of(file))]
        rgb8 = read_rgb8(HEADS / "photos" / file)
        before = _middle_cover(rgb8, reader)
        if before is None:
            continue
        for name, change in CHANGES.items():
            after = _middle_cover(np.ascontiguousarray(change(rgb8)), reader)
            if after is None:
                lost[name] += 1
            else:
                moved[name].append(after - before)
    print("\nCoverage of the middle of the head when only the photo changes (heads from above)")
    print("change          n  mean      mean abs  95 % within  worst  no number")
    for name, values in moved.items():
        off = np.abs(values)
        print(
            f"{name:13s} {len(values):3d}  {np.mean(values):+.4f}   {off.mean():.4f}    {np.quantile(off, 0.95):.4f}"
            f"       {off.max():.4f}  {lost[name]}"
        )


def _middle_cover(rgb8: Rgb8Image, reader: Reader) -> float | None:
    head = reader.head_of(rgb8, View.TOP)
    middle = None if head.refused else middle_of(head, View.TOP)
    if middle is None:
        return None
    hair = reader.hair_of(rgb8, head)
    cover = cover_of(hair, middle, head)
    return cover.value if isinstance(cover, Measured) else None


def write_predictions(readings: Iterable[Reading], out: Path) -> None:
    """Write the coverage of each head from above, and of its middle, for score_heads.py."""
    tops = [r for r in readings if r.view is View.TOP]
    for name, covers in (
        ("coverage", [(r.file, r.whole) for r in tops]),
        ("coverage_of_the_middle", [(r.file, r.region) for r in tops]),
    ):
        rows = [(file, f"{cover.value:.4f}") for file, cover in covers if isinstance(cover, Measured)]
        with (out / f"{name}.csv").open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([("file", "coverage"), *rows])


def write_portraits(out: Path) -> None:
    """Write the hair mask of each portrait for score_hair_masks.py."""
    target = out / "figaro"
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(PORTRAITS.glob("*.jpg")):
        working = working_image(read_rgb8(path))
        mask = working.full_mask(find_hair_anywhere(working.rgb8))
        cv2.imwrite(str(target / f"{path.stem}.png"), mask.astype(np.uint8) * 255)


def main() -> int:
    """Score."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--halves", type=Path, required=True, help="folder with A.npz, B.npz and the networks of cover beside them"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", choices=["heads", "changes", "portraits"])
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    chosen.out.mkdir(parents=True, exist_ok=True)
    started = time.process_time()
    readers = {"B": reader_of(chosen.halves, "A"), "A": reader_of(chosen.halves, "B")}
    marks = tomllib.loads((HERE / "head_marks.toml").read_text(encoding="utf-8"))["photo"]
    mark_of = {mark["file"]: mark for mark in marks}
    with (HEADS / "labels.csv").open(newline="", encoding="utf-8") as opened:
        files = [row["file"] for row in csv.DictReader(opened)]
    wanted = [file for file in files if file in mark_of or view_of(file) in (View.TOP, View.BACK)]
    if chosen.only in (None, "heads"):
        readings = [read_head(file, mark_of.get(file), readers[half_of(subject_of(file))]) for file in wanted]
        write_predictions(readings, chosen.out)
        for tell in (tell_heads, tell_calibration, tell_worst, tell_levels, tell_refused):
            tell(readings)
    if chosen.only in (None, "changes"):
        tops = [file for file in wanted if view_of(file) is View.TOP]
        tell_changes(tops[::EVERY_NTH_FOR_CHANGES], readers)
    if chosen.only in (None, "portraits"):
        write_portraits(chosen.out)
    print(f"\n{time.process_time() - started:.0f} s of CPU", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
