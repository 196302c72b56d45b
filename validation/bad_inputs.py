"""What is said of pictures that are no photo of one bare head, and how many good photos of heads are refused.

    .venv/bin/python validation/bad_inputs.py --every 2 --covered | tee validation/results/bad_inputs.txt

Pictures that are no heads: those that scikit-image ships (see its data/README.txt), drawings of `no_heads.py`, drawn
heads that are spoiled, and photos of the `heads` set (CC BY 4.0, changed: put side by side, covered, greyed). Limits
were set on heads of the tuning half; only the other half is used here. A picture is refused when no head is found in
it or a retake is asked for; it is withheld when a head is found but no region gets a number.

What the table does not show: there is one cat, so that the limits of eyes were seen on it and are only confirmed on
heads; drawn caps have one colour, a patterned one is not told; a hand on a head is told only where it takes the head
apart (fingers by their shape, sharp borders of cover, even colour, and a network that learned hands of `laid_over.py`
were tried: good heads have as much of each, other hands are not told); a wig on a stand is not among the kinds, since
no free picture of one is at hand and from above it is a head full of hair.
"""
# ruff: noqa: ARG001 every kind of picture is made from the same heads and chance, whether it uses them or not

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import skimage.data

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import Measured, NotMeasured, Photo, QualityDecision, View
from hairtrack.pipeline.compare import Seen
from hairtrack.pipeline.look import look_at_pixels
from hairtrack.pipeline.numbers import measure_one
from hairtrack.pipeline.settings import Settings
from hairtrack.quality.eye import why_an_eye
from hairtrack.quality.one_colour import hue_spread, why_covered
from hairtrack.segment.head import find_head
from no_heads import KINDS, not_a_head

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PHOTOS = SHARED / "data" / "heads" / "photos"
VIEWS = {"Top-Down": View.TOP, "Back": View.BACK, "Front": View.FRONT, "Left": View.LEFT, "Right": View.RIGHT}
SHIPPED = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "chessboard_RGB.png", "clock_motion.png",
    "coffee.png", "coins.png", "color.png", "grass.png", "gravel.png", "horse.png", "hubble_deep_field.jpg", "ihc.png",
    "logo.png", "microaneurysms.png", "moon.png", "motorcycle_left.png", "motorcycle_right.png", "page.png",
    "phantom.png", "retina.jpg", "rocket.jpg", "text.png",
)  # fmt: skip
SETTINGS = Settings()
SAMPLES = Path(__file__).resolve().parents[1] / "sample_images"
Picture = tuple[Rgb8Image, View]
Generator = np.random.Generator


