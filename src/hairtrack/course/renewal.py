"""Drawing possible courses anew around those that carry the weight: resampling with a small kernel.

After Liu and West, Combined parameter and state estimation in simulation-based filtering (2001), without shrinkage:
the kernel widens each group by a few percent, which errs on the side of doubt.
"""

from dataclasses import fields

import numpy as np

from hairtrack.course.draws import Draws
from hairtrack.course.series import FloatArray

KERNEL = 0.20
"""Width of the kernel in standard deviations of its group."""

EVENNESS = 0.6
"""Power of the weights by which courses are drawn; the rest stays as weight, so that rare courses live on."""

POOR = 0.60
"""Courses above and below this survival are widened apart, since they are two hills and not one."""

MOVED = (
    "survival", "median_factor", "median_noise", "steepness", "shed_noise", "native_rate", "medicated_rate",
    "late_decline", "extracted", "effluvium", "baseline_noise", "planted_noise", "optical_noise", "lag",
    "baseline_bias", "series_bias", "error_scale",
)  # fmt: skip
BOUNDS = {
    "survival": (0.02, 1.3),
    "median_factor": (0.5, 3.0),
    "steepness": (2.0, 8.0),
    "native_rate": (0.0, 0.6),
    "late_decline": (0.0, 0.3),
    "extracted": (0.0, 0.9),
    "effluvium": (0.0, 0.6),
    "lag": (0.0, 3.0),
    "error_scale": (0.4, 3.0),
}


def renewed(draws: Draws, log_weight: FloatArray, generator: np.random.Generator) -> tuple[Draws, FloatArray]:
    """Return as many draws, resampled by their weights and moved a little, with the log weights that remain."""
    n = len(draws)
    tempered = np.exp(EVENNESS * (log_weight - log_weight.max()).astype(np.float64))
    places = (np.arange(n) + generator.random()) / n
    cumulative = np.cumsum(tempered)
    chosen = np.minimum(np.searchsorted(cumulative / cumulative[-1], places), n - 1)
    arrays = {field.name: np.take(getattr(draws, field.name), chosen, axis=-1) for field in fields(draws)}
    remaining = ((1.0 - EVENNESS) * log_weight[chosen]).astype(np.float32)
    for group in (arrays["survival"] < POOR, arrays["survival"] >= POOR):
        if np.count_nonzero(group) > 3 * len(MOVED):
            _move(arrays, group, remaining, generator)
    for name, (low, high) in BOUNDS.items():
        arrays[name] = _reflected(arrays[name], low, high)
    arrays["log_weight"] = np.zeros(n, np.float32)
    return Draws(**arrays), remaining - remaining.max()


def _move(
    arrays: dict[str, FloatArray], group: np.ndarray, remaining: FloatArray, generator: np.random.Generator
) -> None:
    values = np.stack([arrays[name][group] for name in MOVED]).astype(np.float64)
    weights = np.exp((remaining[group] - remaining[group].max()).astype(np.float64))
    covariance = np.cov(values, aweights=weights)
    covariance[np.diag_indices_from(covariance)] += 1e-10
    root = np.linalg.cholesky(covariance)
    moved = values + KERNEL * np.einsum("ij,jk->ik", root, generator.standard_normal(values.shape))
    extracted_or_not = {"extracted", "effluvium", "native_rate", "late_decline"}
    for name, row in zip(MOVED, moved, strict=True):
        kept = arrays[name][group] == 0.0 if name in extracted_or_not else False
        arrays[name][group] = np.where(kept, 0.0, row).astype(np.float32)


def _reflected(values: FloatArray, low: float, high: float) -> FloatArray:
    """Return values reflected at the bounds, so that none piles up there."""
    values = np.where(values < low, 2 * low - values, values)
    values = np.where(values > high, 2 * high - values, values)
    return np.clip(values, low, high).astype(np.float32)
