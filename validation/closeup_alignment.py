"""How exactly close-ups are laid on each other when most of their hair changed: made pairs with exact truth, in pixels.

    python validation/closeup_alignment.py --pairs 30 --out validation/results/alignment_closeups.txt

Frames of `../shared/data/closeups` (no licence: they are measured, nothing of them is kept), clear of what is burned
in, 1024 pixels wide. The follow-up has 60 % of the pixels of its detected strands lost, gained or replaced, as on made
pairs of heads; it is turned by up to 8 degrees, 13 % nearer or farther, shifted, tilted by up to 3 degrees, stretched
smoothly (2 pixels rms), with other light, blur, noise and compression. Two ways are scored: `register`, as any pair of
photos, and, on every fifth pair, the one similarity by roots or skin that the finding of single hairs uses. Each frame
is also held against the follow-up of the frame before: a different spot, which must be refused.

The settings of close-ups were chosen on four made pairs of other frames.
"""

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, register
from hairtrack.align.closeup_registration import CloseupRegistrationSettings, register_closeups
from hairtrack.imaging.photo import working_image
from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import PhotoKind, RegistrationStatus
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
FRAMES = SHARED / "data" / "closeups" / "frames"
SIZE_PX = (1024, 768)
FRAME = (slice(110, 890), slice(120, 1160))
STRETCH_PX = 2.0
FLAT = 6.0  # radius of the ball in widths of the picture: a spot of skin is nearly flat


def changed(bgr8: np.ndarray, level: float, number: int) -> tuple[Rgb8Image, Rgb8Image, np.ndarray, np.ndarray, float]:
    """Return before, after (RGB), points of the reference (N, 2), their true places, and the share altered."""
    sys.path.insert(0, str(SHARED / "bench"))
    import pairsynth as ps  # noqa: PLC0415 lies beside the data

    rng = [np.random.default_rng([91, number, k]) for k in range(5)]
    width, height = SIZE_PX
    spot = ps.Ellipse(width / 2, height / 2, width / 2 * 1.5, height / 2 * 1.5)
    ball = ps.Ellipse(width / 2, height / 2, FLAT * width, FLAT * width)
    drawn = ps.draw_change(rng[0], tilt=rng[0].uniform(0, 3), stretch=STRETCH_PX / ball.width, highlight=0.1)
    ratio = width / ball.width
    change = replace(drawn, shift_x=drawn.shift_x * ratio, shift_y=drawn.shift_y * ratio)
    before = ps.take_photo(bgr8, spot, change, rng[1], strength=0.35, blur=0.7, noise=2.0)
    hair, got = ps.change_hair(bgr8, spot, level, ps.MODES[number % 3], rng[2])
    seen_from = ps.warp_map((height, width), ball, change, rng[3])
    after = cv2.remap(hair, seen_from[..., 0], seen_from[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    after = ps.take_photo(after, spot, change, rng[4])
    across, down = np.meshgrid(np.arange(20, width - 20, 24.0), np.arange(20, height - 20, 24.0))
    points = np.c_[across.ravel(), down.ravel()]
    truth, seen = ps.invert_map(seen_from, points)
    after = cv2.imdecode(cv2.imencode(".jpg", after, [cv2.IMWRITE_JPEG_QUALITY, change.jpeg])[1], cv2.IMREAD_COLOR)
    pictures = [np.ascontiguousarray(picture[..., ::-1]) for picture in (before, after)]
    return pictures[0], pictures[1], points[seen], truth[seen], got


def by_register(before: Rgb8Image, after: Rgb8Image, points: np.ndarray) -> tuple[np.ndarray | None, float]:
    """Return where points lie by the alignment of photos, NaN where not vouched for, and the CPU seconds."""
    started = time.process_time()
    one, other = (
        AlignmentInput(file=name, working=working_image(rgb8), kind=PhotoKind.CLOSEUP)
        for name, rgb8 in (("before", before), ("after", after))
    )
    found = register(one, other)
    accepted = found.status is RegistrationStatus.ACCEPTED
    return found.moving_from_reference(points) if accepted else None, time.process_time() - started


def by_roots(before: Rgb8Image, after: Rgb8Image, points: np.ndarray) -> tuple[np.ndarray | None, float]:
    """Return where points lie by the similarity between close-ups, and the CPU seconds without the reading of hairs."""
    scale = ShaftSettings().nominal_px_per_mm
    hairs = [find_shafts(rgb8, px_per_mm=scale, settings=ShaftSettings()).hairs for rgb8 in (before, after)]
    started = time.process_time()
    fit = register_closeups(
        before,
        after,
        hairs=(hairs[0], hairs[1]),
        px_per_mm=(scale, scale),
        settings=CloseupRegistrationSettings(),
    )
    spent = time.process_time() - started
    if fit.matrix is None:
        return None, spent
    return np.c_[points, np.ones(len(points))] @ fit.matrix[:2].T, spent


def summary(name: str, rows: list[tuple[np.ndarray | None, float]]) -> str:
    """Return one row of the table from the errors of each accepted pair and the CPU seconds of all."""
    count = len(rows)
    errors = [error[np.isfinite(error)] for error, _ in rows if error is not None]
    vouched = np.mean([np.isfinite(error).mean() for error, _ in rows if error is not None]) if errors else 0.0
    median, p95 = ([np.percentile(error, q) for error in errors] for q in (50, 95))
    return (
        f"{name:32s} {len(errors):3d} of {count:3d} | {vouched:5.0%} | {np.median(median):6.2f} {np.median(p95):6.2f} "
        f"{np.max(p95):7.2f} | {np.median([spent for _, spent in rows]):5.2f}"
    )


def main() -> None:
    """Print and write the table; rows of single pairs are printed as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--level", type=float, default=0.6)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    paths = sorted(FRAMES.glob("*.jpg"))
    ways = {"as photos, curved with motion": (by_register, 1), "one similarity by roots or skin": (by_roots, 5)}
    rows: dict[str, list[tuple[np.ndarray | None, float]]] = {name: [] for name in ways}
    shares: list[float] = []
    different: list[bool] = []
    lines: list[str] = []
    after_before: Rgb8Image | None = None
    for number in range(arguments.pairs):
        bgr8 = cv2.imread(str(paths[number * len(paths) // arguments.pairs]))[FRAME]
        small = cv2.resize(bgr8, SIZE_PX, interpolation=cv2.INTER_AREA)
        before, after, points, truth, got = changed(small, arguments.level, number)
        shares.append(got)
        for name, (way, every) in ways.items():
            if number % every == 0:
                carried, spent = way(before, after, points)
                rows[name].append((None if carried is None else np.linalg.norm(carried - truth, axis=1), spent))
        if after_before is not None:
            different.append(by_register(before, after_before, points)[0] is not None)
        after_before = after
        lines = [
            f"command: closeup_alignment.py --pairs {arguments.pairs} --level {arguments.level:g}",
            f"{len(shares)} pairs, {np.mean(shares):.0%} of strand pixels altered; error of carried points, px of 1024",
            "way                                 accepted | points | median    P95  worst P95 | CPU s",
            *(summary(name, of_way) for name, of_way in rows.items()),
            f"different spots, as photos: {sum(different)} of {len(different)} accepted",
        ]
        if arguments.out is not None:
            arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
