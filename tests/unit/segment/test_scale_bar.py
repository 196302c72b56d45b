"""The scale is read from a drawn bar with a readable label, and from nothing else."""

import cv2
import numpy as np
import pytest

from hairtrack.imaging.overlays import find_overlays
from hairtrack.segment.scale_bar import find_scale


def skin(height=240, width=420, seed=3):
    noise = np.random.default_rng(seed).normal(0, 4, (height, width, 1))
    return np.clip(np.array([190, 150, 135]) + noise, 0, 255).astype(np.uint8)


def with_bar(*, length_px=180, label="1.0 mm", vertical_px=None):
    picture = skin()
    picture[200, 20 : 21 + length_px] = 42
    if vertical_px is not None:
        picture[200 - vertical_px : 201, 20] = 42
    left = 28 + length_px
    picture[189:208, left : left + 96] = 70
    cv2.putText(picture, label, (left + 8, 204), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (250, 250, 250), 1, cv2.LINE_AA)
    return picture


def test_a_bar_of_one_millimetre_gives_its_length_in_pixels():
    scale = find_scale(with_bar(length_px=180))
    assert scale is not None
    assert scale.px_per_mm == pytest.approx(180, abs=1)
    assert scale.method == "scale_bar"
    assert 0 < scale.std_uncertainty_px_per_mm < 2


def test_the_label_decides_what_the_bar_means():
    scale = find_scale(with_bar(length_px=180, label="2.0 mm"))
    assert scale is not None
    assert scale.px_per_mm == pytest.approx(90, abs=1)


def test_two_arms_that_agree_are_one_bar():
    scale = find_scale(with_bar(length_px=160, vertical_px=160))
    assert scale is not None
    assert scale.px_per_mm == pytest.approx(160, abs=1)


def test_two_arms_that_contradict_each_other_give_no_scale():
    assert find_scale(with_bar(length_px=180, vertical_px=120)) is None


def test_a_bar_without_a_readable_label_gives_no_scale():
    assert find_scale(with_bar(label="")) is None
    assert find_scale(with_bar(label="??")) is None


def test_bare_skin_has_no_scale_and_no_overlay():
    picture = skin()
    assert find_scale(picture) is None
    assert not find_overlays(picture).mask.any()


def test_bar_and_box_are_no_skin():
    mask = find_overlays(with_bar()).mask
    assert mask[200, 100]
    assert mask[198, 250]
    assert not mask[60, 60]
