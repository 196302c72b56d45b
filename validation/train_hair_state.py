"""Trains what tells the state of hair, and prints how well it does on heads that it never saw.

    python validation/train_hair_state.py --described FOLDER --heads 60 --write | tee validation/results/hair_state.txt

Drawn people (`drawn_states.py`) and real heads (CC BY 4.0, with pigment and fibres painted on by `concealed_heads.py`)
are cut in halves. Each half is read by networks that were fitted, limits and all, on the other one; the shipped ones
are fitted on both. Descriptions of photos are kept in FOLDER, so that a run cut short goes on.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from concealed_heads import painted
from drawn_states import (
    AS_IT_WAS,
    CUT,
    DYED,
    FIBRES,
    FIRST,
    GROWN,
    LOST,
    PIGMENTATION,
    REGIONS,
    WET,
    drawn_states,
    person_of,
)
from hairtrack.course.change import error_between_photos, smallest_detectable_change
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.measure.coverage import measure_coverage
from hairtrack.measure.settings import MeasureSettings
from hairtrack.model import Measured, RegionName, View
from hairtrack.segment.classifier import Round
from hairtrack.segment.hair import HairFinding, find_hair
from hairtrack.segment.hair_state import ALONE, ALONE_WITH_CHANGE, FEATURES, LIMITS, StateChange, Tiles, describe_tiles
from hairtrack.segment.head import HeadFinding, find_head
from hairtrack.segment.settings import SegmentSettings
from hairtrack.synth.concealer import ConcealerKind
from hairtrack.synth.photo import REGION_NAMES, RenderedPhoto

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PHOTOS = SHARED / "data" / "heads" / "photos"
MODEL = Path(__file__).resolve().parents[1] / "models" / "segment" / "hair_state.npz"
VIEWS = {"Top-Down": View.TOP, "Back": View.BACK}
LIKE = (FIRST, AS_IT_WAS, LOST, GROWN)
CONCEALED = (PIGMENTATION, FIBRES)
OTHER_STATES = {StateChange.WET: WET, StateChange.CUT: CUT, StateChange.DYED: DYED}
LEAST_TILES = 3
MOSTLY, HARDLY = 0.6, 0.02
LEAST_PAINTED_FRACTION = 0.05
SHRINKAGE = 0.03
MOST_FALSE = {StateChange.CONCEALED: 0.02, StateChange.WET: 0.01, StateChange.CUT: 0.01, StateChange.DYED: 0.01}
"""Share of the tuning half's heads in no such state that may be told to be in it."""

Floats = NDArray[np.float64]


def look(rgb8: Rgb8Image, view: View) -> tuple[HeadFinding, HairFinding, Tiles] | None:
    """Return what the program finds on a photo, or None when it finds no head."""
    head = find_head(rgb8, view=view)
    if head.refused is not None:
        return None
    hair = find_hair(rgb8, head.mask, settings=SegmentSettings(), places=head.places)
    return head, hair, describe_tiles(rgb8, head.mask, hair.opacity, hair.excluded)


def share_in(mask: Mask, tiles: Tiles) -> Floats:
    """Return the share of each tile that lies in a mask."""
    side = tiles.side_px
    return np.array([mask[int(y) : int(y + side), int(x) : int(x + side)].mean() for x, y in tiles.corners_xy])


def described_person(number: int) -> dict[str, NDArray[np.generic]]:
    """Return every photo of a drawn person described, and coverage of its regions: true, measured, error."""
    found: dict[str, NDArray[np.generic]] = {}
    for state, photo in drawn_states(person_of(number)):
        seen = look(photo.rgb8, View.TOP)
        if seen is None:
            continue
        head, hair, tiles = seen
        found[f"{state}/X"] = tiles.features
        found[f"{state}/put"] = share_in(_concealed_area(photo), tiles)
        outlines = [photo.truth.outline_of(region) for region in REGIONS]
        masks = [np.zeros_like(head.mask) if o is None else inside_of(o, head.mask.shape) for o in outlines]
        found[f"{state}/region"] = np.array([share_in(mask, tiles) for mask in masks])
        found[f"{state}/coverage"] = np.array([_coverage(photo, head, hair, mask) for mask in masks])
    return found


