"""Glare and parts out of focus show no hair, so that they are no area on which hairs are counted."""

import cv2
import numpy as np
import pytest

from hairtrack.segment.closeup_exclusions import excluded
from hairtrack.segment.hair_pixels import hair_pixels
from hairtrack.segment.shaft_pixels import shaft_pixels
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts

PX_PER_MM = 90.0


def textured(seed=2):
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.normal(0, 60, (300, 400)), (0, 0), 2.5) + rng.normal(0, 5, (300, 400))
    return np.clip(np.array([170.0, 135.0, 120.0]) + grain[..., None], 0, 255).astype(np.uint8)


def maps(picture):
    return shaft_pixels(picture, np.zeros(picture.shape[:2], bool), px_per_mm=PX_PER_MM)


def test_skin_in_focus_is_seen():
    assert not excluded(maps(textured())).any()


@pytest.mark.parametrize("blur_px", [3, 4])
def test_the_half_that_is_out_of_focus_is_not_seen(blur_px):
    picture = textured()
    picture[:, :200] = cv2.GaussianBlur(picture, (0, 0), blur_px)[:, :200]
    hidden = excluded(maps(picture))
    assert hidden[:, 40:140].mean() > 0.9
    assert not hidden[:, 270:].any()


def test_a_burnt_patch_hides_skin_and_a_glint_does_not():
    picture = textured()
    cv2.circle(picture, (100, 100), 20, (255, 255, 255), -1)
    cv2.circle(picture, (300, 200), 3, (255, 255, 255), -1)
    hidden = excluded(maps(picture))
    assert hidden[100, 100]
    assert not hidden[200, 300]


def test_pixels_of_a_shaft_are_hair_and_a_broad_shade_is_not():
    picture = np.full((300, 400, 3), (190, 150, 135), np.uint8)
    cv2.line(picture, (50, 50), (110, 80), (30, 25, 20), 6)
    shade = cv2.GaussianBlur(cv2.circle(np.zeros((300, 400), np.float32), (280, 180), 30, 1.0, -1), (0, 0), 12)
    picture = (picture * (1 - 0.5 * shade[..., None])).astype(np.uint8)
    hair = hair_pixels(maps(picture))
    assert hair[65, 80]
    assert not hair[100:].any()


def test_a_picture_whose_light_varies_as_over_a_head_is_no_closeup():
    rows, columns = np.mgrid[:300, :360]
    head = np.hypot((columns - 180) / 120, (rows - 150) / 110) < 1
    picture = np.where(head[..., None], (70, 55, 48), (225, 225, 222)).astype(np.float64)
    picture += np.random.default_rng(2).normal(0, 6, (300, 360, 1))
    found = find_shafts(np.clip(picture, 0, 255).astype(np.uint8), px_per_mm=90.0, settings=ShaftSettings())
    assert found.refusal is not None
    assert "no close-up" in found.refusal.reason
