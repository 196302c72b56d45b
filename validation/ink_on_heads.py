"""How well strokes of a marker are found on real heads, what they do to coverage, and what is taken for ink wrongly.

    .venv/bin/python validation/ink_on_heads.py | tee validation/results/ink_on_heads.txt

An arc is drawn in each colour on every second photo of the `heads` set (CC BY 4.0): the ink takes light away from
what it covers, as a marker does. Limits were set on every second head, the others report.
"""

import argparse
import os
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image
from hairtrack.model import View
from hairtrack.segment.hair import find_hair
from hairtrack.segment.head import find_head
from hairtrack.segment.settings import SegmentSettings

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
VIEWS = {"Top-Down": View.TOP, "Back": View.BACK, "Front": View.FRONT, "Left": View.LEFT, "Right": View.RIGHT}
INKS = {"violet": (0.35, 0.15, 0.60), "blue": (0.15, 0.30, 0.75), "green": (0.10, 0.50, 0.30), "red": (0.8, 0.15, 0.2)}
OPACITY = 0.85
HALF = 0.5
SETTINGS = SegmentSettings()


def arc(head: Mask, rng: np.random.Generator) -> GrayImage:
    """Return the (H, W) opacity of a stroke on a head, 0-1."""
    rows, columns = np.nonzero(head)
    across = 2 * np.sqrt(len(rows) / np.pi)
    turns = np.linspace(0, 2 * np.pi * rng.uniform(0.3, 0.6), 60) + rng.uniform(0, 2 * np.pi)
    radius = across * rng.uniform(0.20, 0.33)
    points = (
        np.c_[columns.mean() + radius * np.cos(turns), rows.mean() + radius * np.sin(turns)].round().astype(np.int32)
    )
    layer = np.zeros(head.shape, np.float32)
    cv2.polylines(layer, [points[:, None]], False, 1.0, max(2, round(across * rng.uniform(0.008, 0.02))), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.7) * np.float32(OPACITY), np.float32)


def drawn(rgb8: Rgb8Image, stroke: GrayImage, ink: tuple[float, float, float]) -> Rgb8Image:
    """Return the photo with a stroke: ink is as bright as the light that falls on it."""
    under = rgb8.astype(np.float64) / 255
    inked = np.array(ink) * (0.8 * under.mean(axis=2, keepdims=True) + 0.15)
    share = stroke[..., None].astype(np.float64)
    return np.asarray(np.clip(under * (1 - share) + inked * share, 0, 1) * 255, np.uint8)


def main() -> int:
    """Print shares of heads taken for ink, of strokes found, and errors of coverage with and without the exclusion."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=2)
    every = parser.parse_args().every
    cv2.setNumThreads(1)
    rng = np.random.default_rng(0)
    wrong: list[float] = []
    found: dict[str, list[float]] = {name: [] for name in INKS}
    errors: dict[str, list[tuple[float, float]]] = {name: [] for name in INKS}
    files = sorted((SHARED / "data" / "heads" / "photos").glob("*.jpg"))
    person = {file: "-".join(file.name.split("-")[:2]) for file in files}
    heads = sorted(set(person.values()))
    reported = [file for file in files if heads.index(person[file]) % 2][::every]
    for file in reported:
        rgb8 = np.asarray(Image.open(file).convert("RGB"))
        view = next(view for name, view in VIEWS.items() if file.stem.endswith(name))
        head = find_head(rgb8, view=view)
        if head.refused is not None:
            continue
        plain = find_hair(rgb8, head.mask, settings=SETTINGS)
        wrong.append(float(plain.ink.sum() / head.mask.sum()))
        if view not in {View.TOP, View.BACK}:
            continue
        stroke = arc(head.mask, rng)
        true = (stroke > OPACITY / 2) & head.mask
        beside: Mask = np.asarray(cv2.dilate(true.astype(np.uint8), np.ones((41, 41), np.uint8)) > 0) & head.mask
        usual = float(plain.opacity[beside & ~true].mean())
        for name, ink in INKS.items():
            seen = find_hair(drawn(rgb8, stroke, ink), head.mask, settings=SETTINGS)
            found[name].append(float((seen.ink & true).sum() / max(1, true.sum())))
            errors[name].append(
                (float(seen.opacity[beside].mean()) - usual, float(seen.opacity[beside & ~seen.ink].mean()) - usual)
            )
    print(f"validation/ink_on_heads.py --every {every}")
    print(
        f"{len(wrong)} photos without ink: {np.mean(np.array(wrong) > 0):.1%} have a stroke that is none, "
        f"at most {max(wrong):.2%} of the head"
    )
    for name in INKS:
        shares, off = np.array(found[name]), np.abs(np.array(errors[name]))
        print(
            f"{name:6s} {len(shares)} strokes: more than half of it found {np.mean(shares > HALF):.0%}, median share "
            f"{np.median(shares):.2f}; coverage around it off by {off[:, 0].mean():.3f} with the ink, "
            f"{off[:, 1].mean():.3f} without"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
