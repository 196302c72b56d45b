r"""Trains what tells the length class of hair on one photo, and prints how well it does on heads that it never saw.

    python validation/train_hair_length.py --described FOLDER --people PEOPLE --write | tee \
      validation/results/hair_length.txt

Drawn heads of `drawn_heads.py` (any view, cut, colour, lamp, camera and sharpness) are cut in halves by their number.
Each half is read by what the other one trained; what is shipped is trained on both. Descriptions of heads are kept in
FOLDER, so that a run cut short goes on. A class is wrong when the true length lies outside of it, far off when it lies
outside by more than a factor of 1.5. What it tells of two photos of one head is printed from the people that
`train_hair_state.py` described, when `--people` names their folder.
"""

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from drawn_heads import _colours, _course, drawn_head
from drawn_states import AS_IT_WAS, CUT, DYED, FIRST, GROWN, LOST, WET
from hairtrack.model import RegionName
from hairtrack.segment.classifier import Round
from hairtrack.segment.hair import find_hair
from hairtrack.segment.hair_length import CLASS_EDGES_MM, LEAST_SURE, NETWORK, LengthClass, class_told
from hairtrack.segment.hair_state import FEATURES, FEWEST_TILES, Tiles, describe_tiles
from hairtrack.segment.head import find_head
from hairtrack.segment.settings import SegmentSettings
from hairtrack.synth.history import FADE_FROM, FADE_OVER, Course
from hairtrack.synth.photo import REGION_NAMES
from hairtrack.synth.scalp import direction_of, in_region, on_scalp

