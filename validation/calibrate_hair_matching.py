"""How many keypoints agree between close-ups of different spots: the chance that a same-spot claim must beat.

    python validation/calibrate_hair_matching.py --pairs 300 --seed 1 --out validation/results/closeups_impostors.txt

Pairs of different frames of `../shared/data/closeups` (no licence: evaluated here, nothing of them is kept). Frames of
even rank set the limit, frames of odd rank report it; no pair mixes them. Frames that are copies of each other, pixel
for pixel, are left out by their agreement of more than a hundred keypoints and named.
"""

import argparse
import os
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

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
COPIES_AGREE = 100


def keypoints_of(path: Path, settings: CloseupRegistrationSettings) -> CloseupKeypoints:
    """Return the keypoints of a frame on disk."""
    bgr = cv2.imread(str(path))
    if bgr is None:
        raise SystemExit(f"{path} cannot be read")
    return closeup_keypoints(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8), settings=settings)


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=600, help="pairs a half")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    limit = CloseupRegistrationSettings()
    frames = sorted((SHARED / "data" / "closeups" / "frames").glob("*.jpg"))
    lines = [f"least_agreeing in use: {limit.least_agreeing}", ""]
    lines.append(f"{'half':12} {'pairs':>6} {'p50':>5} {'p95':>5} {'p99':>5} {'most':>5} {'accepted':>9}")
    for name, half in (("even (set)", frames[0::2]), ("odd (report)", frames[1::2])):
        found = [keypoints_of(path, limit) for path in half]
        pairs = np.random.default_rng(arguments.seed).permutation(np.array(list(combinations(range(len(half)), 2))))
        agreeing, accepted, copies = [], 0, []
        for first, second in pairs[: arguments.pairs]:
            fit = fit_keypoints(found[first], found[second], settings=limit)
            count = dict(fit.scores)["agreeing_keypoints"]
            if count > COPIES_AGREE:
                copies.append(f"{half[first].name} = {half[second].name}")
                continue
            agreeing.append(count)
            accepted += fit.matrix is not None
        spread = np.percentile(agreeing, [50, 95, 99, 100])
        numbers = " ".join(f"{value:5.0f}" for value in spread)
        lines.append(f"{name:12} {len(agreeing):6d} {numbers} {accepted:9d}")
        lines += [f"  copies left out: {copy}" for copy in copies]
    print("\n".join(lines))
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
