"""How a head lies in one photo compared with another: nearer, shifted, rolled, and turned where that is known."""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.imaging.outline import ellipse_of
from hairtrack.imaging.types import Mask, PointsXY
from hairtrack.imaging.warp import Warp

_GRID_SIDE = 40
_MIN_CARRIED_FRACTION = 0.2
_OUTLINE_SIDE_PX = 160
_WIDEST_ROLL_DEG = 45
_MIN_OVERLAP_GAIN = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadMove:
    """Where the head of the moving photo lies, seen from the reference.

    Parameters
    ----------
    size_ratio
        Length of the moving head over that of the reference head, both as fractions of their frames.
    shift_fraction_xy
        How far its centre lies further right and further down, in fractions of the frame's width and height.
    roll_deg
        How far the picture is turned clockwise; None when outlines cannot tell.
    turn_deg_xy
        How far the near side of the head has rolled to the right and downwards in the picture, reference orientation;
        None without an accepted alignment, since an outline stays the same when a head turns.
    """

    size_ratio: float
    shift_fraction_xy: tuple[float, float]
    roll_deg: float | None
    turn_deg_xy: tuple[float, float] | None


def head_move(reference_mask: Mask, moving_mask: Mask, *, warp: Warp | None) -> HeadMove:
    """Return how the head of the moving photo lies compared with the reference; both masks must hold a head.

    With an alignment, size, roll and turn are those of a ball that the map fits best: when a ball of radius R turns, a
    point of height h over its rim moves by h sin(turn), so that the middle moves on and the rim stays. What the middle
    has moved by alone would be no measure, since a phone that points elsewhere moves all of the head. Without one, size
    and shift are those of the outlines, and roll is the turn that lays one outline best over the other.
    """
    reference_centre, reference_radius = _centre_and_radius(reference_mask)
    moving_centre, moving_radius = _centre_and_radius(moving_mask)
    frames = max(reference_mask.shape) / max(moving_mask.shape)
    ball = _turned_ball(reference_mask, warp) if warp is not None else None
    if ball is None:
        return HeadMove(
            size_ratio=frames * moving_radius / reference_radius,
            shift_fraction_xy=_shift(reference_mask, reference_centre, moving_mask, moving_centre),
            roll_deg=_roll_of_outlines(reference_mask, moving_mask),
            turn_deg_xy=None,
        )
    middle, grown, slid = ball
    turn = np.degrees(np.arcsin(np.clip([slid.real, slid.imag], -1, 1)))
    return HeadMove(
        size_ratio=frames * float(np.abs(grown)),
        shift_fraction_xy=_shift(reference_mask, reference_centre, moving_mask, np.array([middle.real, middle.imag])),
        roll_deg=float(np.degrees(np.angle(grown))),
        turn_deg_xy=(float(turn[0]), float(turn[1])),
    )


def _shift(reference_mask: Mask, reference_xy: PointsXY, moving_mask: Mask, moving_xy: PointsXY) -> tuple[float, float]:
    """Return how far a place lies further right and down in the moving frame, in fractions of the frames."""
    shift = moving_xy / _size_xy(moving_mask) - reference_xy / _size_xy(reference_mask)
    return float(shift[0]), float(shift[1])


def _size_xy(mask: Mask) -> PointsXY:
    return np.array([mask.shape[1], mask.shape[0]], np.float64)


def _centre_and_radius(mask: Mask) -> tuple[PointsXY, float]:
    moments = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    centre = np.array([moments["m10"], moments["m01"]]) / moments["m00"]
    return centre, float(np.sqrt(moments["m00"] / np.pi))


def _turned_ball(reference_mask: Mask, warp: Warp) -> tuple[complex, complex, complex] | None:
    """Return where the middle of the outline lies now, scale with roll, and the slide of the near side in radii.

    Each is a complex number, right and down; the slide is upright, as the reference stands.

    Fitted by least squares: shift, similarity, a stretch, and the height of an egg of the outline's axes times a slide.
    """
    step = max(1, round(max(reference_mask.shape) / _GRID_SIDE))
    rows, columns = np.nonzero(reference_mask[::step, ::step])
    points = np.c_[columns, rows].astype(np.float64) * step
    centre, radius = _centre_and_radius(reference_mask)
    moved = warp.moving_from_reference(points)
    offsets = points - centre
    height_squared = 1 - ((offsets @ ellipse_of(reference_mask)) * offsets).sum(axis=1)
    known = np.isfinite(moved).all(axis=1)
    if np.count_nonzero(known) < max(3.0, _MIN_CARRIED_FRACTION * len(points)):
        return None
    place = offsets[known] @ np.array([1, 1j]) / radius
    height = np.sqrt(np.clip(height_squared[known], 0, None))
    table = np.stack([np.ones_like(place), place, place.conj(), height.astype(np.complex128)], axis=1)
    fitted = np.linalg.lstsq(table, moved[known] @ np.array([1, 1j]), rcond=None)[0]
    grown = complex(fitted[1])
    return (complex(fitted[0]), grown / radius, complex(fitted[3]) / grown) if abs(grown) > 0 else None


def _roll_of_outlines(reference_mask: Mask, moving_mask: Mask) -> float | None:
    """Return the roll in degrees that lays the moving outline best on the reference; None when round or cut off."""
    if any(
        side.any() for mask in (reference_mask, moving_mask) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    ):
        return None
    reference = _normalised(reference_mask, 0.0)
    overlaps = {}
    for roll_deg in range(-_WIDEST_ROLL_DEG, _WIDEST_ROLL_DEG + 1, 3):
        moving = _normalised(moving_mask, float(roll_deg))
        overlaps[float(roll_deg)] = float((reference & moving).sum() / (reference | moving).sum())
    best = max(overlaps, key=lambda roll_deg: (overlaps[roll_deg], -abs(roll_deg)))
    if abs(best) >= _WIDEST_ROLL_DEG or (best != 0.0 and overlaps[best] - overlaps[0.0] < _MIN_OVERLAP_GAIN):
        return None
    return best


def _normalised(mask: Mask, undo_roll_deg: float) -> Mask:
    """Return the mask centred, brought to one size and turned back by a clockwise roll."""
    centre, radius = _centre_and_radius(mask)
    scale = 0.3 * _OUTLINE_SIDE_PX / radius
    middle = (float(centre[0]), float(centre[1]))
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, undo_roll_deg, scale), np.float64)
    matrix[:, 2] += _OUTLINE_SIDE_PX / 2 - centre
    side = (_OUTLINE_SIDE_PX, _OUTLINE_SIDE_PX)
    laid = cv2.warpAffine(mask.astype(np.uint8), matrix, side, flags=cv2.INTER_NEAREST)
    return np.asarray(laid, np.bool_)
