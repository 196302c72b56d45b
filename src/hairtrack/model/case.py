"""What is known about a patient before any pixel is looked at: the content of a case folder."""

from dataclasses import dataclass, field
from datetime import date

from hairtrack.model.photo import Photo
from hairtrack.model.vocabulary import NoteKind, RegionName, RegionRole, Severity, Sex, TreatmentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A person, known by an id and never by a name."""

    id: str = "unnamed"
    sex_at_birth: Sex | None = None
    birth_year: int | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One treatment: an operation on a day, a row of sessions, or a medicine over a span.

    `performed_on` belongs to transplants, `sessions` to injections, `started_on` and `stopped_on` to medicines.
    Counts are of grafts (follicular units) and single hairs; areas in cm²; costs in `currency` a session.
    """

    kind: TreatmentKind
    performed_on: date | None = None
    sessions: tuple[date, ...] = ()
    started_on: date | None = None
    stopped_on: date | None = None
    recipient_regions: tuple[RegionName, ...] = ()
    donor_regions: tuple[RegionName, ...] = ()
    grafts_implanted: int | None = None
    hairs_implanted: int | None = None
    recipient_area_cm2: float | None = None
    grafts_extracted: int | None = None
    cost_per_session: float | None = None
    currency: str | None = None

    @property
    def first_day(self) -> date | None:
        """The day from which this treatment can show an effect, or None when no date is known."""
        return self.performed_on or (min(self.sessions) if self.sessions else self.started_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionOutline:
    """A region drawn by a person on one photo; `polygon_xy` in pixels of that photo, upright."""

    name: RegionName
    file: str
    polygon_xy: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A point marked by a person on one photo; the same `name` on two photos is the same point of the head."""

    name: str
    file: str
    xy: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A number about a region on a date, measured elsewhere or by us; the only thing that reasoning sees.

    `photo_id` groups observations from one photo, which share that photo's bias. `std_uncertainty` is None when the
    source did not say; `flags` name reasons for doubt (`usable_with_limits`, `wet`, ...).
    """

    taken_on: date
    region: RegionName
    measurand: str
    value: float
    std_uncertainty: float | None = None
    photo_id: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A symptom or an event on a day."""

    on: date
    kind: NoteKind
    region: RegionName | None = None
    severity: Severity | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProblem:
    """Something in the case folder that could not be used; the rest of the case goes on.

    `where` is a file relative to the case or a field path of case.toml, safe to print.
    """

    where: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A patient's folder, read: facts, photos in order of date, and everything that could not be used."""

    patient: Patient = field(default_factory=Patient)
    treatments: tuple[Treatment, ...] = ()
    photos: tuple[Photo, ...] = ()
    outlines: tuple[RegionOutline, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    observations: tuple[Observation, ...] = ()
    notes: tuple[Note, ...] = ()
    problems: tuple[CaseProblem, ...] = ()

    def role_of(self, region: RegionName) -> RegionRole:
        """Return what the recorded treatments make of a region.

        A recipient is a recipient even where it is also injected; a medicine treats every region; a session therapy
        without named regions treats every region that is not a donor.
        """
        transplants = [t for t in self.treatments if t.kind.is_transplant]
        if any(region in t.recipient_regions for t in transplants):
            return RegionRole.RECIPIENT
        if any(region in t.donor_regions for t in transplants):
            return RegionRole.DONOR
        for treatment in self.treatments:
            if treatment.kind.is_medicine or region in treatment.recipient_regions:
                return RegionRole.TREATED
            if treatment.kind.is_session_therapy and not treatment.recipient_regions:
                return RegionRole.TREATED
        return RegionRole.UNTREATED

    def treatments_of(self, region: RegionName) -> tuple[Treatment, ...]:
        """Return the treatments that touch a region, oldest first, undated ones last."""
        touching = [
            t
            for t in self.treatments
            if t.kind.is_medicine
            or region in t.recipient_regions
            or region in t.donor_regions
            or (t.kind.is_session_therapy and not t.recipient_regions)
        ]
        return tuple(sorted(touching, key=lambda t: (t.first_day is None, t.first_day or date.max, t.kind.value)))
