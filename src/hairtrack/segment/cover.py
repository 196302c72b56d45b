"""How much of the scalp hair hides, neighbourhood by neighbourhood, from light, colour and grain against bare skin.

Light of strands and of the skin between them adds up in linear light, so that a neighbourhood lies between this head's
own skin and hair by the share that strands hide; grain tells what light alone cannot: shining hair from bare skin,
shadow from hair. A small network of convolutions weighs both, together with what is around each place and on the
whole head (after U-Net, Ronneberger et al. 2015, doi 10.1007/978-3-319-24574-4_28). It also tells how far off it is
likely to be, as pale hair on pale skin is; and whether each place shows background, skin, scalp or hair.
`validation/train_hair_cover.py` trains it on drawn heads, whose cover is known exactly, together with areas that a
person drew on licensed photos.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import LUMINANCE, largest_channel, linear_light
from hairtrack.imaging.types import GrayImage, Rgb8Image
from hairtrack.model import KnowledgeError, View
from hairtrack.segment.appearance import FeatureStack, appearance_of, blurred, evenly_lit, resized
from hairtrack.segment.classifier import (
    CLASSES,
    HAIR,
    SCALP,
    SKIN,
    ClassMap,
    PixelClassifier,
    model_place,
    shipped_classifier,
)

MODEL_PATH = "models/segment/hair_cover.onnx"
PLACES_ACROSS = 80
"""Places on the long side of the network's grid: a head is some 50 places wide, one is 4 mm."""

OWN_WEIGHT = np.float32(0.35)
"""Of what a neighbourhood shows by itself against all around it. In the half not seen heads overlap by .765 at 0, .777
to .782 from 0.2 to 0.8, .774 at 1; portraits by .745 at 0, .747 at 0.2, .743 at 0.4, .712 at 1."""

LEAST_SHARE = np.float32(1e-4)

AT_ONCE = 4
"""Layers that can be averaged at once; `cover_features` gives a multiple of them."""

OUTPUTS: Final = ("hidden", "doubt", "classes")

GRAIN_LONG_SIDE_PX = 640
"""Grain is looked for here: a head is some 400 px wide, a millimetre two."""

GRAIN_SCALES_PX = (0.7, 1.4, 2.8, 5.6)
EXTREME_SIDES_PX = (3, 7, 13)
CLIPPED = 245
"""From this brightest channel on a pixel may have lost its colour."""

