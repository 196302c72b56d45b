"""Whether an eye looks out of what was taken for hair, as in fur: a black pupil in a ring of another hue."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import GAMMA, LUMINANCE, linear_light
from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import Mask, Rgb8Image

HEAD_ACROSS_PX = 220.0
"""Width to which a head is brought: an eye is then 15 to 50 pixels wide."""

USUAL_LIGHT = 0.25
"""Luminance to which the head is brought before colours are compared."""

GREENER, YELLOW = 7.0, 12.0
"""CIELAB units by which an iris is greener (a*) than the head, and yellower (b*) than grey."""

LEAST_IRIS_PX = 60
LEAST_ROUNDNESS, LEAST_SLIMNESS = 0.85, 0.5
LEAST_PUPIL_SHARE, MOST_PUPIL_LIGHT = 0.2, 0.1
"""Share of the eye that is pupil, at least; its light as a share of that of the iris, at most. On 43 photos of the
tuning half no patch of such a hue has a core darker than 0.55; pupils of the one cat at hand have 0.01 to 0.05."""

LEAST_ENCLOSED = 0.85
LEAST_LIGHT = 1e-3


def why_an_eye(rgb8: Rgb8Image, head_mask: Mask) -> str | None:
    """Return why what was taken for the top of a head is a face, or None.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    head_mask
        (H, W) what was found to be hair-bearing scalp and hair.
    """
    factor = HEAD_ACROSS_PX / max(1.0, width_of(head_mask))
    size = (max(1, round(rgb8.shape[1] * factor)), max(1, round(rgb8.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(rgb8, size, interpolation=method), np.uint8)
    head = cv2.resize(head_mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    if not head.any():
        return None
    light = np.asarray(cv2.GaussianBlur(linear_light(small), (0, 0), 1.0), np.float32)
    luminance = np.asarray(light @ LUMINANCE, np.float32)
    gain = np.float32(USUAL_LIGHT / max(float(np.median(luminance[head])), LEAST_LIGHT))
    lit = np.minimum(light * gain, 1) ** np.float32(1 / GAMMA)
    _, green_red, blue_yellow = cv2.split(cv2.cvtColor(lit, cv2.COLOR_RGB2Lab))
    iris = head & (green_red < float(np.median(green_red[head])) - GREENER) & (blue_yellow > YELLOW)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    count, parts, boxes, _ = cv2.connectedComponentsWithStats(
        np.asarray(cv2.morphologyEx(iris.astype(np.uint8), cv2.MORPH_OPEN, disc), np.uint8)
    )
    large = np.flatnonzero(boxes[:count, cv2.CC_STAT_AREA] >= LEAST_IRIS_PX)
    if any(_is_eye(parts == index, head, luminance) for index in large if index):
        return "an eye looks out of what was taken for hair"
    return None


def _is_eye(iris: Mask, head: Mask, luminance: NDArray[np.float32]) -> bool:
    """Return whether a patch of one hue is a round ring around a dark pupil, with the head all around it."""
    outlines, _ = cv2.findContours(iris.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(np.concatenate(outlines))
    drawn = np.zeros(iris.shape, np.uint8)
    cv2.fillPoly(drawn, [hull], 1)
    eye = drawn > 0
    _, (width, height), _ = cv2.minAreaRect(hull)
    slim, long = min(width, height) + 1, max(width, height) + 1
    if slim < LEAST_SLIMNESS * long or eye.sum() < LEAST_ROUNDNESS * np.pi / 4 * slim * long:
        return False
    pupil = eye & ~iris
    if pupil.sum() < LEAST_PUPIL_SHARE * eye.sum() or (eye & head).sum() < LEAST_ENCLOSED * eye.sum():
        return False
    darkest = float(np.quantile(luminance[pupil], 0.2))
    return darkest < MOST_PUPIL_LIGHT * float(np.median(luminance[iris]))
