"""The pictures of the report: drawn where the pixels are, cut to the scalp, encoded without metadata."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hairtrack.align.illumination import in_common_light
from hairtrack.imaging import drawing
from hairtrack.imaging.outline import inside_of
from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.imaging.warp import Warp, bring_to_reference
from hairtrack.model import (
    Change,
    Figure,
    FigureKind,
    Measured,
    Measurement,
    PhotoKind,
    QualityDecision,
    Region,
    RegionName,
    Tier,
)
from hairtrack.pipeline.closeup_figures import draw_closeup
from hairtrack.pipeline.compare import Pair, Seen, Series, reduced_warp, seen
from hairtrack.pipeline.encoding import encoded
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import Shelf, digest, program

PHOTO_LONG_SIDE_PX = 520
THUMBNAIL_LONG_SIDE_PX = 300
"""Of a photo by itself that is also shown laid over its reference: it stands in a narrow column of a table."""
REGION_LONG_SIDE_PX = 420
REGION_MARGIN_FRACTION = 0.15
RIM_RADIUS_PX = 9.0
NOTHING_CHANGED = "no place changed by more than the error, so nothing is coloured"
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
    coverage
        The measured coverage of regions on this photo.
    smallest_detectable
        Difference of coverage of each region below which no change is coloured; without one there is no map of change.
    is_compared
        Whether it is shown beside another photo, as their reference or laid over it.
    is_newest
        Whether maps of single regions are drawn, as they are of the reference and of the newest photo of a series.
    show_face
        Leave everything in the picture.
    """

    look: Look
    reference: Look
    pair: Pair | None
    regions: tuple[Region, ...]
    reference_regions: tuple[Region, ...]
    coverage: tuple[tuple[RegionName, float], ...]
    smallest_detectable: tuple[tuple[RegionName, float], ...]
    is_compared: bool
    is_newest: bool
    show_face: bool
    shelf: Shelf

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.look.photo.file

    @property
    def is_reference(self) -> bool:
        """Whether the others are held against this photo."""
        return self.look.photo.file == self.reference.photo.file

    @property
    def compares_places(self) -> bool:
        """Whether place may be held against place: heads matched as wholes tell the change of a region and no more."""
        return not self.is_reference and not (self.pair and self.pair.registration.tier is Tier.HEAD)

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
    measurements: Sequence[Measurement],
    changes: Sequence[Change],
    show_face: bool,
    shelf: Shelf,
) -> tuple[Drawing, ...]:
    """Return what is to be drawn of each readable photo, in the order of the photos."""
    series, pairs = tuple(series), tuple(pairs)
    laid = [pair for pair in pairs if pair.warp is not None]
    compared = {look.photo.file for pair in laid for look in (pair.reference, pair.moving)}
    newest = {one.followups[-1].photo.file for one in series if one.followups}
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
            coverage=tuple(
                (m.region, m.result.value)
                for m in measurements
                if m.file == look.photo.file and m.measurand == "coverage_fraction" and isinstance(m.result, Measured)
            ),
            smallest_detectable=tuple(
                (change.region, change.smallest_detectable)
                for change in changes
                if change.measurand == "coverage_fraction" and change.to_date == look.photo.taken_on
            ),
            is_compared=look.photo.file in compared,
            is_newest=look.photo.file in newest,
            show_face=show_face,
            shelf=shelf,
        )
        for look in readable
    )


