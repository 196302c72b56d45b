#!/usr/bin/env python3
"""Train the network that tells which share of the scalp hair hides, on drawn heads and on hand-drawn areas.

    python validation/train_pixel_classes.py --out /tmp/halves/all.npz --halves /tmp/halves
    python validation/train_hair_cover.py --halves /tmp/halves --out models/segment/hair_cover.npz

Copy `/tmp/halves/all.npz` to `models/segment/pixel_classes.npz` in between: drawn heads are read by the shipped one.
Drawn heads (`drawn_heads.py`) have an exact cover; areas that a person drew on licensed photos (`head_marks.toml`) keep
the network true to real skin and light. Every fourth drawn head is never trained on: the script reports on those. The
classes of each licensed photo come from the classifier of the other half, as for a person whom it has never seen. Also
written: cover_A.npz and cover_B.npz in the folder of the halves, each trained on the licensed photos of one half only,
to be scored on the other by `score_segmentation.py`.
"""
# ruff: noqa: PLR2004 each chance and size of the varied views stands where it is used, once

import argparse
import os
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray

from drawn_heads import drawn_head
from hairtrack.segment.appearance import appearance_of
from hairtrack.segment.classifier import HAIR, SCALP, Round, read_classifier, shipped_classifier
from hairtrack.segment.cover import HIDDEN, cover_features
from train_pixel_classes import (
    DRAWN_HEADS,
    HELD_OUT_EVERY,
    HERE,
    SHARED,
    MarkedPhoto,
    half_of,
    marked_photo,
    stored,
    trained,
    uneven_light,
    varied,
)

FIRST_HEAD = DRAWN_HEADS
"""The heads before this number have trained the classifier, whose classes would be too good on them."""

HEADS = 400
VIEWS_OF_DRAWN, VIEWS_OF_REAL = 2, 5
PLACES_A_VIEW = 500
HIDDEN_LAYERS = (32, 16)
EPOCHS = 4
DECAY = 1e-3
"""Chosen among six sizes, decays and lengths on every fourth drawn head and the other half of the licensed photos."""

REAL_SHARE = 1 / 3
"""Of the weight in training: with none of it real heads are off by 0.16 instead of 0.11, with all of it drawn ones by
0.20 instead of 0.14."""

