"""One photo of 12 megapixels from file to upright sRGB pixels with both fingerprints."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from hairtrack.ingest import load_photo


@pytest.fixture(scope="session")
def phone_photo(tmp_path_factory) -> Path:
    """Return a JPEG as phones write it: 4000 x 3000, lying on its side, with a colour profile that is not sRGB."""
    coarse = np.random.default_rng(1).integers(0, 255, (375, 500, 3), dtype=np.uint8)
    path = tmp_path_factory.mktemp("photo") / "2026-01-10_top.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"s\0R\0G\0B", b"o\0t\0h\0e")
    photo = Image.fromarray(coarse).resize((4000, 3000), Image.Resampling.BICUBIC)
    photo.save(path, quality=92, exif=exif, icc_profile=profile)
    return path


def test_read_a_12_megapixel_photo(benchmark, phone_photo):
    photo = benchmark.pedantic(load_photo, args=(phone_photo,), rounds=5, warmup_rounds=1)
    assert photo.shape == (4000, 3000)
