"""Share of hairs that grow, seen as their lengthening between two close-ups of one spot a few days apart."""

from dataclasses import dataclass

import numpy as np

from hairtrack.measure.closeup import NO_SCALE
from hairtrack.measure.share import counted_share
from hairtrack.model import Hair, HairMatch, Measured, NotMeasured, PixelScale, RegistrationStatus

FEWEST_DAYS, MOST_DAYS = 2, 3
"""Before, growth is too small to be seen; later the tips cross and leave the picture."""

SEEN_MM_PER_DAY = 0.2
"""Growth that must be seen on the growing hairs before any share is given; scalp hair in anagen grows 0.3-0.4 mm a day
(Saitoh et al., J Invest Dermatol 1970, 54:65)."""

GROWS_MM_PER_DAY = SEEN_MM_PER_DAY / 2
"""A hair grows when it is nearer to the growth that must be seen than to none."""

FEWEST_HAIRS = 20
"""Below, the interval of a share is wider than 0.4."""

FEWEST_GROWING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotOnDate:
    """The hairs of a close-up and its scale, None when unknown."""

    hairs: tuple[Hair, ...]
    scale: PixelScale | None


def measure_anagen(match: HairMatch, reference: SpotOnDate, moving: SpotOnDate, *, days: int) -> Measured | NotMeasured:
    """Return the share of hairs found on both dates that grew.

    Valid for two close-ups of one spot 2 to 3 days apart, the hair clipped before the first only. Higher: more hair in
    anagen. The interval is that of Wilson (1927) for a share; hairs that were clipped unevenly or lie steeper on one
    date than on the other add to it what `SEEN_MM_PER_DAY` leaves.

    Parameters
    ----------
    match
        The same hairs on both dates.
    reference, moving
        The earlier and the later close-up.
    days
        Between them.
    """
    if match.status is not RegistrationStatus.ACCEPTED:
        return NotMeasured(
            reason=match.reason or "the pictures do not show the same spot, or too little of it",
            remedy=match.registration.remedy or "show a spot with more hair",
        )
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        return NotMeasured(
            reason=f"growth is told from close-ups {FEWEST_DAYS} to {MOST_DAYS} days apart, and these are {days}",
            remedy="clip the spot, photograph it, and photograph it again 2 to 3 days later without clipping",
        )
    if reference.scale is None or moving.scale is None:
        return NO_SCALE
    before = np.array([_length_px(reference.hairs[i]) for i, _ in match.pairs]) / reference.scale.px_per_mm
    after = np.array([_length_px(moving.hairs[j]) for _, j in match.pairs]) / moving.scale.px_per_mm
    if len(before) < FEWEST_HAIRS:
        return NotMeasured(
            reason=f"only {len(before)} hairs were found whole on both dates",
            remedy="show a spot with more hair, clipped to 1 mm",
        )
    rate = (after - before) / days
    grows = rate >= GROWS_MM_PER_DAY
    if grows.sum() < FEWEST_GROWING or np.median(rate[grows]) < SEEN_MM_PER_DAY:
        return NotMeasured(
            reason=f"no growth of {SEEN_MM_PER_DAY} mm a day can be seen",
            remedy="clip the spot before the first close-up only, and take both with the lens on the skin",
        )
    return counted_share(int(grows.sum()), len(grows), method="anagen_fraction@1")


def _length_px(hair: Hair) -> float:
    return float(np.linalg.norm(np.diff(np.array(hair.centre_line_xy), axis=0), axis=1).sum())
