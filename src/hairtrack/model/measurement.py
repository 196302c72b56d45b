"""Numbers with honest errors, their absence with a reason, and change between two dates."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from hairtrack.model.vocabulary import RegionName


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSource:
    """One part of a standard uncertainty (`segmentation`, `sampling`, `illumination`, `scale`...)."""

    name: str
    std_uncertainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A value with its unit (UCUM), standard uncertainty and 95 % interval.

    `flags` name what limits it; `method` is the versioned estimator (`coverage_fraction@1`); `area_seen_fraction` is
    the share of the asked area that was really measured; `at_xy` is where a number that belongs to a point lies, in
    pixels of the full photo.
    """

    value: float
    unit: str
    std_uncertainty: float
    interval95: tuple[float, float]
    method: str
    flags: tuple[str, ...] = ()
    error_sources: tuple[ErrorSource, ...] = ()
    area_seen_fraction: float = 1.0
    at_xy: tuple[float, float] | None = None
    status: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """No number, why not, and what would make it measurable."""

    reason: str
    remedy: str
    flags: tuple[str, ...] = ()
    status: Literal["not_measured"] = "not_measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What was asked of one region on one photo, and the answer."""

    measurand: str
    region: RegionName
    file: str
    photo_id: str
    taken_on: date | None
    result: Measured | NotMeasured = field(metadata={"json_inline": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference between two dates of one region, by one method.

    `smallest_detectable` is the difference that this pair could show with 95 % confidence; `beyond_error` says that
    the interval excludes zero and the difference is not smaller than that.
    """

    measurand: str
    region: RegionName
    from_date: date = field(metadata={"json_name": "from"})
    to_date: date = field(metadata={"json_name": "to"})
    difference: float
    interval95: tuple[float, float]
    smallest_detectable: float
    beyond_error: bool
    unit: str
    method: str
    flags: tuple[str, ...] = ()
