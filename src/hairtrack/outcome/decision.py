"""What a decision is made of: a state, its reasons by id, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hairtrack.knowledge import Knowledge
from hairtrack.model import Case, Cause, Observation, State
from hairtrack.model.posterior import Look, Proposition, RegionCourse

TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A sentence by its id with the values that fill it."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A state with the reasons for and against it, what to do next and what would decide it."""

    state: State
    because: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    missing: tuple[Reason, ...] = ()
    next_step: Reason = field(default_factory=lambda: Reason(id="next_photo"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that a decision on one region may look at: looks up to `at`, none after.

    `beside` are the region's observations up to then, given where angles, diameters or kinds of hair are among them;
    `triggered` tells whether an event after which hair may be shed was on record by then.
    """

    case: Case
    course: RegionCourse
    at: int
    knowledge: Knowledge
    beside: tuple[Observation, ...] = ()
    triggered: bool = False
    direction_fault: float = 0.0

    @property
    def look(self) -> Look:
        """The newest look."""
        return self.course.looks[self.at]

    @property
    def months(self) -> float:
        """Time since the clock of the region started, at the newest look."""
        return self.look.months

    def probability(self, proposition: Proposition) -> float:
        """Return the posterior of a proposition at the newest look; 0 where the role does not ask it."""
        return self.look.probabilities.get(proposition, 0.0)

    def limit(self, key: str) -> float:
        """Return a threshold or gate of models/gates."""
        return self.knowledge.value(f"verdict.{key}")

    def odds_gained(self, probability: float, *causes: Cause) -> float:
        """Return by which factor the observations raised the odds of some causes above those before any photo.

        Most transplants grow, so that photos which say nothing leave a high probability behind. That is no finding.
        """
        before = sum(self.course.prior.get(cause, 0.0) for cause in causes)
        return (probability / max(1 - probability, TINY)) / max(before / max(1 - before, TINY), TINY)

    def confirming_look(self) -> Look | None:
        """Return the newest earlier look that is old enough to confirm the newest one."""
        days = self.limit("confirmation_days")
        earlier = [look for look in self.course.looks[: self.at] if (self.look.on - look.on).days >= days]
        return earlier[-1] if earlier else None

    def confirmed(self, proposition: Proposition, *, at_least: float, no_earlier_than_months: float = 0.0) -> bool:
        """Return whether an earlier, unflagged look already held a proposition likely."""
        look = self.confirming_look()
        return (
            look is not None
            and not look.newest_flagged
            and look.months >= no_earlier_than_months
            and look.probabilities.get(proposition, 0.0) >= at_least
        )


SMALLEST_TOLD = 0.01


def percent(share: float) -> str:
    """Return a share as whole percent in words, never 0 or 100 for what is not certain."""
    if share < SMALLEST_TOLD:
        return "less than 1 %"
    if share > 1 - SMALLEST_TOLD:
        return "more than 99 %"
    return f"{share:.0%}".replace("%", " %")


def dates(days: Sequence[date]) -> str:
    """Return dates as a list in words."""
    return ", ".join(day.isoformat() for day in days)
