#!/usr/bin/env python3
"""Train the two-round pixel classifier on hand-drawn areas of licensed photos (`head_marks.toml`) and on drawn heads.

python validation/train_pixel_classes.py --out models/segment/pixel_classes.npz
python validation/train_pixel_classes.py --out models/segment/pixel_classes.npz --halves /tmp/halves

The second line writes also A.npz and B.npz, each trained on the heads of one half only, to be scored on the other.

Drawn heads (`drawn_heads.py`) have exact classes and all colours of skin and hair; every fourth is never trained on.
Each photo is shown many times: other light, colour of light, exposure, dyed hair, other background (also skin-coloured
walls), smaller in a larger picture. Nothing but numpy and OpenCV is needed; the same seed gives the same file.
"""
# ruff: noqa: PLR2004 each chance and size of the varied views stands where it is used, once

import argparse
import os
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drawn_heads import DrawnHead, drawn_head
from hairtrack.model import View
from hairtrack.segment.appearance import COARSE_LONG_SIDE_PX, appearance_of, resized
from hairtrack.segment.classifier import BACKGROUND, HAIR, MEMBERS, SCALP, SKIN, Round, with_context
from no_heads import not_a_head

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("HAIRTRACK_SHARED", HERE.parents[1] / "shared"))
HIDDEN = ((64, 32), (64, 32))
VIEWS_A_PHOTO, VIEWS_OF_DRAWN = 6, 2
VIEWS_A_MEMBER = 2 / 3
DRAWN_HEADS = 400
HELD_OUT_EVERY = 4
LONG_SIDE_PX = 400
FEW_STRANDS = 0.2
NO_HEAD_SHARE = 0.15
PIXELS_A_VIEW = 600
EPOCHS = 10
DECAY = 2e-5
FOLDS = 2
VIEW_KNOWN_SHARE = 0.6
UNKNOWN = -1.0
DRAWN = "drawn"
SHOWN: list["Shown"] = []
"""Every view, worked out once before the members are trained beside each other."""

Floats = NDArray[np.float32]
Generator = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedPhoto:
    """A photo with the class shares of each pixel; rows of shares are negative where nothing is known."""

    subject: str
    view: View
    rgb8: NDArray[np.uint8]
    shares: Floats


Shown = tuple[MarkedPhoto, Floats, Floats]
"""A photo, and features and class shares of one view of it on the coarse grid."""


def subject_of(file: str) -> str:
    """Return the key of a head: level and subject."""
    return "-".join(file.split("-")[:2])


def view_of(file: str) -> View:
    """Return the view that the file's name tells."""
    word = file.removesuffix(".jpg").split("-", maxsplit=2)[2]
    return View.TOP if word == "Top-Down" else View(word.lower())


def halves_of(subject: str) -> str:
    """Return the halves that train on a subject: real people are in one, drawn heads in both."""
    return "AB" if subject.startswith(DRAWN) else half_of(subject)


