"""Large photos and large cases: what ingest needs of memory, and that it needs no more for many photos."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.ingest import IngestSettings, open_case, read_photo, settle

READ_AND_TELL_PEAK = """
import sys
from pathlib import Path
from hairtrack.ingest import load_photo
photo = load_photo(sys.argv[1])
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(*photo.shape, peak)
"""
"""The peak is that of the process's own memory: `ru_maxrss` would also count the suite that started it."""

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak from /proc")


@needs_proc
def test_a_12_megapixel_photo_needs_less_than_250_megabytes(tmp_path):
    coarse = np.random.default_rng(1).integers(0, 255, (375, 500, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = Image.fromarray(coarse).resize((4000, 3000))
    photo.save(tmp_path / "top.jpg", quality=90, exif=exif)
    run = subprocess.run(
        [sys.executable, "-c", READ_AND_TELL_PEAK, tmp_path / "top.jpg"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    height, width, peak_kib = map(int, run.stdout.split())
    assert (height, width) == (4000, 3000)
    assert peak_kib * 1024 < 250e6


def test_a_case_of_a_thousand_photos(tmp_path):
    today = date(2026, 11, 22)
    for number in range(1000):
        folder = tmp_path / f"2026-{1 + number // 100:02d}-{1 + number % 25:02d}"
        folder.mkdir(exist_ok=True)
        pixels = np.full((8, 8, 3), (number % 251, number // 251, 7), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:04d}_top.png")
    draft = open_case(tmp_path, today=today)
    read = [read_photo(source, today=today, settings=IngestSettings()) for source in draft.sources]
    assert all(isinstance(photo, LoadedPhoto) for photo in read)
    case = settle(draft, [photo.record for photo in read], today=today)
    assert len({photo.photo_id for photo in case.photos}) == 1000
    days = [photo.taken_on for photo in case.photos]
    assert days == sorted(days)
    assert len(set(days)) == 250
