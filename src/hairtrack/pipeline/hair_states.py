"""Like is compared with like: numbers are withheld where the state of the hair, not its amount, may have changed.

Pigment and fibres make a scalp dark without a hair; water, scissors, dye and a comb move coverage at the same number
of hairs. What case.toml says of wetness and length stands before what the picture shows. Where it gives both lengths of
hair that was cut, hair is still held against the reference through the link of length; coverage is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hairtrack.measure.parting import find_parting
from hairtrack.measure.relative_density import (
    LINKED_RATIO_LIMIT,
    length_ratio_of,
    not_comparable,
    relative_hair_density,
)
from hairtrack.model import LENGTH_RATIO_LIMIT, Measured, Measurement, NotMeasured, Photo, Region, RegionName
from hairtrack.pipeline.compare import Seen, Series, seen
from hairtrack.pipeline.head_questions import PARTED_VIEWS
from hairtrack.pipeline.pair_numbers import COVERAGE, RELATIVE
from hairtrack.pipeline.shelf import Shelf, digest, program
from hairtrack.segment.hair_length import length_class
from hairtrack.segment.hair_state import (
    ALONE,
    ALONE_WITH_CHANGE,
    FEWEST_TILES,
    LIMITS,
    StateChange,
    change_probability,
    concealed_probability,
)

BY_COVERAGE = frozenset({COVERAGE, RELATIVE})
"""Measurands that the state of the hair moves."""

CONCEALED = NotMeasured(
    reason="the scalp is dark here without strands, as concealer fibres, sprays, pigment or a fresh shave make it",
    remedy="wash out all fibres and sprays, dry the hair and take the photo again; on a pigmented scalp only close-ups "
    "tell hairs",
    flags=("hair_fibres",),
)
UNLIKE: Mapping[StateChange, NotMeasured] = {
    StateChange.CONCEALED: CONCEALED,
    StateChange.WET: NotMeasured(
        reason="the hair is wetter or oilier on one of the two photos",
        remedy="wash and dry the hair, and take the photo again",
        flags=("wet",),
    ),
    StateChange.CUT: NotMeasured(
        reason="the hair is shorter on one of the two photos",
        remedy="let the hair grow to the length of the first photo, or begin a new series at the new length",
        flags=("hair_length_differs",),
    ),
    StateChange.DYED: NotMeasured(
        reason="the hair has another colour on one of the two photos",
        remedy="take the photo again in the colour of the first photo, or begin a new series in the new colour",
        flags=("hair_colour_differs",),
    ),
}
"""What is said instead of a number, by what lies between the two photos."""

PARTED = NotMeasured(
    reason="a parting runs through the region on one of the two photos, or runs elsewhere on the other",
    remedy="comb the hair as on the first photo and take the photo again",
    flags=("parting_differs",),
)
LEAST_PARTED = 0.02
"""Coverage that a parting must take from a region more on one photo than on the other. Its line takes .02 to .08, the
hair that is combed aside with it twice as much again (validation/results/head_measurands_combed.txt)."""


def like_with_like(
    measurements: Iterable[Measurement],
    series: Iterable[Series],
    regions: Mapping[str, Sequence[Region]],
    *,
    shelf: Shelf,
) -> tuple[Measurement, ...]:
    """Return the measurements, those withheld that compare photos of different state or show a concealed scalp."""
    measurements, series = tuple(measurements), tuple(series)
    absences = {key: absence for one in series for key, absence in _absences(one, regions, shelf).items()}

    def answered(measurement: Measurement) -> Measurement:
        absence = absences.get((measurement.file, measurement.region))
        if absence is None or measurement.measurand not in BY_COVERAGE or not isinstance(measurement.result, Measured):
            return measurement
        return replace(measurement, result=absence)

    linked = _through_the_link(measurements, series, absences)
    return (*(answered(measurement) for measurement in measurements), *linked)


def _through_the_link(
    measurements: Sequence[Measurement],
    series: Iterable[Series],
    absences: Mapping[tuple[str, RegionName], NotMeasured],
) -> Iterator[Measurement]:
    """Yield hair against the reference where coverage is withheld for a cut alone and the case gives both lengths."""
    covers = {
        (m.file, m.region): (m, m.result)
        for m in measurements
        if m.measurand == COVERAGE and isinstance(m.result, Measured)
    }
    for one in series:
        first = one.reference.photo
        for photo in (look.photo for look in one.followups):
            lengths = first.hair_length_mm, photo.hair_length_mm
            ratio = length_ratio_of(*lengths)
            wet = first.wet, photo.wet
            if ratio is None or not_comparable(lengths_mm=lengths, wet=wet, longest_ratio=LINKED_RATIO_LIMIT):
                continue
            for region in RegionName:
                key, before = (photo.file, region), (first.file, region)
                if absences.get(key) is not UNLIKE[StateChange.CUT] or before in absences:
                    continue
                if key in covers and before in covers:
                    asked, now = covers[key]
                    result = relative_hair_density(now, covers[before][1], length_ratio=ratio)
                    yield replace(asked, measurand=RELATIVE, result=result)


def _absences(
    series: Series, regions: Mapping[str, Sequence[Region]], shelf: Shelf
) -> dict[tuple[str, RegionName], NotMeasured]:
    """Return why regions of the photos of a series are not measured, by file and region."""
    reference = seen(series.reference, shelf)
    own = _concealed(reference, regions)
    found = dict(own)
    for look in series.followups:
        followup = seen(look, shelf)
        found |= _parted(reference, followup, regions, shelf)
        found |= _unlike(reference, followup, regions) | _concealed(followup, regions)
    return found


def _concealed(photo: Seen, regions: Mapping[str, Sequence[Region]]) -> dict[tuple[str, RegionName], NotMeasured]:
    tiles = photo.pixels.tiles
    if tiles is None:
        return {}
    file = photo.look.photo.file
    return {
        (file, region.name): CONCEALED
        for region in regions.get(file, ())
        if (within := _tiles_of(photo, region)).sum() >= FEWEST_TILES
        and concealed_probability(tiles, within) > LIMITS[ALONE]
    }


def _unlike(
    reference: Seen, followup: Seen, regions: Mapping[str, Sequence[Region]]
) -> dict[tuple[str, RegionName], NotMeasured]:
    """Return for each region of a follow-up why it is not compared with the reference."""
    before, after = reference.pixels.tiles, followup.pixels.tiles
    if before is None or after is None:
        return {}
    one, other = reference.look.photo, followup.look.photo
    whole = (np.ones(len(before.corners_xy), np.bool_), np.ones(len(after.corners_xy), np.bool_))
    asked = [change for change in OF_THE_WHOLE_HEAD if not _declared(change, one, other)]
    change = next((change for change in asked if _changed(change, reference, followup, whole)), None)
    if change is None and _cut(reference, followup, regions):
        change = StateChange.CUT
    places = {region.name: region for region in regions.get(one.file, ())}
    found = {}
    for region in regions.get(other.file, ()):
        reason = change
        if region.name in places:
            within = _tiles_of(reference, places[region.name]), _tiles_of(followup, region)
            enough = min(int(tiles.sum()) for tiles in within) >= FEWEST_TILES
            if enough and _was_concealed(reference, followup, within):
                reason = StateChange.CONCEALED
        if reason is not None:
            found[other.file, region.name] = UNLIKE[reason]
    return found


OF_THE_WHOLE_HEAD = (StateChange.DYED, StateChange.CUT, StateChange.WET)


def _changed(change: StateChange, one: Seen, other: Seen, within: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> bool:
    """Return whether a state lies between two photos, whichever of them is in it."""
    before, after = one.pixels.tiles, other.pixels.tiles
    if before is None or after is None:
        return False
    there = change_probability(change, before, after, within=within)
    back = change_probability(change, after, before, within=(within[1], within[0]))
    return max(there, back) > LIMITS[change]


def _was_concealed(one: Seen, other: Seen, within: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> bool:
    """Return whether tiles of one of two photos were concealed: the change and that photo alone must both say so."""
    before, after = one.pixels.tiles, other.pixels.tiles
    if before is None or after is None:
        return False
    alone = max(concealed_probability(before, within[0]), concealed_probability(after, within[1]))
    return alone > ALONE_WITH_CHANGE and _changed(StateChange.CONCEALED, one, other, within)


def _declared(change: StateChange, one: Photo, other: Photo) -> bool:
    """Return whether the case says of both photos what the picture would be asked."""
    if change is StateChange.WET:
        return one.wet is not None and one.wet == other.wet
    if change is StateChange.CUT:
        return None not in {one.hair_length_mm, other.hair_length_mm}
    return False


def _cut(one: Seen, other: Seen, regions: Mapping[str, Sequence[Region]]) -> bool:
    """Return whether hair has another length by what the case says, or by classes that both photos tell for sure."""
    ratio = length_ratio_of(one.look.photo.hair_length_mm, other.look.photo.hair_length_mm)
    if ratio is not None:
        return max(ratio, 1 / ratio) > LENGTH_RATIO_LIMIT
    classes = [
        None
        if (tiles := photo.pixels.tiles) is None
        else length_class(tiles, [_tiles_of(photo, region) for region in regions.get(photo.look.photo.file, ())])
        for photo in (one, other)
    ]
    return None not in classes and classes[0] is not classes[1]


def _parted(
    reference: Seen, followup: Seen, regions: Mapping[str, Sequence[Region]], shelf: Shelf
) -> dict[tuple[str, RegionName], NotMeasured]:
    """Return the regions of a follow-up through which a parting runs on one of the two photos alone."""
    before, after = (_taken_by_parting(photo, regions, shelf) for photo in (reference, followup))
    file = followup.look.photo.file
    return {
        (file, region): PARTED
        for region, taken in after.items()
        if abs(taken - before.get(region, taken)) > LEAST_PARTED
    }


def _taken_by_parting(photo: Seen, regions: Mapping[str, Sequence[Region]], shelf: Shelf) -> dict[RegionName, float]:
    """Return by how much a parting lowers the coverage of each region of a photo, from the shelf when known."""
    pixels, own = photo.pixels, regions.get(photo.look.photo.file, ())
    if pixels.head_mask is None or pixels.opacity is None or pixels.excluded is None:
        return {}
    if photo.look.photo.view not in PARTED_VIEWS:
        return {}
    key = digest("parting", program(), photo.look.pixels, own)
    known: dict[RegionName, float] | None = shelf.find(key)
    if known is None:
        parting = find_parting(
            pixels.working.rgb8, pixels.opacity, head_mask=pixels.head_mask, excluded=pixels.excluded
        )
        known = {
            region.name: 0.0
            if parting is None
            else parting.taken_from(photo.inside(region.polygon_xy) & pixels.head_mask)
            for region in own
        }
        shelf.put(key, known)
    return known


def _tiles_of(photo: Seen, region: Region) -> NDArray[np.bool_]:
    """Return which tiles of a photo lie in a region of it."""
    tiles = photo.pixels.tiles
    return np.zeros(0, np.bool_) if tiles is None else tiles.inside(photo.inside(region.polygon_xy))
