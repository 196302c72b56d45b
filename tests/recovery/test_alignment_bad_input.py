"""Photos that nobody should have sent: refused, or aligned with an error as large as is said."""

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
GRID = np.stack(np.meshgrid(np.linspace(180, 460, 15), np.linspace(180, 460, 15)), -1).reshape(-1, 2)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PHOTOS.is_dir(), reason="the evaluation photos of heads are not at ../shared"),
]


def seen(rgb8, name="photo.jpg"):
    working = working_image(rgb8)
    head = find_head(working.rgb8, view=View.TOP)
    return AlignmentInput(file=name, working=working, head_mask=None if head.refused else head.mask, view=View.TOP)


@pytest.fixture(scope="module")
def rgb8():
    return np.ascontiguousarray(cv2.imread(str(PHOTOS / "5-17-Top-Down.jpg"))[..., ::-1])


@pytest.fixture(scope="module")
def reference(rgb8):
    return seen(rgb8, "before.jpg")


def error_px(found, truth_xy):
    """Distances of carried points from their true places, of those that are vouched for."""
    error = np.linalg.norm(found.moving_from_reference(GRID) - truth_xy, axis=1)
    return error[np.isfinite(error)]


def test_a_mirrored_selfie_is_not_matched_on_the_scalp(rgb8, reference):
    assert register(reference, seen(np.ascontiguousarray(rgb8[:, ::-1]))).tier is not Tier.SCALP


def test_a_photo_of_a_photo_is_refused_or_as_exact_as_is_said(rgb8, reference):
    corners = np.array([[0, 0], [639, 0], [639, 639], [0, 639]], np.float32)
    on_screen = np.array([[130, 90], [560, 120], [530, 570], [90, 520]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, on_screen)
    screen = cv2.warpPerspective(rgb8, matrix, (640, 640), borderMode=cv2.BORDER_CONSTANT, borderValue=(40, 40, 45))

    found = register(reference, seen(np.asarray(screen, np.uint8)))

    truth = cv2.perspectiveTransform(GRID[None], matrix)[0]
    if found.status is RegistrationStatus.ACCEPTED:
        assert np.sqrt((error_px(found, truth) ** 2).mean()) < 2 * found.expected_error_px


def test_a_picture_of_300_pixels_lies_on_one_of_12_megapixels_as_exactly_as_is_said(rgb8):
    large = cv2.resize(rgb8, (3464, 3464), interpolation=cv2.INTER_CUBIC)
    small = cv2.resize(rgb8, (300, 300), interpolation=cv2.INTER_AREA)

    found = register(seen(small), seen(np.asarray(large, np.uint8)))

    places = (GRID + 0.5) * 300 / 640 - 0.5
    error = np.linalg.norm(found.moving_from_reference(places) - ((places + 0.5) * 3464 / 300 - 0.5), axis=1)
    assert found.tier is Tier.SCALP
    assert np.sqrt(np.nanmean(error**2)) * 300 / 3464 < 2 * found.expected_error_px + 0.05


def test_half_a_head_is_never_vouched_for_beyond_its_edge(rgb8, reference):
    half = np.ascontiguousarray(rgb8[:, 300:])

    found = register(reference, seen(half))

    carried = found.moving_from_reference(np.array([[200.0, 300.0], [240.0, 250.0]]))
    assert np.isnan(carried).all()
    if found.status is RegistrationStatus.ACCEPTED:
        assert np.sqrt((error_px(found, GRID - (300, 0)) ** 2).mean()) < 2 * found.expected_error_px + 0.1


def test_of_two_heads_in_one_picture_only_the_right_one_is_matched(rgb8, reference):
    other = np.ascontiguousarray(cv2.imread(str(PHOTOS / "6-13-Top-Down.jpg"))[..., ::-1])

    found = register(reference, seen(np.hstack([rgb8, other])))

    if found.status is RegistrationStatus.ACCEPTED:
        assert np.sqrt((error_px(found, GRID) ** 2).mean()) < 2 * found.expected_error_px


def test_a_picture_without_a_head_is_refused(reference):
    wall = np.full((640, 640, 3), (150, 140, 130), np.uint8)

    assert register(reference, seen(wall)).status is RegistrationStatus.REFUSED
