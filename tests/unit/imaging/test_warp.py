"""Warps send points there and back, and say NaN where they are not to be trusted."""

import numpy as np
import pytest

from hairtrack.imaging.warp import PlaneWarp, ReducedWarp, apply_matrix, bring_to_reference

SHIFT = np.array([[1.0, 0, 5], [0, 1, -3], [0, 0, 1]])


def test_points_go_there_and_back() -> None:
    warp = PlaneWarp(matrix=np.array([[0.9, 0.1, 5], [-0.1, 1.1, 2], [1e-4, -2e-4, 1]]))
    points = np.array([[0.0, 0], [10, 20], [100, 50]])
    assert warp.reference_from_moving(warp.moving_from_reference(points)) == pytest.approx(points, abs=1e-9)


def test_a_shift_shifts() -> None:
    assert PlaneWarp(matrix=SHIFT).moving_from_reference(np.array([[1.0, 10]])).tolist() == [[6.0, 7.0]]


def test_points_behind_the_camera_are_unknown() -> None:
    behind = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 1]])
    assert np.isnan(apply_matrix(behind, np.array([[2.0, 0]]))).all()


def test_points_outside_the_trusted_region_are_unknown() -> None:
    trusted = np.zeros((4, 4), np.bool_)
    trusted[:2] = True
    warp = PlaneWarp(matrix=np.eye(3), reference_trusted=trusted, grid_px=10.0)
    mapped = warp.moving_from_reference(np.array([[5.0, 5], [5, 35], [-3, 5], [45, 5]]))
    assert np.isfinite(mapped).all(axis=1).tolist() == [True, False, False, False]
    back = warp.reference_from_moving(np.array([[5.0, 5], [5, 35]]))
    assert np.isfinite(back).all(axis=1).tolist() == [True, False]


def test_a_picture_brought_to_its_reference_shows_the_same_place() -> None:
    reference = np.random.default_rng(1).integers(0, 255, (40, 50, 3), np.uint8)
    moving = np.roll(reference, (-3, 5), axis=(0, 1))
    laid, known = bring_to_reference(moving, PlaneWarp(matrix=SHIFT), (40, 50))
    inner = np.s_[8:32, 8:36]
    assert np.array_equal(laid[inner], reference[inner])
    assert known[inner].all()
    assert not known[:, 46:].any()


def test_a_reduced_warp_agrees_with_the_full_one() -> None:
    full = PlaneWarp(matrix=SHIFT)
    reduced = ReducedWarp(warp=full, reference_full_per_working=2.0, moving_full_per_working=4.0)
    point = np.array([[7.0, 9]])
    in_full = (point + 0.5) * 2 - 0.5
    expected = (full.moving_from_reference(in_full) + 0.5) / 4 - 0.5
    assert reduced.moving_from_reference(point) == pytest.approx(expected)
    assert reduced.reference_from_moving(expected) == pytest.approx(point)