def _concealed_area(photo: RenderedPhoto) -> Mask:
    names = [REGION_NAMES.index(region) for region in (RegionName.FRONTAL_HAIRLINE, *REGIONS)]
    return np.isin(photo.truth.region_index, names) & (photo.truth.opacity < 0.8)  # noqa: PLR2004 hair hides the rest


def _coverage(photo: RenderedPhoto, head: HeadFinding, hair: HairFinding, mask: Mask) -> tuple[float, float, float]:
    cover = measure_coverage(
        hair.opacity, mask, head_mask=head.mask, excluded=hair.excluded, doubt=hair.doubt,
        settings=MeasureSettings(),
    )  # fmt: skip
    truth = float(photo.truth.opacity[mask].mean()) if mask.any() else np.nan
    return (truth, cover.value, error_between_photos(cover)) if isinstance(cover, Measured) else (truth, np.nan, np.nan)


def described_head(file: Path, index: int) -> dict[str, NDArray[np.generic]]:
    """Return a real head described as it is, and with pigment and fibres painted on."""
    rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(file)), cv2.COLOR_BGR2RGB), np.uint8)
    view = next(view for name, view in VIEWS.items() if file.stem.endswith(name))
    seen = look(rgb8, view)
    if seen is None:
        return {}
    head, hair, tiles = seen
    found: dict[str, NDArray[np.generic]] = {"clean/X": tiles.features}
    for number, kind in enumerate(ConcealerKind):
        picture, where = painted(rgb8, head.mask, hair.opacity, kind, rng=np.random.default_rng([index, number]))
        again = look(picture, view)
        if again is not None and where.sum() >= LEAST_PAINTED_FRACTION * head.mask.sum():
            found |= {f"{kind.value}/X": again[2].features, f"{kind.value}/put": share_in(where, again[2])}
            found[f"{kind.value}/before"] = share_in(where, tiles)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Descriptions with answers: (N, F), (N,) of 0 or 1, (N,) weights."""

    features: Floats
    answers: Floats
    weights: Floats


def joined(parts: list[tuple[Floats, Floats, float]]) -> Examples:
    """Return examples of parts (features, answers, weight of each)."""
    return Examples(
        features=np.concatenate([p[0] for p in parts]),
        answers=np.concatenate([p[1] for p in parts]),
        weights=np.concatenate([np.full(len(p[1]), p[2]) for p in parts]),
    )


def trained(examples: Examples, *, hidden: int, decay: float, epochs: int) -> Round:
    """Return a network of one hidden layer, fitted by Adam (Kingma & Ba 2015): same examples, same bytes."""
    rng = np.random.default_rng(1)
    mean, scale = examples.features.mean(axis=0), examples.features.std(axis=0) + 1e-6
    values = np.clip((examples.features - mean) / scale, -4, 4)
    wanted = np.eye(2)[examples.answers.astype(int)]
    sizes = (values.shape[1], hidden, 2)
    layers = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in pairwise(sizes)]
    layers += [np.zeros(b) for b in sizes[1:]]
    first, second, step = [np.zeros_like(p) for p in layers], [np.zeros_like(p) for p in layers], 0
    for epoch in range(epochs):
        order = rng.permutation(len(values))
        for start in range(0, len(order), 256):
            chosen = order[start : start + 256]
            inner = np.maximum(values[chosen] @ layers[0] + layers[2], 0)
            scores = inner @ layers[1] + layers[3]
            odds = np.exp(scores - scores.max(axis=1, keepdims=True))
            weight = examples.weights[chosen, None] / examples.weights[chosen].sum()
            outer = (odds / odds.sum(axis=1, keepdims=True) - wanted[chosen]) * weight
            back = (outer @ layers[1].T) * (inner > 0)
            slopes = [values[chosen].T @ back + decay * layers[0], inner.T @ outer + decay * layers[1]]
            slopes += [back.sum(axis=0), outer.sum(axis=0)]
            step += 1
            for k, slope in enumerate(slopes):
                first[k] = 0.9 * first[k] + 0.1 * slope
                second[k] = 0.999 * second[k] + 0.001 * slope**2
                moved = first[k] / (1 - 0.9**step) / (np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8)
                layers[k] = layers[k] - 2e-3 * (1 - epoch / epochs) * moved
    weights = tuple(layer.astype(np.float32) for layer in layers)
    return Round(mean=mean.astype(np.float32), scale=scale.astype(np.float32), weights=weights[:2], biases=weights[2:])


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn person of a number, described."""

    number: int
    photos: dict[str, NDArray[np.generic]]

    def tiles(self, state: str) -> Floats | None:
        """Return the tiles of a state, (N, F), or None when its photo showed no head."""
        return None if f"{state}/X" not in self.photos else np.asarray(self.photos[f"{state}/X"], float)[:, :FEATURES]

    def of_region(self, state: str, region: int) -> Floats | None:
        """Return the tiles of a region, or None when too few lie in it."""
        tiles = self.tiles(state)
        if tiles is None:
            return None
        inside = self.photos[f"{state}/region"][region] > MOSTLY
        return tiles[inside] if inside.sum() >= LEAST_TILES else None

    @property
    def states(self) -> list[str]:
        """Return the states that were read."""
        return [key[:-2] for key in self.photos if key.endswith("/X")]


