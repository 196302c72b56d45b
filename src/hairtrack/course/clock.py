"""Time as the course counts it: months since the clock of a region started."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hairtrack.model import Case, NoteKind, RegionName, RegionRole, Treatment, TreatmentKind
from hairtrack.model.calendar import months_between

TRIGGERS = frozenset({NoteKind.ILLNESS, NoteKind.NEW_MEDICINE, NoteKind.CHILDBIRTH})
"""Events after which hair may be shed all over the head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionClock:
    """When the clock of a region started and what runs on it.

    `start` is the latest operation on a recipient or donor, the first session or dose of a treated region, the first
    observation of an untreated one. `operations` are those that touch the region, oldest first; `remedies` are
    medicines and session therapies that act on it.
    """

    region: RegionName
    role: RegionRole
    start: date | None
    operations: tuple[Treatment, ...] = ()
    remedies: tuple[Treatment, ...] = ()
    triggers: tuple[date, ...] = ()
    undated: tuple[Treatment, ...] = ()

    def months(self, day: date) -> float:
        """Return the time since the start in months; 0 when there is no start."""
        return 0.0 if self.start is None else months_between(self.start, day)

    @property
    def crown(self) -> bool:
        """Whether the region keeps the slower time of the crown."""
        return self.region is RegionName.VERTEX


def clock_of(case: Case, region: RegionName, *, observed: Iterable[date]) -> RegionClock:
    """Return the clock of a region of a case; `observed` are the days on which the region was observed."""
    role = case.role_of(region)
    touching = case.treatments_of(region)
    dated = [t for t in touching if t.first_day is not None]
    operations = tuple(t for t in dated if t.kind.is_transplant)
    remedies = tuple(t for t in dated if not t.kind.is_transplant)
    start: date | None
    if role in {RegionRole.RECIPIENT, RegionRole.DONOR}:
        start = operations[-1].first_day if operations else None
    elif role is RegionRole.TREATED:
        start = remedies[0].first_day if remedies else None
    else:
        start = min(observed, default=None)
    return RegionClock(
        region=region,
        role=role,
        start=start,
        operations=operations,
        remedies=remedies,
        triggers=tuple(sorted(note.on for note in case.notes if note.kind in TRIGGERS)),
        undated=tuple(t for t in touching if t.first_day is None),
    )


def takes(remedies: Iterable[Treatment], kind: TreatmentKind) -> bool:
    """Return whether a kind of remedy is among those given."""
    return any(remedy.kind is kind for remedy in remedies)
