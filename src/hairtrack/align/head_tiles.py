"""Places of the head vote on the map between two photos; where they agree, it is believed."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.head_pattern import Channels, HeadPattern, Layer
from hairtrack.align.head_search import HeadPose, window_places
from hairtrack.align.head_settings import TileSettings
from hairtrack.align.trend import Trend, fit_trend
from hairtrack.imaging.types import Mask, PointsXY

WindowMap = Callable[[PointsXY], PointsXY]
"""(N, 2) places of the reference's window to places of the moving window."""

_COARSER = 4  # sums over a tile are taken on a grid this much coarser: its window is ten pixels wide
_LEAST_COVERED = 0.35  # of a tile's window must show both heads
_LEAST_POWER = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFit:
    """A smooth map between the windows of two heads, and how the tiles stand to it.

    Parameters
    ----------
    map
        Reference window to moving window.
    tiles_xy
        (K, 2) middles of the tiles that both photos show.
    agrees
        (K,) whether each voted for the place that the map gives it.
    likeness
        Mean correlation of the tiles under the map, -1 to 1.
    miss_radii
        Median distance of the votes from the map.
    seen_fraction
        Share of the reference's tiles that both photos show.
    """

    map: Trend
    tiles_xy: PointsXY
    agrees: Mask
    likeness: float
    miss_radii: float
    seen_fraction: float

    @property
    def agreement(self) -> float:
        """Share of the tiles that agree with the map."""
        return float(self.agrees.mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Votes:
    """Where each tile is likest (K, 2), in pixels off the place looked at, and how like it is there (K,)."""

    offsets_px: NDArray[np.int64]
    likeness: Layer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layers:
    """A pattern as it is correlated: channels, their summed square, and the core."""

    channels: Channels
    power: Layer
    core: Layer

    def moved(self, offset: tuple[int, int]) -> "_Layers":
        """Return the pattern looked at further right and down."""
        channels, power, core = (
            np.roll(layer, (-offset[1], -offset[0]), (-2, -1)) for layer in (self.channels, self.power, self.core)
        )
        return _Layers(channels=channels, power=power, core=core)


def fit_head(reference: HeadPattern, moving: HeadPattern, start: HeadPose, settings: TileSettings) -> HeadFit | None:
    """Return the map that most tiles agree on, straight first, then curved; None when too few tiles see both heads."""
    radius = reference.radius_px
    tiles = _tiles(reference, settings)
    straight: WindowMap = lambda points: start.moving_from_reference(points, moving)  # noqa: E731 read as a value
    curved: Trend | None = None
    known = np.ones(len(tiles), np.bool_)
    voted = np.empty((0, 2))
    for last, (reach, window) in enumerate(zip(settings.reaches_radii, settings.windows_radii, strict=True), 1):
        if len(tiles) < settings.fewest:
            return None
        votes = _vote(reference, moving, straight, (tiles, max(1, round(reach * radius)), window * radius))
        known = np.asarray(votes.likeness > 0, np.bool_)
        if known.sum() < settings.fewest:
            return None
        voted = straight((tiles + votes.offsets_px).astype(np.float64))
        places = tiles.astype(np.float64)
        scales = tuple(scale * radius for scale in settings.line_scales_radii)
        line = fit_trend(places[known], voted[known], degree=1, scales_px=scales)
        if last == len(settings.reaches_radii):
            scales = tuple(scale * radius for scale in settings.curve_scales_radii)
            curved = fit_trend(places[known], voted[known], degree=2, scales_px=scales, start=line(places[known]))
        straight = line
    if curved is None:
        return None
    miss = np.linalg.norm(curved(tiles.astype(np.float64)) - voted, axis=1) / radius
    under = _vote(reference, moving, curved, (tiles, 0, settings.windows_radii[-1] * radius)).likeness
    return HeadFit(
        map=curved,
        tiles_xy=tiles[known].astype(np.float64),
        agrees=np.asarray(miss[known] < settings.agreeing_radii, np.bool_),
        likeness=float(under[under > -1].mean()) if (under > -1).any() else -1.0,
        miss_radii=float(np.median(miss[known])),
        seen_fraction=float((under > -1).mean()),
    )


def _tiles(pattern: HeadPattern, settings: TileSettings) -> NDArray[np.int64]:
    """Return the (K, 2) middles of a regular grid of tiles that lie on the head."""
    axis = np.linspace(-1, 1, settings.across + 2)[1:-1] * pattern.radius_px + pattern.middle_px
    columns, rows = np.meshgrid(axis.astype(int), axis.astype(int))
    places = np.c_[columns.ravel(), rows.ravel()]
    return np.asarray(places[pattern.core[places[:, 1], places[:, 0]] > 0], np.int64)


def _vote(
    reference: HeadPattern, moving: HeadPattern, to_moving: WindowMap, looking: tuple[NDArray[np.int64], int, float]
) -> _Votes:
    """Return the offset at which each tile is likest; `looking` is tiles, reach and window width in pixels."""
    tiles, reach, window_px = looking
    places = window_places(reference)
    middle = np.array([[reference.middle_px, reference.middle_px], [reference.middle_px + 1, reference.middle_px]])
    step = to_moving(middle)[1] - to_moving(middle)[0]
    roll_rad = float(np.arctan2(step[1], step[0]))
    laid, core = moving.seen_through(to_moving(places.reshape(-1, 2)).reshape(places.shape), roll_rad)
    layers = _Layers(channels=laid, power=_power(laid), core=core)
    offsets = [(x, y) for y in range(-reach, reach + 1) for x in range(-reach, reach + 1)]
    still = _Layers(channels=reference.channels, power=_power(reference.channels), core=reference.core)
    tables = np.stack([_likeness_at(still, layers.moved(offset), (tiles, window_px)) for offset in offsets])
    best = tables.argmax(axis=0)
    return _Votes(offsets_px=np.array(offsets)[best], likeness=tables[best, np.arange(len(tiles))])


def _likeness_at(still: _Layers, laid: _Layers, looking: tuple[NDArray[np.int64], float]) -> Layer:
    """Return the correlation in the window of each tile, -1 where too little of both heads is seen."""
    tiles, window_px = looking

    def round_tiles(layer: Layer) -> Layer:
        side = layer.shape[0] // _COARSER
        coarse = cv2.resize(layer[: side * _COARSER, : side * _COARSER], (side, side), interpolation=cv2.INTER_AREA)
        blurred = np.asarray(cv2.GaussianBlur(coarse, (0, 0), window_px / _COARSER), np.float32)
        return np.asarray(blurred[tiles[:, 1] // _COARSER, tiles[:, 0] // _COARSER], np.float32)

    shared = round_tiles(np.asarray((still.channels * laid.channels).sum(axis=0), np.float32))
    own, other = round_tiles(still.power * laid.core), round_tiles(still.core * laid.power)
    covered = round_tiles(still.core * laid.core)
    scores = shared / np.sqrt(np.maximum(own * other, _LEAST_POWER))
    return np.asarray(np.where(covered > _LEAST_COVERED, scores, -1), np.float32)


def _power(channels: Channels) -> Layer:
    return np.asarray((channels**2).sum(axis=0), np.float32)
