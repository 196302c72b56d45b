"""What stands on a head on a day: native hair that thins, grafts that shed, wait and grow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hairtrack.model import RegionName
from hairtrack.synth.scalp import (
    SEMI_AXES_MM,
    PointsXYZ,
    Scalp,
    direction_of,
    in_region,
    on_scalp,
    region_area_cm2,
)
from hairtrack.synth.strands import StandingHair

GROWTH_MM_PER_MONTH = 10.0
"""Scalp hair grows about 0.35 mm a day."""

STUBBLE_MM = 3.0
"""Length of a graft on the day of implantation."""

FADE_FROM, FADE_OVER = 0.40, 0.60
"""From which height down, and over which, in half axes, hair is cut ever shorter."""

EDGE = 0.07
"""Width, in units of the head's half axes, over which a thinned region fades into its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transplant:
    """An operation and what becomes of its grafts.

    Parameters
    ----------
    regions
        Where hairs are planted.
    hairs_per_cm2
        Planted density.
    survival
        Share of the planted hairs that grow again.
    median_months, steepness
        Clock of regrowth: the log-logistic course of the clinical tables, by which the visible result is judged.
    shed_month
        When half of the planted hair has fallen.
    donor_fraction
        Share of the occipital hairs taken.
    """

    regions: tuple[RegionName, ...] = (RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL)
    hairs_per_cm2: float = 80.0
    survival: float = 0.9
    median_months: float = 5.8
    steepness: float = 4.0
    shed_month: float = 0.75
    donor_fraction: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A person's hair over the years.

    Parameters
    ----------
    native_share
        Share of native hairs left in a region at month 0; 1 where none is named.
    native_loss_per_year
        Log rate of further loss in the thinned regions.
    transplant
        The operation at month 0, if any.
    length_mm
        To which hair is cut.
    faded
        Share of that length by which a barber takes it shorter above ears and nape.
    """

    native_share: Mapping[RegionName, float] = field(default_factory=dict)
    native_loss_per_year: float = 0.0
    transplant: Transplant | None = None
    length_mm: float = 22.0
    faded: float = 0.55


def hair_on(scalp: Scalp, course: Course, *, month: float) -> StandingHair:
    """Return the hairs that stand at a month since the operation; before month 0 there are no grafts."""
    native = _native(scalp, course, month)
    if course.transplant is None or month < 0:
        return native
    grafts = _grafts(scalp, course, course.transplant, month)
    return StandingHair(
        root_xyz=np.concatenate([native.root_xyz, grafts.root_xyz]),
        length_mm=np.concatenate([native.length_mm, grafts.length_mm]),
        thickness_um=np.concatenate([native.thickness_um, grafts.thickness_um]),
        is_grey=np.concatenate([native.is_grey, grafts.is_grey]),
    )


def _native(scalp: Scalp, course: Course, month: float) -> StandingHair:
    share = share_left(scalp.follicle_xyz, course, month=month)
    if course.transplant is not None and month >= 0:
        taken = in_region(RegionName.OCCIPITAL, scalp.follicle_xyz) & (scalp.clock < course.transplant.donor_fraction)
        share = np.where(taken, 0.0, share)
    stands = scalp.rank < share
    wear = 0.78 + 0.3 * scalp.clock[stands]
    wear *= 1 - course.faded * np.clip((FADE_FROM - direction_of(scalp.follicle_xyz[stands])[:, 2]) / FADE_OVER, 0, 1)
    return StandingHair(
        root_xyz=scalp.follicle_xyz[stands],
        length_mm=course.length_mm * wear,
        thickness_um=scalp.thickness_um[stands],
        is_grey=scalp.is_grey[stands],
    )


def share_left(points_xyz: PointsXYZ, course: Course, *, month: float) -> NDArray[np.float64]:
    """Return the share of native hair left at points of the head, with soft borders between regions."""
    directions = direction_of(points_xyz)
    share = np.ones(len(points_xyz))
    years = max(0.0, month) / 12
    for name, left in course.native_share.items():
        here = left * np.exp(-course.native_loss_per_year * years)
        share -= (1 - here) * _softly_in(name, directions)
    return np.clip(share, 0.0, 1.0)


def _softly_in(name: RegionName, directions: PointsXYZ) -> NDArray[np.float64]:
    """Return membership in a region, 0-1: the mean over a small ring of neighbours."""
    ring = [(0.0, 0.0, 0.0)] + [
        (EDGE * np.cos(angle), EDGE * np.sin(angle), 0.0) for angle in np.arange(0, 2 * np.pi, np.pi / 4)
    ]
    members = [in_region(name, (directions + np.array(step)) * SEMI_AXES_MM) for step in ring]
    return np.asarray(np.mean(members, axis=0))


def _grafts(scalp: Scalp, course: Course, transplant: Transplant, month: float) -> StandingHair:
    """Return the planted hairs that are to be seen at a month: not yet shed, or grown again."""
    rng = np.random.default_rng([scalp.seed, 3])
    places = on_scalp(rng, round(transplant.hairs_per_cm2 * 650))
    planted = np.zeros(len(places), np.bool_)
    for name in transplant.regions:
        planted |= in_region(name, places)
    roots = places[planted]
    wanted = sum(region_area_cm2(name) for name in transplant.regions) * transplant.hairs_per_cm2
    roots = roots[: round(wanted)]
    count = len(roots)
    shed = np.exp(rng.normal(np.log(transplant.shed_month), 0.2, count))
    lives = rng.random(count) < transplant.survival
    quantile = rng.uniform(0.01, 0.99, count)
    seen_from = transplant.median_months * (quantile / (1 - quantile)) ** (1 / transplant.steepness)
    emerges = np.maximum(seen_from - 1.0, shed + 0.7)
    growing = lives & (month >= emerges)
    length = np.where(growing, np.minimum(GROWTH_MM_PER_MONTH * (month - emerges) + 1.0, course.length_mm), STUBBLE_MM)
    fineness = np.clip(0.55 + 0.075 * (month - emerges), 0.55, 1.0)
    stands = growing | (month < shed)
    return StandingHair(
        root_xyz=roots[stands],
        length_mm=length[stands],
        thickness_um=(72 * np.where(growing, fineness, 1.0))[stands],
        is_grey=(rng.random(count) < scalp.colours.grey_fraction)[stands],
    )
