"""Pigment and fibres painted on photos of real heads, so that what finds them is not judged on drawn heads alone."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.synth.concealer import (
    DOT_OPACITY,
    DOT_RADIUS_MM,
    FIBRE_MM,
    FIBRE_OPACITY,
    FIBRE_THICKNESS_MM,
    ConcealerKind,
)

HEAD_MM = 170.0
"""Mean width of a head from above, length and breadth."""

GAMMA = 2.2
SUPERSAMPLED = 3
DARKEST_HAIR_QUANTILE = 0.1
BARE = 0.7
HALF = 0.5


def painted(
    rgb8: Rgb8Image, head_mask: Mask, opacity: FractionMap, kind: ConcealerKind, *, rng: np.random.Generator
) -> tuple[Rgb8Image, Mask]:
    """Return a photo with the upper two thirds of its thin scalp concealed in the colour of its hair, and where.

    The colour is that of the darkest tenth of the head, no lighter than a dark blond, lit as the skin around it is.
    """
    linear = (rgb8.astype(np.float32) / 255) ** GAMMA
    across_px = 2 * float(np.sqrt(head_mask.sum() / np.pi))
    px_per_mm = across_px / HEAD_MM
    inside = cv2.erode(head_mask.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    light = linear.mean(axis=2)
    dark = linear[head_mask & (light <= np.quantile(light[head_mask], DARKEST_HAIR_QUANTILE))].mean(axis=0)
    colour = np.minimum(dark, 0.12) * np.exp(rng.normal(0, 0.2))
    shade = cv2.GaussianBlur(light, (0, 0), across_px / 12)
    shade = np.clip(shade / max(float(np.median(shade[inside])), 1e-3), 0.4, 1.8)
    soft = cv2.GaussianBlur((inside & (opacity < BARE)).astype(np.float32), (0, 0), across_px / 40)
    share = _hidden(rgb8.shape[:2], kind, px_per_mm, rng) * soft
    if kind is ConcealerKind.PIGMENTATION:
        share = share * (1 - opacity)
    blended = linear * (1 - share[..., None]) + colour * shade[..., None] * share[..., None]
    after = np.clip(blended, 0, 1) ** (1 / GAMMA) * 255
    return np.asarray(after.round(), np.uint8), np.asarray(soft > HALF, np.bool_)


def _hidden(
    shape: tuple[int, int], kind: ConcealerKind, px_per_mm: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Return the share of each pixel that dots or fibres hide."""
    area_cm2 = shape[0] * shape[1] / px_per_mm**2 / 100
    canvas = np.zeros((shape[0] * SUPERSAMPLED, shape[1] * SUPERSAMPLED), np.uint8)
    fine_per_mm = px_per_mm * SUPERSAMPLED
    if kind is ConcealerKind.PIGMENTATION:
        count = round(rng.uniform(90, 200) * area_cm2)
        places = rng.uniform(0, 1, (count, 2)) * [canvas.shape[1], canvas.shape[0]]
        radii = rng.uniform(*DOT_RADIUS_MM, count) * fine_per_mm
        for (x, y), radius in zip((places * 16).astype(int).tolist(), radii, strict=True):
            cv2.circle(canvas, (x, y), max(1, round(radius * 16)), 255, -1, cv2.LINE_AA, 4)
        opacity = DOT_OPACITY
    else:
        count = round(rng.uniform(1200, 4000) * area_cm2 * min(1.0, FIBRE_THICKNESS_MM * fine_per_mm))
        places = rng.uniform(0, 1, (count, 2)) * [canvas.shape[1], canvas.shape[0]]
        turns, half = rng.uniform(0, np.pi, count), rng.uniform(*FIBRE_MM, count) / 2 * fine_per_mm
        reach = half[:, None] * np.c_[np.cos(turns), np.sin(turns)]
        lines = np.round(np.stack([places - reach, places + reach], axis=1) * 16).astype(np.int32)
        cv2.polylines(canvas, list(lines), False, 255, 1, cv2.LINE_8, 4)
        opacity = FIBRE_OPACITY
    share = cv2.resize(canvas.astype(np.float32) / 255, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(share, (0, 0), 0.7) * np.float32(opacity), np.float32)
