"""The scale of a close-up from every mark that says it; marks that contradict each other give none."""

import math

from hairtrack.imaging.overlays import OverlayFinding
from hairtrack.imaging.round_field import RoundField
from hairtrack.imaging.ruler import Ruler
from hairtrack.imaging.scale_card import ScaleCard
from hairtrack.imaging.types import Rgb8Image
from hairtrack.model import NotMeasured, PixelScale
from hairtrack.segment.scale_bar import find_scale

AGREE_FRACTION = 0.03
"""Two marks may differ by this much, and by twice their standard uncertainty: beyond it one of them is wrong."""

_NAMES = {
    "given": "the given scale",
    "scale_bar": "the scale bar",
    "scale_card": "the printed card",
    "ruler": "the ruler",
    "field_circle": "the field of the dermoscope",
}


def read_scale(
    rgb8: Rgb8Image,
    *,
    given: PixelScale | None,
    cards: tuple[ScaleCard, ...] = (),
    ruler: Ruler | None = None,
    field: RoundField | None = None,
    field_diameter_mm: float | None = None,
    drawn: OverlayFinding | None = None,
) -> PixelScale | NotMeasured | None:
    """Return the most certain scale of all marks, why they cannot be used together, or None without any mark.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB, searched for a scale bar.
    given
        What the patient's file says.
    cards, ruler, field
        Scale cards, the ruler and the round field that the picture shows.
    field_diameter_mm
        True diameter of the field of this dermoscope; a field alone says nothing.
    drawn
        What was drawn into the picture, when it is known already.
    """
    bar = find_scale(rgb8, drawn=drawn)
    marks = [mark for mark in (given, bar) if mark is not None]
    marks += [
        PixelScale(px_per_mm=card.px_per_mm, std_uncertainty_px_per_mm=card.std_px_per_mm, method="scale_card")
        for card in cards
    ]
    if ruler is not None:
        std = ruler.std_px_per_mm
        marks.append(PixelScale(px_per_mm=ruler.px_per_mm, std_uncertainty_px_per_mm=std, method="ruler"))
    if field is not None and field_diameter_mm is not None:
        marks.append(
            PixelScale(
                px_per_mm=field.diameter_px / field_diameter_mm,
                std_uncertainty_px_per_mm=field.std_px / field_diameter_mm,
                method="field_circle",
            )
        )
    if not marks:
        return None
    for position, one in enumerate(marks):
        for other in marks[position + 1 :]:
            if not _agree(one, other):
                return NotMeasured(
                    reason=(
                        f"{_NAMES[one.method]} says {one.px_per_mm:.1f} px/mm, "
                        f"{_NAMES[other.method]} says {other.px_per_mm:.1f} px/mm"
                    ),
                    remedy="find out which of the two is wrong, and correct it or take it out of the picture",
                )
    return given or min(marks, key=lambda mark: mark.std_uncertainty_px_per_mm / mark.px_per_mm)


def _agree(one: PixelScale, other: PixelScale) -> bool:
    apart = abs(one.px_per_mm - other.px_per_mm)
    error = math.hypot(one.std_uncertainty_px_per_mm, other.std_uncertainty_px_per_mm)
    return apart <= AGREE_FRACTION * min(one.px_per_mm, other.px_per_mm) + 2 * error
