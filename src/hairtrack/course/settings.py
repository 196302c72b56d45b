"""How finely the course is sampled; no clinical number lives here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSettings:
    """Number of prior draws and the seed of the generator that makes them.

    The draws are made once per treatment and kind of region within a process; the same seed gives the same verdicts.
    A region of which fewer than `least_effective` draws carry the weight at a look is weighed again with
    `finer_draws`.
    """

    draws: int = 1000
    finer_draws: int = 8000
    least_effective: float = 20.0
    seed: int = 20260110
