"""Hairs planted in a wrong direction found on synthetic close-ups, and false alarms on synthetic whorls and real spots.

    python validation/closeup_growth_direction.py --spots 24 --out validation/results/closeups_growth_direction.txt

Synthetic spots with exact truth, of four kinds: even hair; hair around a whorl, its centre mostly in the picture; a
patch of 0.9 to 1.5 mm radius planted wrongly, all of it turned alike by 80 to 180 degrees with a scatter of 12; a tenth
to a fifth of the follicular units turned singly by as much. Real frames (`../shared/data/closeups`, no licence:
measured, nothing kept) have never been transplanted as far as is known: every hair called there is a false alarm.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.measure.growth_direction import AGAINST_DEG, turned_from_neighbours_deg
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.closeup import CloseupShot, Spot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
PX_PER_MM = 120.0
SAME_MM = 0.11
FEWEST_OF_PATCH = 3
SHOT = CloseupShot(size_px=(900, 720), px_per_mm=PX_PER_MM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Hairs read on one spot: which are faulty, how far each is turned from the field, which roots are right."""

    faulty: NDArray[np.bool_]
    turned_deg: NDArray[np.float64]
    root_right: NDArray[np.bool_]

    @property
    def called(self) -> NDArray[np.bool_]:
        """Hairs called against the field."""
        return self.turned_deg > AGAINST_DEG


def planted(spot: Spot, kind: str, rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the direction of each hair on a spot of that kind, and which are faulty."""
    units, first = np.unique(spot.unit, return_index=True)
    faulty = np.zeros(len(spot.unit), np.bool_)
    if kind == "whorl":
        ahead = spot.root_mm - rng.uniform([-4.5, -4.0], [4.5, 4.0])
        spiral = rng.choice([-1, 1]) * rng.uniform(0.5, 1.3)
        return np.arctan2(ahead[:, 1], ahead[:, 0]) + spiral + rng.normal(0, 0.13, len(ahead)), faulty
    turns = np.zeros(len(units))
    if kind == "patch":
        apart = np.linalg.norm(spot.root_mm[first] - rng.uniform([-2.2, -1.7], [2.2, 1.7]), axis=1)
        wrong = apart < rng.uniform(0.9, 1.5)
        turn = rng.choice([-1, 1]) * rng.uniform(80, 180)
        turns[wrong] = np.deg2rad(turn + rng.normal(0, 12, wrong.sum()))
    elif kind == "units":
        wrong = np.isin(units, rng.permutation(units)[: round(len(units) * rng.uniform(0.1, 0.2))])
        turns[wrong] = np.deg2rad(rng.uniform(80, 180, wrong.sum()))
    per_hair = turns[np.searchsorted(units, spot.unit)]
    return spot.direction + per_hair, per_hair != 0


def judged(seed: int, kind: str) -> Judged:
    """Return the hairs found on one synthetic spot."""
    rng = np.random.default_rng([seed, 77])
    tone = ("I", "II", "III", "IV")[seed % 4]
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES[tone], hair=HAIR_COLOURS["black"]), seed=seed)
    direction, faulty = planted(spot, kind, rng)
    wrong = set(spot.unit[faulty].tolist())
    shot = render_closeup(replace(spot, direction=direction), SHOT, rng=rng)
    found = find_shafts(shot.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings()).hairs
    turned = turned_from_neighbours_deg(found, px_per_mm=PX_PER_MM)
    true_xy = np.array([(hair.root_xy, hair.tip_xy) for hair in shot.hairs])
    rows = []
    for hair, degrees in zip(found, turned, strict=True):
        distance = np.linalg.norm(true_xy.mean(axis=1) - np.add(hair.root_xy, hair.tip_xy) / 2, axis=1)
        nearest = int(distance.argmin())
        if distance[nearest] < SAME_MM * PX_PER_MM and np.isfinite(degrees):
            along = np.subtract(hair.tip_xy, hair.root_xy) @ (true_xy[nearest, 1] - true_xy[nearest, 0])
            rows.append((shot.hairs[nearest].unit in wrong, degrees, along > 0))
    columns = np.array(rows, np.float64).reshape(-1, 3)
    return Judged(faulty=columns[:, 0] > 0, turned_deg=columns[:, 1], root_right=columns[:, 2] > 0)


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--spots", type=int, default=12, help="synthetic spots of each kind")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    with arguments.out.open("w", encoding="utf-8") as table:
        for line in rows(arguments.spots):
            print(line, flush=True)
            print(line, file=table, flush=True)


def rows(count: int) -> Iterator[str]:
    """Give a line for each kind of spot, then two for real frames."""
    for number, kind in enumerate(("even", "whorl", "patch", "units")):
        spots = [judged(4 * seed + number, kind) for seed in range(count)]
        faulty, called, right = (
            np.concatenate([getattr(spot, name) for spot in spots]) for name in ("faulty", "called", "root_right")
        )
        line = f"{kind}: {len(spots)} spots, hairs judged {len(faulty)}, specificity {1 - called[~faulty].mean():.4f}"
        if faulty.any():
            rows = [spot for spot in spots if spot.faulty.sum() >= FEWEST_OF_PATCH]
            found = sum(spot.called[spot.faulty].mean() >= 0.5 for spot in rows)  # noqa: PLR2004 most of it
            line += f"; faulty {faulty.sum()}, sensitivity of a hair {called[faulty].mean():.3f}"
            line += f", most of the faulty hairs named on {found} of {len(rows)} spots"
            line += f"; root end right {right[faulty].mean():.3f}"
            line += f"; sensitivity where it is {called[faulty & right].mean():.3f}"
        yield line
    settings = ShaftSettings()
    turned = []
    for path in sorted((SHARED / "data" / "closeups" / "frames").glob("*.jpg"))[1::4]:
        rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
        hairs = find_shafts(rgb8, px_per_mm=settings.nominal_px_per_mm, settings=settings).hairs
        turned.append(turned_from_neighbours_deg(hairs, px_per_mm=settings.nominal_px_per_mm))
    every = np.concatenate(turned)
    every = every[np.isfinite(every)]
    spread = float(np.median(every) / 0.6745)
    yield f"real frames: {len(turned)}, hairs judged {len(every)}, false alarms {(every > AGAINST_DEG).mean():.4f}"
    yield f"spread of the turn from the field on real frames: {spread:.1f} degrees (robust standard deviation)"


if __name__ == "__main__":
    main()
