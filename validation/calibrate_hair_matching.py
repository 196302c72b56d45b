"""How well roots and keypoints agree between close-ups of different spots: the chance that a same-spot claim must beat.

    python validation/calibrate_hair_matching.py --agreement roots --pairs 300 --seed 1 --out roots.txt
    python validation/calibrate_hair_matching.py --agreement keypoints --pairs 300 --seed 1 --out keypoints.txt

Pairs of different frames of `../shared/data/closeups` (no licence: evaluated here, nothing of them is kept). Frames of
even rank set the limit, frames of odd rank report it; no pair mixes them. Frames that are copies of each other, pixel
for pixel, are left out by their agreement of more than a hundred keypoints and named.
"""

import argparse
import os
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align.closeup_registration import (
    CloseupKeypoints,
    CloseupRegistrationSettings,
    closeup_keypoints,
    fit_keypoints,
)
from hairtrack.align.root_constellation import fit_roots
from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import Hair
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
COPIES_AGREE = 100
LIMITS = CloseupRegistrationSettings()


def picture_of(path: Path) -> Rgb8Image:
    """Return the pixels of a frame on disk."""
    bgr = cv2.imread(str(path))
    if bgr is None:
        raise SystemExit(f"{path} cannot be read")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The hairs of a frame and its size."""

    hairs: tuple[Hair, ...]
    shape: tuple[int, ...]


def read(path: Path) -> Read:
    """Return the hairs of a frame at the device's nominal scale."""
    rgb8, shafts = picture_of(path), ShaftSettings()
    found = find_shafts(rgb8, px_per_mm=shafts.nominal_px_per_mm, settings=shafts)
    return Read(hairs=found.hairs, shape=rgb8.shape[:2])


def root_evidence(first: Read, second: Read) -> float:
    """Return how far the roots of two frames agree beyond chance, at best."""
    scale = ShaftSettings().nominal_px_per_mm
    fit = fit_roots(
        first.hairs,
        second.hairs,
        shapes=(first.shape, second.shape),
        px_per_mm=(scale, scale),
        most_zoom=LIMITS.most_zoom,
    )
    return 0.0 if fit is None else fit.evidence


def agreeing_keypoints(first: CloseupKeypoints, second: CloseupKeypoints) -> float:
    """Return how many keypoints of two frames agree."""
    return dict(fit_keypoints(first, second, settings=LIMITS).scores)["agreeing_keypoints"]


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreement", choices=("roots", "keypoints"), default="roots")
    parser.add_argument("--pairs", type=int, default=300, help="pairs a half")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    of_roots = arguments.agreement == "roots"
    limit = LIMITS.least_root_evidence if of_roots else LIMITS.least_agreeing
    paths = sorted((SHARED / "data" / "closeups" / "frames").glob("*.jpg"))
    lines = [f"{'root evidence' if of_roots else 'agreeing keypoints'}; limit in use: {limit}", ""]
    lines.append(f"{'half':12} {'pairs':>6} {'p50':>5} {'p95':>5} {'p99':>5} {'most':>5} {'accepted':>9}")
    for name, half in (("even (set)", paths[0::2]), ("odd (report)", paths[1::2])):
        pairs = np.random.default_rng(arguments.seed).permutation(np.array(list(combinations(range(len(half)), 2))))
        pairs = pairs[: arguments.pairs]
        if of_roots:
            hairs = [read(path) for path in half]
            values = [root_evidence(hairs[i], hairs[j]) for i, j in pairs]
        else:
            keypoints = [closeup_keypoints(picture_of(path), settings=LIMITS) for path in half]
            values = [agreeing_keypoints(keypoints[i], keypoints[j]) for i, j in pairs]
        different = [value for value in values if of_roots or value <= COPIES_AGREE]
        numbers = " ".join(f"{value:5.1f}" for value in np.percentile(different, [50, 95, 99, 100]))
        lines.append(f"{name:12} {len(different):6d} {numbers} {sum(value >= limit for value in different):9d}")
        copies = [pair for pair, value in zip(pairs, values, strict=True) if not of_roots and value > COPIES_AGREE]
        lines += [f"  copies left out: {half[i].name} = {half[j].name}" for i, j in copies]
    print("\n".join(lines))
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
