"""Numbers of a whole-head photo beside coverage: the answers to what was asked of its regions."""

from dataclasses import dataclass

import numpy as np

from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.measure.crusts import measure_dark_crusts
from hairtrack.measure.hairline import BROW, HAIRLINE, measure_hairline
from hairtrack.measure.orientation import measure_orientation_coherence, measure_shaft_orientation
from hairtrack.measure.parting import measure_part_width
from hairtrack.measure.patchiness import measure_patchiness
from hairtrack.measure.redness import measure_redness
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.stubble import measure_stubble
from hairtrack.measure.whorl import find_whorl
from hairtrack.model import HairtrackError, Measured, NotMeasured, Region
from hairtrack.pipeline.compare import Seen
from hairtrack.pipeline.head_questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A photo on which a head was found, and the pixels that a question is about."""

    photo: Seen
    head_mask: Mask
    opacity: FractionMap
    excluded: Mask

    def untreated(self, treated: tuple[Region, ...]) -> Mask:
        outside = np.ones(self.head_mask.shape, np.bool_)
        for region in treated:
            outside &= ~self.photo.inside(region.polygon_xy)
        return outside

    def mark(self, question: Question, name: str) -> tuple[float, float] | None:
        found = next((mark.xy for mark in question.marks if mark.name == name), None)
        if found is None:
            return None
        x, y = self.photo.pixels.working.working_from_full(np.array([found]))[0]
        return float(x), float(y)


def answer(question: Question, photo: Seen, *, settings: MeasureSettings) -> Measured | NotMeasured | None:
    """Return the number that was asked for, or why there is none; None where no head was found, as coverage says."""
    pixels = photo.pixels
    if pixels.head_mask is None or pixels.opacity is None or pixels.excluded is None:
        return None
    head = _Head(photo=photo, head_mask=pixels.head_mask, opacity=pixels.opacity, excluded=pixels.excluded)
    by_place = {"hairline_position_mm": _hairline, "part_width_mm": _parting, "whorl_position": _whorl}
    ask = by_place.get(question.measurand, _of_region)
    return ask(question, head, settings)


def _of_region(question: Question, head: _Head, settings: MeasureSettings) -> Measured | NotMeasured:
    rgb8, opacity = head.photo.pixels.working.rgb8, head.opacity
    region = head.photo.inside(question.region.polygon_xy)
    length_mm = head.photo.look.photo.hair_length_mm
    where = {"head_mask": head.head_mask, "excluded": head.excluded}
    match question.measurand:
        case "orientation_coherence":
            return measure_orientation_coherence(rgb8, opacity, region, settings=settings, **where)
        case "shaft_orientation_deg":
            turned = question.turned_deg
            return measure_shaft_orientation(rgb8, opacity, region, turned_deg=turned, settings=settings, **where)
        case "patchiness":
            return measure_patchiness(opacity, region, settings=settings, **where)
        case "stubble_texture":
            return measure_stubble(head.photo.pixels.stubble, region, settings=settings, **where)
        case "redness_index":
            rest = head.untreated(question.treated)
            return measure_redness(rgb8, opacity, region, compared_with=rest, settings=settings, **where)
        case "dark_crust_fraction":
            return measure_dark_crusts(rgb8, region, hair_length_mm=length_mm, settings=settings, **where)
        case _:
            raise HairtrackError("nobody measures this", where=question.measurand)


def _whorl(_: Question, head: _Head, settings: MeasureSettings) -> Measured | NotMeasured:
    working = head.photo.pixels.working
    return find_whorl(
        working.rgb8,
        head_mask=head.head_mask,
        excluded=head.excluded,
        full_per_working=working.full_per_working,
        settings=settings,
    )


def _parting(_: Question, head: _Head, settings: MeasureSettings) -> Measured | NotMeasured:
    working, record = head.photo.pixels.working, head.photo.look.photo
    return measure_part_width(
        working.rgb8,
        head.opacity,
        head_mask=head.head_mask,
        excluded=head.excluded,
        scale=record.scale,
        full_per_working=working.full_per_working,
        hair_length_mm=record.hair_length_mm,
        settings=settings,
    )


def _hairline(question: Question, head: _Head, settings: MeasureSettings) -> Measured | NotMeasured:
    record = head.photo.look.photo
    return measure_hairline(
        head.opacity,
        head_mask=head.head_mask,
        brow_xy=head.mark(question, BROW),
        hairline_xy=head.mark(question, HAIRLINE),
        scale=record.scale,
        full_per_working=head.photo.pixels.working.full_per_working,
        hair_length_mm=record.hair_length_mm,
        settings=settings,
    )
