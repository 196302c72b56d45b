"""Close-ups of one region on several dates: which are held against which, matched, and what a few days let grow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hairtrack.measure.anagen import FEWEST_DAYS, MOST_DAYS, SpotOnDate, measure_anagen
from hairtrack.model import Case, HairMatch, HairMatchEntry, HairtrackError, Measurement, Photo, PhotoKind
from hairtrack.pipeline.closeups import Closeup, match_closeups
from hairtrack.pipeline.compare import Seen, first_treatment_day, is_comparable, reference_among, seen
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf, digest, program
from hairtrack.pipeline.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupPairTask:
    """Two close-ups of one region to match, with all that a worker process needs."""

    reference: Look
    moving: Look
    settings: Settings
    shelf: Shelf

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.moving.photo.file


def closeup_pairs(case: Case, looks: Sequence[Look], world: World) -> tuple[CloseupPairTask, ...]:
    """Return every usable close-up of a region with the region's reference."""
    first_day = first_treatment_day(case)
    usable = [
        look
        for look in looks
        if look.photo.kind is PhotoKind.CLOSEUP
        and look.photo.region is not None
        and is_comparable(look)
        and look.reading is not None
    ]
    usable.sort(key=lambda look: (str(look.photo.region), str(look.photo.taken_on), look.photo.file))
    pairs: list[CloseupPairTask] = []
    for _, group in groupby(usable, key=lambda look: look.photo.region):
        reference, followups = reference_among(list(group), first_day)
        pairs += [
            CloseupPairTask(reference=reference, moving=followup, settings=world.settings, shelf=world.shelf)
            for followup in followups
        ]
    return tuple(pairs)


def match_pair(task: CloseupPairTask) -> HairMatchEntry:
    """Return the hairs of one pair, from the shelf when it was matched before."""
    settings = task.settings
    if _lets_hair_grow(task.reference.photo, task.moving.photo):
        settings = replace(settings, hair_match=settings.hair_match.for_growth())
    key = digest("hairs", program(), task.reference.pixels, task.moving.pixels, settings.hair_match)
    match: HairMatch | None = task.shelf.find(key)
    if match is None:
        closeups = [_closeup(seen(look, task.shelf)) for look in (task.reference, task.moving)]
        match = match_closeups(closeups[0], closeups[1], settings=settings)
        task.shelf.put(key, match)
    return HairMatchEntry(reference=task.reference.photo.file, moving=task.moving.photo.file, match=match)


def growth_measurements(looks: Sequence[Look], entries: Sequence[HairMatchEntry]) -> tuple[Measurement, ...]:
    """Return the growing share of hairs of every pair of close-ups that was taken for it: a few days apart."""
    by_file = {look.photo.file: look for look in looks}
    measured = []
    for entry in entries:
        reference, moving = by_file[entry.reference], by_file[entry.moving]
        photo = moving.photo
        if photo.region is None or not _lets_hair_grow(reference.photo, photo):
            continue
        spots = [
            SpotOnDate(hairs=look.reading.hairs if look.reading else (), scale=look.photo.scale)
            for look in (reference, moving)
        ]
        measured.append(
            Measurement(
                measurand="anagen_fraction",
                region=photo.region,
                file=photo.file,
                photo_id=photo.photo_id,
                taken_on=photo.taken_on,
                result=measure_anagen(entry.match, spots[0], spots[1], days=_days(reference.photo, photo) or 0),
            )
        )
    return tuple(measured)


def _days(reference: Photo, moving: Photo) -> int | None:
    if reference.taken_on is None or moving.taken_on is None:
        return None
    return (moving.taken_on - reference.taken_on).days


def _lets_hair_grow(reference: Photo, moving: Photo) -> bool:
    days = _days(reference, moving)
    return days is not None and FEWEST_DAYS <= days <= MOST_DAYS


def _closeup(photo: Seen) -> Closeup:
    if photo.look.reading is None:
        raise HairtrackError("a photo that is no close-up was asked for its hairs", where=photo.look.photo.photo_id)
    return Closeup(file=photo.look.photo.file, rgb8=photo.pixels.working.rgb8, reading=photo.look.reading)
