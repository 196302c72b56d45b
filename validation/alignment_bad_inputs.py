"""What is said of pairs that nobody should have sent: refused, or vouched for only where it is right.

    python validation/alignment_bad_inputs.py --photos 10 --out validation/results/alignment_bad_inputs.txt

Photos of `../shared/data/heads` (half b of the subjects, on which no limit was set), each held against: a wall, another
head beside the right one, a half of itself, its mirror image, itself, itself on a screen, its copy of 12 megapixels
where it has 300 pixels, a piece of it enlarged like a close-up, another head in the same view. Every picture goes the
way of a photo in a case: read, judged by the gate, head found, laid on the reference by all tiers. Where a true map
exists, points are wrongly vouched for that are off by more than 1 % of the head's diameter (scalp) or by more than
three expected errors (whole heads); where none exists, being accepted is wrong.
"""

import argparse
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from alignment_null import half_of
from hairtrack.imaging.types import PointsXY, Rgb8Image
from hairtrack.ingest import lone_photo, read_photo
from hairtrack.model import Photo, QualityDecision, RegistrationStatus, Tier
from hairtrack.pipeline.compare import Seen, align
from hairtrack.pipeline.look import look_at_pixels
from hairtrack.pipeline.settings import Settings
from no_heads import wall

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
PHOTOS = SHARED / "data" / "heads" / "photos"
SETTINGS = Settings()
Map = Callable[[PointsXY], PointsXY]
Bad = tuple[Rgb8Image, Rgb8Image, Map | None]
"""Reference, moving photo, and the true map between them; None where there is none."""


