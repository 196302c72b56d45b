"""One photo as alignment sees it: two copies in which only the head counts, with their key points."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from hairtrack.align.appearance import gray_of, scalp_normalised, strand_suppressed
from hairtrack.align.keypoints import KeyPoints, find_keypoints, standing_still
from hairtrack.align.settings import ScalpSettings
from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpCopies:
    """One photo as alignment sees it.

    `normalised` and `suppressed` (without thin strands) are (h, w); `keypoints` one set a copy. `head` (h, w) is the
    scalp: a match is looked for there alone and judged there alone. `reach` (h, w) is the head with its surroundings:
    forehead, ears and nape move with the head, and once a map of the scalp is found they hold it at the rim.
    `diameter_px` is the diameter of a disc of the area of the head as it was found.
    """

    normalised: GrayImage
    suppressed: GrayImage
    keypoints: tuple[KeyPoints, KeyPoints]
    head: Mask
    reach: Mask
    diameter_px: float


def scalp_copies(rgb8: Rgb8Image, head: Mask, settings: ScalpSettings) -> ScalpCopies:
    """Return the copies of a photo (h, w, 3) in which only the head and its surroundings count."""
    diameter = 2 * float(np.sqrt(head.sum() / np.pi))
    outside_px = cv2.distanceTransform(np.logical_not(head).astype(np.uint8), cv2.DIST_L2, 5)
    reach = np.asarray(outside_px <= settings.reach_fraction * diameter, np.bool_)
    window = settings.window_fraction * diameter
    gray = gray_of(rgb8)
    normalised = scalp_normalised(gray, reach, window_px=window)
    # strands are taken from the normalised copy, since a closing of the photo would carry background into the scalp
    even = (normalised + np.float32(3)) / np.float32(6)
    thin_px = settings.strand_width_fraction * diameter
    suppressed = scalp_normalised(strand_suppressed(even, strand_width_px=thin_px), reach, window_px=window)
    reduction = max(1.0, diameter / settings.keypoint_diameter_px)
    one, other = (
        find_keypoints(copy, reach, count=settings.keypoints, contrast=settings.contrast, reduction=reduction)
        for copy in (normalised, suppressed)
    )
    return ScalpCopies(
        normalised=normalised,
        suppressed=suppressed,
        keypoints=(one, other),
        head=head,
        reach=reach,
        diameter_px=diameter,
    )


def without_room(
    reference: ScalpCopies, moving: ScalpCopies, room: Mask, settings: ScalpSettings
) -> tuple[ScalpCopies, ScalpCopies]:
    """Return both copies without the unmoved room, and without key points that belong to it.

    These are key points whose surroundings reach into the room, and those round the head that stand still themselves:
    the room goes on where it is too plain to be told as room, and would hold the rim of the head in place.
    """
    pair = (reference, moving)
    clear_px = cv2.distanceTransform(np.logical_not(room).astype(np.uint8), cv2.DIST_L2, 5)
    kept: list[list[KeyPoints]] = [[], []]
    for points in zip(reference.keypoints, moving.keypoints, strict=True):
        radius_px = settings.still_fraction * reference.diameter_px
        still = standing_still(*points, radius_px=radius_px, likeness=settings.likeness)
        for copies, one, stands, into in zip(pair, points, still, kept, strict=True):
            column, row = np.round(one.xy).astype(int).T
            clear = clear_px[row, column] > 2 * one.size_px
            into.append(one.kept(np.asarray(clear & (copies.head[row, column] | ~stands), np.bool_)))
    first, second = (
        replace(
            copies,
            normalised=np.where(room, np.float32(0), copies.normalised),
            suppressed=np.where(room, np.float32(0), copies.suppressed),
            keypoints=(points[0], points[1]),
            head=np.asarray(copies.head & ~room, np.bool_),
            reach=np.asarray(copies.reach & ~room, np.bool_),
        )
        for copies, points in zip(pair, kept, strict=True)
    )
    return first, second


def with_head(copies: ScalpCopies, head: Mask) -> ScalpCopies:
    """Return the copies with another head inside their reach."""
    return replace(copies, head=np.asarray(head & copies.reach, np.bool_))
