"""The shape of case.toml: every key that it may have, and which values are possible.

These rows exist at the edge alone: what leaves `case_file` are values of `model`.
"""

import re
from datetime import date, datetime
from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hairtrack.model import NoteKind, PictureSide, RegionName, Severity, Sex, TreatmentKind, View

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FEWEST_CORNERS = 3


def _day(value: object) -> object:
    """Return a day as written in TOML or as an ISO text; JSON has no dates."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("day", "no day of the calendar") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("day", "not a date; write it as 2026-01-10")


Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]
PositiveNumber: TypeAlias = Annotated[float, Field(allow_inf_nan=False, gt=0, le=1e6)]
NumberFromZero: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e6)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=200_000)]  # a head has about 100,000 hairs
Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
FileName: TypeAlias = Annotated[str, Field(min_length=1, max_length=4096)]
Point: TypeAlias = Annotated[list[Number], Field(min_length=2, max_length=2)]
Region: TypeAlias = Annotated[RegionName, Field(strict=False)]


class Row(BaseModel):
    """A table of the case file: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PatientRow(Row):
    """`[patient]`: an id without spaces, so that nobody writes a name."""

    id: Annotated[str, Field(pattern=r"^[\w.\-]{1,64}$")] = "unnamed"
    sex_at_birth: Annotated[Sex, Field(strict=False)] | None = None
    birth_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    conditions: list[Word] = []


class TreatmentRow(Row):
    """`[[treatments]]`."""

    kind: Annotated[TreatmentKind, Field(strict=False)]
    performed_on: Day | None = None
    sessions: list[Day] = []
    started_on: Day | None = None
    stopped_on: Day | None = None
    recipient_regions: list[Region] = []
    donor_regions: list[Region] = []
    grafts_implanted: Count | None = None
    hairs_implanted: Count | None = None
    recipient_area_cm2: PositiveNumber | None = None
    grafts_extracted: Count | None = None
    cost_per_session: NumberFromZero | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None

    @model_validator(mode="after")
    def _dates_fit_kind(self) -> "TreatmentRow":
        if self.kind.is_medicine and (self.performed_on or self.sessions):
            raise PydanticCustomError("fit", "a medicine has started_on and stopped_on, not performed_on or sessions")
        if not self.kind.is_medicine and (self.started_on or self.stopped_on):
            raise PydanticCustomError(
                "fit", "started_on and stopped_on belong to medicines; give performed_on or sessions"
            )
        if self.started_on and self.stopped_on and self.stopped_on < self.started_on:
            raise PydanticCustomError("fit", "stopped_on lies before started_on")
        return self


class PhotoRow(Row):
    """`[[photos]]`."""

    file: FileName
    view: Annotated[View, Field(strict=False)] | None = None
    region: Region | None = None
    taken_on: Day | None = None
    px_per_mm: PositiveNumber | None = None
    field_diameter_mm: PositiveNumber | None = None
    hair_length_mm: NumberFromZero | None = None
    wet: bool | None = None
    forehead: Annotated[PictureSide, Field(strict=False)] | None = None


class RegionRow(Row):
    """`[[regions]]`."""

    name: Region
    file: FileName
    polygon_xy: Annotated[list[Point], Field(min_length=_FEWEST_CORNERS)]

    @model_validator(mode="after")
    def _encloses_something(self) -> "RegionRow":
        corners = self.polygon_xy
        doubled_area = sum(
            x * next_y - next_x * y
            for (x, y), (next_x, next_y) in zip(corners, [*corners[1:], corners[0]], strict=True)
        )
        if doubled_area == 0:
            raise PydanticCustomError("fit", "polygon_xy encloses no area")
        return self


class LandmarkRow(Row):
    """`[[landmarks]]`."""

    name: Word
    file: FileName
    xy: Point


class ObservationRow(Row):
    """`[[observations]]`."""

    taken_on: Day
    region: Region
    measurand: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,99}$")]
    value: Number
    std_uncertainty: NumberFromZero | None = None
    photo_id: Word | None = None
    flags: list[Word] = []

    @model_validator(mode="after")
    def _value_is_possible(self) -> "ObservationRow":
        if self.measurand.endswith("_fraction") and not 0 <= self.value <= 1:
            raise PydanticCustomError("fit", "value of a fraction must lie between 0 and 1")
        if self.value < 0 and not self.measurand.endswith("_deg"):
            raise PydanticCustomError("fit", "value must not be negative")
        return self


class NoteRow(Row):
    """`[[notes]]`."""

    on: Day
    kind: Annotated[NoteKind, Field(strict=False)]
    region: Region | None = None
    severity: Annotated[Severity, Field(strict=False)] | None = None
    text: Annotated[str, Field(max_length=10_000)] = ""


class CaseRows(Row):
    """A whole case file."""

    patient: PatientRow = PatientRow()
    treatments: list[TreatmentRow] = []
    photos: list[PhotoRow] = []
    regions: list[RegionRow] = []
    landmarks: list[LandmarkRow] = []
    observations: list[ObservationRow] = []
    notes: list[NoteRow] = []
