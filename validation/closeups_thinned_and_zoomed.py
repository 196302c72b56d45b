"""Thinned hairs told from the others, and one spot at two magnifications, on drawn spots with exact truth.

    python validation/closeups_thinned_and_zoomed.py thinned --out validation/results/closeups_thinned_and_zoomed.txt
    python validation/closeups_thinned_and_zoomed.py zoomed --out validation/results/closeups_zoomed.txt

A spot is drawn twice: the second time with other noise, place, roll, clip length, light and lie, and a third of its
hairs thinner by 20, 35 or 50 % (or none, for false alarms). For magnifications nothing thins, and the second picture is
taken at another scale; the scale of both is given, or nobody knows it and the nominal one stands in as it does for a
case. No limit was set on these seeds.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from closeups_on_drawn_spots import density_of
from hairtrack.align.hairs import CloseupView, HairMatchSettings, match_hairs
from hairtrack.imaging.warp import apply_matrix
from hairtrack.model import Hair, HairMatch, Measured, NotMeasured, PixelScale, RegistrationStatus
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.camera import Lamp
from hairtrack.synth.closeup import CloseupShot, DrawnHair, Spot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

PX_PER_MM = 120.0
SHOT = CloseupShot(size_px=(900, 720), px_per_mm=PX_PER_MM)
SAME_MM = 0.11
THINNED_SHARE = 1 / 3
SPOTS, ZOOMED_SPOTS = 6, 3
ZOOMS = {True: (0.5, 0.7, 1.4, 2.0), False: (0.7, 1.4)}
GROWN_MM = (8.0, 6.6)
"""What a picture may show of the 10 by 9 mm that a spot is grown on, when it is shifted and rolled."""

SCALE_STD_FRACTION = 0.005
"""Of the scale that is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A picture of a spot with what was drawn and what was read; `named` are the drawn hairs, -1 for none."""

    drawn: tuple[DrawnHair, ...]
    view: CloseupView
    named: NDArray[np.int64]
    density: Measured | NotMeasured
    drawn_per_cm2: float


def visit(spot: Spot, shot: CloseupShot, *, scale_known: bool, rng: np.random.Generator) -> Visit:
    """Return a picture of a spot, read at its scale, or without any."""
    picture = render_closeup(spot, shot, rng=rng)
    px_per_mm = shot.px_per_mm
    scale = (
        PixelScale(px_per_mm=px_per_mm, std_uncertainty_px_per_mm=SCALE_STD_FRACTION * px_per_mm, method="given")
        if scale_known
        else None
    )
    settings = ShaftSettings()
    found = find_shafts(picture.rgb8, px_per_mm=px_per_mm if scale else None, settings=settings)
    view = CloseupView(
        file="synthetic.png",
        rgb8=picture.rgb8,
        hairs=found.hairs,
        px_per_mm=px_per_mm if scale else settings.nominal_px_per_mm,
    )
    return Visit(
        drawn=picture.hairs,
        view=view,
        named=named(picture.hairs, found.hairs, px_per_mm),
        density=density_of(found, scale),
        drawn_per_cm2=drawn_per_cm2(picture.hairs, shot),
    )


def drawn_per_cm2(drawn: tuple[DrawnHair, ...], shot: CloseupShot) -> float:
    """Return the roots drawn within a picture over its area."""
    roots = np.array([hair.root_xy for hair in drawn])
    inside = ((roots >= 0) & (roots < shot.size_px)).all(axis=1)
    return float(100 * inside.sum() * shot.px_per_mm**2 / np.prod(shot.size_px))


def named(drawn: tuple[DrawnHair, ...], read: tuple[Hair, ...], px_per_mm: float) -> NDArray[np.int64]:
    """Return which drawn hair each hair that was read is: each the nearest of the other by its middle, else -1."""
    middles = [np.array([np.add(hair.root_xy, hair.tip_xy) / 2 for hair in hairs]) for hairs in (drawn, read)]
    apart = np.linalg.norm(middles[0][:, None] - middles[1].reshape(-1, 2)[None], axis=2)
    nearest = apart.argmin(axis=0)
    mutual = apart[nearest].argmin(axis=1) == np.arange(len(read))
    close = apart[nearest, np.arange(len(read))] <= SAME_MM * px_per_mm
    return np.where(mutual & close, nearest, -1)


def spot_of(seed: int) -> Spot:
    """Return a spot of one of four skin tones."""
    tone = ("I", "II", "III", "IV")[seed % 4]
    return grow_spot(SkinAndHair(skin=SKIN_TONES[tone], hair=HAIR_COLOURS["black"]), seed=seed)


def second_shot(rng: np.random.Generator, *, zoom: float = 1.0) -> CloseupShot:
    """Return another way to take the same spot, never beyond what was grown."""
    px_per_mm = PX_PER_MM * zoom
    widest, highest = (int(side_mm * px_per_mm) for side_mm in GROWN_MM)
    return replace(
        SHOT,
        size_px=(min(SHOT.size_px[0], widest), min(SHOT.size_px[1], highest)),
        px_per_mm=px_per_mm,
        shift_mm=tuple(rng.uniform(-0.4, 0.4, 2).tolist()),
        roll_deg=float(rng.uniform(-12, 12)),
        length_factor=float(rng.uniform(0.85, 1.15)),
        lie_spread_deg=4.0,
        lamp=Lamp(exposure_ev=float(rng.uniform(-0.3, 0.3))),
    )


def identity(spot: Spot, shot: CloseupShot, drawn: tuple[DrawnHair, ...]) -> NDArray[np.int64]:
    """Return which hair of the spot each drawn hair is, by its root."""
    roll = np.deg2rad(shot.roll_deg)
    turn = shot.px_per_mm * np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    middle = (np.array(shot.size_px) - 1) / 2
    matrix = np.vstack([np.c_[turn, middle - turn @ np.array(shot.shift_mm)], [0, 0, 1]])
    roots = apply_matrix(matrix, spot.root_mm)
    own = np.array([hair.root_xy for hair in drawn])
    return np.asarray(np.linalg.norm(own[:, None] - roots[None], axis=2).argmin(axis=1), np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two visits matched: for each right pair the measured and true change of diameter, and whether it is called."""

    visits: tuple[Visit, Visit]
    match: HairMatch
    right: int
    due: int
    measured: NDArray[np.float64]
    true: NDArray[np.float64]
    called: NDArray[np.bool_]


