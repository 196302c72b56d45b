"""Hold the expected error of alignments by marked points against the true one, on made pairs with exact truth.

    python ../shared/bench/make_head_pairs.py --out pairs --part b --seed 21
    python validation/calibrate_landmarks.py --pairs pairs --out validation/results/alignment_landmarks.txt

For every true pair, 3 to 12 of its known points are taken as marks, spread over the head as a person would (each the
one farthest from those before), with a marking error of 0.7 % of the head's width a pair of points (about 1.4 mm).
Where the map is trusted, its standard error (root mean square) is compared with the expected one. No pixel is read.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align.landmarks import fit_landmarks, landmark_error_px, widened
from hairtrack.align.settings import LandmarkSettings

MARKING_ERROR_FRACTION = 0.007
COUNTS = (3, 4, 5, 6, 8, 12)


def spread_out(points_xy: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return rows of points, each the farthest from those before, the first one drawn."""
    rows = [int(rng.integers(len(points_xy)))]
    distance = np.full(len(points_xy), np.inf)
    while len(rows) < count:
        distance = np.minimum(distance, np.linalg.norm(points_xy - points_xy[rows[-1]], axis=1))
        rows.append(int(distance.argmax()))
    return np.array(rows)


def main() -> None:
    """Print and write one row a number of marks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    rng = np.random.default_rng(3)
    settings = LandmarkSettings()
    truth = json.loads((arguments.pairs / "truth.json").read_text(encoding="utf-8"))["pairs"]
    lines = [
        "marks  pairs  true error, % of head width: median, P90 | true/expected: median, within 1.5, within 2, above 2",
    ]
    with np.load(arguments.pairs / "points.npz") as points, np.load(arguments.pairs / "truth.npz") as targets:
        known = [(truth[k]["head_width"], points[k].astype(float), targets[k].astype(float)) for k in sorted(targets)]
    for count in COUNTS:
        real, ratio = [], []
        for head_width, points_xy, target_xy in known:
            seen = np.isfinite(target_xy).all(axis=1)
            one, other = points_xy[seen], target_xy[seen]
            rows = spread_out(one, count, rng)
            noise = MARKING_ERROR_FRACTION * head_width / np.sqrt(2)
            reference_xy = one[rows] + rng.normal(0, noise, (count, 2))
            moving_xy = other[rows] + rng.normal(0, noise, (count, 2))
            fit = fit_landmarks(reference_xy, moving_xy, settings)
            hull = widened(fit.hull_xy, by_fraction=settings.hull_margin_fraction).astype(np.float32)
            inside = np.array([cv2.pointPolygonTest(hull, (float(x), float(y)), False) >= 0 for x, y in one])
            error = np.linalg.norm(fit.map(one[inside]) - other[inside], axis=1) / fit.scale
            real.append(100 * np.sqrt((error**2).mean()) / head_width)
            ratio.append(np.sqrt((error**2).mean()) / landmark_error_px(fit, settings))
        ratios = np.array(ratio)
        shares = [np.mean(np.abs(np.log(ratios)) < np.log(k)) for k in (1.5, 2)]
        lines.append(
            f"{count:5d}  {len(real):5d}  {np.median(real):10.2f} {np.percentile(real, 90):6.2f} |"
            f" {np.median(ratios):6.2f}"
            f"  {shares[0]:6.0%}  {shares[1]:6.0%}  {np.mean(ratios > 2):6.0%}"  # noqa: PLR2004 the column's name
        )
    print("\n".join(lines))
    if arguments.out is not None:
        command = f"command: calibrate_landmarks.py --pairs {arguments.pairs.name}\n"
        arguments.out.write_text(command + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
