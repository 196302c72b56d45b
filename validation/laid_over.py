"""Draw over a photo what is no head: a hand, cloth, a sticker, the mark of a clinic, words."""
# ruff: noqa: PLR2004 each chance and size of what is drawn stands where it is used, once

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

FONTS = (0, 1, 2, 3, 4, 6, 7)
SIGNS = "ABCDEFGHabcdefgh0123456789.-/:"
USUAL_SKIN = np.array([0.75, 0.58, 0.48])
DISPLAY = 2.2

Rgb8 = NDArray[np.uint8]
Drawn = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""Where a thing is, (H, W), and how light it is there, about 1."""

Generator = np.random.Generator


def laid_over(rgb8: Rgb8, head: NDArray[np.bool_], rng: Generator) -> tuple[Rgb8, NDArray[np.bool_]]:
    """Return a photo with something over its head, and where that is."""
    ways: tuple[Callable[[Rgb8, NDArray[np.bool_], Generator], tuple[Rgb8, NDArray[np.bool_]]], ...]
    ways = (under_a_hand, under_cloth, with_a_mark, with_words)
    return ways[rng.choice(4, p=(0.45, 0.2, 0.2, 0.15))](rgb8, head, rng)


def under_a_hand(rgb8: Rgb8, head: NDArray[np.bool_], rng: Generator) -> tuple[Rgb8, NDArray[np.bool_]]:
    """Return the photo with a hand on the head, of the colour of its barest places or of another person."""
    colour = USUAL_SKIN * rng.uniform(0.35, 1.15)
    if rng.random() < 0.5:
        pixels = rgb8[head].astype(np.float32) / 255
        warm = pixels[pixels[:, 0] > pixels[:, 2] * 1.15]
        if len(warm) > 200:
            colour = np.quantile(warm, rng.uniform(0.5, 0.95), axis=0)
    colour = np.clip(colour * np.exp(rng.normal(0, 0.1)) * np.exp(rng.normal(0, 0.04, 3)), 0.03, 1) ** DISPLAY
    mask, shade = _hand(head, rng)
    return _painted(rgb8, mask, colour * shade[..., None] ** 1.4, rng)


def under_cloth(rgb8: Rgb8, head: NDArray[np.bool_], rng: Generator) -> tuple[Rgb8, NDArray[np.bool_]]:
    """Return the photo with a cap or a cloth with a pattern over a part of the head, or over all of it."""
    (x, y), across = _middle_and_width(head)
    mask = np.zeros(head.shape, np.uint8)
    place = (round(x + rng.normal(0, 0.12) * across), round(y + rng.normal(0, 0.12) * across))
    axes = (round(across * rng.uniform(0.25, 0.65)), round(across * rng.uniform(0.25, 0.65)))
    cv2.ellipse(mask, place, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
    rows, columns = np.mgrid[: head.shape[0], : head.shape[1]].astype(np.float32)
    turn, step = rng.uniform(0, np.pi), across * rng.uniform(0.01, 0.2)
    along = np.sin(2 * np.pi * (columns * np.cos(turn) + rows * np.sin(turn)) / step)
    aside = np.sin(2 * np.pi * (rows * np.cos(turn) - columns * np.sin(turn)) / (step * rng.uniform(0.5, 2)))
    pattern = along if rng.random() < 0.4 else along * aside
    if rng.random() < 0.5:
        pattern = np.sign(pattern)
    one, other = rng.uniform(0.02, 0.9, (2, 3))
    if rng.random() < 0.5:
        other = one * np.exp(rng.normal(0, 0.15))
    share = (0.5 + 0.5 * pattern)[..., None]
    shade = _rounded(mask, 0.4 * across, 0.6)[..., None]
    return _painted(rgb8, mask, (share * one + (1 - share) * other) * shade, rng)


def with_a_mark(rgb8: Rgb8, head: NDArray[np.bool_], rng: Generator) -> tuple[Rgb8, NDArray[np.bool_]]:
    """Return the photo with the mark of a clinic or a sticker on it: discs, rings and bars of one or two colours."""
    (x, y), across = _middle_and_width(head)
    painted, mask = rgb8.copy(), np.zeros(head.shape, np.uint8)
    here = np.array([x, y]) + rng.uniform(-0.4, 0.4, 2) * across
    colours = rng.uniform(0, 255, (2, 3)) if rng.random() < 0.7 else np.repeat(rng.choice([0, 255], (2, 1)), 3, axis=1)
    for _ in range(rng.integers(1, 4)):
        colour = tuple(float(level) for level in colours[rng.integers(2)])
        place = (here + rng.normal(0, 0.06, 2) * across).round().astype(int)
        size = across * rng.uniform(0.03, 0.18, 2)
        line = -1 if rng.random() < 0.6 else max(2, round(0.03 * across))
        for canvas, level in ((painted, colour), (mask, 1)):
            if size[0] > size[1]:
                cv2.circle(canvas, place.tolist(), round(size[0]), level, line)
            else:
                corners = (place - size).astype(int).tolist(), (place + size).astype(int).tolist()
                cv2.rectangle(canvas, *corners, level, line)
    return painted, mask > 0


def with_words(rgb8: Rgb8, head: NDArray[np.bool_], rng: Generator) -> tuple[Rgb8, NDArray[np.bool_]]:
    """Return the photo with a line of words over it, half of them on a bar across the picture."""
    (x, y), across = _middle_and_width(head)
    painted, mask = rgb8.copy(), np.zeros(head.shape, np.uint8)
    text = "".join(rng.choice(list(SIGNS), rng.integers(5, 15)))
    font, thick, size = int(rng.choice(FONTS)), int(rng.integers(1, 4)), across * rng.uniform(0.002, 0.005)
    (width, tall), _ = cv2.getTextSize(text, font, size, thick)
    start = (round(x - width / 2 + rng.normal(0, 0.1) * across), round(y + rng.uniform(-0.4, 0.4) * across))
    colour = rng.choice([0, 255]) * np.ones(3) if rng.random() < 0.6 else rng.uniform(0, 255, 3)
    if rng.random() < 0.5:
        bar = slice(max(0, start[1] - 2 * tall), start[1] + tall)
        painted[bar], mask[bar] = np.where(colour.mean() > 127, 16, 240), 1
    cv2.putText(painted, text, start, font, size, tuple(map(float, colour)), thick, cv2.LINE_AA)
    cv2.putText(mask, text, start, font, size, 1, thick)
    return painted, mask > 0


def _middle_and_width(head: NDArray[np.bool_]) -> tuple[tuple[float, float], float]:
    rows, columns = np.nonzero(head)
    if not len(rows):
        return (head.shape[1] / 2, head.shape[0] / 2), 0.6 * min(head.shape)
    return (float(columns.mean()), float(rows.mean())), 2 * float(np.sqrt(len(rows) / np.pi))


def _rounded(mask: NDArray[np.uint8], depth_px: float, darkest: float) -> NDArray[np.float32]:
    """Return light that falls off towards the edge of a thing."""
    depth = cv2.distanceTransform(mask, cv2.DIST_L2, 5) / max(depth_px, 1.0)
    return np.asarray(darkest + (1 - darkest) * np.sqrt(np.clip(depth, 0, 1)), np.float32)


def _hand(head: NDArray[np.bool_], rng: Generator) -> Drawn:
    """Return a palm or a back of a hand, two to five fingers, and mostly a forearm from beyond the picture."""
    (x, y), across = _middle_and_width(head)
    mask, shade = np.zeros(head.shape, np.uint8), np.ones(head.shape, np.float32)
    size = across * rng.uniform(0.7, 1.15)
    palm = np.array([x, y]) + rng.normal(0, 0.17, 2) * across
    turn = rng.uniform(0, 2 * np.pi)
    ahead = np.array([np.cos(turn), np.sin(turn)])
    aside = np.array([-ahead[1], ahead[0]])

    def limb(start: NDArray[np.float64], end: NDArray[np.float64], wide: float, darkest: float) -> None:
        part = np.zeros_like(mask)
        thick = max(3, round(wide))
        cv2.line(part, start.round().astype(int).tolist(), end.round().astype(int).tolist(), 1, thick)
        inside = part > 0
        shade[inside] = _rounded(part, 0.4 * thick, darkest)[inside]
        mask[inside] = 1

    if rng.random() < 0.85:
        limb(palm - 0.2 * size * ahead, palm - 3 * size * ahead, size * rng.uniform(0.24, 0.4), 0.7)
    part = np.zeros_like(mask)
    axes = (round(size * rng.uniform(0.24, 0.32)), round(size * rng.uniform(0.2, 0.27)))
    cv2.ellipse(part, palm.round().astype(int).tolist(), axes, float(np.rad2deg(turn)), 0, 360, 1, -1)
    shade[part > 0] = _rounded(part, 0.15 * size, 0.75)[part > 0]
    mask[part > 0] = 1
    spread, thick = rng.uniform(0.02, 0.35), size * rng.uniform(0.08, 0.12)
    fingers = int(rng.choice([2, 3, 4], p=[0.1, 0.1, 0.8]))
    for finger in range(fingers):
        lean = (finger - (fingers - 1) / 2) * spread + rng.normal(0, 0.05)
        along = ahead * np.cos(lean) + aside * np.sin(lean)
        root = palm + 0.12 * size * (finger - (fingers - 1) / 2) * aside + 0.12 * size * ahead
        tip = root + along * size * rng.uniform(0.3, 0.52)
        limb(root, tip, thick, rng.uniform(0.5, 0.8))
        for joint in rng.uniform(0.45, 0.95, 2):
            at = root + joint * (tip - root)
            across_finger = 0.35 * thick * aside
            ends = (
                (at - across_finger).round().astype(int).tolist(),
                (at + across_finger).round().astype(int).tolist(),
            )
            cv2.line(shade, *ends, float(rng.uniform(0.6, 0.9)), max(1, round(0.08 * thick)))
    if rng.random() < 0.7:
        lean = float(rng.choice([-1, 1])) * rng.uniform(0.6, 1.2)
        along = ahead * np.cos(lean) + aside * np.sin(lean)
        limb(palm, palm + along * size * rng.uniform(0.36, 0.5), 1.15 * thick, rng.uniform(0.5, 0.8))
    return mask, cv2.GaussianBlur(shade, (0, 0), max(0.8, 0.006 * size))


def _painted(
    rgb8: Rgb8, mask: NDArray[np.uint8], linear: NDArray[np.floating], rng: Generator
) -> tuple[Rgb8, NDArray[np.bool_]]:
    """Return the photo with a thing over it, in its own grain, slow light and shadow."""
    height, width = mask.shape
    grain = rng.normal(0, rng.uniform(0.005, 0.04), mask.shape).astype(np.float32)
    grain += cv2.resize(rng.normal(0, 0.04, (height // 12, width // 12)).astype(np.float32), (width, height))
    slow = cv2.resize(rng.normal(0, 0.15, (3, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    edge = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)[..., None]
    near = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.02 * width)[..., None]
    below = (rgb8 / np.float32(255)) ** DISPLAY * (1 - rng.uniform(0.1, 0.5) * near)
    seen = below * (1 - edge) + edge * linear * np.exp(grain + slow)[..., None]
    return (np.clip(seen, 0, 1) ** (1 / DISPLAY) * 255).astype(np.uint8), mask > 0
