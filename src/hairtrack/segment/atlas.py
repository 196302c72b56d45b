"""Regions of the scalp in head coordinates, per view, from the outline of the head."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.outline import area_px, inside_of, share_in_picture
from hairtrack.imaging.types import Mask
from hairtrack.model import RegionName, View

Polygon = tuple[tuple[float, float], ...]

LEAST_SEEN_FRACTION = 0.5
"""A region of which less than half lies on the head that is seen is not placed: the rest would be guessed."""

ROUND_POINTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionShape:
    """A region on the working image; `seen_fraction` is the share of it that lies in the picture."""

    name: RegionName
    polygon_xy: Polygon
    seen_fraction: float


def _disc(centre_x: float, centre_y: float, radius_x: float, radius_y: float) -> Polygon:
    turn = np.linspace(0, 2 * np.pi, ROUND_POINTS, endpoint=False)
    return tuple((centre_x + radius_x * float(np.cos(t)), centre_y + radius_y * float(np.sin(t))) for t in turn)


ATLAS: dict[View, tuple[tuple[RegionName, Polygon], ...]] = {
    # The outline tells no forehead from crown, no left from right, and a photo may be taken from either end: only
    # the middle of what is seen is the same place whichever way up the photo is.
    View.TOP: ((RegionName.MIDSCALP, _disc(0.0, 0.0, 0.5, 0.5)),),
    View.VERTEX: ((RegionName.VERTEX, _disc(0.0, 0.0, 0.5, 0.5)),),
    View.BACK: ((RegionName.OCCIPITAL, _disc(0.0, 0.0, 0.45, 0.45)),),
}
"""Polygons in head coordinates: x and y from the head's centre in units of its half width and half height."""


def atlas_regions(head_mask: Mask, *, view: View | None) -> tuple[RegionShape, ...]:
    """Return the regions that a view shows, placed on the head's outline.

    Only what the outline can tell is placed: a view without an entry, or an unknown view, has no regions. Left, right
    and front views need an outline drawn by a person, since bare scalp and forehead share one outline there.
    """
    if view not in ATLAS or not head_mask.any():
        return ()
    centre, half = _frame_of(head_mask)
    shapes = []
    for name, polygon in ATLAS[view]:
        placed = np.asarray(polygon, np.float64) * half + centre
        on_head = float((inside_of(placed, head_mask.shape) & head_mask).sum()) / max(area_px(placed), 1.0)
        if on_head >= LEAST_SEEN_FRACTION:
            corners = tuple((float(x), float(y)) for x, y in placed)
            seen = share_in_picture(placed, head_mask.shape)
            shapes.append(RegionShape(name=name, polygon_xy=corners, seen_fraction=seen))
    return tuple(shapes)


def _frame_of(head_mask: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return centre and half axes of the head: those of its mass, which hairs that stand out hardly move."""
    opened = cv2.morphologyEx(head_mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero(opened if opened.any() else head_mask)
    centre = np.array([columns.mean(), rows.mean()])
    # A filled ellipse of half axes (a, b) has standard deviations a/2 and b/2.
    return centre, np.array([2 * columns.std(), 2 * rows.std()])
