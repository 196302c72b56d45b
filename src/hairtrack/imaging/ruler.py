"""A millimetre ruler in a picture: evenly spaced strokes that begin on one line, every fifth or tenth of them longer.

Hairs are parallel strokes too, but they neither begin on one line at even distances nor is every fifth of them longer.
That pattern is the metric one; its smallest division is taken to be a millimetre, and a picture on which that would
show more than a close-up can is not read (it may show tenths).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask, Rgb8Image

_SEARCH_LONG_SIDE_PX = 480
"""A division is at least a 45th of the picture, 10 px at this size: rulers are read as often as at 720 px."""
_SHORTEST_PX = 5.0
_ALIKE_DEG = 2.5
_DIRECTIONS = 8
_FEWEST_STROKES = 8
_SAME_START_PX = 3.0
_UNEVEN_FRACTION = 0.12
"""A stroke stands within this share of a division of its place."""

_MOST_SPREAD_FRACTION = 0.05
_LEAST_DIVISION_PX = 6.0
_EDGE_STD_PX = 0.3
"""No edge is known better."""

_PLANE_FRACTION = 0.01
"""A ruler lies on the skin, a millimetre or less nearer to a lens that is some 50-100 mm away."""

_LONGER = 1.2
"""Every fifth or tenth stroke is this much longer than the others, which are alike within as much: half millimetres and
parts of an inch are not."""

_WIDEST_VIEW_MM = 45.0
_BODY_OF_LONGEST = 3.0
"""Numbers stand beyond the strokes: this many of the longest from the edge are ruler and no skin."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """A ruler in full-size pixels: pixels a millimetre with their standard uncertainty, and what it covers (4, 2)."""

    px_per_mm: float
    std_px_per_mm: float
    strokes: int
    corners_xy: Floats

    def covers(self, shape: tuple[int, int]) -> Mask:
        """Return (H, W) mask of strokes and numbers."""
        mask = np.zeros(shape, np.uint8)
        cv2.fillConvexPoly(mask, np.round(self.corners_xy).astype(np.int32).reshape(-1, 1, 2), 1)
        return np.asarray(mask, np.bool_)


def find_ruler(rgb8: Rgb8Image) -> Ruler | None:
    """Return the ruler that a picture shows, None without one.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    """
    gray = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.uint8)
    factor = max(1.0, max(gray.shape) / _SEARCH_LONG_SIDE_PX)
    small = cv2.resize(gray, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    edges = np.array(cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, 1.0).detect(small)[0], np.float64)
    if edges.ndim == 0:  # no edge at all
        return None
    edges = edges.reshape(-1, 2, 2)
    vector = edges[:, 1] - edges[:, 0]
    long_enough = np.hypot(vector[:, 0], vector[:, 1]) >= _SHORTEST_PX
    edges, turned = edges[long_enough], np.rad2deg(np.arctan2(vector[:, 1], vector[:, 0]))[long_enough]
    rulers = []
    for direction in _common_directions(turned):
        own = edges[_apart(turned, direction) <= _ALIKE_DEG]
        if len(own) < _FEWEST_STROKES:
            continue
        for sense in (0.0, 180.0):
            ruler = _ruler(own, direction + sense, factor)
            if ruler is not None and max(gray.shape) <= _WIDEST_VIEW_MM * ruler.px_per_mm:
                rulers.append(ruler)
    return max(rulers, key=lambda ruler: ruler.strokes, default=None)


def _apart(turned_deg: Floats, direction_deg: float) -> Floats:
    return np.abs((turned_deg - direction_deg + 180) % 360 - 180)


def _common_directions(turned_deg: Floats) -> list[float]:
    """Return the directions that most edges share; the two edges of one stroke point opposite ways."""
    count, _ = np.histogram(turned_deg, bins=180, range=(-180, 180))
    around = count + np.roll(count, 1) + np.roll(count, -1)
    highest = (around >= np.roll(around, 1)) & (around > np.roll(around, -1)) & (around >= _FEWEST_STROKES)
    peaks = np.flatnonzero(highest)
    return [2.0 * float(peak) - 179 for peak in peaks[np.argsort(-around[peaks])][:_DIRECTIONS]]


def _ruler(edges: Floats, direction_deg: float, factor: float) -> Ruler | None:
    """Return the ruler whose strokes run in a direction from where they all begin, seen by one edge of each."""
    vector = edges[:, 1] - edges[:, 0]
    mean = np.exp(1j * np.arctan2(vector[:, 1], vector[:, 0])).mean()
    sign = np.sign(np.cos(np.angle(mean) - np.deg2rad(direction_deg)))
    along = sign * np.array([mean.real, mean.imag]) / abs(mean)
    across = np.array([-along[1], along[0]])
    places, ends = edges.mean(axis=1) @ across, edges @ along
    starts, lengths = ends.min(axis=1), np.ptp(ends, axis=1)
    for start in np.unique(np.round(starts / _SAME_START_PX)) * _SAME_START_PX:
        together = np.flatnonzero(np.abs(starts - start) <= _SAME_START_PX)
        even = _even_run(places[together], lengths[together])
        if even is None:
            continue
        division_px, std_px, run = even
        own = together[run]
        first, last = places[own].min() - division_px, places[own].max() + division_px
        top = start - _SAME_START_PX
        bottom = start + _BODY_OF_LONGEST * lengths[own].max()
        corners = [u * across + v * along for u, v in ((first, top), (last, top), (last, bottom), (first, bottom))]
        return Ruler(
            px_per_mm=division_px * factor,
            std_px_per_mm=float(np.hypot(std_px, _PLANE_FRACTION * division_px)) * factor,
            strokes=len(own),
            corners_xy=(np.array(corners) + 0.5) * factor - 0.5,
        )
    return None


def _even_run(places: Floats, lengths: Floats) -> tuple[float, float, NDArray[np.int64]] | None:
    """Return the division, its standard uncertainty and the strokes of the longest even run with a metric pattern."""
    if len(places) < _FEWEST_STROKES:
        return None
    order = np.argsort(places)
    gaps = np.diff(places[order])
    division = float(np.median(gaps))
    if division < _LEAST_DIVISION_PX:
        return None
    breaks = np.flatnonzero(np.abs(gaps - division) > _UNEVEN_FRACTION * division) + 1
    run = max(np.split(order, breaks), key=len)
    if len(run) < _FEWEST_STROKES:
        return None
    numbers = np.arange(len(run), dtype=np.float64)
    (slope, offset), covariance = np.polyfit(numbers, places[run], 1, cov="unscaled")
    spread = float(np.std(places[run] - slope * numbers - offset, ddof=2))
    if spread > _MOST_SPREAD_FRACTION * slope or not _is_metric(lengths[run]):
        return None
    return float(slope), float(max(spread, _EDGE_STD_PX) * np.sqrt(covariance[0, 0])), np.asarray(run, np.int64)


def _is_metric(lengths: Floats) -> bool:
    """Return whether every fifth or tenth stroke of a run is longer, and the others are alike."""
    numbers = np.arange(len(lengths))
    for step in (5, 10):
        for first in range(step):
            longer = numbers % step == first
            middle = (numbers % 10 == (first + 5) % 10) & ~longer
            usual = lengths[~longer & ~middle]
            if longer.sum() < 2 or not len(usual):  # noqa: PLR2004 one longer stroke is no pattern
                continue
            if lengths[longer].min() >= _LONGER * usual.max() and usual.max() <= _LONGER * usual.min():
                return True
    return False
