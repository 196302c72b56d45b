"""Background, bare skin of face and neck, scalp and hair: a small two-round classifier of neighbourhoods.

The first round looks at each neighbourhood by itself; the second sees also what the first thought of the surroundings
and where the head lies (auto-context, Tu & Bai 2010, doi 10.1109/TPAMI.2009.186). Each round is a network of two
small hidden layers. Three such pairs, each trained on other photos drawn by lot, are averaged (bagging, Breiman 1996,
doi 10.1007/BF00058655): `validation/train_pixel_classes.py` trains them on licensed photos and on drawn heads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import GrayImage
from hairtrack.model import KnowledgeError, View
from hairtrack.segment.appearance import FeatureStack, blurred

ClassMap: TypeAlias = NDArray[np.float32]
"""(H, W, 4) probabilities of `CLASSES`, summing to 1 in each pixel."""

CLASSES = ("background", "skin", "scalp", "hair")
BACKGROUND, SKIN, SCALP, HAIR = range(4)

EVEN = 0.5
"""Above it a class is more likely than everything else together."""

MODEL_PATH = "models/segment/pixel_classes.npz"
MEMBERS = 3
VIEW_GROUPS = ({View.TOP, View.VERTEX}, {View.BACK}, {View.FRONT}, {View.LEFT, View.RIGHT})
"""Views that the second round tells apart; an unknown view is none of them."""

CONTEXT_SCALES_PX = (3.0, 8.0, 20.0)

AT_ONCE = 2048
"""Places that a network reads at once: their numbers stay within the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One network: standardised features, hidden layers with rectifiers, class scores."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    def probabilities(self, features: FeatureStack) -> ClassMap:
        """Return the probability of each class from (..., F) features."""
        flat = features.reshape(-1, features.shape[-1])
        shares = np.empty((len(flat), self.weights[-1].shape[1]), np.float32)
        for start in range(0, len(flat), AT_ONCE):
            shares[start : start + AT_ONCE] = self._shares(flat[start : start + AT_ONCE])
        return shares.reshape(*features.shape[:-1], -1)

    def _shares(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        values = features - self.mean
        values /= self.scale
        np.clip(values, -4, 4, out=values)
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            values = values @ weight
            values += bias
            np.maximum(values, 0, out=values)
        scores = values @ self.weights[-1] + self.biases[-1]
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoRounds:
    """One member: both rounds."""

    first: Round
    second: Round

    def classify_as(self, features: FeatureStack, views: Sequence[View | None]) -> list[ClassMap]:
        """Return the class probabilities of each pixel of an (H, W, F) stack, taken for each of the views."""
        context = with_context(features, self.first.probabilities(features), None)
        found = []
        for view in views:
            context[..., -len(VIEW_GROUPS) :] = _seen_from(view)
            found.append(self.second.probabilities(context))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelClassifier:
    """The mean of its members."""

    members: tuple[TwoRounds, ...]

    def classify(self, features: FeatureStack, view: View | None) -> ClassMap:
        """Return the class probabilities of each pixel of an (H, W, F) stack."""
        return self.classify_as(features, (view,))[0]

    def classify_as(self, features: FeatureStack, views: Sequence[View | None]) -> tuple[ClassMap, ...]:
        """Return the class probabilities taken for each of the views; what all have in common is found once."""
        told = [member.classify_as(features, views) for member in self.members]
        return tuple(np.asarray(np.mean(shares, axis=0), np.float32) for shares in zip(*told, strict=True))


def with_context(features: FeatureStack, first: ClassMap, view: View | None) -> FeatureStack:
    """Return the features with what the first round thought of the surroundings, the head's place and the view.

    The direction from bare skin to the head is the only direction used, so that the result turns with the photo.
    """
    layers: list[NDArray[np.float32]] = [features, first]
    layers += [blurred(first, sigma_px) for sigma_px in CONTEXT_SCALES_PX]
    layers.append(np.broadcast_to(first.mean(axis=(0, 1)), first.shape))
    layers.append(_place_on_head(first))
    layers.append(np.broadcast_to(_seen_from(view), (*first.shape[:2], len(VIEW_GROUPS))))
    return np.concatenate(layers, axis=2)


def _seen_from(view: View | None) -> NDArray[np.float32]:
    return np.array([view in views for views in VIEW_GROUPS], np.float32)


def _place_on_head(first: ClassMap) -> FeatureStack:
    """Return distance from the head's centre in head radii and the position along the line from skin to head."""
    height, width = first.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    head = (first[..., SCALP] + first[..., HAIR]) ** 2
    radius = float(np.sqrt(head.sum() / np.pi)) + 1
    centre_x, centre_y = _centroid(head, columns, rows)
    skin_x, skin_y = _centroid(first[..., SKIN] ** 2, columns, rows)
    away_x, away_y = (centre_x - skin_x) / radius, (centre_y - skin_y) / radius
    offset_x, offset_y = (columns - centre_x) / radius, (rows - centre_y) / radius
    along = offset_x * away_x + offset_y * away_y
    strength = np.full_like(along, np.hypot(away_x, away_y))
    size = np.full_like(along, radius / np.sqrt(height * width))
    return np.dstack([np.hypot(offset_x, offset_y), along, strength, size]).astype(np.float32)


def _centroid(weight: GrayImage, columns: GrayImage, rows: GrayImage) -> tuple[float, float]:
    """Return the weighted mean place; a whisper of weight everywhere keeps an empty map at the picture's centre."""
    calm = weight.astype(np.float64) + 1e-4
    total = calm.sum()
    return float((calm * columns).sum() / total), float((calm * rows).sum() / total)


@cache
def shipped_classifier() -> PixelClassifier:
    """Return the trained classifier that comes with hairtrack, or raise `KnowledgeError`."""
    return read_classifier(model_place(MODEL_PATH))


def model_place(path: str) -> Path:
    """Return where a trained model of the shipped `models` folder lies: in the installed package or beside it."""
    packaged = files("hairtrack") / "_data" / path
    beside = Path(__file__).resolve().parents[3] / path
    return Path(str(packaged)) if packaged.is_file() else beside


def read_classifier(path: Path) -> PixelClassifier:
    """Return a classifier from its npz file, or raise `KnowledgeError`."""
    members = (
        TwoRounds(first=read_round(path, f"first{k}"), second=read_round(path, f"second{k}")) for k in range(MEMBERS)
    )
    return PixelClassifier(members=tuple(members))


def read_round(path: Path, name: str) -> Round:
    """Return one network of an npz file.

    Raises
    ------
    KnowledgeError
        When the file is missing or is not ours.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            layers = range(int(stored[f"{name}_layers"]))
            return Round(
                mean=stored[f"{name}_mean"],
                scale=stored[f"{name}_scale"],
                weights=tuple(stored[f"{name}_weight_{k}"] for k in layers),
                biases=tuple(stored[f"{name}_bias_{k}"] for k in layers),
            )
    except (OSError, KeyError, ValueError) as error:
        raise KnowledgeError("cannot read a trained model", where=str(path), remedy="reinstall hairtrack") from error
