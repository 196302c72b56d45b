"""Whether grafts point the wrong way: a question of morphology, apart from density."""

import math
from collections.abc import Iterable

from hairtrack.knowledge import Knowledge
from hairtrack.model import Observation, RegionName

EXIT_ANGLE = "exit_angle_deg"
DIRECTION_DIFFERENCE = "direction_difference_deg"
LEAST_READINGS_SURE = 0.95
"""The most that one reading may say; two that agree may say more."""


def direction_fault_probability(
    observations: Iterable[Observation], region: RegionName, *, knowledge: Knowledge
) -> float:
    """Return the probability that hairs of a region leave at a wrong angle or against their neighbours.

    Readings of each measurand are averaged; the standard error is that of the mean, with one published limit for the
    exit angle and one for the difference to neighbouring hair.
    """
    usual_error = knowledge.value("direction.exit_angle_error_deg")
    limits = {
        EXIT_ANGLE: knowledge.value("direction.exit_angle_wrong_deg"),
        DIRECTION_DIFFERENCE: knowledge.value("direction.opposed_deg"),
    }
    highest = 0.0
    for measurand, limit in limits.items():
        own = [o for o in observations if o.region is region and o.measurand == measurand]
        if not own:
            continue
        mean = sum(o.value for o in own) / len(own)
        errors = [usual_error if o.std_uncertainty is None else max(o.std_uncertainty, 0.5) for o in own]
        error = math.sqrt(sum(e * e for e in errors)) / len(own)
        beyond = 0.5 * math.erfc((limit - mean) / (error * math.sqrt(2)))
        highest = max(highest, min(beyond, LEAST_READINGS_SURE if len(own) == 1 else 1.0))
    return highest
