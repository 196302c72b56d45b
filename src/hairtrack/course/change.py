"""Change between two dates and the smallest change that a pair of photos could show; measurements as evidence."""

import math
from collections.abc import Sequence
from datetime import date

from hairtrack.knowledge import Knowledge
from hairtrack.model import LENGTH_RATIO_LIMIT, Change, Measured, Measurement, Observation, Photo, PhotoKind, RegionName

LIMITS_OF_NORMAL_95 = 1.959964

COVERAGE = "coverage_fraction"
UNSHARED_SHARE = 0.3
"""Part of what photos of one head mistake alike that still differs from photo to photo; it claims 0.04. On drawn heads
taken again a photo is off by 0.02 to 0.03 as it was, by 0.03 to 0.04 cut or thinned, by 0.05 to 0.06 wet or dyed
(validation/results/coverage_reshot.txt, coverage_change.txt)."""

SEEN_SHARE = 0.85
"""Of a true change of coverage this share is seen (validation/results/coverage_change.txt): its interval reaches as far
as the whole change would."""


def smallest_detectable_change(first_std: float, second_std: float) -> float:
    """Return the least difference that excludes zero with 95 % confidence: 1.96 times the joint standard error."""
    return LIMITS_OF_NORMAL_95 * math.hypot(first_std, second_std)


def changes(measurements: Sequence[Measurement], *, knowledge: Knowledge) -> tuple[Change, ...]:
    """Return the change from the first to each later day of every measurand and region, same method only.

    Several photos of one day are pooled by their errors. A pair measured by two methods is left out: it has to be
    measured again. The standard error is never below the published repeatability of one reading. What photos of one
    head mistake alike in its coverage cancels in a difference.
    """
    grouped: dict[tuple[RegionName, str, str], dict[date, list[Measured]]] = {}
    for measurement in measurements:
        if isinstance(measurement.result, Measured) and measurement.taken_on is not None:
            key = (measurement.region, measurement.measurand, measurement.result.method)
            grouped.setdefault(key, {}).setdefault(measurement.taken_on, []).append(measurement.result)
    found = []
    order = list(RegionName)
    for (region, measurand, method), days in sorted(
        grouped.items(), key=lambda item: (order.index(item[0][0]), item[0][1], item[0][2])
    ):
        first = min(days)
        start, start_std, start_flags = _joined(days[first], measurand, knowledge)
        for day in sorted(days)[1:]:
            value, std, flags = _joined(days[day], measurand, knowledge)
            limit = smallest_detectable_change(start_std, std)
            difference = value - start
            found.append(
                Change(
                    measurand=measurand,
                    region=region,
                    from_date=first,
                    to_date=day,
                    difference=difference,
                    interval95=interval_of_change(difference, limit, measurand),
                    smallest_detectable=limit,
                    beyond_error=abs(difference) > limit,
                    unit=days[day][0].unit,
                    method=method,
                    flags=tuple(sorted(set(start_flags) | set(flags))),
                )
            )
    return tuple(found)


def interval_of_change(difference: float, limit: float, measurand: str) -> tuple[float, float]:
    """Return the 95 % interval of a true change; it excludes zero just when the difference is beyond the limit."""
    whole = difference / SEEN_SHARE if measurand == COVERAGE else difference
    return min(difference, whole) - limit, max(difference, whole) + limit


def _joined(results: Sequence[Measured], measurand: str, knowledge: Knowledge) -> tuple[float, float, tuple[str, ...]]:
    repeatability = knowledge.find(f"measurands.{measurand}")
    floors = [
        0.0 if repeatability is None else _repeatability(repeatability.value, result.value, measurand)
        for result in results
    ]
    errors = [error_between_photos(r) if measurand == COVERAGE else r.std_uncertainty for r in results]
    stds = [max(error, floor, 1e-12) for error, floor in zip(errors, floors, strict=True)]
    weights = [1.0 / std**2 for std in stds]
    value = sum(w * r.value for w, r in zip(weights, results, strict=True)) / sum(weights)
    return value, sum(weights) ** -0.5, tuple(flag for result in results for flag in result.flags)


def _repeatability(relative: float, value: float, measurand: str) -> float:
    """Return the standard error that repeatability alone brings; coverage saturates, so its error shrinks near 1."""
    if measurand == COVERAGE:
        hidden = min(max(value, 0.0), 0.98)
        return relative * -math.log1p(-hidden) * (1.0 - hidden)
    return relative * abs(value)


def observations_of(measurements: Sequence[Measurement], photos: Sequence[Photo]) -> tuple[Observation, ...]:
    """Return our measurements as observations, with the doubts that their photos carry as flags.

    The error of an observation is the one between photos of the same head. Measurements without a number or without a
    date give none. `wet` and `hair_length_differs` come from what is on record of the photo.
    """
    by_id = {photo.photo_id: photo for photo in photos}
    lengths = [p.hair_length_mm for p in sorted(photos, key=_day) if p.hair_length_mm]
    usual_length = lengths[0] if lengths else None
    observations = []
    for measurement in measurements:
        result = measurement.result
        if not isinstance(result, Measured) or measurement.taken_on is None:
            continue
        flags = list(result.flags)
        photo = by_id.get(measurement.photo_id)
        close = photo is not None and photo.kind is PhotoKind.CLOSEUP
        if photo is not None and photo.wet:
            flags.append("wet")
        if photo is not None and usual_length and photo.hair_length_mm:
            ratio = photo.hair_length_mm / usual_length
            if max(ratio, 1 / ratio) > LENGTH_RATIO_LIMIT and measurement.measurand == COVERAGE:
                flags.append("hair_length_differs")
        observations.append(
            Observation(
                taken_on=measurement.taken_on,
                region=measurement.region,
                measurand=measurement.measurand,
                value=result.value,
                std_uncertainty=result.std_uncertainty if close else error_between_photos(result),
                photo_id=measurement.photo_id,
                flags=tuple(dict.fromkeys(flags)),
            )
        )
    return tuple(observations)


def error_between_photos(result: Measured) -> float:
    """Return the part of an error by which photos of one head differ; what they share cancels in a course.

    The shared part stays in the depth of one hair, which every course leaves open.
    """
    return result.std_between_photos(UNSHARED_SHARE)


def _day(photo: Photo) -> tuple[bool, date, str]:
    return (photo.taken_on is None, photo.taken_on or date.max, photo.file)
