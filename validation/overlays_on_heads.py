"""How much of burned-in text, stamps, logos and bars is left out on real heads, and what they do to coverage.

    .venv/bin/python validation/overlays_on_heads.py --every 8 | tee validation/results/overlays_on_heads.txt

Each kind is painted across the head on photos of the `heads` set (CC BY 4.0, changed), saved as JPEG of quality 90 and
read again. Nothing was tuned on this half of the heads. Coverage is the mean opacity of the whole head: with what is
laid over found and left out, and as if nobody looked for it.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import View
from hairtrack.segment.hair import find_hair
from hairtrack.segment.head import find_head
from hairtrack.segment.overlays import find_overlays, without_overlays
from hairtrack.segment.settings import SegmentSettings

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
VIEWS = {"Top-Down": View.TOP, "Back": View.BACK, "Front": View.FRONT, "Left": View.LEFT, "Right": View.RIGHT}
SETTINGS = SegmentSettings()
RIM_PX = 5
"""Around what was painted, within which finding more is no error: letters are found with a rim."""

Painter = Callable[[Rgb8Image, tuple[int, int], float, np.random.Generator], Rgb8Image]


def date_stamp(photo: Rgb8Image, centre_xy: tuple[int, int], across: float, rng: np.random.Generator) -> Rgb8Image:
    """Paint the orange day and time of a camera."""
    day = f"{rng.integers(10, 28)}.{rng.integers(10, 12)}.20{rng.integers(10, 26)} {rng.integers(10, 23)}:48"
    return _written(photo, day, centre_xy, height_px=0.055 * across, colour=(255, 140, 20))


def white_caption(photo: Rgb8Image, centre_xy: tuple[int, int], across: float, rng: np.random.Generator) -> Rgb8Image:
    """Paint a caption in white."""
    words = str(rng.choice(["month 12 after", "Before", "Day 10 - crown"]))
    return _written(photo, words, centre_xy, height_px=0.07 * across, colour=(255, 255, 255))


def black_caption(photo: Rgb8Image, centre_xy: tuple[int, int], across: float, rng: np.random.Generator) -> Rgb8Image:
    """Paint a caption in black."""
    return _written(
        photo, f"PATIENT {rng.integers(1000, 9999)} TOP", centre_xy, height_px=0.06 * across, colour=(0, 0, 0)
    )


def logo(photo: Rgb8Image, centre_xy: tuple[int, int], across: float, rng: np.random.Generator) -> Rgb8Image:
    """Paint the mark of a clinic: a ring, a bar and a disc of one colour."""
    painted = photo.copy()
    colour = tuple(int(level) for level in rng.choice([[0, 120, 190], [255, 255, 255], [180, 20, 60], [20, 150, 90]]))
    x, y = centre_xy
    radius = round(0.14 * across)
    cv2.circle(painted, (x, y), radius, colour, max(3, round(0.03 * across)), cv2.LINE_AA)
    cv2.circle(painted, (x, y), round(0.5 * radius), colour, cv2.FILLED, cv2.LINE_AA)
    end = (x + round(0.3 * across), y + round(0.25 * radius))
    cv2.rectangle(painted, (x + radius, y - round(0.25 * radius)), end, colour, cv2.FILLED)
    return painted


def banner(photo: Rgb8Image, centre_xy: tuple[int, int], across: float, rng: np.random.Generator) -> Rgb8Image:
    """Paint a bar across the picture with words in it."""
    painted = photo.copy()
    tall = round(0.07 * across)
    dark = bool(rng.integers(2))
    level, word = ((16, 255), (240, 20))[not dark]
    y = centre_xy[1]
    painted[max(0, y - tall) : y + tall] = level
    return _written(painted, "BEFORE | AFTER", centre_xy, height_px=0.06 * across, colour=(word, word, word))


def _written(
    photo: Rgb8Image, words: str, centre_xy: tuple[int, int], *, height_px: float, colour: tuple[int, int, int]
) -> Rgb8Image:
    painted = photo.copy()
    size, stroke = height_px / 21, max(1, round(height_px / 9))  # a Hershey capital is 21 units tall
    (width, tall), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, size, stroke)
    start = (round(centre_xy[0] - width / 2), round(centre_xy[1] + tall / 2))
    cv2.putText(painted, words, start, cv2.FONT_HERSHEY_SIMPLEX, size, colour, stroke, cv2.LINE_AA)
    return painted


PAINTERS: dict[str, Painter] = {
    "date stamp": date_stamp,
    "white caption": white_caption,
    "black caption": black_caption,
    "logo of one colour": logo,
    "banner with words": banner,
}


def saved(photo: Rgb8Image) -> Rgb8Image:
    """Return the photo as it is read from a JPEG file of quality 90."""
    _, stored = cv2.imencode(".jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR)[..., ::-1], np.uint8)


def coverage(photo: Rgb8Image, view: View, overlays: Mask) -> float | None:
    """Return the mean opacity of a head without what is left out; None when no head is found."""
    bare = without_overlays(photo, overlays)
    head = find_head(bare, view=view)
    if head.refused is not None:
        return None
    hair = find_hair(bare, head.mask, settings=SETTINGS, places=head.places)
    used = head.mask & ~hair.excluded & ~overlays
    return float(hair.opacity[used].mean())


def main() -> int:
    """Print one row a photo and kind, then one line a kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=8)
    every = parser.parse_args().every
    cv2.setNumThreads(1)
    files = sorted((SHARED / "data" / "heads" / "photos").glob("*.jpg"))
    person = {file: "-".join(file.name.split("-")[:2]) for file in files}
    heads = sorted(set(person.values()))
    reported = [file for file in files if heads.index(person[file]) % 2]
    print(f"validation/overlays_on_heads.py --every {every}, heads of the other half", flush=True)
    wrong = [_left_out_wrongly(_read(file), _view(file)) for file in reported[:: max(1, every // 2)]]
    shares = np.array([share for share in wrong if share is not None])
    print(
        f"{len(shares)} photos as they are: {np.mean(shares > 0):.1%} have an overlay that is none, on average "
        f"{shares.mean():.3%} of the head, at most {shares.max():.2%}",
        flush=True,
    )
    rows: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in PAINTERS}
    refused = 0
    for number, file in enumerate(reported[::every]):
        photo, view = _read(file), _view(file)
        rng = np.random.default_rng([7, number])
        plain = saved(photo)
        head = find_head(plain, view=view)
        truth = coverage(plain, view, np.zeros(head.mask.shape, np.bool_))
        if truth is None:
            continue
        told = {n: _row(photo, view, paint, head=head.mask, truth=truth, rng=rng) for n, paint in PAINTERS.items()}
        for name, row in told.items():
            if row is None:
                refused += 1
                continue
            rows[name].append(row)
            print(f"  {number:3d} {view.value:6s} {name:20s} " + " ".join(f"{v:+.3f}" for v in row), flush=True)
    print("left out: share of the painted pixels on the head; good: share of the rest of the head left out with them")
    for name, found in rows.items():
        left_out, good, off_with, off_without = np.array(found).T
        print(
            f"{name:20s} {len(found):3d} photos: left out {np.median(left_out):.2f} (median; more than nine tenths on "
            f"{np.mean(left_out > 0.9):.0%}), good {good.mean():.4f}; coverage off by {np.abs(off_with).mean():.3f} "  # noqa: PLR2004 as the sentence says
            f"(at most {np.abs(off_with).max():.3f}) when left out, {np.abs(off_without).mean():.3f} "
            f"(at most {np.abs(off_without).max():.3f}) when not"
        )
    print(f"{refused} painted photos of {refused + sum(map(len, rows.values()))} no longer showed a head")
    return 0


def _read(file: Path) -> Rgb8Image:
    return np.asarray(cv2.imread(str(file), cv2.IMREAD_COLOR)[..., ::-1], np.uint8)


def _view(file: Path) -> View:
    return next(view for name, view in VIEWS.items() if file.stem.endswith(name))


def _left_out_wrongly(photo: Rgb8Image, view: View) -> float | None:
    head = find_head(photo, view=view)
    return None if head.refused else float((find_overlays(photo) & head.mask).sum() / head.mask.sum())


def _row(
    photo: Rgb8Image, view: View, painter: Painter, *, head: Mask, truth: float, rng: np.random.Generator
) -> tuple[float, float, float, float] | None:
    """Return shares left out of the paint and of the rest of the head, and errors of coverage with it and without."""
    rows, columns = np.nonzero(head)
    painted = painter(photo, (int(columns.mean()), int(rows.mean())), 2 * np.sqrt(len(rows) / np.pi), rng)
    paint = (np.abs(painted.astype(np.int16) - photo).max(axis=2) > 0) & head
    picture = saved(painted)
    found = find_overlays(picture)
    with_it, without = coverage(picture, view, found), coverage(picture, view, np.zeros_like(found))
    if with_it is None or without is None:
        return None
    rim = cv2.dilate(paint.astype(np.uint8), np.ones((2 * RIM_PX + 1, 2 * RIM_PX + 1), np.uint8)) > 0
    rest = head & ~rim
    return (
        float((found & paint).sum() / max(1, paint.sum())),
        float((found & rest).sum() / max(1, rest.sum())),
        with_it - truth,
        without - truth,
    )


if __name__ == "__main__":
    sys.exit(main())
