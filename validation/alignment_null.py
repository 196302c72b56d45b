"""Write the evidence that pairs reach which must never be aligned: different heads, other views, mirrored photos.

    python validation/alignment_null.py --pairs 6000 --seed 1 --out validation/results/alignment_null.json

Photos of `../shared/data/heads` (CC BY 4.0, see its ATTRIBUTION.md): 67 heads in five views, unchanged, with head
masks of ours. Subjects are split by number into half a, on which thresholds may be set, and half b, on which they are
reported; no pair mixes the halves. All pairs of these kinds are listed, and so many of them drawn:

different   two heads, the same view
other_view  one head, two views
mirrored    one photo and its mirror image

Each photo is prepared once and held against all others. Rows are kept of pairs that got a map; the others are counted.
"""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, AlignSettings
from hairtrack.align.gate import Doubt, doubt_about
from hairtrack.align.proposal import Prepared, prepare, propose
from hairtrack.imaging.photo import WorkingImage
from score_alignment_predictions import VIEWS, read_input

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
SETTINGS = AlignSettings()


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


def pairs_of(names: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield kind and two file names of every null pair among photos, neighbours sharing photos."""
    for view in VIEWS:
        for one, other in combinations([n for n in names if n.endswith(f"-{view}.jpg")], 2):
            yield "different", one, other
    for subject in sorted({"-".join(n.split("-")[:2]) for n in names}):
        for one, other in combinations([n for n in names if n.startswith(f"{subject}-")], 2):
            yield "other_view", one, other
    for name in names:
        yield "mirrored", name, name


@lru_cache(maxsize=40)
def prepared(name: str, *, mirror: bool = False) -> Prepared | Doubt:
    """Return a photo ready to be matched."""
    photo = read_input(SHARED / "data" / "heads" / "photos" / name, VIEWS[Path(name).stem.split("-", 2)[2]])
    return prepare(mirrored(photo) if mirror else photo, SETTINGS)


def outcome_of(kind: str, one: str, other: str) -> tuple[str, dict[str, float]]:
    """Return how far a pair came, and its scores when it got a map."""
    reference, moving = prepared(one), prepared(other, mirror=kind == "mirrored")
    if isinstance(reference, Doubt) or isinstance(moving, Doubt):
        return "no head", {}
    proposal = propose(reference, moving, SETTINGS)
    if isinstance(proposal, Doubt):
        return "no map", {}
    doubt = doubt_about(proposal.evidence, SETTINGS)
    return "accepted" if doubt is None else "refused by the gate", dict(proposal.evidence.as_scores())


def main() -> None:
    """Write counts and one row a pair that got a map."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0, help="CPU minutes after which to stop")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    names = sorted(p.name for p in (SHARED / "data" / "heads" / "photos").glob("*.jpg"))
    listed = [(h, *pair) for h in ("b", "a") for pair in pairs_of([n for n in names if half_of(n) == h])]
    drawn = np.random.default_rng(arguments.seed).permutation(len(listed))[: arguments.pairs]
    counts: Counter[str] = Counter()
    rows: list[dict[str, object]] = []
    for number in sorted(drawn.tolist()):
        half, kind, one, other = listed[number]
        outcome, scores = outcome_of(kind, one, other)
        counts[f"half {half}, {kind}: {outcome}"] += 1
        if scores:
            rows.append({"half": half, "kind": kind, "photos": [one, other], "scores": scores})
        if time.process_time() > 60 * arguments.minutes:
            break
    command = f"alignment_null.py --pairs {arguments.pairs} --seed {arguments.seed} --minutes {arguments.minutes:g}"
    table = {"command": command, "pairs": counts.total(), "counts": dict(sorted(counts.items())), "rows": rows}
    arguments.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(table["counts"], indent=1))
    print(f"{counts.total()} of {len(listed)} pairs, {time.process_time() / counts.total():.2f} CPU seconds each")


if __name__ == "__main__":
    main()