def draw(task: Drawing) -> tuple[Figure, ...]:
    """Return the pictures of one photo, from the shelf when the same were drawn before."""
    key = digest(
        "figures",
        program(),
        task.look,
        task.reference.pixels,
        task.pair.key if task.pair else None,
        (task.regions, task.reference_regions, task.coverage, task.smallest_detectable),
        (task.is_compared, task.is_newest, task.show_face),
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
        return (draw_closeup(photo),)
    pixels = photo.pixels
    if pixels.head_mask is None or pixels.opacity is None or pixels.excluded is None:
        return _photo_without_head(task, photo)
    visible = _visible(task, pixels.working.rgb8, pixels.head_mask)
    box = drawing.box_around(pixels.head_mask)
    tinted = drawing.draw_coverage(visible, pixels.opacity, pixels.head_mask & ~pixels.excluded)
    outlines = [pixels.working.working_from_full(np.asarray(region.polygon_xy)) for region in task.regions]
    coverage = drawing.draw_outlines(tinted, outlines)
    alone = (
        (FigureKind.PHOTO, visible, "the scalp alone"),
        (
            FigureKind.OVERLAY,
            coverage,
            "dark blue is covered by hair, pale yellow is bare scalp; regions are outlined",
        ),
    )
    # What was found on a refused photo is not believed, so it is not shown.
    believed = alone[:1] if task.look.quality.decision is QualityDecision.RETAKE else alone
    long_side_px = THUMBNAIL_LONG_SIDE_PX if task.is_compared else PHOTO_LONG_SIDE_PX
    return (
        *(_figure(task, kind, box.of(rgb8), alt=alt, long_side_px=long_side_px) for kind, rgb8, alt in believed),
        *_laid_over_reference(task, photo),
    )


def _photo_without_head(task: Drawing, photo: Seen) -> tuple[Figure, ...]:
    """Return a photo on which no head was found only when faces are asked for: it may show anything."""
    if not task.show_face:
        return ()
    return (_figure(task, FigureKind.PHOTO, photo.pixels.working.rgb8, alt="no head was found in the picture"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A photo in the frame of its reference: what may be seen of it, its opacity, and where it is known."""

    shown: Rgb8Image
    opacity: FractionMap
    known: Mask


def _laid_over_reference(task: Drawing, photo: Seen) -> list[Figure]:
    """Return the whole head and each region in the frame of the reference, with maps of coverage and of change."""
    if not task.is_compared:
        return []
    reference = photo if task.is_reference else seen(task.reference, task.shelf)
    mask, before = reference.pixels.head_mask, reference.pixels.opacity
    if mask is None or before is None:
        return []
    laid = _laid(task, photo, reference, mask)
    kind = FigureKind.ALIGNED_REFERENCE if task.is_reference else FigureKind.ALIGNED_MOVING
    alt = "the photo that the others are laid over" if task.is_reference else "laid over the reference, in its light"
    whole = drawing.box_around(mask)
    figures = [_figure(task, kind, whole.of(laid.shown), alt=alt)]
    ground = _visible(task, reference.pixels.working.rgb8, mask)
    change = _local_change(laid, before, mask) if task.compares_places else None
    if change is not None and task.smallest_detectable:
        picture, words = _change_map(ground, change, laid.known & mask, max(s for _, s in task.smallest_detectable))
        if task.is_newest or words != NOTHING_CHANGED:
            side_px = PHOTO_LONG_SIDE_PX if task.is_newest else REGION_LONG_SIDE_PX
            figures.append(_figure(task, FigureKind.CHANGE_MAP, whole.of(picture), alt=words, long_side_px=side_px))
    tinted = drawing.draw_coverage(laid.shown, laid.opacity, laid.known & mask)
    if task.is_reference or task.is_newest:
        figures.insert(1, _figure(task, FigureKind.COVERAGE_MAP, whole.of(tinted), alt=_coverage_words(task, None)))
    for region in task.reference_regions:
        outline = reference.pixels.working.working_from_full(np.asarray(region.polygon_xy))
        inside = inside_of(outline, mask.shape)
        box = drawing.box_around(inside, margin_fraction=REGION_MARGIN_FRACTION)
        pictures = [(kind, laid.shown, alt)]
        if task.is_reference or task.is_newest:
            pictures.append((FigureKind.COVERAGE_MAP, tinted, _coverage_words(task, region.name)))
        smallest = dict(task.smallest_detectable).get(region.name)
        if task.is_newest and change is not None and smallest is not None:
            pictures.append((FigureKind.CHANGE_MAP, *_change_map(ground, change, laid.known & mask & inside, smallest)))
        figures += [
            _figure(task, what, box.of(drawing.draw_outlines(picture, [outline])), alt=words, region=region.name)
            for what, picture, words in pictures
        ]
    return figures


def _laid(task: Drawing, photo: Seen, reference: Seen, mask: Mask) -> Laid:
    """Return the photo in the frame of its reference, what is outside the reference's head hidden."""
    rgb8, known = photo.pixels.working.rgb8, np.ones_like(mask)
    opacity = photo.pixels.opacity if photo.pixels.opacity is not None else np.zeros(mask.shape, np.float32)
    if task.warp is not None:
        warp = reduced_warp(task.warp, reference, photo)
        levels = np.repeat(np.round(opacity * 255).astype(np.uint8)[..., None], 3, axis=2)
        rgb8, known = bring_to_reference(rgb8, warp, mask.shape)
        rgb8 = in_common_light(reference.pixels.working.rgb8, rgb8, known & mask)
        opacity = bring_to_reference(levels, warp, mask.shape)[0][..., 0].astype(np.float32) / np.float32(255)
        known = drawing.smooth_rim(known, radius_px=RIM_RADIUS_PX)
    hidden = np.where(known[..., None], rgb8, np.array(drawing.HIDDEN_RGB, np.uint8))
    return Laid(shown=_visible(task, hidden, mask), opacity=opacity, known=known)


def _local_change(laid: Laid, before: FractionMap, mask: Mask) -> FractionMap:
    """Return the difference of coverage around each place that both photos show."""
    radius_px = CHANGE_BLUR_FRACTION * max(mask.shape)
    return drawing.local_mean(laid.opacity - before, laid.known & mask, radius_px=radius_px)


def _change_map(ground: Rgb8Image, change: FractionMap, trusted: Mask, smallest: float) -> tuple[Rgb8Image, str]:
    """Return the reference tinted where local coverage differs by more than can arise by error, and the finding."""
    more, less = trusted & (change > smallest), trusted & (change < -smallest)
    area = max(1, int(trusted.sum()))
    gained, lost = (_percent(int(part.sum()) / area) for part in (more, less))
    words = (
        f"more hair on {gained} and less on {lost} of the scalp that both photos show; "
        "blue-green is more, orange less, grey within the error"
        if (more | less).any()
        else NOTHING_CHANGED
    )
    return drawing.draw_change(ground, change, more | less), words


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"  # noqa: PLR2004 what rounds to 0 %


def _coverage_words(task: Drawing, region: RegionName | None) -> str:
    key = "dark blue is covered by hair, pale yellow is bare scalp"
    share = dict(task.coverage).get(region) if region else None
    hidden = "" if share is None else f"{100 * share:.0f} %"
    return f"hair hides {hidden} of the region; {key}" if hidden else key


def _visible(task: Drawing, rgb8: Rgb8Image, head_mask: Mask) -> Rgb8Image:
    return rgb8 if task.show_face else drawing.hide_outside(rgb8, head_mask)


def _figure(
    task: Drawing,
    kind: FigureKind,
    rgb8: Rgb8Image,
    *,
    alt: str,
    region: RegionName | None = None,
    long_side_px: int = PHOTO_LONG_SIDE_PX,
) -> Figure:
    return encoded(
        task.look,
        kind,
        rgb8,
        alt=alt,
        region=region,
        reference=None if task.is_reference else task.reference.photo.file,
        contains_face=task.show_face,
        long_side_px=long_side_px if region is None else REGION_LONG_SIDE_PX,
    )
