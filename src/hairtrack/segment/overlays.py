"""What was laid over a photo afterwards, none of it hair: text, date stamps, logos of one colour, bars and banners."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import largest_channel, smallest_channel
from hairtrack.imaging.types import GrayImage, Mask, Rgb8Image

FLAT_LEVELS, FLAT_LEVELS_FOREIGN = 3, 12
"""By how much a graphic of one colour varies within a few pixels after JPEG. An evenly lit bald crown varies as little
as a logo, so that more than 3 is granted only to colours that no head has. Of five numbers from 3 to 16 for these, 12
left out most logos on the half of the heads for tuning (`overlays_on_heads.py`)."""

WHITE_FROM = 235
FOREIGN_SPREAD = 60
"""Skin and hair of any tone are redder than green and greener than blue; where not, they are nearly grey."""

FLAT_SIDE_PX = 5
LEAST_SEED_FRACTION = 1e-4
LEAST_FLAT_FRACTION = 4e-4
MOST_COLOUR_SPREAD = 5.0
SAME_GRAPHIC_LEVELS = 14
RINGING_PX = 12
"""JPEG makes the rim of a graphic uneven this far into it, so that the graphic ends beyond its flat part."""

LEAST_STEP_LEVELS = 36.0
LEAST_SHARP_SHARE = 0.7
"""A graphic ends in a step all around; a burnt highlight or a black shadow fades."""

MOST_FLAT_FRACTION = 0.15
"""Of the picture; what is larger is a cap or a wall."""

BAR_FILL = 0.7
"""Of its box a bar fills all but what ringing and hair of its colour take; a wall ends at the head's round outline."""

HOLE_FRACTION = 0.08
"""Of the picture's long side: letters in a bar are part of it, a head within a frame is not."""

GLYPH_CONTRAST_LEVELS = 26
GLYPH_HEIGHT_FRACTION = (0.012, 0.11)
FEWEST_GLYPHS = 5
MOST_GAP_HEIGHTS = 1.1
SAME_LINE_HEIGHTS = 0.12
SAME_HEIGHT = 0.55
"""Of two neighbouring letters: a small one is two thirds as tall as a capital."""

SAME_COLOUR_LEVELS = 14.0
AT_ONCE = 256
"""Glyphs whose neighbours are looked for at once; more would only fill memory."""

FILL = (0.15, 0.92)
RIM_PX = 2
PAINTED_FROM_PX = 5


def find_overlays(rgb8: Rgb8Image) -> Mask:
    """Return the (H, W) mask of text, graphics of one colour and bars on a photo.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8, the working image.
    """
    found = _flat_graphics(rgb8)
    luma = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.uint8)
    strongest, weakest = largest_channel(rgb8), smallest_channel(rgb8)
    for plane in (luma, 255 - luma, strongest - weakest):
        found |= _lines_of_text(np.ascontiguousarray(plane), rgb8)
    if not found.any():
        return found
    side = 2 * RIM_PX + 1
    return np.asarray(cv2.dilate(found.astype(np.uint8), np.ones((side, side), np.uint8)) > 0, np.bool_)


def without_overlays(rgb8: Rgb8Image, overlays: Mask) -> Rgb8Image:
    """Return the photo with overlays painted over from beside them.

    After Telea (2004, doi 10.1080/10867651.2004.10487596).
    """
    if not overlays.any():
        return rgb8
    return np.asarray(cv2.inpaint(rgb8, overlays.astype(np.uint8), PAINTED_FROM_PX, cv2.INPAINT_TELEA), np.uint8)


