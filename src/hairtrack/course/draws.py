"""Courses that could be: draws of every parameter from its prior, made once and weighed against each patient.

Poor growth and episodes of diffuse shedding are drawn more often than they occur, so that rare courses are finely
sampled; `log_weight` undoes it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hairtrack.course.series import FloatArray
from hairtrack.course.settings import CourseSettings
from hairtrack.knowledge import Fact, Knowledge
from hairtrack.model import RegionRole, Sex

EPISODE_DRAW_SHARE = 0.20
"""Share of draws with an episode of diffuse shedding, whatever its prior."""

RARE_DRAW_SHARE = 0.35
"""Share of draws with over-extraction, and with shedding of the donor, whatever their prior."""

ODD_DRAW_SHARE = 0.10
"""Share of draws with an odd baseline, and with odd later photos, whatever their prior."""

SURVIVAL_DRAW_SHARES = (0.45, 0.20, 0.35)
"""Shares of draws from usual, fair and poor survival, whatever their prior."""

LAST_EPISODE_MONTH = 18.0

FIRST_STEP_MONTH, LAST_STEP_MONTH = 2.0, 15.0
"""Months between which an odd bias that is not there from the start sets in."""

LEAST_ERROR_SCALE = 0.85
"""Errors may turn out larger than claimed by any factor, smaller only by this: a smooth series proves no precision."""

BLOB_SHARE = 0.9
"""Share of the spread of planted density, baseline, clock and optical depth that each draw holds within itself."""

CENTRE_SHARE = (1.0 - BLOB_SHARE**2) ** 0.5
"""Share of that spread between draws, so that both together have the spread of the prior."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Parameters of possible courses, float32 arrays of one length; times in months, rates a year.

    Donor, medicine and transplant share one shape: level = baseline * native(t) + planted * grown(t), seen with a
    bias of the photo.
    """

    log_weight: FloatArray
    survival: FloatArray
    delayed: FloatArray
    median_factor: FloatArray
    median_noise: FloatArray
    steepness: FloatArray
    shed_noise: FloatArray
    kept: FloatArray
    kept_minoxidil: FloatArray
    clock_prp: FloatArray
    clock_mesotherapy: FloatArray
    shock: FloatArray
    shock_permanent: FloatArray
    shock_recovery: FloatArray
    native_rate: FloatArray
    medicated_rate: FloatArray
    late_decline: FloatArray
    extracted: FloatArray
    over_extracted: FloatArray
    effluvium: FloatArray
    effluvium_recovery: FloatArray
    gains: FloatArray
    start_shedding: FloatArray
    episode: FloatArray
    episode_month: FloatArray
    episode_delay: FloatArray
    baseline_noise: FloatArray
    planted_noise: FloatArray
    optical_noise: FloatArray
    lag: FloatArray
    start_std: FloatArray
    series_std: FloatArray
    odd_series: FloatArray
    step_month: FloatArray
    ramps: FloatArray
    thick_share: FloatArray
    error_scale: FloatArray

    def __len__(self) -> int:
        return int(self.log_weight.size)


@lru_cache(maxsize=96)
def draw_courses(
    knowledge: Knowledge,
    *,
    role: RegionRole,
    sex: Sex | None,
    gain_kinds: tuple[str, ...],
    settings: CourseSettings,
    strip: bool = False,
) -> Draws:
    """Return the prior draws for a kind of region; the same call gives the same object within a process.

    `strip` says that grafts came from a strip (FUT), which stretches the donor instead of thinning it out.
    """
    n = settings.draws
    rng = np.random.default_rng(settings.seed)
    log_weight = np.zeros(n)
    survival = _survival(rng, knowledge, n, log_weight)
    delayed, factor = _clock(rng, knowledge, n)
    episode = _episodes(rng, knowledge, n)
    shock_key = "transplant.shock_share_women" if sex is Sex.FEMALE else "transplant.shock_share_men"
    permanent = _beta(rng, knowledge.fact("transplant.shock_permanent_share"), n)
    over = rng.random(n) < RARE_DRAW_SHARE
    effluvium_drawn = rng.random(n) < RARE_DRAW_SHARE
    if role is RegionRole.DONOR:
        log_weight = _log_prior(over, knowledge.value("donor.over_extraction_prior"))
        log_weight += _log_prior(effluvium_drawn, knowledge.value("donor.effluvium_prior"))
    elif role is not RegionRole.RECIPIENT:
        log_weight = np.zeros(n)
    odd_baseline, odd_later = (rng.random(n) < ODD_DRAW_SHARE for _ in range(2))
    odd_std, usual_std = (knowledge.value(f"measurands.{name}") for name in ("odd_series_spread", "photo_bias_counts"))
    recovery = knowledge.fact("donor.effluvium_recovers_month")
    arrays = {
        "log_weight": log_weight,
        "survival": survival,
        "delayed": delayed,
        "median_factor": factor,
        "median_noise": rng.standard_normal(n),
        "steepness": _log_normal(rng, knowledge.fact("transplant.growth_steepness"), n),
        "shed_noise": rng.standard_normal(n),
        "kept": _beta(rng, knowledge.fact("transplant.kept_share"), n),
        "kept_minoxidil": _beta(rng, knowledge.fact("transplant.kept_share_minoxidil"), n),
        "clock_prp": _normal(rng, knowledge.fact("transplant.prp_clock_factor"), n).clip(0.5, 1.1),
        "clock_mesotherapy": _normal(rng, knowledge.fact("transplant.mesotherapy_clock_factor"), n).clip(0.7, 1.1),
        "shock": np.where(
            rng.random(n) < knowledge.value(shock_key), _beta(rng, knowledge.fact("transplant.shock_depth"), n), 0.0
        ),
        "shock_permanent": permanent,
        "shock_recovery": _normal(rng, knowledge.fact("transplant.shock_recovery_month"), n).clip(2.5, 9.0),
        "native_rate": _native_rate(rng, knowledge, role, n),
        "medicated_rate": _medicated_rate(rng, knowledge, n),
        "late_decline": _normal(rng, knowledge.fact("transplant.late_decline_per_year"), n).clip(0.0, None),
        "extracted": np.where(over, *_extracted(rng, knowledge, n, strip=strip)),
        "over_extracted": over.astype(float),
        "effluvium": np.where(effluvium_drawn, _uniform(rng, knowledge.fact("donor.effluvium_depth"), n), 0.0),
        "effluvium_recovery": _normal(rng, recovery, n).clip(recovery.low or 2.0, recovery.high or 6.0),
        "gains": _gains(rng, knowledge, gain_kinds, n),
        "start_shedding": np.where(
            rng.random(n) < knowledge.value("minoxidil.shedding_share"),
            rng.exponential(knowledge.value("minoxidil.shedding_depth"), n).clip(0, 0.4),
            0.0,
        ),
        **episode,
        "baseline_noise": rng.standard_t(4, n),
        "planted_noise": rng.standard_normal(n),
        "optical_noise": rng.standard_normal(n),
        "lag": _uniform(rng, knowledge.fact("transplant.coverage_lag_months"), n),
        "start_std": np.where(odd_baseline, odd_std, usual_std),
        "series_std": np.where(odd_later, odd_std, usual_std),
        "odd_series": odd_baseline.astype(float) + odd_later,
        **_drifts(rng, odd_later, n),
        "thick_share": _uniform(rng, knowledge.fact("native.thick_share_in_recipient"), n),
        "error_scale": np.exp(rng.normal(0.0, knowledge.value("measurands.error_scale_spread"), n)).clip(
            LEAST_ERROR_SCALE, None
        ),
    }
    return Draws(**{name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()})


def _survival(rng: np.random.Generator, knowledge: Knowledge, n: int, log_weight: np.ndarray) -> np.ndarray:
    good, fair, poor = (knowledge.fact(f"transplant.{name}_survival") for name in ("good", "fair", "poor"))
    priors = [knowledge.value("transplant.good_survival_share"), knowledge.value("transplant.fair_survival_share")]
    priors.append(max(1.0 - sum(priors), 1e-4))
    group = np.searchsorted(np.cumsum(SURVIVAL_DRAW_SHARES)[:2], (np.arange(n) + 0.5) / n)
    rng.shuffle(group)
    log_weight += np.log(np.array(priors) / np.array(SURVIVAL_DRAW_SHARES))[group]
    return np.choose(group, [_beta(rng, good, n), _uniform(rng, fair, n), _uniform(rng, poor, n)])


def _clock(rng: np.random.Generator, knowledge: Knowledge, n: int) -> tuple[np.ndarray, np.ndarray]:
    late, later = knowledge.fact("transplant.delayed_factor"), knowledge.fact("transplant.very_late_factor")
    delayed_share = knowledge.value("transplant.delayed_share")
    very_late_share = knowledge.value("transplant.very_late_share")
    u = rng.random(n)
    very_late, delayed = u < very_late_share, u < very_late_share + delayed_share
    factor = np.where(delayed, _normal(rng, late, n).clip(1.15, None), 1.0)
    factor = np.where(very_late, _normal(rng, later, n).clip(1.4, None), factor)
    return delayed.astype(float), factor


def _episodes(rng: np.random.Generator, knowledge: Knowledge, n: int) -> dict[str, np.ndarray]:
    delay = knowledge.fact("diffuse.delay_months")
    drawn = rng.random(n) < EPISODE_DRAW_SHARE
    return {
        "episode": np.where(drawn, _beta(rng, knowledge.fact("diffuse.depth"), n), 0.0),
        "episode_month": rng.uniform(0.5, LAST_EPISODE_MONTH, n),
        "episode_delay": rng.triangular(delay.low or 1.0, delay.value, delay.high or 6.0, n),
    }


def _native_rate(rng: np.random.Generator, knowledge: Knowledge, role: RegionRole, n: int) -> np.ndarray:
    usual = np.abs(_normal(rng, knowledge.fact("native.rate_per_year"), n))
    fast = rng.uniform(knowledge.value("native.rate_per_year"), knowledge.value("native.fast_rate_high_per_year"), n)
    rate = np.where(rng.random(n) < knowledge.value("native.fast_share"), fast, usual)
    if role in {RegionRole.UNTREATED, RegionRole.DONOR}:
        rate = np.where(rng.random(n) < knowledge.value("native.stable_share"), rng.uniform(0.0, 0.02, n), rate)
    return rate


def _medicated_rate(rng: np.random.Generator, knowledge: Knowledge, n: int) -> np.ndarray:
    """Return rates under a medicine that holds native hair, or fails to in those who lose it fast."""
    held = rng.normal(0.0, knowledge.value("native.treated_rate_spread_per_year"), n)
    fast = rng.uniform(knowledge.value("native.rate_per_year"), knowledge.value("native.fast_rate_high_per_year"), n)
    return np.where(rng.random(n) < knowledge.value("native.fast_share"), fast, held)


def _log_prior(rare: np.ndarray, prior: float) -> np.ndarray:
    """Return the log weight that undoes how often a rare course of the donor is drawn."""
    often, seldom = np.log(prior / RARE_DRAW_SHARE), np.log((1 - prior) / (1 - RARE_DRAW_SHARE))
    return np.asarray(np.where(rare, often, seldom))


def _extracted(rng: np.random.Generator, knowledge: Knowledge, n: int, *, strip: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the share by which the donor thins when too much was taken, and as planned."""
    planned = "donor.planned_share_strip" if strip else "donor.planned_share"
    return (
        _uniform(rng, knowledge.fact("donor.over_extraction_share"), n),
        _uniform(rng, knowledge.fact(planned), n),
    )


