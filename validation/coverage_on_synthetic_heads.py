#!/usr/bin/env python3
"""Coverage per region of synthetic heads against its exact truth: skin tones, hair colours, lengths, hair loss.

python validation/coverage_on_synthetic_heads.py | tee validation/results/coverage_on_synthetic_heads.txt

The regions are the true ones, as a person would draw them; the head is found by hairtrack. None of these
heads was trained on.
"""

import itertools
import sys
import time
from collections.abc import Iterable

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
from hairtrack.synth.scalp import SkinAndHair, grow_scalp

SKINS = {"fair": (0.58, 0.36, 0.27), "tan": (0.36, 0.21, 0.14), "dark": (0.12, 0.065, 0.042)}
HAIRS = {"black": (0.012, 0.010, 0.009), "brown": (0.060, 0.034, 0.020), "grey": (0.40, 0.39, 0.38)}
LENGTHS_MM = (4.0, 22.0)
THINNED = {RegionName.VERTEX: 0.3, RegionName.FRONTAL: 0.5, RegionName.MIDSCALP: 0.4}
SIZE_PX = (500, 500)


Read = tuple[RegionName, float, Measured | NotMeasured, float]
"""A region, its true coverage, what was measured there, and the contrast of hair and skin on the photo."""


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
            contrast=found.contrast,
            settings=MeasureSettings(),
        )
        read.append((region, float(photo.truth.opacity[within].mean()), cover, found.contrast))
    return read


def main() -> int:
    """Measure every combination and print the errors."""
    cv2.setNumThreads(1)
    started = time.process_time()
    print("skin   hair   length  region            truth  measured  claimed SE  contrast")
    errors, inside, not_measured = [], [], 0
    for number, (skin, hair, length_mm) in enumerate(itertools.product(SKINS, HAIRS, LENGTHS_MM)):
        scalp = grow_scalp(SkinAndHair(skin=SKINS[skin], hair=HAIRS[hair]), seed=number)
        standing = hair_on(scalp, Course(native_share=THINNED, length_mm=length_mm), month=0)
        photo = render_global(scalp, standing, Shot(view=View.TOP, size_px=SIZE_PX), rng=np.random.default_rng(number))
        read = read_regions(photo, photo.truth.coverage)
        if isinstance(read, str):
            print(f"{skin:6s} {hair:6s} {length_mm:4.0f} mm  {read}")
            not_measured += 1
            continue
        for region, truth, cover, contrast in read:
            if isinstance(cover, Measured):
                errors.append(cover.value - truth)
                inside.append(cover.interval95[0] <= truth <= cover.interval95[1])
                told = f"{cover.value:8.3f}  {cover.std_uncertainty:10.3f}"
            else:
                not_measured += 1
                told = cover.reason
            print(
                f"{skin:6s} {hair:6s} {length_mm:4.0f} mm  {region:16s}  {truth:.3f}  {told}  {contrast:.2f}",
                flush=True,
            )
    off = np.array(errors)
    print(
        f"\n{len(off)} regions: bias {off.mean():+.3f}, mean absolute error {np.abs(off).mean():.3f},"
        f" 95 % within {np.quantile(np.abs(off), 0.95):.3f}, intervals hold {np.mean(inside):.3f};"
        f" {not_measured} not measured"
    )
    print(f"{time.process_time() - started:.0f} s of CPU", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
