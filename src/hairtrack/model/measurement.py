"""Numbers with honest errors, their absence with a reason, and change between two dates."""

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from hairtrack.model.vocabulary import RegionName

SHARED_BY_A_HEAD = "segmentation"
"""The source of error that all photos of one head share: hair and skin of the same colours are mistaken alike."""

LENGTH_RATIO_LIMIT = 1.5
"""Coverage of hair at random grows with its length; hair lengths that differ by more are not compared by it."""


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

    def std_between_photos(self, unshared_share: float) -> float:
        """Return the part of the error by which photos of one head differ.

        `unshared_share` is the part of what they share by source that still differs from photo to photo. Where hair
        and skin can hardly be told apart, light alone changes what is mistaken, and nothing is shared.
        """
        if "low_contrast" in self.flags:
            return self.std_uncertainty
        shared = sum(e.std_uncertainty**2 for e in self.error_sources if e.name == SHARED_BY_A_HEAD)
        return math.sqrt(max(self.std_uncertainty**2 - shared * (1.0 - unshared_share**2), 0.0))


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