def _gains(rng: np.random.Generator, knowledge: Knowledge, kinds: tuple[str, ...], n: int) -> np.ndarray:
    columns = []
    for kind in kinds:
        gain = knowledge.fact(f"{kind}.gain")
        null_share = knowledge.value(f"{kind}.null_share")
        responder = (gain.value / (1 - null_share)) + knowledge.spread(f"{kind}.gain") * rng.standard_normal(n)
        columns.append(np.where(rng.random(n) < null_share, 0.0, responder.clip(-0.1, None)))
    return np.stack(columns) if columns else np.zeros((0, n))


def _drifts(rng: np.random.Generator, odd_later: np.ndarray, n: int) -> dict[str, np.ndarray]:
    """Return in which month an odd bias sets in, and whether it grows with time; a third each is there from the start.

    Wet hair lasts for a series, a cut or dye sets in between two photos, light and distance drift.
    """
    kind = rng.integers(0, 3, n) * odd_later
    return {
        "step_month": np.where(kind == 1, rng.uniform(FIRST_STEP_MONTH, LAST_STEP_MONTH, n), -1.0),
        "ramps": (kind == 2).astype(float),  # noqa: PLR2004 the third kind
    }


def _normal(rng: np.random.Generator, fact: Fact, n: int) -> np.ndarray:
    return rng.normal(fact.value, fact.spread or 0.0, n)


def _log_normal(rng: np.random.Generator, fact: Fact, n: int) -> np.ndarray:
    return fact.value * np.exp(rng.normal(0.0, fact.spread or 0.0, n))


def _uniform(rng: np.random.Generator, fact: Fact, n: int) -> np.ndarray:
    return rng.uniform(fact.low or 0.0, fact.value if fact.high is None else fact.high, n)


def _beta(rng: np.random.Generator, fact: Fact, n: int) -> np.ndarray:
    mean, spread = fact.value, fact.spread or 0.05
    strength = mean * (1 - mean) / spread**2 - 1
    return rng.beta(mean * strength, (1 - mean) * strength, n)
