"""Where each region lies on each photo: drawn by a person, carried by alignment, or taken from the atlas."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hairtrack.imaging.outline import area_px, perimeter_px, share_in_picture, with_points_between
from hairtrack.imaging.types import PointsXY
from hairtrack.model import FactSource, Region, RegionName, RegionOutline, RegistrationStatus
from hairtrack.pipeline.compare import Pair, Seen, Series, seen
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import Shelf
from hairtrack.segment.atlas import atlas_regions

LEAST_CARRIED_SHARE = 0.7
"""An outline is carried only when this share of its points lies where the alignment is trusted: with less, the
missing side would be guessed."""

POINTS_ON_OUTLINE = 60
"""Points put on an outline before a curved map bends it: a head turns by less than 6 degrees between two of them."""


def place_regions(
    series: Iterable[Series], pairs: Iterable[Pair], *, outlines: Sequence[RegionOutline], shelf: Shelf
) -> Mapping[str, tuple[Region, ...]]:
    """Return the regions of each photo, by file.

    What a person drew on a photo stands there. The reference's regions are carried to every follow-up whose
    alignment was accepted. A follow-up that was refused gets the atlas on its own head, and only for regions that
    the reference has from the atlas too: a drawn outline and an atlas region are not the same place.
    """
    by_file = {pair.moving.photo.file: pair for pair in pairs}
    placed: dict[str, tuple[Region, ...]] = {}
    for one in series:
        placed |= _place_in_series(one, by_file, outlines, shelf)
    return placed


def _place_in_series(
    series: Series, by_file: Mapping[str, Pair], outlines: Sequence[RegionOutline], shelf: Shelf
) -> dict[str, tuple[Region, ...]]:
    reference = _on_reference(series, by_file, outlines, shelf)
    placed = {series.reference.photo.file: tuple(reference[name] for name in sorted(reference))}
    for followup in series.followups:
        pair = by_file[followup.photo.file]
        if pair.registration.status is RegistrationStatus.ACCEPTED:
            found = _carried_to(pair, reference.values())
        else:
            atlas = _from_atlas(followup, shelf)
            found = {name: atlas[name] for name in atlas if _is_atlas(reference.get(name))}
        found |= _drawn_on(followup, outlines)
        placed[followup.photo.file] = tuple(found[name] for name in sorted(found))
    return placed


def _on_reference(
    series: Series, pairs: Mapping[str, Pair], outlines: Sequence[RegionOutline], shelf: Shelf
) -> dict[RegionName, Region]:
    # A region is where the reference shows it: only the other photos can be off.
    regions = {n: replace(region, position_std_px=0.0) for n, region in _from_atlas(series.reference, shelf).items()}
    for followup in reversed(series.followups):  # the oldest drawing is written last and wins
        for drawn in _drawn_on(followup, outlines).values():
            carried = _carried(drawn, pairs[followup.photo.file], to_reference=True)
            if carried is not None:
                regions[drawn.name] = carried
    return regions | _drawn_on(series.reference, outlines)


def _is_atlas(region: Region | None) -> bool:
    return region is not None and region.source is FactSource.PICTURE


def _drawn_on(look: Look, outlines: Sequence[RegionOutline]) -> dict[RegionName, Region]:
    shape = look.photo.height_px, look.photo.width_px
    return {
        outline.name: Region(
            name=outline.name,
            file=look.photo.file,
            polygon_xy=outline.polygon_xy,
            source=FactSource.CASE_FILE,
            seen_fraction=share_in_picture(np.asarray(outline.polygon_xy), shape),
        )
        for outline in outlines
        if outline.file == look.photo.file
    }


def _from_atlas(look: Look, shelf: Shelf) -> dict[RegionName, Region]:
    return atlas_on(seen(look, shelf))


def atlas_on(photo: Seen) -> dict[RegionName, Region]:
    """Return the regions that the outline of the head alone can place on a photo, with the error of that."""
    record, pixels = photo.look.photo, photo.pixels
    if pixels.head_mask is None:
        return {}
    full_per_working = record.width_px / pixels.head_mask.shape[1]
    return {
        shape.name: Region(
            name=shape.name,
            file=record.file,
            polygon_xy=_as_polygon(pixels.working.full_from_working(np.asarray(shape.polygon_xy))),
            source=FactSource.PICTURE,
            seen_fraction=shape.seen_fraction,
            position_std_px=shape.position_std_px * full_per_working,
        )
        for shape in atlas_regions(pixels.head_mask, view=record.view, forehead=record.forehead)
    }


def _carried_to(pair: Pair, regions: Collection[Region]) -> dict[RegionName, Region]:
    carried = (_carried(region, pair, to_reference=False) for region in regions)
    return {region.name: region for region in carried if region is not None}


def _carried(region: Region, pair: Pair, *, to_reference: bool) -> Region | None:
    """Return the region on the other photo of the pair, or None when too little of its outline can be carried."""
    if pair.warp is None:
        return None
    target = pair.reference if to_reference else pair.moving
    outline = np.asarray(region.polygon_xy)
    dense = with_points_between(outline, max(1.0, perimeter_px(outline) / POINTS_ON_OUTLINE))
    bring = pair.warp.reference_from_moving if to_reference else pair.warp.moving_from_reference
    arrived = bring(dense)
    known = np.isfinite(arrived).all(axis=1)
    if known.mean() < LEAST_CARRIED_SHARE:
        return None
    shape = target.photo.height_px, target.photo.width_px
    size_ratio = float(np.sqrt(area_px(arrived[known]) / max(area_px(dense[known]), 1.0)))
    error_px = (pair.registration.expected_error_px or 0.0) * (1.0 if to_reference else size_ratio)
    return replace(
        region,
        file=target.photo.file,
        polygon_xy=_as_polygon(arrived[known]),
        carried_from=region.carried_from or region.file,
        position_std_px=float(np.hypot(region.position_std_px * size_ratio, error_px)),
        seen_fraction=region.seen_fraction * float(known.mean()) * share_in_picture(arrived[known], shape),
    )


def _as_polygon(points_xy: PointsXY) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points_xy)
