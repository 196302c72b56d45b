"""What a close-up says about the spot: densities, units, kinds, thickness and cover, each with its error by source."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hairtrack.imaging.types import Mask
from hairtrack.measure.growth_direction import AGAINST_DEG, turned_from_neighbours_deg
from hairtrack.measure.share import counted_share
from hairtrack.measure.told import told
from hairtrack.model import FollicularUnit, Hair, HairKind, Measured, NotMeasured, PixelScale

MM2_PER_CM2 = 100.0

CLOSEUP_MEASURANDS = (
    "hair_density_per_cm2",
    "follicular_unit_density_per_cm2",
    "hairs_per_follicular_unit",
    "terminal_to_vellus_ratio",
    "shaft_diameter_mean_um",
    "cumulative_hair_thickness_mm_per_cm2",
    "hairs_against_neighbours_fraction",
    "coverage_fraction",
)

_VERSIONS = {"coverage_fraction": 2, "hair_density_per_cm2": 3, "cumulative_hair_thickness_mm_per_cm2": 3}
"""Estimators that changed: calibrated for missed hairs; the third claims what even spread leaves of sampling."""

FEWEST_JUDGED = 10
"""Hairs below which a share says nothing: its interval would be wider than a half."""

NO_SCALE = NotMeasured(
    reason="scale unknown",
    remedy="switch on the scale bar of the dermoscope, lay a printed scale card beside the spot, or give px_per_mm",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupMeasureSettings:
    """Limits and known errors of counting on close-ups.

    Parameters
    ----------
    guard_mm
        Roots nearer than this to the rim are not counted: their hairs may leave the picture. The counting frame is
        what remains; its left and upper edge belong to it, its right and lower edge do not (Gundersen 1977,
        doi:10.1111/j.1365-2818.1977.tb00062.x, with the root as the point that stands for the hair).
    smallest_frame_mm2
        A frame smaller than this holds too few hairs to speak of a density.
    missed_fraction
        Share of the hairs that a person marks and that are not found, false ones set off against it: the bias of the
        density on the half of the frames that settings were chosen on, -5.1 % (`density_bias_pct` in
        validation/results/closeups_tuning_half.txt, printed by validation/score_closeup_hairs.py). Densities and sums
        of thickness are divided by what remains; `density_calibrated` in closeups_held_out_half.txt tells what that
        does to frames that it was not set on.
    count_error_fraction
        Standard deviation of the automatic density of a frame against that of a person's marks: 10.3 % on the tuning
        half (same table); `intervals of detection` in closeups_held_out_half.txt tells how often it holds on the other.
    evenness
        Spread of a count over that of units thrown on the skin at random, with their hairs (a Poisson cluster process):
        units keep apart from each other. Marks of people on quarters of the tuning frames: 0.49 for hairs, 0.62 for
        units (validation/results/closeups_tuning_half.txt); the greater is used for both.
    diameter_error_fraction
        Standard uncertainty of the mean diameter from blur and from where the edge of a shaft is taken to be.
    coverage_error_fraction
        Standard uncertainty of the covered share from where the edge of a shaft is taken to be.
    """

    guard_mm: float = 0.20
    smallest_frame_mm2: float = 4.0
    missed_fraction: float = 0.051
    count_error_fraction: float = 0.103
    evenness: float = 0.62
    diameter_error_fraction: float = 0.06
    coverage_error_fraction: float = 0.01


@dataclass(frozen=True, slots=True)
class _Frame:
    """The hairs and units counted, and the area that they stand on."""

    hairs: tuple[Hair, ...]
    unit_sizes: tuple[int, ...]
    area_mm2: float
    seen_fraction: float


def measure_closeup(
    hairs: tuple[Hair, ...],
    units: tuple[FollicularUnit, ...],
    *,
    scale: PixelScale | None,
    seen: Mask,
    hair: Mask,
    refusal: NotMeasured | None = None,
    no_scale: NotMeasured = NO_SCALE,
    settings: CloseupMeasureSettings,
) -> Mapping[str, Measured | NotMeasured]:
    """Return every measurand of a close-up by its name.

    Parameters
    ----------
    hairs, units
        What was found, in pixels of the close-up.
    scale
        Pixels a millimetre; None leaves only what needs no length.
    seen
        (H, W) mask: hairs could be seen here.
    hair
        (H, W) mask: pixels that show hair.
    refusal
        Why nothing on this picture can be counted; it then is the answer to every question.
    no_scale
        Why there is no scale, when there is none: marks may contradict each other.
    settings
        Counting frame and known errors.
    """
    if refusal is not None:
        return dict.fromkeys(CLOSEUP_MEASURANDS, refusal)
    results: dict[str, Measured | NotMeasured] = dict.fromkeys(CLOSEUP_MEASURANDS, no_scale)
    results["coverage_fraction"] = _coverage(hair, seen, settings)
    results["hairs_per_follicular_unit"] = _hairs_per_unit(units)
    if scale is None:
        return results
    frame = _counted(hairs, units, seen, scale, settings)
    if frame.area_mm2 < settings.smallest_frame_mm2:
        too_small = NotMeasured(
            reason=f"only {frame.area_mm2:.1f} mm² of the counting frame can be seen",
            remedy=f"show at least {settings.smallest_frame_mm2:.0f} mm² of skin without glare and overlays",
        )
        return {**dict.fromkeys(CLOSEUP_MEASURANDS, too_small), "coverage_fraction": results["coverage_fraction"]}
    results["hairs_against_neighbours_fraction"] = _against_neighbours(hairs, scale)
    results["hair_density_per_cm2"] = _hair_density(frame, scale, settings)
    results["follicular_unit_density_per_cm2"] = _unit_density(frame, scale, settings)
    results["terminal_to_vellus_ratio"] = _terminal_to_vellus(frame)
    results["shaft_diameter_mean_um"] = _diameter(frame, scale, settings)
    results["cumulative_hair_thickness_mm_per_cm2"] = _thickness(frame, scale, settings)
    return results


def _counted(
    hairs: tuple[Hair, ...],
    units: tuple[FollicularUnit, ...],
    seen: Mask,
    scale: PixelScale,
    settings: CloseupMeasureSettings,
) -> _Frame:
    guard = round(settings.guard_mm * scale.px_per_mm)
    height, width = seen.shape
    inside = seen[guard : height - guard, guard : width - guard]

    def in_frame(xy: tuple[float, float]) -> bool:
        column, row = round(xy[0]) - guard, round(xy[1]) - guard
        return 0 <= row < inside.shape[0] and 0 <= column < inside.shape[1] and bool(inside[row, column])

    counted = tuple(hair for hair in hairs if in_frame(hair.root_xy))
    return _Frame(
        hairs=counted,
        unit_sizes=tuple(len(unit.hair_indices) for unit in units if in_frame(unit.centre_xy)),
        area_mm2=float(inside.sum()) / scale.px_per_mm**2,
        seen_fraction=float(inside.mean()) if inside.size else 0.0,
    )


def _measured(
    name: str,
    value: float,
    unit: str,
    errors: dict[str, float],
    *,
    seen_fraction: float = 1.0,
    flags: tuple[str, ...] = (),
    highest: float = np.inf,
) -> Measured:
    return told(
        float(value),
        {source: float(error) for source, error in errors.items()},
        unit=unit,
        method=f"{name}@{_VERSIONS.get(name, 1)}",
        lowest=0.0,
        highest=highest,
        flags=flags,
        area_seen_fraction=seen_fraction,
    )


def _scale_fraction(scale: PixelScale) -> float:
    return scale.std_uncertainty_px_per_mm / scale.px_per_mm


def _hair_density(frame: _Frame, scale: PixelScale, settings: CloseupMeasureSettings) -> Measured:
    """Hairs a cm². Thrown at random, units with their hairs would vary as the root of Σ size²; they keep apart."""
    per_cm2 = MM2_PER_CM2 / frame.area_mm2 / (1 - settings.missed_fraction)
    value = len(frame.hairs) * per_cm2
    sampling = settings.evenness * np.sqrt(max(1.0, sum(size**2 for size in frame.unit_sizes))) * per_cm2
    errors = {
        "sampling": sampling,
        "detection": settings.count_error_fraction * value,
        "scale": 2 * _scale_fraction(scale) * value,
    }
    return _measured("hair_density_per_cm2", value, "{hairs}/cm2", errors, seen_fraction=frame.seen_fraction)


def _unit_density(frame: _Frame, scale: PixelScale, settings: CloseupMeasureSettings) -> Measured:
    """Follicular units a cm², counted by the centres of their roots."""
    per_cm2 = MM2_PER_CM2 / frame.area_mm2
    value = len(frame.unit_sizes) * per_cm2
    errors = {
        "sampling": settings.evenness * np.sqrt(max(1, len(frame.unit_sizes))) * per_cm2,
        "detection": settings.count_error_fraction * value,
        "scale": 2 * _scale_fraction(scale) * value,
    }
    return _measured("follicular_unit_density_per_cm2", value, "{units}/cm2", errors, seen_fraction=frame.seen_fraction)


def _hairs_per_unit(units: tuple[FollicularUnit, ...]) -> Measured | NotMeasured:
    sizes = np.array([len(unit.hair_indices) for unit in units], np.float64)
    if len(sizes) < 2:  # noqa: PLR2004 a spread needs two
        return NotMeasured(reason="fewer than two follicular units were found", remedy="show a spot with more hair")
    sampling = float(sizes.std(ddof=1) / np.sqrt(len(sizes)))
    return _measured("hairs_per_follicular_unit", sizes.mean(), "1", {"sampling": sampling})


def _terminal_to_vellus(frame: _Frame) -> Measured | NotMeasured:
    terminal = sum(hair.kind is HairKind.TERMINAL for hair in frame.hairs)
    vellus = len(frame.hairs) - terminal
    if vellus == 0 or terminal == 0:
        return NotMeasured(
            reason=f"{terminal} terminal and {vellus} vellus hairs: a ratio needs both kinds",
            remedy="show a larger spot, or read the two counts",
        )
    ratio = terminal / vellus
    sampling = ratio * np.sqrt(1 / terminal + 1 / vellus)
    return _measured("terminal_to_vellus_ratio", ratio, "1", {"sampling": sampling}, seen_fraction=frame.seen_fraction)


def _diameters_um(frame: _Frame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([hair.diameter_um for hair in frame.hairs if hair.diameter_um is not None], np.float64)


def _diameter(frame: _Frame, scale: PixelScale, settings: CloseupMeasureSettings) -> Measured | NotMeasured:
    diameters = _diameters_um(frame)
    if len(diameters) < 2:  # noqa: PLR2004 a spread needs two
        return NotMeasured(reason="fewer than two hairs in the counting frame", remedy="show a spot with more hair")
    mean = float(diameters.mean())
    errors = {
        "sampling": float(diameters.std(ddof=1) / np.sqrt(len(diameters))),
        "segmentation": settings.diameter_error_fraction * mean,
        "scale": _scale_fraction(scale) * mean,
    }
    return _measured("shaft_diameter_mean_um", mean, "um", errors, seen_fraction=frame.seen_fraction)


def _thickness(frame: _Frame, scale: PixelScale, settings: CloseupMeasureSettings) -> Measured:
    """Sum of all diameters on a cm², in mm: density and thickness in one number."""
    per_cm2 = MM2_PER_CM2 / frame.area_mm2 / (1 - settings.missed_fraction)
    diameters_mm = _diameters_um(frame) / 1000
    value = float(diameters_mm.sum()) * per_cm2
    clustering = sum(size**2 for size in frame.unit_sizes) / max(1, sum(frame.unit_sizes))
    errors = {
        "sampling": settings.evenness * float(np.sqrt(clustering * (diameters_mm**2).sum())) * per_cm2,
        "detection": settings.count_error_fraction * value,
        "segmentation": settings.diameter_error_fraction * value,
        "scale": _scale_fraction(scale) * value,
    }
    return _measured("cumulative_hair_thickness_mm_per_cm2", value, "mm/cm2", errors, seen_fraction=frame.seen_fraction)


def _against_neighbours(hairs: tuple[Hair, ...], scale: PixelScale) -> Measured | NotMeasured:
    """Share of hairs that grow against those around them."""
    turned = turned_from_neighbours_deg(hairs, px_per_mm=scale.px_per_mm)
    judged = turned[np.isfinite(turned)]
    count = len(judged)
    if count < FEWEST_JUDGED:
        return NotMeasured(
            reason=f"only {count} hairs have enough neighbours to compare their direction with",
            remedy="show a spot with more hair",
        )
    against = int((judged > AGAINST_DEG).sum())
    return counted_share(against, count, method="hairs_against_neighbours_fraction@2")


def _coverage(hair: Mask, seen: Mask, settings: CloseupMeasureSettings) -> Measured | NotMeasured:
    """Share of the seen skin that hair hides; needs no scale."""
    if not seen.any():
        return NotMeasured(reason="no skin can be seen", remedy="take the close-up without overlays and glare")
    value = float(hair[seen].mean())
    errors = {"segmentation": settings.coverage_error_fraction}
    return _measured("coverage_fraction", value, "1", errors, seen_fraction=float(seen.mean()), highest=1.0)
