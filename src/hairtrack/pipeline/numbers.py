"""Regions and close-ups to numbers: each region is followed in one view, so that like is compared with like."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.knowledge import load
from hairtrack.measure.coverage import measure_coverage
from hairtrack.model import (
    Case,
    Measured,
    Measurement,
    NotMeasured,
    PhotoMeasurement,
    Region,
    RegionName,
    RegistrationStatus,
    View,
)
from hairtrack.pipeline.compare import Pair, Seen, Series, seen
from hairtrack.pipeline.head_numbers import answer
from hairtrack.pipeline.head_questions import Question, questions_about
from hairtrack.pipeline.look import Look, look_at_pixels
from hairtrack.pipeline.regions import atlas_on
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf, digest, program
from hairtrack.pipeline.world import World

COVERAGE = "coverage_fraction"

_Found: TypeAlias = tuple[tuple[str, RegionName, Measured | NotMeasured], ...]
"""Measurand, region and answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureTask:
    """The regions of one photo to measure, with all that a worker process needs.

    `asked` is what is asked of them beside coverage; `absent` ones could not be placed.
    """

    look: Look
    regions: tuple[Region, ...]
    asked: tuple[Question, ...]
    absent: tuple[tuple[RegionName, NotMeasured], ...]
    settings: Settings
    shelf: Shelf

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.look.photo.file


def measurings_of(
    series: Sequence[Series],
    pairs: Iterable[Pair],
    regions: Mapping[str, tuple[Region, ...]],
    looks: Iterable[Look],
    world: World,
    *,
    case: Case | None = None,
) -> tuple[MeasureTask, ...]:
    """Return what is to be measured: on each photo the regions that are followed in its view, and every close-up.

    Treatments and marks of the case decide what is asked beside coverage; without a case none are known.
    """
    knowledge, case = load(), case or Case()
    view_of = followed_views(series, regions)
    pair_of = {pair.moving.photo.file: pair for pair in pairs}
    references = {pair.reference.photo.file for pair in pair_of.values()}

    def followed(file: str, view: View | None) -> tuple[Region, ...]:
        return tuple(region for region in regions.get(file, ()) if view_of[region.name] is view)

    return tuple(
        MeasureTask(
            look=look,
            regions=(here := followed(look.photo.file, look.photo.view)),
            asked=questions_about(
                look.photo,
                here,
                pair=pair_of.get(look.photo.file),
                has_followups=look.photo.file in references,
                case=case,
                knowledge=knowledge,
            ),
            absent=_absent(pair_of.get(look.photo.file), here, followed),
            settings=world.settings,
            shelf=world.shelf,
        )
        for look in looks
        if look.photo.file in regions or look.reading is not None
    )


def _absent(
    pair: Pair | None, here: Iterable[Region], followed: Callable[[str, View | None], tuple[Region, ...]]
) -> tuple[tuple[RegionName, NotMeasured], ...]:
    """Return the reference's regions that a follow-up lacks, each with the reason."""
    if pair is None:
        return ()
    reference, registration = pair.reference.photo, pair.registration
    if registration.status is RegistrationStatus.REFUSED:
        absence = NotMeasured(
            reason=f"the photo could not be aligned: {registration.reason}",
            remedy=registration.remedy or "mark three points on both photos in case.toml",
            flags=("not_aligned",),
        )
    else:
        absence = NotMeasured(
            reason="the alignment is not trusted where this region lies",
            remedy="mark three points on both photos in case.toml, or retake the photo like the reference",
            flags=("not_aligned",),
        )
    present = {region.name for region in here}
    return tuple((r.name, absence) for r in followed(reference.file, reference.view) if r.name not in present)


def followed_views(series: Iterable[Series], regions: Mapping[str, Sequence[Region]]) -> dict[RegionName, View]:
    """Return for each region the view that shows it on most photos; of equals, the first in the order of views.

    A region is seen from the top and from the front at different angles, under different hair: one curve must not
    mix them.
    """
    seen_in: dict[RegionName, Counter[View]] = {}
    for one in series:
        for look in one.looks:
            for region in regions.get(look.photo.file, ()):
                seen_in.setdefault(region.name, Counter())[one.view] += 1
    order = list(View)
    return {name: max(counts, key=lambda v: (counts[v], -order.index(v))) for name, counts in seen_in.items()}


