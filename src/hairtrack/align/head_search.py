"""The pose at which two heads look most alike, searched round the pose that their outlines suggest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from hairtrack.align.head_pattern import Channels, HeadPattern, Layer
from hairtrack.align.head_settings import SearchSettings
from hairtrack.imaging.types import PointsXY


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPose:
    """Where one head lies in the window of the other.

    Parameters
    ----------
    likeness
        Correlation of the two patterns, -1 to 1, less the strain.
    strain
        What a pose so far off that of the outlines must make up for.
    roll_rad, size_ratio
        Of the moving head against the reference, beyond what bringing both to one radius has undone.
    shift_radii
        Reference window to moving window, of the middle, before roll and size.
    slide_radii
        How far the near side of the head has gone right and down in the moving window, while its rim stayed: the sines
        of a turn and of a tilt.
    """

    likeness: float
    strain: float
    roll_rad: float
    size_ratio: float
    shift_radii: tuple[float, float]
    slide_radii: tuple[float, float] = (0.0, 0.0)

    def moving_from_reference(self, points_xy: PointsXY, moving: HeadPattern) -> PointsXY:
        """Return points of the reference's window in the window of the moving head, an egg that turned."""
        turn = self.size_ratio * np.exp(1j * self.roll_rad)
        shift = np.array(self.shift_radii) * moving.radius_px
        turned = ((points_xy - moving.middle_px + shift) @ np.array([1, 1j])) * turn
        flat = np.stack([turned.real, turned.imag], axis=-1)
        slid = flat + moving.height_radii(flat)[..., None] * np.array(self.slide_radii) * moving.radius_px
        return np.asarray(slid + moving.middle_px, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spectra:
    """Fourier transforms of a pattern: channels, their summed square, and the core."""

    channels: NDArray[np.complex64]
    power: NDArray[np.complex64]
    core: NDArray[np.complex64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A moving head as it looks in one pose, ready to be held against any number of references."""

    unshifted: HeadPose
    spectra: _Spectra


def upright_poses(
    moving: HeadPattern, settings: SearchSettings, *, slide_radii: tuple[float, float] = (0.0, 0.0)
) -> tuple[Posed, ...]:
    """Return the head in all rolls and sizes, the photos held the same way up."""
    rolls = np.deg2rad(settings.rolls_deg)
    poses = (_pose(float(roll), size, slide_radii) for roll in rolls for size in settings.size_ratios)
    return _posed(moving, settings, poses)


def slid_poses(
    moving: HeadPattern, settings: SearchSettings, slides_radii: tuple[tuple[float, float], ...], *, held: HeadPose
) -> tuple[Posed, ...]:
    """Return the head turned so that its near side slides by each of these, at the roll and size of one pose."""
    return _posed(moving, settings, (_pose(held.roll_rad, held.size_ratio, slide) for slide in slides_radii))


def turned_poses(moving: HeadPattern, settings: SearchSettings) -> tuple[Posed, ...]:
    """Return the head turned by quarters, each with all rolls."""
    turns = settings.quarter_turns_deg
    poses = (_pose(float(np.deg2rad(turn + roll)), 1.0, (0.0, 0.0)) for turn in turns for roll in settings.rolls_deg)
    return _posed(moving, settings, poses)


def likest_pose(reference: HeadPattern, candidates: tuple[Posed, ...], settings: SearchSettings) -> HeadPose:
    """Return the pose, shift included, in which the moving head is likest to the reference."""
    return max(likest_shifts(reference, candidates, settings), key=lambda pose: pose.likeness)


def likest_shifts(
    reference: HeadPattern, candidates: tuple[Posed, ...], settings: SearchSettings
) -> tuple[HeadPose, ...]:
    """Return every candidate at the shift at which it is likest to the reference."""
    length, reach = _length(reference, settings), _reach_px(reference, settings)
    still = _spectra(reference.channels, reference.core, length)
    least = settings.least_overlap * float(reference.core.sum())
    axis = np.arange(-reach, reach + 1) / reference.radius_px
    poses = []
    for candidate in candidates:
        strain = _strain(candidate.unshifted, axis, settings)
        scores = _correlations(still, candidate.spectra, length, reach, least) - strain
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        poses.append(
            replace(
                candidate.unshifted,
                likeness=float(scores[row, column]),
                strain=float(strain[row, column]),
                shift_radii=(float(axis[column]), float(axis[row])),
            )
        )
    return tuple(poses)


def _pose(roll_rad: float, size_ratio: float, slide_radii: tuple[float, float]) -> HeadPose:
    """Return a pose before its shift is sought."""
    return HeadPose(
        likeness=-1.0,
        strain=0.0,
        roll_rad=roll_rad,
        size_ratio=size_ratio,
        shift_radii=(0.0, 0.0),
        slide_radii=slide_radii,
    )


def _posed(moving: HeadPattern, settings: SearchSettings, poses: Iterable[HeadPose]) -> tuple[Posed, ...]:
    places, length = window_places(moving), _length(moving, settings)
    return tuple(
        Posed(
            unshifted=pose,
            spectra=_spectra(*moving.seen_through(pose.moving_from_reference(places, moving), pose.roll_rad), length),
        )
        for pose in poses
    )


def _strain(pose: HeadPose, axis_radii: NDArray[np.float64], settings: SearchSettings) -> NDArray[np.float64]:
    """Return the strain of a pose at every shift; a quarter turn is none, the photographer stood elsewhere."""
    roll_deg = (np.rad2deg(pose.roll_rad) + 45) % 90 - 45
    fixed = (roll_deg / settings.usual_roll_deg) ** 2 + (np.log(pose.size_ratio) / settings.usual_size_fraction) ** 2
    fixed += float(np.sum(np.square(pose.slide_radii))) / np.sin(np.deg2rad(settings.usual_turn_deg)) ** 2
    shift = (axis_radii**2)[:, None] + axis_radii**2
    return np.asarray(settings.strain_weight * (shift / settings.usual_shift_radii**2 + fixed), np.float64)


def _reach_px(pattern: HeadPattern, settings: SearchSettings) -> int:
    return round(settings.reach_radii * pattern.radius_px)


def _length(pattern: HeadPattern, settings: SearchSettings) -> int:
    """Return the side of the transforms: a shift must not wrap round."""
    return int(fft.next_fast_len(pattern.core.shape[0] + _reach_px(pattern, settings), real=True))


def window_places(pattern: HeadPattern) -> NDArray[np.float64]:
    """Return the (n, n, 2) places of all pixels of a window."""
    axis = np.arange(pattern.core.shape[0], dtype=np.float64)
    return np.stack(np.meshgrid(axis, axis), axis=-1)


def _spectra(channels: Channels, core: Layer, length: int) -> _Spectra:
    shape = (length, length)
    return _Spectra(
        channels=fft.rfft2(channels, shape),
        power=fft.rfft2((channels**2).sum(axis=0), shape),
        core=fft.rfft2(core, shape),
    )


def _correlations(still: _Spectra, laid: _Spectra, length: int, reach: int, least_overlap: float) -> Layer:
    """Return the correlation of the patterns at every shift up to `reach`, -1 where too little overlaps."""
    shifts = np.arange(-reach, reach + 1)

    def at_shifts(spectrum: NDArray[np.complex64]) -> Layer:
        return np.asarray(fft.irfft2(spectrum, (length, length))[np.ix_(shifts, shifts)], np.float32)

    shared = at_shifts((still.channels.conj() * laid.channels).sum(axis=0))
    power = at_shifts(still.power.conj() * laid.core) * at_shifts(still.core.conj() * laid.power)
    overlap = at_shifts(still.core.conj() * laid.core)
    scores = shared / np.sqrt(np.maximum(power, 1))
    return np.asarray(np.where(overlap > least_overlap, scores, -1), np.float32)
