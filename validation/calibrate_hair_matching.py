"""How well roots and keypoints agree between close-ups of different spots: the chance that a same-spot claim must beat.

    python validation/calibrate_hair_matching.py --pairs 300 --seed 1 --out validation/results/closeups_impostors.txt

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
from hairtrack.model import Hair
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
COPIES_AGREE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is compared of a frame."""

    name: str
    keypoints: CloseupKeypoints
    hairs: tuple[Hair, ...]


def frame_of(path: Path, settings: CloseupRegistrationSettings) -> Frame:
    """Return the keypoints and hairs of a frame on disk, at the device's nominal scale."""
    bgr = cv2.imread(str(path))
    if bgr is None:
        raise SystemExit(f"{path} cannot be read")
    rgb8 = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
    shafts = ShaftSettings()
    found = find_shafts(rgb8, px_per_mm=shafts.nominal_px_per_mm, settings=shafts)
    return Frame(name=path.name, keypoints=closeup_keypoints(rgb8, settings=settings), hairs=found.hairs)


def root_evidence(first: Frame, second: Frame, settings: CloseupRegistrationSettings) -> float:
    """Return how far the roots of two frames agree beyond chance, at best."""
    scale = ShaftSettings().nominal_px_per_mm
    fit = fit_roots(
        first.hairs,
        second.hairs,
        shapes=(first.keypoints.shape, second.keypoints.shape),
        px_per_mm=(scale, scale),
        most_zoom=settings.most_zoom,
    )
    return 0.0 if fit is None else fit.evidence


def row(name: str, what: str, values: list[float], accepted: int) -> str:
    """Return a line of the table."""
    spread = " ".join(f"{value:6.1f}" for value in np.percentile(values, [50, 95, 99, 100]))
    return f"{name:13} {what:19} {len(values):6d} {spread} {accepted:9d}"


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=600, help="pairs a half")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    limit = CloseupRegistrationSettings()
    paths = sorted((SHARED / "data" / "closeups" / "frames").glob("*.jpg"))
    lines = [f"in use: {limit.least_agreeing} agreeing keypoints, root evidence {limit.least_root_evidence}", ""]
    lines.append(
        f"{'half':13} {'agreement':19} {'pairs':>6} {'p50':>6} {'p95':>6} {'p99':>6} {'most':>6} {'accepted':>9}"
    )
    for name, half in (("even (set)", paths[0::2]), ("odd (report)", paths[1::2])):
        frames = [frame_of(path, limit) for path in half]
        chosen = np.random.default_rng(arguments.seed).permutation(np.array(list(combinations(range(len(half)), 2))))
        agreeing: list[float] = []
        evidence: list[float] = []
        copies = []
        for first, second in ((frames[i], frames[j]) for i, j in chosen[: arguments.pairs]):
            fit = fit_keypoints(first.keypoints, second.keypoints, settings=limit)
            count = dict(fit.scores)["agreeing_keypoints"]
            if count > COPIES_AGREE:
                copies.append(f"{first.name} = {second.name}")
                continue
            agreeing.append(count)
            evidence.append(root_evidence(first, second, limit))
        lines.append(row(name, "keypoints", agreeing, sum(count >= limit.least_agreeing for count in agreeing)))
        lines.append(row(name, "root evidence", evidence, sum(e >= limit.least_root_evidence for e in evidence)))
        lines += [f"  copies left out: {copy}" for copy in copies]
    print("\n".join(lines))
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
