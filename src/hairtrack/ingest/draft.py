"""What is known of a case before any picture is opened."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hairtrack.model import (
    CaseProblem,
    Landmark,
    Note,
    Observation,
    Patient,
    PhotoProblem,
    PictureSide,
    RegionName,
    RegionOutline,
    Treatment,
    View,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPhoto:
    """What case.toml says of one photo; None where it says nothing."""

    file: str
    view: View | None = None
    region: RegionName | None = None
    taken_on: date | None = None
    px_per_mm: float | None = None
    field_diameter_mm: float | None = None
    hair_length_mm: float | None = None
    wet: bool | None = None
    forehead: PictureSide | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSource:
    """A file to read as a photo, with all that is known of it from outside.

    Parameters
    ----------
    path
        Where it lies.
    file
        Its printable path below the case folder, with `/`.
    declared
        What case.toml says of it.
    birth_year
        Of the patient: no photo is older.
    problem
        Set when the file must not be opened (a link that leads out of the case, a broken link).
    named
        The path whose words tell date and view, when it is another than `file`.
    """

    path: Path
    file: str
    declared: DeclaredPhoto | None = None
    birth_year: int | None = None
    problem: PhotoProblem | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The content of a case file, checked: facts alone."""

    patient: Patient
    treatments: tuple[Treatment, ...] = ()
    photos: tuple[DeclaredPhoto, ...] = ()
    outlines: tuple[RegionOutline, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    observations: tuple[Observation, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[CaseProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A case folder, listed: facts of case.toml, the files to read, and what could not be used so far."""

    root: Path
    patient: Patient
    treatments: tuple[Treatment, ...]
    outlines: tuple[RegionOutline, ...]
    landmarks: tuple[Landmark, ...]
    observations: tuple[Observation, ...]
    notes: tuple[Note, ...]
    sources: tuple[PhotoSource, ...]
    problems: tuple[CaseProblem, ...]
