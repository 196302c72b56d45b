"""Known faults put into good photos in linear light, and a measure of what they cost that no gate has seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb8 = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Kind = Literal[
    "good", "blur", "shake", "head_blur", "background_blur", "dark", "light", "enlarged", "small", "jpeg", "cut"
]

CALIBRATED_LONG_SIDE_PX = 640.0
"""Amounts in pixels are of a photo this long, and are stretched for longer ones."""

AMOUNTS: tuple[tuple[Kind, tuple[float, ...]], ...] = (
    ("good", (0.0,)),
    ("blur", (1.0, 2.0, 3.0, 4.0)),
    ("shake", (6.0, 12.0, 18.0)),
    ("head_blur", (3.0, 5.0)),
    ("background_blur", (4.0,)),
    ("dark", (1 / 4, 1 / 8, 1 / 16, 1 / 32)),
    ("light", (2.0, 4.0, 8.0)),
    ("enlarged", (3.0, 5.0)),
    ("small", (2.0, 3.0, 4.0, 6.0)),
    ("jpeg", (15.0,)),
    ("cut", (0.05, 0.15, 0.3)),
)
"""Gaussian sigma in px; length of a straight shake in px; sigma on the head alone, and behind it alone; share of the
light; times the light; times reduced and enlarged again; times reduced; JPEG quality; share of the head cut off."""

FULL_WELL_ELECTRONS = 6000.0
READ_NOISE = 0.0008
LOST_ERROR_FRACTION = 0.5
LOST_HEAD_FRACTION = 1 / 3
DETAIL_FLOOR = 0.01
TILES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Degraded:
    """A photo with a fault: its pixels, its head, and what the fault costs.

    `lost_fraction` is the share of the head whose fine detail is lost or false, None where pixels no longer
    correspond (`cut`).
    """

    kind: Kind
    amount: float
    rgb8: Rgb8
    head: Mask
    lost_fraction: float | None

    @property
    def beyond_use(self) -> bool:
        """Whether more than a third of the head has lost its detail."""
        return self.lost_fraction is not None and self.lost_fraction > LOST_HEAD_FRACTION


def degraded(rgb8: Rgb8, head: Mask, generator: np.random.Generator, *, whole_head: bool) -> Iterator[Degraded]:
    """Yield the photo itself and then with each fault in each amount.

    Head and background are blurred apart only where `whole_head` says that the mask is the head, with no face beside.
    """
    detail = fine_detail(rgb8, 1.0)
    for kind, amounts in AMOUNTS:
        if kind in {"head_blur", "background_blur"} and not whole_head:
            continue
        for amount in amounts:
            if kind == "cut":
                pixels, seen = _cut(rgb8, head, amount)
                yield Degraded(kind=kind, amount=amount, rgb8=pixels, head=seen, lost_fraction=None)
                continue
            pixels, seen = apply(rgb8, head, kind=kind, amount=amount, generator=generator)
            back = pixels
            if pixels.shape != rgb8.shape:
                back = np.asarray(cv2.resize(pixels, rgb8.shape[1::-1], interpolation=cv2.INTER_CUBIC), np.uint8)
            gain = amount if kind in {"dark", "light"} else 1.0
            lost = lost_fraction(detail, fine_detail(back, gain), head)
            yield Degraded(kind=kind, amount=amount, rgb8=pixels, head=seen, lost_fraction=lost)


def apply(rgb8: Rgb8, head: Mask, *, kind: Kind, amount: float, generator: np.random.Generator) -> tuple[Rgb8, Mask]:
    """Return the photo with one fault, and its head: changed in linear light, then sensor noise, 8 bits, JPEG."""
    if kind == "good":
        return rgb8, head
    if kind == "jpeg":
        return _through_jpeg(rgb8, round(amount)), head
    if kind in {"small", "enlarged"}:
        size = tuple(round(side / amount) for side in rgb8.shape[1::-1])
        reduced = np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), np.uint8)
        if kind == "small":
            small = cv2.resize(head.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
            return _through_jpeg(reduced, 90), np.asarray(small, np.bool_)
        return _through_jpeg(np.asarray(cv2.resize(reduced, rgb8.shape[1::-1]), np.uint8), 90), head
    light = linear_light(rgb8)
    px = amount * max(rgb8.shape[:2]) / CALIBRATED_LONG_SIDE_PX
    if kind == "blur":
        light = _blurred(light, px)
    elif kind in {"head_blur", "background_blur"}:
        share = _blurred(_with_ears(head).astype(np.float32), px)[..., None]
        share = share if kind == "head_blur" else 1.0 - share
        light = share * _blurred(light, px) + (1.0 - share) * light
    elif kind == "shake":
        kernel = _straight_shake(px, float(generator.uniform(0, np.pi)))
        light = np.asarray(cv2.filter2D(light, -1, kernel, borderType=cv2.BORDER_REFLECT), np.float32)
    else:
        light = light * np.float32(amount)
    light = np.clip(light, 0, 1)
    spread = np.sqrt(READ_NOISE**2 + light / FULL_WELL_ELECTRONS)
    noisy = light + spread * generator.standard_normal(light.shape, dtype=np.float32)
    return _through_jpeg(_from_linear_light(noisy), 90), head


def fine_detail(rgb8: Rgb8, gain: float) -> Floats:
    """Return contrast at the size of strands (1-4 px of a photo 640 px long), (H, W), of a photo `gain` times as light.

    Logarithm of linear light, so that 0.1 is a tenth of the local brightness.
    """
    scale = max(rgb8.shape[:2]) / CALIBRATED_LONG_SIDE_PX
    luma = linear_light(rgb8) @ np.array([0.2126, 0.7152, 0.0722], np.float32) / np.float32(gain)
    level = np.log(luma + np.float32(0.003))
    return np.asarray(_blurred(level, scale) - _blurred(level, 4 * scale), np.float32)


def lost_fraction(detail: Floats, seen: Floats, head: Mask) -> float:
    """Return the share of the head, in tiles, where the squared error of the detail exceeds half of its energy."""
    inside = head.astype(np.float32)

    def tiles(values: Floats) -> Floats:
        return np.asarray(cv2.resize(values, (TILES, TILES), interpolation=cv2.INTER_AREA), np.float32)

    asked = tiles(inside) > 0.5  # noqa: PLR2004 tiles mostly of head
    error, energy = tiles((seen - detail) ** 2 * inside)[asked], tiles(detail**2 * inside)[asked]
    return float(np.mean(error > LOST_ERROR_FRACTION * (energy + DETAIL_FLOOR**2)))


def linear_light(rgb8: Rgb8) -> Floats:
    """Return linear light 0-1 of sRGB."""
    return _LIGHT_OF_SRGB[rgb8]


def _light_table() -> Floats:
    level = np.arange(256) / 255
    light = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 IEC 61966-2-1
    return np.asarray(light, np.float32)


def _from_linear_light(light: Floats) -> Rgb8:
    return _SRGB_OF_LIGHT[(np.clip(light, 0, 1) * np.float32(_LIGHT_STEPS)).astype(np.uint16)]


def _srgb_table() -> Rgb8:
    light = np.arange(_LIGHT_STEPS + 1) / _LIGHT_STEPS
    level = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)  # noqa: PLR2004 IEC 61966-2-1
    return np.asarray(np.rint(255 * level), np.uint8)


def _blurred(values: Floats, sigma_px: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT), np.float32)


def _with_ears(head: Mask) -> Mask:
    """Return the convex hull of the head, widened by a twentieth of its height: outline and ears are within."""
    outlines, _ = cv2.findContours(head.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = np.zeros(head.shape, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(np.vstack(outlines)), 1)
    margin = 2 * round(0.05 * int(np.count_nonzero(hull.any(axis=1)))) + 1
    return np.asarray(cv2.dilate(hull, np.ones((margin, margin), np.uint8)), np.bool_)


def _straight_shake(length_px: float, angle: float) -> Floats:
    side = 2 * int(np.ceil(length_px / 2)) + 3
    kernel = np.zeros((side, side), np.float32)
    middle, reach = (side - 1) / 2, length_px / 2
    fine = 16  # cv2 draws at sixteenths of a pixel with 4 fractional bits
    step = np.array([np.cos(angle), np.sin(angle)]) * reach
    start, end = (np.rint((middle + sign * step) * fine).astype(int) for sign in (-1, 1))
    cv2.line(kernel, start.tolist(), end.tolist(), 1.0, 1, cv2.LINE_AA, 4)
    return kernel / kernel.sum()


def _through_jpeg(rgb8: Rgb8, quality: int) -> Rgb8:
    _, packed = cv2.imencode(".jpg", rgb8[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1])


def _cut(rgb8: Rgb8, head: Mask, share: float) -> tuple[Rgb8, Mask]:
    """Return the photo without its topmost rows, so many that a share of the head is cut off with them."""
    rows = np.cumsum(head.sum(axis=1)) / head.sum()
    first = int(np.searchsorted(rows, share))
    return np.ascontiguousarray(rgb8[first:]), np.ascontiguousarray(head[first:])


_LIGHT_STEPS = 65535
_SRGB_OF_LIGHT = _srgb_table()
_LIGHT_OF_SRGB = _light_table()
