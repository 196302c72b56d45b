"""What a device burned into a close-up: straight lines, text boxes, coloured graphics, pale strips.

Optics never keep a step of brightness on one pixel row over a long run; a program that draws does. Lines and boxes are
found by that alone, so that no font, position or colour of a certain device is assumed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask, Rgb8Image

STEP_LEVELS = 11
"""A drawn edge changes brightness by at least this many of 255 levels from one pixel to the next."""

SHORTEST_RUN_PX = 26
"""Edges that keep to one pixel row for fewer pixels than this may be optics."""

SHORTEST_LINE_PX = 40
WIDEST_LINE_PX = 4
WIDEST_GAP_PX = 48
"""A hair that crosses a drawn line hides it for at most this many pixels."""

SAME_COLOUR_LEVELS = 20
"""A drawn line has one colour; compression blurs it by less than this many of 255 levels."""

LOWEST_BOX_PX, TALLEST_BOX_PX = 12, 160
SHARED_EDGE = 0.6
SIDE_SLACK_PX = 6
SIDE_SHARE = 0.5
"""The sides of a box must show a step along this share of their height; the rest may be hidden by a hair behind."""

MARGIN_PX = 3
"""Compression smears what was drawn by about this much."""

PURE_STROKE_LEVELS, FAINT_STROKE_LEVELS = 45, 22
"""A drawn stroke is this much purer than its surroundings somewhere, and at least the second along the rest of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisLine:
    """A drawn line along the pixel rows (`horizontal`) or columns; `first_px` and `last_px` are its end pixels.

    `position_px` is the row (column) of its first pixel across, `thickness_px` how many rows (columns) it takes.
    `reach_px` is how far the line may go where something of its own colour, such as a hair, hides its end.
    """

    horizontal: bool
    position_px: int
    thickness_px: int
    first_px: int
    last_px: int
    reach_px: tuple[int, int]

    @property
    def length_px(self) -> int:
        """Distance between the centres of the end pixels."""
        return self.last_px - self.first_px


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A drawn rectangle; the sides are its outermost pixels."""

    left_px: int
    top_px: int
    right_px: int
    bottom_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayFinding:
    """Where no skin can be seen because something was drawn there.

    `kinds` are stable words: `line`, `box`, `graphic`, `strip`.
    """

    mask: Mask
    lines: tuple[AxisLine, ...]
    boxes: tuple[Box, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """A step that keeps between pixel row `row` and the next one; `sign` -1 when it is darker beyond."""

    row: int
    first: int
    last: int
    sign: int


def find_overlays(rgb8: Rgb8Image) -> OverlayFinding:
    """Return everything that was drawn into a picture.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    """
    gray = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.uint8)
    turned = np.ascontiguousarray(gray.T)
    rows, columns = _drawn_runs(gray), _drawn_runs(turned)
    boxes = _boxes(rows, turned)
    lines = tuple(
        line
        for line in (*_lines(rows, gray, horizontal=True), *_lines(columns, turned, horizontal=False))
        if not any(_inside(_line_box(line), box) for box in boxes)
    )
    strip, graphic = _strips(rgb8), _coloured_graphics(rgb8)
    mask = strip | graphic
    for box in (*boxes, *map(_line_box, lines)):
        _fill(mask, box, MARGIN_PX)
    found = {"line": bool(lines), "box": bool(boxes), "graphic": bool(graphic.any()), "strip": bool(strip.any())}
    return OverlayFinding(
        mask=mask, lines=lines, boxes=boxes, kinds=tuple(kind for kind, present in found.items() if present)
    )


def _drawn_runs(gray: NDArray[np.uint8]) -> tuple[_Run, ...]:
    runs = []
    for sign, near, far in ((-1, gray[:-1], gray[1:]), (1, gray[1:], gray[:-1])):
        steps = (cv2.subtract(near, far) >= STEP_LEVELS).astype(np.uint8)
        closed = cv2.morphologyEx(steps, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
        kept = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, SHORTEST_RUN_PX), np.uint8)), np.int8)
        for row in np.flatnonzero(kept.any(axis=1)):
            change = np.diff(np.concatenate(([0], kept[row], [0])))
            spans = zip(np.flatnonzero(change == 1), np.flatnonzero(change == -1) - 1, strict=True)
            runs += [
                _Run(int(row), first, last, sign)
                for first, last in _joined([(int(first), int(last)) for first, last in spans])
            ]
    return tuple(runs)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if whole and first - whole[-1][1] <= WIDEST_GAP_PX:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return whole


def _pairs(runs: tuple[_Run, ...], nearest_px: int, farthest_px: int) -> list[tuple[_Run, _Run]]:
    """Return each run with the nearest opposite run that has about the same extent."""
    of_row = _of_each_row(runs)
    paired = []
    for run in runs:
        near = (
            other for row in range(run.row + nearest_px, run.row + farthest_px + 1) for other in of_row.get(row, ())
        )
        partner = next((other for other in near if other.sign == -run.sign and _same_extent(run, other)), None)
        if partner:
            paired.append((run, partner))
    return paired


def _of_each_row(runs: Iterable[_Run]) -> dict[int, list[_Run]]:
    of_row: dict[int, list[_Run]] = {}
    for run in runs:
        of_row.setdefault(run.row, []).append(run)
    return of_row


def _same_extent(run: _Run, other: _Run) -> bool:
    shared = min(run.last, other.last) - max(run.first, other.first)
    whole = max(run.last, other.last) - min(run.first, other.first)
    return shared >= 0.7 * whole


def _lines(runs: tuple[_Run, ...], gray: NDArray[np.uint8], *, horizontal: bool) -> tuple[AxisLine, ...]:
    lines = []
    for near, far in _pairs(runs, 1, WIDEST_LINE_PX):
        (first, last), reach = _traced(gray, near, far)
        line = AxisLine(
            horizontal=horizontal,
            position_px=near.row + 1,
            thickness_px=far.row - near.row,
            first_px=first,
            last_px=last,
            reach_px=reach,
        )
        if line.length_px >= SHORTEST_LINE_PX:
            lines.append(line)
    return tuple(lines)


def _traced(gray: NDArray[np.uint8], near: _Run, far: _Run) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the end pixels of a drawn line, followed by its one colour across hairs, and how far it may reach."""
    first, last = max(near.first, far.first), min(near.last, far.last)
    inside = gray[near.row + 1 : far.row + 1].mean(axis=0)
    beside = (gray[near.row].astype(np.float64) + gray[min(far.row + 1, len(gray) - 1)]) / 2
    colour = np.median(inside[first : last + 1])
    alike = np.abs(inside - colour) <= SAME_COLOUR_LEVELS
    shown = alike & (np.abs(inside - beside) >= STEP_LEVELS / 2)
    alike = cv2.morphologyEx(alike[None].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))[0] > 0
    middle = (first + last) // 2
    breaks = np.flatnonzero(~alike)
    start = int(breaks[breaks < middle].max(initial=-1)) + 1
    stop = int(breaks[breaks > middle].min(initial=len(alike)))
    seen = np.flatnonzero(shown[start:stop])
    ends = (start + int(seen[0]), start + int(seen[-1])) if len(seen) else (first, first)
    return ends, (start, stop - 1)


