"""Numbers that two dates tell together: hair against the reference, density carried from a close-up, directions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from hairtrack.measure.calibrated_density import FROM_COVER, FROM_STUBBLE, MOST_DAYS, NO_CLOSEUP, carried_density
from hairtrack.measure.relative_density import length_ratio_of, not_comparable, relative_hair_density
from hairtrack.measure.stubble import stubble_ratio
from hairtrack.model import Case, Measured, Measurement, NotMeasured, Photo, PhotoKind, RegionName
from hairtrack.pipeline.compare import Series

COVERAGE, DENSITY, RELATIVE = "coverage_fraction", "hair_density_per_cm2", "relative_hair_density"
DIRECTION, STUBBLE, PATCHINESS = "shaft_orientation_deg", "stubble_texture", "patchiness"
Places: TypeAlias = Mapping[tuple[str, RegionName], Measured]
"""Numbers by photo and region."""

TOLD_ONLY = frozenset(
    {STUBBLE, "orientation_coherence", DIRECTION, "whorl_position", "part_width_mm", "hairline_position_mm"}
)
"""Measurands that describe and that no verdict rests on."""


def with_pair_numbers(
    measurements: Sequence[Measurement], series: Iterable[Series], photos: Iterable[Photo]
) -> tuple[Measurement, ...]:
    """Return the measurements, with what each photo tells together with the reference of its view or a close-up."""
    by_file = {photo.file: photo for photo in photos}
    reference_of = {look.photo.file: one.reference.photo.file for one in series for look in one.looks}
    covers, stubble = (_by_place(measurements, measurand) for measurand in (COVERAGE, STUBBLE))
    counted = [
        m
        for m in measurements
        if m.measurand == DENSITY and isinstance(m.result, Measured) and by_file[m.file].kind is PhotoKind.CLOSEUP
    ]
    found: list[Measurement] = []
    for cover in measurements:
        if cover.measurand != COVERAGE or not isinstance(cover.result, Measured):
            continue
        reference = reference_of.get(cover.file)
        if reference is not None and reference != cover.file and (reference, cover.region) in covers:
            ratio = _ratio(cover.file, reference, cover.region, covers, by_file)
            found.append(replace(cover, measurand=RELATIVE, result=ratio))
        density = _density(cover, counted, covers, stubble, photos=by_file)
        found += [] if density is None else [replace(cover, measurand=DENSITY, result=density)]
    return (*_directions_near_their_reference(measurements, reference_of), *found)


def reasoned(measurements: Sequence[Measurement], case: Case) -> tuple[Measurement, ...]:
    """Return the measurements that verdicts and alerts may rest on, none of them twice.

    A density carried from a close-up is the coverage of the same photo said again. Even hair has some patchiness, so
    that it is a sign only against a photo from before what was done to the region.
    """
    closeups = {photo.file for photo in case.photos if photo.kind is PhotoKind.CLOSEUP}
    return tuple(
        m
        for m in measurements
        if m.measurand not in TOLD_ONLY
        and not (m.measurand == DENSITY and m.file not in closeups)
        and not (m.measurand == PATCHINESS and not _known_before(m.region, measurements, case))
    )


def _known_before(region: RegionName, measurements: Iterable[Measurement], case: Case) -> bool:
    """Return whether the patchiness of a region was measured before it was first treated."""
    first = min((t.first_day for t in case.treatments_of(region) if t.first_day), default=date.max)
    return any(
        m.region is region
        and m.measurand == PATCHINESS
        and isinstance(m.result, Measured)
        and m.taken_on is not None
        and m.taken_on <= first
        for m in measurements
    )


def _ratio(
    file: str,
    other: str,
    region: RegionName,
    covers: Places,
    photos: Mapping[str, Photo],
) -> Measured | NotMeasured:
    """Return the hair of a region on one photo against that on another, or why they may not be compared."""
    ratio = length_ratio_of(photos[other].hair_length_mm, photos[file].hair_length_mm)
    return _alike(file, other, photos) or relative_hair_density(
        covers[file, region], covers[other, region], length_ratio=ratio or 1.0
    )


def _by_place(measurements: Iterable[Measurement], measurand: str) -> Places:
    return {
        (m.file, m.region): m.result
        for m in measurements
        if m.measurand == measurand and isinstance(m.result, Measured)
    }


def _density(
    cover: Measurement, counted: Sequence[Measurement], covers: Places, stubble: Places, *, photos: Mapping[str, Photo]
) -> Measured | NotMeasured | None:
    """Return the density of a region carried to the day of a photo; None where a close-up of that day tells it.

    Where both photos show shaved hair it is carried by stubble, else by cover.
    """
    own = [m for m in counted if m.region is cover.region]
    if any(_near(m.taken_on, cover.taken_on) for m in own):
        return None
    view = photos[cover.file].view
    calibrated = (
        (m.result, file)
        for m in own
        for (file, region) in covers
        if region is cover.region and photos[file].view is view and _near(m.taken_on, photos[file].taken_on)
    )
    closeup, file = next(calibrated, (None, ""))
    if not isinstance(closeup, Measured):
        return NO_CLOSEUP
    now, then = (stubble.get((name, cover.region)) for name in (cover.file, file))
    if now is not None and then is not None and _alike(cover.file, file, photos) is None:
        return carried_density(closeup, stubble_ratio(now, then), method=FROM_STUBBLE)
    return carried_density(closeup, _ratio(cover.file, file, cover.region, covers, photos), method=FROM_COVER)


def _alike(file: str, other: str, photos: Mapping[str, Photo]) -> NotMeasured | None:
    """Return why the hair of two photos may not be compared, None when it may."""
    now, then = photos[file], photos[other]
    return not_comparable(lengths_mm=(then.hair_length_mm, now.hair_length_mm), wet=(then.wet, now.wet))


def _near(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and abs((one - other).days) <= MOST_DAYS


def _directions_near_their_reference(
    measurements: Iterable[Measurement], reference_of: Mapping[str, str]
) -> tuple[Measurement, ...]:
    """Return the measurements, directions of follow-ups told within 90 degrees of their reference: 179 is near -1."""
    measurements = tuple(measurements)
    start = {
        (m.file, m.region): m.result.value
        for m in measurements
        if m.measurand == DIRECTION and isinstance(m.result, Measured)
    }
    told = []
    for m in measurements:
        first = start.get((reference_of.get(m.file, m.file), m.region))
        if m.measurand == DIRECTION and isinstance(m.result, Measured) and first is not None:
            turns = round((first - m.result.value) / 180.0)
            low, high = m.result.interval95
            moved = 180.0 * turns
            result = replace(m.result, value=m.result.value + moved, interval95=(low + moved, high + moved))
            told.append(replace(m, result=result))
        else:
            told.append(m)
    return tuple(told)
