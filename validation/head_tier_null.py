"""Write the evidence that the tier `head` gives for pairs that must not be aligned.

    python validation/head_tier_null.py --pairs 5200 --seed 1 --out validation/results/head_tier_null.csv

Photos of `../shared/data/heads` (CC BY 4.0, see its ATTRIBUTION.md): 67 heads in five views, with head masks of ours.
Subjects are split by number into half a, on which limits may be set, and half b, on which they are reported; no pair
mixes the halves. Kinds of pairs:

different   two heads, the same view
other_view  one head, two views, taken for the same view
mirrored    one photo and its mirror image

One row a pair; pairs that the coarse search ends have no scores beyond it. The transforms of a photo are made once and
held against many references, as the search allows.
"""

import argparse
import os
from itertools import cycle
from pathlib import Path

import cv2
import numpy as np

from alignment_null import half_of, mirrored
from hairtrack.align.head_search import likest_pose, turned_poses, upright_poses
from hairtrack.align.head_settings import HeadSettings
from hairtrack.align.head_tier import HeadViews, compare_heads, head_views, is_believed
from hairtrack.align.photos import AlignmentInput
from score_alignment_predictions import VIEWS, read_input

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
KINDS = ("different", "different", "other_view", "different", "mirrored", "different", "other_view", "different")
COLUMNS = "half,kind,reference,moving,start,mirrored_start,support,likeness,agreement,seen,accepted"


def views_of(photo: AlignmentInput, settings: HeadSettings) -> HeadViews | None:
    """Return a photo as the tier sees it; None where no head was found."""
    return None if photo.head_mask is None else head_views(photo.working, photo.head_mask, settings)


def partners(kind: str, moving: str, names: list[str]) -> list[str]:
    """Return the references that a photo may meet in a kind of pair."""
    level, subject, view = Path(moving).stem.split("-", 2)
    mine = [n for n in names if n.startswith(f"{level}-{subject}-")]
    if kind == "mirrored":
        return [moving]
    if kind == "other_view":
        return [n for n in mine if n != moving]
    return [n for n in names if n.endswith(f"-{view}.jpg") and n not in mine]


def row_of(half: str, kind: str, names: tuple[str, str], scores: dict[str, float], *, accepted: bool) -> str:
    """Return one line of the table; the coarse search alone leaves the other scores empty."""
    keys = ("head_start", "head_mirrored", "head_support", "head_likeness", "head_agreement", "head_seen")
    values = [f"{scores[key]:g}" if key in scores else "" for key in keys]
    return ",".join([half, kind, *names, *values, str(int(accepted))])


def main() -> None:
    """Write one row a pair and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    folder, settings = SHARED / "data" / "heads" / "photos", HeadSettings()
    search, least = settings.search, settings.gate.least_start
    seen: dict[str, HeadViews] = {}
    photos: dict[str, AlignmentInput] = {}
    for path in sorted(folder.glob("*.jpg")):
        photo = read_input(path, VIEWS[path.stem.split("-", 2)[2]])
        views = views_of(photo, settings)
        if views is not None:
            seen[path.name], photos[path.name] = views, photo
    halves = {h: [n for n in seen if half_of(n) == h] for h in ("a", "b")}
    rng = np.random.default_rng(arguments.seed)
    rows = [f"# head_tier_null.py --pairs {arguments.pairs} --seed {arguments.seed}", COLUMNS]
    order = cycle(rng.permutation(sorted(seen)))
    while len(rows) < arguments.pairs + 2:
        moving = str(next(order))
        half = half_of(moving)
        candidates: dict[bool, tuple] = {}
        for kind in KINDS:
            others = partners(kind, moving, halves[half])
            if not others:
                continue
            reference, flipped = others[rng.integers(len(others))], kind == "mirrored"
            laid = seen[moving]
            if flipped:
                laid = views_of(mirrored(photos[moving]), settings) or laid
            if flipped not in candidates:
                candidates[flipped] = (
                    *upright_poses(laid.coarse, search),
                    *turned_poses(laid.coarse, search),
                )
            start = likest_pose(seen[reference].coarse, candidates[flipped], search).likeness
            evidence = compare_heads(seen[reference], laid, settings) if start >= least else None
            scores = {"head_start": round(start, 3)} if evidence is None else dict(evidence.as_scores())
            accepted = is_believed(evidence, settings)
            rows.append(row_of(half, kind, (reference, moving), scores, accepted=accepted))
        arguments.out.write_text("\n".join(rows) + "\n", encoding="utf-8")  # a long run can be stopped


if __name__ == "__main__":
    main()
