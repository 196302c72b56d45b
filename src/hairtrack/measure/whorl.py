"""Where the hair of the crown turns: the point about which the field of hair directions winds once."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.outline import width_of
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.measure.fields import doubled_directions
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.told import told
from hairtrack.model import Measured, NotMeasured

METHOD = "whorl_position@1"
GRID_PER_HEAD = 96
"""The field is looked at on a grid of this many places across the head: a place is 2 mm, hairs lie alike over it."""

LOOKED_AT_PX = 400
"""A head is looked at this many pixels across: two a millimetre, as in the validation."""

RING_FRACTION = (0.03, 0.16)
"""Inner and outer radius of the ring about a whorl in which its hairs are looked at, of the head's width."""

LEAST_CERTAINTY = 0.45
MOST_RIVAL = 0.8
RIVAL_FRACTION = 0.2
"""A second place as good as `MOST_RIVAL` of the best, farther than this share of the head's width: it is not known
which, or there are two whorls."""

PARTS = 3
WINDING_STEPS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Doubled directions of unit length or less on a coarse grid, where hair is, and working pixels a place."""

    field: NDArray[np.complex64]
    known: NDArray[np.float32]
    step_px: float


def find_whorl(
    rgb8: Rgb8Image, *, head_mask: Mask, excluded: Mask, full_per_working: float = 1.0, settings: MeasureSettings
) -> Measured | NotMeasured:
    """Return `whorl_position`: the distance of the whorl from the middle of the head, in head widths, with its place.

    About a whorl hairs stand at one and the same angle to the line from it, so that the doubled direction winds
    twice as fast as that line. The place is where a ring of hairs fits such a spiral best (second-order symmetry:
    Bigun, Bigun & Nilsson 2004, doi 10.1109/TPAMI.2004.19), and only where the directions do wind once about it.
    Valid from above or behind, on hair of some 5 mm to 60 mm. Mirror images have the same distance.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    head_mask, excluded
        (H, W) hair-bearing scalp; glare, marks and text.
    full_per_working
        Pixels of the full photo a pixel of these arrays.
    settings
        Calibrated errors.
    """
    grid = _grid_of(rgb8, head_mask, excluded)
    certainty = _fit(grid, np.ones_like(grid.known))
    place = _peak(certainty)
    best = float(certainty[place])
    if best < LEAST_CERTAINTY or not _winds_once(grid.field, place):
        return NotMeasured(
            reason="no whorl is seen",
            remedy="photograph the dry crown from above with hair of 5 to 60 mm",
            flags=("no_whorl",),
        )
    if _rival(certainty, place) > MOST_RIVAL * best:
        return NotMeasured(
            reason="more than one place looks like a whorl",
            remedy="compare photos of the dry crown, combed as it grows",
            flags=("several_candidates",),
        )
    rows, columns = np.nonzero(head_mask)
    middle = np.array([columns.mean(), rows.mean()])
    width_px = width_of(head_mask)
    at = (_refined(certainty, place) + 0.5) * grid.step_px - 0.5
    off = (at - middle) / width_px
    full = (at + 0.5) * full_per_working - 0.5
    return told(
        float(np.hypot(*off)),
        {
            "sampling": _jackknife(grid, place) * grid.step_px / width_px,
            "head_outline": settings.outline_std_fraction,
        },
        method=METHOD,
        unit="{head_width}",
        lowest=0.0,
        at_xy=(float(full[0]), float(full[1])),
    )


def _grid_of(rgb8: Rgb8Image, head_mask: Mask, excluded: Mask) -> _Grid:
    width_px = width_of(head_mask)
    shrink = max(1.0, width_px / LOOKED_AT_PX)
    step = max(1.0, width_px / shrink / GRID_PER_HEAD)
    near = (round(rgb8.shape[1] / shrink), round(rgb8.shape[0] / shrink))
    size = (round(near[0] / step), round(near[1] / step))
    seen = cv2.resize((head_mask & ~excluded).astype(np.float32), near, interpolation=cv2.INTER_AREA)
    picture = np.asarray(cv2.resize(rgb8, near, interpolation=cv2.INTER_AREA), np.uint8)
    field, energy = doubled_directions(picture, step)
    unit = np.where(seen > 0.5, field / np.maximum(energy, np.float32(1e-6)), 0)  # noqa: PLR2004 even
    parts = [
        cv2.resize(np.ascontiguousarray(p, np.float32), size, interpolation=cv2.INTER_AREA)
        for p in (unit.real, unit.imag)
    ]
    inside = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
    return _Grid(
        field=np.asarray(parts[0] + 1j * parts[1], np.complex64),
        known=np.asarray(inside, np.float32),
        step_px=step * shrink,
    )


def _fit(grid: _Grid, weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return for each place how well the ring about it fits one spiral, 0-1; 0 where half of the ring is unseen."""
    reach = int(np.ceil(RING_FRACTION[1] * GRID_PER_HEAD))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    radius = np.hypot(x, y) / GRID_PER_HEAD
    ring = ((radius >= RING_FRACTION[0]) & (radius <= RING_FRACTION[1])).astype(np.float32)
    spiral = ring * np.exp(-2j * np.arctan2(y, x))

    def over(values: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(
            cv2.filter2D(values, cv2.CV_32F, np.ascontiguousarray(kernel, np.float32), borderType=cv2.BORDER_CONSTANT)
        )

    even, odd = (np.ascontiguousarray(p, np.float32) * weight for p in (grid.field.real, grid.field.imag))
    real = over(even, spiral.real) - over(odd, spiral.imag)
    imaginary = over(even, spiral.imag) + over(odd, spiral.real)
    strength = over(np.abs(grid.field).astype(np.float32) * weight, ring)
    seen = over(grid.known * weight, ring) / ring.sum()
    fit = np.hypot(real, imaginary) / np.maximum(strength, np.float32(1e-3))
    return np.asarray(np.where(seen > 0.5 * float(weight.mean()), fit, 0) * (grid.known > 0.5), np.float32)  # noqa: PLR2004 half


def _peak(certainty: NDArray[np.float32]) -> tuple[int, int]:
    row, column = np.unravel_index(int(certainty.argmax()), certainty.shape)
    return int(row), int(column)


def _refined(certainty: NDArray[np.float32], place: tuple[int, int]) -> NDArray[np.float64]:
    """Return (x, y) of a peak between grid places: the centre of what rises above nine tenths of it nearby."""
    row, column = place
    near = 3
    top, left = max(0, row - near), max(0, column - near)
    window = certainty[top : row + near + 1, left : column + near + 1].astype(np.float64)
    weight = np.maximum(window - 0.9 * float(certainty[place]), 0)
    rows, columns = np.mgrid[: window.shape[0], : window.shape[1]]
    total = weight.sum()
    return np.array([left + (weight * columns).sum() / total, top + (weight * rows).sum() / total])


def _winds_once(field: NDArray[np.complex64], place: tuple[int, int]) -> bool:
    """Return whether the direction winds once about a place: its doubled angle by two full turns."""
    turn = np.linspace(0, 2 * np.pi, WINDING_STEPS, endpoint=False)
    radius = GRID_PER_HEAD * float(np.mean(RING_FRACTION))
    soft = cv2.GaussianBlur(np.stack([field.real, field.imag], axis=-1).astype(np.float32), (0, 0), 2.0)
    columns = np.clip(np.round(place[1] + radius * np.cos(turn)), 0, field.shape[1] - 1).astype(int)
    rows = np.clip(np.round(place[0] + radius * np.sin(turn)), 0, field.shape[0] - 1).astype(int)
    around = soft[rows, columns, 0] + 1j * soft[rows, columns, 1]
    steps = np.angle(np.roll(around, -1) * np.conj(around))
    return round(float(steps.sum() / (4 * np.pi))) == 1


def _rival(certainty: NDArray[np.float32], place: tuple[int, int]) -> float:
    rows, columns = np.mgrid[: certainty.shape[0], : certainty.shape[1]]
    far = np.hypot(rows - place[0], columns - place[1]) > RIVAL_FRACTION * GRID_PER_HEAD
    return float(np.where(far, certainty, 0).max())


def _jackknife(grid: _Grid, place: tuple[int, int]) -> float:
    """Return the standard error of the place in grid steps, from leaving out each ninth of the tiles in turn."""
    tile = max(2, round(RING_FRACTION[1] * GRID_PER_HEAD / PARTS))
    rows, columns = np.mgrid[: grid.known.shape[0], : grid.known.shape[1]] // tile
    group = (rows % PARTS) * PARTS + columns % PARTS
    found = []
    near = round(RIVAL_FRACTION * GRID_PER_HEAD)
    window = np.zeros_like(grid.known)
    window[max(0, place[0] - near) : place[0] + near + 1, max(0, place[1] - near) : place[1] + near + 1] = 1
    for left_out in range(PARTS * PARTS):
        certainty = _fit(grid, (group != left_out).astype(np.float32)) * window
        found.append(_refined(certainty, _peak(certainty)))
    places = np.array(found)
    count = len(places)
    return float(np.sqrt((count - 1) / count * ((places - places.mean(axis=0)) ** 2).sum() / 2))
