"""Candidate shafts from the straight sides of hairs: each drawn edge says where one hair would lie.

A hair seen from above has two straight, parallel sides. Line segments are found by LSD (von Gioi et al. 2010,
doi:10.1109/TPAMI.2008.300); the dark flank of each is the hair. Where the opposite side can be seen the hair's width is
measured, otherwise, within a bundle, it is that of the other hairs of the picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import GrayImage, Mask
from hairtrack.segment.shaft_pixels import ShaftPixels
from hairtrack.segment.shaft_settings import ShaftSettings

Floats = NDArray[np.float64]

_PROFILE_STEP_PX = 0.5
_OUTSIDE_PX, _INSIDE_PX = 5.0, 17.0
_EDGE_PX = 2.0
LEAST_WIDTH_PX = _EDGE_PX
"""Rough widths are at least this: one that is says only that the shaft is thin."""

_ALONG = np.linspace(0.15, 0.85, 7)
_LONGEST_PX = 150
_DEEPEST_DARKNESS = 1.55
"""Darkness that is drawn as black for the search of sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftCandidates:
    """Straight shafts that may be hairs, at analysis size; all arrays have one row a candidate.

    Parameters
    ----------
    start_xy, end_xy
        (N, 2) ends of the centre line, in no order.
    width_px
        (N,) width.
    core, skin
        (N,) darkness within and beside the shaft.
    side_span_px
        (N, 2) first and last place along the centre line where the side itself was seen.
    both_sides
        (N,) whether the width was measured from both sides.
    typical_width_px
        Width of an ordinary single shaft of this picture.
    """

    start_xy: Floats
    end_xy: Floats
    width_px: Floats
    core: Floats
    skin: Floats
    side_span_px: Floats
    both_sides: NDArray[np.bool_]
    typical_width_px: float


def shaft_candidates(pixels: ShaftPixels, settings: ShaftSettings) -> ShaftCandidates:
    """Return the shafts that the straight edges of a close-up speak for.

    Parameters
    ----------
    pixels
        Darkness at analysis size.
    settings
        Sizes and limits.
    """
    segments = _straight_edges(pixels.darkness, settings)
    darkness = np.asarray(cv2.GaussianBlur(pixels.darkness, (0, 0), 0.7), np.float32)
    along, inward, lengths = _directions(segments)
    profiles, flipped = _profiles(darkness, segments, inward)
    inward[flipped] *= -1
    skin = np.median(profiles[:, : int((_OUTSIDE_PX - 1.5) / _PROFILE_STEP_PX)], axis=1)
    widths, core = _widths(profiles, skin)
    contrast = core - skin
    typical = _typical_width_px(widths, lengths, contrast, pixels, settings)
    both = np.isfinite(widths) & (widths <= settings.widest_of_typical * typical)
    widths = np.maximum(np.where(both, widths, typical), LEAST_WIDTH_PX)
    keep = contrast >= settings.faint_contrast
    middle = (segments[:, :2] + segments[:, 2:]) / 2 + inward * widths[:, None] / 2
    threshold = (core + skin) / 2
    back, forth = _reach(darkness, _blocked(pixels.seen), middle[keep], along[keep], widths[keep], threshold[keep])
    span = np.c_[back - lengths[keep] / 2, back + lengths[keep] / 2]
    long_enough = back + forth >= np.maximum(settings.shortest_mm * pixels.px_per_mm, 1.2 * widths[keep])
    chosen = np.flatnonzero(keep)[long_enough]
    return ShaftCandidates(
        start_xy=middle[chosen] - along[chosen] * back[long_enough, None],
        end_xy=middle[chosen] + along[chosen] * forth[long_enough, None],
        width_px=widths[chosen],
        core=core[chosen],
        skin=skin[chosen],
        side_span_px=span[long_enough],
        both_sides=both[chosen],
        typical_width_px=typical,
    )


def _straight_edges(darkness: GrayImage, settings: ShaftSettings) -> Floats:
    drawn = np.clip(darkness * (235 / _DEEPEST_DARKNESS) + 20, 0, 255).astype(np.uint8)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, 1.0).detect(drawn)[0]
    segments = np.zeros((0, 4)) if found is None else np.asarray(found, np.float64).reshape(-1, 4)
    lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return segments[lengths >= settings.shortest_side_px]


def _directions(segments: Floats) -> tuple[Floats, Floats, Floats]:
    vector = segments[:, 2:] - segments[:, :2]
    lengths = np.hypot(vector[:, 0], vector[:, 1])
    along = vector / np.maximum(lengths, 1e-9)[:, None]
    return along, np.c_[-along[:, 1], along[:, 0]], lengths


def sampled(values: GrayImage, points_xy: Floats, *, between: int = cv2.INTER_LINEAR) -> Floats:
    """Return values of a map at points of any shape (..., 2), told from the pixels around; the rim is continued."""
    flat = points_xy.reshape(-1, 2).astype(np.float32)
    out = np.empty(len(flat), np.float64)
    for first in range(0, len(flat), 30000):  # cv2.remap takes at most 32767 rows
        part = flat[first : first + 30000]
        out[first : first + 30000] = cv2.remap(
            values, part[:, :1], part[:, 1:], between, borderMode=cv2.BORDER_REPLICATE
        ).ravel()
    return out.reshape(points_xy.shape[:-1])


