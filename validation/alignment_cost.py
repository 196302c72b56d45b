"""Print the CPU time and the memory of aligning two 12-megapixel photos of one head.

    python validation/alignment_cost.py --out validation/results/alignment_cost.txt

A photo of `../shared/data/heads` enlarged to 12 megapixels, and the same turned by 5 degrees and darkened. Decoding,
finding the heads and the alignment are timed apart; memory is the peak of the whole process.
"""

import argparse
import os
import resource
import time
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, register
from hairtrack.imaging.photo import working_image
from hairtrack.model import View
from hairtrack.segment.head import find_head

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
SIZE_PX = 3464


def main() -> None:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", default="5-17-Top-Down.jpg")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    small = cv2.imread(str(SHARED / "data" / "heads" / "photos" / arguments.photo))
    before = cv2.resize(small, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_CUBIC)
    turn = cv2.getRotationMatrix2D((SIZE_PX / 2, SIZE_PX / 2), 5, 1)
    after = cv2.convertScaleAbs(cv2.warpAffine(before, turn, (SIZE_PX, SIZE_PX)), alpha=0.8)
    files = [cv2.imencode(".jpg", photo)[1] for photo in (before, after)]
    del small, before, after
    spent = {"decode and reduce": [], "find both heads": [], "align": []}
    for _ in range(arguments.rounds):
        clock = [time.process_time()]
        pictures = [working_image(cv2.cvtColor(cv2.imdecode(f, 1), cv2.COLOR_BGR2RGB)) for f in files]
        clock.append(time.process_time())
        heads = [find_head(picture.rgb8, view=View.TOP).mask for picture in pictures]
        clock.append(time.process_time())
        pair = [AlignmentInput(file="", working=p, head_mask=h) for p, h in zip(pictures, heads, strict=True)]
        found = register(*pair)
        clock.append(time.process_time())
        for name, seconds in zip(spent, np.diff(clock), strict=True):
            spent[name].append(float(seconds))
    lines = [f"alignment_cost.py --photo {arguments.photo} --rounds {arguments.rounds}: tier {found.tier.value}"]
    lines += [f"{name}: {np.median(seconds):.2f} CPU seconds" for name, seconds in spent.items()]
    lines.append(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print("\n".join(lines))
    if arguments.out is not None:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