Question = tuple[Floats, bool, str]
"""A difference of two photos, whether the state lies between them, and what the second is."""


def region_questions(person: Drawn) -> Iterator[Question]:
    """Yield, region by region, what each state changes on the photos of a person as it is."""
    for before in (FIRST, AS_IT_WAS):
        for after in person.states:
            for region in range(len(REGIONS)):
                one, other = person.of_region(before, region), person.of_region(after, region)
                if after != before and one is not None and other is not None:
                    yield other.mean(axis=0) - one.mean(axis=0), after in CONCEALED, after


def photo_questions(person: Drawn, state: str) -> Iterator[Question]:
    """Yield what each state but concealers changes on the whole head."""
    for before in LIKE:
        for after in (*LIKE, *OTHER_STATES.values()):
            one, other = person.tiles(before), person.tiles(after)
            if after != before and one is not None and other is not None:
                yield other.mean(axis=0) - one.mean(axis=0), after == state, after


def questions(people: list[Drawn], change: StateChange) -> list[Question]:
    """Return the questions of a state over people."""
    if change is StateChange.CONCEALED:
        return [question for person in people for question in region_questions(person)]
    return [question for person in people for question in photo_questions(person, OTHER_STATES[change])]


def probability(network: Round, features: Floats) -> Floats:
    """Return the probability of the state for (N, F) features."""
    return np.asarray(network.probabilities(features.astype(np.float32))[..., 1], float)


def alone_examples(people: list[Drawn], heads: dict[str, dict[str, NDArray[np.generic]]]) -> Examples:
    """Return tiles with and without concealers, drawn and real."""
    parts: list[tuple[Floats, Floats, float]] = []
    for person in people:
        for state in person.states:
            tiles = person.tiles(state)
            if tiles is not None:
                parts += _tile_examples(tiles, person.photos[f"{state}/put"] if state in CONCEALED else None, 0.35)
    for photos in heads.values():
        for kind in ("clean", *CONCEALED):
            if f"{kind}/X" in photos:
                tiles = np.asarray(photos[f"{kind}/X"], float)[:, :FEATURES]
                parts += _tile_examples(tiles, photos.get(f"{kind}/put"), 3.0)
    return joined([part for part in parts if len(part[1])])


def _tile_examples(tiles: Floats, put: NDArray[np.generic] | None, weight: float) -> list[tuple[Floats, Floats, float]]:
    if put is None:
        return [(tiles, np.zeros(len(tiles)), weight)]
    yes, no = tiles[put > MOSTLY], tiles[put < HARDLY]
    return [(yes, np.ones(len(yes)), 2.0), (no, np.zeros(len(no)), 2.0)]


def alone_scores(
    network: Round, people: list[Drawn], heads: dict[str, dict[str, NDArray[np.generic]]]
) -> list[tuple[str, float]]:
    """Return for each region of a drawn person, and each real head, what it is and its mean probability."""
    scores = []
    for person in people:
        for state in person.states:
            for region in range(len(REGIONS)):
                tiles = person.of_region(state, region)
                if tiles is not None:
                    scores.append((f"drawn, {state}", float(probability(network, tiles).mean())))
    for photos in heads.values():
        for kind in ("clean", *CONCEALED):
            if f"{kind}/X" not in photos or not len(photos[f"{kind}/X"]):
                continue
            told = probability(network, np.asarray(photos[f"{kind}/X"], float)[:, :FEATURES])
            chosen = told if kind == "clean" else told[photos[f"{kind}/put"] > MOSTLY]
            if len(chosen) >= LEAST_TILES:
                scores.append((f"real, {kind}", float(chosen.mean())))
    return scores


