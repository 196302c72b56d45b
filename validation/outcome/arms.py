# ruff: noqa: PLR2004 a simulator and its scores are made of published figures
"""Cohorts resampled from published arms: month-by-month shares of clinic timelines, survivals and losses of studies.

A patient takes a timeline (monotone between its published points, stretched by a patient's own pace), a survival of
one study arm and a loss rate of one trial. Nothing is fitted.
"""

import numpy as np
from histories import Cell, Patient, draw_survival, draw_taken, make_patient, observed_months

TIMELINES = (
    ((3, 0.30), (4, 0.40), (5, 0.50), (6, 0.65), (9, 0.95), (12, 1.0)),  # S7
    ((3, 0.0), (6, 0.35), (9, 0.55), (12, 0.70), (18, 1.0)),  # S6
    ((3, 0.10), (4, 0.20), (6, 0.50), (8.5, 0.80), (12, 1.0)),  # S8
    ((3, 0.05), (6, 0.55), (9, 0.80), (12, 0.95), (15, 1.0)),  # S9
    ((3, 0.10), (6, 0.65), (12, 0.95), (15, 1.0)),  # S10
    ((3, 0.10), (8, 0.80), (12, 0.92), (15, 1.0)),  # S11
)
SURVIVALS = (0.95, 0.93, 0.70, 0.67, 0.88, 0.92, 1.0, 0.93, 0.956, 0.986, 0.86, 0.84, 0.73, 0.89, 1.03, 0.90)
LOSS_RATES_PER_YEAR = (0.061, 0.063, 0.038)
DONOR_DENSITIES = ((94.9, 25.4), (114.8, 23.1), (127.8, 22.6))  # S42: donors rated poor, fair and good


def patient(rng: np.random.Generator, cell: Cell) -> Patient:
    """Return one resampled patient of a cell."""
    if cell.place == "donor":
        return _donor(rng, cell)
    months = observed_months(rng, cell.plan)
    times = np.array(months)
    survival = draw_survival(rng, cell, usual=float(rng.choice(SURVIVALS)))
    timeline = TIMELINES[rng.integers(len(TIMELINES))]
    delayed = rng.random() < 0.15 or cell.trap == "delayed"
    pace = np.exp(rng.normal(0, 0.10)) * (rng.uniform(1.2, 1.5) if delayed else 1.0)
    if cell.place == "crown" or cell.trap == "crown_clock":
        pace *= 1.25
    if cell.trap == "very_late":
        pace *= rng.uniform(1.7, 2.0)
    knots = np.array([(1.5, 0.0), *timeline]) * [pace, 1.0]
    grown = np.interp(times, knots[:, 0], knots[:, 1], left=0.0, right=1.0)
    planted = float(rng.uniform(25, 50) * rng.uniform(2.0, 2.2))
    kept = rng.uniform(0.6, 0.8) if cell.minoxidil else rng.uniform(0.1, 0.2)
    shed = np.clip((times - 0.4) / 0.8, 0, 1)
    old = (1 - shed) * 1.0 + shed * kept * survival
    level = planted * np.maximum(
        np.where(times < 1.5, old, kept * survival * (1 - grown)), survival * (kept * (1 - grown) + grown)
    )
    baseline = float(rng.uniform(8, 65))
    rate = float(np.clip(rng.choice(LOSS_RATES_PER_YEAR) + rng.normal(0, 0.02), 0, None))
    if cell.trap == "fast_native_loss":
        baseline, rate = float(rng.uniform(40, 80)), float(rng.uniform(0.15, 0.30))
    elif cell.trap == "native_loss":
        baseline = float(rng.uniform(40, 80))
    if cell.trap == "season":
        native_wave = 1 + 0.05 * np.cos(2 * np.pi * (times - rng.uniform(0, 12)) / 12)
    else:
        native_wave = np.ones(len(times))
    native = baseline * np.exp(-rate * times / 12)
    if cell.trap == "shock_loss":
        native = native * (1 - rng.uniform(0.2, 0.5) * ((times > 0.5) & (times < rng.uniform(3, 6))))
    if cell.minoxidil:
        native = native + max(rng.normal(18.6, 12), 0) * baseline / 150 * (1 - np.exp(-times / 3))
    level = level + native
    level = level * native_wave
    fringe = np.concatenate([[165.0], 165.0 * np.exp(-0.01 * times / 12) * native_wave])
    if cell.trap in {"effluvium", "effluvium_at_decision"}:
        begins = rng.uniform(10, 14) if cell.trap == "effluvium_at_decision" else rng.uniform(1, 15)
        depth = rng.uniform(0.15, 0.35)
        dip = depth * np.clip(np.minimum((times - begins) / 1.0, (begins + 5 - times) / 3.0), 0, 1)
        level, fringe = level * (1 - dip), fringe * np.concatenate([[1.0], 1 - dip])
    truth = {
        "survival": survival,
        "delayed": float(delayed),
        "planted": planted,
        "per_hair": float(rng.uniform(0.005, 0.010)),
    }
    return make_patient(
        rng, cell, truth=truth, months=months, level=level, baseline_level=baseline, reference_level=fringe
    )


def _donor(rng: np.random.Generator, cell: Cell) -> Patient:
    """Return a donor of one rated group; of one in three, a patch sheds from week 3 and is back by month 4 to 6."""
    months = observed_months(rng, cell.plan)
    times = np.array(months)
    baseline = float(np.clip(rng.normal(*DONOR_DENSITIES[rng.integers(3)]), 70, 200))
    taken = draw_taken(rng, cell)
    depth = rng.uniform(0.1, 0.4) if cell.trap == "donor_effluvium" or rng.random() < 0.3 else 0.0
    back = rng.uniform(4.0, 6.0)
    dip = depth * np.clip((times - 0.5) / 0.4, 0, 1) * np.clip((back - times) / 1.5, 0, 1)
    fringe = np.concatenate([[165.0], 165.0 * np.exp(-0.01 * times / 12)])
    truth = {"survival": 1.0 - taken, "delayed": 0.0, "planted": 73.5, "per_hair": float(rng.uniform(0.005, 0.010))}
    return make_patient(
        rng, cell, truth=truth, months=months, level=baseline * (1 - taken) * (1 - dip),
        baseline_level=baseline, reference_level=fringe,
    )  # fmt: skip