def _profiles(darkness: GrayImage, segments: Floats, inward: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return darkness across each edge from outside to inside, and whether `inward` had to be turned for that."""
    places = segments[:, None, :2] + _ALONG[None, :, None] * (segments[:, 2:] - segments[:, :2])[:, None]
    offsets = np.arange(-_OUTSIDE_PX, _INSIDE_PX + 0.1, _PROFILE_STEP_PX)
    across = [
        sampled(darkness, places[:, :, None] + sign * offsets[None, None, :, None] * inward[:, None, None]).mean(axis=1)
        for sign in (1, -1)
    ]
    edge, reach = int(_OUTSIDE_PX / _PROFILE_STEP_PX), int(_EDGE_PX / _PROFILE_STEP_PX)
    rises = [profile[:, edge + reach] - profile[:, edge - reach] for profile in across]
    flipped = np.asarray(rises[1] > rises[0], np.bool_)
    return np.where(flipped[:, None], across[1], across[0]), flipped


def _widths(profiles: Floats, skin: Floats) -> tuple[Floats, Floats]:
    """Return the width at half darkness (NaN where the opposite side is not reached) and the darkness of the core."""
    inside = profiles[:, int(_OUTSIDE_PX / _PROFILE_STEP_PX) :]
    core = inside[:, :9].max(axis=1, initial=0.0)
    widths = np.full(len(profiles), np.nan)
    every, places = np.arange(len(inside)), np.arange(inside.shape[1])
    for _ in range(2):  # the second time with the core between the two edges
        threshold = (core + skin) / 2
        dark = inside >= threshold[:, None]
        first = dark.argmax(axis=1)
        lighter = ~dark & (places > first[:, None])
        closed = dark.any(axis=1) & lighter.any(axis=1)
        beyond = lighter.argmax(axis=1)
        last = np.maximum(beyond - 1, 0)
        between = (places >= first[:, None]) & (places <= last[:, None])
        deepest = np.where(between, inside, -np.inf).max(axis=1, initial=-np.inf)
        core = np.where(closed, deepest, core)
        fall = (inside[every, last] - threshold) / np.maximum(1e-6, inside[every, last] - inside[every, beyond])
        widths = np.where(closed, (last + np.clip(fall, 0, 1) - first) * _PROFILE_STEP_PX, widths)
    return widths, core


def _typical_width_px(
    widths: Floats, lengths: Floats, contrast: Floats, pixels: ShaftPixels, settings: ShaftSettings
) -> float:
    """Return the median width of clear shafts, each weighted by its length; nominal when there are too few."""
    um = 1000 / pixels.px_per_mm
    clear = (
        (widths * um > settings.thinnest_clear_um)
        & (widths * um < settings.thickest_um)
        & (lengths > settings.clear_side_px)
        & (contrast > settings.clear_contrast)
    )
    if clear.sum() < settings.fewest_clear:
        return settings.typical_shaft_um / um
    typical = float(np.median(np.repeat(widths[clear], np.maximum(1, lengths[clear] // 6).astype(int))))
    return float(np.clip(typical, 0.65 * settings.typical_shaft_um / um, 1.45 * settings.typical_shaft_um / um))


def _blocked(seen: Mask) -> Mask:
    """Return broad areas without skin; thin graphics do not end a hair."""
    return np.asarray(cv2.morphologyEx((~seen).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)), np.bool_)


def _reach(  # noqa: PLR0917 one call, all of one row a candidate
    darkness: GrayImage, blocked: Mask, middle: Floats, along: Floats, widths: Floats, threshold: Floats
) -> tuple[Floats, Floats]:
    """Return how far each centre line stays dark, backward and forward; gaps of three pixels are crossed."""
    height, width = darkness.shape
    longest_gap = 4
    steps = np.arange(0.0, _LONGEST_PX)
    across = np.c_[-along[:, 1], along[:, 0]]
    lanes = np.array([-0.25, 0.0, 0.25])[None, :, None] * (widths[:, None] * across)[:, None]
    reached = []
    for sign in (-1, 1):
        line = middle[:, None] + sign * steps[None, :, None] * along[:, None]
        dark = sampled(darkness, line[:, :, None] + lanes[:, None]) > threshold[:, None, None]
        columns = np.clip(line[..., 0].round(), 0, width - 1).astype(int)
        rows = np.clip(line[..., 1].round(), 0, height - 1).astype(int)
        inside = (line >= 0).all(axis=2) & (line[..., 0] <= width - 1) & (line[..., 1] <= height - 1)
        fits = (dark.sum(axis=2) >= 2) & inside & ~blocked[rows, columns]  # noqa: PLR2004 two of three lanes
        padded = np.concatenate([fits, np.zeros((len(fits), longest_gap), np.bool_)], axis=1)
        windows = np.asarray(np.lib.stride_tricks.sliding_window_view(padded, longest_gap, axis=1), np.bool_)
        stops = ~np.any(windows, axis=2)
        end = np.where(stops.any(axis=1), stops.argmax(axis=1) - 1, _LONGEST_PX - 1)
        reached.append(np.maximum(end, 0).astype(np.float64))
    return reached[0], reached[1]