LEAST_PLACES = 15
NOTHING = slice(0, 0)
ALONG, CLASS_HAIR = 27, 32 + HAIR
GROUPS = {
    "light against bare skin": slice(0, 9),
    "grain": slice(9, 21),
    "darkest and brightest spots": slice(21, 27),
    "place between skin and hair": slice(27, 32),
    "classes": slice(32, 42),
    "edges": slice(42, 44),
}
"""Features of `hairtrack.segment.cover.cover_features` by what they tell."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """Places of one view of one photo: whose it is, features (N, F), true cover (N,), and the region of each place."""

    number: int
    features: NDArray[np.float16]
    cover: Floats
    region: NDArray[np.int8]
    hair_to_skin: float = 0.0
    half: str = ""


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
    if rng.random() < 0.4:
        _, coded = cv2.imencode(".jpg", toned, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 92))])
        toned = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    return toned


def sampled_drawn(number: int) -> list[Sampled]:
    """Return places of the views of one drawn head."""
    cv2.setNumThreads(1)
    drawn = drawn_head(number)
    truth = drawn.photo.truth
    views = []
    for view in range(VIEWS_OF_DRAWN):
        rng = np.random.default_rng([number, view])
        rgb8 = drawn.photo.rgb8 if view == 0 else in_other_tone(drawn.photo.rgb8, rng)
        features = cover_features(rgb8, shipped_classifier().classify(appearance_of(rgb8).features, None))
        size = (features.shape[1], features.shape[0])
        cover = cv2.resize(truth.opacity, size, interpolation=cv2.INTER_AREA)
        whole = cv2.resize((truth.region_index >= 0).astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.95
        region = cv2.resize(truth.region_index, size, interpolation=cv2.INTER_NEAREST)
        chosen = _chosen(whole, rng)
        views.append(
            Sampled(
                number=number,
                features=features.reshape(-1, features.shape[2])[chosen].astype(np.float16),
                cover=cover.ravel()[chosen].astype(np.float32),
                region=region.ravel()[chosen],
                hair_to_skin=drawn.hair_to_skin,
            )
        )
    return views


@cache
def marked_photos() -> list[MarkedPhoto]:
    """Return the licensed photos with their hand-drawn areas."""
    marks = tomllib.loads((HERE / "head_marks.toml").read_text(encoding="utf-8"))["photo"]
    return [marked_photo(mark, SHARED / "data" / "heads" / "photos") for mark in marks]


def sampled_real(number: int, halves: Path) -> list[Sampled]:
    """Return places of the views of one licensed photo, in classes of the classifier that has not seen it."""
    photos = marked_photos()
    photo = photos[number]
    half = half_of(photo.subject)
    classifier = read_classifier(halves / f"{'B' if half == 'A' else 'A'}.npz")
    views = []
    for view in range(VIEWS_OF_REAL):
        rng = np.random.default_rng([number, view, 3])
        rgb8, shares = (photo.rgb8, photo.shares) if view == 0 else varied(photo, photos, rng)
        features = cover_features(rgb8, classifier.classify(appearance_of(rgb8).features, None))
        size = (features.shape[1], features.shape[0])
        marked = (shares[..., 0] >= 0) & (shares[..., SCALP] + shares[..., HAIR] > 0.5)
        whole = cv2.resize(marked.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.95
        cover = cv2.resize(np.maximum(shares[..., HAIR], 0), size, interpolation=cv2.INTER_AREA)
        chosen = _chosen(whole, rng)
        views.append(
            Sampled(
                number=number,
                features=features.reshape(-1, features.shape[2])[chosen].astype(np.float16),
                cover=cover.ravel()[chosen].astype(np.float32),
                region=np.zeros(len(chosen), np.int8),
                half=half,
            )
        )
    return views


def _chosen(whole: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    places = np.flatnonzero(whole)
    return rng.choice(places, min(PLACES_A_VIEW, len(places)), replace=False)


def fitted(drawn: list[Sampled], real: list[Sampled], seed: int, *, without: slice = NOTHING) -> Round:
    """Return a network fitted to both, real places weighing `REAL_SHARE` of all; `without` some of the features."""
    features = np.concatenate([one.features for one in (*drawn, *real)]).astype(np.float32)
    features[:, without] = 0
    cover = np.concatenate([one.cover for one in (*drawn, *real)])
    count = sum(len(one.cover) for one in drawn)
    importance = np.ones(len(cover), np.float32)
    if drawn and real:
        importance[count:] = REAL_SHARE / (1 - REAL_SHARE) * count / (len(cover) - count)
    shares = np.stack([1 - cover, cover], axis=1)
    return trained(
        features,
        shares,
        HIDDEN_LAYERS,
        np.random.default_rng(seed),
        importance=importance,
        epochs=EPOCHS,
        decay=DECAY,
    )


def regions_of(network: Round, held_out: list[Sampled], *, without: slice = NOTHING) -> NDArray[np.float64]:
    """Return hair's light against skin's, true cover and found cover of each region of drawn heads, (N, 3)."""
    rows = []
    for one in held_out:
        features = one.features.astype(np.float32)
        features[:, without] = 0
        read = network.probabilities(features)[..., HIDDEN]
        for region in np.unique(one.region):
            here = one.region == region
            if here.sum() >= LEAST_PLACES:
                rows.append((one.hair_to_skin, one.cover[here].mean(), read[here].mean()))
    return np.array(rows)


def tell_drawn(network: Round, held_out: list[Sampled]) -> None:
    """Print errors of the regions of drawn heads that the network has never seen, by how light hair is against skin."""
    contrast, truth, found = regions_of(network, held_out).T
    print("drawn heads held out: hair's light / skin's light, regions, bias, mean absolute error, 95 % within, slope")
    for low, high in ((0, 0.15), (0.15, 0.35), (0.35, 0.65), (0.65, 1.1), (1.1, 99), (0, 99)):
        part = (contrast >= low) & (contrast < high)
        off = found[part] - truth[part]
        slope = np.polyfit(truth[part], found[part], 1)[0]
        print(
            f"  {low:5.2f} to {high:5.2f}  {part.sum():4d}  {off.mean():+.3f}  {np.abs(off).mean():.3f}"
            f"  {np.quantile(np.abs(off), 0.95):.3f}  {slope:.2f}"
        )


def tell_ablation(seen: list[Sampled], held_out: list[Sampled], real: list[Sampled], seed: int) -> None:
    """Print mean absolute errors of networks that lack one group of features or of heads, on what each has not seen."""
    print("ablation: mean absolute error of drawn regions held out, of licensed photos of the half not seen")
    trials = [
        ("nothing left out", seen, NOTHING),
        ("no drawn heads", [], NOTHING),
        ("no licensed photos", seen, NOTHING),
    ]
    trials += [(f"without {name}", seen, group) for name, group in GROUPS.items()]
    for name, drawn, without in trials:
        off_drawn, off_real = [], []
        for half in "AB":
            marked = [one for one in real if one.half == half]
            network = fitted(drawn, [] if name == "no licensed photos" else marked, seed, without=without)
            _, truth, found = regions_of(network, held_out, without=without).T
            off_drawn.append(np.abs(found - truth).mean())
            off_real.append(np.abs(licensed(network, [o for o in real if o.half != half], without=without)).mean())
        print(f"  {name:36s} {np.mean(off_drawn):.3f}  {np.mean(off_real):.3f}", flush=True)
    for name, column in (("light between skin and hair alone", ALONG), ("class hair alone", CLASS_HAIR)):
        off = [
            np.clip(one.features[here, column].astype(np.float32), 0, 1).mean() - one.cover[here].mean()
            for one in held_out
            for here in (one.region == region for region in np.unique(one.region))
            if here.sum() >= LEAST_PLACES
        ]
        print(f"  {name:36s} {np.abs(off).mean():.3f}")


def licensed(network: Round, others: list[Sampled], *, without: slice = NOTHING) -> NDArray[np.float64]:
    """Return what is found less what was drawn of each view of licensed photos."""
    off = []
    for one in others:
        if len(one.cover) >= LEAST_PLACES:
            features = one.features.astype(np.float32)
            features[:, without] = 0
            off.append(network.probabilities(features)[..., HIDDEN].mean() - one.cover.mean())
    return np.array(off)


def tell_real(network: Round, others: list[Sampled], name: str) -> None:
    """Print errors on the licensed photos of the half that the network has not seen."""
    off = licensed(network, others)
    drawn = np.array([one.cover.mean() for one in others if len(one.cover) >= LEAST_PLACES])
    print(
        f"licensed photos of the half not seen by {name}, {len(off)} views: bias {off.mean():+.3f}, mean absolute"
        f" {np.abs(off).mean():.3f}, correlation {np.corrcoef(off + drawn, drawn)[0, 1]:.3f}"
    )


def main() -> int:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--halves", type=Path, required=True, help="folder with A.npz and B.npz")
    parser.add_argument("--heads", type=int, default=HEADS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    with ProcessPoolExecutor(2) as pool:
        drawn = [
            one for views in pool.map(sampled_drawn, range(FIRST_HEAD, FIRST_HEAD + chosen.heads)) for one in views
        ]
        count = len(marked_photos())
        real = [one for views in pool.map(sampled_real, range(count), repeat(chosen.halves, count)) for one in views]
    seen = [one for one in drawn if one.number % HELD_OUT_EVERY]
    held_out = [one for one in drawn if one.number % HELD_OUT_EVERY == 0]
    for path, halves in {
        chosen.out: "AB",
        chosen.halves / "cover_A.npz": "A",
        chosen.halves / "cover_B.npz": "B",
    }.items():
        network = fitted(seen, [one for one in real if one.half in halves], chosen.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **stored("cover", network))
        if path == chosen.out:
            tell_drawn(network, held_out)
        else:
            tell_real(network, [one for one in real if one.half not in halves], path.stem)
    tell_ablation(seen, held_out, real, chosen.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
