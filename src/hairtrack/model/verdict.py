"""What the numbers mean: the expected course, the verdict, alerts and notices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hairtrack.model.vocabulary import (
    AlertKind,
    Cause,
    NoticeKind,
    Phase,
    RegionName,
    RegionRole,
    State,
    Urgency,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPoint:
    """The central 90 % of healthy courses at a time since treatment."""

    months: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedBand:
    """What a healthy course of a region looks like, in the unit of `measurand`.

    `starts_on` is month 0; `source_keys` name the rows of models/SOURCES.bib that it rests on; `assumed` says
    whether any row behind it has the grade ASSUMED.
    """

    region: RegionName
    measurand: str
    unit: str
    starts_on: date
    points: tuple[BandPoint, ...]
    source_keys: tuple[str, ...]
    assumed: bool
    describes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement on one region.

    `judged_on` is the date of the newest observation used; `probabilities` are over the causes of the region's role
    and sum to 1, also while `state` abstains; `survival_interval90` is the surviving share of planted hairs, None
    outside recipients. `evidence` and `evidence_against` are sentences; `missing` names what would decide it;
    `would_change_if` names assumptions on which the state hangs.
    """

    region: RegionName
    role: RegionRole
    judged_on: date | None
    phase: Phase
    state: State
    probabilities: Mapping[Cause, float]
    survival_interval90: tuple[float, float] | None
    earliest_decision_on: date | None
    evidence: tuple[str, ...]
    evidence_against: tuple[str, ...]
    next_step: str
    missing: tuple[str, ...]
    would_change_if: tuple[str, ...] = ()
    sentence_for_clinician: str = ""
    sentence_for_patient: str = ""
    source_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A sign that needs a doctor; never gated by date."""

    kind: AlertKind
    region: RegionName | None
    on: date
    urgency: Urgency
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to know or to do that is neither verdict nor alert."""

    kind: NoticeKind
    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The result of reasoning on numbers: a sequence of verdicts, with alerts, notices and expected bands beside."""

    verdicts: tuple[Verdict, ...]
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = ()
    bands: tuple[ExpectedBand, ...] = ()

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __getitem__(self, index: int) -> Verdict:
        return self.verdicts[index]
