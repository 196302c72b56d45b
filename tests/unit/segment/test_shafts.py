"""Hairs drawn on skin are found again: how many, where, how thick, and which end is the root."""

import cv2
import numpy as np
import pytest
from scipy.special import ndtr

from hairtrack.model import HairKind
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts

PX_PER_MM = 90.0


def closeup(segments, *, width_px=6, size=(300, 400), seed=5):
    """Return skin with dark shafts, each with a bluish shade beyond its root."""
    height, width = size
    noise = np.random.default_rng(seed).normal(0, 3, (height, width, 1))
    picture = np.array([190.0, 150.0, 135.0]) + noise
    for root, tip in segments:
        along = np.subtract(tip, root) / np.linalg.norm(np.subtract(tip, root))
        shade = np.zeros((height, width), np.float32)
        buried = np.subtract(root, along * 14)
        cv2.line(shade, tuple(np.int32(root)), tuple(np.int32(buried)), 1.0, width_px)
        shade = cv2.GaussianBlur(shade, (0, 0), 4)[..., None]
        picture = picture * (1 - shade * np.array([0.45, 0.3, 0.15]))
        shaft = np.zeros((height, width), np.float32)
        cv2.line(shaft, tuple(np.int32(root)), tuple(np.int32(tip)), 1.0, width_px, cv2.LINE_8)
        shaft = cv2.GaussianBlur(shaft, (0, 0), 0.8)[..., None]
        picture = picture * (1 - shaft) + np.array([30.0, 24.0, 20.0]) * shaft
    return np.clip(picture, 0, 255).astype(np.uint8)


THREE = [((60, 60), (110, 110)), ((200, 80), (245, 130)), ((300, 180), (350, 225))]


def find(picture, px_per_mm=PX_PER_MM):
    return find_shafts(picture, px_per_mm=px_per_mm, settings=ShaftSettings())


def test_every_separate_shaft_is_one_hair_in_its_place():
    found = find(closeup(THREE))
    assert len(found.hairs) == 3
    for root, tip in THREE:
        distances = [np.linalg.norm(np.subtract(hair.root_xy, root)) for hair in found.hairs]
        hair = found.hairs[int(np.argmin(distances))]
        assert min(distances) < 9
        assert np.linalg.norm(np.subtract(hair.tip_xy, tip)) < 10
        assert hair.kind is HairKind.TERMINAL


def test_without_scale_no_micrometres_are_given():
    found = find(closeup(THREE), px_per_mm=None)
    assert found.flags == ("scale_unknown",)
    assert all(hair.diameter_um is None for hair in found.hairs)


def test_bare_skin_has_no_hair():
    found = find(closeup([]))
    assert found.hairs == ()
    assert found.units == ()
    assert not found.hair.any()


def test_units_hold_every_hair_once():
    found = find(closeup([*THREE, ((70, 52), (125, 100))]))
    indices = sorted(index for unit in found.units for index in unit.hair_indices)
    assert indices == list(range(len(found.hairs)))
    assert all(found.hairs[i].unit == k for k, unit in enumerate(found.units) for i in unit.hair_indices)


def test_the_picture_is_not_modified():
    picture = closeup(THREE)
    before = picture.copy()
    find(picture)
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_turned_picture_has_as_many_hairs(turn):
    assert len(find(np.ascontiguousarray(np.rot90(closeup(THREE), turn))).hairs) == 3


def blurred_fibres(width_px, blur_px):
    """Return three exact fibres seen through a Gaussian blur of light, which spreads light and not grey values."""
    rows, columns = np.mgrid[:300, :400].astype(float)
    light = np.full((300, 400, 1), 0.35)
    for root, tip in THREE:
        length = np.linalg.norm(np.subtract(tip, root))
        across, along = np.subtract(tip, root)[::-1] / length, np.subtract(tip, root) / length
        place = (columns - root[0]) * along[0] + (rows - root[1]) * along[1]
        distance = (columns - root[0]) * across[0] - (rows - root[1]) * across[1]
        shown = ndtr((distance + width_px / 2) / blur_px) - ndtr((distance - width_px / 2) / blur_px)
        shown *= ndtr(place / blur_px) - ndtr((place - length) / blur_px)
        light = light * (1 - shown[..., None]) + 0.012 * shown[..., None]
    return np.repeat((255 * (1.055 * light ** (1 / 2.4) - 0.055)).round().astype(np.uint8), 3, axis=2)


@pytest.mark.parametrize(("width_px", "blur_px"), [(7.0, 0.8), (7.0, 1.7), (10.0, 1.2)])
def test_a_diameter_is_right_within_five_percent_whatever_the_blur(width_px, blur_px):
    diameters = [hair.diameter_px for hair in find(blurred_fibres(width_px, blur_px)).hairs]
    assert diameters == pytest.approx([width_px] * 3, rel=0.05)


def test_a_picture_too_small_for_its_scale_is_refused():
    assert find(closeup(THREE), px_per_mm=2000.0).refusal is not None
    assert find(closeup(THREE)).refusal is None
