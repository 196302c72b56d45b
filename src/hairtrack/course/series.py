"""Observations of a region as arrays: one scale for small and large densities, errors beside, photos grouped."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from hairtrack.knowledge import Knowledge
from hairtrack.model import InputError, Observation

FloatArray = npt.NDArray[np.float32]

REFUSING_FLAGS = frozenset({"fibres", "hair_fibres", "micropigmentation"})
"""Flags with which coverage says nothing about hair; counts stay."""

SPOILING_FLAGS = frozenset({"wet", "hair_length_differs", "retake"})
"""Flags that say that the number describes the state of the hair more than its amount."""

LIMITING_FLAGS = frozenset({"usable_with_limits", "limited"})


class Channel(StrEnum):
    """By which link an observation sees the hair; the value is the measurand."""

    COUNT = "hair_density_per_cm2"
    UNITS = "follicular_unit_density_per_cm2"
    COVERAGE = "coverage_fraction"
    RELATIVE = "relative_hair_density"
    MATCHED = "hair_matched_change_fraction"
    TERMINAL = "terminal_hair_density_per_cm2"


TERMINAL_RATIO = "terminal_to_vellus_ratio"

AMOUNTS = frozenset(channel.value for channel in Channel)
"""Measurands that tell an amount of hair."""

RATIO_FLOOR = 0.03
"""Additive error of a ratio of densities."""

FRACTIONS = frozenset({Channel.COVERAGE.value, Channel.RELATIVE.value})

LARGEST_VALUE = {
    Channel.COUNT: 1000.0,
    Channel.UNITS: 500.0,
    Channel.COVERAGE: 1.0,
    Channel.RELATIVE: 100.0,
    Channel.MATCHED: 100.0,
    Channel.TERMINAL: 1000.0,
}
"""Beyond these no scalp goes; a value above is an error of the record, not of the patient."""

DEEPEST_COVERAGE = 0.98
"""Coverage beyond this carries no information on density: the optical depth saturates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One observation on the scale on which errors are even.

    `level` is arcsinh(amount / softening) with the amount in hairs/cm², optical depth or ratio; `level_std` its
    standard error; `photo` the key of the photo whose bias it shares.
    """

    on: date
    channel: Channel
    amount: float
    amount_std: float
    level: float
    level_std: float
    photo: str
    flagged: bool


def rows_of(arrays: Sequence[FloatArray]) -> FloatArray:
    """Return arrays of one length as the rows of one: a copy, quicker than `np.stack` where they are few."""
    return np.concatenate(arrays).reshape(len(arrays), -1)


@lru_cache(maxsize=256)
def softening(channel: Channel, knowledge: Knowledge) -> float:
    """Return the amount at which the additive error of a channel equals its relative error."""
    if channel in {Channel.COUNT, Channel.UNITS, Channel.TERMINAL}:
        return knowledge.value("measurands.count_floor_per_cm2") / knowledge.value("measurands.hair_density_per_cm2")
    if channel is Channel.COVERAGE:
        return knowledge.value("measurands.coverage_floor") / knowledge.value("measurands.coverage_fraction")
    return 0.25


def check_observation(observation: Observation, *, where: str) -> None:
    """Raise `InputError` naming the field when an observation cannot be a number about a scalp."""
    if not math.isfinite(observation.value):
        raise InputError(f"is no finite number: {observation.value}", where=f"{where}.value", remedy="leave it out")
    std = observation.std_uncertainty
    if std is not None and not (math.isfinite(std) and std >= 0):
        raise InputError(f"is no standard error: {std}", where=f"{where}.std_uncertainty", remedy="0 or more")
    if observation.measurand not in AMOUNTS:
        return
    channel = Channel(observation.measurand)
    lowest = -1.0 if channel is Channel.MATCHED else 0.0
    if not lowest <= observation.value <= LARGEST_VALUE[channel]:
        raise InputError(
            f"{channel.value} cannot be {observation.value:g}",
            where=f"{where}.value",
            remedy=f"a number from {lowest:g} to {LARGEST_VALUE[channel]:g}",
        )


def readings_of(observations: Iterable[Observation], *, knowledge: Knowledge) -> tuple[Reading, ...]:
    """Return the observations that tell an amount of hair, oldest first.

    Relative densities are dropped where coverage of the same photo stands beside, unit densities where hairs were
    counted: the same evidence is not used twice.
    """
    told = list(observations)
    usable = [
        o
        for o in [*told, *thick_hairs(told)]
        if o.measurand in AMOUNTS
        and not (o.flags and o.measurand in FRACTIONS and not REFUSING_FLAGS.isdisjoint(o.flags))
    ]
    channels_of_photo: dict[str, set[str]] = {}
    for observation in usable:
        channels_of_photo.setdefault(_photo(observation), set()).add(observation.measurand)
    readings = []
    for observation in usable:
        beside = channels_of_photo[_photo(observation)]
        if observation.measurand == Channel.RELATIVE and Channel.COVERAGE in beside:
            continue
        if observation.measurand == Channel.UNITS and Channel.COUNT in beside:
            continue
        readings.append(_reading(observation, knowledge=knowledge))
    readings.sort(key=lambda r: (r.on, r.channel, r.photo, r.amount, r.amount_std))
    return tuple(readings)


def _photo(observation: Observation) -> str:
    return observation.photo_id or observation.taken_on.isoformat()


@dataclass(frozen=True, slots=True)
class _Scale:
    """Of one channel: usual relative error, additive error, amount at which both are equal, hairs a counted unit."""

    relative: float
    floor: float
    soft: float
    per_hair: float = 1.0
    per_hair_error: float = 0.0


@lru_cache(maxsize=256)
def _scale_of(knowledge: Knowledge, channel: Channel) -> _Scale:
    relative, soft = knowledge.value(f"measurands.{channel.value}"), softening(channel, knowledge)
    if channel is Channel.COVERAGE:
        return _Scale(relative, knowledge.value("measurands.coverage_floor"), soft)
    if channel is Channel.RELATIVE:
        return _Scale(relative, RATIO_FLOOR, soft)
    floor = knowledge.value("measurands.count_floor_per_cm2")
    if channel is Channel.UNITS:
        per_hair = knowledge.value("density.hairs_per_unit")
        return _Scale(relative, floor, soft, per_hair, knowledge.spread("density.hairs_per_unit") / per_hair)
    return _Scale(relative, floor, soft)


def _reading(observation: Observation, *, knowledge: Knowledge) -> Reading:
    channel = Channel(observation.measurand)
    scale = _scale_of(knowledge, channel)
    value, std = observation.value, observation.std_uncertainty
    if channel is Channel.COVERAGE:
        hidden = min(value, DEEPEST_COVERAGE)
        amount = -math.log1p(-hidden)
        claimed = math.hypot(scale.relative * amount, scale.floor / (1 - hidden))
        amount_std = claimed if std is None else max(std, 1e-3) / (1 - hidden)
    elif channel is Channel.MATCHED:
        amount, amount_std = 1.0 + value, scale.relative if std is None else std
    else:
        amount = value * scale.per_hair
        amount_std = math.hypot(scale.relative * amount, scale.floor) if std is None else std * scale.per_hair
        if channel is Channel.UNITS:
            channel = Channel.COUNT
            amount_std = math.hypot(amount_std, amount * scale.per_hair_error)
    flags = set(observation.flags)
    if flags & LIMITING_FLAGS:
        amount_std *= knowledge.value("measurands.limited_photo_factor")
    if flags & SPOILING_FLAGS:
        amount_std *= knowledge.value("measurands.spoiled_photo_factor")
    return Reading(
        on=observation.taken_on,
        channel=channel,
        amount=amount,
        amount_std=amount_std,
        level=math.asinh(amount / scale.soft),
        level_std=amount_std / math.hypot(amount, scale.soft),
        photo=_photo(observation),
        flagged=bool(flags & (SPOILING_FLAGS | LIMITING_FLAGS)),
    )


def thick_hairs(observations: Sequence[Observation]) -> list[Observation]:
    """Return densities of thick hair where a count and its terminal to vellus ratio stand on one photo."""
    counts = {_photo(o): o for o in observations if o.measurand == Channel.COUNT}
    found = []
    for ratio in observations:
        count = counts.get(_photo(ratio))
        if ratio.measurand != TERMINAL_RATIO or count is None or ratio.value < 0:
            continue
        found.append(
            replace(
                count,
                measurand=Channel.TERMINAL.value,
                value=count.value * ratio.value / (1.0 + ratio.value),
                std_uncertainty=None,
            )
        )
    return found


def pooled(readings: Sequence[Reading]) -> tuple[float, float] | None:
    """Return the mean amount of readings of one channel and its standard error, weighted by their errors.

    The error is never smaller than what the scatter of the readings shows.
    """
    if not readings:
        return None
    amounts = np.array([r.amount for r in readings])
    weights = 1.0 / np.maximum([r.amount_std for r in readings], 1e-6) ** 2
    mean = float(np.sum(weights * amounts) / np.sum(weights))
    claimed = float(np.sum(weights) ** -0.5)
    if len(readings) == 1:
        return mean, claimed
    seen = float(np.std(amounts, ddof=1) / math.sqrt(len(readings)))
    return mean, max(claimed, 0.5 * seen)
