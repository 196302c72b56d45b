"""Hairs that are not darker than the skin: grey, white, blond and red shafts, by how unlike skin their colour is.

What is unlike skin is told from the picture itself: the colours of its bare skin vary in some directions (light, shine,
furrows) and not in others, and a pixel counts by its distance from them in standard deviations (Mahalanobis 1936). A
grey shaft has another colour than skin from rim to rim, although its rims are darker and its middle brighter.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image
from hairtrack.segment.shaft_diameter import Light
from hairtrack.segment.shaft_pixels import DARK_OFFSET_LEVELS, ShaftPixels, skin_level
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shaft_sides import Floats

_LOGARITHM = np.log(np.arange(256) + DARK_OFFSET_LEVELS).astype(np.float32)
_MOST_UNLIKE = 1.5
"""Contrast beyond which nothing is unlike skin any more than a hair is."""

_SKIN_SHARE, _TRIMMED_SPREAD = 0.7, 1.7
"""Share of pixels that is skin on any close-up; the covariance of a normal colour cut to it, undone (chi-square, 3)."""

_EVERY = 3
"""Rows and columns from which the colours of skin are learned."""

_LEAST_VARIANCE = 4e-5
"""Two thirds of a level of 100: what eight bits and a mean over neighbouring pixels leave of noise."""

_RIM_PX, _BESIDE_PX = 5, 19
"""Widths of the brushes that widen dark hair by its blurred rim, and by the light and shade beside it."""

_HALO_SHARE = 0.75
"""Optics and shade leave a fringe beside dark hair: this share of it is no hair."""

_DARK, _YELLOW_LEVELS = 0.15, 5.0


def pale_pixels(pixels: ShaftPixels, explained: Mask, settings: ShaftSettings) -> ShaftPixels | None:
    """Return the maps on which pale hairs are the dark ones; None when nothing but dark hair is unlike skin.

    Pixels of dark hairs and the bluish shade beside them are left out; what is darker than skin must be yellower.

    Parameters
    ----------
    pixels
        Maps of the picture.
    explained
        (h, w) mask: dark hair that was found.
    settings
        Limits.
    """
    dark, beside = (
        cv2.dilate(explained.astype(np.uint8), np.ones((width, width), np.uint8)) > 0 for width in (_RIM_PX, _BESIDE_PX)
    )
    shaded = (pixels.darkness > _DARK) & (pixels.blueness > -_YELLOW_LEVELS)
    unlike = _unlikeness(pixels, np.asarray(~dark & pixels.seen, np.bool_))
    contrast = np.minimum(unlike * (settings.faint_contrast / settings.unlike_skin_std), _MOST_UNLIKE)
    fringe = np.asarray(beside & ~dark, np.bool_)
    if fringe.any():
        halo = min(settings.faint_contrast, float(np.quantile(contrast[fringe], _HALO_SHARE)))
        contrast[beside] = np.maximum(contrast[beside] - halo, 0)
    contrast[dark | shaded | ~pixels.seen] = 0
    if not _shows_streak(contrast > settings.faint_contrast, settings, px_per_mm=pixels.px_per_mm):
        return None
    return ShaftPixels(
        darkness=np.asarray(contrast, np.float32),
        blueness=pixels.blueness,
        seen=pixels.seen,
        full_per_analysis=pixels.full_per_analysis,
        px_per_mm=pixels.px_per_mm,
        rgb8=pixels.rgb8,
    )


def _shows_streak(unlike: Mask, settings: ShaftSettings, *, px_per_mm: float) -> bool:
    """Return whether anything unlike skin is as long and as slim as a faint hair: furrows and patches of shine are not.

    On the tuning half of the development close-ups, where nobody marked a pale hair, patches are less slim.
    """
    solid = cv2.morphologyEx(unlike.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    outlines, _ = cv2.findContours(np.asarray(solid, np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    sides = np.array([cv2.minAreaRect(outline)[1] for outline in outlines]).reshape(-1, 2) + 1
    wide, long = sides.min(axis=1), sides.max(axis=1)
    slim = long >= settings.thin_slimness * wide
    return bool((slim & (long >= settings.pale_shortest_mm * px_per_mm)).any())


def _unlikeness(pixels: ShaftPixels, may_be_skin: Mask) -> GrayImage:
    """Return (h, w) standard deviations of skin colour between each pixel and the skin around it."""
    differences = []
    for channel in cv2.split(pixels.rgb8):
        skin = skin_level(np.asarray(channel, np.float32), pixels.px_per_mm, lifted=False)
        differences.append(_LOGARITHM[channel] - np.log(skin + DARK_OFFSET_LEVELS))
    difference = np.asarray(cv2.merge(differences), np.float32)
    some = difference[::_EVERY, ::_EVERY][may_be_skin[::_EVERY, ::_EVERY]]
    middle, covariance = _of_skin(some.astype(np.float64))
    whitening = np.linalg.cholesky(np.linalg.inv(covariance + _LEAST_VARIANCE * np.eye(3))).T
    white = cv2.split(cv2.transform(difference, np.c_[whitening, -whitening @ middle]))
    return np.asarray(cv2.magnitude(cv2.magnitude(white[0], white[1]), white[2]), np.float32)


def _of_skin(colours: Floats) -> tuple[Floats, Floats]:
    """Return mean and covariance (3, 3) of the greater part of (N, 3) colours: skin without what stands on it."""
    if len(colours) < 10:  # noqa: PLR2004 a covariance of three channels needs several times as many
        return np.zeros(3), np.eye(3)
    part = colours
    for _ in range(4):  # settles within four rounds
        middle, covariance = part.mean(axis=0), np.cov(part.T) * _TRIMMED_SPREAD
        apart = colours - middle
        squared = ((apart @ np.linalg.inv(covariance + 1e-5 * np.eye(3))) * apart).sum(axis=1)
        part = colours[squared <= np.quantile(squared, _SKIN_SHARE)]
    return part.mean(axis=0), np.asarray(np.cov(part.T) * _TRIMMED_SPREAD)


def pale_light(pixels: ShaftPixels, hair: Mask) -> Light:
    """Return the light in which pale hair is darker than skin, whatever its rims and its shine are.

    The direction of colour is the one that best tells the hair that was found from the rest (Fisher 1936): differences
    within hair, such as its line of light, do not show on it.

    Parameters
    ----------
    pixels
        Maps of the picture.
    hair
        (h, w) mask of pale hair, not empty.
    """
    logarithms = _LOGARITHM[pixels.rgb8]
    groups = [np.asarray(logarithms[mask], np.float64) for mask in (hair, ~hair & pixels.seen)]
    within = sum((np.cov(group.T) for group in groups), _LEAST_VARIANCE * np.eye(3))
    direction: NDArray[np.float64] = np.linalg.solve(within, groups[0].mean(axis=0) - groups[1].mean(axis=0))
    weights = -direction[None].astype(np.float32)

    def light(rgb8: Rgb8Image) -> GrayImage:
        return np.asarray(cv2.transform(_LOGARITHM[rgb8], weights), np.float32)

    return light
