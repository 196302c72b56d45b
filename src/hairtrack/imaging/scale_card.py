"""Printed scale cards: a square ArUco marker whose number says how many millimetres its black side is long.

Print `cv2.aruco.generateImageMarker` of `DICTIONARY` with number 5 at 5 mm, and lay it beside the spot. The number is
part of the marker (Garrido-Jurado et al. 2014, doi:10.1016/j.patcog.2014.01.005), so that no length is ever assumed.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.types import Mask, PointsXY, Rgb8Image

DICTIONARY = cv2.aruco.DICT_5X5_50
SIDES_MM = range(2, 41)
"""Sides that fit into a close-up or beside it."""

_SEARCH_LONG_SIDE_PX = 640
_CORNER_STD_PX = 0.5
MOST_TILTED_FRACTION = 0.1
"""Sides of a marker that differ by more are seen from aside: the skin beside it has another scale."""

_MARGIN_OF_SIDE = 0.35
"""The white rim of a card is no skin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleCard:
    """A marker in full-size pixels: corners (4, 2) and what its sides say."""

    corners_xy: PointsXY
    side_mm: float
    px_per_mm: float
    std_px_per_mm: float


def find_scale_cards(rgb8: Rgb8Image) -> tuple[ScaleCard, ...]:
    """Return the markers that lie flat beside the skin.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    """
    gray = np.asarray(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), np.uint8)
    factor = max(1.0, max(gray.shape) / _SEARCH_LONG_SIDE_PX)
    small = cv2.resize(gray, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    found, numbers, _ = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(DICTIONARY)).detectMarkers(small)
    if numbers is None:
        return ()
    cards = []
    for corners, number in zip(found, np.asarray(numbers).ravel(), strict=True):
        full = ((np.asarray(corners, np.float32).reshape(4, 2) + 0.5) * factor - 0.5).astype(np.float32)
        reach = max(2, round(1.5 * factor))
        sharp = cv2.cornerSubPix(
            gray, full.reshape(-1, 1, 2), (reach, reach), (-1, -1), (cv2.TERM_CRITERIA_COUNT, 20, 0.0)
        )
        card = _card(np.asarray(sharp, np.float64).reshape(4, 2), int(number))
        if card is not None:
            cards.append(card)
    return tuple(cards)


def _card(corners_xy: PointsXY, number: int) -> ScaleCard | None:
    sides_px = np.linalg.norm(corners_xy - np.roll(corners_xy, 1, axis=0), axis=1)
    side_px, spread = float(sides_px.mean()), float(np.ptp(sides_px))
    if number not in SIDES_MM or spread > MOST_TILTED_FRACTION * side_px:
        return None
    std_px = float(np.hypot(_CORNER_STD_PX, spread / 2))
    return ScaleCard(
        corners_xy=corners_xy,
        side_mm=float(number),
        px_per_mm=side_px / number,
        std_px_per_mm=std_px / number,
    )


def hidden_by(cards: tuple[ScaleCard, ...], shape: tuple[int, int]) -> Mask:
    """Return (H, W) mask of cards with their white rims."""
    mask = np.zeros(shape, np.uint8)
    for card in cards:
        middle = card.corners_xy.mean(axis=0)
        rim = middle + (card.corners_xy - middle) * (1 + 2 * _MARGIN_OF_SIDE)
        cv2.fillConvexPoly(mask, np.round(rim).astype(np.int32).reshape(-1, 1, 2), 1)
    return np.asarray(mask, np.bool_)
