"""A case folder to a draft: what its case file says and which photos to read; no picture is opened."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hairtrack.ingest.case_faults import nearest
from hairtrack.ingest.case_file import CASE_FILE, read_case_file
from hairtrack.ingest.draft import CaseDraft, CaseFacts, DeclaredPhoto, PhotoSource
from hairtrack.ingest.folder import FoundFile, list_folder, pictures_not_read
from hairtrack.ingest.names import printable_name
from hairtrack.ingest.settings import IngestSettings
from hairtrack.model import CaseProblem, InputError, Patient


def open_case(folder: Path | str, *, today: date, settings: IngestSettings | None = None) -> CaseDraft:
    """Return what is known of a case before any picture is opened.

    Parameters
    ----------
    folder
        The case folder.
    today
        The day of the analysis: what is said to lie after it is a problem.
    settings
        Caps.

    Raises
    ------
    InputError
        When there is no such folder, or its case.toml is wrong.
    """
    root = Path(folder)
    if not root.is_dir():
        raise InputError(
            "is a file, not a case folder" if root.exists() else "there is no such folder",
            where=printable_name(str(folder)),
            remedy="give the folder that holds the photos and case.toml",
        )
    case_file = root / CASE_FILE
    facts = CaseFacts(patient=Patient())
    if case_file.exists() or case_file.is_symlink():
        facts = read_case_file(case_file, today=today, settings=settings or IngestSettings())
    listing = list_folder(root)
    on_disk = {found.file: found for found in listing.files}
    declared, absent = _matched(facts.photos, on_disk)
    sources = tuple(
        PhotoSource(
            path=found.path,
            file=found.file,
            declared=declared.get(found.file),
            birth_year=facts.patient.birth_year,
            problem=found.problem,
        )
        for found in listing.files
        if found.looks_like_photo or found.file in declared
    )
    return CaseDraft(
        root=root,
        patient=facts.patient,
        treatments=facts.treatments,
        outlines=facts.outlines,
        landmarks=facts.landmarks,
        observations=facts.observations,
        notes=facts.notes,
        sources=sources,
        problems=(*facts.problems, *absent, *listing.problems, *pictures_not_read(listing.files)),
    )


def _matched(
    photos: tuple[DeclaredPhoto, ...], on_disk: Mapping[str, FoundFile]
) -> tuple[dict[str, DeclaredPhoto], tuple[CaseProblem, ...]]:
    """Return the declared photos by the label of their file, and a problem for each that is not there.

    Names are compared in Unicode's composed form: macOS writes `ö` as two characters, a keyboard as one.
    """
    labels = {unicodedata.normalize("NFC", label): label for label in sorted(on_disk, reverse=True)}
    declared: dict[str, DeclaredPhoto] = {}
    absent: list[CaseProblem] = []
    for index, photo in enumerate(photos):
        asked = printable_name(photo.file)
        label = asked if asked in on_disk else labels.get(unicodedata.normalize("NFC", asked))
        if label is not None:
            declared[label] = photo
            continue
        alike = nearest(asked, on_disk)
        absent.append(
            CaseProblem(
                where=f"photos[{index}].file",
                what=f'"{asked}" is not in the case folder',
                remedy=f'did you mean "{alike}"?' if alike else "add the photo, or remove the entry",
            )
        )
    return declared, tuple(absent)