def bad_pairs(rgb8: Rgb8Image, other: Rgb8Image, rng: np.random.Generator) -> dict[str, Bad]:
    """Return the bad pairs that are made of a photo and of another head."""
    height, width = rgb8.shape[:2]
    blank = np.full((height, width, 3), 0.6, np.float32)
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    placed = (np.array([[0.2, 0.14], [0.88, 0.19], [0.83, 0.89], [0.14, 0.81]]) * (width, height)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, placed)
    screen = cv2.warpPerspective(
        rgb8, matrix, (width, height), borderMode=cv2.BORDER_CONSTANT, borderValue=(40, 40, 45)
    )
    lines = (1 + 0.06 * np.sin(np.arange(width) * 2 * np.pi / 3.3))[None, :, None]
    small = cv2.resize(rgb8, (300, round(300 * height / width)), interpolation=cv2.INTER_AREA)
    large_width = round(np.sqrt(12e6 * width / height))
    large = cv2.resize(rgb8, (large_width, round(12e6 / large_width)), interpolation=cv2.INTER_CUBIC)
    piece = rgb8[int(0.4 * height) : int(0.6 * height), int(0.4 * width) : int(0.6 * width)]
    beside = cv2.resize(other, (round(other.shape[1] * height / other.shape[0]), height))

    def enlarged(points_xy: PointsXY) -> PointsXY:
        return (points_xy + 0.5) * (np.array(large.shape[1::-1]) / small.shape[1::-1]) - 0.5

    return {
        "no head: a wall": (rgb8, eight_bit(wall(blank, rng) * 255), None),
        "two heads side by side": (rgb8, np.hstack([rgb8, beside]), lambda xy: xy),
        "head cut off in the middle": (rgb8, rgb8[:, int(0.47 * width) :], lambda xy: xy - (int(0.47 * width), 0)),
        "mirror selfie": (rgb8, rgb8[:, ::-1], None),
        "the same photo twice": (rgb8, rgb8, lambda xy: xy),
        "photo of a photo on a screen": (
            rgb8,
            eight_bit(screen * lines),
            lambda xy: cv2.perspectiveTransform(np.asarray(xy, np.float64)[None], matrix)[0],
        ),
        "300 px against 12 MP": (np.asarray(small, np.uint8), np.asarray(large, np.uint8), enlarged),
        "a piece enlarged, told as the whole": (
            rgb8,
            np.asarray(cv2.resize(piece, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8),
            lambda xy: (xy - (int(0.4 * width), int(0.4 * height)) + 0.5) * 5 - 0.5,
        ),
        "another head": (rgb8, other, None),
    }


def eight_bit(picture: np.ndarray) -> Rgb8Image:
    """Return a picture of 0-255 as bytes."""
    return np.asarray(np.clip(picture, 0, 255).round(), np.uint8)


def seen(rgb8: Rgb8Image, file: Path) -> Seen | Photo:
    """Return a picture as a case would see it, or its record where it cannot be read."""
    cv2.imwrite(str(file), np.ascontiguousarray(rgb8[..., ::-1]))
    loaded = read_photo(lone_photo(file), today=None, settings=SETTINGS.ingest)
    if isinstance(loaded, Photo):
        return loaded
    look, pixels = look_at_pixels(loaded, settings=SETTINGS)
    return Seen(look=look, pixels=pixels)


@dataclass
class Said:
    """What was said of the pairs of one kind."""

    gate: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    ratios: list[float] = field(default_factory=list)
    wrong_shares: list[float] = field(default_factory=list)

    def add(self, reference: Seen, moving: Seen, truth: Map | None) -> None:
        """Count one pair."""
        quality = moving.look.quality
        found = align(reference, moving, landmarks=(), settings=SETTINGS.align)
        passed = quality.decision is not QualityDecision.RETAKE
        accepted = found.status is RegistrationStatus.ACCEPTED
        self.gate[quality.decision.value] += 1
        self.tiers[found.tier.value] += 1
        self.used["compared"] += passed and accepted
        self.flags.update(quality.flags)
        if not accepted:
            self.reasons[(found.reason or "").partition(";")[0]] += 1
            return
        if truth is None or reference.pixels.head_mask is None or found.expected_error_px is None:
            self.wrong_shares.append(1.0)
            return
        mask, factor = reference.pixels.head_mask, reference.pixels.working.full_per_working
        rows, columns = np.nonzero(mask[::9, ::9])
        places = reference.pixels.working.full_from_working(np.c_[columns, rows].astype(np.float64) * 9)
        carried, true = found.moving_from_reference(places), truth(places)
        vouched = np.isfinite(carried).all(axis=1)
        # errors in pixels of the reference: the moving photo may be of another size
        scale = float(np.sqrt(np.linalg.det(np.linalg.lstsq(places - places.mean(0), true - true.mean(0))[0])))
        error_px = np.linalg.norm(carried - true, axis=1)[vouched] / scale
        diameter_px = 2 * float(np.sqrt(mask.sum() / np.pi)) * factor
        limit_px = 0.01 * diameter_px if found.tier is Tier.SCALP else 3 * found.expected_error_px
        self.ratios.append(float(np.sqrt((error_px**2).mean())) / found.expected_error_px)
        self.wrong_shares.append(float((error_px > limit_px).mean()))

    def line(self, name: str) -> str:
        """Return the row of the table."""
        tiers = " ".join(f"{tier} {self.tiers[tier]}" for tier in ("scalp", "head", "none"))
        ratio = f"{np.median(self.ratios):5.2f} {max(self.ratios):5.2f}" if self.ratios else "    –     –"
        wrong = f"{max(self.wrong_shares):6.1%}" if self.wrong_shares else "     –"
        wholly = sum(share == 1.0 for share in self.wrong_shares)
        return (
            f"{name:36s} {self.gate['retake']:3d} of {self.gate.total():2d} | {tiers:22s} | {self.used['compared']:3d}"
            f" | {ratio} | {wrong} {wholly:3d}"
        )


def table(said: Mapping[str, Said], command: str) -> list[str]:
    """Return the rows of all kinds, and below them what was said."""
    rows = [said_of.line(kind) for kind, said_of in said.items()]
    words = [
        f"{kind}: " + "; ".join(f"{what} ({n})" for what, n in (*of.flags.most_common(4), *of.reasons.most_common(3)))
        for kind, of in said.items()
    ]
    return [
        command,
        "kind of pair                         the gate    | aligned by             | used | true/expected | wrong",
        "                                     says retake |                        |      | error: median | points",
        "                                                 |                        |      | and largest   | most, all",
        *rows,
        "",
        "used: passed the gate and aligned, so numbers would be compared.",
        "Said (flags of the photo; reasons of the pair):",
        *words,
    ]


def main() -> None:
    """Print the table, and write it anew after every photo."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    said: dict[str, Said] = defaultdict(Said)
    lines: list[str] = []
    listed = sorted(p.name for p in PHOTOS.glob("*.jpg") if half_of(p.name) == "b")
    chosen = {
        view: [n for n in listed if n.endswith(f"-{view.capitalize() if view == 'back' else 'Top-Down'}.jpg")]
        for view in ("top", "back")
    }
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.photos):
            view = ("top", "back")[number % 2]
            names = chosen[view]
            at = number * len(names) // arguments.photos
            rgb8, other = (
                np.ascontiguousarray(cv2.imread(str(PHOTOS / names[k % len(names)]))[..., ::-1]) for k in (at, at + 3)
            )
            rng = np.random.default_rng([83, number])
            for kind, (before, after, truth) in bad_pairs(rgb8, other, rng).items():
                reference = seen(before, Path(folder) / f"{view}-before.png")
                moving = seen(after, Path(folder) / f"{view}-after.png")
                if isinstance(reference, Photo) or isinstance(moving, Photo):
                    said[kind].gate["unreadable"] += 1
                    continue
                said[kind].add(reference, moving, truth)
            lines = table(said, f"command: alignment_bad_inputs.py, {number + 1} photos")
            if arguments.out is not None:
                arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
