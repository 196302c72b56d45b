"""How much hair there is against an earlier date, from two coverages alike in all else."""

from math import exp, hypot, log, log1p

from hairtrack.measure.told import Z95
from hairtrack.model import LENGTH_RATIO_LIMIT, ErrorSource, Measured, NotMeasured

METHOD = "relative_hair_density@3"
LEAST_COVERAGE = 0.05
"""Below it the first date has nothing to compare with: the error of coverage is as large as coverage."""

MOST_COVERAGE = 0.95
"""Above it hair hides hair: a change of 0.01 in coverage stands for 7 % of the strands and more."""

WIDEST_RATIO = 8.0
"""An interval of which one end is this many times the other tells nothing."""

SHORTEST_MM = 0.1
"""Closer no razor shaves."""

UNSHARED_SHARE = 0.35
"""Part of the error of telling hair from skin by which photos of one head differ; the rest is the same on both and
cancels (validation/results/outcome_photo_errors.txt)."""


LINK_EXPONENT, LINK_EXPONENT_STD = 0.6, 0.3
"""Power of the length of hair with which the optical depth of its coverage grows, and its standard error from head to
head. Strands laid flat at random would have 1; hair that stands up, keeps to its locks or hangs over the rim of the
region has less, and coverage as it is read sees two thirds of the change (validation/results/hair_length_link.txt)."""

LINKED_RATIO_LIMIT = 2.0
"""Lengths that differ by more are not linked: the link was drawn for hair cut to six tenths."""


def relative_hair_density(now: Measured, before: Measured, *, length_ratio: float = 1.0) -> Measured | NotMeasured:
    """Return ln(1 - c) / ln(1 - c0), the ratio of hair areas that hide that much scalp when laid at random.

    Strands laid at random (a Boolean model) of total projected area a on a unit of scalp hide 1 - exp(-a) of it
    (Chiu et al., Stochastic Geometry, 3rd ed. 2013, ch. 3). Higher is more, thicker or longer hair: it is a ratio of
    hair numbers only when length, thickness and style are the same. The ends of the interval come from the ends of
    both coverages' intervals (MOVER: Donner & Zou 2012, doi 10.1177/0962280210380041), so that it is wide upwards near
    full cover, and unbounded where an interval reaches it. What both photos of one head share of the error of telling
    hair from skin is left out, unless hair and skin can hardly be told apart. What longer or shorter hair does to the
    optical depth is taken out by the link `length_ratio ** LINK_EXPONENT`, whose error is a source of its own.

    Parameters
    ----------
    now, before
        `coverage_fraction` of the same region by the same method.
    length_ratio
        How many times as long the hair is now.
    """
    absence = _why_not(now, before)
    if absence is not None:
        return absence
    depths = [_depth_with_ends(cover) for cover in (now, before)]
    (log_now, low_now, high_now), (log_before, low_before, high_before) = depths
    middle = log_now - log_before - LINK_EXPONENT * log(length_ratio)
    link_std = LINK_EXPONENT_STD * abs(log(length_ratio))
    below = hypot(log_now - low_now, high_before - log_before, Z95 * link_std)
    above = hypot(high_now - log_now, log_before - low_before, Z95 * link_std)
    if below + above > log(WIDEST_RATIO):
        return NotMeasured(
            reason="the coverages are too uncertain, or too near to none or all, to tell a ratio",
            remedy="count hairs on a close-up of the region",
            flags=("saturated",),
        )
    value = exp(middle)
    low, high = value * exp(-below), value * exp(above)
    errors = {
        name: (ends[2] - ends[1]) / (2 * Z95) * value
        for name, ends in zip(("coverage_now", "coverage_before"), depths, strict=True)
    }
    if link_std > 0:
        errors["hair_length"] = link_std * value
    return Measured(
        value=value,
        unit="1",
        std_uncertainty=(high - low) / (2 * Z95),
        interval95=(low, high),
        method=METHOD,
        flags=tuple(sorted({*now.flags, *before.flags})),
        error_sources=tuple(ErrorSource(name=name, std_uncertainty=part) for name, part in errors.items()),
        area_seen_fraction=min(now.area_seen_fraction, before.area_seen_fraction),
    )


def length_ratio_of(before_mm: float | None, now_mm: float | None) -> float | None:
    """Return how many times as long hair is now, None when one of the lengths is not known."""
    if before_mm is None or now_mm is None:
        return None
    return max(now_mm, SHORTEST_MM) / max(before_mm, SHORTEST_MM)


def not_comparable(
    *,
    lengths_mm: tuple[float | None, float | None],
    wet: tuple[bool | None, bool | None],
    longest_ratio: float = LENGTH_RATIO_LIMIT,
) -> NotMeasured | None:
    """Return why the hair of two dates may not be compared by coverage, None when it may.

    Parameters
    ----------
    lengths_mm, wet
        Of either date, as told or measured; None when nobody knows.
    longest_ratio
        By which factor the lengths may differ: what the estimator bears.
    """
    first, second = lengths_mm
    if first is None or second is None:
        return NotMeasured(
            reason="the hair length of one of the dates is not known",
            remedy="give hair_length_mm of both photos in case.toml",
            flags=("hair_length_unknown",),
        )
    if max(first, second) > longest_ratio * max(min(first, second), SHORTEST_MM):
        return NotMeasured(
            reason="the hair was cut to different lengths",
            remedy="take the next photo with the hair as long as on the first one",
            flags=("hair_length_differs",),
        )
    if bool(wet[0]) != bool(wet[1]):
        return NotMeasured(
            reason="the hair was wet on one of the dates",
            remedy="photograph dry hair on every date",
            flags=("wet",),
        )
    return None


def _why_not(now: Measured, before: Measured) -> NotMeasured | None:
    if now.method != before.method:
        return NotMeasured(
            reason=f"coverages by two methods, {before.method} and {now.method}",
            remedy="measure both photos again with this version",
            flags=("method_changed",),
        )
    for cover in (now, before):
        if not LEAST_COVERAGE <= cover.value <= MOST_COVERAGE:
            word = "nearly bare" if cover.value < LEAST_COVERAGE else "fully covered, so that hair hides hair"
            return NotMeasured(
                reason=f"the region is {word} on one of the dates",
                remedy="count hairs on a close-up of the region",
                flags=("saturated",),
            )
    return None


def _depth_with_ends(cover: Measured) -> tuple[float, float, float]:
    """Return the logarithm of the optical depth of a coverage, and of the ends of its interval."""
    reach = Z95 * cover.std_between_photos(UNSHARED_SHARE)
    ends = (cover.value, max(cover.value - reach, 1e-3), min(cover.value + reach, 1 - 1e-6))
    value, low, high = (log(-log1p(-end)) for end in ends)
    return value, low, high
