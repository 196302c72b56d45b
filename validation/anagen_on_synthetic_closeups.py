"""The growing share of hairs on synthetic close-ups two or three days apart, against the share that was drawn.

    python validation/anagen_on_synthetic_closeups.py --pairs 16 --out validation/results/closeups_anagen.txt

Growing hairs gain 0.35 mm a day (standard deviation 0.04), the others nothing; skin, lie of the shafts, place, roll and
light differ as between two visits. Every fourth pair shows hair of which none grew.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align.hairs import CloseupView, HairMatchSettings, match_hairs
from hairtrack.measure.anagen import SpotOnDate, measure_anagen
from hairtrack.model import Measured, NotMeasured, PixelScale
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.camera import Lamp
from hairtrack.synth.closeup import CloseupShot, Spot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

PX_PER_MM = 140.0
SCALE = PixelScale(px_per_mm=PX_PER_MM, std_uncertainty_px_per_mm=0.5, method="given")


def view_of(spot: Spot, rng: np.random.Generator, *, later: bool) -> CloseupView:
    """Return a close-up with the hairs that were read on it."""
    shot = CloseupShot(
        px_per_mm=PX_PER_MM,
        shift_mm=(float(rng.uniform(-0.5, 0.5)), float(rng.uniform(-0.5, 0.5))) if later else (0.0, 0.0),
        roll_deg=float(rng.uniform(-10, 10)) if later else 0.0,
        lie_spread_deg=3.0,
        lamp=Lamp(exposure_ev=float(rng.uniform(-0.2, 0.2))),
    )
    rgb8 = render_closeup(spot, shot, rng=rng).rgb8
    found = find_shafts(rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings())
    return CloseupView(file="synthetic.png", rgb8=rgb8, hairs=found.hairs, px_per_mm=PX_PER_MM)


def measured(seed: int) -> tuple[float, Measured | NotMeasured]:
    """Return the drawn share and the measured one of a pair."""
    rng = np.random.default_rng([seed, 9])
    colours = SkinAndHair(skin=SKIN_TONES[("I", "II", "III")[seed % 3]], hair=HAIR_COLOURS["black"])
    spot = grow_spot(colours, seed=seed)
    spot = replace(spot, length_mm=rng.normal(0.45, 0.05, len(spot.unit)).clip(0.3, 0.6))
    days = 2 + seed % 2
    share = 0.0 if seed % 4 == 0 else float(rng.uniform(0.5, 0.95))
    grows = rng.random(len(spot.unit)) < share
    growth = np.where(grows, days * rng.normal(0.35, 0.04, len(grows)), 0.0)
    later = replace(spot, seed=seed + 5000, length_mm=spot.length_mm + growth)
    views = view_of(spot, rng, later=False), view_of(later, rng, later=True)
    match = match_hairs(*views, settings=HairMatchSettings().for_growth())
    dates = [SpotOnDate(hairs=view.hairs, scale=SCALE) for view in views]
    return float(grows.mean()), measure_anagen(match, dates[0], dates[1], days=days)


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=32)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    with arguments.out.open("w", encoding="utf-8") as table:
        for line in rows(arguments.pairs):
            print(line, flush=True)
            print(line, file=table, flush=True)


def rows(count: int) -> Iterator[str]:
    """Give a line a pair, then what they say together."""
    pairs = []
    for seed in range(count):
        pairs.append(measured(seed))
        truth, result = pairs[-1]
        drawn = f"pair {seed}, drawn {truth:.2f}: "
        if isinstance(result, Measured):
            low, high = result.interval95
            yield f"{drawn}{result.value:.2f} [{low:.2f}, {high:.2f}]"
        else:
            yield f"{drawn}not measured, {result.reason}"
    growing = [(truth, result) for truth, result in pairs if truth > 0]
    told = [(truth, result) for truth, result in growing if isinstance(result, Measured)]
    errors = np.array([result.value - truth for truth, result in told])
    covered = sum(result.interval95[0] <= truth <= result.interval95[1] for truth, result in told)
    still = [result for truth, result in pairs if truth == 0]
    yield f"pairs with growing hair: {len(growing)}, measured {len(told)}"
    yield f"error of the share: mean {errors.mean():+.3f}, mean absolute {np.abs(errors).mean():.3f}"
    yield f"intervals that hold the truth: {covered} of {len(told)}"
    yield f"pairs without growth: {len(still)}, measured {sum(isinstance(result, Measured) for result in still)}"


if __name__ == "__main__":
    main()