def _boxes(rows: tuple[_Run, ...], turned: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Return pairs of an upper and a lower edge that are closed by a side edge at each end.

    A hair behind a half-transparent box breaks an edge into pieces, so that one whole edge is matched with the pieces
    of the other.
    """
    of_lines = {run for pair in _pairs(rows, 1, WIDEST_LINE_PX) for run in pair}
    rows = tuple(run for run in rows if run not in of_lines)
    of_row = _of_each_row(rows)
    boxes = []
    for whole in rows:
        for row in [row for row in of_row if LOWEST_BOX_PX <= abs(row - whole.row) <= TALLEST_BOX_PX]:
            pieces = [other for other in of_row[row] if other.sign == -whole.sign]
            shared = sum(max(0, min(whole.last, one.last) - max(whole.first, one.first)) for one in pieces)
            if shared < SHARED_EDGE * (whole.last - whole.first):
                continue
            touching = [one for one in pieces if one.first <= whole.last and one.last >= whole.first]
            lefts = {whole.first, min(one.first for one in touching)}
            rights = {whole.last, max(one.last for one in touching)}
            top, bottom = min(row, whole.row) + 1, max(row, whole.row)
            spans = [(left, right) for left in lefts for right in rights if right - left >= SHORTEST_RUN_PX]
            closed = [
                Box(left_px=left, right_px=right, top_px=top, bottom_px=bottom)
                for left, right in spans
                if _has_side(turned, top, bottom, left) and _has_side(turned, top, bottom, right)
            ]
            boxes += closed[:1]
    return tuple(dict.fromkeys(boxes))


def _has_side(turned: NDArray[np.uint8], top: int, bottom: int, column: int) -> bool:
    """Return whether one pixel column near an end of two edges carries a step along most of the height between them."""
    first, last = max(0, column - SIDE_SLACK_PX), min(len(turned) - 1, column + SIDE_SLACK_PX)
    window = turned[first : last + 1, top : bottom + 1].astype(np.int16)
    if len(window) < 2:  # noqa: PLR2004 a step needs two columns
        return False
    share = (np.abs(np.diff(window, axis=0)) >= STEP_LEVELS).mean(axis=1)
    return bool(share.max() >= SIDE_SHARE)


def _strips(rgb8: Rgb8Image) -> Mask:
    """Return rows at the upper or lower rim that are one flat pale or dark grey, as a status bar is."""
    height = len(rgb8)
    red, green, blue = cv2.split(np.ascontiguousarray(rgb8[:, ::8]))
    high, low = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    spread = np.asarray(cv2.subtract(high, low), np.uint8).mean(axis=1)
    texture = (np.add(red, green, dtype=np.uint16) + blue).std(axis=1) / 3
    flat = (spread < 6) & (texture < 8)  # noqa: PLR2004 levels of 255; skin has both colour and texture
    mask = np.zeros(rgb8.shape[:2], np.bool_)
    lower = height if flat.all() else int(np.argmin(flat[::-1]))
    upper = 0 if flat.all() else int(np.argmin(flat))
    mask[:upper] = True
    mask[height - lower :] = True
    if 0 < lower < height:
        mask[max(0, height - lower - 2) :] = True
    return mask


def _coloured_graphics(rgb8: Rgb8Image) -> Mask:
    """Return thin strokes of a pure colour: no hair, skin or vessel is both as saturated and as thin.

    Where a stroke grows faint on skin of its own hue, it is followed from its clear parts.
    """
    red, green, blue = cv2.split(rgb8)
    high = cv2.max(cv2.max(red, green), blue)
    low = cv2.min(cv2.min(red, green), blue)
    middle = cv2.max(cv2.min(red, green), cv2.min(cv2.max(red, green), blue))
    purity = cv2.subtract(high, middle)
    thin = cv2.morphologyEx(purity, cv2.MORPH_TOPHAT, np.ones((7, 7), np.uint8))
    saturated = cv2.subtract(high, low) >= PURE_STROKE_LEVELS
    clear = (np.asarray(thin) >= PURE_STROKE_LEVELS) & np.asarray(saturated, np.bool_)
    if not clear.any():
        return clear
    faint = cv2.dilate((np.asarray(thin) >= FAINT_STROKE_LEVELS).astype(np.uint8), np.ones((3, 3), np.uint8))
    _, parts = cv2.connectedComponents(faint)
    followed = np.zeros(int(parts.max()) + 1, np.uint8)
    followed[parts[clear]] = 1
    return np.asarray(cv2.dilate(followed[parts], np.ones((3, 3), np.uint8)), np.uint8) > 0


def _line_box(line: AxisLine) -> Box:
    near, far = line.position_px, line.position_px + line.thickness_px - 1
    if line.horizontal:
        return Box(left_px=line.first_px, right_px=line.last_px, top_px=near, bottom_px=far)
    return Box(left_px=near, right_px=far, top_px=line.first_px, bottom_px=line.last_px)


def _inside(inner: Box, outer: Box) -> bool:
    slack = MARGIN_PX + 3
    return (
        inner.left_px >= outer.left_px - slack
        and inner.right_px <= outer.right_px + slack
        and inner.top_px >= outer.top_px - slack
        and inner.bottom_px <= outer.bottom_px + slack
    )


def _fill(mask: Mask, box: Box, margin_px: int) -> None:
    top, left = max(0, box.top_px - margin_px), max(0, box.left_px - margin_px)
    mask[top : box.bottom_px + margin_px + 1, left : box.right_px + margin_px + 1] = True
