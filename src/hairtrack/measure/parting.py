"""How wide the bare line of a parting is."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import linear_light
from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import FractionMap, Mask, PointsXY, Rgb8Image
from hairtrack.measure.fields import doubled_directions
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told_length
from hairtrack.model import Measured, NotMeasured, PixelScale

METHOD_MM = "part_width_mm@1"
METHOD_RELATIVE = "part_width_of_head_width@1"
SHORTEST_HAIR_MM = 30.0
RIDGE_FRACTIONS = (0.01, 0.022)
"""Half widths at which the line is looked for, of the head's width: 2 and 4 mm."""

RIDGE_LENGTH_FRACTION = 0.07
SEARCH_WIDTH_PX = 200
TURNS = 18
STILL_FRACTION = 0.4
LEAST_RIDGE = 0.25
"""Answer of the ridge filter, as a share of the step from hair to skin, below which there is no parting."""

LEAST_LENGTH_FRACTION = 0.25
"""A shorter bare line is a gap between locks; of the head's width."""

REACH_FRACTION = 0.09
BESIDE_FRACTION = 0.06
"""Profiles across the line reach this far; from `BESIDE_FRACTION` on they show the hair beside it."""

LEAST_HAIR_BESIDE = 0.55
"""Opacity of the hair beside a parting: with less it is no parting but a bald stripe."""

MOST_HAIR_ON_LINE = 0.6
"""Opacity on the line, as a share of that beside it: with more it is a gap between two locks."""

LEAST_ACROSS = 0.1
"""Mean of cos 2φ for hairs at φ to the line's normal: 1 across it, 0 in all directions, -1 along it."""

POINTS_ALONG, SEGMENTS = 64, 8
SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingLine:
    """A bare line: points along its middle and the unit normals there, in pixels, (N, 2) both."""

    points_xy: PointsXY
    normals_xy: PointsXY


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """A parting: its line, its widths along it in pixels, (S,), and how much less hair hides the scalp on it, 0-1."""

    line: PartingLine
    widths_px: NDArray[np.float64]
    cover_lost: float

    def taken_from(self, region_mask: Mask) -> float:
        """Return by how much the parting lowers the coverage of a region, 0-1."""
        strip = np.zeros(region_mask.shape, np.uint8)
        points = np.round(self.line.points_xy * 2**SUBPIXEL_BITS).astype(np.int32)
        width = max(1, round(float(np.median(self.widths_px))))
        cv2.polylines(strip, [points], isClosed=False, color=1, thickness=width, shift=SUBPIXEL_BITS)
        return self.cover_lost * float((strip > 0)[region_mask].sum()) / max(1, int(region_mask.sum()))


def measure_part_width(
    rgb8: Rgb8Image,
    opacity: FractionMap,
    *,
    head_mask: Mask,
    excluded: Mask,
    scale: PixelScale | None,
    full_per_working: float = 1.0,
    hair_length_mm: float | None = None,
    settings: MeasureSettings,
) -> Measured | NotMeasured:
    """Return `part_width_mm`: the mean width of the bare line along a parting, at half its height.

    In head widths when the scale is unknown; unit and method say which. Higher is thinner hair beside the parting.
    Valid from above or the front, for hair longer than 30 mm parted by a comb.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    opacity
        (H, W) share of the scalp hidden by hair.
    head_mask, excluded
        (H, W) hair-bearing scalp; glare, marks and text.
    scale
        Of the full photo; None when unknown.
    full_per_working
        Pixels of the full photo a pixel of these arrays.
    hair_length_mm
        As told or measured; None when nobody knows.
    settings
        Calibrated errors.
    """
    if hair_length_mm is not None and hair_length_mm < SHORTEST_HAIR_MM:
        return NotMeasured(
            reason="the hair is too short to be parted",
            remedy="measure the parting when the hair is 30 mm long",
            flags=("hair_too_short",),
        )
    width_px = width_of(head_mask)
    parting = find_parting(rgb8, opacity, head_mask=head_mask, excluded=excluded)
    if parting is None:
        return NotMeasured(
            reason="no bare line with full hair on both sides is seen",
            remedy="part the dry hair on the midline with a comb and photograph it from above",
            flags=("no_parting",),
        )
    widths = parting.widths_px
    mean, sampling = float(np.median(widths)), float(np.std(widths) / np.sqrt(len(widths)))
    errors = {"segmentation": settings.part_width_std_fraction * width_px + settings.part_width_relative_std * mean}
    errors["sampling"] = sampling
    return told_length(
        mean,
        errors,
        head_width_px=width_px,
        scale=scale,
        full_per_working=full_per_working,
        methods=(METHOD_MM, METHOD_RELATIVE),
    )


