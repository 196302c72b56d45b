"""Outlines: answers that can be counted by hand."""

import numpy as np
import pytest

from hairtrack.imaging.outline import area_px, inside_of, perimeter_px, share_in_picture, with_points_between

SQUARE = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])


def test_a_square_of_ten_has_an_area_of_a_hundred_and_a_perimeter_of_forty() -> None:
    assert area_px(SQUARE) == 100
    assert perimeter_px(SQUARE) == 40


def test_points_are_put_between_and_the_corners_stay() -> None:
    dense = with_points_between(SQUARE, 2.5)
    assert len(dense) == 16
    assert {tuple(corner) for corner in SQUARE} <= {tuple(point) for point in dense}
    assert perimeter_px(dense) == pytest.approx(40)


def test_a_long_step_adds_nothing() -> None:
    assert np.array_equal(with_points_between(SQUARE, 100), SQUARE)


def test_half_a_square_beyond_the_rim_is_half_seen() -> None:
    assert share_in_picture(SQUARE * 10 - [50, 0], (200, 200)) == pytest.approx(0.5, abs=0.02)
    assert share_in_picture(SQUARE + 500, (200, 200)) == 0
    assert share_in_picture(np.array([[1.0, 1], [2, 2], [3, 3]]), (200, 200)) == 0


def test_pixels_inside_are_those_inside() -> None:
    mask = inside_of(SQUARE + 2, (20, 20))
    assert mask[7, 7]
    assert not mask[1, 1]
    assert mask.sum() == 121