def _flat_graphics(rgb8: Rgb8Image) -> Mask:
    """Return areas of one colour that end in a step, with the letters in them."""
    brush = np.ones((FLAT_SIDE_PX, FLAT_SIDE_PX), np.uint8)
    spread = largest_channel(cv2.subtract(cv2.dilate(rgb8, brush), cv2.erode(rgb8, brush)))
    flat = ((spread <= FLAT_LEVELS) | ((spread <= FLAT_LEVELS_FOREIGN) & _foreign(rgb8))).astype(np.uint8)
    count, parts, boxes, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    found = np.zeros(flat.shape, np.bool_)
    for index in np.flatnonzero(boxes[:count, cv2.CC_STAT_AREA] >= LEAST_SEED_FRACTION * flat.size):
        if index == 0:
            continue  # all that is not flat
        window = _window(np.asarray(boxes[index], np.int32), flat.shape, RINGING_PX + 4)
        part = parts[window] == index
        colours = rgb8[window][part].astype(np.float32)
        if float(colours.std(axis=0).max()) > MOST_COLOUR_SPREAD:
            continue
        away = np.abs(rgb8[window] - colours.mean(axis=0)).max(axis=2)
        whole = _grown(part, away <= SAME_GRAPHIC_LEVELS)
        if whole.sum() < LEAST_FLAT_FRACTION * flat.size or not _ends_in_a_step(whole, away):
            continue
        filled = _without_holes(whole, HOLE_FRACTION * max(flat.shape))
        if not _is_wall_or_cap(filled, window, flat.shape):
            found[window] |= filled
    return found


def _foreign(rgb8: Rgb8Image) -> Mask:
    """Return where a colour is one that neither skin nor hair has: white, blue, green, crimson."""
    red, green, blue = cv2.split(rgb8)
    most, least = largest_channel(rgb8), smallest_channel(rgb8)
    coloured = (cv2.subtract(most, least) >= FOREIGN_SPREAD) & ((green > red) | (blue > green))
    return np.asarray(coloured | (least >= WHITE_FROM), np.bool_)


def _is_wall_or_cap(part: Mask, window: tuple[slice, slice], shape: tuple[int, ...]) -> bool:
    """Return whether an area lies behind or on the head: it is large, or goes on beyond the picture and is no bar."""
    left, top, width, height = cv2.boundingRect(part.astype(np.uint8))
    above, before = window[0].start + top, window[1].start + left
    is_cut = min(above, before) == 0 or above + height == shape[0] or before + width == shape[1]
    area = float(part.sum())
    return area > MOST_FLAT_FRACTION * shape[0] * shape[1] or (is_cut and area < BAR_FILL * width * height)


