"""Write the evidence that pairs reach which must never be aligned: different heads, other views, mirrored photos.

    python validation/alignment_null.py --pairs 200 --seed 1 --out validation/results/alignment_null.json

Photos of `../shared/data/heads` (CC BY 4.0, see its ATTRIBUTION.md): 67 heads in five views, unchanged, with head
masks of ours. Subjects are split by number into half a, on which thresholds may be set, and half b, on which they are
reported; no pair mixes the halves. Kinds of pairs, in turn:

different   two heads, the same view
other_view  one head, two views
mirrored    one photo and its mirror image
"""

import argparse
import json
import os
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, AlignSettings
from hairtrack.align.gate import Doubt, doubt_about
from hairtrack.align.register import propose
from hairtrack.imaging.photo import WorkingImage
from score_alignment_predictions import VIEWS, read_input

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
KINDS = ("different", "other_view", "different", "mirrored")


def half_of(name: str) -> str:
    """Return the half of a photo's subject, as the maker of head pairs splits them."""
    subject = int(name.split("-")[1])
    return "a" if subject // 2 % 2 == 0 else "b"


def mirrored(photo: AlignmentInput) -> AlignmentInput:
    """Return the photo's mirror image."""
    flipped = np.ascontiguousarray(photo.working.rgb8[:, ::-1])
    head = None if photo.head_mask is None else np.ascontiguousarray(photo.head_mask[:, ::-1])
    working = WorkingImage(rgb8=flipped, full_per_working=1.0, full_shape=flipped.shape[:2])
    return AlignmentInput(file=f"{photo.file}, mirrored", working=working, head_mask=head, view=photo.view)


def draw_pair(kind: str, names: list[str], rng: np.random.Generator) -> tuple[str, str]:
    """Return two file names of a kind of pair; for `mirrored` the same one twice."""
    first = names[rng.integers(len(names))]
    level, subject, view = Path(first).stem.split("-", 2)
    same_head = [n for n in names if n.startswith(f"{level}-{subject}-") and n != first]
    same_view = [n for n in names if n.endswith(f"-{view}.jpg") and not n.startswith(f"{level}-{subject}-")]
    choice = {"different": same_view, "other_view": same_head, "mirrored": [first]}[kind]
    return first, choice[rng.integers(len(choice))]


def main() -> None:
    """Write one row a pair and a summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    folder = SHARED / "data" / "heads" / "photos"
    halves = {h: sorted(p.name for p in folder.glob("*.jpg") if half_of(p.name) == h) for h in ("a", "b")}
    rng = np.random.default_rng(arguments.seed)
    settings = AlignSettings()
    rows: list[dict[str, object]] = []
    for number in range(arguments.pairs):
        half, kind = "ab"[number % 2], KINDS[number // 2 % len(KINDS)]
        names = draw_pair(kind, halves[half], rng)
        reference, moving = (read_input(folder / n, VIEWS[Path(n).stem.split("-", 2)[2]]) for n in names)
        proposal = propose(reference, mirrored(moving) if kind == "mirrored" else moving, settings)
        proposed = not isinstance(proposal, Doubt)
        rows.append(
            {
                "half": half,
                "kind": kind,
                "photos": names,
                "proposed": proposed,
                "accepted": proposed and doubt_about(proposal.evidence, settings) is None,
                "scores": dict(proposal.evidence.as_scores()) if proposed else {},
            }
        )
        command = f"alignment_null.py --pairs {arguments.pairs} --seed {arguments.seed}"
        text = json.dumps({"command": command, "rows": rows}, indent=0)
        arguments.out.write_text(f"{text}\n", encoding="utf-8")  # after each pair: a long run can be stopped
    counts = Counter((r["half"], r["kind"], "proposed" if r["proposed"] else "no map") for r in rows)
    accepted = Counter((r["half"], r["kind"]) for r in rows if r["accepted"])
    for key in sorted(counts):
        print(*key, counts[key])
    print("accepted:", {"/".join(k): n for k, n in sorted(accepted.items())} or "none", "of", len(rows))


if __name__ == "__main__":
    main()