def matched(seed: int, *, thinner: float = 0.0, zoom: float = 1.0, scale_known: bool = True) -> Pair:
    """Return one spot on two dates."""
    rng = np.random.default_rng([seed, 21])
    spot = spot_of(seed)
    factor = np.where(rng.random(len(spot.unit)) < THINNED_SHARE, 1 - thinner, 1.0)
    later = replace(spot, diameter_um=spot.diameter_um * factor)
    shot = second_shot(rng, zoom=zoom)
    visits = visit(spot, SHOT, scale_known=scale_known, rng=rng), visit(later, shot, scale_known=scale_known, rng=rng)
    match = match_hairs(visits[0].view, visits[1].view, settings=HairMatchSettings())
    names = [
        np.where(one.named >= 0, identity(spot, way, one.drawn)[one.named], -1)
        for one, way in zip(visits, (SHOT, shot), strict=True)
    ]
    rows = []
    for position, (i, j) in enumerate(match.pairs):
        if names[0][i] >= 0 and names[0][i] == names[1][j]:
            ratio = visits[1].view.hairs[j].diameter_px / visits[0].view.hairs[i].diameter_px / zoom
            rows.append((ratio - 1, factor[names[0][i]] - 1, position in match.thinned))
    read_on_both = set(names[0].tolist()) & set(names[1].tolist()) - {-1}
    columns = np.array(rows, np.float64).reshape(-1, 3)
    return Pair(
        visits=visits,
        match=match,
        right=len(rows),
        due=len(read_on_both),
        measured=columns[:, 0],
        true=columns[:, 1],
        called=columns[:, 2] > 0,
    )


