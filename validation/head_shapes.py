#!/usr/bin/env python3
"""How sure, how solid, how near to the edges real heads are: where the limits of `segment.head` come from.

python validation/head_shapes.py --halves /tmp/halves | tee validation/results/head_shapes.txt
"""

import argparse
import os
import sys
from pathlib import Path

import cv2
import numpy as np

from hairtrack.segment.appearance import COARSE_LONG_SIDE_PX, lab_of, resized
from hairtrack.segment.classifier import EVEN, HAIR, SCALP
from hairtrack.segment.cover import places_of
from score_segmentation import reader_of
from train_pixel_classes import half_of, subject_of, view_of

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("HAIRTRACK_SHARED", HERE.parents[1] / "shared"))
NAMES = ("area", "solidity", "edge", "confidence", "chroma of the most colourful tenth")
QUANTILES = (0, 0.01, 0.02, 0.05, 0.5, 0.95, 0.98, 0.99, 1)


def main() -> int:
    """Print quantiles over every second photo, each read by the model of the other half."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--halves", type=Path, required=True)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    readers = {"B": reader_of(chosen.halves, "A"), "A": reader_of(chosen.halves, "B")}
    rows = []
    for path in sorted((SHARED / "data" / "heads" / "photos").glob("*.jpg"))[::2]:
        rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
        reader = readers[half_of(subject_of(path.name))]
        classes = places_of(rgb8, view=view_of(path.name), classifier=reader.classifier, network=reader.network).classes
        head = classes[..., SCALP] + classes[..., HAIR]
        outlines, _ = cv2.findContours((head > EVEN).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        if not outlines:
            continue
        outline = max(outlines, key=cv2.contourArea)
        filled = np.zeros(head.shape, np.uint8)
        cv2.drawContours(filled, [outline], -1, 1, cv2.FILLED)
        mask = filled > 0
        edge = np.r_[mask[0], mask[-1], mask[:, 0], mask[:, -1]].mean()
        solidity = mask.sum() / max(1.0, cv2.contourArea(cv2.convexHull(outline)))
        lab = lab_of(resized(rgb8, COARSE_LONG_SIDE_PX))
        chroma = np.quantile(np.hypot(lab[..., 1], lab[..., 2]), 0.9)
        rows.append((mask.mean(), solidity, edge, head[mask].mean(), chroma))
    print(f"{len(rows)} photos; quantiles {QUANTILES}")
    for name, values in zip(NAMES, np.array(rows).T, strict=True):
        print(f"{name:36s}", *(f"{q:.3f}" for q in np.quantile(values, QUANTILES)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
