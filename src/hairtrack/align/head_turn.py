"""How a head has turned between two photos, read from its broad pattern, where no alignment is believed.

An outline stays the same when a head turns. The pattern of the hair does not: turned like an egg, its near side slides
over the rim. What this finds is good enough to say which way to turn back, not to compare a place of one photo with a
place of the other.
"""

from dataclasses import replace

import numpy as np

from hairtrack.align.head_search import HeadPose, likest_pose, likest_shifts, slid_poses, upright_poses
from hairtrack.align.head_settings import HeadSettings
from hairtrack.align.head_tier import HeadViews, shown_heads
from hairtrack.align.photos import AlignmentInput
from hairtrack.model import View

_FROM_THE_SIDE = frozenset({View.FRONT, View.LEFT, View.RIGHT})
_DEFAULT = HeadSettings()


def likely_turn_deg(
    reference: AlignmentInput, moving: AlignmentInput, *, settings: HeadSettings = _DEFAULT
) -> tuple[float, float] | None:
    """Return how far the near side of the head has rolled right and down, in degrees; None when nothing tells it.

    Parameters
    ----------
    reference, moving
        Photos of one head from one side, the same way up, with its mask.
    settings
        Poses to try, and the likeness to ask for.
    """
    shown = shown_heads(reference, moving, settings)
    if shown is None:
        return None
    pose = likest_turn(shown[0][2], shown[1][2], settings)
    beside = reference.view in _FROM_THE_SIDE
    least = settings.turn.least_likeness_beside if beside else settings.turn.least_likeness
    if pose.likeness < least:
        return None
    upright = complex(*pose.slide_radii) * np.exp(-1j * pose.roll_rad)
    right, down = np.degrees(np.arcsin(np.clip([upright.real, upright.imag], -1, 1)))
    return float(right), float(down)


def likest_turn(reference: HeadViews, moving: HeadViews, settings: HeadSettings) -> HeadPose:
    """Return the likest pose, turns among them: roll and size first, then turns, and once more round the best turn."""
    search, still, laid = settings.search, reference.coarse, moving.coarse
    pose = likest_pose(still, upright_poses(laid, search), search)
    pose = _likest_slide(reference, moving, pose, settings)
    again = likest_pose(still, upright_poses(laid, search, slide_radii=pose.slide_radii), search)
    return _likest_slide(reference, moving, again, settings) if again.likeness > pose.likeness else pose


def _likest_slide(reference: HeadViews, moving: HeadViews, held: HeadPose, settings: HeadSettings) -> HeadPose:
    """Return the likest turn at the roll and size of a pose, between the turns tried where both neighbours tell."""
    axis = settings.turn.slides_radii
    slides = tuple((right, down) for right in axis for down in axis)
    poses = likest_shifts(
        reference.coarse, slid_poses(moving.coarse, settings.search, slides, held=held), settings.search
    )
    table = np.array([pose.likeness for pose in poses]).reshape(len(axis), len(axis))
    row, column = (int(index) for index in np.unravel_index(int(table.argmax()), table.shape))
    best = poses[row * len(axis) + column]
    slide = (_peak(axis, table[:, column], row), _peak(axis, table[row], column))
    return replace(best, slide_radii=slide)


def _peak(axis: tuple[float, ...], likeness: np.ndarray, best: int) -> float:
    """Return where a parabola through the best value and its neighbours is highest; the best place at either end."""
    if best in (0, len(axis) - 1):
        return axis[best]
    before, here, after = likeness[best - 1 : best + 2]
    bend = before - 2 * here + after
    off = 0.0 if bend >= 0 else 0.5 * (before - after) / bend
    return axis[best] + float(np.clip(off, -0.5, 0.5)) * (axis[best + 1] - axis[best])
