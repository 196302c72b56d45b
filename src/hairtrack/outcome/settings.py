"""How the verdict is told; every threshold is a row of models/gates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSettings:
    """Choices of a run.

    `as_of` is the day on which the question is asked; without it, the newest date in the case stands for it. It moves
    the phase of regions without observations and the dates of what is due, never a verdict. `every_assumption` asks of
    every assumed number what the verdict would be were it half or twice as large, which takes about a second; without
    it that is asked of the gates and of the odds of causes.
    """

    as_of: date | None = None
    every_assumption: bool = False
