"""One photo file to a photo: its facts, its fingerprints and its pixels."""

import hashlib
import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.imaging.types import Rgb8Image
from hairtrack.ingest.content import content_of
from hairtrack.ingest.dates import date_of_photo
from hairtrack.ingest.decode import DecodedPicture, decode
from hairtrack.ingest.draft import DeclaredPhoto, PhotoSource
from hairtrack.ingest.names import printable_name, region_of_label, view_of_label
from hairtrack.ingest.settings import IngestSettings
from hairtrack.model import FactSource, InputError, Photo, PhotoKind, PhotoProblem, PixelScale, View

_RULER_MM = 10.0
_END_STD_PX = 1 / 3**0.5


def load_photo(path: Path | str, *, settings: IngestSettings | None = None) -> LoadedPhoto:
    """Return one photo; date and view come from EXIF, its name and the name of its folder.

    Raises
    ------
    InputError
        When the file cannot be used as a photo.
    """
    read = read_photo(lone_photo(path), today=None, settings=settings or IngestSettings())
    if isinstance(read, LoadedPhoto):
        return read
    problem = read.problem or PhotoProblem(kind="unreadable", what="cannot be read", remedy="")
    raise InputError(problem.what, where=printable_name(os.fspath(path)), remedy=problem.remedy)


def lone_photo(path: Path | str) -> PhotoSource:
    """Return a file outside any case as a source for `read_photo`."""
    place = Path(path)
    name = printable_name(place.name)
    return PhotoSource(path=place, file=name, named=f"{printable_name(place.parent.name)}/{name}")


def read_photo(source: PhotoSource, *, today: date | None, settings: IngestSettings) -> LoadedPhoto | Photo:
    """Return a photo with its pixels, or a `Photo` whose `problem` says why there are none.

    A bad file never raises. Nothing of the file is kept but its pixels, its fingerprints and the day of the shot.

    Parameters
    ----------
    source
        The file and what is declared of it.
    today
        Dates after this day are not believed; None believes all.
    settings
        Caps.
    """
    content = source.problem or content_of(source.path, max_bytes=settings.max_file_bytes)
    if isinstance(content, PhotoProblem):
        return replace(_facts(source, None, today), problem=content)
    sha256 = hashlib.sha256(content).hexdigest()
    picture = decode(content, max_pixels=settings.max_megapixels * 1e6)
    if isinstance(picture, PhotoProblem):
        return replace(_facts(source, None, today), sha256=sha256, problem=picture)
    facts = _facts(source, picture, today)
    height, width = picture.rgb8.shape[:2]
    pixels_sha256 = fingerprint(picture.rgb8)
    record = replace(
        facts,
        photo_id=f"photo-{pixels_sha256[:12]}",
        sha256=sha256,
        pixels_sha256=pixels_sha256,
        width_px=width,
        height_px=height,
        remarks=(*picture.remarks, *facts.remarks),
    )
    return LoadedPhoto(record=record, rgb8=picture.rgb8)


def fingerprint(rgb8: Rgb8Image) -> str:
    """Return the SHA-256 of a picture's pixels and size: the same for the same picture in any lossless file."""
    height, width = rgb8.shape[:2]
    digest = hashlib.sha256(f"{width}x{height}:".encode())
    digest.update(np.ascontiguousarray(rgb8).data.cast("B"))
    return digest.hexdigest()


def _facts(source: PhotoSource, picture: DecodedPicture | None, today: date | None) -> Photo:
    """Return what is known without pixels; also of a file that cannot be read."""
    declared = source.declared or DeclaredPhoto(file=source.file)
    named = source.named or source.file
    dated = date_of_photo(
        named,
        declared=declared.taken_on,
        exif_moment=picture.taken_at if picture else None,
        today=today,
        birth_year=source.birth_year,
    )
    view, view_source = view_of_label(named)
    if declared.view is not None:
        view, view_source = declared.view, FactSource.CASE_FILE
    closeup = view is View.CLOSEUP
    return Photo(
        file=source.file,
        photo_id="photo-" + hashlib.sha256(source.file.encode(errors="surrogateescape")).hexdigest()[:12],
        kind=PhotoKind.CLOSEUP if closeup else PhotoKind.GLOBAL,
        view=view,
        view_source=view_source,
        region=declared.region or (region_of_label(named) if closeup else None),
        taken_on=dated.day,
        date_source=dated.source,
        scale=None if declared.px_per_mm is None else given_scale(declared.px_per_mm),
        field_diameter_mm=declared.field_diameter_mm,
        hair_length_mm=declared.hair_length_mm,
        wet=declared.wet,
        forehead=declared.forehead,
        remarks=dated.remarks,
    )


def given_scale(px_per_mm: float) -> PixelScale:
    """Return a scale that a person gave, with the uncertainty of reading it and of the digits it is written with.

    It is taken as read off 10 mm of a ruler, each end within ±1 px; the last digit written is rounded.
    JCGM 100:2008 (GUM) 4.3.7 and F.2.2.1: a value known within ±a has standard uncertainty a/√3.
    """
    ends = _END_STD_PX * 2**0.5 / _RULER_MM
    last_digit = 10.0 ** min(0, int(Decimal(repr(px_per_mm)).normalize().as_tuple().exponent))
    digits = last_digit / 2 / 3**0.5
    return PixelScale(px_per_mm=px_per_mm, std_uncertainty_px_per_mm=(ends**2 + digits**2) ** 0.5, method="given")
