"""Hairs planted in a wrong direction found on synthetic close-ups, and false alarms on real ones.

    python validation/closeup_growth_direction.py --out validation/results/closeups_growth_direction.txt

Synthetic spots with exact truth: in half of them a tenth to a fifth of the follicular units are turned by 80 to 180
degrees against their neighbours. Real frames (`../shared/data/closeups`, no licence: measured, nothing kept) have
never been transplanted as far as is known: every hair called there is a false alarm.
"""

import argparse
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from hairtrack.measure.growth_direction import AGAINST_DEG, turned_from_neighbours_deg
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.closeup import CloseupShot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
PX_PER_MM = 120.0
SHOT = CloseupShot(size_px=(900, 720), px_per_mm=PX_PER_MM)


def judged(seed: int, *, faulty: bool) -> tuple[list[bool], list[bool]]:
    """Return, of the hairs found on one synthetic spot, whether each is faulty and whether it is called so."""
    rng = np.random.default_rng([seed, 77])
    tone = ("I", "II", "III", "IV")[seed % 4]
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES[tone], hair=HAIR_COLOURS["black"]), seed=seed)
    units = np.unique(spot.unit)
    wrong = rng.permutation(units)[: round(len(units) * rng.uniform(0.1, 0.2))] if faulty else units[:0]
    turns = dict(zip(wrong.tolist(), np.deg2rad(rng.uniform(80, 180, len(wrong))), strict=True))
    turn = np.array([turns.get(int(unit), 0.0) for unit in spot.unit])
    shot = render_closeup(replace(spot, direction=spot.direction + turn), SHOT, rng=rng)
    found = find_shafts(shot.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings()).hairs
    turned = turned_from_neighbours_deg(found, px_per_mm=PX_PER_MM)
    true_xy = np.array([np.add(hair.root_xy, hair.tip_xy) / 2 for hair in shot.hairs])
    truth, called = [], []
    for hair, degrees in zip(found, turned, strict=True):
        distance = np.linalg.norm(true_xy - np.add(hair.root_xy, hair.tip_xy) / 2, axis=1)
        if distance.min() < 0.11 * PX_PER_MM and np.isfinite(degrees):
            truth.append(shot.hairs[int(distance.argmin())].unit in turns)
            called.append(bool(degrees > AGAINST_DEG))
    return truth, called


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--spots", type=int, default=12, help="synthetic spots of each kind")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    truth, called = [], []
    for seed in range(2 * arguments.spots):
        one, two = judged(seed, faulty=seed % 2 == 0)
        truth += one
        called += two
    faults, calls = np.array(truth), np.array(called)
    settings = ShaftSettings()
    turned = []
    for path in sorted((SHARED / "data" / "closeups" / "frames").glob("*.jpg"))[1::4]:
        rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
        hairs = find_shafts(rgb8, px_per_mm=settings.nominal_px_per_mm, settings=settings).hairs
        turned.append(turned_from_neighbours_deg(hairs, px_per_mm=settings.nominal_px_per_mm))
    every = np.concatenate(turned)
    every = every[np.isfinite(every)]
    spread = float(np.median(every) / 0.6745)
    lines = [
        f"synthetic spots: {2 * arguments.spots}, hairs judged {len(faults)}, faulty {faults.sum()}",
        f"sensitivity of a hair {calls[faults].mean():.3f}, specificity {1 - calls[~faults].mean():.4f}",
        f"real frames: {len(turned)}, hairs judged {len(every)}, false alarms {(every > AGAINST_DEG).mean():.4f}",
        f"spread of the turn from the neighbours on real frames: {spread:.1f} degrees (robust standard deviation)",
    ]
    print("\n".join(lines))
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