def find_parting(rgb8: Rgb8Image, opacity: FractionMap, *, head_mask: Mask, excluded: Mask) -> Parting | None:
    """Return the parting of a head, None when no bare line with hair that leaves it on both sides is seen.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    opacity, head_mask, excluded
        (H, W), as in `measure_part_width`.
    """
    width_px, scalp = width_of(head_mask), head_mask & ~excluded
    likeness = _likeness_to_skin(rgb8, opacity, scalp)
    line = None if likeness is None else find_line(likeness, scalp, width_px)
    if likeness is None or line is None or not _hair_leaves(rgb8, line, width_px):
        return None
    return _measured_across(likeness, opacity, line, width_px)


def _likeness_to_skin(rgb8: Rgb8Image, opacity: FractionMap, scalp: Mask) -> NDArray[np.float32] | None:
    """Return where each pixel lies between the colours of hair, 0, and of the barest places, 1; None without hair."""
    linear = linear_light(rgb8)
    inside = opacity[scalp]
    if inside.size == 0 or float((inside > LEAST_HAIR_BESIDE).mean()) < 0.3:  # noqa: PLR2004 a third of the head
        return None
    barest = scalp & (opacity <= np.quantile(inside, 0.03))
    hair = linear[scalp & (opacity >= np.quantile(inside, 0.5))].mean(axis=0)
    step = linear[barest].mean(axis=0) - hair
    likeness = (linear - hair) @ step / max(float((step**2).sum()), 1e-9)
    return np.asarray(np.clip(likeness, -0.5, 2.0), np.float32)


def find_line(likeness: NDArray[np.float32], scalp: Mask, width_px: float) -> PartingLine | None:
    """Return the longest nearly straight bare line on a head, None when there is none.

    Long ridge filters bridge the strands that cross a parting; the line goes on both sides of the best place as far as
    the filter of its direction answers.
    """
    shrink = max(1.0, width_px / SEARCH_WIDTH_PX)
    size = (round(likeness.shape[1] / shrink), round(likeness.shape[0] / shrink))
    small = cv2.resize(likeness, size, interpolation=cv2.INTER_AREA)
    along = RIDGE_LENGTH_FRACTION * width_px / shrink
    margin = np.ones((3, 3), np.uint8)
    seen = cv2.erode(cv2.resize(scalp.astype(np.uint8), size), margin, iterations=round(along / 2)).astype(np.uint8)
    turns = np.tile(np.arange(TURNS) * np.pi / TURNS, len(RIDGE_FRACTIONS))
    across = np.repeat(RIDGE_FRACTIONS, TURNS) * width_px / shrink
    answers = np.stack(
        [
            cv2.filter2D(small, cv2.CV_32F, _ridge_filter(wide, along, turn), borderType=cv2.BORDER_REFLECT)
            for wide, turn in zip(across, turns, strict=True)
        ]
    )
    best = np.unravel_index(int((answers * (seen > 0)).argmax()), answers.shape)
    if answers[best] < LEAST_RIDGE:
        return None
    turn, answer = turns[best[0]], answers[best[0]]
    ahead = np.array([np.cos(turn), np.sin(turn)])
    start = np.array([best[2], best[1]], np.float64)
    reach = [_goes_on(answer, seen, start, side * ahead, float(answers[best])) for side in (-1, 1)]
    if sum(reach) < LEAST_LENGTH_FRACTION * width_px / shrink:
        return None
    at = np.linspace(-reach[0], reach[1], POINTS_ALONG)
    points = (start + at[:, None] * ahead + 0.5) * shrink - 0.5
    normals = np.broadcast_to([-ahead[1], ahead[0]], points.shape)
    return _onto_ridge(likeness, PartingLine(points_xy=points, normals_xy=normals), width_px)


