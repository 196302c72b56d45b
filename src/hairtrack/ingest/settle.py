"""Photos that were read, brought together: duplicates, doubles, order, and everything that is still unknown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hairtrack.ingest.dates import DATE_NOT_USED
from hairtrack.ingest.draft import CaseDraft
from hairtrack.model import Case, CaseProblem, FactSource, Landmark, Photo, PhotoKind, RegionOutline, View

_SURENESS = (
    FactSource.CASE_FILE,
    FactSource.EXIF,
    FactSource.FILE_NAME,
    FactSource.FOLDER_NAME,
    FactSource.PICTURE,
    FactSource.UNKNOWN,
)

Marked = TypeVar("Marked", RegionOutline, Landmark)


def settle(draft: CaseDraft, photos: Iterable[Photo], *, today: date) -> Case:
    """Return the case: photos in order of date, view and file, and every problem with what to do about it.

    Photos of one picture become one; two pictures of one view on one day are both kept. Photos that cannot be read
    stay in the case, with their `problem`.

    Parameters
    ----------
    draft
        What `open_case` gave.
    photos
        The records of what `read_photo` gave, in any order.
    today
        As given to `open_case`.
    """
    read = sorted(photos, key=lambda photo: photo.file)
    kept, kept_by_file, duplicates = _without_duplicates(read)
    ordered = tuple(sorted(kept, key=_place))
    outlines, lost_outlines = _on_photos(draft.outlines, "regions", ordered, kept_by_file)
    landmarks, lost_landmarks = _on_photos(draft.landmarks, "landmarks", ordered, kept_by_file)
    problems = (
        *draft.problems,
        *lost_outlines,
        *lost_landmarks,
        *_unreadable(ordered),
        *duplicates,
        *_unknown_facts(ordered),
        *_doubles(ordered),
        *_gaps_in_time(draft, ordered, today),
    )
    return Case(
        patient=draft.patient,
        treatments=draft.treatments,
        photos=ordered,
        outlines=outlines,
        landmarks=landmarks,
        observations=draft.observations,
        notes=draft.notes,
        problems=problems,
    )


def _place(photo: Photo) -> tuple[date, str, str]:
    return photo.taken_on or date.max, photo.view.value if photo.view else "~", photo.file


def _without_duplicates(read: Sequence[Photo]) -> tuple[list[Photo], dict[str, str], list[CaseProblem]]:
    """Return one photo for each picture, which file stands for which, and a problem for every file left out.

    The file whose date is known best stands for the picture, then the earliest day, then the first name.
    """
    by_pixels: defaultdict[str, list[Photo]] = defaultdict(list)
    for photo in read:
        by_pixels[photo.pixels_sha256 or photo.file].append(photo)
    kept: list[Photo] = []
    kept_by_file: dict[str, str] = {}
    problems: list[CaseProblem] = []
    for same in by_pixels.values():
        best, *others = sorted(
            same,
            key=lambda p: (
                _SURENESS.index(p.date_source),
                p.taken_on or date.max,
                _SURENESS.index(p.view_source),
                p.file,
            ),
        )
        kept.append(best)
        kept_by_file.update({photo.file: best.file for photo in same})
        problems.extend(_duplicate(best, other) for other in others)
    return kept, kept_by_file, problems


def _duplicate(kept: Photo, other: Photo) -> CaseProblem:
    what = f"duplicate: the same picture as {kept.file}"
    if kept.taken_on and other.taken_on and kept.taken_on != other.taken_on:
        return CaseProblem(
            where=other.file,
            what=f"{what}, yet dated {other.taken_on.isoformat()} instead of {kept.taken_on.isoformat()};"
            " one picture has one date, so only the other file is used",
            remedy="find the photo of each day, or correct the date",
        )
    return CaseProblem(where=other.file, what=f"{what}; it is used once", remedy="remove one of the two files")


def _on_photos(
    marks: Iterable[Marked], section: str, photos: Sequence[Photo], kept_by_file: Mapping[str, str]
) -> tuple[tuple[Marked, ...], list[CaseProblem]]:
    """Return marks that lie on a picture of the case, and a problem for each that does not."""
    by_file = {photo.file: photo for photo in photos}
    kept: list[Marked] = []
    problems: list[CaseProblem] = []
    for index, mark in enumerate(marks):
        photo = by_file.get(kept_by_file.get(mark.file, ""))
        if photo is None or photo.problem is not None:
            problems.append(
                CaseProblem(
                    where=f"{section}[{index}].file",
                    what=f'"{mark.file}" is no readable photo of this case, so this mark was left out',
                    remedy="correct the name, or add the photo",
                )
            )
        elif not all(-1 <= x <= photo.width_px and -1 <= y <= photo.height_px for x, y in _points(mark)):
            problems.append(
                CaseProblem(
                    where=f"{section}[{index}]",
                    what=f"lies outside {photo.file} ({photo.width_px} x {photo.height_px} px), so it was left out",
                    remedy="give points in pixels of the upright photo",
                )
            )
        else:
            kept.append(replace(mark, file=photo.file))
    return tuple(kept), problems


def _points(mark: RegionOutline | Landmark) -> tuple[tuple[float, float], ...]:
    return mark.polygon_xy if isinstance(mark, RegionOutline) else (mark.xy,)


def _unreadable(photos: Iterable[Photo]) -> list[CaseProblem]:
    return [
        CaseProblem(where=photo.file, what=photo.problem.what, remedy=photo.problem.remedy)
        for photo in photos
        if photo.problem is not None
    ]


def _unknown_facts(photos: Iterable[Photo]) -> list[CaseProblem]:
    """Return a question for every date, view and region that no source told."""
    problems: list[CaseProblem] = []
    for photo in photos:
        if photo.problem is not None:
            continue
        refused = [remark for remark in photo.remarks if remark.startswith(DATE_NOT_USED)]
        if photo.taken_on is None:
            what = "; ".join(["the date of this photo is not known", *refused])
            problems.append(CaseProblem(where=photo.file, what=what, remedy="give taken_on in case.toml"))
        elif refused:
            what = f"{'; '.join(refused)}; {photo.taken_on.isoformat()} is used"
            problems.append(CaseProblem(where=photo.file, what=what, remedy="give taken_on in case.toml"))
        if photo.view is None:
            problems.append(
                CaseProblem(
                    where=photo.file,
                    what="the view of this photo is not known",
                    remedy="give view in case.toml, or name the file top, vertex, front, left, right, back or closeup",
                )
            )
        if photo.kind is PhotoKind.CLOSEUP and photo.region is None:
            problems.append(
                CaseProblem(
                    where=photo.file,
                    what="the region that this close-up shows is not known",
                    remedy="give region in case.toml, or in the name of the file (closeup_vertex)",
                )
            )
    return problems


def _doubles(photos: Iterable[Photo]) -> list[CaseProblem]:
    """Return a word on every day with two pictures of one view; several close-ups of a day are no doubles."""
    by_visit: defaultdict[tuple[date, View], list[str]] = defaultdict(list)
    for photo in photos:
        if photo.taken_on and photo.view and photo.kind is PhotoKind.GLOBAL and photo.problem is None:
            by_visit[photo.taken_on, photo.view].append(photo.file)
    return [
        CaseProblem(
            where=", ".join(files),
            what=f"{len(files)} photos show the {view.value} view on {day.isoformat()}; all are kept",
            remedy="if one is better, keep only that one",
        )
        for (day, view), files in by_visit.items()
        if len(files) > 1
    ]


def _gaps_in_time(draft: CaseDraft, photos: Sequence[Photo], today: date) -> list[CaseProblem]:
    """Return what the photos of this case cannot show: nothing, one day, no day before the treatment."""
    usable = [photo for photo in photos if photo.problem is None]
    if not usable:
        what = "there is no photo in this case" if not photos else "none of the photos can be read"
        return [
            CaseProblem(where=".", what=what, remedy="add JPEG, HEIC, PNG, WebP, TIFF or AVIF photos to the folder")
        ]
    days = {photo.taken_on for photo in usable if photo.taken_on}
    problems: list[CaseProblem] = []
    if len(days) == 1 and all(photo.taken_on for photo in usable):
        only = next(iter(days))
        problems.append(
            CaseProblem(
                where=".",
                what=f"all photos are of one day ({only.isoformat()}), so no change can be told",
                remedy="add photos of another day",
            )
        )
    first_days = [day for treatment in draft.treatments if (day := treatment.first_day) and day <= today]
    if first_days and days and min(days) >= min(first_days):
        problems.append(
            CaseProblem(
                where=".",
                what=f"no baseline: there is no photo from before the first treatment ({min(first_days).isoformat()}),"
                " so change is told against the oldest photo",
                remedy="add a photo from before the treatment if there is one",
            )
        )
    return problems
