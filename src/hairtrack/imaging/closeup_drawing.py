"""Pictures of what was found on close-ups: hairs by kind, and the same hairs on two dates with lost and gained.

Colour never speaks alone: every hair carries a mark at its root whose shape says the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import Hair, HairFoundAgain, HairKind, HairMatch

TERMINAL_RGB = (0, 158, 115)
VELLUS_RGB = (230, 159, 0)
PAIRED_RGB = (0, 158, 115)
LOST_RGB = (213, 94, 0)
GAINED_RGB = (0, 114, 178)
UNDECIDED_RGB = (150, 150, 150)
"""Okabe and Ito's palette: told apart with every kind of colour vision."""

LINES_IN_A_PICTURE = 350
"""A line is as wide as this share of the picture's shorter side: still seen when the picture is shown at half size."""

_SUBPIXEL_BITS = 4
_WHITE = (255, 255, 255)


class RootMark(StrEnum):
    """The shape at the root of a hair."""

    RING = "ring"
    SQUARE = "square"
    CROSS = "cross"
    DIAMOND = "diamond"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How a hair is drawn: colour, mark at its root, and the size of the mark in widths of its line."""

    rgb: tuple[int, int, int]
    mark: RootMark
    size: float = 2.0


TERMINAL = Pen(rgb=TERMINAL_RGB, mark=RootMark.RING)
VELLUS = Pen(rgb=VELLUS_RGB, mark=RootMark.SQUARE)
PAIRED = Pen(rgb=PAIRED_RGB, mark=RootMark.RING)
LOST = Pen(rgb=LOST_RGB, mark=RootMark.CROSS, size=4.5)
GAINED = Pen(rgb=GAINED_RGB, mark=RootMark.DIAMOND, size=4.5)
UNDECIDED = Pen(rgb=UNDECIDED_RGB, mark=RootMark.NONE)


def draw_hairs(rgb8: Rgb8Image, hairs: tuple[Hair, ...]) -> Rgb8Image:
    """Return the close-up with each hair drawn: terminal green with a ring, vellus orange with a square at the root.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB; not modified.
    hairs
        Hairs in pixels of the picture.
    """
    drawn = rgb8.copy()
    for hair in hairs:
        _draw(drawn, hair.centre_line_xy, TERMINAL if hair.kind is HairKind.TERMINAL else VELLUS)
    return drawn


def draw_match(
    reference: tuple[Rgb8Image, tuple[Hair, ...]],
    moving: tuple[Rgb8Image, tuple[Hair, ...]],
    match: HairMatch,
) -> tuple[Rgb8Image, Rgb8Image]:
    """Return both close-ups: pairs green with a ring, lost vermilion with a cross, gained blue with a diamond.

    A hair read on one date only and found again on the other is drawn as a pair. Hairs that could not be decided are
    grey without a mark. Lost and gained ones are drawn last, on top.

    Parameters
    ----------
    reference, moving
        Picture and hairs of each date.
    match
        Which hairs are the same.
    """
    again = match.found_again
    reference_paired = [i for i, _ in match.pairs] + [one.reference for one in again if one.reference is not None]
    moving_paired = [j for _, j in match.pairs] + [one.moving for one in again if one.moving is not None]
    reference_pens = dict.fromkeys(reference_paired, PAIRED) | dict.fromkeys(match.lost, LOST)
    moving_pens = dict.fromkeys(moving_paired, PAIRED) | dict.fromkeys(match.gained, GAINED)
    return (
        _drawn(*reference, reference_pens, [one for one in again if one.reference is None]),
        _drawn(*moving, moving_pens, [one for one in again if one.moving is None]),
    )


def _drawn(
    rgb8: Rgb8Image, hairs: tuple[Hair, ...], pens: Mapping[int, Pen], found_again: Sequence[HairFoundAgain]
) -> Rgb8Image:
    drawn = rgb8.copy()
    chosen = [(pens.get(index, UNDECIDED), hair.centre_line_xy) for index, hair in enumerate(hairs)]
    chosen += [(PAIRED, (one.root_xy, one.tip_xy)) for one in found_again]
    for pen, line_xy in sorted(chosen, key=lambda one: one[0].size):
        _draw(drawn, line_xy, pen)
    return drawn


def _draw(picture: Rgb8Image, line_xy: Sequence[tuple[float, float]], pen: Pen) -> None:
    """Draw in place, root first: a pale rim below the coloured line keeps it visible on hair and on skin."""
    thickness = max(1, round(min(picture.shape[:2]) / LINES_IN_A_PICTURE))
    strokes = _mark_strokes(pen.mark, np.asarray(line_xy[0], np.float64), pen.size * thickness)
    lines = [_fixed(np.asarray(line_xy, np.float64)), *map(_fixed, strokes)]
    for rgb, extra in ((_WHITE, 2), (pen.rgb, 0)):
        cv2.polylines(picture, lines, False, rgb, thickness + extra, cv2.LINE_AA, _SUBPIXEL_BITS)
    if pen.mark is RootMark.DIAMOND:
        cv2.fillPoly(picture, lines[1:], pen.rgb, cv2.LINE_AA, _SUBPIXEL_BITS)


def _mark_strokes(mark: RootMark, root_xy: NDArray[np.float64], size_px: float) -> list[NDArray[np.float64]]:
    """Return the lines of a mark around a root, each (N, 2)."""
    turn = np.linspace(0, 2 * np.pi, 25)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    shapes: Mapping[RootMark, list[NDArray[np.float64]]] = {
        RootMark.RING: [circle],
        RootMark.SQUARE: [circle[3::6] * np.sqrt(2)],
        RootMark.CROSS: [np.array([(-1.0, -1.0), (1.0, 1.0)]), np.array([(-1.0, 1.0), (1.0, -1.0)])],
        RootMark.DIAMOND: [circle[::6]],
        RootMark.NONE: [],
    }
    closed = [np.concatenate([s, s[:1]]) if mark is RootMark.SQUARE else s for s in shapes[mark]]
    return [root_xy + size_px * stroke for stroke in closed]


def _fixed(points_xy: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.round(points_xy * (1 << _SUBPIXEL_BITS)).astype(np.int32).reshape(-1, 1, 2)
