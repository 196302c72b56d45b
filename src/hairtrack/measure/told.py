"""A value with its errors by source, combined to one standard uncertainty and a 95 % interval."""

from collections.abc import Mapping
from math import inf, sqrt

from hairtrack.model import ErrorSource, Measured

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
