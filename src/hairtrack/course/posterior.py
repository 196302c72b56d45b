"""Weighing of possible courses against readings, patients of one kind side by side.

Each draw is a small Gaussian cloud in what enters almost linearly: the logarithms of planted density, baseline, clock
and optical depth, and the bias of a series of photos. So precise series are followed as finely as coarse ones with few
draws. A reading weighs a draw by a Student t.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hairtrack.course.clock import RegionClock
from hairtrack.course.clouds import SILENT_VARIANCE, Clouds
from hairtrack.course.curves import Curves, Moment
from hairtrack.course.draws import BLOB_SHARE
from hairtrack.course.reference import ReferenceShift
from hairtrack.course.series import Channel, FloatArray, rows_of
from hairtrack.course.weighing import LEAST_BASELINE, STUDENT_SCALE, Baseline, Told, photo_std
from hairtrack.model import RegionRole

BIAS_WORTH_NAMING = 0.18
"""Whole-photo bias, logarithmic, from which the photo rather than the hair is held to have changed."""

SURVIVAL_BLOB = 0.03
"""Standard deviation within a draw of the share that survives: a third of what a good series of photos leaves open."""

LEAST_SURVIVAL = 0.12
"""Below this the share moves by the same relative amount, so that the step stays nearly linear."""

STUDENT_PEAK = 0.94
"""Height of a Student t with 4 degrees of freedom over that of a normal of the same scale."""

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
    def counted(self) -> bool:
        """Whether every reading is a count of hairs, which needs no link."""
        return all(t.channel in {Channel.COUNT, Channel.TERMINAL} for t in self.told)

    @property
    def kind(self) -> tuple[bool, bool, tuple[Channel, ...], int]:
        """Tracks of one kind are weighed side by side."""
        checked = sorted({t.channel for t in self.told if t.reference is not None})
        return self.clock.role is RegionRole.RECIPIENT, self.counted, tuple(checked), len(self.curves.draws)


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """What a track came to after each of its readings; arrays of (reading) or (reading, draw).

    `weight` sums to 1 over draws; `clock_offset` is how far the clock of a draw moved (logarithmic, None where no hair
    was planted); `misfit` the weighted residual of the reading in standard errors once it was taken in; `biased` the
    probability that the photo's bias is worth naming, as untouched regions on it show.
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
        self.planted, self.counted, self.checked, draws = tracks[0].kind
        self.length = max(len(t.told) for t in tracks)
        rows = len(tracks)
        self.density = rows_of([t.baseline.density for t in tracks])
        self.amount = rows_of([t.baseline.planted for t in tracks]) if self.planted else None
        self.error2 = np.square(rows_of([t.curves.draws.error_scale for t in tracks]))
        self.log_weight = rows_of([t.prior_log_weight for t in tracks])
        self.optical = None if self.counted else rows_of([t.baseline.optical_depth for t in tracks])
        self.first_drift = [t.moments[0].drift for t in tracks]
        self.clouds = self._clouds()
        self.weight = np.zeros((rows, self.length, draws), np.float32)
        self.clock_offset = np.zeros((rows, self.length, draws), np.float32) if self.planted else None
        self.misfit = np.zeros((rows, self.length), np.float32)
        self.biased = np.zeros((rows, self.length), np.float32)

    def _clouds(self) -> Clouds:
        """Return the clouds before any photo: what each draw leaves open."""
        names = ["density", *(["planted", "clock"] if self.planted else []), "series"]
        names += [] if self.counted else ["optical"]
        names += ["start", *(_start_of(channel) for channel in self.checked)] if self.checked else []
        clouds = Clouds(names, self.density.shape)
        baselines = [t.baseline for t in self.tracks]
        clouds.widen("density", "density", _column([b.density_std**2 for b in baselines]))
        largest = _column([self._largest_unnoticed(t) for t in self.tracks])
        series = np.minimum(rows_of([t.curves.draws.series_std for t in self.tracks]), largest)
        clouds.widen("series", "series", np.square(series))
        start = np.square(np.minimum(rows_of([t.curves.draws.start_std for t in self.tracks]), largest))
        clouds.widen(*(("start", "start") if self.checked else ("density", "density")), start)
        if self.planted:
            survival = rows_of([np.maximum(t.curves.draws.survival, LEAST_SURVIVAL) for t in self.tracks])
            clouds.widen("planted", "planted", _column([b.planted_std**2 for b in baselines]))
            clouds.widen("planted", "planted", np.square(np.float32(SURVIVAL_BLOB) / survival))
            clouds.widen("clock", "clock", _column([(BLOB_SHARE * t.curves.median_spread) ** 2 for t in self.tracks]))
        if not self.counted:
            both = _column([b.optical_std**2 for b in baselines])
            opposed = _column([b.optical_std**2 if b.by_coverage else 0.0 for b in baselines])
            clouds.widen("optical", "optical", both)
            clouds.widen("density", "density", opposed)
            clouds.widen("density", "optical", -opposed)
        for channel in self.checked:
            stds = [_start_std(track, channel) for track in self.tracks]
            clouds.widen(_start_of(channel), _start_of(channel), _column([(STUDENT_SCALE * std) ** 2 for std in stds]))
        return clouds

    def _largest_unnoticed(self, track: Track) -> float:
        """Return how large an odd bias of a series is held possible: more where untouched regions can tell."""
        spread = "odd_series_spread" if self.checked else "unnoticed_series_spread"
        return track.curves.knowledge.value(f"measurands.{spread}")

    def take(self, position: int) -> None:
        """Move and weigh every cloud by its reading at a position, and keep what is known after it."""
        told = [t.told[min(position, len(t.told) - 1)] for t in self.tracks]
        moments = [t.moments[min(position, len(t.told) - 1)] for t in self.tracks]
        silent = [position >= len(t.told) for t in self.tracks]
        drift = rows_of([m.drift for m in moments])
        alone = self._check_by_reference(told, moments, silent, drift) if self.checked else None
        level, slopes, doubt = self._level(told, moments)
        slopes["series"] = drift if self.counted else drift * _column([t.biased for t in told])
        innovation = _column([t.level for t in told]) - level
        error = self.error2 * _column([SILENT_VARIANCE if s else t.std**2 for t, s in zip(told, silent, strict=True)])
        if doubt is not None:
            error += doubt
        named = None
        if alone is not None:
            innovation, error, named = self._with_photo_off(alone, innovation, slopes, error)
        power = _column([0.0 if s else t.power for t, s in zip(told, silent, strict=True)])
        met = self.clouds.meet(innovation, slopes, error=error, power=power)
        self.log_weight += met.log_likelihood
        self._keep(position, met.residual, named)

    def _check_by_reference(
        self, told: Sequence[Told], moments: Sequence[Moment], silent: Sequence[bool], drift: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Weigh the bias of a series by what untouched regions show, and ask whether the photo alone is off.

        Returned by draw: the probability of that as untouched regions have it, then its mean and variance if so.
        """
        share, mean, variance = (np.zeros_like(drift) for _ in range(3))
        for channel in self.checked:
            shifts = [
                t.reference if t.channel is channel and not s else None for t, s in zip(told, silent, strict=True)
            ]
            if not any(shifts):
                continue
            here = _column([float(s is not None) for s in shifts])
            from_start = _column([float(s is not None and s.from_baseline) for s in shifts])
            innovation = _column([0.0 if s is None else s.shift for s in shifts]) - rows_of(
                [m.log_left for m in moments]
            )
            slopes = {
                "series": drift - (1.0 - from_start) * rows_of(self.first_drift),
                "start": np.broadcast_to(-from_start, drift.shape),
                _start_of(channel): np.broadcast_to(here, drift.shape),
            }
            usual = _column([self._shift_variance(s, row, channel) for row, s in enumerate(shifts)])
            first = _column([float(t.first) for t in told]) * here
            met = self.clouds.meet(
                innovation * here,
                slopes,
                error=np.where(first > 0, usual, SILENT_VARIANCE).astype(np.float32) * np.ones_like(drift),
                power=_column([t.power for t in told]) * first,
            )
            self.log_weight += met.log_likelihood
            odd, odd_variance = self._odd(met.innovation, np.where(first > 0, met.total, usual))
            shrink = odd_variance / (odd_variance + usual)
            share += here * odd
            mean += here * shrink * met.innovation
            variance += here * shrink * usual
        return share, mean, variance

    def _with_photo_off(
        self,
        alone: tuple[FloatArray, FloatArray, FloatArray],
        innovation: FloatArray,
        slopes: Mapping[str, FloatArray],
        error: FloatArray,
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return distance and error of the readings with what a photo that is off alone adds, and whether to name it.

        Where the photo is off, the region fell with the untouched ones; where it did not, only their reading is.
        """
        share, mean, variance = alone
        off, shared = self.clouds.ahead(innovation, slopes)
        without, within = error + shared, error + shared + variance
        log_ratio = 0.5 * (off * off / without - (off - mean) ** 2 / within + np.log(without / within))
        odds = share / np.maximum(1.0 - share, 1e-6) * np.exp(np.clip(log_ratio, -20.0, 20.0))
        odd = np.where(share > 0, odds / (1.0 + odds), 0.0).astype(np.float32)
        bias = self.clouds.offset["series"] * slopes["series"]
        checked = share > 0
        named = np.where(np.abs(bias) > BIAS_WORTH_NAMING, 1.0, odd * (np.abs(mean) > BIAS_WORTH_NAMING)) * checked
        spread = odd * variance + odd * (1.0 - odd) * mean * mean
        return innovation - odd * mean, np.asarray(error + spread, np.float32), np.asarray(named, np.float32)

    def _shift_variance(self, shift: ReferenceShift | None, row: int, channel: Channel) -> float:
        usual = photo_std(channel, self.tracks[row].curves.knowledge)
        return usual**2 + (0.0 if shift is None else (STUDENT_SCALE * shift.std) ** 2)

    def _odd(self, off: FloatArray, total: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the probability that a photo by itself is off, and the variance of such an offset."""
        values = [t.curves.knowledge.value for t in self.tracks]
        variance = _column([value("measurands.odd_series_spread") ** 2 for value in values])
        share = _column([value("measurands.odd_photo_share") for value in values])
        # An ordinary reading of an untouched region has the tails of a Student t, so that one alone proves little.
        ordinary = STUDENT_PEAK * (1.0 + off * off / (4.0 * total)) ** -2.5 / np.sqrt(total)
        wide = np.exp(-0.5 * off * off / (total + variance)) / np.sqrt(total + variance)
        odd = share * wide / (share * wide + (1.0 - share) * ordinary)
        return np.asarray(odd, np.float32), variance

    def _level(
        self, told: Sequence[Told], moments: Sequence[Moment]
    ) -> tuple[FloatArray, dict[str, FloatArray], FloatArray | None]:
        """Return the level that each cloud expects, how it changes with each of its logarithms, and its doubt."""
        soft = _column([t.softening for t in told])
        native = rows_of([m.native for m in moments])
        native *= self.density
        seen, slopes = native, {"density": native}
        if self.amount is not None:
            grown, slope = rows_of([m.grown for m in moments]), rows_of([m.slope for m in moments])
            grown *= self.amount
            slope *= self.amount
            seen, slopes = native + grown, {"density": native, "planted": grown, "clock": slope}
        factor = None if self.counted else self._link(told)
        if factor is not None:
            seen = seen * factor
            slopes = {name: slope * factor for name, slope in slopes.items()}
            slopes["density"] -= _column([float(t.channel in RATIOS) for t in told]) * seen
            slopes["optical"] = _column([float(t.channel is Channel.COVERAGE) for t in told]) * seen
        root = seen * seen
        root += soft * soft
        np.sqrt(root, out=root)
        level = np.log(seen + root)
        level -= np.log(soft)
        np.reciprocal(root, out=root)
        slopes = {name: slope * root for name, slope in slopes.items()}
        if self.checked:
            slopes["start"] = -slopes["density"]
        doubt = None
        if self.amount is not None:
            doubt = rows_of([m.doubt for m in moments])
            doubt *= np.square(self.amount * root if factor is None else self.amount * root * factor)
        return level, slopes, doubt

    def _link(self, told: Sequence[Told]) -> FloatArray:
        """Return by what hairs/cm² turn into what each reading sees: optical depth, or the ratio to the baseline."""
        assert self.optical is not None  # noqa: S101 set whenever not all readings are counts
        coverage = _column([float(t.channel is Channel.COVERAGE) for t in told])
        ratio = _column([float(t.channel in RATIOS) for t in told])
        factor = (1.0 - coverage - ratio) + coverage * self.optical
        return np.asarray(factor + ratio / np.maximum(self.density, np.float32(LEAST_BASELINE)), np.float32)

    def _keep(self, position: int, residual: FloatArray, named: FloatArray | None) -> None:
        weight = np.exp(self.log_weight - self.log_weight.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        self.weight[:, position] = weight
        self.misfit[:, position] = np.einsum("td,td->t", weight, residual)
        if named is not None:
            self.biased[:, position] = np.einsum("td,td->t", weight, named)
        if self.clock_offset is not None:
            self.clock_offset[:, position] = self.clouds.offset["clock"]


def _start_of(channel: Channel) -> str:
    return f"reference start, {channel.value}"


def _start_std(track: Track, channel: Channel) -> float:
    return next((t.reference.start_std for t in track.told if t.reference is not None and t.channel is channel), 0.0)


def _column(values: Sequence[float]) -> FloatArray:
    return np.asarray(values, np.float32)[:, None]
