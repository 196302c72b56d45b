"""Dense motion that is left after a map, taken only where forward and backward agree."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.appearance import eight_bit
from hairtrack.imaging.types import GrayImage, Mask


def remaining_flow(
    reference: GrayImage, laid: GrayImage, mask: Mask, *, smoothing_px: float, limit_px: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the smooth motion from the reference to the laid picture, and the forward-backward miss.

    Dense inverse search (Kroeger et al. 2016) both ways at half the size; each pixel counts by how well the ways agree
    and by its texture; the rest is filled from its surroundings, and from zero where nothing counts.

    Parameters
    ----------
    reference, laid
        (H, W) normalised, 0 outside the mask.
    mask
        (H, W) where both pictures show scalp.
    smoothing_px, limit_px
        Standard deviation of the smoothing; motions beyond the limit do not count.

    Returns
    -------
    tuple
        (H, W, 2) motion and (H, W) miss, px.
    """
    height, width = reference.shape
    half = (width // 2, height // 2)
    one = cv2.resize(eight_bit(reference), half, interpolation=cv2.INTER_AREA)
    other = cv2.resize(eight_bit(laid), half, interpolation=cv2.INTER_AREA)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(1)
    still = np.zeros((half[1], half[0], 2), np.float32)
    forward = np.asarray(search.calc(one, other, still.copy()), np.float32)
    backward = np.asarray(search.calc(other, one, still.copy()), np.float32)
    columns, rows = np.meshgrid(np.arange(half[0], dtype=np.float32), np.arange(half[1], dtype=np.float32))
    returned = cv2.remap(
        backward,
        np.asarray(columns + forward[..., 0], np.float32),
        np.asarray(rows + forward[..., 1], np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    miss = 2 * np.linalg.norm(forward + returned, axis=2)
    length = 2 * np.linalg.norm(forward, axis=2)
    inside = cv2.resize(mask.astype(np.uint8), half, interpolation=cv2.INTER_NEAREST)
    slope_x = cv2.Sobel(one, cv2.CV_32F, 1, 0)
    slope_y = cv2.Sobel(one, cv2.CV_32F, 0, 1)
    texture = cv2.GaussianBlur(np.asarray(slope_x**2 + slope_y**2, np.float32), (0, 0), 3)
    weight = np.exp(-((miss / 1.5) ** 2)) * (length < limit_px) * inside * texture / (texture + np.median(texture) + 1)
    sigma = smoothing_px / 2
    weighted = cv2.GaussianBlur(np.asarray(forward * weight[..., None], np.float32), (0, 0), sigma)
    total = cv2.GaussianBlur(np.asarray(weight, np.float32), (0, 0), sigma)
    smooth = 2 * weighted / (total[..., None] + np.float32(0.02))
    full = cv2.resize(np.asarray(smooth, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    miss_full = cv2.resize(np.asarray(miss, np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full, np.float32), np.asarray(miss_full, np.float32)
