"""The broad pattern of a head: what stays when strands are blurred away, brought to one size.

Months apart, in other light and with other hair, single strands and pores are lost, but the edges of thin places, the
whorl, the lie of the hair, scars and blotches of the skin stay where they are.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.head_settings import PatternSettings
from hairtrack.imaging.outline import ellipse_of
from hairtrack.imaging.types import Mask, PointsXY, Rgb8Image

Channels = NDArray[np.float32]
"""(5, n, n): light, two of colour, and the cosine and sine of twice the direction of the hair; 0 outside the head."""

Layer = NDArray[np.float32]

_LIE = (3, 4)  # rows of `Channels` that turn with the picture
_LIGHT_CALM = 8.0  # L* added before the logarithm: noise in the dark is no pattern
_TONE_CALM = 15.0  # L* added before colour is divided by light
_EDGE_CALM = 4.0  # squared grey levels: flat places have no direction
_LEAST_WEIGHT = 0.05
_LEAST_SPREAD = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadPattern:
    """The pattern of one head in a square window round it.

    Parameters
    ----------
    channels
        Each of unit spread in its neighbourhood.
    core
        (n, n) 0 or 1: the head without its rim, inside the picture.
    radius_px
        Radius of the head in the window.
    window_per_working, middle_xy
        Window pixels a pixel of the working picture, and the place of the window's middle there.
    ellipse
        (2, 2) form that is 1 on the outline, taken for an ellipse, at offsets from the window's middle in px.
    """

    channels: Channels
    core: Layer
    radius_px: int
    window_per_working: float
    middle_xy: tuple[float, float]
    ellipse: NDArray[np.float64]

    def height_radii(self, offsets_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how high an egg with this outline stands over its rim at offsets (..., 2) from the window's middle."""
        off = np.einsum("...i,ij,...j->...", offsets_px, self.ellipse, offsets_px)
        return np.asarray(np.sqrt(np.clip(1 - off, 0, None)), np.float64)

    @property
    def middle_px(self) -> float:
        """Return both coordinates of the middle of the window."""
        return float(self.core.shape[0] - 1) / 2

    def window_from_working(self, points_xy: PointsXY) -> PointsXY:
        """Return points of the working picture in the window."""
        return np.asarray((points_xy - np.array(self.middle_xy)) * self.window_per_working + self.middle_px)

    def working_from_window(self, points_xy: PointsXY) -> PointsXY:
        """Return points of the window in the working picture."""
        return np.asarray((points_xy - self.middle_px) / self.window_per_working + np.array(self.middle_xy))

    def seen_through(self, nodes_xy: NDArray[np.float64], roll_rad: float) -> tuple[Channels, Layer]:
        """Return channels and core sampled at (n, n, 2) places of this window, directions turned back by the roll."""
        columns, rows = (np.ascontiguousarray(nodes_xy[..., k], np.float32) for k in (0, 1))
        laid = np.stack([_sampled(channel, columns, rows) for channel in self.channels])
        cosine, sine = np.float32(np.cos(2 * roll_rad)), np.float32(np.sin(2 * roll_rad))
        first, second = laid[_LIE[0]].copy(), laid[_LIE[1]].copy()
        laid[_LIE[0]] = first * cosine + second * sine
        laid[_LIE[1]] = second * cosine - first * sine
        core = (_sampled(self.core, columns, rows) > 0.5).astype(np.float32)  # noqa: PLR2004 the nearest pixel
        return np.asarray(laid * core, np.float32), core

    def mirrored(self) -> "HeadPattern":
        """Return the pattern of the head's mirror image."""
        flipped = self.channels[:, :, ::-1].copy()
        flipped[_LIE[1]] *= -1
        return HeadPattern(
            channels=flipped,
            core=np.ascontiguousarray(self.core[:, ::-1]),
            radius_px=self.radius_px,
            window_per_working=self.window_per_working,
            middle_xy=self.middle_xy,
            ellipse=self.ellipse * np.array([[1, -1], [-1, 1]]),
        )


