# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""Cohorts of follicles: every planted and native hair is an agent with its own fate, written from published numbers.

Planted hairs shed around week 3, lie dormant, and those that live return at a log-normal time around the patient's
median month; native hairs fall to shock, to heredity one by one, and to episodes of diffuse shedding.
"""

import numpy as np
from histories import Cell, Patient, draw_survival, draw_taken, make_patient, observed_months

SAMPLED_CM2 = 4.0


def patient(rng: np.random.Generator, cell: Cell) -> Patient:
    """Return one simulated patient of a cell."""
    if cell.place == "donor":
        return _donor(rng, cell)
    months = observed_months(rng, cell.plan)
    times = np.array(months)
    survival = draw_survival(rng, cell, usual=float(np.clip(rng.normal(0.88, 0.06), 0.75, 1.1)))
    median = 7.2 if cell.place == "crown" else 5.8
    delayed = rng.random() < 0.15 or cell.trap == "delayed"
    clock = median * np.exp(rng.normal(0, 0.15)) * (max(rng.normal(1.39, 0.11), 1.15) if delayed else 1.0)
    if cell.trap == "very_late":
        clock = median * rng.uniform(1.8, 2.2)
    if cell.trap == "crown_clock":
        clock = 7.2 * np.exp(rng.normal(0, 0.15))
    planted = float(np.clip(rng.normal(35, 8), 20, 60) * rng.normal(2.1, 0.08))
    if cell.planted_known and cell.survival is not None and not cell.trap:
        planted = float(rng.uniform(55, 90))
    baseline = float(rng.choice([12.0, 20.0, 30.0, 45.0, 60.0]))
    rate = float(np.clip(rng.normal(0.05, 0.03), 0, None))
    if cell.trap == "fast_native_loss":
        baseline, rate = float(rng.uniform(40, 80)), float(rng.uniform(0.15, 0.30))
    elif cell.trap == "native_loss":
        baseline = float(rng.uniform(40, 80))
    level = _planted(rng, times, planted=planted, survival=survival, clock=clock, minoxidil=cell.minoxidil)
    shock = cell.trap == "shock_loss" or rng.random() < 0.016
    native = _native(rng, times, baseline=baseline, rate=rate, shock=shock)
    if cell.minoxidil:
        native = native * (1 + max(rng.normal(0.12, 0.10), 0.0) * (1 - 2 ** (-times / 2.0)))
    fringe_n = rng.binomial(round(170 * SAMPLED_CM2), np.exp(-0.01 * times[:, None] / 12)).ravel() / SAMPLED_CM2
    fringe = np.concatenate([[170.0], fringe_n])
    level = level + native
    if cell.trap in {"effluvium", "effluvium_at_decision"} or (not cell.trap and rng.random() < 0.05):
        middle = rng.uniform(11, 15) if cell.trap == "effluvium_at_decision" else rng.uniform(1, 18)
        dip = rng.beta(3, 9) * np.exp(-0.5 * ((times - middle) / 1.3) ** 2)
        level, fringe = level * (1 - dip), fringe * np.concatenate([[1.0], 1 - dip])
    season = 0.05 if cell.trap == "season" else 0.02
    swing = rng.normal(0, season) if cell.trap != "season" else 0.05
    wave = 1 + swing * np.cos(2 * np.pi * (times - rng.uniform(0, 12)) / 12)
    truth = {
        "survival": survival,
        "delayed": float(delayed),
        "planted": planted,
        "per_hair": 0.0075 * np.exp(rng.normal(0, 0.2)),
    }
    return make_patient(
        rng, cell, truth=truth, months=months, level=level * wave, baseline_level=baseline,
        reference_level=fringe * np.concatenate([[1.0], wave]),
    )  # fmt: skip


def _donor(rng: np.random.Generator, cell: Cell) -> Patient:
    """Return a donor: follicles are taken one by one, and of one in three patients some others shed for months."""
    months = observed_months(rng, cell.plan)
    times = np.array(months)
    baseline = float(rng.choice([rng.normal(114.8, 23.1), rng.normal(127.8, 22.6)]).clip(80, 220))
    taken = draw_taken(rng, cell)
    n = round(baseline * SAMPLED_CM2)
    left = rng.random(n) >= taken
    shock = cell.trap == "donor_effluvium" or rng.random() < 0.3
    sheds = rng.random(n) < (rng.uniform(0.1, 0.4) if shock else 0.0)
    returns = rng.normal(rng.uniform(4.0, 6.0), 0.5, n)
    away = sheds & (times[:, None] > 0.55) & (times[:, None] < returns)
    level = (left & ~away).sum(axis=1) / SAMPLED_CM2
    fringe = np.concatenate([[170.0], rng.binomial(680, np.exp(-0.01 * times / 12)) / SAMPLED_CM2])
    truth = {"survival": 1.0 - taken, "delayed": 0.0, "planted": 73.5, "per_hair": 0.0075 * np.exp(rng.normal(0, 0.2))}
    return make_patient(
        rng, cell, truth=truth, months=months, level=level, baseline_level=baseline, reference_level=fringe
    )


def _planted(
    rng: np.random.Generator, times: np.ndarray, *, planted: float, survival: float, clock: float, minoxidil: bool
) -> np.ndarray:
    n = round(planted * SAMPLED_CM2)
    alive = rng.random(n) < survival
    extra = max(survival - 1.0, 0.0) * planted
    keeps = rng.random(n) < (rng.beta(7, 3) if minoxidil else rng.beta(2, 12))
    sheds = np.exp(rng.normal(np.log(0.75), 0.35, n))
    dead_falls = np.minimum(sheds, rng.uniform(0.3, 2.0, n))
    returns = np.exp(rng.normal(np.log(clock), 0.42, n))
    t = times[:, None]
    shown = np.where(
        alive[None, :],
        np.where(keeps[None, :], True, (t < sheds) | (t > np.maximum(returns, sheds + 1.0))),
        t < dead_falls,
    )
    return shown.sum(axis=1) / SAMPLED_CM2 + extra * (times > clock)


def _native(rng: np.random.Generator, times: np.ndarray, *, baseline: float, rate: float, shock: bool) -> np.ndarray:
    n = max(round(baseline * SAMPLED_CM2), 1)
    lost_at = rng.exponential(12.0 / max(rate, 1e-6), n)
    hit = rng.random(n) < (rng.beta(2, 5) if shock else 0.0)
    returns = np.where(rng.random(n) < rng.beta(2, 8), np.inf, rng.normal(5, 1, n))
    t = times[:, None]
    away = hit & (t > 0.6) & (t < returns)
    return (~away & (t < lost_at)).sum(axis=1) / SAMPLED_CM2
