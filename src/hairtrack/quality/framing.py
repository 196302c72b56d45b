"""How large the head is in the frame, and how much of it the frame cuts off."""

import cv2
import numpy as np

from hairtrack.imaging.types import Mask


def head_length_px(head_mask: Mask) -> float:
    """Return the longer side of the smallest rectangle around the head, in pixels of the mask; 0 when it is empty."""
    outlines, _ = cv2.findContours(head_mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return 0.0
    (_, (width, height), _) = cv2.minAreaRect(np.vstack(outlines))
    return float(max(width, height)) + 1.0


def with_surroundings(head_mask: Mask, margin_px: float) -> Mask:
    """Return the head with a rim of `margin_px` around it, which holds its outline and ears."""
    outside = (~head_mask).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, 3) <= margin_px, np.bool_)


def missing_head_fraction(head_mask: Mask) -> float:
    """Return the share of the head estimated to lie outside the frame, 0-1; 0 for an empty mask.

    Each side of the frame that the head touches is taken as a chord of a disc. Disc and chords are solved together:
    the disc's area is the seen area and the segments behind the chords. Heads are longer than wide, so the estimate
    is good to about a third of its value.
    """
    seen_px = float(np.count_nonzero(head_mask))
    if seen_px == 0.0:
        return 0.0
    sides = (head_mask[0], head_mask[-1], head_mask[:, 0], head_mask[:, -1])
    chords_px = [float(np.count_nonzero(side)) for side in sides]
    missing_px = 0.0
    for _ in range(20):
        radius_px = float(np.sqrt((seen_px + missing_px) / np.pi))
        missing_px = sum(_segment_area(min(chord, 2 * radius_px), radius_px) for chord in chords_px)
    return missing_px / (seen_px + missing_px)


def _segment_area(chord: float, radius: float) -> float:
    half_angle = float(np.arcsin(chord / (2 * radius)))
    return float(radius * radius * (half_angle - np.sin(half_angle) * np.cos(half_angle)))
