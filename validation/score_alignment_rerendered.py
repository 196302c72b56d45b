"""Align follow-ups that were drawn anew: one 3-D head, other hair, pose and light; only skin and its marks are shared.

    python validation/score_alignment_rerendered.py --heads 4 --out validation/results/alignment_rerendered.txt

Re-warped photos flatter every method, since both share their pixels. Here each photo is rendered from the head by
itself. For every follow-up: the tier reached by pictures alone, and by six marked points alone (standard error 1.5 px),
with the true error in mm over scalp points that both photos show and the map vouches for. `untouched` is the error of
laying the photos on each other as they are. The heads bear a transplant at month 0: stubble at 0.4, shed by 3, grown
by 12.
"""

import argparse
import dataclasses
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, register
from hairtrack.imaging.photo import working_image
from hairtrack.model import RegionName, View
from hairtrack.segment.head import find_head
from hairtrack.synth.cases import CasePlan, Visit, marked_points, render_visit
from hairtrack.synth.history import Course, Transplant
from hairtrack.synth.photo import RenderedPhoto
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp, normal_of, on_scalp

MONTHS = (0.0, 0.4, 3.0, 12.0)
LENGTHS_MM = (3.0, 22.0)
SIZE_PX = (1000, 1000)


def plan_of(number: int) -> CasePlan:
    """Return a synthetic patient: skin, hair, hair length and thinning differ by number."""
    tones, hairs = list(SKIN_TONES.values()), list(HAIR_COLOURS.values())
    scalp = grow_scalp(SkinAndHair(skin=tones[number % len(tones)], hair=hairs[number % len(hairs)]), seed=40 + number)
    left = {RegionName.FRONTAL: 0.15, RegionName.MIDSCALP: 0.3, RegionName.VERTEX: 0.35}
    transplant = Transplant(regions=(RegionName.FRONTAL,), hairs_per_cm2=45.0)
    course = Course(native_share=left, transplant=transplant, length_mm=LENGTHS_MM[number % 2])
    return CasePlan(
        patient_id=f"head {number}",
        scalp=scalp,
        course=course,
        operated_on=date(2025, 1, 10),
        visits=tuple(Visit(month=month) for month in MONTHS),
        size_px=SIZE_PX,
        seed=90 + number,
    )


def input_of(photo: RenderedPhoto, name: str) -> AlignmentInput:
    """Return a drawn photo as alignment sees it, without marks."""
    working = working_image(photo.rgb8)
    head = find_head(working.rgb8, view=View.TOP)
    mask = None if head.refused else head.mask
    return AlignmentInput(file=name, working=working, head_mask=mask, view=View.TOP, px_per_mm=photo.truth.px_per_mm)


def seen_places(photo: RenderedPhoto, points_xyz: np.ndarray) -> np.ndarray:
    """Return which points of the head face the camera, well clear of the rim."""
    towards = photo.truth.camera.place_xyz - points_xyz
    facing = (normal_of(points_xyz) * towards).sum(axis=1) / np.linalg.norm(towards, axis=1)
    return facing > 0.4  # noqa: PLR2004 66 degrees: beyond, skin is seen edge on


def main() -> None:
    """Print and write one row a follow-up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    lines = [f"command: score_alignment_rerendered.py --heads {arguments.heads}"]
    for number in range(arguments.heads):
        plan = plan_of(number)
        photos = [render_visit(plan, visit, View.TOP) for visit in plan.visits]
        points_xyz = on_scalp(np.random.default_rng(5), 1500)
        rng = np.random.default_rng([7, number])
        inputs = [input_of(photo, f"month {month:g}") for photo, month in zip(photos, MONTHS, strict=True)]
        marks = [marked_points(photo.truth.camera, rng) for photo in photos]
        scale = photos[0].truth.px_per_mm
        for follow_up in range(1, len(MONTHS)):
            both = seen_places(photos[0], points_xyz) & seen_places(photos[follow_up], points_xyz)
            here, there = (photos[k].truth.camera.project(points_xyz[both]) for k in (0, follow_up))
            untouched = np.median(np.linalg.norm(here - there, axis=1)) / scale
            row = f"head {number} month {MONTHS[follow_up]:4g}: untouched {untouched:5.1f} mm"
            for kind in ("pictures", "marks"):
                pair = [
                    dataclasses.replace(inputs[k], landmarks_xy=marks[k], head_mask=None)
                    if kind == "marks"
                    else inputs[k]
                    for k in (0, follow_up)
                ]
                found = register(*pair)
                error = np.linalg.norm(found.moving_from_reference(here) - there, axis=1) / scale
                known = error[np.isfinite(error)]
                row += f" | {kind}: {found.tier.value}"
                if len(known):
                    row += (
                        f" median {np.median(known):.2f}, P95 {np.percentile(known, 95):.2f} mm"
                        f" (expected {found.record.expected_error_mm:.2f}, rms {np.sqrt((known**2).mean()):.2f},"
                        f" on {np.isfinite(error).mean():.0%})"
                    )
            print(row, flush=True)
            lines.append(row)
    if arguments.out is not None:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
