"""Pixels of hair on 80 crops of clipped scalp against masks drawn by hand: Dice, centre lines, covered share.

    python validation/closeups_on_clipped_crops.py --out validation/results

Crops of `../shared/data/hair_masks/clipped` (no licence: they are measured, nothing is kept). Limits were chosen
on the even ones, the odd ones are reported. Their scale is not known: shafts are about 5 px wide, as at 60 px/mm.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from hairtrack.segment.hair_pixels import hair_pixels
from hairtrack.segment.shaft_pixels import shaft_pixels

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2] / "shared"))
CLIPPED = SHARED / "data" / "hair_masks" / "clipped"
PX_PER_MM = 60.0


def scored(names: list[str]) -> str:
    """Return what the scorer beside the data says of some crops."""
    with tempfile.TemporaryDirectory() as folder:
        data, predictions = Path(folder) / "data", Path(folder) / "predictions" / "clipped"
        (data / "clipped").mkdir(parents=True)
        predictions.mkdir(parents=True)
        for kind in ("photos", "masks"):
            (data / "clipped" / kind).symlink_to(CLIPPED / kind)
        rows = (SHARED / "data" / "hair_masks" / "index.csv").read_text(encoding="utf-8").splitlines()
        kept = [row for row in rows if row.startswith("clipped,") and row.split(",")[1] in names]
        (data / "index.csv").write_text("\n".join([rows[0], *kept, ""]), encoding="utf-8")
        for name in names:
            rgb8 = np.asarray(
                cv2.cvtColor(cv2.imread(str(CLIPPED / "photos" / f"{name}.jpg")), cv2.COLOR_BGR2RGB), np.uint8
            )
            hair = hair_pixels(shaft_pixels(rgb8, np.zeros(rgb8.shape[:2], np.bool_), px_per_mm=PX_PER_MM))
            cv2.imwrite(str(predictions / f"{name}.png"), np.asarray(255 * hair, np.uint8))
        scorer = [sys.executable, str(SHARED / "bench" / "score_hair_masks.py"), "--sets", "clipped"]
        table = subprocess.run(  # noqa: S603 the scorer beside the data
            [*scorer, "--data", str(data), "--predictions", str(predictions.parent)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    return "\n".join(line.rstrip() for line in table.splitlines() if not line.endswith(" s"))


def main() -> None:
    """Predict, score and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the table")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    names = sorted(path.stem for path in (CLIPPED / "photos").glob("*.jpg"))
    halves = {"tuning half": names[0::2], "held-out half": names[1::2], "all": names}
    text = "\n".join([f"clipped crops, {name}\n{scored(half)}" for name, half in halves.items()] + [""])
    print(text)
    (arguments.out / "closeups_clipped_crops.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
