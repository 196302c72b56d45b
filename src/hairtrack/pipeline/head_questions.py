"""Which numbers beside coverage are asked of which region of a head: those that the case gives reason for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from hairtrack.imaging.types import PointsXY
from hairtrack.imaging.warp import Warp
from hairtrack.knowledge import Knowledge
from hairtrack.measure.hairline import BROW, HAIRLINE
from hairtrack.measure.stubble import LONGEST_MM
from hairtrack.model import (
    Case,
    Landmark,
    Photo,
    PhotoKind,
    Region,
    RegionName,
    RegionRole,
    Tier,
    Treatment,
    View,
)
from hairtrack.pipeline.compare import Pair

PARTED_REGIONS = (RegionName.MIDSCALP, RegionName.FRONTAL)
PARTED_VIEWS = (View.TOP, View.FRONT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A measurand that is asked of a region on a photo.

    Parameters
    ----------
    measurand, region
        What is asked of what.
    treated
        For redness: every region on this photo that was treated, so that the rest of the head can be told.
    turned_deg
        For directions: by how much the photo is turned against its reference.
    marks
        For the hairline: points that a person marked on this photo.
    """

    measurand: str
    region: Region
    treated: tuple[Region, ...] = ()
    turned_deg: float = 0.0
    marks: tuple[Landmark, ...] = ()


def questions_about(
    photo: Photo, regions: Sequence[Region], *, pair: Pair | None, has_followups: bool, case: Case, knowledge: Knowledge
) -> tuple[Question, ...]:
    """Return what is asked of the regions of one photo; what the case gives no reason to ask is not asked.

    Parameters
    ----------
    photo
        A whole-head photo.
    regions
        Those that are followed in its view.
    pair
        How it lies on its reference; None for a reference.
    has_followups
        Whether other photos are laid on this one.
    case, knowledge
        Treatments and their windows of healing.
    """
    if photo.kind is not PhotoKind.GLOBAL:
        return ()
    on_scalp = has_followups if pair is None else pair.registration.tier is Tier.SCALP
    treated = tuple(region for region in regions if case.role_of(region.name) is not RegionRole.UNTREATED)
    asked = [Question(measurand="orientation_coherence", region=region) for region in regions]
    if photo.hair_length_mm is not None and photo.hair_length_mm <= LONGEST_MM:
        asked += [Question(measurand="stubble_texture", region=region) for region in regions]
    if on_scalp:
        asked += [
            Question(measurand="shaft_orientation_deg", region=region, turned_deg=turn_of(region, pair))
            for region in regions
        ]
    asked += [Question(measurand="patchiness", region=region) for region in regions if _may_be_patchy(case, region)]
    asked += [
        Question(measurand="redness_index", region=region, treated=treated)
        for region in regions
        if _heals(case, region.name, photo.taken_on, knowledge.value("adverse.transplant_redness_days"))
    ]
    asked += [
        Question(measurand="dark_crust_fraction", region=region)
        for region in regions
        if case.role_of(region.name) is RegionRole.RECIPIENT
        and _heals(case, region.name, photo.taken_on, 2 * knowledge.value("adverse.necrosis_to_day"))
    ]
    asked += [Question(measurand="whorl_position", region=r) for r in regions if r.name is RegionName.VERTEX]
    parted = [r for name in PARTED_REGIONS for r in regions if r.name is name and photo.view in PARTED_VIEWS]
    asked += [Question(measurand="part_width_mm", region=region) for region in parted[:1]]
    marks = tuple(mark for mark in case.landmarks if mark.file == photo.file and mark.name in {BROW, HAIRLINE})
    asked += [
        Question(measurand="hairline_position_mm", region=region, marks=marks)
        for region in regions
        if region.name is RegionName.FRONTAL_HAIRLINE and photo.view is View.FRONT
    ]
    return tuple(asked)


def _may_be_patchy(case: Case, region: Region) -> bool:
    """Return whether grafts were taken from a region or something was injected into it."""
    injected = any(treatment.kind.is_session_therapy for treatment in case.treatments_of(region.name))
    return injected or case.role_of(region.name) is RegionRole.DONOR


def _heals(case: Case, region: RegionName, day: date | None, most_days: float) -> bool:
    """Return whether a day lies within so many days after a procedure on a region."""
    if day is None:
        return False
    done = [d for t in case.treatments_of(region) if not t.kind.is_medicine for d in _days_of(t)]
    return any(0 <= (day - when).days <= most_days for when in done)


def _days_of(treatment: Treatment) -> tuple[date, ...]:
    return (*treatment.sessions, *((treatment.performed_on,) if treatment.performed_on else ()))


def turn_of(region: Region, pair: Pair | None) -> float:
    """Return by how many degrees a photo is turned against its reference where a region lies."""
    if pair is None or pair.warp is None:
        return 0.0
    return turned_by(pair.warp, np.asarray(region.polygon_xy))


def turned_by(warp: Warp, moving_xy: PointsXY) -> float:
    """Return the direction in which the reference's columns axis runs on the moving photo, degrees."""
    here = warp.reference_from_moving(moving_xy)
    here = here[np.isfinite(here).all(axis=1)]
    if len(here) == 0:
        return 0.0
    step = 0.1 * float(np.ptp(here, axis=0).max()) + 1.0
    ahead = np.array([step, 0.0])
    moved = warp.moving_from_reference(here + ahead) - warp.moving_from_reference(here - ahead)
    moved = moved[np.isfinite(moved).all(axis=1)]
    return float(np.degrees(np.arctan2(*moved.mean(axis=0)[::-1]))) if len(moved) else 0.0
