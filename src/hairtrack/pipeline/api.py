"""The names that `import hairtrack` gives: one photo, one pair, one case, one set of numbers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hairtrack.align.photos import Alignment, AlignmentInput
from hairtrack.align.register import register as register_inputs
from hairtrack.imaging.photo import LoadedPhoto, WorkingImage, working_image
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.ingest import given_scale, read_case_facts
from hairtrack.ingest import load_photo as read_one_photo
from hairtrack.model import (
    Assessment,
    Dossier,
    FactSource,
    HairMatch,
    InputError,
    Measured,
    NotMeasured,
    Photo,
    PhotoKind,
    View,
)
from hairtrack.pipeline.closeups import Closeup, match_closeups, read_hairs
from hairtrack.pipeline.settings import Settings

PhotoLike: TypeAlias = LoadedPhoto | NDArray[Any] | str | Path
"""A photo that was loaded, its path, or an array (H, W, 3) of sRGB: uint8 0-255 or float 0-1."""


def load_photo(path: str | Path) -> LoadedPhoto:
    """Return one photo, upright in sRGB, with what its file says about it.

    Raises
    ------
    InputError
        When the file is no photo that can be read; it says why and what to do.
    """
    return read_one_photo(Path(path), settings=Settings().ingest)


def analyse(case: str | Path) -> Dossier:
    """Return everything known about a case folder: the tree that `hairtrack report` writes to results.json.

    Nothing is kept on disk. One bad photo never stops a case.

    Raises
    ------
    InputError
        When the folder cannot be read, or its case.toml is wrong.
    """
    from hairtrack.pipeline.analyse import analyse_case  # noqa: PLC0415 a single photo needs none of it
    from hairtrack.pipeline.world import real_world  # noqa: PLC0415 as above

    with real_world() as world:
        return analyse_case(Path(case), world=world).dossier


def assess(case: str | Path | Mapping[str, Any]) -> Assessment:
    """Return the verdicts on a case from dates, treatments and observations alone; no photo is opened.

    Parameters
    ----------
    case
        A case folder, a case.toml, a JSON file or JSON text with the same keys, or a dict with them.

    Raises
    ------
    InputError
        Naming the field that is wrong.
    """
    from hairtrack.outcome import OutcomeSettings  # noqa: PLC0415 pixels need no reasoning
    from hairtrack.pipeline.ports import SystemClock  # noqa: PLC0415 pixels need no clock
    from hairtrack.pipeline.reasoning import assess as reason  # noqa: PLC0415 as above

    today = SystemClock().today()
    return reason(read_case_facts(case, today=today), settings=OutcomeSettings(as_of=today))


def head_mask(photo: PhotoLike) -> Mask:
    """Return where hair-bearing scalp and hair are, bool (H, W): no face, neck, clothes or background.

    All False when no head can be told.
    """
    loaded = _loaded(photo)
    working = working_image(loaded.rgb8)
    return working.full_mask(_head(working, loaded.record.view))


def hair_mask(photo: PhotoLike) -> Mask:
    """Return which pixels show hair, bool (H, W); all False when no hair can be told."""
    from hairtrack.segment.hair import find_hair_anywhere  # noqa: PLC0415 each question loads its own room

    working = working_image(_loaded(photo).rgb8)
    return working.full_mask(find_hair_anywhere(working.rgb8))


def coverage(photo: PhotoLike, outline_xy: Sequence[tuple[float, float]] | None = None) -> Measured | NotMeasured:
    """Return the share of the scalp that hair hides, 0-1, inside an outline in photo pixels or on the whole head."""
    from hairtrack.pipeline.numbers import cover_inside  # noqa: PLC0415 each question loads its own room

    return cover_inside(_loaded(photo), outline_xy, settings=Settings())


def register(reference: PhotoLike, moving: PhotoLike) -> Alignment:
    """Return how two photos of one view lie on each other, or a refusal that says why and how to retake."""
    return register_inputs(_alignment_input(reference), _alignment_input(moving), settings=Settings().align)


def read_closeup(
    photo: PhotoLike, px_per_mm: float | None = None, *, field_diameter_mm: float | None = None
) -> Closeup:
    """Return every hair of a close-up with its follicular unit, and the densities that its scale allows.

    The scale is `px_per_mm`, or what marks in the picture say; a dermoscope's round field says it when its true
    diameter is given.
    """
    loaded = _loaded(photo)
    scale = loaded.record.scale if px_per_mm is None else given_scale(px_per_mm)
    known = loaded.record.field_diameter_mm if field_diameter_mm is None else field_diameter_mm
    record = replace(loaded.record, kind=PhotoKind.CLOSEUP, view=View.CLOSEUP, scale=scale, field_diameter_mm=known)
    reading = read_hairs(replace(loaded, record=record), settings=Settings())
    return Closeup(file=record.file, rgb8=loaded.rgb8, reading=reading)


def match_hairs(reference: Closeup, moving: Closeup) -> HairMatch:
    """Return the same hairs found again on two close-ups of one spot, the lost and the gained ones, or a refusal."""
    return match_closeups(reference, moving, settings=Settings())


def _loaded(photo: PhotoLike) -> LoadedPhoto:
    if isinstance(photo, LoadedPhoto):
        return photo
    if isinstance(photo, str | Path):
        return load_photo(photo)
    rgb8 = _as_rgb8(np.asarray(photo))
    height, width = rgb8.shape[:2]
    content = hashlib.sha256(rgb8.tobytes()).hexdigest()
    record = Photo(
        file="array",
        photo_id=f"photo-{content[:12]}",
        pixels_sha256=content,
        width_px=width,
        height_px=height,
        view_source=FactSource.UNKNOWN,
    )
    return LoadedPhoto(record=record, rgb8=rgb8)


def _as_rgb8(array: NDArray[Any]) -> Rgb8Image:
    if array.ndim == 2:  # noqa: PLR2004 rows and columns: a grey picture
        array = np.repeat(array[..., None], 3, axis=2)
    if array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape:  # noqa: PLR2004 rows, columns, red-green-blue
        raise InputError(f"an array of shape {array.shape} is no picture", remedy="pass (H, W, 3) sRGB")
    if array.dtype == np.uint8:
        return array
    if (
        not np.issubdtype(array.dtype, np.floating)
        or not np.isfinite(array).all()
        or array.min() < 0
        or array.max() > 1
    ):
        raise InputError(f"{array.dtype} pixels are not in 0-1", remedy="pass uint8 0-255 or float 0-1")
    return np.round(array * 255).astype(np.uint8)


def _head(working: WorkingImage, view: View | None) -> Mask:
    from hairtrack.segment.head import find_head  # noqa: PLC0415 each question loads its own room

    return find_head(working.rgb8, view=view).mask


def _alignment_input(photo: PhotoLike) -> AlignmentInput:
    loaded = _loaded(photo)
    closeup = loaded.record.kind is PhotoKind.CLOSEUP
    working = working_image(loaded.rgb8)
    mask = None if closeup else _head(working, loaded.record.view)
    scale = loaded.record.scale
    return AlignmentInput(
        file=loaded.record.file,
        working=working,
        head_mask=mask,
        kind=loaded.record.kind,
        view=loaded.record.view,
        px_per_mm=scale.px_per_mm if scale else None,
    )
