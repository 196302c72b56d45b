"""How a head lies in one photo compared with another: nearer, shifted, rolled, and turned where that is known."""

from dataclasses import dataclass

import cv2
import numpy as np

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

    With an alignment, size and roll are those of the similarity nearest to it, and the turn is how far the scalp has
    slid under its outline: on a ball of radius R, a point that faced the camera moves by R sin(turn). Without one,
    size and shift are those of the outlines, and roll is the turn that lays one outline best over the other.
    """
    reference_centre, reference_radius = _centre_and_radius(reference_mask)
    moving_centre, moving_radius = _centre_and_radius(moving_mask)
    frames = max(reference_mask.shape) / max(moving_mask.shape)
    shift = moving_centre / _size_xy(moving_mask) - reference_centre / _size_xy(reference_mask)
    shift_xy = (float(shift[0]), float(shift[1]))
    carried = _similarity(reference_mask, warp) if warp is not None else None
    if warp is None or carried is None:
        return HeadMove(
            size_ratio=frames * moving_radius / reference_radius,
            shift_fraction_xy=shift_xy,
            roll_deg=_roll_of_outlines(reference_mask, moving_mask),
            turn_deg_xy=None,
        )
    scale, roll_deg = float(np.abs(carried)), float(np.degrees(np.angle(carried)))
    slid = warp.moving_from_reference(reference_centre[None])[0] - moving_centre
    turn = None
    if np.isfinite(slid).all():
        upright = complex(*slid) / carried
        sine = np.clip(np.array([upright.real, upright.imag]) / reference_radius, -1, 1)
        turn = np.degrees(np.arcsin(sine))
    return HeadMove(
        size_ratio=frames * scale,
        shift_fraction_xy=shift_xy,
        roll_deg=roll_deg,
        turn_deg_xy=None if turn is None else (float(turn[0]), float(turn[1])),
    )


def _size_xy(mask: Mask) -> PointsXY:
    return np.array([mask.shape[1], mask.shape[0]], np.float64)


def _centre_and_radius(mask: Mask) -> tuple[PointsXY, float]:
    moments = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    centre = np.array([moments["m10"], moments["m01"]]) / moments["m00"]
    return centre, float(np.sqrt(moments["m00"] / np.pi))


def _similarity(reference_mask: Mask, warp: Warp) -> complex | None:
    """Return scale and rotation of the similarity nearest to a warp on the head, as one complex number."""
    step = max(1, round(max(reference_mask.shape) / _GRID_SIDE))
    rows, columns = np.nonzero(reference_mask[::step, ::step])
    points = np.c_[columns, rows].astype(np.float64) * step
    moved = warp.moving_from_reference(points)
    known = np.isfinite(moved).all(axis=1)
    if np.count_nonzero(known) < max(3.0, _MIN_CARRIED_FRACTION * len(points)):
        return None
    source = points[known] @ np.array([1, 1j])
    target = moved[known] @ np.array([1, 1j])
    source, target = source - source.mean(), target - target.mean()
    spread = float(np.sum(np.abs(source) ** 2))
    return complex(np.sum(target * source.conj())) / spread if spread > 0 else None


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
