"""The same hairs found again on simulated follow-ups of real close-ups, scored by the scorer beside the data.

    python ../shared/bench/make_followups.py --out /tmp/followups --seed 1 --level usual
    python validation/score_hair_matching.py --pairs /tmp/followups --out usual.txt

The pairs are made from pictures without a licence and stay where they were made.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align.closeup_registration import register_closeups
from hairtrack.align.hairs import CloseupView, HairMatchSettings, match_hairs
from hairtrack.model import Hair, HairMatch, RegistrationStatus
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts

DATES = ("baseline", "followup")
SCORED_EVERY = 12
SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))


def view_of(path: Path, settings: ShaftSettings) -> CloseupView:
    """Return a close-up with its hairs, at the device's nominal scale."""
    rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
    found = find_shafts(rgb8, px_per_mm=settings.nominal_px_per_mm, settings=settings)
    return CloseupView(file=path.name, rgb8=rgb8, hairs=found.hairs, px_per_mm=settings.nominal_px_per_mm)


def ends(hairs: tuple[Hair, ...]) -> list[dict[str, object]]:
    """Return hairs in the scorer's format."""
    return [{"root": hair.root_xy, "tip": hair.tip_xy} for hair in hairs]


def predicted(reference: CloseupView, moving: CloseupView, match: HairMatch) -> dict[str, object]:
    """Return a matched pair in the scorer's format."""
    fit = register_closeups(
        reference.rgb8,
        moving.rgb8,
        hairs=(reference.hairs, moving.hairs),
        px_per_mm=(reference.px_per_mm, moving.px_per_mm),
        settings=HairMatchSettings().registration,
    )
    hairs = {"reference": ends(reference.hairs), "moving": ends(moving.hairs)}
    matches = list(match.pairs)
    for again in match.found_again:  # further hairs, which stand behind those that were read
        overlooked = "moving" if again.moving is None else "reference"
        hairs[overlooked].append({"root": again.root_xy, "tip": again.tip_xy})
        new = len(hairs[overlooked]) - 1
        matches.append(
            (new if again.reference is None else again.reference, new if again.moving is None else again.moving)
        )
    return {
        "trusted": match.status is RegistrationStatus.ACCEPTED,
        "matrix": None if fit.matrix is None else fit.matrix.tolist(),
        "baseline_hairs": hairs["reference"],
        "followup_hairs": hairs["moving"],
        "matches": matches,
        "lost": match.lost,
        "gained": match.gained,
    }


def score_table(pairs: Path, truth: dict[str, dict[str, object]], predictions: dict[str, dict[str, object]]) -> str:
    """Return what the scorer beside the data prints of the pairs that were predicted."""
    with tempfile.TemporaryDirectory() as folder:
        where = {
            name: {**truth[name], **{key: str((pairs / str(truth[name][key])).resolve()) for key in DATES}}
            for name in predictions
        }
        (Path(folder) / "truth.json").write_text(json.dumps({"pairs": where}))
        file = Path(folder) / "predictions.json"
        file.write_text(json.dumps({"pairs": predictions}))
        return subprocess.run(  # noqa: S603 the scorer beside the data
            [
                sys.executable,
                str(SHARED / "bench" / "score_matching.py"),
                *("--pairs", folder, "--predictions", str(file)),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def main() -> None:
    """Predict every pair and score; the table is written anew every few pairs, and printed at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--first", type=int, default=0, help="first pair to judge")
    parser.add_argument("--last", type=int, help="the pair before which to stop")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    file = json.loads((arguments.pairs / "truth.json").read_text(encoding="utf-8"))
    truth = dict(list(file["pairs"].items())[arguments.first : arguments.last])
    predictions, covered, half_widths, spent_s = {}, 0, [], []
    rows: list[str] = []
    for done, (name, pair) in enumerate(truth.items(), start=1):
        reference, moving = (view_of(arguments.pairs / pair[key], ShaftSettings()) for key in DATES)
        begun = time.process_time()
        match = match_hairs(reference, moving, settings=HairMatchSettings())
        spent_s.append(time.process_time() - begun)
        predictions[name] = predicted(reference, moving, match)
        if pair["same_spot"] and match.count_change is not None:
            low, high = match.count_change.interval95
            half_widths.append(50 * (high - low))
            covered += low <= pair["counts"]["change"] / max(1, pair["counts"]["baseline"]) <= high
        if done % SCORED_EVERY and done < len(truth):
            continue
        table = score_table(arguments.pairs, truth, predictions)
        rows = [f"level {file['level']}, seed {file['seed']}: pairs {arguments.first} to {arguments.first + done - 1}"]
        rows += [line.rstrip() for line in table.splitlines() if not line.endswith(" s")]
        rows.append(f"intervals of the count change that hold the truth: {covered} of {len(half_widths)}")
        rows.append(f"mean half width of these intervals: {np.mean(half_widths):.1f} % of the hairs")
        rows.append(f"CPU of matching a pair that was read: median {np.median(spent_s):.2f} s")
        if arguments.out:
            arguments.out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
