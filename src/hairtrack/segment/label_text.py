"""Reading of the short label beside a scale bar: digits, a point and a unit of length, or nothing.

A label is read glyph by glyph against the shapes of a plain sans-serif face and taken only when each glyph is clear;
no number is ever assumed.
"""

import re
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

_SHAPES = {
    "0": "02799610 18733781 58100194 76000076 95000068 94000058 94000058 95000068 76000076 58100193 18733780 02799610",
    "1 ": "00000588 00037998 02479998 57644688 00001588 00001588 00001588 00001588 00001588 00001588 00001588 00001588",
    "1": "00498000 16888000 56178000 10078000 00078000 00078000 00078000 00078000 00078000 00078000 00078000 00078000",
    "2": "03799730 39633793 77000096 11000086 00000194 00001770 00018710 00386100 03950000 29500000 78222222 99999998",
    "3": "03799730 39633693 77000086 11000086 00000393 00267830 00156871 00000177 21000059 87000068 49633595 03799740",
    "4": "00003940 00018940 00056840 00291840 00750840 03800840 18300840 56000840 99999998 22222852 00000840 00000840",
    "5": "39999993 39322221 49000000 58000000 58366510 69856892 23000187 00000059 00000059 76000077 49633793 04799730",
    "6": "01589830 07832693 39200053 67000000 85367620 97733792 98000087 96000059 77000059 49100087 18833693 01699730",
    "7": "99999998 22222286 00000391 00001840 00005800 00019300 00058000 00085000 00292000 00590000 00680000 00770000",
    "8": "03799730 29511593 68000086 68000086 29400393 03988930 28622593 77000068 95000059 87000068 49411494 03799740",
    "9": "02799610 29733781 68000194 86000077 86000068 68000189 29733789 03787358 00000076 35000293 39623870 03898510",
    "m": "62870782 86486566 84067018 82046008 81045008 81045008 81045008 81045008 81045008 81045008 81045008 81045008",
    "c": "01589730 07844792 49300187 68000045 87000000 97000000 97000000 87000000 69000057 49300187 07954793 01689730",
    "µ": "85000490 85000490 85000490 85000490 85000490 85000590 86000790 89425793 86674167 85000000 85000000 85000000",
}
"""Ink (0-9) on a grid of 12 rows of 8, as drawn by a Helvetica-like face; the one with and without a foot."""

_WIDTH_OF_HEIGHT = {**dict.fromkeys("023456789", 0.67), "1": 0.6, "1 ": 0.38, "m": 1.31, "c": 0.77, "µ": 0.66}
_SLIMNESS = np.array([_WIDTH_OF_HEIGHT[letter] for letter in _SHAPES])
_MODELS = np.array([[int(level) for level in drawing.replace(" ", "")] for drawing in _SHAPES.values()], np.float64)
_DEVIATIONS = _MODELS - _MODELS.mean(axis=1, keepdims=True)
_DEVIATIONS /= np.linalg.norm(_DEVIATIONS, axis=1, keepdims=True)
_GRID = (8, 12)
_ENLARGED = 4
_WIDEST_STROKE_PX = 5
CLEAR_CORRELATION = 0.72
CLEAR_LEAD = 0.04
LOWEST_CONTRAST_LEVELS = 45
MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "µm": 0.001}


def read_length_mm(gray: NDArray[np.uint8]) -> float | None:
    """Return the length written in a small picture of one line of text, in millimetres; None when it is not clear.

    Parameters
    ----------
    gray
        (h, w) uint8, the inside of a label: one line such as `1.0 mm`, light on dark or dark on light.
    """
    for ink in _inks(gray):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(mm|cm|µm)", _read(ink) or "")
        if found is not None and float(found[1]) > 0:
            return float(found[1]) * MM_PER_UNIT[found[2]]
    return None


def _inks(gray: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """Return strokes lighter, then strokes darker than what is around them, enlarged, 1 for full ink."""
    large = np.asarray(cv2.resize(gray, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC), np.uint8)
    stroke = np.ones((_WIDEST_STROKE_PX * _ENLARGED,) * 2, np.uint8)
    inks = []
    for kind in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        ink = np.asarray(cv2.morphologyEx(large, kind, stroke), np.float32)
        full = float(np.percentile(ink, 99))
        if full >= LOWEST_CONTRAST_LEVELS:
            inks.append(np.asarray(np.clip(ink / full, 0, 1), np.float32))
    return inks


def _read(ink: NDArray[np.float32]) -> str | None:
    count, _, boxes, _ = cv2.connectedComponentsWithStats((ink > 0.5).astype(np.uint8), connectivity=8)  # noqa: PLR2004 half ink
    height, width = ink.shape
    marks = [
        tuple(int(v) for v in box)
        for box in boxes[1:count]
        if box[4] >= _ENLARGED**2 and min(box[0], box[1]) > 0 and box[0] + box[2] < width and box[1] + box[3] < height
    ]
    tallest = max(marks, key=lambda box: box[3], default=None)
    if tallest is None:
        return None
    line = sorted(box for box in marks if box[3] > 0.5 * tallest[3] or _is_point(box, tallest))
    letters = [_letters(ink, box, tallest) for box in line]
    if None in letters or _has_hole(line, tallest):
        return None
    return "".join(letter for letter in letters if letter is not None)


def _is_point(box: tuple[int, ...], tallest: tuple[int, ...]) -> bool:
    """Return whether a mark is a full stop: small, and on the base line."""
    small = max(box[2], box[3]) <= 0.3 * tallest[3]
    return small and abs(box[1] + box[3] - tallest[1] - tallest[3]) <= 0.15 * tallest[3]


def _has_hole(line: list[tuple[int, ...]], tallest: tuple[int, ...]) -> bool:
    """Return whether there is room between two digits for a point that was not seen: ten times the length."""
    digits = [box for box in line if box[3] > 0.9 * tallest[3] or _is_point(box, tallest)]  # m and µ are lower
    for before, after in pairwise(digits):
        room = 0.5 if _is_point(before, tallest) or _is_point(after, tallest) else 0.35
        if after[0] - before[0] - before[2] > room * tallest[3]:
            return True
    return False


def _letters(ink: NDArray[np.float32], box: tuple[int, ...], tallest: tuple[int, ...]) -> str | None:
    """Return the letter of one connected mark, or the letters when several of them touch."""
    left, top, width, height, _ = box
    if _is_point(box, tallest):
        return "."
    pieces = max(1, round(width / height / _WIDTH_OF_HEIGHT["m"])) if width > 2 * height else 1
    edges = np.linspace(left, left + width, pieces + 1).round().astype(int)
    read = [_letter(ink[top : top + height, first:last]) for first, last in pairwise(edges)]
    return None if None in read else "".join(letter for letter in read if letter is not None)


def _letter(glyph: NDArray[np.float32]) -> str | None:
    shape = cv2.resize(glyph, _GRID, interpolation=cv2.INTER_AREA).astype(np.float64).ravel()
    slimness = glyph.shape[1] / glyph.shape[0]
    deviation = shape - shape.mean()
    alike = _DEVIATIONS @ deviation / max(float(np.linalg.norm(deviation)), 1e-9)
    misfits = np.maximum(np.abs(np.log(slimness / _SLIMNESS)) - 0.2, 0.0)
    scores = dict(zip(_SHAPES, (alike - misfits).tolist(), strict=True))
    best = max(scores, key=lambda letter: scores[letter])
    rival = max(score for letter, score in scores.items() if letter.strip() != best.strip())
    clear = scores[best] >= CLEAR_CORRELATION and scores[best] - rival >= CLEAR_LEAD
    return best.strip() if clear else None
