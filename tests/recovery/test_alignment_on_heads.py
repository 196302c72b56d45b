"""Alignment on real photos of heads: one photo turned and lit anew is found again, another head is not."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from hairtrack.align import AlignmentInput, register
from hairtrack.imaging.photo import working_image
from hairtrack.model import RegistrationStatus, Tier, View
from hairtrack.segment.head import find_head

SHARED = Path(os.environ.get("HAIRTRACK_SHARED", Path(__file__).parents[2].parent / "shared"))
PHOTOS = SHARED / "data" / "heads" / "photos"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PHOTOS.is_dir(), reason="the evaluation photos of heads are not at ../shared"),
]


def read(name):
    return np.ascontiguousarray(cv2.imread(str(PHOTOS / name))[..., ::-1])


def head_photo(rgb8, name):
    head = find_head(rgb8, view=View.TOP)
    assert head.refused is None
    return AlignmentInput(file=name, working=working_image(rgb8), head_mask=head.mask, view=View.TOP)


def test_a_head_turned_by_a_quarter_in_other_light_is_found_to_a_pixel():
    rgb8 = read("5-17-Top-Down.jpg")
    light = np.linspace(0.7, 1.05, rgb8.shape[1])[None, :, None] * [1.0, 0.95, 0.85]
    relit = np.rot90(np.clip(rgb8 * light, 0, 255).astype(np.uint8), 1).copy()

    found = register(head_photo(rgb8, "before.jpg"), head_photo(relit, "after.jpg"))

    grid = np.stack(np.meshgrid(np.linspace(220, 420, 9), np.linspace(220, 420, 9)), -1).reshape(-1, 2)
    error = np.linalg.norm(found.moving_from_reference(grid) - np.c_[grid[:, 1], 639 - grid[:, 0]], axis=1)
    assert found.tier is Tier.SCALP
    assert np.nanmax(error) < 1.0
    assert np.isfinite(error).mean() > 0.9


def test_another_head_in_the_same_view_is_refused():
    photos = (head_photo(read(name), name) for name in ("5-17-Top-Down.jpg", "6-13-Top-Down.jpg"))

    assert register(*photos).status is RegistrationStatus.REFUSED
