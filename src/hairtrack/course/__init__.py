"""Change and smallest detectable change; expected course per treatment; the trajectory model."""

from hairtrack.course.band import expected_band
from hairtrack.course.change import changes, observations_of, smallest_detectable_change
from hairtrack.course.clock import RegionClock, clock_of
from hairtrack.course.follow import follow, follow_many, follow_under, regions_of
from hairtrack.course.settings import CourseSettings

__all__ = [
    "CourseSettings",
    "RegionClock",
    "changes",
    "clock_of",
    "expected_band",
    "follow",
    "follow_many",
    "follow_under",
    "observations_of",
    "regions_of",
    "smallest_detectable_change",
]
