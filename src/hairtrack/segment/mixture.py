"""How dark a neighbourhood is between this head's own skin and hair: the share of its light that hair takes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import GrayImage, Rgb8Image
from hairtrack.segment.appearance import blurred
from hairtrack.segment.classifier import HAIR, SCALP, SKIN, ClassMap

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Of linear sRGB (IEC 61966-2-1)."""

GAMMA = 2.2
SURE = 0.7
LEAST_BARE_FRACTION = 0.004
BAREST_FRACTION = 0.02
LEAST_BARE = 0.3
LEAST_HAIR_FRACTION = 0.01
LIKELY_HAIR = 0.6
HAIR_QUANTILE = 0.1
NEAR_SKIN_PX = 40.0
FAR_SKIN_WEIGHT = 0.03
CALM_PX = 2.0
TRUST_FROM, TRUST_FULL = 0.5, 0.8
"""Hair darker than the skin by less than the first share of the skin's light (grey hair, black on black skin) says
nothing here; by more than the second it is trusted fully."""


def dark_share(rgb8: Rgb8Image, classes: ClassMap) -> GrayImage:
    """Return the share of light between this head's skin and its darkest hair that is missing, 0-1, coarse grid.

    Light of strands and of the skin between them adds up in linear light, so that the mean of a neighbourhood lies
    between both by the share that strands hide. The skin's light is that of the nearest bare skin, else of the barest
    places between strands. 1 everywhere when the head shows no skin or no hair, or hair is not darker than its skin.
    """
    height, width = classes.shape[:2]
    size = (2 * width, 2 * height)
    linear = ((rgb8 / np.float32(255)) ** np.float32(GAMMA)).astype(np.float32)
    light = np.asarray(cv2.resize(linear, size, interpolation=cv2.INTER_AREA), np.float32) @ LUMINANCE
    finer = np.asarray(cv2.resize(classes, size, interpolation=cv2.INTER_LINEAR), np.float32)
    bare, hair = finer[..., SCALP] + finer[..., SKIN], finer[..., HAIR]
    barest = _barest(bare, hair)
    whole = np.ones((height, width), np.float32)
    if barest.sum() == 0 or (hair > LIKELY_HAIR).mean() < LEAST_HAIR_FRACTION:
        return whole
    skin_light = float(np.median(light[barest]))
    hair_light = float(np.quantile(light[hair > LIKELY_HAIR], HAIR_QUANTILE))
    trust = float(np.clip((1 - hair_light / max(skin_light, 1e-3) - TRUST_FROM) / (TRUST_FULL - TRUST_FROM), 0, 1))
    if trust == 0:
        return whole
    weight = np.where(bare > SURE, bare, 0).astype(np.float32)
    near = (blurred(weight * light, NEAR_SKIN_PX) + FAR_SKIN_WEIGHT * skin_light) / (
        blurred(weight, NEAR_SKIN_PX) + FAR_SKIN_WEIGHT
    )
    missing = np.clip((near - light) / np.maximum(near - hair_light, 0.02), 0, 1).astype(np.float32)
    calm = cv2.resize(blurred(missing, CALM_PX), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(1 - trust * (1 - calm), np.float32)


def _barest(bare: NDArray[np.float32], hair: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return sure bare skin, or the barest places of the person when there is hardly any."""
    sure = bare > SURE
    if sure.mean() >= LEAST_BARE_FRACTION:
        return np.asarray(sure, np.bool_)
    wanted = max(40, round(BAREST_FRACTION * float((bare + hair > LIKELY_HAIR).sum())))
    limit = max(LEAST_BARE, float(np.partition(bare.ravel(), -min(wanted, bare.size))[-min(wanted, bare.size)]))
    return np.asarray(bare >= limit, np.bool_)
