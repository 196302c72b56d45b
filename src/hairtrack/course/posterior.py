"""Weighing of possible courses against readings, patients of one kind side by side.

Each draw is a small Gaussian cloud in what enters almost linearly: the logarithms of planted density, baseline, clock
and optical depth. A reading moves the cloud (a Kalman step on the linearised level) and weighs it by a Student t with 4
degrees of freedom, so that precise series are followed as finely as coarse ones with few draws; the t also takes from a
far-off reading the power to move. After Alspach and Sorenson, Nonlinear Bayesian estimation using Gaussian sum
approximations (IEEE Trans. Automatic Control 17, 1972), and Meinhold and Singpurwalla, Robustification of Kalman filter
models (JASA 84, 1989).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hairtrack.course.clock import RegionClock
from hairtrack.course.curves import Curves, Moment
from hairtrack.course.draws import BLOB_SHARE
from hairtrack.course.series import Channel, FloatArray
from hairtrack.course.weighing import LEAST_BASELINE, Baseline, Told
from hairtrack.model import RegionRole

DEGREES_OF_FREEDOM = 4.0
BIAS_WORTH_NAMING = 0.18
"""Whole-photo bias, logarithmic, from which the photo rather than the hair is held to have changed."""

SURVIVAL_BLOB = 0.03
"""Standard deviation within a draw of the share that survives: a third of what a good series of photos leaves open."""

LEAST_SURVIVAL = 0.12
"""Below this the share moves by the same relative amount, so that the step stays nearly linear."""

SILENT_VARIANCE = 1e12
"""Error of a reading that stands only where another patient of the batch has one more."""

RATIOS = frozenset({Channel.RELATIVE, Channel.MATCHED})


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One region of one patient, ready to be weighed: its possible courses and what its photos told, oldest first."""

    clock: RegionClock
    curves: Curves
    baseline: Baseline
    prior_log_weight: FloatArray
    told: tuple[Told, ...]
    moments: tuple[Moment, ...]

    @property
    def plain(self) -> bool:
        """Whether hairs were counted and no untouched region tells a shift: then a shorter step does."""
        return all(
            t.channel in {Channel.COUNT, Channel.TERMINAL} and t.of_series == 1.0 and t.off_std is None
            for t in self.told
        )

    @property
    def kind(self) -> tuple[bool, bool, int]:
        """Tracks of one kind are weighed side by side."""
        return self.clock.role is RegionRole.RECIPIENT, self.plain, len(self.curves.draws)


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """What a track came to after each of its readings; arrays of (reading) or (reading, draw).

    `weight` sums to 1 over draws; `clock_offset` is how far the clock of a draw moved (logarithmic, None where no hair
    was planted); `misfit` the weighted residual of the reading in standard errors once it was taken in; `biased` the
    probability that the photo's bias is worth naming.
    """

    weight: FloatArray
    clock_offset: FloatArray | None
    misfit: FloatArray
    biased: FloatArray


def weigh(tracks: Sequence[Track]) -> list[Weighed]:
    """Return what each track of one kind came to; the result of a track does not depend on those beside it."""
    batch = _Batch(tracks)
    for position in range(batch.length):
        batch.take(position)
    return [
        Weighed(
            weight=batch.weight[row, : len(track.told)],
            clock_offset=None if batch.clock_offset is None else batch.clock_offset[row, : len(track.told)],
            misfit=batch.misfit[row, : len(track.told)],
            biased=batch.biased[row, : len(track.told)],
        )
        for row, track in enumerate(tracks)
    ]


