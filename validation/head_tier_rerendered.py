"""Align drawn follow-ups by the tier `head` alone: one head, other hair, hair length, pose, lamp, room and lie of hair.

    python validation/head_tier_rerendered.py --heads 16 --first 0 --out validation/results/head_tier_rerendered.csv

Each head is drawn anew at months 0, 3 and 12 of a transplant, the hair cut to a length drawn between 2 and 35 mm at
each visit, re-taken with normal care, from the top, the vertex, the back and the left. All pairs of visits of a view
are aligned. `untouched` is the error of laying the photos on each other as they are; errors are over places of the
scalp that both photos show. Each pair is offered a second time with the later photo mirrored, which must be refused.
Even heads may set limits, odd ones report.
"""

import argparse
import dataclasses
from datetime import date
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align.head_settings import HeadSettings
from hairtrack.align.head_tier import (
    compare_heads,
    head_views,
    is_believed,
    moving_from_reference,
)
from hairtrack.imaging.photo import working_image
from hairtrack.model import RegionName, View
from hairtrack.segment.head import find_head
from hairtrack.synth.cases import CasePlan, Visit, render_visit
from hairtrack.synth.history import Course, Transplant
from hairtrack.synth.photo import RenderedPhoto
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp, on_scalp
from score_alignment_rerendered import seen_places

MONTHS = (0.0, 3.0, 12.0)
VIEWS = (View.TOP, View.VERTEX, View.BACK, View.LEFT)
SHORTEST_MM, LONGEST_MM = 2.0, 35.0
SIZE_PX = (560, 560)
COLUMNS = (
    "head,view,months,untouched_mm,median_mm,p95_mm,rms_mm,radius_mm,start,mirrored_start,support,likeness,agreement,"
    "seen,accepted,mirror_image_support,mirror_image_accepted"
)


def photos_of(number: int, view: View) -> list[RenderedPhoto]:
    """Return the photos of one head from one view, oldest first."""
    rng = np.random.default_rng([31, number])
    tones, hairs = list(SKIN_TONES.values()), list(HAIR_COLOURS.values())
    colours = SkinAndHair(
        skin=tones[rng.integers(len(tones))],
        hair=hairs[rng.integers(len(hairs))],
        grey_fraction=float(rng.choice([0, 0, rng.random()])),
    )
    left = {
        RegionName.FRONTAL: float(rng.uniform(0.1, 0.9)),
        RegionName.MIDSCALP: float(rng.uniform(0.2, 1)),
        RegionName.VERTEX: float(rng.uniform(0.2, 1)),
    }
    plan = CasePlan(
        patient_id=f"head {number}",
        scalp=grow_scalp(colours, seed=500 + number),
        course=Course(
            native_share=left, transplant=Transplant(regions=(RegionName.FRONTAL,), hairs_per_cm2=45.0), length_mm=10.0
        ),
        operated_on=date(2025, 1, 10),
        visits=(),
        size_px=SIZE_PX,
        seed=700 + number,
    )
    lengths = np.exp(rng.uniform(np.log(SHORTEST_MM), np.log(LONGEST_MM), len(MONTHS)))
    return [
        render_visit(
            dataclasses.replace(plan, course=dataclasses.replace(plan.course, length_mm=float(length))),
            Visit(month=month),
            view,
        )
        for month, length in zip(MONTHS, lengths, strict=True)
    ]


def row_of(one: RenderedPhoto, other: RenderedPhoto, name: str, view: View, settings: HeadSettings) -> str:
    """Return one line of the table."""
    heads = [find_head(photo.rgb8, view=view) for photo in (one, other)]
    if any(head.refused for head in heads):
        return f"{name},no head"
    places = on_scalp(np.random.default_rng(5), 600)
    both = places[seen_places(one, places) & seen_places(other, places)]
    here, there = (photo.truth.camera.project(both) for photo in (one, other))
    scale = one.truth.px_per_mm
    untouched = np.median(np.linalg.norm(here - there, axis=1)) / scale
    still, laid = (
        head_views(working_image(p.rgb8), h.mask, settings) for p, h in zip((one, other), heads, strict=True)
    )
    flipped = head_views(
        working_image(np.ascontiguousarray(other.rgb8[:, ::-1])),
        np.ascontiguousarray(heads[1].mask[:, ::-1]),
        settings,
    )
    evidence, mirror = compare_heads(still, laid, settings), compare_heads(still, flipped, settings)
    mirror_accepted = is_believed(mirror, settings)
    mirror_part = f"{mirror.support if mirror else 0:.4f},{int(mirror_accepted)}"
    if evidence is None:
        return f"{name},{untouched:.2f},,,,,,,,,,,0,{mirror_part}"
    error = np.linalg.norm(moving_from_reference(here, still, laid, evidence.fit) - there, axis=1) / scale
    scores = dict(evidence.as_scores())
    keys = ("head_start", "head_mirrored", "head_support", "head_likeness", "head_agreement", "head_seen")
    values = [np.median(error), np.percentile(error, 95), np.sqrt((error**2).mean()), still.radius_working_px / scale]
    texts = [f"{untouched:.2f}", *(f"{v:.2f}" for v in values), *(f"{scores[key]:g}" for key in keys)]
    return ",".join([name, *texts, str(int(is_believed(evidence, settings))), mirror_part])


def main() -> None:
    """Write one row a pair."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heads", type=int, default=16)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    settings = HeadSettings()
    rows = [f"# head_tier_rerendered.py --heads {arguments.heads} --first {arguments.first}", COLUMNS]
    for number in range(arguments.first, arguments.first + arguments.heads):
        for view in VIEWS:
            photos = photos_of(number, view)
            for one, other in combinations(range(len(MONTHS)), 2):
                name = f"{number},{view.value},{MONTHS[one]:g}-{MONTHS[other]:g}"
                rows.append(row_of(photos[one], photos[other], name, view, settings))
        arguments.out.write_text("\n".join(rows) + "\n", encoding="utf-8")  # a long run can be stopped


if __name__ == "__main__":
    main()
