"""Align made pairs of head photos with exact truth and write predictions for the scorer of the benchmark.

    python ../shared/bench/make_head_pairs.py --out pairs --part b --seed 21
    python validation/score_alignment_predictions.py --pairs pairs --out predictions
    python ../shared/bench/score_alignment.py --pairs pairs --predictions predictions

Only what an aligner may read is read: the two photos, their view and the points asked for. The head masks are ours
(`segment.find_head`). Points are given for refused pairs too, where a map was found: the scorer uses them only to count
good maps that were refused. A point outside the trusted part has the place that the map gives it, not vouched for.
"""

import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np

from alignment_predictors import predictors_of
from hairtrack.align import AlignmentInput, AlignSettings
from hairtrack.align.gate import Doubt, doubt_about, expected_error_fraction
from hairtrack.align.proposal import Proposal, prepare, propose
from hairtrack.align.remainder import sampled
from hairtrack.imaging.photo import working_image
from hairtrack.model import View
from hairtrack.segment.head import find_head

VIEWS = {"Top-Down": View.TOP, "Back": View.BACK, "Front": View.FRONT, "Left": View.LEFT, "Right": View.RIGHT}


def read_input(path: Path, view: View) -> AlignmentInput:
    """Return a photo with its head mask."""
    bgr8 = cv2.imread(str(path))
    if bgr8 is None:
        raise SystemExit(f"cannot read {path}")
    working = working_image(np.ascontiguousarray(bgr8[..., ::-1]))
    head = find_head(working.rgb8, view=view)
    return AlignmentInput(file=path.name, working=working, view=view, head_mask=None if head.refused else head.mask)


def proposed(reference: AlignmentInput, moving: AlignmentInput, settings: AlignSettings) -> Proposal | Doubt:
    """Return the map of a pair with its evidence, before the gate."""
    one, other = prepare(reference, settings), prepare(moving, settings)
    if isinstance(one, Doubt) or isinstance(other, Doubt):
        return one if isinstance(one, Doubt) else other
    return propose(one, other, settings)


def prediction(proposal: Proposal | Doubt, points_xy: np.ndarray, settings: AlignSettings) -> dict[str, object]:
    """Return one pair's answer in the scorer's format."""
    if isinstance(proposal, Doubt):
        return {"status": "refused", "reason": proposal.reason}
    step = settings.scalp.node_step_px
    doubt = doubt_about(proposal.evidence, settings)
    rows, columns = np.round(points_xy).astype(int).T[::-1]
    fraction = expected_error_fraction(proposal.evidence, settings.expected_error)
    return {
        "status": "refused" if doubt else "accepted",
        "reason": doubt.reason if doubt else None,
        "points": sampled(proposal.fit.view.nodes_xy, points_xy, step).round(3).tolist(),
        "trusted": proposal.trusted[rows, columns].tolist(),
        "predicted_error_px": fraction * proposal.copies.diameter_px * settings.expected_error.p95_over_standard_error,
        "scores": dict(proposal.evidence.as_scores()),
        "diameter_px": proposal.copies.diameter_px,
        "predictors": predictors_of(proposal, settings.scalp),
    }


def main() -> None:
    """Write one JSON a pair."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=None, help="pairs of this run; those already predicted are kept")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    settings = AlignSettings()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pairs = json.loads((arguments.pairs / "pairs.json").read_text(encoding="utf-8"))["pairs"]
    with np.load(arguments.pairs / "points.npz") as points:
        waiting = [pair for pair in pairs if not (arguments.out / f"{pair['id']}.json").exists()]
        for pair in waiting[: arguments.limit]:
            reference, moving = (
                read_input(arguments.pairs / pair[k], VIEWS[pair["view"]]) for k in ("baseline", "followup")
            )
            start = time.process_time()
            proposal = proposed(reference, moving, settings)
            spent = time.process_time() - start
            answer = prediction(proposal, points[pair["id"]].astype(np.float64), settings)
            answer["cpu_seconds"] = spent
            (arguments.out / f"{pair['id']}.json").write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main()
