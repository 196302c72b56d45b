"""Close-ups as values: hairs, follicular units, and the same hairs found again."""

from collections.abc import Mapping
from dataclasses import dataclass

from hairtrack.model.geometry import Registration
from hairtrack.model.measurement import Measured, NotMeasured
from hairtrack.model.photo import PixelScale
from hairtrack.model.vocabulary import HairKind, RegistrationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Hair:
    """One hair shaft; points in pixels of the close-up.

    `diameter_um` is None without scale; `unit` is the index of its follicular unit; `confidence` is in 0-1.
    """

    root_xy: tuple[float, float]
    tip_xy: tuple[float, float]
    centre_line_xy: tuple[tuple[float, float], ...]
    diameter_px: float
    diameter_um: float | None
    kind: HairKind
    unit: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FollicularUnit:
    """Hairs that leave the skin together."""

    centre_xy: tuple[float, float]
    hair_indices: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupReading:
    """Everything read from one close-up.

    `area_seen_px` is the area in which hairs could be seen (glare, overlays, borders and blur excluded);
    `measurements` holds each close-up measurand by name.
    """

    hairs: tuple[Hair, ...]
    units: tuple[FollicularUnit, ...]
    measurements: Mapping[str, Measured | NotMeasured]
    scale: PixelScale | None
    area_seen_px: float
    width_px: int
    height_px: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountChange:
    """Hairs gained minus hairs lost on the area that both close-ups show.

    `fraction` is of the reference count there; `interval95` is of the fraction.
    """

    value: int
    fraction: float
    interval95: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HairFoundAgain:
    """A hair that was read on one date only, and found on the other by looking where it had to be.

    One of `reference` and `moving` is its index among the hairs read on that date; the other is None, and `root_xy`
    and `tip_xy` are where it stands there.
    """

    reference: int | None
    moving: int | None
    root_xy: tuple[float, float]
    tip_xy: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HairMatch:
    """The same spot on two dates, hair by hair.

    `pairs` are (reference index, moving index); `lost` reference indices; `gained` moving indices; `thinned`
    positions in `pairs`; `found_again` are further hairs that stand on both dates. When refused, all are empty and
    `count_change` is None.
    """

    status: RegistrationStatus
    reason: str | None
    pairs: tuple[tuple[int, int], ...]
    lost: tuple[int, ...]
    gained: tuple[int, ...]
    thinned: tuple[int, ...]
    registration: Registration
    count_change: CountChange | None
    found_again: tuple[HairFoundAgain, ...] = ()
