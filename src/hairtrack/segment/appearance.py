"""What each neighbourhood of a photo looks like: colour, texture, and how it differs from the picture's border.

Every number is the same when the photo is turned by a quarter or mirrored, so that whatever is decided from them turns
with the photo.
"""

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import GAMMA, LUMINANCE, linear_light
from hairtrack.imaging.types import GrayImage, Rgb8Image

FeatureStack: TypeAlias = NDArray[np.float32]
"""(H, W, F), each feature roughly in -1 to 3."""

FINE_LONG_SIDE_PX = 320
"""Texture is measured here: single strands are blurred away, the grain of hair is not."""

COARSE_LONG_SIDE_PX = 160
"""Classes are decided here: a head is some 100 px wide, an ear 15."""

BLUR_SCALES_PX = (1.0, 3.0, 8.0, 20.0)
"""Neighbourhoods on the coarse grid, from a pixel to half a head."""

TONE_CALM = 0.15
"""Added to lightness before colour and grain are divided by it, so that the dark does not become all colour."""

USUAL_LIGHT = np.array([0.255, 0.186, 0.164], np.float32)
"""Mean linear red, green, blue of photos of the `heads` set taken from above, at a luminance of 0.2."""

LEAST_GAIN, MOST_GAIN = 0.4, 2.5
COLOUR_EVENED = 0.5
"""By which power the mean colour of a photo is brought to the usual one: fully, and a tanned head beside a red wall
turns grey; not at all, and a lamp 1500 K colder moves coverage by 0.25 (validation/results/segmentation.txt)."""

BORDER_FRACTION = 0.03
BORDER_PATCHES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """The look of a photo on the coarse grid.

    Parameters
    ----------
    features
        (h, w, F) float32.
    """

    features: FeatureStack


def resized(rgb8: Rgb8Image, long_side_px: int) -> Rgb8Image:
    """Return the picture with its long side at `long_side_px`, averaged when reduced, interpolated when enlarged.

    Of whole numbers OpenCV rounds rows and columns apart when it enlarges; real ones turn with the picture.
    """
    height, width = rgb8.shape[:2]
    factor = long_side_px / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    if factor < 1:
        return np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)
    enlarged = cv2.resize(rgb8.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.rint(enlarged), np.uint8)


def lab_of(rgb8: Rgb8Image) -> NDArray[np.float32]:
    """Return CIE L* in 0-1 and a*, b* divided by 100, (H, W, 3) float32."""
    lab = cv2.cvtColor(rgb8.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab)
    return np.asarray(lab / np.float32(100), np.float32)


def blurred(values: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """Return values averaged with a Gaussian of `sigma_px`, mirrored at the border."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT), np.float32)


def evenly_lit(rgb8: Rgb8Image) -> Rgb8Image:
    """Return the photo at the usual exposure, half of its colour cast taken back; (H, W, 3) uint8."""
    linear = linear_light(resized(rgb8, COARSE_LONG_SIDE_PX))
    mean = np.maximum(linear.mean(axis=(0, 1)), 1e-4)
    light, usual = float(mean @ LUMINANCE), float(USUAL_LIGHT @ LUMINANCE)
    cast = (USUAL_LIGHT / usual) / np.maximum(mean / light, 0.05)
    gains = np.clip(usual / light, LEAST_GAIN, MOST_GAIN) * cast**COLOUR_EVENED
    steps = (np.arange(256, dtype=np.float32) / 255) ** np.float32(GAMMA)
    curve = np.clip(steps[:, None] * gains, 0, 1) ** (1 / GAMMA) * 255
    return np.asarray(cv2.LUT(np.ascontiguousarray(rgb8), curve.round().astype(np.uint8)[None]), np.uint8)


def grain_of(light: GrayImage) -> GrayImage:
    """Return the contrast of each pixel against its nearest neighbours, L* in 0-1."""
    return np.asarray(np.abs(light - blurred(light, 1.0)), np.float32)


def appearance_of(rgb8: Rgb8Image) -> Appearance:
    """Return the look of every neighbourhood of a photo, (H, W, 3) uint8 of any size."""
    fine = lab_of(resized(rgb8, FINE_LONG_SIDE_PX))
    coarse = lab_of(resized(rgb8, COARSE_LONG_SIDE_PX))
    size = (coarse.shape[1], coarse.shape[0])
    light = np.ascontiguousarray(fine[..., 0])
    grain = _reduced(grain_of(light), size)
    coarse_grain = _reduced(np.abs(light - blurred(light, 2.5)), size)
    tone = coarse[..., 1:] / (coarse[..., :1] + np.float32(TONE_CALM))
    base = np.dstack(
        [
            coarse,
            np.sqrt(grain * 10),
            np.sqrt(coarse_grain * 5),
            tone,
            np.sqrt(grain / (coarse[..., 0] + np.float32(TONE_CALM)) * 5),
            _alignment(light, size),
        ]
    ).astype(np.float32)
    layers = [blurred(base, sigma_px) for sigma_px in BLUR_SCALES_PX]
    spread = np.sqrt(np.maximum(blurred(coarse**2, 4.0) - blurred(coarse, 4.0) ** 2, 0))
    unlike = _unlike_border(coarse)
    layers += [spread, unlike[..., None], blurred(unlike, 4.0)[..., None], _place(size)]
    layers.append(np.broadcast_to(base.mean(axis=(0, 1)), (*coarse.shape[:2], base.shape[2])))
    return Appearance(features=np.concatenate(layers, axis=2).astype(np.float32))


def _reduced(values: GrayImage, size: tuple[int, int]) -> GrayImage:
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float32)


def _alignment(light: GrayImage, size: tuple[int, int]) -> GrayImage:
    """Return how much the edges of a neighbourhood lie alike, 0-1 (coherence of the structure tensor)."""
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0, borderType=cv2.BORDER_REFLECT)
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1, borderType=cv2.BORDER_REFLECT)
    xx, yy, xy = (blurred(np.asarray(product, np.float32), 3.0) for product in (across**2, down**2, across * down))
    alike = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + np.float32(1e-4))
    return _reduced(np.asarray(alike, np.float32), size)


def _unlike_border(lab: NDArray[np.float32]) -> GrayImage:
    """Return the colour distance to the most alike patch of the picture's border."""
    height, width = lab.shape[:2]
    depth = max(2, round(BORDER_FRACTION * min(height, width)))
    strips = [lab[:depth], lab[-depth:], lab[:, :depth].swapaxes(0, 1), lab[:, -depth:].swapaxes(0, 1)]
    patches = [
        np.asarray(cv2.resize(strip, (BORDER_PATCHES, 1), interpolation=cv2.INTER_AREA)).reshape(-1, 3)
        for strip in strips
    ]
    colours = np.concatenate(patches)
    # |a - b|² = |a|² - 2ab + |b|², so that one product of matrices meets all patches
    flat = lab.reshape(-1, 3)
    squares = (colours**2).sum(axis=1) - 2 * flat @ colours.T
    nearest = squares.min(axis=1) + (flat**2).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(nearest, 0)).reshape(height, width), np.float32)


def _place(size: tuple[int, int]) -> FeatureStack:
    """Return the distance from the centre and to the nearest edge, as shares of the picture."""
    width, height = size
    across = np.abs((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * 2
    down = np.abs((np.arange(height, dtype=np.float32) + 0.5) / height - 0.5) * 2
    radius = np.hypot(across[None, :], down[:, None])
    edge = 1 - np.maximum(across[None, :], down[:, None])
    return np.dstack([radius, edge]).astype(np.float32)
