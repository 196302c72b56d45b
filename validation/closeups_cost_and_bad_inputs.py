"""What close-ups cost, what is left out of the area, and what is said of pictures on which no hair can be counted.

    python validation/closeups_cost_and_bad_inputs.py --out validation/results

CPU of scale and hairs of a frame against the ridge filter of Sato (the baseline beside the data) in one run, turn by
turn; a synthetic picture of 4000 x 3000 px in a process of its own, for its memory. Frames of `../shared/data/closeups`
(no licence: they are measured, nothing of them is kept).
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from closeups_on_drawn_spots import density_of
from hairtrack.imaging.overlays import find_overlays
from hairtrack.imaging.round_field import RoundField
from hairtrack.imaging.ruler import Ruler, find_ruler
from hairtrack.imaging.types import Rgb8Image
from hairtrack.measure.closeup import NO_SCALE
from hairtrack.model import Measured, PixelScale
from hairtrack.segment.closeup_exclusions import excluded
from hairtrack.segment.scale_bar import find_scale
from hairtrack.segment.scale_sources import read_scale
from hairtrack.segment.shaft_pixels import shaft_pixels
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.closeup import CloseupShot, Spot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
FRAMES = SHARED / "data" / "closeups" / "frames"
PX_PER_MM = 179.0
LARGE = "--large"


def frames() -> list[Rgb8Image]:
    """Return every twelfth frame."""
    paths = sorted(FRAMES.glob("*.jpg"))[::12]
    return [np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8) for path in paths]


def cost(pictures: list[Rgb8Image]) -> list[str]:
    """Return CPU a frame, ours and that of the baseline."""
    sys.path.insert(0, str(SHARED / "bench"))
    import baselines  # noqa: PLC0415 lies beside the data

    ours, theirs = [], []
    for rgb8 in pictures:
        started = time.process_time()
        drawn = find_overlays(rgb8)
        find_scale(rgb8, drawn=drawn)
        find_ruler(rgb8)
        find_shafts(rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings(), drawn=drawn)
        between = time.process_time()
        baselines.detect_hairs(cv2.cvtColor(rgb8, cv2.COLOR_RGB2BGR), "sato", split=True)
        ours.append(between - started)
        theirs.append(time.process_time() - between)
    large = subprocess.run([sys.executable, __file__, LARGE], check=True, capture_output=True, text=True).stdout  # noqa: S603 this file
    return [
        f"1280 x 1024, medians of {len(ours)} frames: {np.median(ours):.2f} s, Sato {np.median(theirs):.2f} s",
        f"ratio, median: {np.median(np.array(ours) / theirs):.3f}",
        large.strip(),
    ]


def large_picture() -> None:
    """Print the cost of a picture of 12 million pixels; run in a process of its own."""
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"]), seed=3)
    small = render_closeup(spot, CloseupShot(size_px=(1000, 750), px_per_mm=125.0), rng=np.random.default_rng(1)).rgb8
    rgb8 = np.asarray(cv2.resize(small, (4000, 3000), interpolation=cv2.INTER_CUBIC), np.uint8)
    started = time.process_time()
    drawn = find_overlays(rgb8)
    find_scale(rgb8, drawn=drawn)
    find_ruler(rgb8)
    found = find_shafts(rgb8, px_per_mm=500.0, settings=ShaftSettings(), drawn=drawn)
    seconds = time.process_time() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"4000 x 3000, {len(found.hairs)} hairs: {seconds:.2f} s, at most {megabytes:.0f} MB with the program itself")


def left_out(pictures: list[Rgb8Image]) -> list[str]:
    """Return the share of the area that is left out of frames as they are, and of their half that is blurred."""
    lines = []
    for blur_px in (0, 3, 4, 6, 9):
        shares = []
        for rgb8 in pictures:
            shown = rgb8[60:900].copy()
            if blur_px:
                shown[:, :640] = cv2.GaussianBlur(shown, (0, 0), blur_px)[:, :640]
            maps = shaft_pixels(shown, np.zeros(shown.shape[:2], np.bool_), px_per_mm=PX_PER_MM)
            hidden = excluded(maps)
            shares.append((hidden[:, :300].mean(), hidden[:, 340:].mean()))
        left, right = 100 * np.mean(shares, axis=0)
        lines.append(f"left half blurred by {blur_px} px: {left:.1f} % of it left out, {right:.1f} % of the other half")
    return lines


def bad_inputs(pictures: list[Rgb8Image]) -> Iterator[str]:
    """Give what is said of pictures that are no close-up of clipped hair, each told to be at 120 px/mm."""
    rng = np.random.default_rng(5)
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"]), seed=5)
    shot = CloseupShot(size_px=(900, 720), px_per_mm=120.0)
    bare = render_closeup(spot.kept(spot.unit < 0), shot, rng=rng).rgb8
    only_hair = np.asarray(np.clip(rng.normal(45, 18, (720, 1, 3)) + rng.normal(0, 5, (720, 900, 3)), 0, 255), np.uint8)
    long_hair = render_closeup(replace_length(spot, 4.0), shot, rng=rng).rgb8
    shown = {
        "bare skin": bare,
        "only hair": np.asarray(cv2.GaussianBlur(only_hair, (0, 0), 1.0), np.uint8),
        "unclipped hair (drawn)": long_hair,
        "out of focus (0.15 mm)": np.asarray(cv2.GaussianBlur(pictures[0], (0, 0), 0.15 * PX_PER_MM), np.uint8),
        "a page of text": page(rng),
        "a fingernail (drawn)": nail(),
        "a drawn head from above": drawn_head(),
        **head_photos(),
        "black": np.zeros((720, 900, 3), np.uint8),
    }
    for name, rgb8 in shown.items():
        yield f"{name}: {said_of(rgb8)}"
    yield from marks_rows(bare)
    yield from unlike_closeups()


def unlike_closeups() -> Iterator[str]:
    """Give how many photos of heads, and how many close-ups, are refused; the limit was set on neither."""
    heads = sorted((SHARED / "data" / "heads" / "photos").glob("*.jpg"))[3::12]
    closeups = sorted(FRAMES.glob("*.jpg"))[1::4]
    for name, paths in (("photos of heads", heads), ("close-ups", closeups)):
        refused = 0
        for path in paths:
            rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
            refused += find_shafts(rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings()).refusal is not None
        yield f"{name} refused as close-ups: {refused} of {len(paths)}"


def replace_length(spot: Spot, factor: float) -> Spot:
    """Return a spot with longer, curled hair."""
    return replace(spot, length_mm=spot.length_mm * factor, curl_per_mm=spot.curl_per_mm + 0.2)


def page(rng: np.random.Generator) -> Rgb8Image:
    """Return a page of words without sense."""
    picture = np.full((720, 900, 3), 245, np.uint8)
    for line in range(24):
        words = "".join(rng.choice(list("abcdefghijklmnopqrstu   "), 56))
        cv2.putText(picture, words, (12, 28 + 29 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.62, (25, 25, 25), 1, cv2.LINE_AA)
    return picture


def nail() -> Rgb8Image:
    """Return a fingernail with its ridges."""
    picture = np.full((720, 900, 3), (205, 160, 145), np.uint8)
    cv2.ellipse(picture, (450, 360), (330, 260), 0, 0, 360, (228, 188, 178), -1)
    for column in range(180, 720, 18):
        cv2.line(picture, (column, 150), (column + 4, 570), (222, 182, 172), 2, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5), np.uint8)


def drawn_head() -> Rgb8Image:
    """Return a head of the synthetic case from above."""
    path = min((Path(__file__).parents[1] / "sample_images" / "fue_on_course").glob("*/*top*"))
    return np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)


def head_photos() -> dict[str, Rgb8Image]:
    """Return photos of whole heads, the first of each view."""
    photos = {}
    for view in ("Top-Down", "Back", "Left"):
        for path in sorted((SHARED / "data" / "heads").rglob(f"*{view}*.jpg"))[:1]:
            photos[f"a real head, {view}"] = np.asarray(
                cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8
            )
    return photos


def said_of(rgb8: Rgb8Image) -> str:
    """Return the density of a picture with its interval, or why there is none and what to do."""
    scale = PixelScale(px_per_mm=120.0, std_uncertainty_px_per_mm=1.0, method="given")
    found = find_shafts(rgb8, px_per_mm=scale.px_per_mm, settings=ShaftSettings())
    density = density_of(found, scale)
    if isinstance(density, Measured):
        low, high = density.interval95
        return f"{density.value:.0f} hairs/cm2 [{low:.0f}, {high:.0f}]"
    return f"not measured, {density.reason}; {density.remedy}"


def marks_rows(skin: Rgb8Image) -> list[str]:
    """Return what is said of the scale when marks are alone, agree, and contradict each other."""
    given = PixelScale(px_per_mm=120.0, std_uncertainty_px_per_mm=0.5, method="given")
    ruler = Ruler(px_per_mm=150.0, std_px_per_mm=1.5, strokes=10, corners_xy=np.zeros((4, 2)))
    field = RoundField(centre_xy=(450.0, 360.0), diameter_px=700.0, std_px=2.0)
    answers = {
        "no mark at all": read_scale(skin, given=None),
        "a field of unknown size": read_scale(skin, given=None, field=field),
        "a ruler against the given scale": read_scale(skin, given=given, ruler=ruler),
        "a ruler against a known field": read_scale(skin, given=None, ruler=ruler, field=field, field_diameter_mm=10.0),
        "a known field that fits the given scale": read_scale(skin, given=given, field=field, field_diameter_mm=5.83),
    }
    lines = []
    for name, answer in answers.items():
        if isinstance(answer, PixelScale):
            lines.append(f"{name}: {answer.px_per_mm:.1f} px/mm ({answer.method})")
        else:
            reason = answer or NO_SCALE
            lines.append(f"{name}: not measured, {reason.reason}; {reason.remedy}")
    return lines


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--only", choices=("cost", "left_out_of_the_area", "bad_inputs"))
    arguments = parser.parse_args()
    parts = {"cost": cost, "left_out_of_the_area": left_out, "bad_inputs": bad_inputs}
    pictures = frames()
    for name in [arguments.only] if arguments.only else parts:
        with (arguments.out / f"closeups_{name}.txt").open("w", encoding="utf-8") as table:
            for line in parts[name](pictures):
                print(line, flush=True)
                print(line, file=table, flush=True)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    if LARGE in sys.argv:
        large_picture()
    else:
        main()
