"""What the course of a region says after each look: plain numbers that `course` computes and `outcome` decides on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hairtrack.model.vocabulary import Cause, RegionName, RegionRole


class Proposition(StrEnum):
    """A statement about a region whose probability a decision may rest on."""

    SURVIVAL_BELOW_FAILURE = "survival_below_failure"
    SURVIVAL_BELOW_POOR = "survival_below_poor"
    SURVIVAL_BELOW_TARGET = "survival_below_target"
    CLOCK_DELAYED = "clock_delayed"
    STILL_RISING = "still_rising"
    NATIVE_LOSS_REAL = "native_loss_real"
    RESIDUAL_BELOW_SHARE = "residual_below_share"
    RESIDUAL_BELOW_DENSITY = "residual_below_density"
    EFFLUVIUM_PRESENT = "effluvium_present"
    GAIN_REAL = "gain_real"
    GAIN_NEGLIGIBLE = "gain_negligible"
    DIFFUSE_SHEDDING = "diffuse_shedding"
    NEWEST_IS_ARTEFACT = "newest_is_artefact"
    GROWTH_HIDDEN = "growth_hidden"


class Quantity(StrEnum):
    """A number of the course that is told with its central 90 % interval, as a fraction."""

    SURVIVAL = "survival"
    NATIVE_RATE_PER_YEAR = "native_rate_per_year"
    RESIDUAL = "residual"
    GAIN = "gain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The middle of a quantity and its central 90 % interval."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a region once all photos up to a day have been seen, and none after.

    Parameters
    ----------
    on
        Day of the newest observation used.
    months
        Time since the clock of the region started (latest operation, start of treatment, else first observation).
    used
        Observations used up to this day; `used_after` of them after the clock started.
    causes
        Posterior over the causes of the region's role; sums to 1.
    probabilities
        Posterior of each proposition that makes sense for the role.
    estimates
        Quantities with their 90 % interval.
    effective_draws
        Effective sample size of the importance weights.
    worst_misfits
        Absolute standardised residuals: of the worst observation, and of the one that is worst once the few that may be
        far off by chance are left out (one of a short series, one in seven of a long one).
    newest_flagged
        Whether the newest observation carries a reason for doubt.
    """

    on: date
    months: float
    used: int
    used_after: int
    causes: Mapping[Cause, float]
    probabilities: Mapping[Proposition, float]
    estimates: Mapping[Quantity, Estimate]
    effective_draws: float
    worst_misfits: tuple[float, float]
    newest_flagged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionCourse:
    """All looks at one region, oldest first; empty when nothing usable was observed.

    `has_baseline` says whether anything was observed before the clock started, `planted_known` whether the planted
    density is on record, `reference_regions` which untouched regions held the light in check. `fractions_only` says
    that coverage alone was seen, no count. `shots_before` and `shots_now` count what stands at each end in units of
    one ordinary photo.
    """

    region: RegionName
    role: RegionRole
    started_on: date | None
    prior: Mapping[Cause, float]
    looks: tuple[Look, ...] = ()
    has_baseline: bool = False
    planted_known: bool = False
    reference_regions: tuple[RegionName, ...] = ()
    fractions_only: bool = False
    shots_before: float = 0.0
    shots_now: float = 0.0
    baseline_density_per_cm2: float | None = None
    source_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """The courses of a case, one a region, in the order of `RegionName`."""

    regions: tuple[RegionCourse, ...] = ()
