"""The whole result of analysing a case: the tree that is written to results.json."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hairtrack.model.case import CaseProblem, Note, Observation, Patient, Treatment
from hairtrack.model.closeup import CloseupReading, HairMatch
from hairtrack.model.geometry import Region, Registration
from hairtrack.model.measurement import Change, Measurement
from hairtrack.model.photo import Photo, QualityReport
from hairtrack.model.verdict import Alert, ExpectedBand, Notice, Verdict

DOSSIER_SCHEMA = "hairtrack.dossier/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoEntry:
    """A photo with the decision on its quality."""

    photo: Photo = field(metadata={"json_inline": True})
    quality: QualityReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupEntry:
    """A close-up photo and what was read from it."""

    file: str
    reading: CloseupReading = field(metadata={"json_inline": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class HairMatchEntry:
    """Two close-ups of one spot, matched hair by hair."""

    reference: str
    moving: str
    match: HairMatch = field(metadata={"json_inline": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication or page that a clinical number rests on."""

    key: str
    citation: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made this result: versions, methods, settings and inputs, all by name; no clock, no path of a machine."""

    hairtrack: str
    methods: Mapping[str, str]
    settings: Mapping[str, str]
    inputs: Mapping[str, str]
    libraries: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything known about a case; same input, same bytes."""

    patient: Patient
    treatments: tuple[Treatment, ...]
    observations: tuple[Observation, ...]
    notes: tuple[Note, ...]
    photos: tuple[PhotoEntry, ...]
    regions: tuple[Region, ...]
    registrations: tuple[Registration, ...]
    measurements: tuple[Measurement, ...]
    closeups: tuple[CloseupEntry, ...]
    hair_matches: tuple[HairMatchEntry, ...]
    changes: tuple[Change, ...]
    bands: tuple[ExpectedBand, ...]
    verdicts: tuple[Verdict, ...]
    alerts: tuple[Alert, ...]
    notices: tuple[Notice, ...]
    problems: tuple[CaseProblem, ...]
    provenance: Provenance
    schema: str = DOSSIER_SCHEMA
