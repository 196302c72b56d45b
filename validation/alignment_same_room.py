"""Two different heads before one unmoved room, which must never be laid on each other.

    python validation/alignment_same_room.py --pairs 300 --out validation/results/alignment_same_room.txt

Photos of `../shared/data/heads` (part b of the benchmark's subjects), each head put before one of four rooms as the
benchmark does it for its pairs, without a second change: the room is the same to the pixel but for noise, light and
blur of each exposure, which is harder than a real wall. Every photo is prepared once a room and held against others of
its view; all tiers are asked, in the order of `register`.
"""

import argparse
import os
import sys
import time
from collections import Counter
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, AlignSettings
from hairtrack.align.gate import Doubt, doubt_about
from hairtrack.align.head_tier import HeadViews, compare_heads, head_views, is_believed
from hairtrack.align.proposal import Prepared, prepare, propose
from hairtrack.imaging.photo import working_image
from hairtrack.segment.head import find_head
from score_alignment_predictions import VIEWS

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
SETTINGS = AlignSettings()
LONG_SIDE_PX = 1024
ROOMS = 4


@lru_cache(maxsize=64)
def prepared(name: str, room: str) -> tuple[Prepared, HeadViews] | None:
    """Return a head before a room, ready to be matched by the scalp and as a whole; None where no head is found."""
    sys.path.insert(0, str(SHARED / "bench"))
    import make_head_pairs as made  # noqa: PLC0415 lies beside the data
    import pairsynth as ps  # noqa: PLC0415

    photos = SHARED / "data" / "heads" / "photos"
    ellipses = made.read_ellipses(SHARED / "bench" / "head_ellipses.json", "b")
    bgr8, ellipse = made.read_photo(photos, name, ellipses[name], LONG_SIDE_PX)
    wall, _ = made.read_photo(photos, room, ellipses[room], LONG_SIDE_PX)
    exposure = np.random.default_rng([71, *name.encode()])
    picture = ps.make_baseline(bgr8, ellipse, exposure, wall)
    working = working_image(np.ascontiguousarray(picture[..., ::-1]))
    view = VIEWS[made.photo_parts(name)[2]]
    head = find_head(working.rgb8, view=view)
    if head.refused is not None:
        return None
    ready = prepare(AlignmentInput(file=name, working=working, view=view, head_mask=head.mask), SETTINGS)
    return None if isinstance(ready, Doubt) else (ready, head_views(working, head.mask, SETTINGS.head))


def outcome_of(one: str, other: str, room: str) -> str:
    """Return how far a pair came."""
    first, second = prepared(one, room), prepared(other, room)
    if first is None or second is None:
        return "no head found"
    proposal = propose(first[0], second[0], SETTINGS)
    if not isinstance(proposal, Doubt) and doubt_about(proposal.evidence, SETTINGS) is None:
        return "accepted by the scalp"
    if is_believed(compare_heads(first[1], second[1], SETTINGS.head), SETTINGS.head):
        return "accepted as whole heads"
    return "refused, no map of the scalp" if isinstance(proposal, Doubt) else "refused, a map but no belief"


def main() -> None:
    """Write counts as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    sys.path.insert(0, str(SHARED / "bench"))
    import make_head_pairs as made  # noqa: PLC0415 lies beside the data

    rng = np.random.default_rng(arguments.seed)
    names = list(made.read_ellipses(SHARED / "bench" / "head_ellipses.json", "b"))
    rooms = rng.choice(names, ROOMS, replace=False).tolist()
    # pairs that share photos follow each other, so that each photo is prepared once a room
    listed = [
        (one, other, rooms[room])
        for room in range(ROOMS)
        for view in made.VIEWS
        for one, other in combinations([n for k, n in enumerate(names) if n.endswith(f"-{view}.jpg")], 2)
        if made.photo_parts(one)[:2] != made.photo_parts(other)[:2] and rooms[room] not in (one, other)
    ]
    chosen = sorted(rng.choice(len(listed), min(arguments.pairs, len(listed)), replace=False).tolist())
    counts: Counter[str] = Counter()
    for number in chosen:
        counts[outcome_of(*listed[number])] += 1
        lines = [
            f"command: alignment_same_room.py --pairs {arguments.pairs} --seed {arguments.seed}",
            f"{counts.total()} pairs of different heads before one unmoved room, {len(names)} photos of part b:",
            *(f"  {count:4d} {outcome}" for outcome, count in sorted(counts.items())),
        ]
        if arguments.out is not None:
            arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    print(f"{time.process_time() / counts.total():.2f} CPU seconds a pair")


if __name__ == "__main__":
    main()
