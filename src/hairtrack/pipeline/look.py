"""Each photo by itself: read, judged, its head and hair found. What is large goes to the shelf."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hairtrack.imaging.photo import LoadedPhoto, WorkingImage, working_image
from hairtrack.imaging.types import FractionMap, Mask
from hairtrack.ingest import DATE_NOT_USED, PhotoSource, read_photo
from hairtrack.measure.stubble import LONGEST_MM, grain_of_stubble
from hairtrack.model import CloseupReading, Photo, PhotoKind, QualityReport
from hairtrack.pipeline.closeups import read_hairs
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf, Token, digest, program
from hairtrack.quality import judge, judge_unreadable
from hairtrack.quality.eye import why_an_eye
from hairtrack.quality.one_colour import why_covered
from hairtrack.quality.one_photo import why_not_one_photo
from hairtrack.segment.hair import find_hair
from hairtrack.segment.hair_state import Tiles, describe_tiles
from hairtrack.segment.head import find_head
from hairtrack.segment.overlays import find_overlays, without_overlays


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """What later rooms need of a photo's pixels, at working size.

    Parameters
    ----------
    working
        The reduced photo; a close-up is kept whole.
    head_mask
        (h, w) hair-bearing scalp and hair; None on close-ups and where no head was found.
    opacity
        (h, w) share of the scalp hidden by hair, 0-1; None without a head.
    doubt
        (h, w) by how much the mean opacity around each pixel is likely to be off; None without a head.
    excluded
        (h, w) glare, marks and text, where nothing is measured; None without a head.
    tiles
        How the head looks tile by tile, for telling the state of the hair; None without a head.
    stubble
        (h, w) grain of shaved hair on the full photo; None where hair is longer, or scale or pixels do not allow it.
    """

    working: WorkingImage
    head_mask: Mask | None = None
    opacity: FractionMap | None = None
    doubt: FractionMap | None = None
    excluded: Mask | None = None
    tiles: Tiles | None = None
    stubble: FractionMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of one photo after looking at it alone.

    Parameters
    ----------
    photo, quality
        Facts, and the decision of the gate.
    pixels
        Names its `Pixels` on the shelf; None when the photo is unreadable.
    no_head
        Why no head was found; None when one was, and on close-ups.
    hair_estimator
        By which method hair was found.
    reading
        The hairs of a close-up.
    """

    photo: Photo
    quality: QualityReport
    pixels: Token[Pixels] | None = None
    no_head: str | None = None
    hair_estimator: str = ""
    reading: CloseupReading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookTask:
    """One photo to look at, with all that a worker process needs."""

    source: PhotoSource
    today: date
    settings: Settings
    shelf: Shelf

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        return self.source.file


def look_at(task: LookTask) -> Look:
    """Return what one photo shows, from the shelf when the same file was looked at before with the same settings."""
    key = _key_of(task)
    known: Look | None = task.shelf.find(key) if key else None
    if known and _still_true(known, task.today) and known.pixels and task.shelf.holds(known.pixels):
        return known
    loaded = read_photo(task.source, today=task.today, settings=task.settings.ingest)
    if isinstance(loaded, Photo):
        return Look(photo=loaded, quality=judge_unreadable(loaded))
    look, pixels = look_at_pixels(loaded, settings=task.settings)
    key = key or digest(loaded.record, task.settings)
    look = replace(look, pixels=task.shelf.put(f"{key}-pixels", pixels))
    task.shelf.put(key, look)
    return look


def _still_true(known: Look, today: date) -> bool:
    """Return whether an earlier look holds today: a day that lay in the future then may be believed by now."""
    doubted = any(remark.startswith(DATE_NOT_USED) for remark in known.photo.remarks)
    return not doubted and known.photo.taken_on is not None and known.photo.taken_on <= today


def _key_of(task: LookTask) -> str | None:
    """Return the key of a photo file: its content and what was declared of it; not where it lies, nor the day.

    A source that ingest marked (a pipe, a device, a link out of the case) is not opened here either.
    """
    if task.source.problem is not None:
        return None
    try:
        if task.source.path.stat().st_size > task.settings.ingest.max_file_bytes:
            return None
        with task.source.path.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None  # read_photo says what is wrong with it
    return digest(program(), content, replace(task.source, path=Path()), task.settings)


def look_at_pixels(loaded: LoadedPhoto, *, settings: Settings) -> tuple[Look, Pixels]:
    """Return what a loaded photo shows, and the working copy of its pixels."""
    if loaded.record.kind is PhotoKind.CLOSEUP:
        return _look_at_closeup(loaded, settings=settings)
    working = working_image(loaded.rgb8)
    overlays = find_overlays(working.rgb8)
    bare = without_overlays(working.rgb8, overlays)
    head = find_head(bare, view=loaded.record.view)
    refused = head.refused or why_not_one_photo(bare) or why_covered(bare, head.mask) or why_an_eye(bare, head.mask)
    if refused is not None:
        quality = judge(
            loaded.rgb8,
            working=working,
            head_mask=None,
            head_refused=refused,
            glare_fraction=None,
            photo=loaded.record,
            settings=settings.quality,
        )
        return Look(photo=loaded.record, quality=quality, no_head=refused), Pixels(working=working)
    hair = find_hair(bare, head.mask, settings=settings.segment, places=head.places)
    excluded = hair.excluded | (overlays & head.mask)
    quality = judge(
        loaded.rgb8,
        working=working,
        head_mask=head.mask,
        head_refused=None,
        glare_fraction=float((hair.glare & head.mask).sum() / max(1, head.mask.sum())),
        photo=loaded.record,
        settings=settings.quality,
    )
    look = Look(
        photo=loaded.record,
        quality=quality,
        hair_estimator=hair.estimator,
    )
    pixels = Pixels(
        working=working,
        head_mask=head.mask,
        opacity=hair.opacity,
        doubt=hair.doubt,
        excluded=excluded,
        tiles=describe_tiles(bare, head.mask, hair.opacity, excluded),
        stubble=_stubble_of(loaded, working),
    )
    return look, pixels


def _stubble_of(loaded: LoadedPhoto, working: WorkingImage) -> FractionMap | None:
    """Return the grain of shaved hair, which only the full photo shows, when the case says that hair is shaved."""
    length_mm, scale = loaded.record.hair_length_mm, loaded.scale
    if scale is None or length_mm is None or length_mm > LONGEST_MM:
        return None
    height, width = working.rgb8.shape[:2]
    return grain_of_stubble(loaded.rgb8, px_per_mm=scale.px_per_mm, shape=(height, width))


def _look_at_closeup(loaded: LoadedPhoto, *, settings: Settings) -> tuple[Look, Pixels]:
    quality = judge(
        loaded.rgb8,
        working=working_image(loaded.rgb8),
        head_mask=None,
        head_refused=None,
        glare_fraction=None,
        photo=loaded.record,
        settings=settings.quality,
    )
    reading = read_hairs(loaded, settings=settings)
    record = replace(loaded.record, scale=reading.scale)
    whole = working_image(loaded.rgb8, max(loaded.shape))  # a shaft of 20 µm must stay wider than a pixel
    return Look(photo=record, quality=quality, reading=reading), Pixels(working=whole)
