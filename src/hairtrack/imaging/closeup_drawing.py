"""Pictures of what was found on close-ups: hairs by kind, and the same hairs on two dates with lost and gained."""

import cv2
import numpy as np

from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import Hair, HairKind, HairMatch

TERMINAL_RGB = (0, 158, 115)
VELLUS_RGB = (230, 159, 0)
PAIRED_RGB = (0, 158, 115)
LOST_RGB = (213, 94, 0)
GAINED_RGB = (0, 114, 178)
UNDECIDED_RGB = (150, 150, 150)
"""Okabe and Ito's palette: told apart with every kind of colour vision."""

_SUBPIXEL_BITS = 4


def draw_hairs(rgb8: Rgb8Image, hairs: tuple[Hair, ...]) -> Rgb8Image:
    """Return the close-up with each hair drawn from root (ring) to tip, green for terminal, orange for vellus.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB; not modified.
    hairs
        Hairs in pixels of the picture.
    """
    drawn = rgb8.copy()
    for hair in hairs:
        _draw(drawn, hair, TERMINAL_RGB if hair.kind is HairKind.TERMINAL else VELLUS_RGB)
    return drawn


def draw_match(
    reference: tuple[Rgb8Image, tuple[Hair, ...]],
    moving: tuple[Rgb8Image, tuple[Hair, ...]],
    match: HairMatch,
) -> tuple[Rgb8Image, Rgb8Image]:
    """Return both close-ups with pairs in green, lost hairs in vermilion, gained ones in blue, the rest in grey.

    Parameters
    ----------
    reference, moving
        Picture and hairs of each date.
    match
        Which hairs are the same.
    """
    reference_colours = dict.fromkeys((i for i, _ in match.pairs), PAIRED_RGB) | dict.fromkeys(match.lost, LOST_RGB)
    moving_colours = dict.fromkeys((j for _, j in match.pairs), PAIRED_RGB) | dict.fromkeys(match.gained, GAINED_RGB)
    pictures = []
    for (rgb8, hairs), colours in ((reference, reference_colours), (moving, moving_colours)):
        drawn = rgb8.copy()
        for index, hair in enumerate(hairs):
            _draw(drawn, hair, colours.get(index, UNDECIDED_RGB))
        pictures.append(drawn)
    return pictures[0], pictures[1]


def _draw(picture: Rgb8Image, hair: Hair, colour: tuple[int, int, int]) -> None:
    """Draw in place: a pale rim below the coloured line keeps it visible on hair and on skin."""
    shift = 1 << _SUBPIXEL_BITS
    line = np.round(np.array(hair.centre_line_xy, np.float64) * shift).astype(np.int32).reshape(-1, 1, 2)
    thickness = max(1, round(min(picture.shape[:2]) / 500))
    for rgb, extra in (((255, 255, 255), 2), (colour, 0)):
        cv2.polylines(picture, [line], False, rgb, thickness + extra, cv2.LINE_AA, _SUBPIXEL_BITS)
    root = (int(line[0, 0, 0]), int(line[0, 0, 1]))
    cv2.circle(picture, root, 2 * thickness * shift, colour, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