def head_pattern(
    rgb8: Rgb8Image, head_mask: Mask, *, radius_px: int, blurs_px: tuple[float, float], settings: PatternSettings
) -> HeadPattern:
    """Return the pattern of a head brought to `radius_px`.

    Parameters
    ----------
    rgb8
        (h, w, 3) working picture.
    head_mask
        (h, w), not empty.
    radius_px
        Of the head in the window.
    blurs_px
        The pattern lies between these two blurs, in window pixels.
    settings
        Window, rim and evening.
    """
    moments = cv2.moments(head_mask.astype(np.uint8), binaryImage=True)
    middle = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    scale = radius_px / float(np.sqrt(moments["m00"] / np.pi))
    side = int(settings.window_radii * radius_px) // 2 * 2
    doubled = _window(rgb8, middle, 2 * scale, 2 * side)
    mask = _window(head_mask.astype(np.float32), middle, scale, side, border=cv2.BORDER_CONSTANT)
    head = (mask > 0.5).astype(np.float32)  # noqa: PLR2004 the edge of the mask
    broad = _Blur(head)
    raw = _raw_channels(doubled, blurs_px[0])
    pattern = [broad(layer, blurs_px[0]) - broad(layer, blurs_px[1]) for layer in raw[: _LIE[0]]]
    pattern += [(layer - broad(layer, 2 * blurs_px[1])) * head for layer in raw[_LIE[0] :]]
    evening = settings.evening_radii * radius_px
    power = [broad(layer**2, evening) for layer in pattern]
    lie_power = power[_LIE[0]] + power[_LIE[1]]
    spread = [np.sqrt(p) for p in (*power[: _LIE[0]], lie_power, lie_power)]
    rim = int(settings.rim_radii * radius_px) | 1
    element = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim))
    core = np.asarray(cv2.erode(head, element, borderType=cv2.BORDER_CONSTANT, borderValue=0), np.float32)
    channels = [layer / np.maximum(s, _LEAST_SPREAD) * core for layer, s in zip(pattern, spread, strict=True)]
    return HeadPattern(
        channels=np.stack(channels).astype(np.float32),
        core=core,
        radius_px=radius_px,
        window_per_working=scale,
        middle_xy=middle,
        ellipse=ellipse_of(head_mask) / scale**2,
    )


class _Blur:
    """Blurs inside a mask, so that what lies outside the head does not bleed in."""

    def __init__(self, head: Layer) -> None:
        self._head = head
        self._weights: dict[float, Layer] = {}

    def __call__(self, layer: Layer, sigma_px: float) -> Layer:
        if sigma_px not in self._weights:
            weight = cv2.GaussianBlur(self._head, (0, 0), sigma_px)
            self._weights[sigma_px] = np.maximum(np.asarray(weight, np.float32), np.float32(_LEAST_WEIGHT))
        blurred = cv2.GaussianBlur(np.asarray(layer * self._head, np.float32), (0, 0), sigma_px)
        return np.asarray(blurred / self._weights[sigma_px], np.float32)


def _raw_channels(doubled: Rgb8Image, narrow_px: float) -> list[Layer]:
    """Return light, colour and the lie of the hair at half the size of a picture of twice the window's."""
    side = doubled.shape[0] // 2
    small = cv2.resize(doubled, (side, side), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab)
    tone = lab[..., 0] + np.float32(_TONE_CALM)
    light = cv2.cvtColor(doubled, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    xx, yy, xy = (
        cv2.resize(cv2.GaussianBlur(product, (0, 0), 2 * narrow_px), (side, side), interpolation=cv2.INTER_AREA)
        for product in (across * across, down * down, across * down)
    )
    strength = xx + yy + np.float32(_EDGE_CALM)
    layers = (
        np.log(lab[..., 0] + np.float32(_LIGHT_CALM)),
        lab[..., 1] / tone,
        lab[..., 2] / tone,
        (xx - yy) / strength,
        2 * xy / strength,
    )
    return [np.asarray(layer, np.float32) for layer in layers]


def _window(
    layer: NDArray[np.uint8] | Layer,
    middle_xy: tuple[float, float],
    scale: float,
    side: int,
    border: int = cv2.BORDER_REPLICATE,
) -> NDArray[np.uint8]:
    """Return a square of a picture round a place, enlarged or reduced without aliasing."""
    source = layer if scale >= 1 else cv2.GaussianBlur(layer, (0, 0), 0.45 / scale)
    shift = (side - 1) / 2 - scale * np.array(middle_xy)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    return np.asarray(cv2.warpAffine(source, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=border))


def _sampled(layer: Layer, columns: Layer, rows: Layer) -> Layer:
    return np.asarray(
        cv2.remap(layer, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0), np.float32
    )