def _grown(part: Mask, alike: Mask) -> Mask:
    """Return a flat area with all of its colour that hangs together with it, as far as JPEG has disturbed it."""
    side = 2 * RINGING_PX + 1
    near = alike & (cv2.dilate(part.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)
    count, labels = cv2.connectedComponents((near | part).astype(np.uint8), connectivity=4)
    own = np.bincount(labels[part], minlength=count).argmax()
    return np.asarray(labels == own, np.bool_)


def _without_holes(part: Mask, most_across_px: float) -> Mask:
    """Return an area with its small holes."""
    around = np.pad(~part, 1, constant_values=True).astype(np.uint8)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(around, connectivity=4)
    is_hole = np.asarray(boxes)[:, cv2.CC_STAT_AREA] < most_across_px**2
    is_hole[[0, labels[0, 0]]] = False  # the area itself, and all outside
    return np.asarray(part | is_hole[labels][1:-1, 1:-1], np.bool_)


def _window(box: NDArray[np.int32], shape: tuple[int, ...], margin: int) -> tuple[slice, slice]:
    left, top, width, height = (int(v) for v in box[:4])
    return (
        slice(max(0, top - margin), min(shape[0], top + height + margin)),
        slice(max(0, left - margin), min(shape[1], left + width + margin)),
    )


def _ends_in_a_step(part: Mask, away: NDArray[np.float64]) -> bool:
    """Return whether just outside an area nearly every pixel has another colour, by how far away each is."""
    near = cv2.dilate(part.astype(np.uint8), np.ones((3, 3), np.uint8))
    rim = (cv2.dilate(near, np.ones((3, 3), np.uint8)) > 0) & ~(near > 0)
    return not rim.any() or float((away[rim] > LEAST_STEP_LEVELS).mean()) >= LEAST_SHARP_SHARE


def _lines_of_text(plane: GrayImage | NDArray[np.uint8], rgb8: Rgb8Image) -> Mask:
    """Return glyphs lighter than their surroundings in a plane, that stand on a line along its rows or columns."""
    stroke_px = max(5, round(0.02 * max(plane.shape))) | 1
    around = cv2.morphologyEx(plane, cv2.MORPH_OPEN, np.ones((stroke_px, stroke_px), np.uint8))
    inked = (cv2.subtract(plane, around) > GLYPH_CONTRAST_LEVELS).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    parts, upright = np.asarray(labels, np.int32), np.asarray(stats, np.int32)
    is_chosen = np.zeros(count, np.bool_)
    for boxes, height in ((upright, plane.shape[0]), (upright[:, [1, 0, 3, 2, 4]], plane.shape[1])):
        glyphs = np.flatnonzero(_are_glyphs(boxes, max(plane.shape), height))
        if len(glyphs) >= FEWEST_GLYPHS:
            colour = _mean_colours(rgb8, parts, upright, glyphs)
            for line in _lines(boxes[glyphs], colour):
                is_chosen[glyphs[line]] = True
    return is_chosen[parts] if is_chosen.any() else np.zeros(plane.shape, np.bool_)


def _are_glyphs(boxes: NDArray[np.int32], long_side_px: int, height_px: int) -> NDArray[np.bool_]:
    """Return which parts have the size and shape of a letter, (N,); the first is what is no part."""
    low, high = (share * long_side_px for share in GLYPH_HEIGHT_FRACTION)
    high = min(high, height_px / 2)
    tall, wide = boxes[:, cv2.CC_STAT_HEIGHT], boxes[:, cv2.CC_STAT_WIDTH]
    fill = boxes[:, cv2.CC_STAT_AREA] / np.maximum(tall * wide, 1)
    is_glyph = (tall >= low) & (tall <= high) & (wide <= 2.2 * tall) & (wide >= 0.08 * tall)
    is_glyph &= (fill > FILL[0]) & ((fill < FILL[1]) | (wide < 0.4 * tall))
    is_glyph[0] = False
    return is_glyph


def _mean_colours(
    rgb8: Rgb8Image, parts: NDArray[np.int32], boxes: NDArray[np.int32], chosen: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the mean colour of the parts that are chosen, (K, 3)."""
    windows = [_window(boxes[index], parts.shape, 0) for index in chosen]
    means = [
        cv2.mean(rgb8[window], (parts[window] == index).astype(np.uint8))
        for window, index in zip(windows, chosen, strict=True)
    ]
    return np.asarray(means, np.float64)[:, :3]


def _lines(boxes: NDArray[np.int32], colour: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return groups of boxes that stand on one line in one colour, each at least `FEWEST_GLYPHS` long."""
    left = boxes[:, cv2.CC_STAT_LEFT].astype(np.float64)
    is_followed = np.concatenate(
        [_follow(boxes, boxes[start : start + AT_ONCE]).any(axis=1) for start in range(0, len(boxes), AT_ONCE)]
    )
    free = np.ones(len(boxes), np.bool_)
    lines = []
    for start in np.argsort(left):
        if not (free[start] and is_followed[start]):
            continue
        line = [int(start)]
        while is_followed[line[-1]]:
            follows = free & _follow(boxes, boxes[line[-1:]])[0]
            follows &= np.abs(colour - colour[line].mean(axis=0)).max(axis=1) < SAME_COLOUR_LEVELS
            if not follows.any():
                break
            nearest = np.flatnonzero(follows)
            line.append(int(nearest[np.argmin(left[nearest])]))
        if len(line) >= FEWEST_GLYPHS:
            lines.append(np.asarray(line))
            free[line] = False
    return lines


def _follow(boxes: NDArray[np.int32], others: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which of (N, 4) boxes may stand next to the right of each of (K, 4) others on a line, (K, N)."""
    left, top, _, height = (boxes[:, k].astype(np.float64) for k in range(4))
    left_of, top_of, width_of, height_of = (others[:, k, None].astype(np.float64) for k in range(4))
    tall = np.maximum(height, height_of)
    follows = (left > left_of) & (left - (left_of + width_of) <= MOST_GAP_HEIGHTS * tall)
    follows &= np.abs(top + height - (top_of + height_of)) < SAME_LINE_HEIGHTS * tall
    follows &= np.minimum(height, height_of) > SAME_HEIGHT * tall
    return np.asarray(follows, np.bool_)
