"""Questions about one photo, one pair, one set of numbers, one installation: what the small commands answer."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from hairtrack import __version__
from hairtrack.align.illumination import in_common_light
from hairtrack.imaging import drawing
from hairtrack.imaging.closeup_drawing import draw_hairs
from hairtrack.imaging.types import Rgb8Image
from hairtrack.imaging.warp import bring_to_reference
from hairtrack.ingest import given_scale, lone_photo, read_case_facts, read_photo, readable_formats
from hairtrack.model import (
    AlignAnswer,
    AssessAnswer,
    CheckAnswer,
    CheckedPhoto,
    DoctorAnswer,
    InputError,
    MeasureAnswer,
    Photo,
    PhotoKind,
    PixelScale,
    RegistrationStatus,
    View,
)
from hairtrack.outcome import OutcomeSettings
from hairtrack.pipeline.compare import Seen, align, likely_turn, reduced_warp
from hairtrack.pipeline.files import write_whole
from hairtrack.pipeline.look import Look, look_at_pixels
from hairtrack.pipeline.numbers import measure_one
from hairtrack.pipeline.ports import SystemClock
from hairtrack.pipeline.provenance import LIBRARIES
from hairtrack.pipeline.reasoning import assess
from hairtrack.pipeline.settings import Settings
from hairtrack.quality import TIERS_THAT_TELL_A_TURN, guidance_sentences, judge_unreadable


def check_photos(paths: Sequence[Path], *, against: Path | None, out: Path | None) -> CheckAnswer:
    """Return for each photo whether it is usable and how to retake it; against a reference, how to move to match it.

    Parameters
    ----------
    paths
        Photos to look at.
    against
        The photo that they should match.
    out
        Where ghost outlines of the reference are written; None writes none.

    Raises
    ------
    InputError
        When the reference cannot be read; a new photo that cannot is answered with `retake`.
    """
    settings = Settings()
    reference = _seen_or_error(against, settings=settings) if against else None
    checked = []
    for path in paths:
        seen = _see(path, settings=settings)
        if isinstance(seen, Look):
            checked.append(CheckedPhoto(file=str(path), quality=seen.quality))
            continue
        answer = CheckedPhoto(file=str(path), quality=seen.look.quality)
        checked.append(_held_against(reference, seen, answer, out=out, settings=settings) if reference else answer)
    return CheckAnswer(photos=tuple(checked), against=str(against) if against else None)


def _held_against(
    reference: Seen, moving: Seen, answer: CheckedPhoto, *, out: Path | None, settings: Settings
) -> CheckedPhoto:
    alignment = align(reference, moving, landmarks=(), settings=settings.align)
    told_by_map = alignment.record.tier in TIERS_THAT_TELL_A_TURN
    sentences = guidance_sentences(
        reference.pixels.head_mask,
        moving.pixels.head_mask,
        warp=reduced_warp(alignment.warp, reference, moving) if alignment.warp else None,
        view=reference.look.photo.view,
        likely_turn_deg=None if told_by_map else likely_turn(reference, moving, settings=settings.align),
    )
    picture = None
    if out is not None and reference.pixels.head_mask is not None:
        ghost = drawing.draw_ghost(moving.pixels.working.rgb8, reference.pixels.head_mask)
        picture = str(write_whole(out / f"{Path(answer.file).stem}-ghost.png", drawing.encode_png(ghost)))
    return replace(answer, guidance=sentences, registration=alignment.record, picture=picture)


def align_photos(reference_path: Path, moving_path: Path, *, out: Path | None) -> AlignAnswer:
    """Return how two photos lie on each other, and write the pictures of the result to `out`.

    Raises
    ------
    InputError
        When a photo cannot be read.
    """
    settings = Settings()
    reference = _seen_or_error(reference_path, settings=settings)
    moving = _seen_or_error(moving_path, settings=settings)
    alignment = align(reference, moving, landmarks=(), settings=settings.align)
    record = replace(alignment.record, reference=str(reference_path), moving=str(moving_path))
    if out is None or alignment.warp is None or record.status is RegistrationStatus.REFUSED:
        return AlignAnswer(registration=record)
    height, width = reference.pixels.working.rgb8.shape[:2]
    laid, known = bring_to_reference(
        moving.pixels.working.rgb8, reduced_warp(alignment.warp, reference, moving), (height, width)
    )
    laid = in_common_light(reference.pixels.working.rgb8, laid, known)
    laid = np.where(known[..., None], laid, np.array(drawing.HIDDEN_RGB, np.uint8))
    pictures = {
        "reference.jpg": reference.pixels.working.rgb8,
        "moving_on_reference.jpg": laid,
        "checkerboard.jpg": drawing.checkerboard(reference.pixels.working.rgb8, laid),
    }
    return AlignAnswer(registration=record, pictures=_write_pictures(out, pictures))


def measure_photo(
    path: Path, *, px_per_mm: float | None, field_diameter_mm: float | None = None, closeup: bool, out: Path | None
) -> MeasureAnswer:
    """Return the numbers of one photo: coverage per region of a head, hairs and densities of a close-up.

    Raises
    ------
    InputError
        When the photo cannot be read.
    """
    settings = Settings()
    given = Given(
        scale=None if px_per_mm is None else given_scale(px_per_mm),
        field_diameter_mm=field_diameter_mm,
        closeup=closeup,
    )
    seen = _seen_or_error(path, settings=settings, given=given)
    photo = seen.look.photo
    pictures: tuple[str, ...] = ()
    if out is not None:
        overlay = _overlay(seen)
        pictures = _write_pictures(out, {f"{path.stem}-overlay.jpg": overlay})
    return MeasureAnswer(
        file=str(path),
        kind=photo.kind,
        view=photo.view,
        scale=photo.scale,
        quality=seen.look.quality,
        measurements=measure_one(seen, settings=settings),
        closeup=seen.look.reading,
        pictures=pictures,
    )


def _overlay(seen: Seen) -> Rgb8Image:
    """Return the picture with its hairs drawn, or tinted by coverage where hair and scalp were told apart."""
    pixels = seen.pixels
    if seen.look.reading is not None:
        return draw_hairs(pixels.working.rgb8, seen.look.reading.hairs)
    if pixels.head_mask is None or pixels.opacity is None or pixels.excluded is None:
        return pixels.working.rgb8
    return drawing.draw_coverage(pixels.working.rgb8, pixels.opacity, pixels.head_mask & ~pixels.excluded)


def assess_case(source: Path | str) -> AssessAnswer:
    """Return the verdicts on a case from numbers alone.

    Raises
    ------
    InputError
        Naming the field that is wrong.
    """
    today = SystemClock().today()
    case = read_case_facts(source, today=today)
    assessment = assess(case, settings=OutcomeSettings(as_of=today, every_assumption=True))
    return AssessAnswer(
        verdicts=assessment.verdicts,
        alerts=assessment.alerts,
        notices=assessment.notices,
        bands=assessment.bands,
        problems=case.problems,
    )


def examine_installation() -> DoctorAnswer:
    """Return versions, and what this installation can read and write."""
    versions = {"hairtrack": __version__, "python": platform.python_version()}
    versions |= {library: version(library) for library in LIBRARIES}
    capabilities = {f"read {name}": able for name, able in readable_formats().items()}
    return DoctorAnswer(versions=versions, capabilities=capabilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the user says of a photo."""

    scale: PixelScale | None = None
    field_diameter_mm: float | None = None
    closeup: bool = False


