"""Set the blur limits of close-ups on half of the frames, and show on the other half what the gate does.

    python validation/quality/calibrate_closeups.py --every 6 --write

As `calibrate_quality.py`, on the 70x frames of ../shared/data/closeups (no licence: measured, never shown or kept).
Frames are dealt alternately to a tuning half and a reporting half. Writes validation/results/quality_closeups.txt and
.json.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from degradations import Kind, apply, fine_detail, lost_fraction

from hairtrack.imaging.photo import working_image
from hairtrack.model import Photo, PhotoKind, QualityDecision, View
from hairtrack.quality import QualitySettings, judge
from hairtrack.quality.gate import central_ellipse, decide

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "validation" / "results"
FAULTS: tuple[tuple[Kind, float], ...] = (
    ("good", 0.0),
    ("blur", 1.0),
    ("blur", 2.0),
    ("blur", 3.0),
    ("blur", 5.0),
    ("shake", 8.0),
    ("shake", 16.0),
    ("dark", 1 / 8),
    ("dark", 1 / 32),
    ("light", 3.0),
    ("light", 8.0),
)
LOST_LIMIT = 1 / 3
CAUGHT_FRACTION = 0.95
GOOD_RETAKEN_FRACTION = 0.02
GOOD_LIMITED_FRACTION = 0.10

Row = tuple[bool, Kind, float, bool, dict[str, float]]


def measured(frame: Path, *, tuning: bool) -> list[Row]:
    """Return for each fault whether it puts the frame beyond use, and what the gate measures."""
    bgr = np.asarray(cv2.imread(str(frame), cv2.IMREAD_COLOR), np.uint8)
    rgb8 = working_image(np.ascontiguousarray(bgr[..., ::-1])).rgb8
    area = central_ellipse((rgb8.shape[0], rgb8.shape[1]))
    detail = fine_detail(rgb8, 1.0)
    generator = np.random.default_rng(1)
    rows: list[Row] = []
    for kind, amount in FAULTS:
        pixels, _ = apply(rgb8, area, kind=kind, amount=amount, generator=generator)
        gain = amount if kind in {"dark", "light"} else 1.0
        report = judge(
            pixels,
            working=working_image(pixels),
            head_mask=None,
            head_refused=None,
            glare_fraction=None,
            photo=Photo(file=frame.name, photo_id=frame.name, kind=PhotoKind.CLOSEUP, view=View.CLOSEUP),
            settings=QualitySettings(),
        )
        beyond = lost_fraction(detail, fine_detail(pixels, gain), area) > LOST_LIMIT
        rows.append((tuning, kind, amount, beyond, {check.name: check.value for check in report.checks}))
    return rows


def retaken(values: dict[str, float]) -> bool:
    """Return whether any check asks for a retake, by the limits set now."""
    settings = QualitySettings()
    return any(decide(value, getattr(settings, name)) is QualityDecision.RETAKE for name, value in values.items())


def limits_from(rows: Sequence[Row]) -> tuple[float, float]:
    """Return (limited beyond, retake beyond) of the blur of close-ups, as in `calibrate_quality.py`."""
    name = "closeup_blur_px"
    good = np.array([values[name] for tuning, kind, _, _, values in rows if tuning and kind == "good"])
    bad = [values[name] for tuning, kind, _, beyond, values in rows if tuning and beyond and kind in {"blur", "shake"}]
    retake = max(float(np.quantile(bad, 1 - CAUGHT_FRACTION)), float(np.quantile(good, 1 - GOOD_RETAKEN_FRACTION)))
    return min(retake, float(np.quantile(good, 1 - GOOD_LIMITED_FRACTION))), retake


def main() -> int:
    """Run the calibration; 1 when it was to be written and the settings differ from the limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--closeups", type=Path, default=ROOT.parent / "shared" / "data" / "closeups")
    parser.add_argument("--every", type=int, default=1, help="use every n-th frame only")
    parser.add_argument("--write", action="store_true", help="write the table to validation/results")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    frames = sorted((options.closeups / "frames").glob("*.jpg"))[:: options.every]
    rows = [row for index, frame in enumerate(frames) for row in measured(frame, tuning=index % 2 == 0)]
    limits = limits_from(rows)
    held = QualitySettings().closeup_blur_px
    lines = [
        f"python validation/quality/calibrate_closeups.py --every {options.every} --write",
        "",
        f"limited beyond {limits[0]:.2f} px (set {held.limited_beyond})",
        f"retake beyond {limits[1]:.2f} px (set {held.retake_beyond})",
        "",
        "Reporting half",
        "",
        f"{'fault':>8} {'amount':>8} {'frames':>7} {'retaken':>8} {'beyond use':>11} {'caught':>7} {'blur (px)':>10}",
    ]
    figures = []
    for kind, amount in FAULTS:
        mine = [row for row in rows if not row[0] and (row[1], row[2]) == (kind, amount)]
        beyond = [row for row in mine if row[3]]
        all_retaken, caught = sum(retaken(row[4]) for row in mine), sum(retaken(row[4]) for row in beyond)
        figures.append({"fault": kind, "amount": amount, "frames": len(mine), "retaken": all_retaken})
        figures[-1] |= {"beyond_use": len(beyond), "caught": caught}
        blurs = [row[4]["closeup_blur_px"] for row in mine if "closeup_blur_px" in row[4]]
        lines.append(
            f"{kind:>8} {amount:8.3g} {len(mine):7d} {all_retaken:8d} {len(beyond):11d} {caught:7d}"
            f" {np.median(blurs) if blurs else float('inf'):10.2f}"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    if not options.write:
        return 0
    (RESULTS / "quality_closeups.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    document = {"limits": {"closeup_blur_px": limits}, "reporting": figures}
    (RESULTS / "quality_closeups.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0 if np.allclose(limits, (held.limited_beyond, held.retake_beyond), rtol=0.03) else 1


if __name__ == "__main__":
    sys.exit(main())
