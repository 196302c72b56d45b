"""A millimetre ruler is read by its pattern; strokes without it say nothing."""

import cv2
import numpy as np
import pytest

from hairtrack.imaging.ruler import find_ruler

SIZE = (540, 720)


def with_ruler(*, px_per_mm=45.0, turned_deg=0.0, lengths_mm=(0.5, 0.8, 1.1), divisions=12, every_second=1.0):
    """Give skin with a white ruler on it; lengths of a usual stroke, of every fifth and of every tenth."""
    noise = np.random.default_rng(3).normal(0, 4, (*SIZE, 1))
    picture = np.clip(np.array([190, 150, 135]) + noise, 0, 255).astype(np.uint8)
    turn = np.deg2rad(turned_deg)
    forth = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def band(left, right, long, colour) -> None:
        corners = np.array([[left, 0], [right, 0], [right, long], [left, long]]) @ forth.T + [360, 300]
        cv2.fillConvexPoly(picture, np.round(corners * 16).astype(np.int32), colour, cv2.LINE_AA, 4)

    half = divisions * px_per_mm / 2
    band(-half - 20, half + 20, 150, (240, 238, 230))
    for number in range(divisions + 1):
        long = lengths_mm[2 if number % 10 == 3 else 1 if number % 5 == 3 else 0] * px_per_mm
        place = number * px_per_mm - half
        band(place - 2, place + 2, long * (every_second if number % 2 else 1.0), (25, 25, 25))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


@pytest.mark.parametrize("turned_deg", [0.0, 17.0, 90.0, 200.0])
def test_the_division_of_a_ruler_is_a_millimetre_however_it_lies(turned_deg):
    ruler = find_ruler(with_ruler(turned_deg=turned_deg))
    assert ruler is not None
    assert ruler.px_per_mm == pytest.approx(45, rel=0.01)
    assert 0 < ruler.std_px_per_mm < 1


def test_a_ruler_of_twice_the_size_has_twice_the_scale():
    ruler = find_ruler(np.asarray(cv2.resize(with_ruler(), None, fx=2, fy=2), np.uint8))
    assert ruler is not None
    assert ruler.px_per_mm == pytest.approx(90, rel=0.01)


def test_strokes_and_numbers_are_no_skin_and_skin_before_the_edge_is():
    ruler = find_ruler(with_ruler())
    assert ruler is not None
    covered = ruler.covers(SIZE)
    assert covered[320, 360]
    assert covered[400, 360]
    assert not covered[250, 360]


@pytest.mark.parametrize(
    "strokes",
    [
        {"lengths_mm": (0.6, 0.6, 0.6)},
        {"every_second": 0.6},
        {"divisions": 5},
        {"px_per_mm": 12.0, "divisions": 50},
    ],
    ids=["all alike", "half millimetres", "too few", "more than a close-up shows"],
)
def test_strokes_that_do_not_say_millimetres_give_no_scale(strokes):
    assert find_ruler(with_ruler(**strokes)) is None


def test_a_picture_without_any_edge_has_no_ruler():
    assert find_ruler(np.zeros((100, 100, 3), np.uint8)) is None
