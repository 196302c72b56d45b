"""Hairs a cm² on a whole-head photo: what a close-up of the same region counted, carried to another date.

The style decides the estimator: cover of the scalp where hair is long enough to lie, stubble where it is shaved. Its
name is the method of the number.
"""

from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

FROM_COVER = "hair_density_by_cover_from_closeup@1"
FROM_STUBBLE = "hair_density_by_stubble_from_closeup@1"
MOST_DAYS = 14
"""Days between a close-up and the photo that it calibrates: hair grows 5 mm, and hardly any is lost or gained."""

NO_CLOSEUP = NotMeasured(
    reason="hairs cannot be counted on a photo of the head, and no close-up of the region tells how many there were",
    remedy="take a close-up of the same region on the day of a photo of the head",
    flags=("no_calibration",),
)


def carried_density(counted: Measured, ratio: Measured | NotMeasured, *, method: str) -> Measured | NotMeasured:
    """Return `hair_density_per_cm2` of a region on a date: the density counted on another, times what changed since.

    It is the density of the spot that was counted, as far as the region changed as a whole. Higher is more hairs.

    Parameters
    ----------
    counted
        `hair_density_per_cm2` of a close-up of the region.
    ratio
        Hair of the region on this date against the date of the close-up, length and style alike.
    method
        `FROM_COVER` or `FROM_STUBBLE`.
    """
    if isinstance(ratio, NotMeasured):
        return ratio
    return told(
        counted.value * ratio.value,
        {
            "closeup": counted.std_uncertainty * ratio.value,
            "ratio": counted.value * ratio.std_uncertainty,
        },
        method=method,
        unit=counted.unit,
        lowest=0.0,
        flags=tuple(sorted({*counted.flags, *ratio.flags})),
        area_seen_fraction=ratio.area_seen_fraction,
    )
