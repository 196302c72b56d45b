"""The same hairs found again on synthetic close-ups that share nothing but their roots.

    python validation/score_rerendered_closeups.py --spots 20 --out validation/results/closeups_rerendered.txt

Each pair shows one synthetic spot twice. The follow-up has another skin (colour kept; no furrow, pore or glint is
shared), each follicular unit lies 10 degrees (standard deviation) otherwise, each hair was clipped otherwise, light and
colour of the lamp, place, roll and magnification of the lens differ, up to 20 % of the hairs are lost and up to 10 %
new. Pairs of the odd seeds show two different spots. No limit was set on these pairs.
"""

import argparse
import time
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hairtrack.align.closeup_registration import closeup_keypoints, fit_keypoints, register_closeups
from hairtrack.align.hairs import CloseupView, HairMatchSettings, match_hairs
from hairtrack.imaging.types import Rgb8Image
from hairtrack.imaging.warp import apply_matrix
from hairtrack.model import Hair, RegistrationStatus
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.camera import Lamp
from hairtrack.synth.closeup import CloseupShot, Spot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

PX_PER_MM = 179.0
SIZE = (1280, 1024)
GOOD_MM = 0.05
SAME_MM, SAME_DEG, RIM_MM = 0.11, 30.0, 0.04
"""When a hair that was read is one that was drawn, and which hairs are judged: as in the scorer beside the data."""

COMPARED = 12
"""Pairs on which the skin alone is tried as well: its keypoints cost more than all else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A synthetic close-up: what was drawn, how it was taken, and what was read."""

    spot: Spot
    shot: CloseupShot
    shown: NDArray[np.bool_]
    view: CloseupView

    @property
    def drawn_xy(self) -> NDArray[np.float64]:
        """(N, 2, 2) root and tip of every hair of the spot, in pixels."""
        length = self.spot.length_mm * self.shot.length_factor
        ahead = np.stack([np.cos(self.spot.direction), np.sin(self.spot.direction)], axis=1)
        ends = np.stack([self.spot.root_mm, self.spot.root_mm + length[:, None] * ahead], axis=1)
        return apply_matrix(px_from_mm(self.shot), ends.reshape(-1, 2)).reshape(-1, 2, 2)


def px_from_mm(shot: CloseupShot) -> NDArray[np.float64]:
    """Return the map of places on the skin to the picture."""
    roll = np.deg2rad(shot.roll_deg)
    turn = shot.px_per_mm * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    middle = (np.array(shot.size_px) - 1) / 2
    return np.vstack([np.c_[turn, middle - turn @ np.array(shot.shift_mm)], [0, 0, 1]])


def with_glints(rgb8: Rgb8Image, rng: np.random.Generator) -> Rgb8Image:
    """Return the picture with small shines of skin grease, other ones on each date."""
    light = np.zeros(rgb8.shape[:2], np.float32)
    for _ in range(int(rng.integers(15, 40))):
        centre = int(rng.integers(rgb8.shape[1])), int(rng.integers(rgb8.shape[0]))
        cv2.circle(light, centre, int(rng.integers(2, 9)), float(rng.uniform(60, 200)), -1)
    return np.asarray(np.clip(rgb8 + cv2.GaussianBlur(light, (0, 0), 2.0)[..., None], 0, 255), np.uint8)


