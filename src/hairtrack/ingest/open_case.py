"""A case folder to a draft: what its case file says and which photos to read; no picture is opened."""

import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from hairtrack.ingest.case_faults import nearest
from hairtrack.ingest.case_file import CASE_FILE, read_case_file
from hairtrack.ingest.draft import CaseDraft, CaseFacts, DeclaredPhoto, PhotoSource
from hairtrack.ingest.folder import FolderListing, list_folder, pictures_not_read
from hairtrack.ingest.names import printable_name
from hairtrack.ingest.settings import IngestSettings
from hairtrack.model import CaseProblem, InputError, Landmark, Patient, RegionOutline

_OFFERS = 20
"""For more missing photos than this the folder is another one, and looking for alike names takes long."""

Marked = TypeVar("Marked", RegionOutline, Landmark)


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
    labels = _Labels(listing)
    declared, absent = _matched(facts.photos, labels)
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
        outlines=tuple(labels.refiled(outline) for outline in facts.outlines),
        landmarks=tuple(labels.refiled(landmark) for landmark in facts.landmarks),
        observations=facts.observations,
        notes=facts.notes,
        sources=sources,
        problems=(
            *facts.problems,
            *_misnamed_case_files(listing),
            *absent,
            *listing.problems,
            *pictures_not_read(listing.files),
        ),
    )


class _Labels:
    """Finds the file that a case file means.

    Names are compared in Unicode's composed form: macOS writes `ö` as two characters, a keyboard as one.
    """

    def __init__(self, listing: FolderListing) -> None:
        self._labels = {found.file for found in listing.files}
        self._by_composed = {unicodedata.normalize("NFC", label): label for label in sorted(self._labels, reverse=True)}

    def find(self, file: str) -> str | None:
        """Return the label of a file on disk, or None when there is none of that name."""
        asked = printable_name(file)
        return asked if asked in self._labels else self._by_composed.get(unicodedata.normalize("NFC", asked))

    def refiled(self, mark: Marked) -> Marked:
        """Return an outline or a landmark under the label of its file."""
        return replace(mark, file=self.find(mark.file) or printable_name(mark.file))

    def absent(self, file: str, *, where: str, with_offer: bool) -> CaseProblem:
        """Return the problem of a name that is not on disk."""
        asked = printable_name(file)
        alike = nearest(asked, self._labels) if with_offer else None
        return CaseProblem(
            where=where,
            what=f'"{asked}" is not in the case folder',
            remedy=f'did you mean "{alike}"?' if alike else "add the photo, or remove the entry",
        )


def _matched(
    photos: tuple[DeclaredPhoto, ...], labels: _Labels
) -> tuple[dict[str, DeclaredPhoto], tuple[CaseProblem, ...]]:
    """Return the declared photos by the label of their file, and a problem for each that is not there."""
    declared: dict[str, DeclaredPhoto] = {}
    absent: list[CaseProblem] = []
    for index, photo in enumerate(photos):
        label = labels.find(photo.file)
        if label is not None:
            declared[label] = photo
        else:
            with_offer = len(absent) < _OFFERS
            absent.append(labels.absent(photo.file, where=f"photos[{index}].file", with_offer=with_offer))
    return declared, tuple(absent)


def _misnamed_case_files(listing: FolderListing) -> tuple[CaseProblem, ...]:
    """Return a problem for a case file that was not read because of its name."""
    return tuple(
        CaseProblem(where=found.file, what="looks like a case file but was not read", remedy=f"name it {CASE_FILE}")
        for found in listing.files
        if found.file.lower() in {CASE_FILE, f"{CASE_FILE}.txt"} and found.file != CASE_FILE
    )
