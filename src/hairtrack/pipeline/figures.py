"""The pictures of the report: drawn where the pixels are, cut to the scalp, encoded without metadata."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from hairtrack.imaging import drawing
from hairtrack.imaging.closeup_drawing import draw_hairs, draw_match
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.imaging.warp import Warp, bring_to_reference
from hairtrack.model import (
    Change,
    Figure,
    FigureKind,
    HairMatch,
    HairMatchEntry,
    PhotoKind,
    Region,
    RegionName,
    RegistrationStatus,
)
from hairtrack.pipeline.compare import Pair, Seen, Series, reduced_warp, seen
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import Shelf, digest, program

PHOTO_LONG_SIDE_PX = 520
REGION_LONG_SIDE_PX = 420
REGION_MARGIN_FRACTION = 0.15
RIM_RADIUS_PX = 9.0
CHANGE_BLUR_FRACTION = 0.02
"""Neighbourhood over which change is shown, as a share of the picture's long side: a finger's breadth on a head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One photo to draw, alone and laid over its reference, with all that a worker process needs.

    Parameters
    ----------
    look, reference
        The photo, and the reference of its series: itself for a reference and for a photo without a series.
    pair
        How it lies on the reference; None where there is nothing to lay over.
    regions, reference_regions
        Where the regions lie on either.
    smallest_detectable
        Difference of coverage below which no change is coloured; None draws no map of change.
    show_face
        Leave everything in the picture.
    """

    look: Look
    reference: Look
    pair: Pair | None
    regions: tuple[Region, ...]
    reference_regions: tuple[Region, ...]
    smallest_detectable: float | None
    show_face: bool
    shelf: Shelf

    @property
    def warp(self) -> Warp | None:
        """The full-size map between reference and photo, None where there is none."""
        return self.pair.warp if self.pair else None


def drawings_of(
    looks: Iterable[Look],
    series: Iterable[Series],
    pairs: Iterable[Pair],
    *,
    regions: Mapping[str, tuple[Region, ...]],
    changes: Sequence[Change],
    show_face: bool,
    shelf: Shelf,
) -> tuple[Drawing, ...]:
    """Return what is to be drawn of each readable photo, in the order of the photos."""
    reference_of = {look.photo.file: one.reference for one in series for look in one.looks}
    pair_of = {pair.moving.photo.file: pair for pair in pairs}
    readable = [look for look in looks if look.pixels is not None]
    return tuple(
        Drawing(
            look=look,
            reference=(reference := reference_of.get(look.photo.file, look)),
            pair=pair_of.get(look.photo.file),
            regions=regions.get(look.photo.file, ()),
            reference_regions=regions.get(reference.photo.file, ()),
            smallest_detectable=_smallest_detectable(look, regions.get(look.photo.file, ()), changes),
            show_face=show_face,
            shelf=shelf,
        )
        for look in readable
    )


def _smallest_detectable(look: Look, regions: Iterable[Region], changes: Iterable[Change]) -> float | None:
    """Return the coarsest detectable difference of coverage over the regions of a photo, or None without a change."""
    here = {region.name for region in regions}
    sizes = [
        change.smallest_detectable
        for change in changes
        if change.measurand == "coverage_fraction" and change.region in here and change.to_date == look.photo.taken_on
    ]
    return max(sizes, default=None)


def draw(task: Drawing) -> tuple[Figure, ...]:
    """Return the pictures of one photo, from the shelf when the same were drawn before."""
    key = digest(
        "figures",
        program(),
        task.look,
        task.reference.pixels,
        task.pair.key if task.pair else None,
        (task.regions, task.reference_regions, task.smallest_detectable, task.show_face),
    )
    figures: tuple[Figure, ...] | None = task.shelf.find(key)
    if figures is None:
        figures = _draw(task)
        task.shelf.put(key, figures)
    return figures


def _draw(task: Drawing) -> tuple[Figure, ...]:
    """Return the pictures of one photo: itself, its coverage with the regions, and laid over its reference."""
    photo = seen(task.look, task.shelf)
    if task.look.photo.kind is PhotoKind.CLOSEUP:
        return (_closeup(task, photo),)
    pixels = photo.pixels
    if pixels.head_mask is None or pixels.opacity is None or pixels.excluded is None:
        return _photo_without_head(task, photo)
    visible = _visible(task, pixels.working.rgb8, pixels.head_mask)
    box = drawing.box_around(pixels.head_mask)
    tinted = drawing.draw_coverage(visible, pixels.opacity, pixels.head_mask & ~pixels.excluded)
    outlines = [pixels.working.working_from_full(np.asarray(region.polygon_xy)) for region in task.regions]
    coverage = drawing.draw_outlines(tinted, outlines)
    return (
        _figure(task, FigureKind.PHOTO, box.of(visible), alt=f"{_what(task)}, scalp only"),
        _figure(
            task,
            FigureKind.OVERLAY,
            box.of(coverage),
            alt=f"{_what(task)}: dark blue is covered by hair, pale yellow is bare scalp; regions are outlined",
        ),
        *_laid_over_reference(task, photo),
    )


def _closeup(task: Drawing, photo: Seen) -> Figure:
    reading = photo.look.reading
    hairs = reading.hairs if reading else ()
    drawn = draw_hairs(photo.pixels.working.rgb8, hairs)
    place = photo.look.photo.region.value.replace("_", " ") if photo.look.photo.region else "place unknown"
    alt = (
        f"close-up, {place}, {_day(photo.look.photo.taken_on)}: {len(hairs)} hairs found, terminal green, vellus orange"
    )
    return _figure(task, FigureKind.CLOSEUP_OVERLAY, drawn, alt=alt, region=photo.look.photo.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class HairPairDrawing:
    """Two close-ups matched hair by hair, to be drawn side by side."""

    reference: Look
    moving: Look
    match: HairMatch
    shelf: Shelf


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
    """Return both close-ups of a match: pairs in green, lost hairs in vermilion, gained ones in blue."""
    shown = [
        (seen(look, task.shelf).pixels.working.rgb8, look.reading.hairs if look.reading else ())
        for look in (task.reference, task.moving)
    ]
    drawn = draw_match(shown[0], shown[1], task.match)
    lost, gained = len(task.match.lost), len(task.match.gained)
    told = (f"{lost} hairs marked as lost by", f"{gained} hairs marked as new since")
    others = (task.moving.photo.taken_on, task.reference.photo.taken_on)
    return tuple(
        _encoded(
            look,
            FigureKind.CLOSEUP_OVERLAY,
            picture,
            alt=f"close-up, {_day(look.photo.taken_on)}: {words} {_day(other)}, the same hairs in green",
            region=look.photo.region,
            reference=task.reference.photo.file if look is task.moving else task.moving.photo.file,
        )
        for look, picture, words, other in zip((task.reference, task.moving), drawn, told, others, strict=True)
    )


def _photo_without_head(task: Drawing, photo: Seen) -> tuple[Figure, ...]:
    """Return a photo on which no head was found only when faces are asked for: it may show anything."""
    if not task.show_face:
        return ()
    return (_figure(task, FigureKind.PHOTO, photo.pixels.working.rgb8, alt=f"{_what(task)}, no head found"),)


def _laid_over_reference(task: Drawing, photo: Seen) -> list[Figure]:
    """Return the whole head and each region in the frame of the reference, as before and after."""
    is_reference = task.look.photo.file == task.reference.photo.file
    if task.warp is None and not is_reference:
        return []
    reference = photo if is_reference else seen(task.reference, task.shelf)
    mask = reference.pixels.head_mask
    if mask is None:
        return []
    laid, known = photo.pixels.working.rgb8, np.ones_like(mask)
    if task.warp is not None:
        laid, known = bring_to_reference(laid, reduced_warp(task.warp, reference, photo), mask.shape)
        known = drawing.smooth_rim(known, radius_px=RIM_RADIUS_PX)
    shown = _visible(task, np.where(known[..., None], laid, np.array(drawing.HIDDEN_RGB, np.uint8)), mask)
    kind = FigureKind.ALIGNED_REFERENCE if is_reference else FigureKind.ALIGNED_MOVING
    frame = "the reference" if is_reference else "laid over the reference"
    whole = drawing.box_around(mask)
    figures = [_figure(task, kind, whole.of(shown), alt=f"{_what(task)}, {frame}")]
    for region in task.reference_regions:
        outline = reference.pixels.working.working_from_full(np.asarray(region.polygon_xy))
        box = drawing.box_around(inside_of(outline, mask.shape), margin_fraction=REGION_MARGIN_FRACTION)
        outlined = drawing.draw_outlines(shown, [outline])
        alt = f"{region.name.value.replace('_', ' ')}, {_what(task)}, {frame}"
        figures.append(_figure(task, kind, box.of(outlined), alt=alt, region=region.name))
    if task.warp is not None and task.smallest_detectable is not None:
        change = _change_map(task, photo, reference, task.warp, task.smallest_detectable)
        figures.append(
            _figure(
                task,
                FigureKind.CHANGE_MAP,
                whole.of(change),
                alt=f"{_what(task)} against the reference: blue-green more hair, orange less, grey within error",
            )
        )
    return figures


def _change_map(task: Drawing, photo: Seen, reference: Seen, warp: Warp, smallest: float) -> Rgb8Image:
    """Return the reference tinted where local coverage differs by more than can arise by error."""
    before, after = reference.pixels.opacity, photo.pixels.opacity
    mask = reference.pixels.head_mask
    if before is None or after is None or mask is None:
        return reference.pixels.working.rgb8
    levels = np.repeat(np.round(after * 255).astype(np.uint8)[..., None], 3, axis=2)
    laid, known = bring_to_reference(levels, reduced_warp(warp, reference, photo), mask.shape)
    difference = laid[..., 0].astype(np.float32) / np.float32(255) - before
    trusted: Mask = known & mask
    local = drawing.local_mean(difference, trusted, radius_px=CHANGE_BLUR_FRACTION * max(mask.shape))
    return drawing.draw_change(
        _visible(task, reference.pixels.working.rgb8, mask), local, trusted & (np.abs(local) > smallest)
    )


def _visible(task: Drawing, rgb8: Rgb8Image, head_mask: Mask) -> Rgb8Image:
    return rgb8 if task.show_face else drawing.hide_outside(rgb8, head_mask)


def _what(task: Drawing) -> str:
    view = task.look.photo.view
    return f"{view.value if view else 'head'}, {_day(task.look.photo.taken_on)}"


def _day(taken_on: date | None) -> str:
    return taken_on.isoformat() if taken_on else "date unknown"


def _figure(task: Drawing, kind: FigureKind, rgb8: Rgb8Image, *, alt: str, region: RegionName | None = None) -> Figure:
    is_reference = task.look.photo.file == task.reference.photo.file
    return _encoded(
        task.look,
        kind,
        rgb8,
        alt=alt,
        region=region,
        reference=None if is_reference else task.reference.photo.file,
        contains_face=task.show_face,
    )


def _encoded(
    look: Look,
    kind: FigureKind,
    rgb8: Rgb8Image,
    *,
    alt: str,
    region: RegionName | None,
    reference: str | None,
    contains_face: bool = False,
) -> Figure:
    large = region is None or kind is FigureKind.CLOSEUP_OVERLAY
    small = drawing.reduced(np.ascontiguousarray(rgb8), PHOTO_LONG_SIDE_PX if large else REGION_LONG_SIDE_PX)
    return Figure(
        kind=kind,
        file=look.photo.file,
        media_type="image/jpeg",
        content=drawing.encode_jpeg(small),
        width_px=small.shape[1],
        height_px=small.shape[0],
        alt=alt,
        view=look.photo.view,
        region=region,
        taken_on=look.photo.taken_on,
        reference=reference,
        contains_face=contains_face,
    )