class _Batch:
    """Clouds of several tracks as arrays of (track, draw), and what is kept after each reading."""

    def __init__(self, tracks: Sequence[Track]) -> None:
        self.tracks = tracks
        first = tracks[0]
        self.planted = first.clock.role is RegionRole.RECIPIENT
        self.plain = first.plain
        self.length = max(len(t.told) for t in tracks)
        rows, draws = len(tracks), len(first.curves.draws)
        self.density = np.stack([t.baseline.density for t in tracks])
        self.amount = np.stack([t.baseline.planted for t in tracks]) if self.planted else None
        self.error2 = np.square(np.stack([t.curves.draws.error_scale for t in tracks]))
        self.series = np.stack([t.curves.draws.series_bias for t in tracks])
        self.start = np.stack([t.curves.draws.baseline_bias for t in tracks])
        self.log_weight = np.stack([t.prior_log_weight for t in tracks])
        self.named = (np.abs(self.series) > BIAS_WORTH_NAMING).astype(np.float32)
        self.optical = None if self.plain else np.stack([t.baseline.optical_depth for t in tracks])
        self._start_clouds()
        self.weight = np.zeros((rows, self.length, draws), np.float32)
        self.clock_offset = np.zeros((rows, self.length, draws), np.float32) if self.planted else None
        self.misfit = np.zeros((rows, self.length), np.float32)
        self.biased = np.zeros((rows, self.length), np.float32)

    def _start_clouds(self) -> None:
        """Set the clouds to the prior: density, planted density and clock, optical depth where coverage was seen."""
        names = ["density", *(["planted", "clock"] if self.planted else []), *([] if self.plain else ["optical"])]
        self.names = names
        spread = np.zeros((len(self.tracks), len(names), len(names)), np.float32)
        for row, track in enumerate(self.tracks):
            baseline = track.baseline
            place = "crown" if track.curves.crown else "front"
            clock_std = BLOB_SHARE * (track.curves.knowledge.fact(f"transplant.{place}_median_months").spread or 0.0)
            stds = {
                "density": baseline.density_std,
                "planted": baseline.planted_std,
                "clock": clock_std,
                "optical": baseline.optical_std,
            }
            for i, name in enumerate(names):
                spread[row, i, i] = stds[name] ** 2
            if baseline.by_coverage and not self.plain:
                last = len(names) - 1
                spread[row, 0, 0] += baseline.optical_std**2
                spread[row, 0, last] = spread[row, last, 0] = -(baseline.optical_std**2)
        shape = self.density.shape
        self.offset = [np.zeros(shape, np.float32) for _ in names]
        self.covariance = {
            (i, j): np.broadcast_to(spread[:, i, j, None], shape).copy()
            for i in range(len(names))
            for j in range(i, len(names))
        }
        if self.planted:
            survival = np.stack([np.maximum(t.curves.draws.survival, LEAST_SURVIVAL) for t in self.tracks])
            self.covariance[1, 1] += np.square(np.float32(SURVIVAL_BLOB) / survival)

    def take(self, position: int) -> None:
        """Move and weigh every cloud by its reading at a position, and keep what is known after it."""
        told = [t.told[min(position, len(t.told) - 1)] for t in self.tracks]
        moments = [t.moments[min(position, len(t.told) - 1)] for t in self.tracks]
        silent = [position >= len(t.told) for t in self.tracks]
        column = _column
        bias, named = self._bias(told, moments, silent)
        level, slopes, doubt = self._level(told, moments)
        innovation = column([t.level for t in told]) - level
        innovation -= bias
        for slope, offset in zip(slopes, self.offset, strict=True):
            innovation -= slope * offset
        moved = [self._times(i, slopes) for i in range(len(slopes))]
        shared = slopes[0] * moved[0]
        for slope, move in zip(slopes[1:], moved[1:], strict=True):
            shared += slope * move
        error = self.error2 * column([SILENT_VARIANCE if s else t.std**2 for t, s in zip(told, silent, strict=True)])
        if doubt is not None:
            error += doubt
        total = shared + error
        distance = innovation * innovation
        distance /= total
        distance *= np.float32(1.0 / DEGREES_OF_FREEDOM)
        distance += np.float32(1.0)
        power = column([0.0 if s else t.power for t, s in zip(told, silent, strict=True)])
        log_likelihood = np.log(distance)
        log_likelihood *= np.float32(DEGREES_OF_FREEDOM + 1.0)
        log_likelihood += np.log(total)
        log_likelihood *= np.float32(-0.5) * power
        self.log_weight += log_likelihood
        believed = column([1.0 if s else t.power for t, s in zip(told, silent, strict=True)])
        gain = error * distance
        gain *= np.float32(DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM + 1.0)) / believed
        gain += shared
        np.reciprocal(gain, out=gain)
        step = gain * innovation
        residual = np.asarray((innovation - shared * step) / np.sqrt(error), np.float32)
        for i, move in enumerate(moved):
            self.offset[i] += move * step
            scaled = move * gain
            for j in range(i, len(moved)):
                self.covariance[i, j] -= scaled * moved[j]
        self._keep(position, residual, named)

    def _times(self, row: int, slopes: Sequence[FloatArray]) -> FloatArray:
        total = self.covariance[0, row] * slopes[0]
        for j in range(1, len(slopes)):
            total += self.covariance[min(row, j), max(row, j)] * slopes[j]
        return total

    def _bias(
        self, told: Sequence[Told], moments: Sequence[Moment], silent: Sequence[bool]
    ) -> tuple[FloatArray, FloatArray]:
        """Return the bias of the photo by draw, and whether it is worth naming."""
        if self.plain:
            return self.series, self.named
        log_left = np.stack([m.log_left for m in moments])
        for row, (reading, skip) in enumerate(zip(told, silent, strict=True)):
            if reading.off_std is None or skip:
                continue
            start = self.start if reading.from_baseline else self.series
            off = (reading.raw_shift + start[row] - log_left[row] - self.series[row]) / np.float32(reading.off_std)
            power = -0.5 * (DEGREES_OF_FREEDOM + 1.0) * reading.power
            self.log_weight[row] += np.float32(power) * np.log1p(off * off / np.float32(DEGREES_OF_FREEDOM))
        bias = self.series * _column([t.of_series for t in told])
        bias += self.start * _column([t.of_baseline for t in told])
        bias -= log_left * _column([t.of_shedding for t in told])
        bias += _column([t.shift for t in told])
        return bias, (np.abs(bias) > BIAS_WORTH_NAMING).astype(np.float32)

    def _level(
        self, told: Sequence[Told], moments: Sequence[Moment]
    ) -> tuple[FloatArray, list[FloatArray], FloatArray | None]:
        """Return the level that each cloud expects, how it changes with each of its logarithms, and its doubt."""
        soft = _column([t.softening for t in told])
        native = np.stack([m.native for m in moments])
        native *= self.density
        seen, slopes = native, [native]
        if self.amount is not None:
            grown, slope = np.stack([m.grown for m in moments]), np.stack([m.slope for m in moments])
            grown *= self.amount
            slope *= self.amount
            seen, slopes = native + grown, [native, grown, slope]
        if not self.plain:
            seen, slopes = self._through_link(told, seen, slopes)
        root = seen * seen
        root += soft * soft
        np.sqrt(root, out=root)
        level = np.log(seen + root)
        level -= np.log(soft)
        np.reciprocal(root, out=root)
        doubt = None
        if self.amount is not None:
            doubt = np.stack([m.doubt for m in moments])
            doubt *= np.square(self.amount * root if self.plain else self.amount * root * self.factor)
        return level, [slope * root for slope in slopes], doubt

    def _through_link(
        self, told: Sequence[Told], seen: FloatArray, slopes: list[FloatArray]
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Turn hairs/cm² into what each reading sees: optical depth, or the ratio to the baseline."""
        assert self.optical is not None  # noqa: S101 set whenever a track is not plain
        coverage = _column([float(t.channel is Channel.COVERAGE) for t in told])
        ratio = _column([float(t.channel in RATIOS) for t in told])
        factor = (1.0 - coverage - ratio) + coverage * self.optical
        factor += ratio / np.maximum(self.density, np.float32(LEAST_BASELINE))
        self.factor = factor
        seen = seen * factor
        slopes = [slope * factor for slope in slopes]
        slopes[0] -= ratio * seen
        return seen, [*slopes, coverage * seen]

    def _keep(self, position: int, residual: FloatArray, named: FloatArray) -> None:
        weight = np.exp(self.log_weight - self.log_weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        self.weight[:, position] = weight
        self.misfit[:, position] = np.einsum("td,td->t", weight, residual)
        self.biased[:, position] = np.einsum("td,td->t", weight, named)
        if self.clock_offset is not None:
            self.clock_offset[:, position] = self.offset[self.names.index("clock")]


def _column(values: Sequence[float]) -> FloatArray:
    return np.asarray(values, np.float32)[:, None]