def _onto_ridge(likeness: NDArray[np.float32], line: PartingLine, width_px: float) -> PartingLine:
    """Return a straight line bent gently onto the middle of the bare ridge that it runs along."""
    reach = 2 * RIDGE_FRACTIONS[1] * width_px
    offsets = np.arange(-reach, reach + 1)
    bare = np.maximum(_across(likeness, line, offsets), 0)
    bare = np.where(bare > 0.5 * bare.max(axis=1, keepdims=True), bare, 0)
    middle = (bare * offsets).sum(axis=1) / np.maximum(bare.sum(axis=1), 1e-6)
    at = np.linspace(-1, 1, len(middle))
    bend = np.polyfit(at, middle, 2)
    points = line.points_xy + np.polyval(bend, at)[:, None] * line.normals_xy
    ahead = np.gradient(points, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    return PartingLine(points_xy=points, normals_xy=np.stack([-ahead[:, 1], ahead[:, 0]], axis=1))


def _hair_leaves(rgb8: Rgb8Image, line: PartingLine, width_px: float) -> bool:
    """Return whether the hairs on both sides of a line lie across it, as a comb parts them, and not along it."""
    field, energy = doubled_directions(rgb8, RIDGE_FRACTIONS[0] * width_px)
    offsets = np.linspace(0.75 * BESIDE_FRACTION, 1.25 * BESIDE_FRACTION, 5) * width_px
    across = (line.normals_xy[:, 0] + 1j * line.normals_xy[:, 1]) ** 2
    for side in (-1, 1):
        even, odd, strength = (
            _across(np.ascontiguousarray(part, np.float32), line, side * offsets)
            for part in (field.real, field.imag, energy)
        )
        lie = ((even + 1j * odd) * np.conj(across)[:, None]).real.sum() / max(float(strength.sum()), 1e-9)
        if lie < LEAST_ACROSS:
            return False
    return True


def _across(values: NDArray[np.float32], line: PartingLine, offsets: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return values on profiles across a line, (points, offsets)."""
    places = line.points_xy[:, None, :] + offsets[None, :, None] * line.normals_xy[:, None, :]
    maps = places.astype(np.float32)
    found = cv2.remap(values, maps[..., 0], maps[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)


def _ridge_filter(across_px: float, along_px: float, turn: float) -> NDArray[np.float32]:
    """Return a filter that answers 1 to a bright line of unit contrast and of its own width that runs at `turn`."""
    reach = int(np.ceil(2.5 * along_px))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    u = (x * np.cos(turn) + y * np.sin(turn)) / along_px
    v = (y * np.cos(turn) - x * np.sin(turn)) / across_px
    kernel = (1 - v**2) * np.exp(-(u**2 + v**2) / 2)
    kernel -= kernel.mean()
    return np.asarray(kernel / (kernel * (np.abs(v) <= 1)).sum(), np.float32)


def _goes_on(
    answer: NDArray[np.float32],
    seen: NDArray[np.uint8],
    start: NDArray[np.float64],
    step: NDArray[np.float64],
    best: float,
) -> float:
    """Return how many pixels a line goes on from a place before its answer falls or the head ends."""
    length = 0
    while True:
        x, y = np.round(start + (length + 1) * step).astype(int)
        inside = 0 <= y < answer.shape[0] and 0 <= x < answer.shape[1]
        if not inside or seen[y, x] == 0 or answer[y, x] < STILL_FRACTION * best:
            return float(length)
        length += 1


def _measured_across(
    likeness: NDArray[np.float32], opacity: FractionMap, line: PartingLine, width_px: float
) -> Parting | None:
    """Return a line with its widths at half height along it; None when there is no full hair beside it."""
    reach = REACH_FRACTION * width_px
    step = 0.25
    offsets = np.arange(-reach, reach + step, step)
    beside = np.abs(offsets) > BESIDE_FRACTION * width_px
    hidden = _across(opacity, line, offsets)
    hidden_beside = float(np.median(hidden[:, beside]))
    hidden_on_line = float(np.median(hidden[:, len(offsets) // 2]))
    if hidden_beside < LEAST_HAIR_BESIDE or hidden_on_line > MOST_HAIR_ON_LINE * hidden_beside:
        return None
    profiles = (
        _across(likeness, line, offsets).reshape(SEGMENTS, -1, len(offsets)).mean(axis=1)
    )  # single strands do not break it
    ground = np.median(profiles[:, beside], axis=1, keepdims=True)
    centre = np.abs(offsets) < 2 * RIDGE_FRACTIONS[0] * width_px
    top = profiles[:, centre].max(axis=1, keepdims=True)
    above = profiles - ground > 0.5 * (top - ground)
    middle = np.argmax(np.where(centre[None, :], profiles, -np.inf), axis=1)
    widths = [_run(row, place) * step for row, place in zip(above, middle, strict=True)]
    return Parting(line=line, widths_px=np.asarray(widths, np.float64), cover_lost=hidden_beside - hidden_on_line)


def _run(above: NDArray[np.bool_], place: int) -> int:
    """Return the length of the run of True about a place."""
    right = np.argmin(above[place:]) if not above[place:].all() else len(above) - place
    left = np.argmin(above[: place + 1][::-1]) if not above[: place + 1].all() else place + 1
    return max(0, int(right) + int(left) - 1)
