"""In which state hair was photographed: what a number of coverage depends on beside the amount of hair.

The head is brought to one size, cut into tiles, and each tile described by light against this head's own bare skin,
grain by its width, and how much the grain lies alike. Small networks read these descriptions: one tells scalp that is
dark without strands (pigment, fibres) on a photo alone; the others tell from the difference of two photos of a head
whether it was concealed, wetted, cut or dyed in between. `validation/train_hair_state.py` trains them on drawn heads
and on licensed photos.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import LUMINANCE, linear_light
from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.segment.classifier import Round, model_place, read_round

MODEL_PATH = "models/segment/hair_state.npz"

HEAD_ACROSS_PX = 360.0
"""Width to which a head is brought: two pixels a millimetre, at which single strands are seen as grain."""

TILE_PX = 36
"""A tile of 18 mm holds many strands and is a fraction of a region."""

FEWEST_TILES = 3
"""A region in which fewer tiles lie is too small to be told by its texture."""

GRAIN_SCALES_PX = (0.7, 1.4, 2.8, 5.6)
LEAST_IN_TILE = 0.6
LEAST_SKIN_PX = 60
LEAST_LIGHT = 0.004
MOST_TONE = 3.0
MOSTLY = 0.6
FEATURES = 26
STEPS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Descriptions of the tiles of a head.

    Parameters
    ----------
    features
        (N, F) float32.
    corners_xy
        (N, 2) upper left corners on the photo given.
    side_px
        Of a tile on that photo.
    """

    features: NDArray[np.float32]
    corners_xy: NDArray[np.float64]
    side_px: float

    def inside(self, mask: Mask) -> NDArray[np.bool_]:
        """Return which tiles lie for the most part in a mask of the photo, (N,)."""
        return np.array(
            [
                mask[int(y) : int(y + self.side_px), int(x) : int(x + self.side_px)].mean() > MOSTLY
                for x, y in self.corners_xy
            ],
            np.bool_,
        )


class StateChange(StrEnum):
    """What may lie between two photos of one head beside more or less hair."""

    CONCEALED = "concealed"
    WET = "wet"
    CUT = "cut"
    DYED = "dyed"


ALONE = "alone"
"""The network that looks at one photo, for scalp that is dark without strands."""

LIMITS: dict[str, float] = {
    ALONE: 0.5,
    StateChange.CONCEALED: 0.5,
    StateChange.WET: 0.8,
    StateChange.CUT: 0.8,
    StateChange.DYED: 0.8,
}
"""Probability from which a state is told. Water, scissors and dye move coverage less than pigment and fibres do, and
heads that only lost or grew hair, or were only taken again, look like them more often: they are told when surer
(validation/results/hair_state.txt)."""

ALONE_WITH_CHANGE = 0.1
"""What the later photo alone must tell beside the change: hair that grew where none stood changes a region as much."""


def concealed_probability(tiles: Tiles, within: NDArray[np.bool_]) -> float:
    """Return the mean probability that tiles of one photo are dark without strands, 0-1; 0 without tiles.

    Parameters
    ----------
    tiles
        Of the photo.
    within
        (N,) the tiles asked about.
    """
    if not within.any():
        return 0.0
    return float(_probability(ALONE, tiles.features[within]).mean())


