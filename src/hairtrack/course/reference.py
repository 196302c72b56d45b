"""What untouched regions say about a photo: wet hair, another light or length changes all regions alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from hairtrack.course.series import Channel, Reading
from hairtrack.knowledge import Knowledge
from hairtrack.model import RegionName, RegionRole
from hairtrack.model.calendar import months_between

FRINGE = frozenset(
    {
        RegionName.PARIETAL_LEFT,
        RegionName.PARIETAL_RIGHT,
        RegionName.OCCIPITAL,
        RegionName.TEMPLE_LEFT,
        RegionName.TEMPLE_RIGHT,
    }
)
"""Regions that hereditary loss spares longest; they are preferred as references."""

MEDICATED_EXTRA_STD = 0.06
DRIFT_PER_YEAR = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceShift:
    """How untouched regions moved on one photo against their own start, on the logarithmic scale.

    `std` is its standard error but for that of the start, `start_std`, which all photos share; `from_baseline` tells
    whether the start was photographed with the baseline of the region in question.
    """

    shift: float
    std: float
    start_std: float
    from_baseline: bool
    regions: tuple[RegionName, ...]


def choose_references(
    target: RegionName, *, readings: Mapping[RegionName, Sequence[Reading]], roles: Mapping[RegionName, RegionRole]
) -> tuple[RegionName, ...]:
    """Return the regions that can hold the light in check for `target`, the fringe first."""
    untouched = [
        region
        for region in sorted(readings, key=list(RegionName).index)
        if region is not target
        and len(readings[region]) > 1
        and roles[region] in {RegionRole.UNTREATED, RegionRole.TREATED}
        and not (roles[region] is RegionRole.TREATED and region not in FRINGE)
    ]
    return tuple(sorted(untouched, key=lambda region: region not in FRINGE))


def reference_shifts(
    references: Sequence[RegionName],
    *,
    readings: Mapping[RegionName, Sequence[Reading]],
    roles: Mapping[RegionName, RegionRole],
    start: date,
    knowledge: Knowledge,
) -> dict[tuple[str, Channel], ReferenceShift]:
    """Return the shift of each photo by its key and channel, from the references that are on it."""
    parts: dict[tuple[str, Channel], list[_Part]] = {}
    for region in references:
        for channel in (Channel.COUNT, Channel.COVERAGE):
            own = [r for r in readings[region] if r.channel is channel]
            before = [r for r in own if r.on <= start]
            anchors = before or own[:1]
            if not anchors:
                continue
            anchor_level = float(np.mean([r.level for r in anchors]))
            anchor_std = float(np.sqrt(np.mean([r.level_std**2 for r in anchors]) / len(anchors)))
            for reading in own:
                if reading in anchors and not before:
                    continue
                years = abs(months_between(anchors[0].on, reading.on)) / 12.0
                extra = DRIFT_PER_YEAR * years if region not in FRINGE else 0.2 * DRIFT_PER_YEAR * years
                if roles[region] is RegionRole.TREATED:
                    extra = max(extra, MEDICATED_EXTRA_STD)
                season = knowledge.value("diffuse.season_spread")
                std = float(np.sqrt(reading.level_std**2 + extra**2 + season**2))
                part = _Part(reading.level - anchor_level, std, anchor_std, bool(before), region)
                parts.setdefault((reading.photo, channel), []).append(part)
    return {key: _joined(found) for key, found in parts.items()}


@dataclass(frozen=True, slots=True)
class _Part:
    """The shift of one reference region on one photo."""

    shift: float
    std: float
    start_std: float
    from_baseline: bool
    region: RegionName


def _joined(parts: Sequence[_Part]) -> ReferenceShift:
    weights = np.array([1.0 / (p.std**2 + p.start_std**2) for p in parts])
    weights /= weights.sum()
    return ReferenceShift(
        shift=float(weights @ [p.shift for p in parts]),
        std=float(np.sqrt(weights**2 @ [p.std**2 for p in parts])),
        start_std=float(np.sqrt(weights**2 @ [p.start_std**2 for p in parts])),
        from_baseline=all(p.from_baseline for p in parts),
        regions=tuple(p.region for p in parts),
    )
