"""A head seen from above, drawn: skin, a fringe of strands around a bald middle, even ground."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image

RADIUS = 0.42


def drawn_head(size_px: int = 200, *, bald_radius: float = 0.5, hair: tuple[int, int, int] = (60, 42, 30)) -> Rgb8Image:
    """Return a head with hair outside `bald_radius` (a share of the head's radius)."""
    rng = np.random.default_rng(1)
    side = 2 * size_px
    picture = np.full((side, side, 3), (150, 160, 165), np.uint8)
    centre = (side // 2, side // 2)
    cv2.circle(picture, centre, round(0.40 * side), (205, 160, 135), -1, cv2.LINE_AA)
    for _ in range(5000):
        turn = rng.uniform(0, 2 * np.pi)
        distance = 0.40 * side * np.sqrt(rng.uniform(bald_radius**2, 1))
        root = np.array(centre) + distance * np.array([np.cos(turn), np.sin(turn)])
        lie = turn + rng.normal(0, 0.25)
        tip = root + rng.uniform(0.03, 0.07) * side * np.array([np.cos(lie), np.sin(lie)])
        colour = tuple(float(c) for c in np.clip(np.array(hair) * rng.uniform(0.6, 1.5), 0, 255))
        cv2.line(picture, root.astype(int).tolist(), tip.astype(int).tolist(), colour, 2, cv2.LINE_AA)
    rows, columns = np.mgrid[:side, :side]
    shade = 1.08 - 0.35 * ((columns - centre[0]) ** 2 + (rows - centre[1]) ** 2) / (0.6 * side) ** 2
    lit = np.clip(picture * shade[..., None] + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(lit, (size_px, size_px), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture(scope="session")
def draw_head() -> Callable[..., Rgb8Image]:
    return drawn_head


@pytest.fixture(scope="session")
def fringed_head() -> Rgb8Image:
    return drawn_head()


@pytest.fixture(scope="session")
def head_disc() -> Mask:
    return disc()


def disc(size_px: int = 200, radius: float = RADIUS) -> Mask:
    """Return the inside of a circle about the picture's centre, its radius a share of the side."""
    rows, columns = np.mgrid[:size_px, :size_px] + 0.5 - size_px / 2
    return np.asarray(np.hypot(rows, columns) < radius * size_px, np.bool_)
