"""Which files of a case folder are photos; opens none of them."""

import os
from dataclasses import dataclass
from pathlib import Path

from hairtrack.ingest.formats import OTHER_PICTURE_SUFFIXES, PICTURE_SUFFIXES
from hairtrack.ingest.names import printable_name
from hairtrack.model import CaseProblem, PhotoProblem

_FOLDERS_OF_MACHINES = frozenset(("__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"))
"""Made by computers beside photos, some full of thumbnails that look like photos."""

_REPORT_FILES = frozenset(("report.html", "results.json"))
"""A folder with one of these is a report of ours: its pictures are no photos of the patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file below the case folder; `problem` is set when it must not be opened."""

    path: Path
    file: str
    problem: PhotoProblem | None = None

    @property
    def looks_like_photo(self) -> bool:
        """Whether its name ends like that of a picture that is read."""
        return self.path.suffix.lower() in PICTURE_SUFFIXES


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderListing:
    """Every visible file below a folder in order of its printable path, and what could not be looked into."""

    files: tuple[FoundFile, ...]
    problems: tuple[CaseProblem, ...]


def list_folder(root: Path) -> FolderListing:
    """Return what lies in a case folder and below.

    Hidden files and folders, folders that computers make, and reports of ours are passed over quietly. A link to a
    folder is never followed, a link to a file only when it stays inside the case.
    """
    files: list[FoundFile] = []
    problems: list[CaseProblem] = []
    real_root = Path(os.path.realpath(root))
    to_visit: list[tuple[Path, str]] = [(root, "")]
    while to_visit:
        folder, label = to_visit.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            problems.append(_folder_not_read(label, error))
            continue
        if label and any(entry.name in _REPORT_FILES for entry in entries):
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name in _FOLDERS_OF_MACHINES:
                continue
            entry_label = f"{label}/{printable_name(entry.name)}" if label else printable_name(entry.name)
            if entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112 unlike DirEntry.is_dir it is False for a loop
                problems.append(_link_to_folder(entry_label))
            elif entry.is_dir(follow_symlinks=False):
                to_visit.append((Path(entry.path), entry_label))
            else:
                files.append(_found(entry, entry_label, real_root))
    return FolderListing(
        files=tuple(sorted(files, key=lambda found: found.file)),
        problems=tuple(sorted(problems, key=lambda problem: problem.where)),
    )


def pictures_not_read(files: tuple[FoundFile, ...]) -> tuple[CaseProblem, ...]:
    """Return a problem for every raw picture, film or scan that is not read: a photo may hide in it."""
    return tuple(
        CaseProblem(
            where=found.file,
            what=f"{found.path.suffix.lower()} files are not read",
            remedy="save the photo as JPEG, HEIC, PNG, WebP, TIFF or AVIF beside it",
        )
        for found in files
        if found.path.suffix.lower() in OTHER_PICTURE_SUFFIXES
    )


def _found(entry: os.DirEntry[str], label: str, real_root: Path) -> FoundFile:
    path = Path(entry.path)
    problem = _doubt_of_link(path, real_root) if entry.is_symlink() else None
    if problem is None and not path.is_file():  # a pipe or a device: opening it may wait for ever
        problem = PhotoProblem(kind="not_a_file", what="this is not a regular file", remedy="give the photo itself")
    return FoundFile(path=path, file=label, problem=problem)


def _doubt_of_link(path: Path, real_root: Path) -> PhotoProblem | None:
    """Return why a link must not be followed, or None when it leads to a file of this case."""
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError:
        return PhotoProblem(
            kind="broken_link", what="the link leads nowhere", remedy="copy the photo itself into the case folder"
        )
    except (OSError, RuntimeError):  # RuntimeError: how Python before 3.13 reports a loop
        return PhotoProblem(
            kind="link_loop", what="the link leads back to itself", remedy="copy the photo itself into the case folder"
        )
    if not target.is_relative_to(real_root):
        return PhotoProblem(
            kind="link_out_of_case",
            what="the link leads out of the case folder, so it was not followed",
            remedy="copy the photo itself into the case folder",
        )
    return None


def _link_to_folder(label: str) -> CaseProblem:
    return CaseProblem(
        where=label, what="a link to a folder is not followed", remedy="copy the folder itself into the case folder"
    )


def _folder_not_read(label: str, error: OSError) -> CaseProblem:
    return CaseProblem(
        where=label or ".",
        what=f"the folder cannot be looked into ({(error.strerror or type(error).__name__).lower()})",
        remedy="allow reading it, or copy it again",
    )