def visits(seed: int, *, same: bool) -> tuple[Visit, Visit]:
    """Return two close-ups of one spot, or of two."""
    rng = np.random.default_rng([seed, 5])
    tone, hair = ("I", "II", "III", "IV")[seed % 4], ("black", "brown")[seed // 4 % 2]
    colours = SkinAndHair(skin=SKIN_TONES[tone], hair=HAIR_COLOURS[hair])
    spot = grow_spot(colours, seed=seed)
    later = replace(spot, seed=seed + 5000) if same else grow_spot(colours, seed=seed + 5000)
    count = len(later.unit)
    lie = rng.normal(0, np.deg2rad(10), int(later.unit.max()) + 1)[later.unit]
    later = replace(later, direction=later.direction + lie, length_mm=later.length_mm * rng.uniform(0.75, 1.25, count))
    lost = rng.random(count) < rng.uniform(0, 0.2)
    new = ~lost & (rng.random(count) < rng.uniform(0, 0.1))
    earlier_shows = ~new if same else np.ones(len(spot.unit), np.bool_)
    first = visit(spot, earlier_shows, 0.0, rng)
    return first, visit(later, ~lost, 1.0, rng)


def visit(spot: Spot, shown: NDArray[np.bool_], part: float, rng: np.random.Generator) -> Visit:
    """Return a close-up; `part` says how far it may differ from the standard one."""

    def up_to(most: float) -> float:
        return float(rng.uniform(-most, most)) * part

    lamp = Lamp(exposure_ev=up_to(0.4), colour=(1.0, float(rng.uniform(0.92, 1.0)), float(rng.uniform(0.85, 1.0))))
    shot = CloseupShot(
        size_px=SIZE,
        px_per_mm=PX_PER_MM * (1 + up_to(0.05)),
        shift_mm=(up_to(0.8), up_to(0.6)),
        roll_deg=up_to(20.0),
        lamp=lamp,
        length_factor=1 + up_to(0.2),
    )
    rgb8 = with_glints(render_closeup(spot.kept(shown), shot, rng=rng).rgb8, rng)
    found = find_shafts(rgb8, px_per_mm=shot.px_per_mm, settings=ShaftSettings())
    return Visit(
        spot=spot,
        shot=shot,
        shown=shown,
        view=CloseupView(file="synthetic.png", rgb8=rgb8, hairs=found.hairs, px_per_mm=shot.px_per_mm),
    )


def read_as(one: Visit, hairs: NDArray[np.float64]) -> dict[int, int]:
    """Return which drawn hair each hair that was read is."""
    drawn = one.drawn_xy
    visible = np.flatnonzero(one.shown)
    apart = np.linalg.norm(drawn[visible].mean(axis=1)[:, None] - hairs.mean(axis=1)[None], axis=2)
    angles = [np.arctan2(*(part[:, 1] - part[:, 0]).T[::-1]) for part in (drawn[visible], hairs)]
    turn = np.abs((angles[0][:, None] - angles[1][None] + np.pi / 2) % np.pi - np.pi / 2)
    close = (apart <= SAME_MM * one.shot.px_per_mm) & (turn < np.deg2rad(SAME_DEG))
    rows, columns = linear_sum_assignment(np.where(close, apart, 1e6))
    return {int(j): int(visible[i]) for i, j in zip(rows, columns, strict=True) if close[i, j]}


def whole(one: Visit) -> NDArray[np.bool_]:
    """Return which drawn hairs lie wholly in the picture."""
    rim = RIM_MM * one.shot.px_per_mm
    ends = one.drawn_xy
    return np.asarray(((ends >= rim) & (ends < np.array(SIZE) - rim)).all(axis=(1, 2)) & one.shown, np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one pair of one spot went; `error_mm` is None when it was refused."""

    error_mm: float | None
    right: int
    wrong: int
    due: int
    cpu_s: float


def ends_of(
    hairs: tuple[Hair, ...], extra: list[tuple[tuple[float, float], tuple[float, float]]]
) -> NDArray[np.float64]:
    """Return (N, 2, 2) hairs that were read and, behind them, those found again."""
    return np.array([*[(hair.root_xy, hair.tip_xy) for hair in hairs], *extra], np.float64).reshape(-1, 2, 2)


def scored(first: Visit, second: Visit) -> Score:
    """Return the score of a pair of one spot."""
    begun = time.process_time()
    match = match_hairs(first.view, second.view, settings=HairMatchSettings())
    cpu_s = time.process_time() - begun
    limits = HairMatchSettings().registration
    fit = register_closeups(
        first.view.rgb8,
        second.view.rgb8,
        hairs=(first.view.hairs, second.view.hairs),
        px_per_mm=(first.view.px_per_mm, second.view.px_per_mm),
        settings=limits,
    )
    again = match.found_again
    read = (
        ends_of(first.view.hairs, [(one.root_xy, one.tip_xy) for one in again if one.reference is None]),
        ends_of(second.view.hairs, [(one.root_xy, one.tip_xy) for one in again if one.moving is None]),
    )
    behind = [len(first.view.hairs), len(second.view.hairs)]
    pairs = list(match.pairs)
    for one in again:
        side = 0 if one.reference is None else 1
        pairs.append(
            (behind[0] if one.reference is None else one.reference, behind[1] if one.moving is None else one.moving)
        )
        behind[side] += 1
    names = read_as(first, read[0]), read_as(second, read[1])
    called = [(names[0].get(i), names[1].get(j)) for i, j in pairs]
    right = {a for a, b in called if a is not None and a == b}
    due = np.flatnonzero(whole(first) & whole(second))
    return Score(
        error_mm=error_mm(fit.matrix, first, second),
        right=sum(int(index) in right for index in due),
        wrong=sum(a is not None and b is not None and a != b for a, b in called),
        due=len(due),
        cpu_s=cpu_s,
    )


def error_mm(matrix: NDArray[np.float64] | None, first: Visit, second: Visit) -> float | None:
    """Return the mean distance between the map and the true one over what both pictures show."""
    if matrix is None:
        return None
    columns, rows = np.meshgrid(np.arange(30, SIZE[0], 50.0), np.arange(30, SIZE[1], 50.0))
    places = np.c_[columns.ravel(), rows.ravel()]
    true = apply_matrix(px_from_mm(second.shot) @ np.linalg.inv(px_from_mm(first.shot)), places)
    shown = ((true >= 0) & (true < np.array(SIZE))).all(axis=1)
    return float(np.linalg.norm(apply_matrix(matrix, places) - true, axis=1)[shown].mean() / second.shot.px_per_mm)


def skin_alone_mm(first: Visit, second: Visit) -> float | None:
    """Return the error of a registration by keypoints of the skin alone; None when it is refused."""
    limits = HairMatchSettings().registration
    found = [closeup_keypoints(one.view.rgb8, settings=limits) for one in (first, second)]
    return error_mm(fit_keypoints(found[0], found[1], settings=limits).matrix, first, second)


def table(scores: list[Score], skin_alone: list[float | None], others: list[bool]) -> list[str]:
    """Return the table of the pairs so far."""
    errors = [score.error_mm for score in scores if score.error_mm is not None]
    right, due, wrong = (sum(getattr(score, name) for score in scores) for name in ("right", "due", "wrong"))
    by_skin = sum(error is not None and error <= GOOD_MM for error in skin_alone)
    return [
        f"pairs of one spot: {len(scores)}, refused {len(scores) - len(errors)}",
        f"registration within 0.05 mm: {sum(e <= GOOD_MM for e in errors) / len(scores):.3f}",
        f"registration error in mm: median {np.median(errors):.4f}, worst {max(errors):.4f}",
        f"keypoints of the skin alone within 0.05 mm: {by_skin} of the first {len(skin_alone)}",
        f"matched: recall {right / due:.3f} of {due} hairs, precision {right / (right + wrong):.4f}",
        f"pairs of two spots: {len(others)}, trusted {sum(others)}",
        f"CPU of matching a pair: median {np.median([score.cpu_s for score in scores]):.2f} s",
    ]


def main() -> None:
    """Print the table, and write it anew after every pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--spots", type=int, default=60, help="pairs of one spot; a quarter as many of two spots")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    scores: list[Score] = []
    skin_alone: list[float | None] = []
    others: list[bool] = []
    for index in range(arguments.spots):
        pair = visits(2 * index, same=True)
        scores.append(scored(*pair))
        if index < COMPARED:
            skin_alone.append(skin_alone_mm(*pair))
        if index % 4 == 0:
            first, second = visits(2 * index + 1, same=False)
            match = match_hairs(first.view, second.view, settings=HairMatchSettings())
            others.append(match.status is RegistrationStatus.ACCEPTED)
        arguments.out.write_text("\n".join(table(scores, skin_alone, others)) + "\n", encoding="utf-8")
    print("\n".join(table(scores, skin_alone, others)))


if __name__ == "__main__":
    main()
