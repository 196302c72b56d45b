"""A value with its errors by source, combined to one standard uncertainty and a 95 % interval."""

from collections.abc import Mapping
from math import inf, sqrt

from hairtrack.model import ErrorSource, Measured, PixelScale

Z95 = 1.96


def told(  # noqa: PLR0913 what every measured value says of itself
    value: float,
    errors: Mapping[str, float],
    *,
    method: str,
    unit: str = "1",
    lowest: float = -inf,
    highest: float = inf,
    flags: tuple[str, ...] = (),
    area_seen_fraction: float = 1.0,
    at_xy: tuple[float, float] | None = None,
) -> Measured:
    """Return a value whose errors are independent, its interval kept between the lowest and highest possible value.

    Parameters
    ----------
    value
        In `unit`.
    errors
        Standard uncertainty by source, in the same unit.
    method
        The versioned estimator.
    unit
        UCUM.
    lowest, highest
        Beyond which no value can be.
    flags, area_seen_fraction, at_xy
        As in `Measured`.
    """
    std = sqrt(sum(error**2 for error in errors.values()))
    return Measured(
        value=value,
        unit=unit,
        std_uncertainty=std,
        interval95=(max(lowest, value - Z95 * std), min(highest, value + Z95 * std)),
        method=method,
        flags=flags,
        error_sources=tuple(ErrorSource(name=name, std_uncertainty=error) for name, error in errors.items()),
        area_seen_fraction=area_seen_fraction,
        at_xy=at_xy,
    )


def told_length(
    value_px: float,
    errors_px: Mapping[str, float],
    *,
    head_width_px: float,
    scale: PixelScale | None,
    full_per_working: float,
    methods: tuple[str, str],
) -> Measured:
    """Return a length with its errors in mm, or in head widths when the scale is unknown; unit and method say which.

    Parameters
    ----------
    value_px, errors_px, head_width_px
        In pixels of the working image.
    scale
        Of the full photo; None when unknown.
    full_per_working
        Pixels of the full photo a pixel of the working image.
    methods
        The versioned estimator in mm, and in head widths.
    """
    errors = dict(errors_px)
    if scale is None:
        per_px, unit, method = 1 / head_width_px, "{head_width}", methods[1]
    else:
        errors["scale"] = value_px * scale.std_uncertainty_px_per_mm / scale.px_per_mm
        per_px, unit, method = full_per_working / scale.px_per_mm, "mm", methods[0]
    in_unit = {name: float(error) * per_px for name, error in errors.items()}
    return told(value_px * per_px, in_unit, unit=unit, method=method, lowest=0.0)