def discriminant(asked: list[Question]) -> Round:
    """Return Fisher's linear discriminant of a state against photos that are alike in it, as a network of one layer.

    Differences of like photos have no direction, so their spread is taken about zero; both spreads count half.
    """
    differences, yes = np.array([d for d, _, _ in asked]), np.array([y for _, y, _ in asked])
    like = np.array([name in LIKE for _, _, name in asked])
    scale = differences[like].std(axis=0) + 1e-6
    values = np.clip(differences / scale, -4, 4)
    middle = values[yes].mean(axis=0)
    around = values[yes] - middle
    spread = 0.5 * (values[like].T @ values[like] / like.sum() + around.T @ around / yes.sum())
    weights = np.linalg.solve(spread + SHRINKAGE * np.eye(FEATURES), middle)
    return Round(
        mean=np.zeros(FEATURES, np.float32),
        scale=scale.astype(np.float32),
        weights=(np.c_[np.zeros(FEATURES), weights].astype(np.float32),),
        biases=(np.zeros(2, np.float32),),
    )


def with_limit(network: Round, clean: Floats, most_false: float) -> Round:
    """Return the network shifted so that an even probability is what no more than a share of clean examples reaches."""
    odds = np.quantile(np.log(clean / (1 - clean + 1e-9) + 1e-9), 1 - most_false)
    last = network.biases[-1] - np.array([0.0, odds], np.float32)
    return replace(network, biases=(*network.biases[:-1], last.astype(np.float32)))


def fit(people: list[Drawn], heads: dict[str, dict[str, NDArray[np.generic]]]) -> dict[str, Round]:
    """Return the networks, fitted on people and heads of the tuning half, their limits set there too."""
    networks = {ALONE: trained(alone_examples(people, heads), hidden=12, decay=1e-2, epochs=40)}
    for change in StateChange:
        asked = questions(people, change)
        if change is StateChange.DYED:  # hair may turn lighter or darker: no line tells both
            parts = [(d[None], np.array([float(yes)]), 4.0 if yes else 1.0) for d, yes, _ in asked]
            network = trained(joined(parts), hidden=10, decay=1e-2, epochs=120)
        else:
            network = discriminant(asked)
        like = np.array([difference for difference, _, name in asked if name in LIKE])
        networks[change.value] = with_limit(network, probability(network, like), MOST_FALSE[change])
    return networks


def print_alone(scores: list[tuple[str, float]], limit: float) -> None:
    """Print how often scalp is told to be concealed from one photo."""
    print(f"\none photo alone, told concealed from {limit:.2f}")
    for kind in dict.fromkeys(name for name, _ in scores):
        values = np.array([value for name, value in scores if name == kind])
        print(f"{kind:22s} {len(values):4d}: {np.mean(values > limit):6.1%} told")


def print_change(change: StateChange, network: Round, limit: float, asked: list[Question]) -> None:
    """Print how often a state is told between two photos, by what the second photo is."""
    print(f"\n{change.value}, between two photos, told from {limit:.2f}")
    told = probability(network, np.array([difference for difference, _, _ in asked])) > limit
    for after in dict.fromkeys(after for _, _, after in asked):
        chosen = np.array([name == after for _, _, name in asked])
        print(f"{after:14s} {chosen.sum():4d}: {told[chosen].mean():6.1%} told")


def told_between(person: Drawn, after: str, region: int, networks: dict[str, Round]) -> set[StateChange]:
    """Return what keeps a region from comparison with the first photo, as `hairtrack.pipeline.hair_states` tells."""
    one, other = person.of_region(FIRST, region), person.of_region(after, region)
    whole, later = person.tiles(FIRST), person.tiles(after)
    if one is None or other is None or whole is None or later is None:
        return set()
    steps = {change: later.mean(axis=0) - whole.mean(axis=0) for change in OTHER_STATES}
    steps[StateChange.CONCEALED] = other.mean(axis=0) - one.mean(axis=0)
    told = {
        change
        for change, step in steps.items()
        if probability(networks[change.value], np.array([step, -step])).max() > LIMITS[change]
    }
    alone = max(probability(networks[ALONE], tiles).mean() for tiles in (one, other))
    if alone <= ALONE_WITH_CHANGE:
        told.discard(StateChange.CONCEALED)
    return told | {StateChange.CONCEALED} if alone > LIMITS[ALONE] else told


