"""Small Gaussian clouds, one a draw, that observations move and weigh: Kalman steps that far-off readings hardly move.

After Alspach and Sorenson, Nonlinear Bayesian estimation using Gaussian sum approximations (IEEE Trans. Automatic
Control 17, 1972), and Meinhold and Singpurwalla, Robustification of Kalman filter models (JASA 84, 1989).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hairtrack.course.series import FloatArray

DEGREES_OF_FREEDOM = 4.0
SILENT_VARIANCE = 1e12
"""Error of a reading that is not there: it neither moves nor weighs."""


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """How an observation met the clouds: (track, draw) arrays.

    `innovation` and `total` are its distance from what was expected and the variance of that distance; `residual` is
    what is left of the distance once the cloud has moved, in standard errors.
    """

    log_likelihood: FloatArray
    innovation: FloatArray
    total: FloatArray
    residual: FloatArray


class Clouds:
    """Means and covariances of a few named offsets, arrays of (track, draw), all starting at 0."""

    def __init__(self, names: Sequence[str], shape: tuple[int, ...]) -> None:
        self.names = tuple(names)
        self.offset = {name: np.zeros(shape, np.float32) for name in names}
        self._covariance = {
            (one, other): np.zeros(shape, np.float32) for i, one in enumerate(self.names) for other in self.names[i:]
        }

    def widen(self, one: str, other: str, covariance: FloatArray | np.ndarray) -> None:
        """Add to the covariance of two offsets, or to the variance of one."""
        key = (one, other) if (one, other) in self._covariance else (other, one)
        self._covariance[key] += covariance.astype(np.float32)

    def meet(
        self, innovation: FloatArray, slopes: Mapping[str, FloatArray], *, error: FloatArray, power: FloatArray
    ) -> Met:
        """Move the clouds by an observation and return how it met them.

        Parameters
        ----------
        innovation
            What was observed less what is expected where every offset is 0; changed in place.
        slopes
            How the expectation changes with each offset; those not named do not bear on it.
        error
            Variance of the observation; `SILENT_VARIANCE` where there is none.
        power
            How much of it is news, (track, 1), from 0 to 1.
        """
        for name, slope in slopes.items():
            innovation -= slope * self.offset[name]
        moved = [self._times(name, slopes) for name in self.names]
        shared = sum(
            (slopes[name] * move for name, move in zip(self.names, moved, strict=True) if name in slopes),
            start=np.zeros((), np.float32),
        )
        total = shared + error
        distance = innovation * innovation
        distance /= total
        distance *= np.float32(1.0 / DEGREES_OF_FREEDOM)
        distance += np.float32(1.0)
        log_likelihood = np.log(distance)
        log_likelihood *= np.float32(DEGREES_OF_FREEDOM + 1.0)
        log_likelihood += np.log(total)
        log_likelihood *= np.float32(-0.5) * power
        distance *= error
        distance *= np.float32(DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM + 1.0)) / np.where(power > 0, power, 1.0)
        distance += shared
        gain = np.reciprocal(distance, out=distance)
        step = gain * innovation
        residual = np.asarray((innovation - shared * step) / np.sqrt(error), np.float32)
        for i, (name, move) in enumerate(zip(self.names, moved, strict=True)):
            self.offset[name] += move * step
            scaled = move * gain
            for j in range(i, len(moved)):
                self._covariance[name, self.names[j]] -= scaled * moved[j]
        return Met(log_likelihood=log_likelihood, innovation=innovation, total=total, residual=residual)

    def ahead(self, innovation: FloatArray, slopes: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
        """Return how far off an observation would be, and the variance of that which the clouds have; nothing moves."""
        off, shared = innovation.copy(), np.zeros_like(innovation)
        for name, slope in slopes.items():
            off -= slope * self.offset[name]
            shared += slope * self._times(name, slopes)
        return off, shared

    def _times(self, name: str, slopes: Mapping[str, FloatArray]) -> FloatArray:
        total: FloatArray | None = None
        for other, slope in slopes.items():
            key = (name, other) if (name, other) in self._covariance else (other, name)
            if total is None:
                total = self._covariance[key] * slope
            else:
                total += self._covariance[key] * slope
        assert total is not None  # noqa: S101 every observation bears on something
        return total
