#!/usr/bin/env python3
"""Keep what the network of cover sees of drawn heads and licensed photos, and the truth, for `train_hair_cover.py`.

    python validation/cover_lessons.py --halves /tmp/halves --lessons /tmp/lessons

Each photo is seen as it is, in other lights, exposures, sizes and through other cameras, and now and then with a hand,
cloth, a mark or words over it; a drawn head takes 2 s. The classes of each licensed photo come from the classifier of
the other half, as for a person whom it has never seen.
"""
# ruff: noqa: PLR2004 each chance and size of the varied views stands where it is used, once

import argparse
import os
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray

from drawn_heads import LARGE_PX, SIZES_PX, drawn_head
from hairtrack.segment.appearance import appearance_of, evenly_lit
from hairtrack.segment.classifier import HAIR, SCALP, PixelClassifier, read_classifier, shipped_classifier
from hairtrack.segment.cover import GRAIN_LONG_SIDE_PX, beyond_the_picture, cover_features, in_square, network_features
from laid_over import laid_over
from train_pixel_classes import (
    DRAWN_HEADS,
    HERE,
    SHARED,
    MarkedPhoto,
    classes_of_drawn,
    half_of,
    marked_photo,
    uneven_light,
    varied,
)

FIRST_HEAD = DRAWN_HEADS
"""The heads before this number have trained the classifier, whose classes would be too good on them."""

HEADS = 1700
LARGE_FROM = FIRST_HEAD + 700
"""From this number on drawn heads are large, sharp pictures: how coarse grain is must not tell how much is hidden."""

VIEWS_OF_DRAWN, VIEWS_OF_REAL = 3, 8
AS_SENT_FROM, LAID_OVER_FROM = 4, 6
"""The first views of a licensed photo as somebody sent it, and with something over it."""

LAID_OVER_SHARE = 0.3
WHOLE, PARTLY = 0.9, 0.35
"""Shares of a place that must lie on the head: of licensed photos, whose areas end roughly, and of drawn ones, with
their rim: from above it shows all of the occipital scalp."""

KEPT = ("features", "cover", "known", "classes", "classes_known")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What the network sees of one view of a photo, and the truth, in the square of the network.

    Parameters
    ----------
    number, view
        Of the photo and the view of it.
    features
        (F, S, S).
    cover, known
        (S, S) true cover, and where it is known.
    classes, classes_known
        (4, S, S) shares of the classes, and where they are known, (S, S): of large drawn heads and licensed photos.
    region
        (S, S) index of the region, -1 elsewhere; None where nobody knows.
    hair_to_skin
        Light of hair against skin; 0 for licensed photos.
    half
        A or B, "" for drawn heads.
    """

    number: int
    view: int
    features: NDArray[np.float16]
    cover: NDArray[np.float16]
    known: NDArray[np.bool_]
    classes: NDArray[np.float16]
    classes_known: NDArray[np.bool_]
    region: NDArray[np.int8] | None
    hair_to_skin: float
    half: str


def in_other_tone(rgb8: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a picture in other light, through another phone's tone curve, sometimes softer or compressed."""
    linear = np.clip(rgb8 / np.float32(255), 0, 1) ** 2.2 * np.exp(rng.normal(0, 0.3)) * np.exp(rng.normal(0, 0.15, 3))
    linear = linear * uneven_light(rgb8.shape[:2], rng) ** 0.6
    rgb = np.clip(linear, 0, 1) ** (np.exp(rng.normal(0, 0.1)) / 2.2)
    grey = rgb.mean(axis=2, keepdims=True)
    rgb = grey + (rgb - grey) * np.exp(rng.normal(0, 0.15))
    if rng.random() < 0.3:
        rgb = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), rng.uniform(0.4, 1.2))
    toned = (np.clip(rgb, 0, 1) * 255).round().astype(np.uint8)
    return compressed(toned, rng) if rng.random() < 0.4 else toned


