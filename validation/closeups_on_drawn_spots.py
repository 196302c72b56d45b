"""Close-ups with exact truth: grey share, skin tone, long crossing hair, diameters, and whether intervals hold it.

    python validation/closeups_on_drawn_spots.py --out validation/results

Every hair drawn counts, also one that lies behind others of its bundle; the last two columns say what the error is when
only hairs count of which a quarter shows alone. `frame in`: intervals without sampling that hold the density of this
very frame; `process in`: whole intervals that hold the density that spots are drawn with.

Every spot is drawn by `hairtrack.synth`, the fibres of the diameter table from the formula of a sharp-edged shaft seen
through a Gaussian blur of light. No limit was set on these seeds.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from hairtrack.imaging.types import Rgb8Image
from hairtrack.measure.closeup import CloseupMeasureSettings, measure_closeup
from hairtrack.model import Measured, NotMeasured, PixelScale
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import ShaftFinding, find_shafts
from hairtrack.synth.closeup import (
    HAIRS_IN_UNIT,
    UNITS_PER_MM2,
    CloseupShot,
    RenderedCloseup,
    Spot,
    grow_spot,
    render_closeup,
)
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

PX_PER_MM = 120.0
SCALE = PixelScale(px_per_mm=PX_PER_MM, std_uncertainty_px_per_mm=0.6, method="given")
SHOT = CloseupShot(size_px=(840, 680), px_per_mm=PX_PER_MM)
GREY_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
SEEDS = range(21, 23)
PROCESS_PER_CM2 = 100 * UNITS_PER_MM2 * float(np.dot(HAIRS_IN_UNIT, (1, 2, 3, 4)))

SHOWS_ALONE = 0.25
DISPERSION_SPOTS = 200

HEADS_UM = ((20, 30, 40, 60, 80), (80, 100, 120))
"""Fibres that stand together, of usual and of coarse hair: one of 120 µm among hairs of 60 µm is read as two."""

RESOLVED_IN_BLUR = 2.0
"""Below two standard deviations of blur every profile is that of the blur."""

SCALES_PX_PER_MM = (60.0, 120.0, 180.0)
BLURS_PX = (0.3, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One picture: density measured against all hairs of the counting frame, and against those that show."""

    error_fraction: float
    error_of_shown_fraction: float
    holds_frame: bool
    holds_process: bool


def density_of(found: ShaftFinding, scale: PixelScale | None) -> Measured | NotMeasured:
    """Return the hairs per cm² of what was found on a close-up, or why there are none."""
    return measure_closeup(
        found.hairs,
        found.units,
        scale=scale,
        seen=found.seen,
        hair=found.hair,
        refusal=found.refusal,
        settings=CloseupMeasureSettings(),
    )["hair_density_per_cm2"]


def counted(spot: Spot, shot: CloseupShot, *, seed: int) -> Count | str:
    """Return how the density of a drawn spot was read, or why it was refused."""
    truth = render_closeup(spot, shot, rng=np.random.default_rng(seed))
    found = find_shafts(truth.rgb8, px_per_mm=shot.px_per_mm, settings=ShaftSettings())
    density = density_of(found, SCALE)
    if not isinstance(density, Measured):
        return density.reason
    guard = round(CloseupMeasureSettings().guard_mm * shot.px_per_mm)
    roots = np.array([hair.root_xy for hair in truth.hairs])
    inside = ((roots >= guard - 0.5) & (roots < np.array(shot.size_px) - guard - 0.5)).all(axis=1)
    area_cm2 = (shot.size_px[0] - 2 * guard) * (shot.size_px[1] - 2 * guard) / shot.px_per_mm**2 / 100
    true = inside.sum() / area_cm2
    shown = (inside & shows_alone(truth, shot)).sum() / area_cm2
    without_sampling = np.sqrt(
        sum(source.std_uncertainty**2 for source in density.error_sources if source.name != "sampling")
    )
    low, high = density.interval95
    return Count(
        error_fraction=density.value / true - 1,
        error_of_shown_fraction=density.value / shown - 1,
        holds_frame=abs(density.value - true) <= 1.96 * without_sampling,
        holds_process=low <= PROCESS_PER_CM2 <= high,
    )