SURE = 0.7
LIKELY_HAIR = 0.6
LEAST_BARE_FRACTION = 0.004
LEAST_HAIR_FRACTION = 0.01
LEAST_PLACES = 12
NEAR_SKIN_PX = 20.0
FAR_SKIN_WEIGHT = np.float32(0.03)
LEAST_LIGHT = np.float32(0.004)
MOST_RATIO = np.float32(2.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SkinAndHair:
    """Light of this head's skin, coarse (h, w, 3), and of its hair as a share of the skin's, (3,)."""

    skin: NDArray[np.float32]
    hair: NDArray[np.float32]
    darkest_hair: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What each place of a photo shows, on coarse grids of the whole picture.

    Parameters
    ----------
    share
        (h, w) share of the scalp hidden by hair, 0-1; of use only where the head is.
    doubt
        (h, w) by how much the mean share of an area around each place is likely to be off, mean absolute error.
    classes
        Probabilities of `hairtrack.segment.classifier.CLASSES`, by what is around each place too.
    """

    share: GrayImage
    doubt: GrayImage
    classes: ClassMap


class CoverNetwork:
    """A trained network.

    Parameters
    ----------
    path
        Its ONNX file.

    Raises
    ------
    KnowledgeError
        When the file is missing or is not ours.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._network = cv2.dnn.readNetFromONNX(np.frombuffer(path.read_bytes(), np.uint8))
        except (OSError, cv2.error) as error:
            raise KnowledgeError(
                "cannot read a trained model", where=str(path), remedy="reinstall hairtrack"
            ) from error

    def read(self, features: FeatureStack) -> Places:
        """Return what hair hides from (h, w, F) features of the network's grid.

        The mean over the eight ways in which a square is turned by quarters and mirrored: what is read turns with the
        photo.
        """
        height, width = features.shape[:2]
        rows, columns = beyond_the_picture(height, width)
        square = in_square(features)
        total = np.zeros((len(OUTPUTS) - 1 + len(CLASSES), PLACES_ACROSS, PLACES_ACROSS), np.float32)
        for mirrored, quarters in product((1, -1), range(4)):
            shown = np.rot90(square[..., ::mirrored], quarters, (1, 2))
            self._network.setInput(np.ascontiguousarray(shown[None], np.float32))
            told = np.concatenate(
                [np.asarray(one).reshape(-1, *total.shape[1:]) for one in self._network.forward(OUTPUTS)]
            )
            total += np.rot90(told, -quarters, (1, 2))[..., ::mirrored]
        here = slice(rows[0], rows[0] + height), slice(columns[0], columns[0] + width)
        share, doubt, *classes = (np.ascontiguousarray(one[here]) for one in total / (2 * 4))
        return Places(share=share, doubt=doubt, classes=np.dstack(classes))


def places_of(
    rgb8: Rgb8Image,
    *,
    view: View | None,
    classifier: PixelClassifier | None = None,
    network: CoverNetwork | None = None,
) -> Places:
    """Return what each place of a photo shows.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    view
        From where the head is seen; None when unknown. What hair hides does not depend on it.
    classifier, network
        Others than the shipped ones, for validation.
    """
    look = appearance_of(evenly_lit(rgb8))
    views = (None,) if view is None else (None, view)
    by_view = (classifier or shipped_classifier()).classify_as(look.features, views)
    told = places_from_classes(rgb8, by_view[0], network=network)
    return replace(told, classes=_joint(told.classes, by_view[-1]))


def places_from_classes(rgb8: Rgb8Image, classes: ClassMap, *, network: CoverNetwork | None = None) -> Places:
    """Return what the network says of each place from the classes that neighbourhoods were given one by one."""
    return (network or shipped_network()).read(network_features(cover_features(rgb8, classes)))


def _joint(around: ClassMap, own: ClassMap) -> ClassMap:
    """Return classes by what is around each place and by the finer ones of neighbourhoods: the mean of logarithms."""
    around = np.asarray(cv2.resize(around, own.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    joint = np.exp((1 - OWN_WEIGHT) * np.log(around + LEAST_SHARE) + OWN_WEIGHT * np.log(own + LEAST_SHARE))
    return np.asarray(joint / joint.sum(axis=2, keepdims=True), np.float32)


@cache
def shipped_network() -> CoverNetwork:
    """Return the trained network that comes with hairtrack, or raise `KnowledgeError`."""
    return CoverNetwork(model_place(MODEL_PATH))


def in_square(features: FeatureStack) -> NDArray[np.float32]:
    """Return (h, w, F) features in the network's square, (F, S, S): beyond the picture its edge goes on."""
    return np.pad(features, (*beyond_the_picture(*features.shape[:2]), (0, 0)), mode="edge").transpose(2, 0, 1)


def beyond_the_picture(height: int, width: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how many places of the network's square lie above and below, before and behind a picture."""
    above, before = (PLACES_ACROSS - height) // 2, (PLACES_ACROSS - width) // 2
    return (above, PLACES_ACROSS - height - above), (before, PLACES_ACROSS - width - before)


def network_features(features: FeatureStack) -> FeatureStack:
    """Return features averaged to the network's grid."""
    height, width = features.shape[:2]
    factor = PLACES_ACROSS / max(height, width)
    # Even sides lie in the middle of the network's square, so that a mirrored photo is read the same.
    size = (2 * max(1, round(width * factor / 2)), 2 * max(1, round(height * factor / 2)))
    layers = [
        cv2.resize(np.ascontiguousarray(features[..., k : k + AT_ONCE]), size, interpolation=cv2.INTER_AREA)
        for k in range(0, features.shape[2], AT_ONCE)
    ]
    return np.concatenate(layers, axis=2).astype(np.float32)


def cover_features(rgb8: Rgb8Image, classes: ClassMap) -> FeatureStack:
    """Return what the network sees of each neighbourhood, (h, w, F) on the grid of `classes`.

    All light is relative to the nearest bare skin of the same photo, so that exposure and the lamp's colour cancel;
    no number depends on which side of the picture is up.
    """
    height, width = classes.shape[:2]
    size = (width, height)
    fine = resized(rgb8, GRAIN_LONG_SIDE_PX)
    linear = linear_light(fine)
    coarse = _reduced(linear, size)
    look = _skin_and_hair(coarse, classes, ~(_reduced(largest_channel(fine), size) > CLIPPED))
    ratio = np.clip(coarse / look.skin, 0, MOST_RATIO)
    skin_light = cv2.resize(look.skin @ LUMINANCE, fine.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    tone = np.sqrt(np.clip(linear @ LUMINANCE / skin_light, 0, 3)).astype(np.float32)
    layers = [np.sqrt(np.maximum(ratio, 0)), *(np.sqrt(np.maximum(blurred(ratio, s), 0)) for s in (2.0, 6.0))]
    layers += _grain(tone, size)
    layers += _extremes(tone, size)
    layers += _between(ratio, look)
    layers += [classes, *(blurred(classes, sigma_px)[..., 1:] for sigma_px in (3.0, 8.0))]
    layers += _edges(tone, size)
    return np.concatenate([v if v.ndim == 3 else v[..., None] for v in layers], axis=2).astype(np.float32)  # noqa: PLR2004 layers of one number a place get an axis


def _reduced(values: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)


def _skin_and_hair(coarse: NDArray[np.float32], classes: ClassMap, whole: NDArray[np.bool_]) -> _SkinAndHair:
    """Return the light of the nearest bare skin, else of the barest places, and of hair against it."""
    bare = classes[..., SCALP] + classes[..., SKIN]
    weight = _surest(bare, SURE, LEAST_BARE_FRACTION) * np.where(whole, np.float32(1), np.float32(0.05))
    mean_skin = (weight[..., None] * coarse).sum(axis=(0, 1)) / max(float(weight.sum()), 1e-3)
    near = blurred(weight[..., None] * coarse, NEAR_SKIN_PX) + FAR_SKIN_WEIGHT * mean_skin
    skin = np.maximum(near / (blurred(weight, NEAR_SKIN_PX)[..., None] + FAR_SKIN_WEIGHT), LEAST_LIGHT)
    hair = _surest(classes[..., HAIR], LIKELY_HAIR, LEAST_HAIR_FRACTION)
    ratio = np.clip(coarse / skin, 0, MOST_RATIO)
    light = (ratio @ LUMINANCE)[hair > 0]
    return _SkinAndHair(
        skin=skin.astype(np.float32),
        hair=((hair[..., None] * ratio).sum(axis=(0, 1)) / max(float(hair.sum()), 1e-3)).astype(np.float32),
        darkest_hair=float(np.quantile(light, 0.1)),
    )


def _surest(probability: GrayImage, limit: float, least_fraction: float) -> GrayImage:
    """Return the probability where it is over the limit, or in its highest places when hardly any is."""
    if (probability > limit).mean() < least_fraction:
        places = max(LEAST_PLACES, round(2 * least_fraction * probability.size))
        limit = float(np.partition(probability.ravel(), -places)[-places])
        return np.asarray(np.where(probability >= limit, np.maximum(probability, 1e-6), 0), np.float32)
    return np.asarray(np.where(probability > limit, probability, 0), np.float32)


def _grain(tone: GrayImage, size: tuple[int, int]) -> list[NDArray[np.float32]]:
    """Return strength of the grain by its width, near and around, and whether it is dark on light or light on dark."""
    layers: list[NDArray[np.float32]] = []
    previous = tone
    for sigma_px in GRAIN_SCALES_PX:
        softer = blurred(tone, sigma_px)
        band = previous - softer
        power = _reduced(band * band, size)
        strength = np.sqrt(np.maximum(blurred(power, 1.0), 1e-8))
        lean = blurred(_reduced(band * band * band, size), 1.5) / (blurred(power, 1.5) ** 1.5 + np.float32(1e-5))
        layers += [8 * strength, 8 * blurred(strength, 4.0), np.clip(lean, -2, 2)]
        previous = softer
    return layers


def _extremes(tone: GrayImage, size: tuple[int, int]) -> list[NDArray[np.float32]]:
    """Return the darkest and the brightest spot of neighbourhoods: strands, and the skin between them."""
    layers = []
    for side in EXTREME_SIDES_PX:
        around = np.ones((side, side), np.uint8)
        layers += [_reduced(cv2.erode(tone, around), size), _reduced(cv2.dilate(tone, around), size)]
    return layers


def _between(ratio: NDArray[np.float32], look: _SkinAndHair) -> list[NDArray[np.float32]]:
    """Return where each place lies between skin (0) and hair (1) in colour, how far off that line, and in light."""
    step = look.hair - 1
    length = float((step**2).sum()) + 0.02
    along = ((ratio - 1) @ step) / length
    aside = np.sqrt(np.maximum(((ratio - 1) ** 2).sum(axis=2) - along * along * length, 0))
    along = np.clip(along, -0.5, 2).astype(np.float32)
    dark = np.clip((1 - ratio @ LUMINANCE) / max(1 - look.darkest_hair, 0.1), -1, 1.5).astype(np.float32)
    return [along, blurred(along, 2.0), aside, dark, blurred(dark, 2.0)]


def _edges(tone: GrayImage, size: tuple[int, int]) -> list[NDArray[np.float32]]:
    """Return how much the edges of a neighbourhood lie alike, 0-1, and how strong they are."""
    across, down = cv2.Sobel(tone, cv2.CV_32F, 1, 0), cv2.Sobel(tone, cv2.CV_32F, 0, 1)
    xx, yy, xy = (blurred(_reduced(v, size), 1.5) for v in (across * across, down * down, across * down))
    alike = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + np.float32(1e-3))
    return [alike, np.sqrt(np.maximum(xx + yy, 0))]
