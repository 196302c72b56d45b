"""The pictures of the report: drawn where the pixels are, cut to the scalp, encoded without metadata."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hairtrack.imaging import drawing
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.imaging.warp import ReducedWarp, Warp, bring_to_reference
from hairtrack.model import Figure, FigureKind, Region, RegionName
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.shelf import Shelf

PHOTO_LONG_SIDE_PX = 560
REGION_LONG_SIDE_PX = 400
REGION_MARGIN_FRACTION = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureTask:
    """One photo to draw, alone and laid over its reference, with all that a worker process needs.

    Parameters
    ----------
    look, reference
        The photo, and the reference of its series (itself for the reference).
    warp
        Full-size map between them; None for the reference and where alignment was refused.
    regions, reference_regions
        Where the regions lie on either.
    show_face
        Leave everything in the picture.
    """

    look: Look
    reference: Look
    warp: Warp | None
    regions: tuple[Region, ...]
    reference_regions: tuple[Region, ...]
    show_face: bool
    shelf: Shelf


def draw_photo(task: PictureTask) -> tuple[Figure, ...]:
    """Return the pictures of one photo: itself, its coverage with the regions, each region in the reference's frame."""
    if task.look.pixels is None:
        return ()
    pixels = task.shelf.take(task.look.pixels)
    if pixels.head_mask is None or pixels.opacity is None or pixels.excluded is None:
        return _photo_alone(task, pixels)
    visible = _visible(pixels.working.rgb8, pixels.head_mask, show_face=task.show_face)
    box = drawing.box_around(pixels.head_mask)
    outlines = [pixels.working.working_from_full(np.asarray(region.polygon_xy)) for region in task.regions]
    tinted = drawing.draw_coverage(visible, pixels.opacity, pixels.head_mask & ~pixels.excluded)
    overlay = drawing.draw_outlines(tinted, outlines)
    day = _day(task.look.photo.taken_on)
    view = task.look.photo.view.value if task.look.photo.view else "head"
    return (
        _figure(task.look, FigureKind.PHOTO, box.of(visible), alt=f"{view} of the head, {day}", task=task),
        _figure(
            task.look,
            FigureKind.COVERAGE_MAP,
            box.of(overlay),
            alt=f"{view} of the head, {day}: dark blue is covered by hair, pale yellow is bare scalp, regions outlined",
            task=task,
        ),
        *_regions_in_reference_frame(task, pixels),
    )


def _photo_alone(task: PictureTask, pixels: Pixels) -> tuple[Figure, ...]:
    """Return a photo on which no head was found: it may be anything, a face too, so it is shown only when asked for."""
    if not task.show_face:
        return ()
    return (_figure(task.look, FigureKind.PHOTO, pixels.working.rgb8, alt="photo without a head", task=task),)


def _regions_in_reference_frame(task: PictureTask, pixels: Pixels) -> list[Figure]:
    is_reference = task.look.photo.file == task.reference.photo.file
    if task.reference.pixels is None or (task.warp is None and not is_reference):
        return []
    reference = pixels if is_reference else task.shelf.take(task.reference.pixels)
    if reference.head_mask is None:
        return []
    laid, known = _laid_over(task.warp, pixels, reference) if task.warp else (pixels.working.rgb8, reference.head_mask)
    shown = laid if task.show_face else drawing.hide_outside(laid, reference.head_mask)
    shown = np.where(known[..., None] | (task.warp is None), shown, np.uint8(drawing.HIDDEN_RGB))
    kind = FigureKind.ALIGNED_REFERENCE if is_reference else FigureKind.ALIGNED_MOVING
    figures = []
    for region in task.reference_regions:
        outline = reference.working.working_from_full(np.asarray(region.polygon_xy))
        inside = inside_of(outline, reference.head_mask.shape[:2])
        box = drawing.box_around(inside, margin_fraction=REGION_MARGIN_FRACTION)
        outlined = drawing.draw_outlines(np.asarray(shown, np.uint8), [outline])
        day = _day(task.look.photo.taken_on)
        figures.append(
            _figure(
                task.look,
                kind,
                box.of(outlined),
                alt=f"{region.name.value.replace('_', ' ')}, {day}, in the frame of the reference photo",
                task=task,
                region=region.name,
            )
        )
    return figures


def _laid_over(warp: Warp, moving: Pixels, reference: Pixels) -> tuple[Rgb8Image, Mask]:
    reduced = ReducedWarp(
        warp=warp,
        reference_full_per_working=reference.working.full_per_working,
        moving_full_per_working=moving.working.full_per_working,
    )
    height, width = reference.working.rgb8.shape[:2]
    return bring_to_reference(moving.working.rgb8, reduced, (height, width))


def _visible(rgb8: Rgb8Image, head_mask: Mask, *, show_face: bool) -> Rgb8Image:
    return rgb8 if show_face else drawing.hide_outside(rgb8, head_mask)


def _day(taken_on: date | None) -> str:
    return taken_on.isoformat() if taken_on else "date unknown"


def _figure(
    look: Look, kind: FigureKind, rgb8: Rgb8Image, *, alt: str, task: PictureTask, region: RegionName | None = None
) -> Figure:
    small = drawing.reduced(np.ascontiguousarray(rgb8), REGION_LONG_SIDE_PX if region else PHOTO_LONG_SIDE_PX)
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
        reference=task.reference.photo.file if task.reference.photo.file != look.photo.file else None,
        contains_face=task.show_face,
    )
