"""A turn of the head read from its broad pattern, with other strands, for guidance."""

import cv2
import numpy as np
import pytest

from hairtrack.align import AlignmentInput, likely_turn_deg
from hairtrack.imaging.photo import working_image
from hairtrack.model import View

SIDE, RADIUS = 220, 80.0
MIDDLE = (SIDE - 1) / 2
ROWS, COLUMNS = np.mgrid[:SIDE, :SIDE].astype(np.float32)
HEIGHT = np.sqrt(np.clip(1 - ((ROWS - MIDDLE) ** 2 + (COLUMNS - MIDDLE) ** 2) / RADIUS**2, 0, None))
HEAD = HEIGHT > 0


def blotches(seed, sigma):
    noise = np.random.default_rng(seed).standard_normal((SIDE, SIDE)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), sigma)
    return blurred / blurred.std()


def photo(seed, *, hair_seed, turned_deg=(0.0, 0.0), view=View.TOP):
    """Blotches of the head, its near side rolled right and down, and strands of the day."""
    light = 0.5 + 0.08 * blotches([seed, 1], 3.0)
    slide = RADIUS * np.sin(np.deg2rad(turned_deg))
    columns, rows = COLUMNS, ROWS
    for _ in range(5):  # where the head was that is now here: the height is taken where it was
        height = cv2.remap(HEIGHT, columns, rows, cv2.INTER_LINEAR)
        columns, rows = (COLUMNS - height * slide[0]).astype(np.float32), (ROWS - height * slide[1]).astype(np.float32)
    turned = cv2.remap(light.astype(np.float32), columns, rows, cv2.INTER_LINEAR)
    gray = (turned + 0.05 * blotches([hair_seed, 2], 0.8)) * HEAD
    rgb8 = np.repeat(np.clip(gray * 255, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    return AlignmentInput(file=f"{hair_seed}.jpg", working=working_image(rgb8), head_mask=HEAD, view=view)


@pytest.mark.parametrize("turned_deg", [(10.0, 0.0), (0.0, -8.0), (-7.0, 6.0), (0.0, 0.0)])
def test_the_turn_is_told_within_two_degrees(turned_deg):
    told = likely_turn_deg(photo(1, hair_seed=7), photo(1, hair_seed=8, turned_deg=turned_deg))

    assert told == pytest.approx(turned_deg, abs=2.0)


def test_nothing_is_told_of_two_heads_or_two_views():
    assert likely_turn_deg(photo(1, hair_seed=7), photo(2, hair_seed=8)) is None
    assert likely_turn_deg(photo(1, hair_seed=7), photo(1, hair_seed=8, view=View.BACK)) is None


def test_without_a_head_nothing_is_told():
    missing = AlignmentInput(file="none.jpg", working=photo(1, hair_seed=7).working, head_mask=None, view=View.TOP)

    assert likely_turn_deg(photo(1, hair_seed=7), missing) is None