def print_claims(people: list[Drawn], networks: dict[str, Round]) -> None:
    """Print how often a change of coverage is claimed since the first photo, before and after withholding."""
    print("\nchanges of coverage since the first photo, by the error between photos")
    for after in (AS_IT_WAS, WET, CUT, DYED, LOST, GROWN, *CONCEALED):
        rows = []
        for person in people:
            if not {FIRST, after} <= set(person.states):
                continue
            for region in range(len(REGIONS)):
                first, second = (person.photos[f"{state}/coverage"][region] for state in (FIRST, after))
                if np.isnan([first[1], second[1]]).any():
                    continue
                rise = second[1] - first[1]
                claimed = abs(rise) > smallest_detectable_change(first[2], second[2])
                told = told_between(person, after, region, networks)
                left = claimed and not told
                rows.append((claimed, StateChange.CONCEALED in told, bool(told), left, left and rise > 0))
        if rows:
            claimed, concealed, withheld, left, growth = (float(v) for v in np.mean(rows, axis=0))
            print(
                f"{after:14s} {len(rows):4d} regions: claimed {claimed:6.1%}; told concealed {concealed:6.1%}; "
                f"withheld for any state {withheld:6.1%}; claimed and not withheld {left:6.1%}, "
                f"called growth {growth:6.1%}"
            )


def save(networks: dict[str, Round], path: Path) -> None:
    """Write networks in the form that `hairtrack.segment.classifier.read_round` reads."""
    stored: dict[str, NDArray[np.generic]] = {}
    for name, network in networks.items():
        stored |= {f"{name}_layers": np.array(len(network.weights)), f"{name}_mean": network.mean}
        stored[f"{name}_scale"] = network.scale
        for k, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
            stored |= {f"{name}_weight_{k}": weight, f"{name}_bias_{k}": bias}
    np.savez_compressed(path, **stored)


def describe(folder: Path, heads: int) -> None:
    """Describe what is not yet described."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(heads):
        place = folder / f"drawn_{number:03d}.npz"
        if not place.exists():
            np.savez_compressed(place, **described_person(number))
    for index, file in enumerate(sorted(PHOTOS.glob("*.jpg"))):
        place = folder / f"real_{file.stem}.npz"
        if file.stem.endswith(tuple(VIEWS)) and not place.exists():
            np.savez_compressed(place, **described_head(file, index))


def main() -> int:
    """Train, print, and write the model when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--described", type=Path, required=True)
    parser.add_argument("--heads", type=int, default=60)
    parser.add_argument("--as-described", action="store_true", help="use what FOLDER holds and describe nothing more")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    if not chosen.as_described:
        describe(chosen.described, chosen.heads)
    loaded = [(n, chosen.described / f"drawn_{n:03d}.npz") for n in range(chosen.heads)]
    people = [Drawn(number, dict(np.load(place))) for number, place in loaded if place.exists()]
    names = sorted({"-".join(file.name.split("-")[:2]) for file in PHOTOS.glob("*.jpg")})
    real = {p.stem[5:]: dict(np.load(p)) for p in sorted(chosen.described.glob("real_*.npz"))}
    halves = [
        (
            [p for p in people if p.number % 2 == h],
            {k: v for k, v in real.items() if names.index("-".join(k.split("-")[:2])) % 2 == h},
        )
        for h in (0, 1)
    ]
    print(f"validation/train_hair_state.py: {len(people)} drawn people, {len(real)} photos of real heads")
    for half, name in enumerate(
        ("even people, read by what odd ones trained", "odd people, read by what even ones trained")
    ):
        networks = fit(*halves[1 - half])
        own, heads = halves[half]
        print(f"\n== {name}")
        print_alone(alone_scores(networks[ALONE], own, heads), LIMITS[ALONE])
        for change in StateChange:
            print_change(change, networks[change.value], LIMITS[change], questions(own, change))
        print_claims(own, networks)
    if chosen.write:
        save(fit(people, real), MODEL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
