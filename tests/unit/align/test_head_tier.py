"""The broad pattern of a head: carried, told from another head and from its mirror image."""

import dataclasses

import cv2
import numpy as np
import pytest

from hairtrack.align.head_search import likest_pose, turned_poses, upright_poses
from hairtrack.align.head_settings import HeadSettings
from hairtrack.align.head_tier import align_heads, compare_heads, head_views, is_believed
from hairtrack.align.photos import AlignmentInput
from hairtrack.imaging.photo import working_image
from hairtrack.model import RegistrationStatus, Tier, View

SIDE = 220
MIDDLE = (SIDE - 1) / 2
SETTINGS = HeadSettings()


def disc(radius=80.0):
    row, column = np.mgrid[:SIDE, :SIDE]
    return np.hypot(row - MIDDLE, column - MIDDLE) < radius


def blotches(seed, sigma):
    noise = np.random.default_rng(seed).standard_normal((SIDE, SIDE)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), sigma)
    return blurred / blurred.std()


def head(seed, hair_seed=0):
    """Blotches of 3 px that belong to the head, strands of 1 px that belong to the day."""
    light = 0.5 + 0.08 * blotches([seed, 1], 3.0) + 0.05 * blotches([hair_seed, 2], 0.8)
    red = 0.04 * blotches([seed, 3], 4.0)
    picture = np.stack([light + red, 0.8 * light, 0.7 * light - red], axis=-1)
    return np.clip(picture * disc()[..., None] * 255, 0, 255).astype(np.uint8)


def moved(rgb8, turn_deg=5.0, size=0.96, shift=(6.0, -4.0)):
    matrix = cv2.getRotationMatrix2D((MIDDLE, MIDDLE), -turn_deg, size)
    matrix[:, 2] += shift
    mask = cv2.warpAffine(disc().astype(np.uint8), matrix, (SIDE, SIDE), flags=cv2.INTER_NEAREST) > 0
    return cv2.warpAffine(rgb8, matrix, (SIDE, SIDE)), mask, matrix


def photo(rgb8, mask, name="photo.jpg", view=View.TOP):
    return AlignmentInput(file=name, working=working_image(rgb8), head_mask=mask, view=view, px_per_mm=1.0)


def views(rgb8, mask):
    return head_views(working_image(rgb8), mask, SETTINGS)


@pytest.fixture(scope="module")
def follow_up():
    return moved(head(1, hair_seed=8))


@pytest.fixture(scope="module")
def alignment(follow_up):
    later, mask, _ = follow_up
    return align_heads(photo(head(1, hair_seed=7), disc()), photo(later, mask, "later.jpg"), settings=SETTINGS)


def test_with_other_strands_the_pattern_carries_a_point_within_the_expected_error(alignment, follow_up):
    places = np.array([[MIDDLE, MIDDLE], [MIDDLE + 40, MIDDLE - 10], [MIDDLE - 30, MIDDLE + 40]])

    carried = alignment.moving_from_reference(places)

    true = np.c_[places, np.ones(3)] @ follow_up[2].T
    assert alignment.status is RegistrationStatus.ACCEPTED
    assert alignment.tier is Tier.HEAD
    assert np.linalg.norm(carried - true, axis=1).max() < 2 * alignment.expected_error_px < 10


def test_the_map_is_its_own_inverse(alignment):
    places = np.array([[MIDDLE, MIDDLE], [MIDDLE + 30, MIDDLE + 20]])

    back = alignment.reference_from_moving(alignment.moving_from_reference(places))

    assert back == pytest.approx(places, abs=0.05)


def test_off_the_head_nothing_is_promised(alignment):
    assert np.isnan(alignment.moving_from_reference(np.array([[2.0, 2.0], [SIDE - 3.0, 4.0]]))).all()


def test_another_head_is_not_believed(follow_up):
    later, mask, _ = moved(head(2))

    assert align_heads(photo(head(1), disc()), photo(later, mask), settings=SETTINGS) is None


def test_a_mirror_image_is_not_believed_though_it_is_as_like(follow_up):
    later, mask, _ = follow_up
    symmetrical = head(1)
    symmetrical[:, SIDE // 2 :] = symmetrical[:, : SIDE // 2][:, ::-1]

    flipped = views(np.ascontiguousarray(later[:, ::-1]), np.ascontiguousarray(mask[:, ::-1]))
    evidence = compare_heads(views(head(1), disc()), flipped, SETTINGS)
    same = compare_heads(views(symmetrical, disc()), views(symmetrical, disc()), SETTINGS)

    assert not is_believed(evidence, SETTINGS)
    assert same.support > SETTINGS.gate.least_support
    assert not is_believed(same, SETTINGS)  # which side is which cannot be told


def test_photos_from_two_sides_are_not_compared(follow_up):
    later, mask, _ = follow_up

    assert align_heads(photo(head(1), disc()), photo(later, mask, view=View.BACK), settings=SETTINGS) is None


def test_without_a_head_there_is_nothing_to_compare():
    plain = photo(head(1), None)

    assert align_heads(plain, plain, settings=SETTINGS) is None


def test_a_photo_taken_from_the_other_end_is_turned():
    one = views(head(1), disc())
    other = views(np.ascontiguousarray(np.rot90(head(1), 2)), np.ascontiguousarray(np.rot90(disc(), 2)))

    pose = likest_pose(one.coarse, turned_poses(other.coarse, SETTINGS.search), SETTINGS.search)

    assert abs(np.rad2deg(pose.roll_rad)) == pytest.approx(180, abs=1)
    assert (
        pose.likeness
        > 0.5
        > likest_pose(one.coarse, upright_poses(other.coarse, SETTINGS.search), SETTINGS.search).likeness
    )


def test_less_support_is_a_wider_error(alignment, follow_up):
    later, mask, _ = follow_up
    noisier = np.clip(later + 40.0 * blotches([9, 9], 2.5)[..., None] * mask[..., None], 0, 255).astype(np.uint8)
    loose = dataclasses.replace(SETTINGS, gate=dataclasses.replace(SETTINGS.gate, least_support=0.01))

    weaker = align_heads(photo(head(1, hair_seed=7), disc()), photo(noisier, mask), settings=loose)

    assert weaker.expected_error_px > 1.2 * alignment.expected_error_px
