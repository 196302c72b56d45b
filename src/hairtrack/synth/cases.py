"""Whole synthetic cases on disk: photos, case.toml as a clinic would write it, truth.toml beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hairtrack.imaging.drawing import encode_jpeg
from hairtrack.imaging.types import PointsXY
from hairtrack.model import RegionName, View
from hairtrack.synth.camera import Camera, Lamp, Pose
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import Scalp
from hairtrack.synth.sensor import Sensor
from hairtrack.synth.strands import Style

DAYS_PER_MONTH = 30.4375
MARKING_ERROR_PX = 1.5
"""How far off a person marks a point, standard error."""

LANDMARKS_MM: dict[str, tuple[float, float, float]] = {
    "left_ear": (88.0, -6.0, -10.0),
    "right_ear": (-88.0, -6.0, -10.0),
    "forehead_left": (34.0, 82.0, 30.0),
    "forehead_right": (-34.0, 82.0, 30.0),
    "forehead_middle": (0.0, 90.0, 36.0),
    "whorl": (9.0, -53.0, 79.0),
}
"""Points of the head that a person finds on every photo from above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One day in front of the camera: months since the operation and the views taken."""

    month: float
    views: tuple[View, ...] = (View.TOP,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    """A synthetic patient.

    Parameters
    ----------
    patient_id
        Of the case.
    scalp, course
        The head, and what becomes of its hair.
    operated_on
        Month 0.
    visits
        When photos are taken.
    drawn
        Regions that the clinic drew on the first photo from above.
    planted
        Numbers on record: keys and values of the treatment in case.toml.
    size_px, quality
        Of the JPEG photos.
    care
        How well photos are re-taken: 1 is normal care, 0 a perfect stand.
    seed
        Of poses, lamps and noise.
    """

    patient_id: str
    scalp: Scalp
    course: Course
    operated_on: date
    visits: tuple[Visit, ...]
    drawn: tuple[RegionName, ...] = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
    planted: Mapping[str, float] = field(default_factory=dict)
    size_px: tuple[int, int] = (1100, 1100)
    quality: int = 84
    care: float = 1.0
    seed: int = 1


def write_case(folder: Path, plan: CasePlan) -> None:
    """Write the photos of a synthetic patient with case.toml and truth.toml; the same plan gives the same bytes."""
    shots = [(visit, view, render_visit(plan, visit, view)) for visit in plan.visits for view in visit.views]
    for visit, view, photo in shots:
        path = folder / photo_name(plan, visit, view)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_jpeg(photo.rgb8, quality=plan.quality))
    (folder / "case.toml").write_text(_case_toml(plan, shots), encoding="utf-8")
    (folder / "truth.toml").write_text(_truth_toml(plan, shots), encoding="utf-8")


def photo_name(plan: CasePlan, visit: Visit, view: View) -> str:
    """Return the path of a photo below the case folder."""
    return f"{day_of(plan, visit).isoformat()}/{view.value}.jpg"


def day_of(plan: CasePlan, visit: Visit) -> date:
    """Return the day of a visit."""
    return plan.operated_on + timedelta(days=round(visit.month * DAYS_PER_MONTH))


def render_visit(plan: CasePlan, visit: Visit, view: View) -> RenderedPhoto:
    """Return one photo of a plan: pose, lamp and lie of hair are that day's, follicles and marks the person's."""
    rng = np.random.default_rng([plan.seed, round(visit.month * 100) + 1000, list(View).index(view)])
    shot = shot_of_the_day(view, plan, rng)
    return render_global(plan.scalp, hair_on(plan.scalp, plan.course, month=visit.month), shot, rng=rng)


def shot_of_the_day(view: View, plan: CasePlan, rng: np.random.Generator) -> Shot:
    """Return how the photo of a day is taken with the plan's care."""
    care = plan.care
    lamp = np.array([0.2, 0.3, 0.9]) + care * rng.normal(0, 0.15, 3)
    warmth = care * float(rng.normal(0, 0.03))
    wall = np.array([0.30, 0.33, 0.36]) * (1 + care * rng.normal(0, 0.15))
    return Shot(
        view=view,
        size_px=plan.size_px,
        pose=Pose(
            turn_deg=care * float(rng.normal(0, 2.0)),
            tilt_deg=care * float(rng.normal(0, 2.5)),
            roll_deg=care * float(rng.normal(0, 2.5)),
            shift_fraction=(care * float(rng.normal(0, 0.015)), care * float(rng.normal(0, 0.015))),
            distance_factor=1 + care * float(rng.normal(0, 0.03)),
        ),
        lamp=Lamp(
            direction=(float(lamp[0]), float(lamp[1]), float(lamp[2])),
            colour=(1.0 + warmth, 0.97, 0.92 - warmth),
            exposure_ev=care * float(rng.normal(0, 0.1)),
        ),
        sensor=Sensor(),
        style=Style(combed_forward=0.35 + care * float(rng.normal(0, 0.04))),
        background=(float(wall[0]), float(wall[1]), float(wall[2])),
    )


