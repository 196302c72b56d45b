"""Alignment knows no up and no left, and does not care which photo came first."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hairtrack.align import AlignmentInput, register
from hairtrack.imaging.photo import working_image
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import Tier

SIZE = 160
CENTRE = (SIZE - 1) / 2
GRID = np.stack(np.meshgrid(np.linspace(50, 110, 5), np.linspace(50, 110, 5)), -1).reshape(-1, 2)


def scalp() -> Rgb8Image:
    """Skin with blotches of three sizes."""
    rng = np.random.default_rng(4)
    gray = np.full((SIZE, SIZE), 0.6, np.float32)
    for sigma, strength in ((2.0, 0.10), (5.0, 0.08), (14.0, 0.06)):
        blot = cv2.GaussianBlur(rng.standard_normal((SIZE, SIZE)).astype(np.float32), (0, 0), sigma)
        gray += strength * blot / blot.std()
    return np.clip(gray[..., None] * np.array([255, 204, 173]), 0, 255).astype(np.uint8)


def head() -> Mask:
    """The head in the middle."""
    row, column = np.mgrid[:SIZE, :SIZE]
    return np.asarray(np.hypot(row - CENTRE, column - CENTRE) < 0.42 * SIZE, np.bool_)


def photo(rgb8: Rgb8Image, mask: Mask) -> AlignmentInput:
    return AlignmentInput(file="photo.jpg", working=working_image(rgb8), head_mask=mask)


def turned(degrees: float, scale: float) -> tuple[AlignmentInput, np.ndarray]:
    """Return the scalp turned about the middle and scaled, and the matrix (2, 3) that maps the reference there."""
    matrix = cv2.getRotationMatrix2D((CENTRE, CENTRE), degrees, scale)
    rgb8 = cv2.warpAffine(scalp(), matrix, (SIZE, SIZE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    mask = cv2.warpAffine(head().astype(np.uint8), matrix, (SIZE, SIZE), flags=cv2.INTER_NEAREST) > 0
    return photo(np.asarray(rgb8, np.uint8), mask), np.asarray(matrix)


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(degrees=st.floats(-180, 180), scale=st.floats(0.9, 1.1))
def test_any_turn_is_found(degrees, scale):
    moving, matrix = turned(degrees, scale)

    found = register(photo(scalp(), head()), moving)

    expected = GRID @ matrix[:, :2].T + matrix[:, 2]
    assert found.tier is Tier.SCALP
    assert np.nanmax(np.linalg.norm(found.moving_from_reference(GRID) - expected, axis=1)) < 0.7


@pytest.mark.parametrize("degrees", [25.0])
def test_swapping_the_roles_gives_the_inverse(degrees):
    moving, _ = turned(degrees, 1.0)
    reference = photo(scalp(), head())

    there = register(reference, moving).moving_from_reference(GRID)
    back = register(moving, reference).moving_from_reference(there)

    assert np.nanmax(np.linalg.norm(back - GRID, axis=1)) < 0.7