def half_of(subject: str) -> str:
    """Return A or B: heads are dealt in turn by subject number, all levels into both halves."""
    level, number = (int(part) for part in subject.split("-"))
    return "AB"[(number // 2 + level) % 2]


def painted(shape: tuple[int, int], polygon: list[float]) -> NDArray[np.bool_]:
    """Return the inside of a polygon given in hundredths of the picture."""
    height, width = shape
    points = np.array(polygon, np.float64).reshape(-1, 2) / 100 * [width, height]
    canvas = np.zeros(shape, np.uint8)
    cv2.fillPoly(canvas, [points.round().astype(np.int32)], 1)
    return canvas > 0


def grown(mask: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """Return a mask grown (or shrunk, when negative) by a share of the picture."""
    size = 2 * round(abs(share) * max(mask.shape)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    change = cv2.dilate if share > 0 else cv2.erode
    return change(mask.astype(np.uint8), kernel) > 0


def marked_photo(mark: dict, folder: Path, *, long_side_px: int = LONG_SIDE_PX) -> MarkedPhoto:
    """Return a photo with its drawn classes; narrow bands along drawn edges stay unknown."""
    rgb8 = resized(cv2.cvtColor(cv2.imread(str(folder / mark["file"])), cv2.COLOR_BGR2RGB), long_side_px)
    shape = rgb8.shape[:2]
    scalp = painted(shape, mark["scalp"])
    coverage = np.full(shape, mark["coverage"], np.float32)
    for area in mark.get("areas", []):
        inside = painted(shape, area[1:])
        scalp |= inside
        coverage[inside] = area[0]
    coverage = cv2.GaussianBlur(coverage, (0, 0), 0.012 * shape[1])
    nowhere = np.zeros(shape, np.bool_)
    skin = np.logical_or.reduce([nowhere, *(painted(shape, polygon) for polygon in mark.get("skin", []))])
    unsure = np.logical_or.reduce([nowhere, *(painted(shape, polygon) for polygon in mark.get("unsure", []))])
    shares = np.full((*shape, 4), UNKNOWN, np.float32)
    background = ~(grown(scalp, 0.015) | grown(skin, 0.05) | unsure)
    shares[background] = np.eye(4)[BACKGROUND]
    shares[skin & ~grown(scalp, 0.01) & ~unsure] = np.eye(4)[SKIN]
    inner = grown(scalp, -0.01) & ~unsure & ~skin
    shares[inner] = 0
    shares[inner, SCALP] = 1 - coverage[inner]
    shares[inner, HAIR] = coverage[inner]
    return MarkedPhoto(subject=subject_of(mark["file"]), view=view_of(mark["file"]), rgb8=rgb8, shares=shares)


def drawn_photo(number: int) -> MarkedPhoto:
    """Return a drawn head with its exact classes; strands before the background stay unknown where they are thin."""
    cv2.setNumThreads(1)
    return classes_of_drawn(drawn_head(number), number)


def classes_of_drawn(drawn: DrawnHead, number: int) -> MarkedPhoto:
    """Return a drawn head with its exact classes, reduced as the licensed photos are."""
    opacity, scalp = drawn.photo.truth.opacity, drawn.scalp
    shares = np.zeros((*scalp.shape, 4), np.float32)
    shares[..., SCALP], shares[..., HAIR] = scalp * (1 - opacity), scalp * opacity
    shares[drawn.skin & ~scalp, SKIN] = 1
    shares[~drawn.skin & ~scalp, BACKGROUND] = 1
    hanging = ~scalp & (opacity > FEW_STRANDS)
    shares[hanging] = UNKNOWN
    shares[hanging & (opacity > 1 - FEW_STRANDS)] = np.eye(4)[HAIR]
    rgb8 = resized(drawn.photo.rgb8, LONG_SIDE_PX)
    size = rgb8.shape[1::-1]
    known = cv2.resize((shares[..., 0] >= 0).astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.95
    reduced = cv2.resize(np.maximum(shares, 0), size, interpolation=cv2.INTER_AREA)
    reduced[~known] = UNKNOWN
    return MarkedPhoto(subject=f"{DRAWN}-{number}", view=drawn.view, rgb8=rgb8, shares=reduced)


def varied(photo: MarkedPhoto, others: list[MarkedPhoto], rng: Generator) -> tuple[NDArray[np.uint8], Floats]:
    """Return the photo in another light, place and setting, with its class shares."""
    rgb = photo.rgb8.astype(np.float32) / 255
    shares = photo.shares
    if rng.random() < 0.5:
        rgb = _before_other_background(rgb, shares, others, rng)
    if rng.random() < 0.3:
        rgb = _dyed(rgb, shares, rng)
    if rng.random() < 0.6:
        rgb, shares = _moved(rgb, shares, rng)
    linear = np.clip(rgb, 0, 1) ** 2.2 * np.exp(rng.normal(0, 0.45)) * np.exp(rng.normal(0, 0.10, 3))
    linear = linear * uneven_light(rgb.shape[:2], rng)
    rgb = np.clip(linear, 0, 1) ** (np.exp(rng.normal(0, 0.15)) / 2.2)
    grey = rgb.mean(axis=2, keepdims=True)
    rgb = grey + (rgb - grey) * np.exp(rng.normal(0, 0.2))
    if rng.random() < 0.4:
        rgb = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), rng.uniform(0.4, 1.8))
    rgb = rgb + rng.normal(0, rng.uniform(0, 0.02), rgb.shape)
    return (np.clip(rgb, 0, 1) * 255).round().astype(np.uint8), shares


def _before_other_background(rgb: Floats, shares: Floats, others: list[MarkedPhoto], rng: Generator) -> Floats:
    height, width = rgb.shape[:2]
    alpha = 1 - cv2.GaussianBlur((shares[..., BACKGROUND] == 1).astype(np.float32), (0, 0), 4)[..., None]
    kind = rng.integers(3)
    if kind == 0:
        colour = rng.uniform(0.05, 0.95) * np.array([1, 1, 1]) * np.exp(rng.normal(0, 0.25, 3))
        ground = np.ones_like(rgb) * np.clip(colour, 0, 1)
    elif kind == 1:
        person = others[rng.integers(len(others))]
        ground = cv2.resize(person.rgb8, (width, height)).astype(np.float32) / 255
        ground = cv2.GaussianBlur(np.roll(ground, (height // 2, width // 2), (0, 1)), (0, 0), rng.uniform(6, 30))
    else:
        ground = np.full_like(rgb, 0.5)
        for cells in (3, 9, 40, 160):
            noise = rng.normal(0, 0.14, (cells, cells, 3)).astype(np.float32)
            ground += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.3:
        skin = rgb[shares[..., SKIN] == 1] if (shares[..., SKIN] == 1).any() else rgb.reshape(-1, 3)
        ground = 0.6 * np.median(skin, axis=0) + 0.4 * ground
    return (alpha * rgb + (1 - alpha) * np.clip(ground, 0, 1)).astype(np.float32)


def _dyed(rgb: Floats, shares: Floats, rng: Generator) -> Floats:
    weight = cv2.GaussianBlur(np.maximum(shares[..., HAIR], 0), (0, 0), 3)[..., None]
    tint = np.exp(rng.normal(0, 0.15, 3)) * np.exp(rng.normal(0.15, 0.4))
    dyed = np.clip(np.clip(rgb, 0, 1) ** 2.2 * tint, 0, 1) ** (1 / 2.2)
    return (weight * dyed + (1 - weight) * rgb).astype(np.float32)


def _moved(rgb: Floats, shares: Floats, rng: Generator) -> tuple[Floats, Floats]:
    height, width = rgb.shape[:2]
    factor = np.exp(rng.uniform(np.log(0.45), np.log(1.35)))
    aspect = np.exp(rng.normal(0, 0.12))
    angle = rng.uniform(-0.6, 0.6)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag(
        [factor * aspect, factor]
    )
    centre = np.array([width / 2, height / 2])
    shift = centre + rng.uniform(-0.18, 0.18, 2) * centre - turn @ centre
    matrix = np.c_[turn, shift]
    colour = rng.uniform(0, 1, 3) * 0.5 + 0.25
    size = (width, height)
    inside = cv2.warpAffine(np.ones((height, width), np.float32), matrix, size)
    border = cv2.BORDER_REFLECT if rng.random() < 0.3 else cv2.BORDER_REPLICATE
    moved = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_AREA, borderMode=border)
    plain = np.ones_like(rgb) * colour + rng.normal(0, 0.05, rgb.shape)
    outside_is_plain = rng.random() < 0.6
    if outside_is_plain:
        moved = np.where(inside[..., None] > 0.5, moved, plain)
    labels = cv2.warpAffine(shares, matrix, size, flags=cv2.INTER_NEAREST, borderValue=(UNKNOWN,) * 4)
    outside = inside < 0.01
    if outside_is_plain:
        labels[outside] = np.eye(4)[BACKGROUND]
    else:
        labels[outside] = UNKNOWN
    return moved.astype(np.float32), labels.astype(np.float32)


def uneven_light(shape: tuple[int, int], rng: Generator) -> Floats:
    """Return a slow, smooth change of light over a picture, (H, W, 1)."""
    slope = rng.normal(0, 0.25, (2, 2)).astype(np.float32)
    return np.exp(cv2.resize(slope, shape[::-1], interpolation=cv2.INTER_CUBIC))[..., None]


def without_head(photos: list[MarkedPhoto], rng: Generator) -> MarkedPhoto:
    """Return a drawn picture without a head, a third of them in the colour of somebody's skin."""
    colour = rng.uniform(0.1, 0.95) * np.exp(rng.normal(0, [0.25, 0.1, 0.3]))
    person = photos[rng.integers(len(photos))]
    skin = person.shares[..., SKIN] > 0.5
    if rng.random() < 0.33 and skin.any():
        colour = np.median(person.rgb8[skin], axis=0) / 255
    rgb8 = not_a_head(np.clip(colour, 0, 1), rng)
    shares = np.zeros((*rgb8.shape[:2], 4), np.float32)
    shares[..., BACKGROUND] = 1
    return MarkedPhoto(subject=person.subject, view=View.TOP, rgb8=rgb8, shares=shares)


def views(photos: list[MarkedPhoto], rng: Generator) -> Iterator[Shown]:
    """Yield the photo, features and class shares on the coarse grid of each photo as it is and varied."""
    real = [photo for photo in photos if not photo.subject.startswith(DRAWN)]
    empty = [without_head(real, rng) for _ in range(round(NO_HEAD_SHARE * len(real) * VIEWS_A_PHOTO))]
    for photo in (*photos, *empty):
        shown = VIEWS_OF_DRAWN if photo.subject.startswith(DRAWN) else VIEWS_A_PHOTO
        for number in range(shown if photo.shares[..., BACKGROUND].min() < 1 else 1):
            rgb8, shares = (photo.rgb8, photo.shares) if number == 0 else varied(photo, photos, rng)
            features = appearance_of(rgb8).features
            size = (features.shape[1], features.shape[0])
            known = cv2.resize((shares[..., 0] >= 0).astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.95
            coarse = cv2.resize(np.maximum(shares, 0), size, interpolation=cv2.INTER_AREA)
            coarse[~known] = UNKNOWN
            yield photo, features.astype(np.float16), coarse.astype(np.float16)


def sampled(features: Floats, shares: Floats, rng: Generator) -> tuple[Floats, Floats]:
    """Return some pixels, classes evenly mixed with their natural frequency."""
    flat, known = shares.reshape(-1, 4).astype(np.float32), np.flatnonzero(shares[..., 0].ravel() >= 0)
    frequency = np.bincount(flat[known].argmax(axis=1), minlength=4) + 1.0
    weight = frequency[flat[known].argmax(axis=1)] ** -0.5
    chosen = rng.choice(known, min(PIXELS_A_VIEW, len(known)), replace=False, p=weight / weight.sum())
    return features.reshape(-1, features.shape[2])[chosen].astype(np.float32), flat[chosen]


def trained(
    features: Floats,
    shares: Floats,
    hidden: tuple[int, ...],
    rng: Generator,
    *,
    importance: Floats | float = 1.0,
    epochs: int = EPOCHS,
    decay: float = DECAY,
) -> Round:
    """Return a network fitted by Adam to class shares (cross entropy), with small weight decay."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    values = np.clip((features - mean) / scale, -4, 4).astype(np.float32)
    sizes = (values.shape[1], *hidden, shares.shape[1])
    weight_of = np.broadcast_to(np.asarray(importance, np.float32), len(values))
    weights = [rng.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32) for a, b in pairwise(sizes)]
    biases = [np.zeros(b, np.float32) for b in sizes[1:]]
    moments = [[np.zeros_like(p), np.zeros_like(p)] for p in (*weights, *biases)]
    batch, step = 512, 0
    steps = epochs * (len(values) // batch)
    for _ in range(epochs):
        order = rng.permutation(len(values))
        for start in range(0, len(values) - batch + 1, batch):
            rows = order[start : start + batch]
            layers = [values[rows]]
            for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
                layers.append(np.maximum(layers[-1] @ weight + bias, 0))
            scores = layers[-1] @ weights[-1] + biases[-1]
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            error = (odds / odds.sum(axis=1, keepdims=True) - shares[rows]) * weight_of[rows, None] / batch
            slopes_w, slopes_b = [], []
            for k in reversed(range(len(weights))):
                slopes_w.insert(0, layers[k].T @ error + decay * weights[k])
                slopes_b.insert(0, error.sum(axis=0))
                if k:
                    error = (error @ weights[k].T) * (layers[k] > 0)
            step += 1
            rate = 3e-3 * 0.5 * (1 + np.cos(np.pi * step / steps))
            for value, slope, moment in zip((*weights, *biases), (*slopes_w, *slopes_b), moments, strict=True):
                moment[0] = 0.9 * moment[0] + 0.1 * slope
                moment[1] = 0.999 * moment[1] + 0.001 * slope**2
                first, second = moment[0] / (1 - 0.9**step), moment[1] / (1 - 0.999**step)
                np.subtract(value, rate * first / (np.sqrt(second) + 1e-8), out=value, casting="same_kind")
    return Round(mean=mean, scale=scale, weights=tuple(weights), biases=tuple(biases))


def stored(name: str, network: Round) -> dict[str, NDArray]:
    """Return a network as arrays to save."""
    arrays: dict[str, NDArray] = {f"{name}_mean": network.mean, f"{name}_scale": network.scale}
    arrays[f"{name}_layers"] = np.array(len(network.weights))
    for k, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays[f"{name}_weight_{k}"], arrays[f"{name}_bias_{k}"] = weight, bias
    return arrays


def fitted(shown: list[Shown], sample_of: list[tuple[Floats, Floats]], rng: Generator) -> tuple[Round, Round]:
    """Return both rounds; the second learns from what a first round says of heads that it has not seen."""
    subjects = sorted({photo.subject for photo, _, _ in shown})
    fold_of = {subject: k % FOLDS for k, subject in enumerate(subjects)}
    first = trained(*joined(sample_of), HIDDEN[0], rng)
    second_samples = []
    for fold in range(FOLDS):
        rest = [k for k, (photo, _, _) in enumerate(shown) if fold_of[photo.subject] != fold]
        unseen_by = trained(*joined([sample_of[k] for k in rest]), HIDDEN[0], rng)
        for photo, stack, truth in shown:
            if fold_of[photo.subject] == fold:
                full = stack.astype(np.float32)
                view = photo.view if rng.random() < VIEW_KNOWN_SHARE else None
                second_samples.append(sampled(with_context(full, unseen_by.probabilities(full), view), truth, rng))
    return first, trained(*joined(second_samples), HIDDEN[1], rng)


def member(seed: int, task: tuple[str, int]) -> dict[str, Round]:
    """Return both rounds of one member, trained on a share of the views of some halves, drawn by lot."""
    cv2.setNumThreads(1)
    halves, number = task
    rng = np.random.default_rng([seed, number, *map(ord, halves)])
    used = [one for one in SHOWN if set(halves_of(one[0].subject)) & set(halves) and rng.random() < VIEWS_A_MEMBER]
    first, second = fitted(used, [sampled(features, shares, rng) for _, features, shares in used], rng)
    return {"first": first, "second": second}


def joined(samples: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Return features and shares of all samples in two arrays."""
    features, shares = zip(*samples, strict=True)
    return np.concatenate(features), np.concatenate(shares)


def main() -> int:
    """Train and write the models."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--halves", type=Path, help="folder for the models of one half of the heads each")
    parser.add_argument("--heads", type=int, default=DRAWN_HEADS, help="how many heads to draw")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(chosen.seed)
    marks = tomllib.loads((HERE / "head_marks.toml").read_text(encoding="utf-8"))["photo"]
    photos = [marked_photo(mark, SHARED / "data" / "heads" / "photos") for mark in marks]
    with ProcessPoolExecutor(2) as pool:
        photos += pool.map(drawn_photo, (n for n in range(chosen.heads) if n % HELD_OUT_EVERY))
    SHOWN.extend(views(photos, rng))
    targets = {chosen.out: "AB"}
    if chosen.halves:
        targets |= {chosen.halves / f"{half}.npz": half for half in "AB"}
    tasks = list(product(targets.values(), range(MEMBERS)))
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:  # the views are shared, not sent
        rounds = dict(zip(tasks, pool.map(partial(member, chosen.seed), tasks), strict=True))
    for path, halves in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays = [stored(f"{name}{k}", one) for k in range(MEMBERS) for name, one in rounds[halves, k].items()]
        np.savez_compressed(path, **{key: value for part in arrays for key, value in part.items()})
        print(f"{path}: {MEMBERS} members on {COARSE_LONG_SIDE_PX} px", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