Shots = Sequence[tuple[Visit, View, RenderedPhoto]]


def _case_toml(plan: CasePlan, shots: Shots) -> str:
    """Return case.toml: the patient, the operation, outlines on the first photo, marks on every photo from above."""
    rng = np.random.default_rng([plan.seed, 77])
    lines = ["# A synthetic patient: no such person exists.", "[patient]", f'id = "{plan.patient_id}"']
    lines += ['sex_at_birth = "male"', "birth_year = 1986", ""]
    if plan.course.transplant is not None:
        regions = ", ".join(f'"{name.value}"' for name in plan.course.transplant.regions)
        lines += ["[[treatments]]", 'kind = "fue"', f"performed_on = {plan.operated_on.isoformat()}"]
        lines += [f"recipient_regions = [{regions}]", 'donor_regions = ["occipital"]']
        lines += [f"{key} = {value}" for key, value in plan.planted.items()] + [""]
    first = next((shot for shot in shots if shot[1] is View.TOP), None)
    for name in plan.drawn if first else ():
        outline = first[2].truth.outline_of(name) if first else None
        if first and outline is not None:
            lines += ["[[regions]]", f'name = "{name.value}"', f'file = "{photo_name(plan, first[0], View.TOP)}"']
            lines += [f"polygon_xy = {_points(outline)}", ""]
    for visit, view, photo in shots:
        if view is View.TOP:
            for mark, (x, y) in marked_points(photo.truth.camera, rng).items():
                lines += ["[[landmarks]]", f'name = "{mark}"', f'file = "{photo_name(plan, visit, view)}"']
                lines += [f"xy = [{x:.1f}, {y:.1f}]", ""]
    return "\n".join(lines)


def marked_points(camera: Camera, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return where a person marks the landmarks on a photo, a little off."""
    places = camera.project(np.array(list(LANDMARKS_MM.values())))
    marked = places + rng.normal(0, MARKING_ERROR_PX, places.shape)
    return {name: (float(x), float(y)) for name, (x, y) in zip(LANDMARKS_MM, marked, strict=True)}


def _points(outline_xy: PointsXY) -> str:
    return "[" + ", ".join(f"[{x:.0f}, {y:.0f}]" for x, y in outline_xy) + "]"


def _truth_toml(plan: CasePlan, shots: Shots) -> str:
    """Return truth.toml: what each photo really shows."""
    lines = ["# What is true of this synthetic case: known because it was drawn."]
    if plan.course.transplant is not None:
        lines += [f"survival = {plan.course.transplant.survival}"]
        lines += [f"planted_hairs_per_cm2 = {plan.course.transplant.hairs_per_cm2}"]
    for visit, view, photo in shots:
        lines += ["", "[[photos]]", f'file = "{photo_name(plan, visit, view)}"', f"month = {visit.month}"]
        lines += [f"px_per_mm = {photo.truth.px_per_mm:.3f}", "[photos.coverage_fraction]"]
        lines += [f"{name.value} = {value:.4f}" for name, value in photo.truth.coverage.items()]
        lines += ["[photos.hairs_per_cm2]"]
        lines += [f"{name.value} = {value:.1f}" for name, value in photo.truth.hairs_per_cm2.items()]
    return "\n".join(lines) + "\n"