_NOTHING_GIVEN = Given()


def _see(path: Path, *, settings: Settings, given: Given = _NOTHING_GIVEN) -> Seen | Look:
    """Return a photo looked at, or a `Look` without pixels when it cannot be read."""
    loaded = read_photo(lone_photo(path), today=None, settings=settings.ingest)
    if isinstance(loaded, Photo):
        return Look(photo=loaded, quality=judge_unreadable(loaded))
    record = replace(loaded.record, scale=given.scale or loaded.record.scale, field_diameter_mm=given.field_diameter_mm)
    if given.closeup:
        record = replace(record, kind=PhotoKind.CLOSEUP, view=View.CLOSEUP)
    look, pixels = look_at_pixels(replace(loaded, record=record), settings=settings)
    return Seen(look=look, pixels=pixels)


def _seen_or_error(path: Path, *, settings: Settings, given: Given = _NOTHING_GIVEN) -> Seen:
    seen = _see(path, settings=settings, given=given)
    if isinstance(seen, Seen):
        return seen
    problem = seen.photo.problem
    raise InputError(
        problem.what if problem else "cannot be read",
        where=str(path),
        remedy=problem.remedy if problem else "use another photo",
    )


def _write_pictures(out: Path, pictures: Mapping[str, Rgb8Image]) -> tuple[str, ...]:
    return tuple(str(write_whole(out / name, drawing.encode_jpeg(rgb8, quality=90))) for name, rgb8 in pictures.items())
