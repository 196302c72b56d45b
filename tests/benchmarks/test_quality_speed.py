"""What judging costs on a photo of 12 megapixels; the working copy is made by the pipeline and not counted."""

import tracemalloc

import cv2
import numpy as np
import pytest

from hairtrack.imaging.photo import working_image
from hairtrack.model import Photo
from hairtrack.quality import QualitySettings, guidance_sentences, judge


@pytest.fixture(scope="module")
def photo_12mp():
    generator = np.random.default_rng(2)
    small = generator.integers(20, 230, (750, 1000, 3), dtype=np.uint8)
    rgb8 = cv2.resize(cv2.GaussianBlur(small, (0, 0), 1.0), (4000, 3000), interpolation=cv2.INTER_LINEAR)
    working = working_image(np.ascontiguousarray(rgb8))
    mask = np.zeros(working.rgb8.shape[:2], np.uint8)
    cv2.ellipse(mask, (512, 384), (330, 300), 0, 0, 360, 1, -1)
    return rgb8, working, mask.astype(bool)


def judged(photo):
    rgb8, working, mask = photo
    return judge(
        rgb8,
        working=working,
        head_mask=mask,
        head_refused=None,
        glare_fraction=0.01,
        photo=Photo(file="a.jpg", photo_id="photo-1"),
        settings=QualitySettings(),
    )


def test_judging_a_photo_of_12_megapixels(benchmark, photo_12mp):
    report = benchmark(judged, photo_12mp)
    assert report.checks


def test_judging_takes_less_than_100_mb_beside_the_photo(benchmark, photo_12mp):
    tracemalloc.start()
    try:
        benchmark.pedantic(judged, (photo_12mp,), rounds=1)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 100e6


def test_saying_how_to_move(benchmark, photo_12mp):
    mask = photo_12mp[2]
    assert benchmark(guidance_sentences, mask, np.roll(mask, 100, axis=1), warp=None, view=None)