MODEL = Path(__file__).resolve().parents[1] / "models" / "segment" / "hair_length.npz"
MOSTLY = 0.6
DECAY = 1e-3
FAR_OFF = 1.5
LIMITS = (0.6, 0.7, 0.8, 0.9)
MEAN_WEAR = 0.93
"""Hairs stand at 0.78 to 1.08 of the length to which they are cut."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """Regions of heads: number of the head (N,), true length in mm (N,), mean description of the tiles (N, F)."""

    head: NDArray[np.int64]
    length_mm: Floats
    features: Floats

    def only(self, which: NDArray[np.bool_]) -> "Regions":
        """Return some of them."""
        return Regions(head=self.head[which], length_mm=self.length_mm[which], features=self.features[which])

    @property
    def classes(self) -> NDArray[np.int64]:
        """The true class of each, (N,)."""
        return np.digitize(self.length_mm, CLASS_EDGES_MM)


def share_in(mask: NDArray[np.bool_], tiles: Tiles) -> Floats:
    """Return the share of each tile that lies in a mask."""
    side = tiles.side_px
    return np.array([mask[int(y) : int(y + side), int(x) : int(x + side)].mean() for x, y in tiles.corners_xy])


def describe(number: int, place: Path) -> None:
    """Keep the length of a drawn head and, where a head is found on its photo, its tiles."""
    rng = np.random.default_rng([77, number])
    _colours(rng)
    length_mm = _course(rng).length_mm
    drawn = drawn_head(number)
    head = find_head(drawn.photo.rgb8, view=drawn.view)
    if head.refused is not None:
        np.savez(place, length=length_mm)
        return
    hair = find_hair(drawn.photo.rgb8, head.mask, settings=SegmentSettings(), places=head.places)
    tiles = describe_tiles(drawn.photo.rgb8, head.mask, hair.opacity, hair.excluded)
    index = drawn.photo.truth.region_index
    inside = np.array([share_in(index == k, tiles) for k in range(len(REGION_NAMES))])
    np.savez(place, length=length_mm, X=tiles.features, reg=inside)


def regions_of(folder: Path, heads: int) -> Regions:
    """Return all regions of which enough is seen; hair above ears and nape is cut shorter, as `hair_on` cuts it."""
    faded = {name: _mean_share_of_length(name) for name in REGION_NAMES}
    found: list[tuple[int, float, Floats]] = []
    for number in range(heads):
        place = folder / f"{number}.npz"
        if not place.exists():
            describe(number, place)
        with np.load(place) as described:
            if "X" not in described:
                continue
            for name, inside in zip(REGION_NAMES, described["reg"] > MOSTLY, strict=True):
                if inside.sum() >= FEWEST_TILES:
                    length_mm = float(described["length"]) * faded[name]
                    found.append((number, length_mm, described["X"][inside].mean(axis=0)))
    numbers, lengths, features = zip(*found, strict=True)
    return Regions(head=np.array(numbers), length_mm=np.array(lengths), features=np.array(features, float))


def _mean_share_of_length(name: RegionName) -> float:
    points = on_scalp(np.random.default_rng(0), 20000)
    height = direction_of(points[in_region(name, points)])[:, 2]
    faded = 1 - Course().faded * np.clip((FADE_FROM - height) / FADE_OVER, 0, 1)
    return MEAN_WEAR * float(np.exp(np.log(faded).mean()))


def trained(regions: Regions) -> Round:
    """Return what tells the class of a description: multinomial logistic regression, each head of one weight."""
    mean, scale = regions.features.mean(axis=0), regions.features.std(axis=0) + 1e-6
    values = np.c_[np.clip((regions.features - mean) / scale, -4, 4), np.ones(len(regions.head))]
    weight = 1 / np.bincount(regions.head)[regions.head]
    weight /= weight.sum()
    wanted, shape = np.eye(len(LengthClass))[regions.classes], (FEATURES + 1, len(LengthClass))

    def loss(flat: Floats) -> tuple[float, Floats]:
        layer = flat.reshape(shape)
        scores = values @ layer
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        shares = odds / odds.sum(axis=1, keepdims=True)
        slope = values.T @ ((shares - wanted) * weight[:, None])
        slope[:-1] += DECAY * layer[:-1]
        said = float((weight * np.log((shares * wanted).sum(axis=1))).sum())
        return DECAY / 2 * float((layer[:-1] ** 2).sum()) - said, slope.ravel()

    layer = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B").x.reshape(shape)
    return Round(
        mean=mean.astype(np.float32),
        scale=scale.astype(np.float32),
        weights=(layer[:-1].astype(np.float32),),
        biases=(layer[-1].astype(np.float32),),
    )


def print_classes(regions: Regions, network: Round) -> None:
    """Print how often a class is told and how often it is wrong, by limit, and what is told of which true length."""
    alone = network.probabilities(regions.features.astype(np.float32))
    together = np.array([alone[regions.head == head].mean(axis=0) for head in regions.head])
    edges = np.array([0.0, *CLASS_EDGES_MM, np.inf])
    for name, shares in (("a region by itself", alone), ("all regions of a head together", together)):
        told, sure = shares.argmax(axis=1), shares.max(axis=1)
        outside = np.maximum(edges[told] / regions.length_mm, regions.length_mm / edges[told + 1])
        for limit in LIMITS:
            which = sure >= limit
            wrong, far = (float(np.mean(outside[which] > factor)) for factor in (1.0, FAR_OFF))
            print(
                f"{name}, told from {limit:.2f}: {which.mean():4.0%} of {len(which)} regions of"
                f" {len(set(regions.head))} heads; of those wrong {wrong:.1%}, far off {far:.1%}"
            )
    for one, true in enumerate(LengthClass):
        said = [class_told(shares) for shares in together[regions.classes == one]]
        counts = Counter("not told" if told is None else told.value for told in said)
        print(f"  truly {true.value:7s} {len(said):4d} regions: {dict(sorted(counts.items()))}")


def print_people(folder: Path, network: Round) -> None:
    """Print how often the first photo of drawn people and another of them are told to be of two classes."""
    both: dict[str, list[tuple[LengthClass | None, LengthClass | None]]] = {}
    for file in sorted(folder.glob("drawn_*.npz")):
        with np.load(file) as stored:
            person = {name: stored[name] for name in stored.files if name.endswith(("/X", "/region"))}
        first = _class_of(person, FIRST, network)
        for state in (AS_IT_WAS, WET, CUT, DYED, LOST, GROWN):
            if f"{state}/X" in person and f"{FIRST}/X" in person:
                both.setdefault(state, []).append((first, _class_of(person, state, network)))
    for state, pairs in both.items():
        told = [pair for pair in pairs if None not in pair]
        unlike = sum(before is not after for before, after in told)
        print(f"{state:13s} {len(pairs):3d} pairs, both told {len(told):3d}, of two classes {unlike}")


def _class_of(person: dict[str, NDArray[np.float32]], state: str, network: Round) -> LengthClass | None:
    inside = [within for within in person[f"{state}/region"] > MOSTLY if within.sum() >= FEWEST_TILES]
    if not inside:
        return None
    means = np.stack([person[f"{state}/X"][within, :FEATURES].mean(axis=0) for within in inside])
    return class_told(network.probabilities(means.astype(np.float32)).mean(axis=0))


def save(network: Round, path: Path) -> None:
    """Write the network as numpy arrays."""
    layers = {f"{NETWORK}_weight_0": network.weights[0], f"{NETWORK}_bias_0": network.biases[0]}
    stored = {f"{NETWORK}_layers": np.array(1), f"{NETWORK}_mean": network.mean, f"{NETWORK}_scale": network.scale}
    np.savez_compressed(path, **stored, **layers)


def main() -> int:
    """Train, print, and write the model when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--described", type=Path, required=True)
    parser.add_argument("--people", type=Path)
    parser.add_argument("--heads", type=int, default=340)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    chosen.described.mkdir(parents=True, exist_ok=True)
    regions = regions_of(chosen.described, chosen.heads)
    print(f"validation/train_hair_length.py --heads {chosen.heads}; shipped: told from {LEAST_SURE}")
    for half, name in enumerate(("even heads, read by what odd ones trained", "odd heads, read by what even ones did")):
        network = trained(regions.only(regions.head % 2 != half))
        print(f"\n== {name}")
        print_classes(regions.only(regions.head % 2 == half), network)
    whole = trained(regions)
    if chosen.people is not None:
        print("\n== other drawn people, read by what all heads trained: first photo and another")
        print_people(chosen.people, whole)
    if chosen.write:
        save(whole, MODEL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