def change_probability(
    change: StateChange, before: Tiles, after: Tiles, *, within: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> float:
    """Return the probability that a head came into a state between two photos, 0-1; 0 where either has no tiles.

    Parameters
    ----------
    change
        The state.
    before, after
        Two photos of one head.
    within
        (N,) and (M,): the tiles of each photo that are compared.
    """
    if not (within[0].any() and within[1].any()):
        return 0.0
    difference = after.features[within[1]].mean(axis=0) - before.features[within[0]].mean(axis=0)
    return float(_probability(change, difference[None])[0])


def _probability(name: str, features: NDArray[np.float32]) -> NDArray[np.float32]:
    return shipped_networks()[name].probabilities(features)[..., 1]


@cache
def shipped_networks() -> dict[str, Round]:
    """Return the trained networks that come with hairtrack, or raise `KnowledgeError`."""
    place = model_place(MODEL_PATH)
    return {name: read_round(place, name) for name in LIMITS}


def describe_tiles(rgb8: Rgb8Image, head_mask: Mask, opacity: FractionMap, excluded: Mask) -> Tiles:
    """Return how each tile of a head looks.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    head_mask, opacity, excluded
        (H, W): hair-bearing scalp and hair; share hidden by hair; what is neither.
    """
    factor = HEAD_ACROSS_PX / max(1.0, width_of(head_mask))
    size = (max(TILE_PX, round(rgb8.shape[1] * factor)), max(TILE_PX, round(rgb8.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    linear = linear_light(np.asarray(cv2.resize(rgb8, size, interpolation=method), np.uint8))
    hidden = np.asarray(cv2.resize(opacity, size, interpolation=cv2.INTER_AREA), np.float32)
    known = (head_mask & ~excluded).astype(np.float32)
    used = np.asarray(cv2.resize(known, size, interpolation=cv2.INTER_AREA), np.float32)
    skin = _skin_light(linear, hidden, used)
    ratio = np.clip(linear / skin, 0, MOST_TONE)
    tone = np.sqrt(np.clip(ratio @ LUMINANCE, 0, MOST_TONE)).astype(np.float32)
    layers = np.dstack([*_grain(tone), *_lie(tone)]).astype(np.float32)
    found, corners = [], []
    for row in range(0, size[1] - TILE_PX + 1, TILE_PX):
        for column in range(0, size[0] - TILE_PX + 1, TILE_PX):
            here = slice(row, row + TILE_PX), slice(column, column + TILE_PX)
            inside = used[here] > LEAST_IN_TILE
            if inside.mean() < LEAST_IN_TILE:
                continue
            found.append(_of_tile(tone[here][inside], ratio[here][inside], layers[here][inside]))
            corners.append((column / factor, row / factor))
    return Tiles(
        features=np.asarray(found, np.float32).reshape(len(found), FEATURES),
        corners_xy=np.asarray(corners, np.float64).reshape(len(corners), 2),
        side_px=TILE_PX / factor,
    )


def _skin_light(
    linear: NDArray[np.float32], hidden: NDArray[np.float32], used: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the linear colour of this head's barest scalp, (3,): the brighter half of the least covered twentieth."""
    inside = used > LEAST_IN_TILE
    if inside.sum() < LEAST_SKIN_PX:
        return np.full(3, 0.2, np.float32)
    share, colours = hidden[inside], linear[inside]
    barest = share <= np.quantile(share, 0.05)
    light = colours[barest] @ LUMINANCE
    chosen = colours[barest][light >= np.median(light)]
    return np.asarray(np.maximum(np.median(chosen, axis=0), LEAST_LIGHT), np.float32)


def _grain(tone: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return the grain of each width: what a blur takes away."""
    bands, previous = [], tone
    for sigma_px in GRAIN_SCALES_PX:
        softer = np.asarray(cv2.GaussianBlur(tone, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT), np.float32)
        bands.append(previous - softer)
        previous = softer
    return bands


def _lie(tone: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return the three parts of the structure tensor on fine and on broad edges."""
    parts = []
    for sigma_px in (0.7, 2.0):
        soft = cv2.GaussianBlur(tone, (0, 0), sigma_px)
        across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
        parts += [across * across, down * down, across * down]
    return [np.asarray(part, np.float32) for part in parts]


def _of_tile(tone: NDArray[np.float32], ratio: NDArray[np.float32], layers: NDArray[np.float32]) -> list[float]:
    """Return the numbers of a tile from (n,) tones, (n, 3) colours against skin and (n, L) layers."""
    bands = layers[:, : len(GRAIN_SCALES_PX)]
    squares = bands * bands
    strength = np.sqrt(squares.mean(axis=0)) + 1e-4
    lean = (squares * bands).mean(axis=0) / strength**3
    tails = (squares * squares).mean(axis=0) / strength**4 + 0.1
    *steps, rather_bright, rather_dark = _quantiles(tone, (*STEPS, 0.85, 0.25))
    numbers = [*steps, tone.mean(), *np.log(strength), *lean, *np.log(tails)]
    tensors = layers[:, len(GRAIN_SCALES_PX) : len(GRAIN_SCALES_PX) + 6].mean(axis=0)
    for xx, yy, xy in (tensors[:3], tensors[3:]):
        numbers.append(float(np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + 1e-6)))
    for part in (tone >= rather_bright, tone <= rather_dark):
        colour = np.sqrt(ratio[part].mean(axis=0))
        numbers += [float(colour[0] - colour[1]), float(colour[2] - colour[1]), float(colour[1])]
    return [float(number) for number in numbers]


def _quantiles(values: NDArray[np.float32], shares: tuple[float, ...]) -> NDArray[np.float32]:
    """Return quantiles as `np.quantile` does, from one sorting."""
    places = np.asarray(shares) * (len(values) - 1)
    return np.asarray(np.interp(places, np.arange(len(values)), np.sort(values)), np.float32)