def as_sent(rgb8: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a picture up to a stop lighter or darker, warmer or colder, often smaller, sometimes compressed."""
    gains = np.exp(rng.uniform(-0.7, 0.7) + np.array([1, 0, -1]) * rng.normal(0, 0.16) + rng.normal(0, 0.05, 3))
    linear = np.clip(rgb8 / np.float32(255), 0, 1) ** 2.2 * gains
    sent = (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8)
    if rng.random() < 0.5:
        share = rng.uniform(0.45, 0.8)
        sent = np.asarray(cv2.resize(sent, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    return compressed(sent, rng) if rng.random() < 0.4 else sent


def compressed(rgb8: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a picture as JPEG gives it back."""
    _, coded = cv2.imencode(".jpg", rgb8, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 92))])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def moved(
    rgb8: NDArray[np.uint8], maps: list[Floats], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[Floats]]:
    """Return a picture and maps of its size turned, scaled and shifted."""
    height, width = rgb8.shape[:2]
    scale = np.exp(rng.uniform(np.log(0.65), np.log(1.15)))
    turn = np.deg2rad(rng.choice([0, 90, 180, 270]) + rng.normal(0, 10))
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    centre = np.array([width / 2, height / 2])
    matrix = np.c_[linear, centre * (1 + rng.uniform(-0.1, 0.1, 2)) - linear @ centre]
    soft = cv2.GaussianBlur(rgb8, (0, 0), 0.4 / scale) if scale < 0.85 else rgb8
    shown = cv2.warpAffine(soft, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown, np.uint8), [cv2.warpAffine(one, matrix, (width, height)) for one in maps]


def lessons_of_drawn(number: int) -> list[Lesson]:
    """Return the views of one drawn head: as it is, in another light and tone, and as somebody sent it."""
    cv2.setNumThreads(1)
    is_large = number >= LARGE_FROM
    drawn = drawn_head(number, sizes_px=LARGE_PX if is_large else SIZES_PX)
    truth = drawn.photo.truth
    known = (truth.region_index >= 0).astype(np.float32)
    shares = _layers(classes_of_drawn(drawn, number).shares, drawn.photo.rgb8.shape[1::-1])
    shares[-1] *= is_large
    lessons = []
    for view in range(VIEWS_OF_DRAWN):
        rng = np.random.default_rng([number, view, 9])
        rgb8, hidden, on_head = drawn.photo.rgb8, truth.opacity.astype(np.float32) * known, known
        classes = list(shares)
        if view:
            if is_large and rng.random() < LAID_OVER_SHARE:
                rgb8, covered = laid_over(rgb8, on_head > 0, rng)
                hidden, on_head, *classes = (one * ~covered for one in (hidden, on_head, *classes))
            rgb8 = in_other_tone(rgb8, rng) if view == 1 else as_sent(rgb8, rng)
            if rng.random() < 0.5:
                size = rgb8.shape[1::-1]
                maps = [_reduced(one, size) for one in (hidden, on_head, *classes)]
                rgb8, (hidden, on_head, *classes) = moved(rgb8, maps, rng)
        maps = (hidden, on_head, *classes)
        region = None if view else truth.region_index
        lesson = _lesson(rgb8, maps, shipped_classifier(), region=region, least_share=PARTLY)
        lessons.append(Lesson(**lesson, number=number, view=view, hair_to_skin=drawn.hair_to_skin, half=""))
    return lessons


@cache
def marked_photos() -> list[MarkedPhoto]:
    """Return the licensed photos with their hand-drawn areas."""
    marks = tomllib.loads((HERE / "head_marks.toml").read_text(encoding="utf-8"))["photo"]
    folder = SHARED / "data" / "heads" / "photos"
    return [marked_photo(mark, folder, long_side_px=GRAIN_LONG_SIDE_PX) for mark in marks]


def lessons_of_real(number: int, halves: Path) -> list[Lesson]:
    """Return the views of one licensed photo, in classes of the classifier that has not seen it."""
    cv2.setNumThreads(1)
    photos = marked_photos()
    photo = photos[number]
    half = half_of(photo.subject)
    classifier = read_classifier(halves / f"{'B' if half == 'A' else 'A'}.npz")
    lessons = []
    for view in range(VIEWS_OF_REAL):
        rng = np.random.default_rng([number, view, 3])
        is_varied = view % 2 if view >= LAID_OVER_FROM else 0 < view < AS_SENT_FROM
        rgb8, shares = varied(photo, photos, rng) if is_varied else (photo.rgb8, photo.shares)
        head = shares[..., SCALP] + shares[..., HAIR]
        covered = np.zeros(head.shape, np.bool_)
        if view >= LAID_OVER_FROM:
            rgb8, covered = laid_over(rgb8, head > 0.5, rng)
        if AS_SENT_FROM <= view < LAID_OVER_FROM:
            rgb8 = as_sent(rgb8, rng)
        known = ((shares[..., 0] >= 0) & (head > 0.95) & ~covered).astype(np.float32)
        hidden = (np.maximum(shares[..., HAIR], 0) * known).astype(np.float32)
        classes = [one * ~covered for one in _layers(shares, size=shares.shape[1::-1])]
        maps = tuple(_reduced(one, rgb8.shape[1::-1]) for one in (hidden, known, *classes))
        lesson = _lesson(rgb8, maps, classifier, region=None, least_share=WHOLE)
        lessons.append(Lesson(**lesson, number=number, view=view, hair_to_skin=0.0, half=half))
    return lessons