def shows_alone(truth: RenderedCloseup, shot: CloseupShot) -> NDArray[np.bool_]:
    """Return (N,) whether enough of a hair lies over or behind no other for anybody to tell it."""
    areas = []
    for hair in truth.hairs:
        area = np.zeros(shot.size_px[::-1], np.uint8)
        ends = [tuple(np.round(np.array(end) * 16).astype(int).tolist()) for end in (hair.root_xy, hair.tip_xy)]
        width_px = max(1, round(hair.diameter_um / 1000 * shot.px_per_mm))
        cv2.line(area, ends[0], ends[1], 1, width_px, cv2.LINE_8, 4)
        areas.append(area)
    alone = np.sum(areas, axis=0) == 1
    return np.array([(area[alone]).sum() >= SHOWS_ALONE * area.sum() for area in areas], np.bool_)


def sampling_row() -> str:
    """Return how far densities of drawn spots vary, and what their sampling error claims."""
    width_mm, height_mm = (side / PX_PER_MM for side in SHOT.size_px)
    counts, claimed = [], []
    for seed in range(200, 200 + DISPERSION_SPOTS):
        spot = grow_spot(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"]), seed=seed)
        inside = (np.abs(spot.root_mm) < [width_mm / 2, height_mm / 2]).all(axis=1)
        sizes = np.unique(spot.unit[inside], return_counts=True)[1]
        counts.append(inside.sum())
        claimed.append(np.sqrt((sizes**2).sum()))
    return (
        f"hairs in {DISPERSION_SPOTS} drawn frames: standard deviation {np.std(counts, ddof=1):.1f}, claimed by "
        f"clusters {np.mean(claimed):.1f}, by single hairs {np.sqrt(np.mean(counts)):.1f}"
    )


def row(name: str, counts: list[Count | str]) -> str:
    """Return one line of the table of counts."""
    read = [count for count in counts if isinstance(count, Count)]
    refused = len(counts) - len(read)
    if not read:
        return f"{name:<32} {len(counts):>8} {'refused':>9}"
    errors = np.array([count.error_fraction for count in read])
    shown = np.array([count.error_of_shown_fraction for count in read])
    frame, process = (
        100 * np.mean([getattr(count, holds) for count in read]) for holds in ("holds_frame", "holds_process")
    )
    return (
        f"{name:<32} {len(counts):>8} {refused:>8} {100 * errors.mean():>+9.1f} {100 * np.abs(errors).mean():>9.1f} "
        f"{frame:>10.0f} {process:>12.0f} {100 * shown.mean():>+9.1f} {100 * np.abs(shown).mean():>9.1f}"
    )


def counts_table() -> Iterator[str]:
    """Give the table of counts by skin tone and grey share, hair colour, and length."""
    head = (
        f"{'spots':<32} {'pictures':>8} {'refused':>8} {'bias %':>9} {'error %':>9} {'frame in':>10} "
        f"{'process in':>12} {'shown: %':>9} {'error %':>9}"
    )
    yield head
    everything: list[Count | str] = []
    for tone, skin in SKIN_TONES.items():
        for grey in GREY_SHARES:
            colours = SkinAndHair(skin=skin, hair=HAIR_COLOURS["black"])
            counts = [counted(grow_spot(colours, seed=seed, grey_fraction=grey), SHOT, seed=seed) for seed in SEEDS]
            everything += counts
            yield row(f"skin {tone}, black, {100 * grey:.0f} % grey", counts)
    yield row("all of these", everything)
    for name, hair in HAIR_COLOURS.items():
        counts = [
            counted(grow_spot(SkinAndHair(skin=SKIN_TONES[tone], hair=hair), seed=seed), SHOT, seed=seed)
            for tone in ("I", "II", "III")
            for seed in SEEDS
        ]
        yield row(f"skin I-III, {name}", counts)
        everything += counts
    for length, curl, spread in (
        (1.0, 0.0, 25.0),
        (2.0, 0.0, 12.0),
        (3.0, 0.0, 12.0),
        (2.0, 0.25, 12.0),
        (3.0, 0.25, 12.0),
    ):
        colours = SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"])
        shot = replace(SHOT, length_factor=length, lie_spread_deg=spread)
        counts = [
            counted(grow_spot(colours, seed=seed, curl_spread_per_mm=curl), shot, seed=seed)
            for seed in range(SEEDS.start, SEEDS.start + 4)
        ]
        yield row(f"{0.72 * length:.1f} mm, curl {curl:.2f}/mm, lie ±{spread:.0f}°", counts)
        everything += counts
    yield row("every picture of this table", everything)
    yield sampling_row()


def fibres(
    diameters_um: tuple[int, ...], px_per_mm: float, blur_px: float, *, rng: np.random.Generator
) -> tuple[Rgb8Image, list[tuple[float, float, float]]]:
    """Return fibres of every diameter, each in a cell of its own at a random angle, and where each is: x, y, µm."""
    cell, length, columns_of_cells = 170, 110.0, len(diameters_um)
    size = (3 * cell, columns_of_cells * cell)
    light = np.full(size, 0.35)
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float64)
    places = []
    for index, diameter_um in enumerate(rng.permutation(np.repeat(diameters_um, 3))):
        turn = rng.uniform(0, np.pi)
        middle = cell * (np.array([index % columns_of_cells, index // columns_of_cells]) + 0.5) + rng.uniform(-9, 9, 2)
        x, y = columns - middle[0], rows - middle[1]
        place, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        half_px = diameter_um / 2000 * px_per_mm
        shown = ndtr((across + half_px) / blur_px) - ndtr((across - half_px) / blur_px)
        shown *= ndtr((place + length / 2) / blur_px) - ndtr((place - length / 2) / blur_px)
        light = light * (1 - shown) + 0.015 * shown
        places.append((float(middle[0]), float(middle[1]), float(diameter_um)))
    light += 0.004 * np.sqrt(light / 0.18) * rng.standard_normal(light.shape)
    encoded = 255 * (1.055 * np.clip(light, 0.0031308, 1) ** (1 / 2.4) - 0.055)
    return np.repeat(encoded.round().astype(np.uint8)[..., None], 3, axis=2), places


def diameters_table() -> Iterator[str]:
    """Give bias and spread of diameters by diameter, scale and blur; three fibres of each diameter in a picture."""
    rng = np.random.default_rng(7)
    yield (f"{'diameter':<9} {'px/mm':>6} {'blur px':>8} {'found':>9} {'bias %':>8} {'SD %':>7}")
    every: list[float] = []
    resolved: list[float] = []
    for px_per_mm in SCALES_PX_PER_MM:
        for blur_px in BLURS_PX:
            read: dict[float, list[float]] = {}
            drawn: dict[float, int] = {}
            for diameters_um in (*HEADS_UM, *HEADS_UM):
                read_fibres(diameters_um, px_per_mm, blur_px, rng=rng, read=read, drawn=drawn)
            for diameter_um, own in sorted(read.items()):
                told = f"{100 * (np.mean(own) - 1):>+8.1f} {100 * np.std(own):>7.1f}" if own else f"{'-':>8} {'-':>7}"
                found = f"{len(own)} of {drawn[diameter_um]}"
                yield (f"{diameter_um:>4.0f} µm   {px_per_mm:>6.0f} {blur_px:>8.1f} {found:>9} {told}")
                every += own
                resolved += own if diameter_um / 1000 * px_per_mm >= RESOLVED_IN_BLUR * blur_px else []
    for name, ratios in (("all", every), (f"wider than {RESOLVED_IN_BLUR:.0f} standard deviations of blur", resolved)):
        errors = 100 * (np.array(ratios) - 1)
        yield (
            f"{name}: {len(errors)} fibres, bias {errors.mean():+.1f} %, median {np.median(errors):+.1f} %, "
            f"SD {errors.std():.1f} %"
        )


def read_fibres(
    diameters_um: tuple[int, ...],
    px_per_mm: float,
    blur_px: float,
    *,
    rng: np.random.Generator,
    read: dict[float, list[float]],
    drawn: dict[float, int],
) -> None:
    """Add what one picture of fibres is read as, in true diameters, to `read`, and its fibres to `drawn`."""
    picture, places = fibres(diameters_um, px_per_mm, blur_px, rng=rng)
    hairs = find_shafts(picture, px_per_mm=px_per_mm, settings=ShaftSettings()).hairs
    middles = np.array([np.add(hair.root_xy, hair.tip_xy) / 2 for hair in hairs]).reshape(-1, 2)
    for x, y, diameter_um in places:
        near = np.flatnonzero(np.hypot(*(middles - (x, y)).T) < 30)  # noqa: PLR2004 a third of a fibre
        read.setdefault(diameter_um, []).extend((hairs[i].diameter_um or 0.0) / diameter_um for i in near[:1])
        drawn[diameter_um] = drawn.get(diameter_um, 0) + 1


def main() -> None:
    """Draw, read and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--only", choices=("counts", "diameters"))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    for name, table in (("counts", counts_table), ("diameters", diameters_table)):
        if arguments.only in {None, name}:
            with (arguments.out / f"closeups_drawn_{name}.txt").open("w", encoding="utf-8") as written:
                for line in table():
                    print(line, flush=True)
                    print(line, file=written, flush=True)


if __name__ == "__main__":
    main()
