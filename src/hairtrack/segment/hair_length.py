"""How long the hair of a head is cut, as a class that is told only when the photo leaves little doubt.

The tiles that tell the state of hair (`hairtrack.segment.hair_state`) also tell its length, roughly: stubble is grain
without direction, long hair lies alike over its own length. A photo alone tells it to a factor of two at best, since a
soft or small picture takes the grain away; so there are three classes, and no class where two of them may be true.
`validation/train_hair_length.py` trains what reads the tiles on drawn heads of known length.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hairtrack.segment.classifier import Round, model_place, read_round
from hairtrack.segment.hair_state import FEWEST_TILES, Tiles

MODEL_PATH = "models/segment/hair_length.npz"
NETWORK = "length"
CLASS_EDGES_MM = (3.0, 15.0)
"""Up to the first, hair stands as stubble; beyond the second it lies on hair behind it."""

LEAST_SURE = 0.7
"""Mean probability over the regions of a head from which a class is told: on drawn heads it is told of a third of all
regions; of those one in eight is wrong, one in fifty by more than a factor of 1.5 (validation/results/hair_length.txt).
A region asked by itself errs twice as often."""


class LengthClass(StrEnum):
    """Length of the hair of a region: up to 3 mm, up to 15 mm, longer."""

    SHAVED = "shaved"
    SHORT = "short"
    LONG = "long"


def length_class(tiles: Tiles, regions: Iterable[NDArray[np.bool_]]) -> LengthClass | None:
    """Return how long hair is on a photo, None when the photo does not tell it for sure.

    Parameters
    ----------
    tiles
        Of the photo.
    regions
        (N,) each: which tiles lie in a region. What the regions tell is averaged, since a head is cut as a whole.
    """
    enough = [within for within in regions if within.sum() >= FEWEST_TILES]
    if not enough:
        return None
    means = np.stack([tiles.features[within].mean(axis=0) for within in enough])
    return class_told(shipped_network().probabilities(means).mean(axis=0))


def class_told(probabilities: NDArray[np.float32]) -> LengthClass | None:
    """Return the class of (3,) probabilities when one is sure enough."""
    likeliest = int(probabilities.argmax())
    return list(LengthClass)[likeliest] if probabilities[likeliest] >= LEAST_SURE else None


@cache
def shipped_network() -> Round:
    """Return the trained network that comes with hairtrack, or raise `KnowledgeError`."""
    return read_round(model_place(MODEL_PATH), NETWORK)