def read_rgb8(path: Path) -> Rgb8Image:
    """Return the pixels of a picture in colour."""
    return np.asarray(cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def is_reported(file: Path) -> bool:
    """Return whether a head belongs to the half that set no limit."""
    people = sorted({"-".join(f.name.split("-")[:2]) for f in PHOTOS.glob("*.jpg")})
    return people.index("-".join(file.name.split("-")[:2])) % 2 == 1


def view_of(file: Path) -> View:
    """Return from where a photo of the `heads` set was taken."""
    return next(view for name, view in VIEWS.items() if file.stem.endswith(name))


def said_of(rgb8: Rgb8Image, view: View) -> str:
    """Return `measured` when any number of coverage is given of a picture, else what the program says."""
    record = Photo(file="picture.jpg", photo_id="picture", view=view, height_px=rgb8.shape[0], width_px=rgb8.shape[1])
    look, pixels = look_at_pixels(LoadedPhoto(rgb8=rgb8, record=record), settings=SETTINGS)
    if look.no_head is not None:
        return f"no head: {look.no_head}"
    if look.quality.decision is QualityDecision.RETAKE:
        return f"retake: {', '.join(look.quality.flags)}"
    numbers = [m.result for m in measure_one(Seen(look=look, pixels=pixels), settings=SETTINGS)]
    if any(isinstance(number, Measured) for number in numbers):
        return "measured"
    return f"not measured: {next(n.reason for n in numbers if isinstance(n, NotMeasured))}"


def cats(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give the one cat at hand, whole, mirrored, turned, cropped to its head and to its fur, dark and bright."""
    cat = read_rgb8(Path(skimage.data.__file__).parent / "chelsea.png")
    shapes = [cat, cat[:, ::-1], np.rot90(cat), cat[20:, 60:330], cat[100:, :200], cat[60:260, 120:320]]
    for shape in shapes:
        for gain in (0.7, 1.0, 1.25):
            lit = np.clip(shape.astype(np.float32) * gain, 0, 255).astype(np.uint8)
            side = 640 / max(lit.shape[:2])
            yield np.asarray(cv2.resize(lit, None, fx=side, fy=side, interpolation=cv2.INTER_CUBIC), np.uint8), View.TOP


def faces(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give one portrait cut to the face, declared to be each view, and small grey faces."""
    portrait = read_rgb8(Path(skimage.data.__file__).parent / "astronaut.png")
    for rows, columns in ((slice(60, 190), slice(165, 280)), (slice(75, 200), slice(170, 275))):
        face = cv2.resize(portrait[rows, columns], (560, 620), interpolation=cv2.INTER_CUBIC)
        for view in (View.TOP, View.FRONT, View.VERTEX):
            yield np.asarray(face, np.uint8), view
    for small in np.load(Path(skimage.data.__file__).parent / "lfw_subset.npy")[:24]:
        levels = cv2.resize((small * 255).astype(np.uint8), (400, 400), interpolation=cv2.INTER_CUBIC)
        yield np.repeat(levels[..., None], 3, axis=2).astype(np.uint8), View.TOP


def other_pictures(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give the other pictures that scikit-image ships, each declared a top and a back view."""
    for name in SHIPPED:
        if name == "chelsea.png":
            continue
        picture = read_rgb8(Path(skimage.data.__file__).parent / name)
        side = 640 / max(picture.shape[:2])
        picture = np.asarray(cv2.resize(picture, None, fx=side, fy=side, interpolation=cv2.INTER_AREA), np.uint8)
        yield picture, View.TOP
        yield picture, View.BACK


def drawings(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give walls, pages, noise, grass, stripes and spots in colours of skin and hair."""
    for _ in range(12 * len(KINDS)):
        colour = np.clip(np.array([0.7, 0.5, 0.4]) * rng.uniform(0.2, 1.3) * np.exp(rng.normal(0, 0.15, 3)), 0, 1)
        yield not_a_head(colour, rng), View.TOP


def black_frames(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give photos of a covered lens: black, with noise, with a glow at the edge."""
    for index in range(24):
        frame = rng.normal(3 + index % 8, 1 + index / 8, (480, 640, 3))
        yield np.clip(frame, 0, 255).astype(np.uint8), View.TOP


def infrared(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give heads in one channel, as an infrared camera shows them, half of them with a faint tint."""
    for index, top in enumerate(tops):
        grey = top[..., 0].astype(np.float32)[..., None] * (np.array([1.0, 1.0, 1.0]) if index % 2 else [1, 0.97, 1.02])
        yield np.clip(grey, 0, 255).astype(np.uint8), View.TOP


def two_heads(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give two heads side by side or one above the other."""
    for index, top in enumerate(tops):
        other = tops[(index + 1) % len(tops)]
        yield np.concatenate([top, other], axis=index % 2), View.TOP


def galleries(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give a screen of six heads with gaps between them, on white or black."""
    for index in range(len(tops)):
        small = [cv2.resize(tops[(index + k) % len(tops)], (300, 300), interpolation=cv2.INTER_AREA) for k in range(6)]
        page = np.full((2 * 320 + 120, 3 * 320 + 20, 3), 255 if index % 2 else 12, np.uint8)
        for k, tile in enumerate(small):
            row, column = 100 + 320 * (k // 3), 20 + 320 * (k % 3)
            page[row : row + 300, column : column + 300] = tile
        cv2.putText(page, "Photos  12:41", (30, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (128, 128, 128), 2, cv2.LINE_AA)
        yield page, View.TOP


def _head_of(top: Rgb8Image) -> Mask | None:
    found = find_head(top, view=View.TOP)
    return None if found.refused else found.mask


def hats(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give heads under a knitted or plain cap of any colour, that leaves the rim of the head free."""
    for index, top in enumerate(tops):
        mask = _head_of(top)
        if mask is None:
            continue
        colour = rng.uniform(0.03, 0.9, 3) if index % 3 else np.repeat(rng.uniform(0.05, 0.9), 3)
        rows, columns = np.mgrid[: top.shape[0], : top.shape[1]]
        weave = 1 + 0.12 * np.sin(columns * rng.uniform(0.4, 1.2)) * np.sin(rows * rng.uniform(0.4, 1.2)) * (index % 2)
        yield _covered(top, _grown(mask, rng.uniform(-0.02, 0.05)), colour, weave, rng), View.TOP


def hands(tops: list[Rgb8Image], rng: Generator) -> Iterator[Picture]:
    """Give heads with a hand of the wearer's own or another skin colour laid over the crown."""
    for top in tops:
        mask = _head_of(top)
        if mask is None:
            continue
        rows, columns = np.nonzero(mask)
        across, centre = 2 * np.sqrt(mask.sum() / np.pi), (float(columns.mean()), float(rows.mean()))
        hand = np.zeros(mask.shape, np.uint8)
        turn = float(rng.uniform(0, 2 * np.pi))
        palm = (round(centre[0]), round(centre[1]))
        cv2.ellipse(hand, palm, (round(0.24 * across), round(0.22 * across)), np.rad2deg(turn), 0, 360, 1, -1)
        for finger in range(5):
            lean = turn + (finger - 2) * (0.26 if finger else 0.5)
            tip = np.array(centre) + across * (0.30 if finger == 0 else 0.47) * np.array([np.cos(lean), np.sin(lean)])
            cv2.line(
                hand, palm, tuple(np.round(tip).astype(int).tolist()), 1, max(3, round(0.085 * across)), cv2.LINE_8
            )
        wrist = np.array(centre) - across * 0.9 * np.array([np.cos(turn), np.sin(turn)])
        cv2.line(hand, palm, tuple(np.round(wrist).astype(int).tolist()), 1, round(0.26 * across))
        skin = np.array([0.78, 0.58, 0.48]) * rng.uniform(0.55, 1.15)
        yield _covered(top, hand > 0, skin, np.ones(mask.shape), rng), View.TOP


def _grown(mask: Mask, share: float) -> Mask:
    side = 2 * round(abs(share) * np.sqrt(mask.sum())) + 1
    change = cv2.dilate if share > 0 else cv2.erode
    return np.asarray(change(mask.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) > 0)


def _covered(top: Rgb8Image, area: Mask, colour: np.ndarray, weave: np.ndarray, rng: Generator) -> Rgb8Image:
    """Return a photo with an area covered by something of a colour, rounded by light as the head below is."""
    depth = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
    shade = 0.65 + 0.35 * np.sqrt(np.clip(depth / max(float(depth.max()), 1.0) * 3, 0, 1))
    grain = cv2.GaussianBlur(rng.normal(0, 0.06, area.shape).astype(np.float32), (0, 0), 1.5) * 3
    cover = colour * (shade * weave * (1 + grain))[..., None] * 255
    share = cv2.GaussianBlur(area.astype(np.float32), (0, 0), 1.0)[..., None]
    return np.clip(top * (1 - share) + cover * share, 0, 255).astype(np.uint8)


KINDS_OF_PICTURES: dict[str, Callable[[list[Rgb8Image], Generator], Iterator[Picture]]] = {
    "a cat": cats,
    "a face only": faces,
    "other pictures": other_pictures,
    "drawn walls, pages, grass": drawings,
    "black frame": black_frames,
    "infrared, one channel": infrared,
    "two heads": two_heads,
    "screen of a gallery": galleries,
    "a hat": hats,
    "a hand over the crown": hands,
}


def main() -> int:
    """Print one line a kind, and what becomes of good photos."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=2, help="use every n-th head")
    parser.add_argument("--keep", type=Path, help="folder for pictures that were measured")
    parser.add_argument("--kind", choices=KINDS_OF_PICTURES, nargs="*", help="these kinds alone")
    parser.add_argument("--good", action="store_true", help="photos of real heads too, when kinds are chosen")
    parser.add_argument("--covered", action="store_true", help="all good heads that are said to be covered, or a face")
    parser.add_argument("--tuning-half", action="store_true")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    files = [f for f in sorted(PHOTOS.glob("*.jpg")) if is_reported(f) is not chosen.tuning_half]
    tops = [read_rgb8(f) for f in files if f.stem.endswith("Top-Down")][:: chosen.every]
    half = "tuning" if chosen.tuning_half else "other"
    print(f"validation/bad_inputs.py {' '.join(sys.argv[1:])}, heads of the {half} half", flush=True)
    for number, (kind, pictures) in enumerate(KINDS_OF_PICTURES.items()):
        if chosen.kind and kind not in chosen.kind:
            continue
        told: Counter[str] = Counter()
        for index, (picture, view) in enumerate(pictures(tops, np.random.default_rng([91, number]))):
            words = said_of(picture, view)
            told[words] += 1
            if words == "measured" and chosen.keep:
                cv2.imwrite(str(chosen.keep / f"{kind}-{index}.png".replace(" ", "_")), picture[..., ::-1])
        total, measured = sum(told.values()), told.pop("measured", 0)
        print(
            f"{kind:26s} {total:3d} pictures: {total - measured:3d} refused ({1 - measured / max(1, total):.0%})",
            flush=True,
        )
        for words, count in told.most_common(4):
            print(f"{'':26s} {count:3d} x {words}", flush=True)
    if chosen.good or not chosen.kind:
        _good_photos(files[:: chosen.every])
    if chosen.covered:
        _said_to_be_covered(files)
    return 0


def _good_photos(files: list[Path]) -> None:
    told: dict[View, Counter[str]] = {view: Counter() for view in VIEWS.values()}
    for file in files:
        told[view_of(file)][said_of(read_rgb8(file), view_of(file)).split(":")[0]] += 1
    print("\nphotos of real heads as they are")
    for view, counted in told.items():
        print(
            f"{view.value:6s} {counted.total():3d} photos: " + ", ".join(f"{n} {w}" for w, n in counted.most_common())
        )


def _said_to_be_covered(files: list[Path]) -> None:
    """Print how many good heads, photographed or drawn, are said to lie under a cap or to be a face of fur."""
    drawn = sorted(path for path in SAMPLES.glob("fue_*/*/*.jpg"))
    for name, pictures in {
        "photographed": ((read_rgb8(file), view_of(file)) for file in files),
        "drawn": ((read_rgb8(file), View.BACK if file.stem == "back" else View.TOP) for file in drawn),
    }.items():
        spreads: list[float] = []
        said: Counter[str] = Counter()
        for picture, view in pictures:
            found = find_head(picture, view=view)
            if found.refused is None:
                spreads.append(hue_spread(picture, found.mask) or 0.0)
                said[why_covered(picture, found.mask) or why_an_eye(picture, found.mask) or "neither"] += 1
        print(
            f"{len(spreads)} {name} heads: "
            + ", ".join(f"{n} x {words}" for words, n in said.most_common())
            + f"; spread of hue at least {min(spreads):.3f}, one in fifty below {np.quantile(spreads, 0.02):.3f}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
