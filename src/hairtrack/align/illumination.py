"""An aligned pair brought to one light and one colour, so that what still differs is hair."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask, Rgb8Image

_DISPLAY_GAMMA = 2.2
_DARKEST, _BRIGHTEST = 6, 249  # 8-bit levels beyond which a channel no longer tells how much light there was


@dataclass(frozen=True, slots=True, kw_only=True)
class IlluminationSettings:
    """How the light of two photos is compared; lengths are fractions of the scalp's diameter.

    Parameters
    ----------
    skin_radius_fraction
        Radius within which the brightest place is looked for: bare skin between hairs looks the same whatever the
        number of hairs, which the mean does not.
    grid_px
        Long side of the reduced picture on which light is compared.
    outlier_scale
        Width of Tukey's weights over the robust spread: 4.685 keeps 95 % efficiency for normal noise (Huber 1981).
    rounds
        Rounds of reweighting.
    least_shared_fraction
        Share of the scalp that must tell the light, else the photo is left as it is.
    largest_gain
        A larger change of light, up or down, is not undone in full.
    """

    skin_radius_fraction: float = 0.012
    grid_px: int = 192
    outlier_scale: float = 4.685
    rounds: int = 12
    least_shared_fraction: float = 0.2
    largest_gain: float = 4.0


_DEFAULT = IlluminationSettings()


def in_common_light(
    reference_rgb8: Rgb8Image, laid_rgb8: Rgb8Image, trusted: Mask, *, settings: IlluminationSettings = _DEFAULT
) -> Rgb8Image:
    """Return the laid picture in the light and colour of the reference; both show the same hair as before.

    Per channel one smooth gain (a quadratic over the picture, in logarithms of linear light) fitted to what most of the
    scalp agrees on. It cannot follow the edge of a patch, and a patch where hair came or went disagrees with the rest
    and is left out, so thinning stays visible. A change of hair over the whole scalp is kept where skin shows between
    hairs; where none does, it cannot be told from a change of exposure.

    Parameters
    ----------
    reference_rgb8, laid_rgb8
        (h, w, 3) uint8 sRGB, one place at one pixel.
    trusted
        (h, w) where both show the same scalp.
    settings
        How light is compared.

    Returns
    -------
    Rgb8Image
        (h, w, 3); a copy of `laid_rgb8` when too little of the scalp tells the light.
    """
    height, width = trusted.shape
    smaller = max(1.0, max(height, width) / settings.grid_px)
    size = (max(1, round(width / smaller)), max(1, round(height / smaller)))
    radius_px = max(1, round(settings.skin_radius_fraction * 2 * float(np.sqrt(trusted.sum() / np.pi))))
    ours, theirs = (_skin_light(rgb8, radius_px, size) for rgb8 in (reference_rgb8, laid_rgb8))
    shared = np.asarray(cv2.resize(trusted.astype(np.float32), size, interpolation=cv2.INTER_AREA))
    inside: Mask = np.asarray(shared > 0.5, np.bool_)  # noqa: PLR2004 half
    finite = np.asarray(np.isfinite(ours + theirs), np.bool_)
    told: Mask = inside & finite[..., 0] & finite[..., 1] & finite[..., 2]
    if told.sum() < max(settings.least_shared_fraction * inside.sum(), 50):
        return laid_rgb8.copy()
    terms = _quadratic(size)
    coefficients = _agreed(terms[told], (ours - theirs)[told], settings)
    limit = float(np.log(settings.largest_gain))
    gain = np.exp(np.clip(terms @ coefficients, -limit, limit) / _DISPLAY_GAMMA).astype(np.float32)
    everywhere = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(np.round(laid_rgb8 * everywhere), 0, 255), np.uint8)


def _skin_light(rgb8: Rgb8Image, radius_px: int, size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the logarithm of linear light of the brightest place near each pixel, NaN where a channel is clipped."""
    calm = cv2.GaussianBlur(rgb8, (0, 0), 1.0)
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius_px + 1, 2 * radius_px + 1))
    small = cv2.resize(cv2.dilate(calm, element), size, interpolation=cv2.INTER_AREA).astype(np.float64)
    told = np.asarray((small > _DARKEST) & (small < _BRIGHTEST), np.bool_).all(axis=2, keepdims=True)
    light: NDArray[np.float64] = _DISPLAY_GAMMA * np.log(np.maximum(small, 1) / 255)
    return np.where(told, light, np.nan)


def _quadratic(size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the terms of a quadratic over a picture, (h, w, 6), coordinates in -1 ... 1."""
    x, y = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def _agreed(
    terms: NDArray[np.float64], difference: NDArray[np.float64], settings: IlluminationSettings
) -> NDArray[np.float64]:
    """Return the coefficients (6, 3) on which most places (N, 6) with differences (N, 3) agree."""
    weights = np.ones(len(terms))
    coefficients: NDArray[np.float64] = np.zeros((terms.shape[1], 3))
    steady = 1e-6 * np.eye(terms.shape[1]) * len(terms)
    for _ in range(settings.rounds):
        weighted = terms * weights[:, None]
        coefficients = np.asarray(np.linalg.solve(terms.T @ weighted + steady, weighted.T @ difference), np.float64)
        miss = np.linalg.norm(difference - terms @ coefficients, axis=1)
        scale = settings.outlier_scale * max(1.4826 * float(np.median(miss)) / 1.5, 0.01)
        weights = np.where(miss < scale, (1 - (miss / scale) ** 2) ** 2, 0.0)
    return coefficients
