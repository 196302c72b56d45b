"""The room behind the head: what stands still while the head moved is no scalp."""

import cv2
import numpy as np

from hairtrack.align.appearance import gray_of, scalp_normalised
from hairtrack.align.evidence import local_correlation
from hairtrack.align.settings import RoomSettings
from hairtrack.imaging.types import Mask, Rgb8Image


def unmoved_room(
    reference_rgb8: Rgb8Image, moving_rgb8: Rgb8Image, heads: tuple[Mask, Mask], settings: RoomSettings
) -> Mask | None:
    """Return what both pictures show at the same place round the head, or None when the room moved or cannot be told.

    Two photos by one camera on a stand share the whole room. Where a head mask takes in a piece of it, that piece would
    match perfectly and pull the map, or make two different heads look like one. A room that moved with the camera is
    not seen by this.

    Parameters
    ----------
    reference_rgb8, moving_rgb8
        (h, w, 3) working pictures; pictures of unequal size share no place.
    heads
        (h, w) both head masks.
    settings
        How still is still.
    """
    if reference_rgb8.shape != moving_rgb8.shape:
        return None
    diameter = 2 * float(np.sqrt(heads[0].sum() / np.pi))
    # a room is coarser than strands: a head of some 200 pixels shows whether it stands still
    height, width = heads[0].shape
    smaller = max(1.0, diameter / settings.head_diameter_px)
    size = (round(width / smaller), round(height / smaller))
    diameter /= smaller
    ours, theirs = (cv2.resize(h.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0 for h in heads)
    either, both = np.asarray(ours | theirs, np.bool_), np.asarray(ours & theirs, np.bool_)
    everywhere = np.ones(either.shape, np.bool_)
    one, other = (
        scalp_normalised(
            gray_of(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)),
            everywhere,
            window_px=settings.window_fraction * diameter,
        )
        for picture in (reference_rgb8, moving_rgb8)
    )
    alike = local_correlation(one, other, everywhere, window_px=settings.window_fraction * diameter / 3)
    still = np.asarray(alike > settings.still_correlation, np.bool_)
    depth_px = cv2.distanceTransform(np.pad(both, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    core = np.asarray(depth_px > settings.rim_fraction * diameter, np.bool_)
    if either.all() or not core.any():
        return None
    outside_share, inside_share = float(still[~either].mean()), float(still[core].mean())
    if outside_share < settings.least_still_outside or inside_share > settings.most_still_inside * outside_share:
        return None
    count, labels = cv2.connectedComponents(still.astype(np.uint8))
    reaching_out = np.zeros(count, np.bool_)
    reaching_out[np.unique(labels[still & ~either])] = True
    reaching_out[0] = False
    room = reaching_out[labels].astype(np.uint8)
    return np.asarray(cv2.resize(room, (width, height), interpolation=cv2.INTER_NEAREST), np.bool_)
