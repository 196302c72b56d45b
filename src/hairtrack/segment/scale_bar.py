"""The scale of a close-up from the bar that its device drew into it, with the label that says how long the bar is."""

import cv2
import numpy as np

from hairtrack.imaging.overlays import AxisLine, Box, OverlayFinding, find_overlays
from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import PixelScale
from hairtrack.segment.label_text import read_length_mm

END_STD_PX = 0.7
"""Each end of a drawn line is known to about a pixel (uniform over ± 1.2 px)."""

ARMS_AGREE_FRACTION = 0.02
"""Two arms of one bar that differ by more contradict each other."""

LABEL_DISTANCE_PX = 60
LABEL_WIDTH_PX, LABEL_HALF_HEIGHT_PX = 90, 18
CORNER_PX = 6


def find_scale(rgb8: Rgb8Image, *, drawn: OverlayFinding | None = None) -> PixelScale | None:
    """Return pixels a millimetre from a drawn bar whose label can be read; None when there is no such bar.

    The bar may be one line, or two arms of equal length that meet in a corner, one along the rows and one along the
    columns; arms that contradict each other give None.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    drawn
        What was drawn into the picture, when it is known already.
    """
    overlays = drawn or find_overlays(rgb8)
    gray = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.uint8)
    scales = []
    for horizontal, vertical in _bars(overlays.lines):
        length_px = _length_px(horizontal, vertical)
        if length_px is None:
            continue
        for box in _label_places(horizontal or vertical, overlays.boxes):
            length_mm = read_length_mm(gray[box.top_px + 1 : box.bottom_px, box.left_px + 1 : box.right_px])
            if length_mm is not None:
                scales.append((length_px / length_mm, np.hypot(END_STD_PX, END_STD_PX) / length_mm))
    if not scales or max(scales)[0] > min(scales)[0] * (1 + ARMS_AGREE_FRACTION):
        return None
    px_per_mm, std = scales[0]
    return PixelScale(px_per_mm=float(px_per_mm), std_uncertainty_px_per_mm=float(std), method="scale_bar")


def _bars(lines: tuple[AxisLine, ...]) -> list[tuple[AxisLine | None, AxisLine | None]]:
    """Return corners of a row line and a column line, then the lines that stand alone."""
    rows = [line for line in lines if line.horizontal]
    columns = [line for line in lines if not line.horizontal]
    corners = [(row, column) for row in rows for column in columns if _meet(row, column)]
    in_corner = [line for corner in corners for line in corner]
    alone = [line for line in lines if line not in in_corner]
    return [*corners, *((line, None) if line.horizontal else (None, line) for line in alone)]


def _meet(row: AxisLine, column: AxisLine) -> bool:
    return _near_end(row, column.position_px) and _near_end(column, row.position_px)


def _near_end(line: AxisLine, position_px: int) -> bool:
    """Return whether a position lies at an end of a line, or within what hides its end."""
    before = min(line.first_px, line.reach_px[0]) - CORNER_PX <= position_px <= line.first_px + CORNER_PX
    after = line.last_px - CORNER_PX <= position_px <= max(line.last_px, line.reach_px[1]) + CORNER_PX
    return before or after


def _length_px(row: AxisLine | None, column: AxisLine | None) -> float | None:
    """Return the length of a bar; of a corner, both arms measured from where they cross, when they agree.

    A line alone has no length when something hides one of its ends.
    """
    if row is None or column is None:
        line = row or column
        if line is None or max(line.first_px - line.reach_px[0], line.reach_px[1] - line.last_px) > CORNER_PX:
            return None
        return float(line.length_px)
    along_row = max(abs(column.position_px - row.first_px), abs(column.position_px - row.last_px))
    along_column = max(abs(row.position_px - column.first_px), abs(row.position_px - column.last_px))
    if abs(along_row - along_column) <= ARMS_AGREE_FRACTION * max(along_row, along_column):
        return (along_row + along_column) / 2
    return None


def _label_places(line: AxisLine | None, boxes: tuple[Box, ...]) -> list[Box]:
    """Return the text boxes beside a line, then the place just beyond its end: a label may stand there alone."""
    if line is None:
        return []
    beyond = Box(
        left_px=line.last_px + 2,
        right_px=line.last_px + 2 + LABEL_WIDTH_PX,
        top_px=max(0, line.position_px - LABEL_HALF_HEIGHT_PX),
        bottom_px=line.position_px + LABEL_HALF_HEIGHT_PX,
    )
    return [*(box for box in boxes if _beside(line, box)), *([beyond] if line.horizontal else [])]


def _beside(line: AxisLine, box: Box) -> bool:
    middle = (line.first_px + line.last_px) / 2
    half = line.length_px / 2 + LABEL_DISTANCE_PX
    across = (box.top_px, box.bottom_px) if line.horizontal else (box.left_px, box.right_px)
    along = (box.left_px, box.right_px) if line.horizontal else (box.top_px, box.bottom_px)
    near = across[0] - LABEL_DISTANCE_PX <= line.position_px <= across[1] + LABEL_DISTANCE_PX
    return near and along[0] <= middle + half and along[1] >= middle - half
