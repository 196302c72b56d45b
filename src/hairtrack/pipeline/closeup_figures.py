"""Pictures of close-ups: the hairs that were found, and both sides of a match with lost and gained hairs."""

from collections.abc import Iterable
from dataclasses import dataclass

from hairtrack.imaging.closeup_drawing import draw_hairs, draw_match
from hairtrack.model import Figure, FigureKind, HairKind, HairMatch, HairMatchEntry, RegistrationStatus
from hairtrack.pipeline.compare import Seen, seen
from hairtrack.pipeline.encoding import day_of, encoded
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import Shelf

CLOSEUP_LONG_SIDE_PX = 680


@dataclass(frozen=True, slots=True, kw_only=True)
class HairPairDrawing:
    """Two close-ups matched hair by hair, to be drawn side by side."""

    reference: Look
    moving: Look
    match: HairMatch
    shelf: Shelf

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.moving.photo.file


def draw_closeup(photo: Seen) -> Figure:
    """Return a close-up with the hairs that were found on it."""
    hairs = photo.look.reading.hairs if photo.look.reading else ()
    vellus = sum(hair.kind is HairKind.VELLUS for hair in hairs)
    return encoded(
        photo.look,
        FigureKind.CLOSEUP_OVERLAY,
        draw_hairs(photo.pixels.working.rgb8, hairs),
        alt=f"{len(hairs)} hairs found, {vellus} of them fine",
        region=photo.look.photo.region,
        long_side_px=CLOSEUP_LONG_SIDE_PX,
    )


def hair_pair_drawings(
    looks: Iterable[Look], entries: Iterable[HairMatchEntry], *, shelf: Shelf
) -> tuple[HairPairDrawing, ...]:
    """Return the accepted hair-to-hair matches, to be drawn."""
    by_file = {look.photo.file: look for look in looks}
    return tuple(
        HairPairDrawing(
            reference=by_file[entry.reference], moving=by_file[entry.moving], match=entry.match, shelf=shelf
        )
        for entry in entries
        if entry.match.status is RegistrationStatus.ACCEPTED
    )


def draw_hair_pair(task: HairPairDrawing) -> tuple[Figure, ...]:
    """Return both close-ups of a match, the reference first; each names the other as its `reference`."""
    photos = [seen(look, task.shelf).pixels.working.rgb8 for look in (task.reference, task.moving)]
    before, after = (look.reading.hairs if look.reading else () for look in (task.reference, task.moving))
    drawn = draw_match((photos[0], before), (photos[1], after), task.match)
    days = [day_of(look.photo.taken_on) for look in (task.reference, task.moving)]
    told = (
        f"{len(task.match.lost)} of {len(before)} hairs not found again on {days[1]}",
        f"{len(task.match.gained)} of {len(after)} hairs not there on {days[0]}",
    )
    sides = ((task.reference, task.moving), (task.moving, task.reference))
    return tuple(
        encoded(
            look,
            FigureKind.CLOSEUP_OVERLAY,
            picture,
            alt=words,
            region=look.photo.region,
            reference=other.photo.file,
            long_side_px=CLOSEUP_LONG_SIDE_PX,
        )
        for (look, other), picture, words in zip(sides, drawn, told, strict=True)
    )
