"""Hairs of a close-up, one by one: root, tip, centre line, diameter, kind and follicular unit."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Mask, PointsXY, Rgb8Image
from hairtrack.model import FollicularUnit, Hair, HairKind
from hairtrack.segment.overlays import find_overlays
from hairtrack.segment.shaft_pixels import ShaftPixels, shaft_pixels
from hairtrack.segment.units import unit_of_each_root


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftSettings:
    """How hairs are told apart on a close-up.

    Parameters
    ----------
    terminal_from_um
        A shaft of at least this diameter is terminal, a thinner one vellus (30 µm; some authors draw it at 40 µm).
    nominal_px_per_mm
        Scale on which sizes are judged when the true one is unknown; no absolute number is then given.
    typical_shaft_um
        Diameter of a single shaft as its dark core is seen; a wider blob is a bundle.
    hair_darkness, core_darkness
        Natural logarithm of skin over hair brightness that a hair pixel, and some pixel of each hair, must reach.
    shortest_mm
        Anything shorter is no hair.
    unit_link_mm
        Roots nearer than this share a follicular unit.
    """

    terminal_from_um: float = 30.0
    nominal_px_per_mm: float = 179.0
    typical_shaft_um: float = 70.0
    hair_darkness: float = 0.35
    core_darkness: float = 0.55
    shortest_mm: float = 0.12
    unit_link_mm: float = 0.20


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftFinding:
    """Hairs and units of one close-up, in full-size pixels.

    Parameters
    ----------
    hairs, units
        What was found.
    hair
        (H, W) mask of pixels that show hair.
    seen
        (H, W) mask of pixels where hair could be seen.
    flags
        Stable words for what limits the finding.
    """

    hairs: tuple[Hair, ...]
    units: tuple[FollicularUnit, ...]
    hair: Mask
    seen: Mask
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shaft:
    """A straight shaft at analysis size: its ends, its width, and how sure it is."""

    root_xy: NDArray[np.float64]
    tip_xy: NDArray[np.float64]
    width_px: float
    confidence: float


def find_shafts(rgb8: Rgb8Image, *, px_per_mm: float | None, settings: ShaftSettings) -> ShaftFinding:
    """Return the hairs of a close-up.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    px_per_mm
        Scale of the picture; None when unknown, and diameters are then in pixels only.
    settings
        Sizes and limits.
    """
    drawn = find_overlays(rgb8).mask
    pixels = shaft_pixels(rgb8, drawn, px_per_mm=px_per_mm or settings.nominal_px_per_mm)
    hair = hair_mask(pixels, settings)
    shafts = tuple(shaft for blob in _blobs(hair, pixels, settings) for shaft in _shafts_of(blob, pixels, settings))
    hairs = _hairs(shafts, pixels, px_per_mm, settings)
    height, width = rgb8.shape[:2]
    flags = () if px_per_mm else ("scale_unknown",)
    return ShaftFinding(hairs=hairs, units=_units(hairs), hair=_full(hair, (height, width)), seen=~drawn, flags=flags)


def hair_mask(pixels: ShaftPixels, settings: ShaftSettings) -> Mask:
    """Return where hair is seen at analysis size: dark pixels connected to a dark core."""
    candidate = (pixels.darkness > settings.hair_darkness).astype(np.uint8)
    count, labels = cv2.connectedComponents(candidate, connectivity=4)
    has_core = np.zeros(count, np.bool_)
    has_core[np.unique(labels[pixels.darkness > settings.core_darkness])] = True
    has_core[0] = False
    return np.asarray(has_core[labels] & pixels.seen, np.bool_)


def _blobs(hair: Mask, pixels: ShaftPixels, settings: ShaftSettings) -> list[PointsXY]:
    """Return the pixels (N, 2) of each connected blob that is large enough to hold a hair."""
    opened = cv2.morphologyEx(hair.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    shortest_px = settings.shortest_mm * pixels.px_per_mm
    blobs = []
    for index in range(1, count):
        left, top, width, height, area = boxes[index]
        if max(width, height) < 0.7 * shortest_px or area < 1.5 * shortest_px:
            continue
        rows, columns = np.nonzero(labels[top : top + height, left : left + width] == index)
        blobs.append(np.c_[columns + left, rows + top].astype(np.float64))
    return blobs


def _shafts_of(blob_xy: PointsXY, pixels: ShaftPixels, settings: ShaftSettings) -> list[Shaft]:
    """Return the parallel shafts that fill a blob: as many as its width holds."""
    centre = blob_xy.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((blob_xy - centre).T))
    major, minor = 4 * np.sqrt(np.maximum(values[::-1], 0.08))
    along = vectors[:, 1]
    shortest_px = settings.shortest_mm * pixels.px_per_mm
    if major < shortest_px or major < 1.5 * minor:
        return []
    ends = centre - along * major / 2, centre + along * major / 2
    if _halo(pixels, ends[0], -along) < _halo(pixels, ends[1], along):
        ends, along = (ends[1], ends[0]), -along
    across = np.array([-along[1], along[0]])
    width_px = len(blob_xy) / major
    typical_px = settings.typical_shaft_um / 1000 * pixels.px_per_mm
    count = max(1, round(width_px / typical_px))
    shifts = ((np.arange(count) + 0.5) / count - 0.5) * width_px
    return [
        Shaft(ends[0] + across * shift, ends[1] + across * shift, float(width_px) / count, 1.0 / count)
        for shift in shifts
    ]


def _halo(pixels: ShaftPixels, end_xy: NDArray[np.float64], outward: NDArray[np.float64]) -> float:
    """Return how dark and blue the skin beyond an end is: hair under the skin shows beyond the root."""
    steps = np.array([0.03, 0.06, 0.08, 0.10, 0.13]) * pixels.px_per_mm
    points = end_xy + steps[:, None] * outward
    height, width = pixels.darkness.shape
    columns = np.clip(points[:, 0].round().astype(int), 0, width - 1)
    rows = np.clip(points[:, 1].round().astype(int), 0, height - 1)
    return float(np.mean(20 * np.minimum(pixels.darkness[rows, columns], 0.5) + pixels.blueness[rows, columns]))


def _hairs(
    shafts: tuple[Shaft, ...], pixels: ShaftPixels, px_per_mm: float | None, settings: ShaftSettings
) -> tuple[Hair, ...]:
    roots = np.array([shaft.root_xy for shaft in shafts]).reshape(-1, 2)
    unit = unit_of_each_root(roots, link_px=settings.unit_link_mm * pixels.px_per_mm)
    hairs = []
    for shaft, unit_index in zip(shafts, unit, strict=True):
        root, tip = (_full_xy(point, pixels) for point in (shaft.root_xy, shaft.tip_xy))
        diameter_px = shaft.width_px * pixels.full_per_analysis
        nominal_um = 1000 * diameter_px / (px_per_mm or settings.nominal_px_per_mm)
        hairs.append(
            Hair(
                root_xy=root,
                tip_xy=tip,
                centre_line_xy=(root, tip),
                diameter_px=diameter_px,
                diameter_um=nominal_um if px_per_mm else None,
                kind=HairKind.TERMINAL if nominal_um >= settings.terminal_from_um else HairKind.VELLUS,
                unit=int(unit_index),
                confidence=shaft.confidence,
            )
        )
    return tuple(hairs)


def _units(hairs: tuple[Hair, ...]) -> tuple[FollicularUnit, ...]:
    units = []
    for index in range(max((hair.unit for hair in hairs), default=-1) + 1):
        members = tuple(position for position, hair in enumerate(hairs) if hair.unit == index)
        roots = np.array([hairs[position].root_xy for position in members])
        centre = roots.mean(axis=0)
        units.append(FollicularUnit(centre_xy=(float(centre[0]), float(centre[1])), hair_indices=members))
    return tuple(units)


def _full_xy(point: NDArray[np.float64], pixels: ShaftPixels) -> tuple[float, float]:
    full = (point + 0.5) * pixels.full_per_analysis - 0.5
    return float(full[0]), float(full[1])


def _full(mask: Mask, shape: tuple[int, int]) -> Mask:
    enlarged = cv2.resize(mask.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(enlarged, np.uint8) > 0
