"""Bundles into single hairs: the fewest candidate shafts that together explain the dark pixels."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask
from hairtrack.segment.lean import joined_pieces, turned_from_lean_deg
from hairtrack.segment.shaft_pixels import ShaftPixels
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shaft_sides import Floats, ShaftCandidates

_MARGIN_PX = 1.0
"""The blurred rim of an explained hair explains this much more."""

_LEAST_SEEN = 0.7
_LEAST_DARK = 0.6


def explain(
    candidates: ShaftCandidates, pixels: ShaftPixels, settings: ShaftSettings
) -> tuple[NDArray[np.int64], Floats, Mask]:
    """Return the chosen candidates, their ends after trimming, and the pixels that they explain.

    Greedy cover, twice: the candidate that newly explains most is taken first; each later one must explain enough that
    is its own. A shaft pays for every bright pixel that it claims. The second time the lean of the hairs of the first
    is known: a candidate that lies across its neighbours must be longer and plainer, one that lies along needs less of
    its own. Pieces of one shaft are joined at the end.

    Parameters
    ----------
    candidates
        Possible shafts.
    pixels
        Darkness at analysis size.
    settings
        Sizes and limits.

    Returns
    -------
    chosen
        (K,) indices of candidates, best first.
    ends_xy
        (K, 2, 2) start and end of each.
    explained
        (h, w) mask of hair pixels.
    """
    strokes = _strokes(candidates, pixels, settings)
    first, ends, hair = _cover(strokes, np.zeros(len(strokes.areas)), settings)
    if len(first) >= settings.fewest_for_lean:
        turned = turned_from_lean_deg(candidates, ends, pixels.px_per_mm)
        first, ends, hair = _cover(strokes, turned, settings)
    kept, joined = joined_pieces(ends, candidates.width_px[first], gap_px=settings.piece_gap_mm * pixels.px_per_mm)
    return first[kept], joined, np.asarray(hair.reshape(pixels.darkness.shape), np.bool_)


@dataclass(frozen=True, slots=True)
class _Strokes:
    """What each candidate covers: its pixels (flat), which are dark, and whether it may be a hair at all."""

    candidates: ShaftCandidates
    pixels: ShaftPixels
    areas: list[NDArray[np.int64]]
    dark: list[NDArray[np.bool_]]
    plausible: NDArray[np.bool_]


def _strokes(candidates: ShaftCandidates, pixels: ShaftPixels, settings: ShaftSettings) -> _Strokes:
    darkness, seen = pixels.darkness.ravel(), pixels.seen.ravel()
    areas = [_area(candidates, index, pixels.darkness.shape) for index in range(len(candidates.width_px))]
    threshold = (candidates.core + candidates.skin) / 2
    plausible = [
        len(area) > 0 and bool(seen[area].mean() >= _LEAST_SEEN) and _plausible(candidates, index, pixels, settings)
        for index, area in enumerate(areas)
    ]
    return _Strokes(
        candidates=candidates,
        pixels=pixels,
        areas=areas,
        dark=[darkness[area] > level for area, level in zip(areas, threshold, strict=True)],
        plausible=np.array(plausible, np.bool_),
    )


def _cover(strokes: _Strokes, turned_deg: Floats, settings: ShaftSettings) -> tuple[NDArray[np.int64], Floats, Mask]:
    """Return the candidates that together explain the dark pixels, their ends, and the pixels (flat)."""
    candidates, areas, dark = strokes.candidates, strokes.areas, strokes.dark
    shape = strokes.pixels.darkness.shape
    contrast = candidates.core - candidates.skin
    weight = np.minimum(1.0, contrast) * np.exp(-((turned_deg / settings.lean_spread_deg) ** 2) / 2)
    share = np.where(turned_deg < settings.along_deg, settings.new_share, settings.new_share_turned)
    covered = np.zeros(strokes.pixels.darkness.size, np.bool_)
    hair = covered.copy()
    allowed = strokes.plausible & _may_be_turned(strokes, turned_deg, settings)
    worth = np.array([weight[i] * _gain(areas[i], dark[i], covered) for i in range(len(areas))])
    worth[~allowed] = -np.inf
    chosen, ends = [], []
    while len(worth) and (best := int(np.argmax(worth))) >= 0 and worth[best] > 0:
        gain = _gain(areas[best], dark[best], covered)
        if weight[best] * gain < worth[best] - 1e-9:  # outdated: others have explained part of it since
            worth[best] = weight[best] * gain
            continue
        worth[best] = -np.inf
        if gain < share[best] * len(areas[best]) or dark[best].mean() < _LEAST_DARK:
            continue
        own = dark[best] & ~covered[areas[best]]
        start, end = _trimmed(strokes, best, own, settings)
        chosen.append(best)
        ends.append((start, end))
        hair[areas[best][dark[best]]] = True
        covered[_stroke(start, end, candidates.width_px[best] / 2 + _MARGIN_PX, _MARGIN_PX, shape)] = True
    return np.array(chosen, np.int64), np.array(ends, np.float64).reshape(-1, 2, 2), np.asarray(hair, np.bool_)


def _may_be_turned(strokes: _Strokes, turned_deg: Floats, settings: ShaftSettings) -> NDArray[np.bool_]:
    """Return whether a candidate that lies across its neighbours is long and plain: short ones are rims and scales."""
    candidates = strokes.candidates
    length_mm = np.hypot(*(candidates.end_xy - candidates.start_xy).T) / strokes.pixels.px_per_mm
    plain = candidates.core - candidates.skin >= settings.turned_contrast
    along = turned_deg <= settings.turned_deg
    return np.asarray(along | (plain & (length_mm >= settings.turned_shortest_mm)), np.bool_)


def _gain(area: NDArray[np.int64], dark: NDArray[np.bool_], covered: NDArray[np.bool_]) -> float:
    free = ~covered[area]
    return float(2 * np.count_nonzero(dark & free) - np.count_nonzero(free))


def _plausible(candidates: ShaftCandidates, index: int, pixels: ShaftPixels, settings: ShaftSettings) -> bool:
    """Return whether a shaft that is thin or faint is long and two-sided enough not to be a wrinkle."""
    width = candidates.width_px[index]
    contrast = candidates.core[index] - candidates.skin[index]
    thin = width < settings.thin_of_typical * candidates.typical_width_px
    if not thin and contrast >= settings.plain_contrast:
        return True
    length = float(np.hypot(*(candidates.end_xy[index] - candidates.start_xy[index])))
    shortest_px = max(settings.thin_shortest_mm * pixels.px_per_mm, settings.thin_slimness * width)
    return bool(candidates.both_sides[index]) and length >= shortest_px


def _area(candidates: ShaftCandidates, index: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    half_width = candidates.width_px[index] / 2
    return _stroke(candidates.start_xy[index], candidates.end_xy[index], half_width, 0.0, shape)


def _stroke(start: Floats, end: Floats, half_width: float, beyond: float, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return flat indices of the pixels of a straight stroke with square ends."""
    length = max(float(np.hypot(*(end - start))), 1e-6)
    along = (end - start) / length
    low = np.maximum(np.floor(np.minimum(start, end) - half_width - 1), 0).astype(int)
    high = np.minimum(np.ceil(np.maximum(start, end) + half_width + 1), [shape[1] - 1, shape[0] - 1]).astype(int)
    if (high < low).any():
        return np.zeros(0, np.int64)
    columns, rows = np.arange(low[0], high[0] + 1), np.arange(low[1], high[1] + 1)[:, None]
    x, y = columns - start[0], rows - start[1]
    lengthwise, crosswise = x * along[0] + y * along[1], y * along[0] - x * along[1]
    inside = (np.abs(crosswise) <= half_width) & (lengthwise >= -0.5 - beyond) & (lengthwise <= length + 0.5 + beyond)
    return np.asarray((rows * shape[1] + columns)[inside], np.int64)


def _trimmed(strokes: _Strokes, index: int, own: NDArray[np.bool_], settings: ShaftSettings) -> tuple[Floats, Floats]:
    """Return the ends of a shaft, cut back where it only runs on along pixels that others explain."""
    candidates, area = strokes.candidates, strokes.areas[index]
    columns = strokes.pixels.darkness.shape[1]
    start, end = candidates.start_xy[index], candidates.end_xy[index]
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    place = (area % columns - start[0]) * along[0] + (area // columns - start[1]) * along[1]
    bins = np.clip(place.round().astype(int), 0, int(length) + 1)
    total = np.bincount(bins, minlength=int(length) + 2)
    fresh = np.bincount(bins[own], minlength=int(length) + 2) / np.maximum(total, 1)
    smooth = cv2.blur(fresh.reshape(1, -1), (5, 1)).ravel()
    side_first, side_last = candidates.side_span_px[index]
    first, last = 0, int(length)
    while first < min(side_first, length / 2) and smooth[first] < settings.trim_share:
        first += 1
    while last > max(side_last, length / 2) and smooth[last] < settings.trim_share:
        last -= 1
    if last - first < settings.shortest_mm * strokes.pixels.px_per_mm:
        return start, end
    return start + along * first, start + along * min(last, length)
