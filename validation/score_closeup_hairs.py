"""Single hairs on real close-ups against marks by people, on the half that limits were set on and on the other.

    python validation/score_closeup_hairs.py --out validation/results

Frames of `../shared/data/closeups` (Huashan Hospital, Fudan University, as in doi:10.1049/ipr2.13162; no licence: they
are measured, nothing of them is kept). Even ranks of the sorted list are the half that settings were chosen on, odd
ranks the half that is reported. Each half is predicted, scored by the scorer beside the data, and written with the CPU
time a frame.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from hairtrack.measure.closeup import CloseupMeasureSettings
from hairtrack.segment.scale_bar import find_scale
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.segment.units import unit_of_each_root

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
CLOSEUPS = SHARED / "data" / "closeups"
SAME_HAIR_MM = 0.11


def prediction(path: Path, settings: ShaftSettings) -> tuple[dict[str, object], float]:
    """Return the hairs of a frame in the scorer's format, and the CPU seconds that it took."""
    rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
    started = time.process_time()
    scale = find_scale(rgb8)
    # Frames without a bar come from the same device: its nominal scale is given, as a clinic would give it.
    px_per_mm = scale.px_per_mm if scale else settings.nominal_px_per_mm
    found = find_shafts(rgb8, px_per_mm=px_per_mm, settings=settings)
    seconds = time.process_time() - started
    hairs = [{"root": hair.root_xy, "tip": hair.tip_xy, "unit": hair.unit} for hair in found.hairs]
    return {"px_per_mm": px_per_mm, "scale_read": scale is not None, "hairs": hairs}, seconds


def calibrated(frames: list[dict[str, float]]) -> str:
    """Return the error of the density as it is reported: divided by the share of hairs that is usually found."""
    found_share = 1 - CloseupMeasureSettings().missed_fraction
    ours = np.array([frame["density_pred"] for frame in frames]) / found_share
    theirs = np.array([frame["density"] for frame in frames])
    counts = np.array([frame["count"] for frame in frames]) / found_share
    labels = np.array([frame["labels"] for frame in frames])
    part = np.array([frame["density_pred"] for frame in frames]) / found_share / np.maximum(theirs, 1) - 1
    claimed = 1.96 * CloseupMeasureSettings().count_error_fraction
    held = [np.mean(np.abs(their - our) <= claimed * our) for our, their in ((ours, theirs), (counts, labels))]
    return (
        f"density_calibrated (divided by {found_share:.3f}, set on the tuning half): mean absolute error "
        f"{100 * np.mean(np.abs(part)):.2f} %, bias {100 * (ours.sum() / theirs.sum() - 1):+.2f} %, "
        f"standard deviation {100 * part.std(ddof=1):.1f} %\n"
        f"count_calibrated: mean absolute error {100 * np.mean(np.abs(counts / labels - 1)):.2f} %, "
        f"bias {100 * (counts.sum() / labels.sum() - 1):+.2f} %\n"
        f"intervals of detection, ±{100 * claimed:.0f} %, that hold the density of marks: {100 * held[0]:.0f} % of "
        f"{len(frames)} frames; their count: {100 * held[1]:.0f} %"
    )


def evenness(names: list[str]) -> str:
    """Return how much less than at random marked hairs and units vary between the quarters of a frame.

    A quarter is shrunk by 0.30 mm, as the scorer does for densities, since marks are complete there. At random, hairs
    vary as units thrown with all their hairs do: the variance of a count is the sum of squared sizes.
    """
    frames = json.loads((CLOSEUPS / "hairs.json").read_text(encoding="utf-8"))["frames"]
    ratios: dict[str, list[tuple[float, float]]] = {"hairs": [], "units": []}
    for name in names:
        frame = frames[name]
        px_per_mm, (left, top, right, bottom) = frame["px_per_mm"], frame["valid_box"]
        rim = 0.30 * px_per_mm
        marks = [mark for mark in frame["hairs"] if mark["class"] != "abnormal"]
        roots = np.array([mark["root"] for mark in marks])
        middles = np.array([np.add(mark["root"], mark["tip"]) / 2 for mark in marks])
        unit = unit_of_each_root(roots, link_px=ShaftSettings().unit_link_mm * px_per_mm)
        spread: dict[str, list[tuple[float, float]]] = {"hairs": [], "units": []}
        for low_x, high_x in ((left, frame["seam_x"]), (frame["seam_x"], right)):
            for low_y, high_y in ((top, frame["seam_y"]), (frame["seam_y"], bottom)):
                low, high = np.array([low_x, low_y]) + rim, np.array([high_x, high_y]) - rim
                area = float(np.prod(high - low)) / px_per_mm**2
                sizes = np.unique(unit[((middles >= low) & (middles < high)).all(axis=1)], return_counts=True)[1]
                spread["hairs"].append((sizes.sum() / area, (sizes**2).sum() / area**2))
                spread["units"].append((len(sizes) / area, len(sizes) / area**2))
        for kind, quarters in spread.items():
            density, random = np.array(quarters).T
            ratios[kind].append((float(density.var(ddof=1)), float(random.mean())))
    told = [f"{kind} {np.sqrt(np.divide(*np.mean(values, axis=0))):.2f}" for kind, values in ratios.items()]
    return (
        f"spread of marked counts between quarters of a frame, over that of units thrown at random: {', '.join(told)}"
    )