def _layers(shares: Floats, size: tuple[int, int]) -> list[Floats]:
    """Return class shares one by one, and last where they are known, at another size."""
    layers = [*np.maximum(shares, 0).transpose(2, 0, 1), (shares[..., 0] >= 0).astype(np.float32)]
    return [np.asarray(cv2.resize(np.ascontiguousarray(one), size, interpolation=cv2.INTER_LINEAR)) for one in layers]


def _reduced(layer: Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(np.ascontiguousarray(layer), size, interpolation=cv2.INTER_AREA), np.float32)


def _lesson(
    rgb8: NDArray[np.uint8],
    maps: tuple[Floats, ...],
    classifier: PixelClassifier,
    *,
    region: NDArray[np.int8] | None,
    least_share: float,
) -> dict[str, NDArray | None]:
    features = network_features(
        cover_features(rgb8, classifier.classify(appearance_of(evenly_lit(rgb8)).features, None))
    )
    height, width = features.shape[:2]
    edges = beyond_the_picture(height, width)
    hidden, known, *classes = (np.pad(_reduced(one, (width, height)), edges) for one in maps)
    if region is not None:
        region = np.asarray(cv2.resize(region, (width, height), interpolation=cv2.INTER_NEAREST), np.int8)
        region = np.pad(region, edges, constant_values=-1)
    return {
        "features": in_square(features).astype(np.float16),
        "cover": (hidden / np.maximum(known, 1e-3)).astype(np.float16),
        "known": known > least_share,
        "classes": np.stack(classes[:-1]).astype(np.float16),
        "classes_known": classes[-1] > WHOLE,
        "region": region,
    }


def kept(lessons: list[Lesson], folder: Path) -> None:
    """Write lessons into a folder, each whole or not at all."""
    for one in lessons:
        place = folder / f"{one.half or 'drawn'}_{one.number}_{one.view}.npz"
        part = place.with_suffix(".part.npz")
        region = {} if one.region is None else {"region": one.region}
        arrays = {name: getattr(one, name) for name in KEPT}
        np.savez(part, **arrays, **region, hair_to_skin=one.hair_to_skin)
        part.replace(place)


def write_drawn(number: int, folder: Path) -> None:
    """Keep the lessons of a drawn head."""
    kept(lessons_of_drawn(number), folder)


def write_real(number: int, halves: Path, folder: Path) -> None:
    """Keep the lessons of a licensed photo."""
    kept(lessons_of_real(number, halves), folder)


def lessons_in(folder: Path) -> list[Lesson]:
    """Return all lessons of a folder."""
    lessons = []
    for path in sorted(folder.glob("*_*_*.npz")):
        half, number, view = path.stem.split("_")
        with np.load(path) as stored:
            lessons.append(
                Lesson(
                    number=int(number),
                    view=int(view),
                    **{name: stored[name] for name in KEPT},
                    region=stored.get("region"),
                    hair_to_skin=float(stored["hair_to_skin"]),
                    half="" if half == "drawn" else half,
                )
            )
    return lessons


def main() -> int:
    """Keep the lessons."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--halves", type=Path, required=True, help="folder with A.npz and B.npz")
    parser.add_argument("--lessons", type=Path, required=True, help="where they go")
    parser.add_argument("--heads", type=int, default=HEADS)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    chosen.lessons.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(partial(write_drawn, folder=chosen.lessons), range(FIRST_HEAD, FIRST_HEAD + chosen.heads)))
        numbers = range(len(marked_photos()))
        list(pool.map(partial(write_real, halves=chosen.halves, folder=chosen.lessons), numbers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
