"""How to move so that a new photo matches an earlier one, in words."""

from hairtrack.imaging.types import Mask
from hairtrack.imaging.warp import Warp
from hairtrack.model import Tier, View
from hairtrack.quality.head_move import HeadMove, head_move

_SIZE_TOLERANCE_FRACTION = 0.04
_SHIFT_TOLERANCE_FRACTION = 0.04
_ROLL_TOLERANCE_DEG = 2.5
_TURN_TOLERANCE_DEG = 2.5
# A little below the 5 % and 3 degrees from which errors must be told, since they are measured with an error of their
# own: validation/guidance_directions.py.
_LIKELY_TURN_TOLERANCE_DEG = 3.5
# What the broad pattern alone tells errs by some degrees more: of 80 turns and tilts of 8 drawn heads 40 were told at
# this limit, none of them wrongly; at 2.5 degrees 44, one wrongly, and twice as many false alarms.
_INCOMPARABLE_TURN_DEG = 15.0

TIERS_THAT_TELL_A_TURN = frozenset({Tier.SCALP, Tier.LANDMARKS})
"""Alignments whose map bulges as the head turned; the broad pattern of a whole head bends too little."""

# A near side that rolled to the right of the picture is a head turned to its own left, from wherever it is seen.
_TURN_RIGHT, _TURN_LEFT = "turn the chin to the right", "turn the chin to the left"
_TOWARDS_LEFT, _TOWARDS_RIGHT = "tilt the head towards the left shoulder", "tilt the head towards the right shoulder"
_RAISE, _LOWER = "raise the chin", "lower the chin"

_CORRECTION: dict[View, tuple[str, str, str, str]] = {
    View.FRONT: (_TURN_RIGHT, _TURN_LEFT, _RAISE, _LOWER),
    View.BACK: (_TURN_RIGHT, _TURN_LEFT, _LOWER, _RAISE),
    View.LEFT: (_TURN_RIGHT, _TURN_LEFT, _TOWARDS_RIGHT, _TOWARDS_LEFT),
    View.RIGHT: (_TURN_RIGHT, _TURN_LEFT, _TOWARDS_LEFT, _TOWARDS_RIGHT),
}
"""What undoes a near side that rolled right, left, down, up in the picture, the picture upright."""

_CORRECTION_FROM_ABOVE = (
    "tilt the head so that the middle of the scalp moves left in the picture",
    "tilt the head so that the middle of the scalp moves right in the picture",
    "tilt the head so that the middle of the scalp moves up in the picture",
    "tilt the head so that the middle of the scalp moves down in the picture",
)
"""From above, or when the view is unknown, nothing tells which way the face looks."""


def guidance_sentences(
    reference_mask: Mask | None,
    moving_mask: Mask | None,
    *,
    warp: Warp | None,
    view: View | None,
    likely_turn_deg: tuple[float, float] | None = None,
) -> tuple[str, ...]:
    """Return in words how to move so that the next photo matches the reference; never empty.

    Left and right are the patient's own where the head moves, and the picture's where the phone moves.

    Parameters
    ----------
    reference_mask, moving_mask
        (H, W) head of each photo at working size; None where none was found.
    warp
        The accepted map between the two at working size; None when they could not be aligned.
    view
        Of the reference; None when unknown.
    likely_turn_deg
        How far the near side of the head has rolled right and down as its broad pattern tells it, for photos that were
        not matched on the scalp itself; None when nothing tells it. It is believed rather than the turn in a map.
    """
    if reference_mask is None or not reference_mask.any():
        return ("No head was found in the reference photo, so there is nothing to match.",)
    if moving_mask is None or not moving_mask.any():
        return ("No head was found in the new photo: show the whole head before a plain background.",)
    move = head_move(reference_mask, moving_mask, warp=warp)
    sentences = _phone_sentences(move)
    if likely_turn_deg is not None:
        sentences += _head_sentences(likely_turn_deg, view, tolerance_deg=_LIKELY_TURN_TOLERANCE_DEG)
    elif move.turn_deg_xy is not None:
        sentences += _head_sentences(move.turn_deg_xy, view, tolerance_deg=_TURN_TOLERANCE_DEG)
        if max(abs(turn_deg) for turn_deg in move.turn_deg_xy) > _INCOMPARABLE_TURN_DEG:
            sentences.append("The head is turned by more than 15 degrees: these two photos cannot be compared.")
    if not sentences:
        sentences.append("Distance, place and tilt of the phone match the reference: nothing to change.")
    if likely_turn_deg is not None:
        sentences.append(
            "How the head is turned was read from the broad pattern of the hair alone: compare ears, nose and hairline "
            "with the reference."
        )
    elif move.turn_deg_xy is None:
        sentences.append(
            "Whether the head is turned or tilted cannot be told from its outline: compare ears, nose and hairline "
            "with the reference."
        )
    return tuple(sentences)


def _phone_sentences(move: HeadMove) -> list[str]:
    sentences = []
    if move.size_ratio < 1 - _SIZE_TOLERANCE_FRACTION:
        sentences.append(f"Come closer: the head is {1 - move.size_ratio:.0%} smaller than in the reference.")
    elif move.size_ratio > 1 + _SIZE_TOLERANCE_FRACTION:
        sentences.append(f"Move farther away: the head is {move.size_ratio - 1:.0%} larger than in the reference.")
    right, down = move.shift_fraction_xy
    if abs(right) > _SHIFT_TOLERANCE_FRACTION:
        side, other = ("right", "left") if right > 0 else ("left", "right")
        sentences.append(
            f"Point the phone further {side}: the head should lie further {other}, by {abs(right):.0%} of the width."
        )
    if abs(down) > _SHIFT_TOLERANCE_FRACTION:
        side, other = ("down", "up") if down > 0 else ("up", "down")
        sentences.append(
            f"Point the phone further {side}: the head should lie further {other}, by {abs(down):.0%} of the height."
        )
    if move.roll_deg is not None and abs(move.roll_deg) > _ROLL_TOLERANCE_DEG:
        way = "clockwise" if move.roll_deg > 0 else "counter-clockwise"
        sentences.append(f"Turn the phone {way} by about {abs(move.roll_deg):.0f} degrees, as seen from behind it.")
    return sentences


def _head_sentences(turn_deg_xy: tuple[float, float], view: View | None, *, tolerance_deg: float) -> list[str]:
    words = _CORRECTION_FROM_ABOVE if view is None else _CORRECTION.get(view, _CORRECTION_FROM_ABOVE)
    sentences = []
    for turn_deg, undo, redo in zip(turn_deg_xy, (words[0], words[2]), (words[1], words[3]), strict=True):
        if abs(turn_deg) > tolerance_deg:
            action = undo if turn_deg > 0 else redo
            sentences.append(f"{action[0].upper()}{action[1:]}, by about {abs(turn_deg):.0f} degrees.")
    return sentences