def single_or_several(results: dict[str, tuple[dict[str, object], float]]) -> str:
    """Return how often a hair that was found stands alone, or with others, as the person said who marked it.

    Classes `single` and `premium` say whether a hair stands alone. A mark and a hair are the same when each is the
    nearest of the other by their middles, within 0.11 mm.
    """
    marks = json.loads((CLOSEUPS / "hairs.json").read_text(encoding="utf-8"))["frames"]
    right: dict[str, list[bool]] = {"single": [], "premium": []}
    for name, (found, _) in results.items():
        hairs = list(found["hairs"]) if isinstance(found["hairs"], list) else []
        units = [hair["unit"] for hair in hairs]
        ours = np.array([np.add(hair["root"], hair["tip"]) / 2 for hair in hairs]).reshape(-1, 2)
        marked = marks[name]["hairs"]
        theirs = np.array([np.add(mark["root"], mark["tip"]) / 2 for mark in marked]).reshape(-1, 2)
        apart = np.linalg.norm(theirs[:, None] - ours[None], axis=2)
        for index, mark in enumerate(marked):
            nearest = int(apart[index].argmin())
            same = (
                apart[:, nearest].argmin() == index and apart[index, nearest] <= SAME_HAIR_MM * marks[name]["px_per_mm"]
            )
            if same and mark["class"] in right:
                right[mark["class"]].append((units.count(units[nearest]) == 1) == (mark["class"] == "single"))
    every = right["single"] + right["premium"]
    return (
        f"stands alone or with others, right: {100 * np.mean(every):.1f} % of {len(every)} hairs "
        f"(alone {100 * np.mean(right['single']):.1f} %, with others {100 * np.mean(right['premium']):.1f} %)"
    )


def linked_marks(names: list[str]) -> str:
    """Return how often the marks' own roots, linked into units as hairs are, say the same as their classes."""
    frames = json.loads((CLOSEUPS / "hairs.json").read_text(encoding="utf-8"))["frames"]
    right: dict[str, list[bool]] = {"single": [], "premium": []}
    for name in names:
        marks = [mark for mark in frames[name]["hairs"] if mark["class"] != "abnormal"]
        roots = np.array([mark["root"] for mark in marks]).reshape(-1, 2)
        unit = unit_of_each_root(roots, link_px=ShaftSettings().unit_link_mm * frames[name]["px_per_mm"])
        sizes = np.bincount(unit)[unit] if len(unit) else unit
        for mark, size in zip(marks, sizes, strict=True):
            if mark["class"] in right:
                right[mark["class"]].append((size == 1) == (mark["class"] == "single"))
    every = right["single"] + right["premium"]
    return f"the same of the marks themselves, their roots linked alike: {100 * np.mean(every):.1f} % of {len(every)}"


def main() -> None:
    """Predict, score and write one table a half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the tables")
    parser.add_argument("--half", choices=("tuning_half", "held_out_half"), help="only this half")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    frames = sorted((CLOSEUPS / "frames").glob("*.jpg"))
    for name, half in (("tuning_half", frames[0::2]), ("held_out_half", frames[1::2])):
        if arguments.half not in {None, name}:
            continue
        results = {path.name: prediction(path, ShaftSettings()) for path in half}
        with tempfile.TemporaryDirectory() as folder:
            predictions = Path(folder) / "predictions.json"
            predictions.write_text(json.dumps({"frames": {key: value[0] for key, value in results.items()}}))
            scorer = [sys.executable, str(SHARED / "bench" / "score_closeups.py"), "--only-predicted"]
            scores = Path(folder) / "scores.json"
            table = subprocess.run(  # noqa: S603 the scorer beside the data
                [*scorer, "--data", str(CLOSEUPS), "--predictions", str(predictions), "--json", str(scores)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            rows_of_frames = list(json.loads(scores.read_text(encoding="utf-8"))["frames"].values())
        rows = [line.rstrip() for line in table.splitlines() if not line.endswith(" s")]
        rows += [
            calibrated(rows_of_frames),
            evenness(list(results)),
            single_or_several(results),
            linked_marks(list(results)),
        ]
        seconds = np.median([value[1] for value in results.values()])
        text = "\n".join([f"close-ups, {name}: {len(half)} frames", *rows, f"CPU median a frame: {seconds:.2f} s", ""])
        print(text)
        (arguments.out / f"closeups_{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
