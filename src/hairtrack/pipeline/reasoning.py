"""Reasoning on numbers: the course of every region is followed, then judged; bands are drawn beside."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hairtrack.course import CourseSettings, expected_band, follow, follow_under
from hairtrack.knowledge import Knowledge, load
from hairtrack.model import Assessment, Case, ExpectedBand, RegionName, RegionRole
from hairtrack.model.posterior import Courses
from hairtrack.outcome import OutcomeSettings, judge

WHAT_IF_DRAWS = 500
"""Draws with which a case is followed again under each changed assumption, against the same draws unchanged."""

BAND_MEASURANDS = ("hair_density_per_cm2", "coverage_fraction", "relative_hair_density")


def assess(
    case: Case,
    *,
    knowledge: Knowledge | None = None,
    settings: OutcomeSettings | None = None,
    course_settings: CourseSettings | None = None,
) -> Assessment:
    """Return verdicts, alerts, notices and expected bands of a case from its observations, notes and dates alone.

    Raises
    ------
    InputError
        When an observation cannot be a number about a scalp; the message names the field.
    """
    knowledge = knowledge or load()
    courses = follow(case, knowledge=knowledge, settings=course_settings)
    asked = course_settings or CourseSettings()
    fewer = replace(asked, draws=min(asked.draws, WHAT_IF_DRAWS), finer_draws=0)

    def under(knowledges: Sequence[Knowledge]) -> Sequence[Courses]:
        return follow_under(case, knowledges=knowledges, settings=fewer)

    every = settings is not None and settings.every_assumption
    assessment = judge(case, courses, knowledge=knowledge, settings=settings, follow_under=under if every else None)
    bands = tuple(
        band
        for course in courses.regions
        for measurand in BAND_MEASURANDS
        for band in _band(
            case,
            course.region,
            measurand,
            started_on=course.started_on,
            knowledge=knowledge,
            course_settings=course_settings,
        )
    )
    return replace(assessment, bands=bands)


def _band(
    case: Case,
    region: RegionName,
    measurand: str,
    *,
    started_on: date | None,
    knowledge: Knowledge,
    course_settings: CourseSettings | None,
) -> tuple[ExpectedBand, ...]:
    if started_on is None or case.role_of(region) is RegionRole.UNTREATED:
        return ()
    before = [
        o for o in case.observations if o.region is region and o.measurand == measurand and o.taken_on <= started_on
    ]
    if not before:
        return ()
    value = sum(o.value for o in before) / len(before)
    repeatability = knowledge.value(f"measurands.{measurand}") * abs(value)
    errors = [repeatability if o.std_uncertainty is None else o.std_uncertainty for o in before]
    error = sum(e * e for e in errors) ** 0.5 / len(before)
    band = expected_band(
        case, region, measurand, baseline=(value, error), knowledge=knowledge, settings=course_settings
    )
    return () if band is None else (band,)
