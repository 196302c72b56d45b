"""Pictures without a head, drawn: walls, pages of text, noise, grass, stripes, spots. All of it is background."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Generator = np.random.Generator


def not_a_head(colour: NDArray[np.float64], rng: Generator) -> NDArray[np.uint8]:
    """Return a (H, W, 3) picture of one of the kinds, about `colour` (three of 0-1)."""
    height, width = (int(side) for side in rng.integers(260, 400, 2))
    blank = np.ones((height, width, 3), np.float32) * colour.astype(np.float32)
    draw = KINDS[int(rng.integers(len(KINDS)))]
    return (np.clip(draw(blank, rng), 0, 1) * 255).round().astype(np.uint8)


def wall(blank: Floats, rng: Generator) -> Floats:
    """Return a wall in uneven light."""
    height, width = blank.shape[:2]
    picture = blank.copy()
    for cells in (2, 5, 30, 120):
        layers = int(rng.choice([1, 3]))
        noise = rng.normal(0, rng.uniform(0, 0.12), (cells, cells, layers)).astype(np.float32)
        picture += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, layers)
    return picture


def page(blank: Floats, rng: Generator) -> Floats:
    """Return a page of text."""
    ink, size = int(rng.integers(0, 110)), float(rng.uniform(0.25, 0.9))
    sheet = np.full(blank.shape, rng.integers(190, 256), np.uint8)
    for row in np.arange(12, blank.shape[0], 26 * size):
        text = "".join(chr(c) for c in rng.choice(np.r_[97:123, 32, 32, 32], 70))
        cv2.putText(sheet, text, (8, int(row)), cv2.FONT_HERSHEY_SIMPLEX, size, (ink, ink, ink), 1, cv2.LINE_AA)
    return sheet.astype(np.float32) / 255


def noise(blank: Floats, rng: Generator) -> Floats:
    """Return noise, fine or coarse, grey or coloured."""
    picture = rng.normal(0, 1, (*blank.shape[:2], int(rng.choice([1, 3])))).astype(np.float32)
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 3)).reshape(*blank.shape[:2], -1)
    return blank + picture / picture.std() * rng.uniform(0.05, 0.35)


def grass(blank: Floats, rng: Generator) -> Floats:
    """Return short strokes that fill the picture."""
    height, width = blank.shape[:2]
    sheet = (blank * 255).astype(np.uint8)
    for x, y, turn, shade in rng.uniform(0, 1, (2500, 4)):
        start = np.array([x * width, y * height])
        end = start + rng.uniform(4, 30) * np.array([np.cos(turn * 6.3), np.sin(turn * 6.3)])
        tint = tuple(float(c) for c in np.clip(blank[0, 0] * (0.4 + shade), 0, 1) * 255)
        cv2.line(sheet, start.astype(int).tolist(), end.astype(int).tolist(), tint, int(rng.integers(1, 3)))
    return sheet.astype(np.float32) / 255


def stripes(blank: Floats, rng: Generator) -> Floats:
    """Return stripes or checks."""
    period, turn = rng.uniform(6, 60, 2), rng.uniform(0, np.pi)
    rows, columns = np.mgrid[: blank.shape[0], : blank.shape[1]]
    along = rows * np.cos(turn) + columns * np.sin(turn)
    across = columns * np.cos(turn) - rows * np.sin(turn)
    pattern = np.sign(np.sin(along * 6.3 / period[0])) + rng.integers(2) * np.sign(np.sin(across * 6.3 / period[1]))
    picture = blank * (1 + 0.3 * rng.normal() * pattern[..., None]).astype(np.float32)
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 2))


def spots(blank: Floats, rng: Generator) -> Floats:
    """Return discs of other colours."""
    height, width = blank.shape[:2]
    sheet = (blank * 255).astype(np.uint8)
    for x, y, shade in rng.uniform(0, 1, (int(rng.integers(3, 60)), 3)):
        tint = np.clip(blank[0, 0] * (0.5 + shade) * np.exp(rng.normal(0, 0.3, 3)), 0, 1) * 255
        centre = (int(x * width), int(y * height))
        cv2.circle(sheet, centre, int(rng.uniform(3, 60)), tuple(float(c) for c in tint), -1, cv2.LINE_AA)
    return sheet.astype(np.float32) / 255


KINDS: tuple[Callable[[Floats, Generator], Floats], ...] = (wall, wall, page, noise, grass, stripes, spots)