def thinned_rows() -> Iterator[str]:
    """Give a line for each degree of thinning."""
    group_head = f"{'called':>16} {'change':>8} {'SD':>6}"
    yield f"{'thinner by':<11} {'pairs':>6} {group_head}   {group_head} (of the others)"
    for number, thinner in enumerate((0.0, 0.2, 0.35, 0.5)):
        pairs = [matched(400 + 10 * number + seed, thinner=thinner) for seed in range(SPOTS)]
        measured, true, called = (
            np.concatenate([getattr(pair, name) for pair in pairs]) for name in ("measured", "true", "called")
        )
        told = []
        for group in (true < 0, true == 0):
            if group.any():
                part = measured[group]
                change = f"{100 * part.mean():>+7.1f}% {100 * part.std():>5.1f}%"
                told.append(f"{called[group].sum():>8} of {group.sum():>4} {change}")
            else:
                told.append(f"{'-':>16} {'-':>8} {'-':>6}")
        yield f"{100 * thinner:>9.0f} % {len(measured):>6} {told[0]}   {told[1]}"


def zoomed_rows() -> Iterator[str]:
    """Give a line for each magnification, its scale given or not."""
    for scale_known, zooms in ZOOMS.items():
        for zoom in zooms:
            pairs = [matched(500 + seed, zoom=zoom, scale_known=scale_known) for seed in range(ZOOMED_SPOTS)]
            accepted = [pair for pair in pairs if pair.match.status is RegistrationStatus.ACCEPTED]
            told = "given" if scale_known else "unknown"
            parts = [f"{zoom:>4.2f} times, scale {told:<7}: accepted {len(accepted)} of {len(pairs)}"]
            if accepted:
                parts += changes_told(accepted)
            reasons = sorted({pair.match.reason for pair in pairs if pair.match.reason})
            yield "; ".join([*parts, densities_told(pairs), *reasons])


def changes_told(accepted: list[Pair]) -> list[str]:
    """Return how hairs are paired, and the change of count with its interval."""
    wrong = sum(len(pair.match.pairs) - pair.right for pair in accepted)
    right, due = (sum(getattr(pair, name) for pair in accepted) for name in ("right", "due"))
    changes = [pair.match.count_change for pair in accepted if pair.match.count_change is not None]
    held = sum(change.interval95[0] <= 0 <= change.interval95[1] for change in changes)
    half = np.mean([np.ptp(change.interval95) / 2 for change in changes])
    size = np.mean([abs(change.fraction) for change in changes])
    return [
        f"{right} of {due} hairs read on both are paired, {wrong} other pairs",
        f"count change {100 * size:.1f} % (true 0), ±{100 * half:.1f} % holds it in {held} of {len(changes)}",
    ]


def densities_told(pairs: list[Pair]) -> str:
    """Return how often the density of a date holds what is drawn there, and how far the second one is from it."""
    errors, held, told = [], 0, set()
    for one in (visited for pair in pairs for visited in pair.visits):
        if isinstance(one.density, Measured):
            low, high = one.density.interval95
            held += low <= one.drawn_per_cm2 <= high
            errors.append(abs(one.density.value / one.drawn_per_cm2 - 1))
        else:
            told.add(f"density not measured, {one.density.reason}; {one.density.remedy}")
    if errors:
        told.add(
            f"densities of both dates {100 * np.mean(errors):.1f} % from what is drawn there, "
            f"intervals hold it {held} of {len(errors)}"
        )
    return "; ".join(sorted(told))


def main() -> None:
    """Draw, match, print and write the table line by line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("thinned", "zoomed"))
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    title, rows = {
        "thinned": ("a third of the hairs thinner on the second date (called from a quarter on)", thinned_rows()),
        "zoomed": (f"{ZOOMED_SPOTS} spots, the second date at another magnification", zoomed_rows()),
    }[arguments.kind]
    with arguments.out.open("w", encoding="utf-8") as table:
        for line in chain((title,), rows):
            print(line, flush=True)
            print(line, file=table, flush=True)


if __name__ == "__main__":
    main()
