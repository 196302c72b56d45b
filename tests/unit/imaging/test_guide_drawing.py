"""The drawn guide shows where the head should be, and nothing of a face."""

import numpy as np
import pytest

from hairtrack.imaging.drawing import HIDDEN_RGB, OUTLINE_RGB
from hairtrack.imaging.guide_drawing import draw_aim, draw_ghost_head, fitted, typical_head


def disc(shape, centre, radius):
    rows, columns = np.indices(shape)
    return (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2


def coloured(picture, rgb):
    return np.abs(picture.astype(int) - rgb).max(axis=2) < 30


def test_the_outline_lies_on_the_rim_of_the_head_to_match():
    aim = disc((300, 300), (150, 150), 100)
    drawn = draw_ghost_head(aim)
    rows, columns = np.nonzero(coloured(drawn, OUTLINE_RGB))
    assert np.abs(np.hypot(rows - 150, columns - 150) - 100).max() < 5
    assert rows.size > 500


def test_of_the_earlier_photo_only_the_scalp_shows_through():
    aim = disc((300, 300), (150, 150), 100)
    photo = np.zeros((300, 300, 3), np.uint8)
    drawn = draw_ghost_head(aim, ghost_rgb8=photo)
    assert tuple(drawn[5, 5]) == HIDDEN_RGB
    assert drawn[150, 150].max() < HIDDEN_RGB[0] - 50


def test_an_arrow_leads_from_the_head_to_the_outline_and_a_tremble_needs_none():
    aim, photo = disc((300, 300), (150, 150), 80), np.full((300, 300, 3), 200, np.uint8)
    away = draw_aim(photo, head=disc((300, 300), (150, 90), 80), aim=aim)
    near = draw_aim(photo, head=disc((300, 300), (150, 145), 80), aim=aim)
    assert coloured(away, OUTLINE_RGB)[150, 120]
    assert not coloured(near, OUTLINE_RGB)[140:160, 100:200].any()
    assert (photo == 200).all()


@pytest.mark.parametrize("shape", [(200, 200), (400, 300), (300, 400)])
def test_a_mask_fitted_into_another_frame_keeps_its_share_of_the_long_side(shape):
    aim = disc((300, 300), (150, 150), 75)
    assert np.sqrt(fitted(aim, shape).sum() / np.pi) == pytest.approx(max(shape) / 4, rel=0.02)


def test_without_an_earlier_photo_a_head_fills_most_of_the_frame():
    head = typical_head()
    assert 0.35 < head.mean() < 0.6
    assert not head[0].any()
    assert not head[:, 0].any()
