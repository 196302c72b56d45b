"""Regions of the scalp in head coordinates, per view, from the outline of the head."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.outline import area_px, inside_of, share_in_picture
from hairtrack.imaging.types import Mask
from hairtrack.model import PictureSide, RegionName, View

Polygon = tuple[tuple[float, float], ...]

LEAST_SEEN_FRACTION = 0.5
"""A region of which less than half lies on the head that is seen is not placed: the rest would be guessed."""

ROUND_POINTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionShape:
    """A region on the working image.

    Parameters
    ----------
    name
        Of the region.
    polygon_xy
        Its outline.
    seen_fraction
        Share of it that lies in the picture.
    position_std_px
        Standard error of its place across or down, from the pose and from the outline of the head.
    """

    name: RegionName
    polygon_xy: Polygon
    seen_fraction: float
    position_std_px: float


def _disc(centre_x: float, centre_y: float, radius_x: float, radius_y: float) -> Polygon:
    turn = np.linspace(0, 2 * np.pi, ROUND_POINTS, endpoint=False)
    return tuple((centre_x + radius_x * float(np.cos(t)), centre_y + radius_y * float(np.sin(t))) for t in turn)


ATLAS: dict[View, tuple[tuple[RegionName, Polygon], ...]] = {
    # From above, the outline tells no forehead from crown, and a photo may be taken from either end: only the middle
    # of what is seen is the same place whichever way up the photo is.
    View.TOP: ((RegionName.MIDSCALP, _disc(0.0, 0.0, 0.5, 0.5)),),
    View.VERTEX: ((RegionName.VERTEX, _disc(0.0, 0.0, 0.5, 0.5)),),
    View.BACK: ((RegionName.OCCIPITAL, _disc(0.0, 0.0, 0.45, 0.45)),),
    # A head is photographed upright from the front and the sides.
    View.FRONT: ((RegionName.FRONTAL, _disc(0.0, 0.05, 0.45, 0.35)),),
    View.LEFT: ((RegionName.PARIETAL_LEFT, _disc(0.0, 0.1, 0.4, 0.5)),),
    View.RIGHT: ((RegionName.PARIETAL_RIGHT, _disc(0.0, 0.1, 0.4, 0.5)),),
}
"""Polygons in head coordinates: x and y from the centre of hair and hair-bearing scalp, in units of their half width
and half height."""

FROM_ABOVE = (
    (RegionName.FRONTAL, _disc(0.0, 0.60, 0.45, 0.22)),
    (RegionName.MIDSCALP, _disc(0.0, 0.08, 0.50, 0.24)),
    (RegionName.VERTEX, _disc(0.0, -0.47, 0.45, 0.24)),
)
"""Polygons of a head seen from above whose forehead lies towards the lower edge; y runs towards it."""

TURNED: dict[PictureSide, NDArray[np.float64]] = {
    PictureSide.BOTTOM: np.array([[1.0, 0.0], [0.0, 1.0]]),
    PictureSide.LEFT: np.array([[0.0, 1.0], [-1.0, 0.0]]),
    PictureSide.TOP: np.array([[-1.0, 0.0], [0.0, -1.0]]),
    PictureSide.RIGHT: np.array([[0.0, -1.0], [1.0, 0.0]]),
}
"""Rows that `FROM_ABOVE` is multiplied with when the forehead lies elsewhere."""

PLACE_STD: dict[View, float] = {
    View.TOP: 0.14,
    View.VERTEX: 0.12,
    View.BACK: 0.07,
    View.FRONT: 0.19,
    View.LEFT: 0.12,
    View.RIGHT: 0.12,
}
"""Standard error of a place, in half widths: heads turned and tilted by 8 degrees (SD), their outline found as on a
photo (validation/results/atlas_on_drawn_heads.txt)."""


def atlas_regions(
    head_mask: Mask, *, view: View | None, forehead: PictureSide | None = None
) -> tuple[RegionShape, ...]:
    """Return the regions that a view shows, placed on the head's outline.

    Only what the outline can tell is placed: a view without an entry, or an unknown view, has no regions.

    Parameters
    ----------
    head_mask
        (H, W) hair-bearing scalp and hair.
    view
        From where the head is seen.
    forehead
        Towards which side the forehead lies on a photo from above, when somebody said it: three regions then.
    """
    if view not in ATLAS or not head_mask.any():
        return ()
    centre, half = _frame_of(head_mask)
    entries = ATLAS[view] if forehead is None or view is not View.TOP else _from_above(forehead)
    shapes = []
    for name, polygon in entries:
        placed = np.asarray(polygon, np.float64) * half + centre
        on_head = float((inside_of(placed, head_mask.shape) & head_mask).sum()) / max(area_px(placed), 1.0)
        if on_head >= LEAST_SEEN_FRACTION:
            corners = tuple((float(x), float(y)) for x, y in placed)
            seen = share_in_picture(placed, head_mask.shape)
            place_std = PLACE_STD[view] * float(np.sqrt(half[0] * half[1]))
            shapes.append(RegionShape(name=name, polygon_xy=corners, seen_fraction=seen, position_std_px=place_std))
    return tuple(shapes)


def _from_above(forehead: PictureSide) -> tuple[tuple[RegionName, Polygon], ...]:
    turned = ((name, np.asarray(polygon) @ TURNED[forehead]) for name, polygon in FROM_ABOVE)
    return tuple((name, tuple((float(x), float(y)) for x, y in polygon)) for name, polygon in turned)


def _frame_of(head_mask: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return centre and half axes of the head: those of its mass, which hairs that stand out hardly move."""
    opened = cv2.morphologyEx(head_mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero(opened if opened.any() else head_mask)
    centre = np.array([columns.mean(), rows.mean()])
    # A filled ellipse of half axes (a, b) has standard deviations a/2 and b/2.
    return centre, np.array([2 * columns.std(), 2 * rows.std()])
