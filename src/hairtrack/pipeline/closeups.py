"""One close-up: its scale, its hairs, its numbers; and two of them, matched hair by hair."""

from collections.abc import Mapping
from dataclasses import dataclass

from hairtrack.align.hairs import CloseupView
from hairtrack.align.hairs import match_hairs as match_views
from hairtrack.imaging.overlays import find_overlays
from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.imaging.round_field import find_round_field
from hairtrack.imaging.ruler import find_ruler
from hairtrack.imaging.scale_card import find_scale_cards, hidden_by
from hairtrack.imaging.types import Rgb8Image
from hairtrack.measure.closeup import NO_SCALE, measure_closeup
from hairtrack.model import (
    CloseupReading,
    FollicularUnit,
    Hair,
    HairMatch,
    Measured,
    NotMeasured,
    PixelScale,
)
from hairtrack.pipeline.settings import Settings
from hairtrack.segment.scale_sources import read_scale
from hairtrack.segment.shafts import find_shafts


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeup:
    """A close-up that was read, with its pixels: what `hairtrack.read_closeup` gives and `match_hairs` takes."""

    file: str
    rgb8: Rgb8Image
    reading: CloseupReading

    @property
    def hairs(self) -> tuple[Hair, ...]:
        """The hairs, root and tip in pixels of the close-up."""
        return self.reading.hairs

    @property
    def units(self) -> tuple[FollicularUnit, ...]:
        """The follicular units, each with the indices of its hairs."""
        return self.reading.units

    @property
    def measurements(self) -> Mapping[str, Measured | NotMeasured]:
        """Every measurand of a close-up by its name."""
        return self.reading.measurements

    @property
    def scale(self) -> PixelScale | None:
        """Pixels a millimetre with its uncertainty, or None when unknown."""
        return self.reading.scale


def read_hairs(loaded: LoadedPhoto, *, settings: Settings) -> CloseupReading:
    """Return the hairs and numbers of a close-up; its scale is the given one, else what marks in the picture say."""
    drawn = find_overlays(loaded.rgb8)
    cards, ruler, field = find_scale_cards(loaded.rgb8), find_ruler(loaded.rgb8), find_round_field(loaded.rgb8)
    said = read_scale(
        loaded.rgb8,
        given=loaded.record.scale,
        cards=cards,
        ruler=ruler,
        field=field,
        field_diameter_mm=loaded.record.field_diameter_mm,
        drawn=drawn,
    )
    scale = said if isinstance(said, PixelScale) else None
    hidden = hidden_by(cards, loaded.shape)
    if ruler is not None:
        hidden |= ruler.covers(loaded.shape)
    found = find_shafts(
        loaded.rgb8,
        px_per_mm=scale.px_per_mm if scale else None,
        settings=settings.shafts,
        drawn=drawn,
        hidden=hidden if field is None else hidden | field.outside(loaded.shape),
    )
    height, width = loaded.shape
    return CloseupReading(
        hairs=found.hairs,
        units=found.units,
        measurements=measure_closeup(
            found.hairs,
            found.units,
            scale=scale,
            seen=found.seen,
            hair=found.hair,
            refusal=found.refusal,
            no_scale=said if isinstance(said, NotMeasured) else NO_SCALE,
            settings=settings.closeup_measure,
        ),
        scale=scale,
        area_seen_px=float(found.seen.sum()),
        width_px=width,
        height_px=height,
        flags=found.flags,
    )


def match_closeups(reference: Closeup, moving: Closeup, *, settings: Settings) -> HairMatch:
    """Return the same hairs found again on two close-ups of one spot, the lost and the gained ones, or a refusal."""
    views = [
        CloseupView(
            file=closeup.file,
            rgb8=closeup.rgb8,
            hairs=closeup.hairs,
            px_per_mm=closeup.scale.px_per_mm if closeup.scale else settings.shafts.nominal_px_per_mm,
        )
        for closeup in (reference, moving)
    ]
    return match_views(views[0], views[1], settings=settings.hair_match)