def measure_regions(task: MeasureTask) -> tuple[Measurement, ...]:
    """Return every number of one photo, from the shelf when the same regions were measured before."""
    photo = task.look.photo
    if task.look.reading is not None:
        return _of_closeup(task.look)
    key = digest("numbers", program(), task.look.pixels, task.regions, task.asked, task.settings.measure)
    found: _Found | None = task.shelf.find(key)
    if found is None:
        shown = seen(task.look, task.shelf)
        coverages = [(COVERAGE, r.name, _coverage(shown, r, settings=task.settings)) for r in task.regions]
        answers = [(q.measurand, q.region.name, answer(q, shown, settings=task.settings.measure)) for q in task.asked]
        doubts = task.look.quality.flags
        told = [(m, name, _with_flags(result, doubts)) for m, name, result in answers if result is not None]
        found = (*coverages, *told)
        task.shelf.put(key, found)
    absent = tuple((COVERAGE, name, absence) for name, absence in task.absent)
    return tuple(
        Measurement(
            measurand=measurand,
            region=name,
            file=photo.file,
            photo_id=photo.photo_id,
            taken_on=photo.taken_on,
            result=result,
        )
        for measurand, name, result in (*found, *absent)
    )


def _with_flags(result: Measured | NotMeasured, doubts: tuple[str, ...]) -> Measured | NotMeasured:
    """Return a number with the doubts that its photo carries."""
    return replace(result, flags=(*result.flags, *doubts)) if doubts else result


def _of_closeup(look: Look) -> tuple[Measurement, ...]:
    photo = look.photo
    if look.reading is None or photo.region is None:
        return ()
    return tuple(
        Measurement(
            measurand=measurand,
            region=photo.region,
            file=photo.file,
            photo_id=photo.photo_id,
            taken_on=photo.taken_on,
            result=result,
        )
        for measurand, result in look.reading.measurements.items()
        if measurand != COVERAGE  # a share of a few square millimetres is not the coverage of the region
    )


def _coverage(photo: Seen, region: Region, *, settings: Settings) -> Measured | NotMeasured:
    error_px = region.position_std_px / photo.pixels.working.full_per_working
    return _inside(
        photo, region.polygon_xy, settings=settings, position_std_px=error_px, seen_fraction=region.seen_fraction
    )


def _inside(
    photo: Seen,
    outline_xy: Sequence[tuple[float, float]] | None,
    *,
    settings: Settings,
    position_std_px: float = 0.0,
    seen_fraction: float = 1.0,
) -> Measured | NotMeasured:
    """Return coverage inside an outline in pixels of the photo, or on the whole head without one."""
    pixels = photo.pixels
    if pixels.head_mask is None or pixels.opacity is None or pixels.doubt is None or pixels.excluded is None:
        remedies = photo.look.quality.remedies
        return NotMeasured(
            reason=photo.look.no_head or "no head was found in the picture",
            remedy=remedies[0] if remedies else "photograph one head so that it fills most of the picture",
            flags=photo.look.quality.flags,
        )
    within = pixels.head_mask if outline_xy is None else photo.inside(outline_xy)
    result = measure_coverage(
        pixels.opacity,
        within,
        head_mask=pixels.head_mask,
        excluded=pixels.excluded,
        doubt=pixels.doubt,
        position_std_px=position_std_px,
        region_seen_fraction=seen_fraction,
        settings=settings.measure,
    )
    return _with_flags(result, photo.look.quality.flags)


def measure_one(photo: Seen, *, settings: Settings) -> tuple[PhotoMeasurement, ...]:
    """Return the numbers of a single photo: of a close-up all that its hairs tell, of a head its coverage by region."""
    if photo.look.reading is not None:
        results = photo.look.reading.measurements
        return tuple(
            PhotoMeasurement(measurand=m, region=photo.look.photo.region, result=r) for m, r in results.items()
        )
    whole = PhotoMeasurement(measurand=COVERAGE, region=None, result=_inside(photo, None, settings=settings))
    by_region = (
        PhotoMeasurement(measurand=COVERAGE, region=region.name, result=_coverage(photo, region, settings=settings))
        for region in atlas_on(photo).values()
    )
    return (whole, *by_region)


def cover_inside(
    loaded: LoadedPhoto, outline_xy: Sequence[tuple[float, float]] | None, *, settings: Settings
) -> Measured | NotMeasured:
    """Return coverage inside an outline in pixels of the photo, or on the whole head; refused when the gate refuses."""
    look, pixels = look_at_pixels(loaded, settings=settings)
    return _inside(Seen(look=look, pixels=pixels), outline_xy, settings=settings)
