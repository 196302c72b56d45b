"""How much hair there is against an earlier date, from two coverages alike in all else."""

from math import log1p, sqrt

from hairtrack.model import ErrorSource, Measured, NotMeasured

METHOD = "relative_hair_density@1"
Z95 = 1.96
LEAST_COVERAGE = 0.05
"""Below it the first date has nothing to compare with: the error of coverage is as large as coverage."""

MOST_COVERAGE = 0.95
"""Above it hair hides hair: a change of 0.01 in coverage stands for 7 % of the strands and more."""


def relative_hair_density(now: Measured, before: Measured) -> Measured | NotMeasured:
    """Return ln(1 - c) / ln(1 - c0), the ratio of hair areas that hide that much scalp when laid at random.

    Strands laid at random (a Boolean model) of total projected area a on a unit of scalp hide 1 - exp(-a) of it
    (Chiu et al., Stochastic Geometry, 3rd ed. 2013, ch. 3). Higher is more, thicker or longer hair: it is a ratio of
    hair numbers only when length, thickness and style are the same. Its error is unbounded towards full cover; both
    coverages are taken as independent, which overstates it when they share a bias.

    Parameters
    ----------
    now, before
        `coverage_fraction` of the same region by the same method.
    """
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
    value = log1p(-now.value) / log1p(-before.value)
    parts = {
        name: value * cover.std_uncertainty / abs((1 - cover.value) * log1p(-cover.value))
        for name, cover in (("coverage_now", now), ("coverage_before", before))
    }
    std = sqrt(sum(part**2 for part in parts.values()))
    return Measured(
        value=value,
        unit="1",
        std_uncertainty=std,
        interval95=(max(0.0, value - Z95 * std), value + Z95 * std),
        method=METHOD,
        flags=tuple(sorted({*now.flags, *before.flags})),
        error_sources=tuple(ErrorSource(name=name, std_uncertainty=part) for name, part in parts.items()),
        area_seen_fraction=min(now.area_seen_fraction, before.area_seen_fraction),
    )
