"""How the verdict is told; every threshold is a row of models/gates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSettings:
    """Choices of a run.

    `as_of` is the day on which the question is asked; without it, the newest date in the case stands for it. It moves
    the phase of regions without observations and the dates of what is due, never a verdict.
    """

    as_of: date | None = None
