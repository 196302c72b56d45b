"""CPU seconds and memory of one photo of 12 megapixels, from file to coverage of its regions, bald and full of hair.

    .venv/bin/python validation/photo_cost.py | tee validation/results/photo_cost.txt

Photos of the `heads` set (CC BY 4.0, changed: enlarged to 3464 x 3464) of the least and the greatest level of baldness,
read by the program's own rooms in their order. Seconds are those of the processor, which other programs do not lengthen
much; each is the median of the rounds.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from hairtrack.ingest import PhotoSource, read_photo
from hairtrack.model import InputError, Photo, View
from hairtrack.pipeline.compare import Seen
from hairtrack.pipeline.look import look_at_pixels
from hairtrack.pipeline.numbers import measure_one
from hairtrack.pipeline.settings import Settings

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
HEADS = SHARED / "data" / "heads"
SIDE_PX = 3464
SETTINGS = Settings()


def chosen_photos(each: int) -> list[tuple[int, Path]]:
    """Return photos from above with the level of their head: as many of the least bald as of the baldest."""
    with (HEADS / "labels.csv").open(newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["file"].endswith("Top-Down.jpg")]
    rows.sort(key=lambda row: (int(row["level"]), row["file"]))
    return [(int(row["level"]), HEADS / "photos" / Path(row["file"]).name) for row in (*rows[:each], *rows[-each:])]


def seconds_of(path: Path) -> tuple[float, float, float]:
    """Return CPU seconds of reading a file, of finding head and hair and judging, and of its numbers."""
    start = time.process_time()
    loaded = read_photo(PhotoSource(path=path, file=path.name), today=None, settings=SETTINGS.ingest)
    if isinstance(loaded, Photo):
        raise InputError("cannot read the photo", where=str(path))
    loaded = replace(loaded, record=replace(loaded.record, view=View.TOP))
    read = time.process_time()
    look, pixels = look_at_pixels(loaded, settings=SETTINGS)
    looked = time.process_time()
    measure_one(Seen(look=look, pixels=pixels), settings=SETTINGS)
    return read - start, looked - read, time.process_time() - looked


def main() -> int:
    """Print one line a photo, and the most memory that the process took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=2, help="of the least bald, and of the baldest")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    print(f"validation/photo_cost.py --photos {chosen.photos} --rounds {chosen.rounds}", flush=True)
    for level, source in chosen_photos(chosen.photos):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "top.jpg"
            large = cv2.resize(cv2.imread(str(source)), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
            cv2.imwrite(str(path), large, [cv2.IMWRITE_JPEG_QUALITY, 92])
            del large
            seconds_of(path)  # the models are read once
            rounds = np.array([seconds_of(path) for _ in range(chosen.rounds)])
        read, looked, measured = np.median(rounds, axis=0)
        print(
            f"level {level}: {np.median(rounds.sum(axis=1)):.2f} CPU s (read {read:.2f}, head, hair and quality "
            f"{looked:.2f}, numbers {measured:.2f})",
            flush=True,
        )
    lines = Path("/proc/self/status").read_text().splitlines()
    peak_mb = int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) // 1024
    print(f"at most {peak_mb} MB, the program and the enlarging of the photos with it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
