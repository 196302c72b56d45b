"""The head seen from above, forehead up, unrolled so that every region has its place: outlines as SVG paths.

A drawing to find one's way, not anatomy: widths follow an ellipse, borders between regions are shallow arcs.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hairtrack.model import RegionName

WIDTH, HEIGHT = 200, 240
"""View box of the drawing."""

_CENTRE_X, _CENTRE_Y, _RADIUS_X, _RADIUS_Y = 100.0, 122.0, 80.0, 104.0
_INNER_SHARE = 0.56
"""Share of the half width that belongs to the middle strip; the temples and sides lie outside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patch:
    """A region between two heights, each border bent by `_bow` towards its ends, from one share of width to another."""

    top: float
    bottom: float
    left: float
    right: float


_PATCHES: Mapping[RegionName, _Patch] = {
    RegionName.FRONTAL_HAIRLINE: _Patch(top=44, bottom=58, left=-_INNER_SHARE, right=_INNER_SHARE),
    RegionName.FRONTAL: _Patch(top=58, bottom=90, left=-_INNER_SHARE, right=_INNER_SHARE),
    RegionName.MIDSCALP: _Patch(top=90, bottom=134, left=-_INNER_SHARE, right=_INNER_SHARE),
    RegionName.VERTEX: _Patch(top=134, bottom=186, left=-_INNER_SHARE, right=_INNER_SHARE),
    RegionName.TEMPLE_LEFT: _Patch(top=52, bottom=98, left=-1, right=-_INNER_SHARE),
    RegionName.TEMPLE_RIGHT: _Patch(top=52, bottom=98, left=_INNER_SHARE, right=1),
    RegionName.PARIETAL_LEFT: _Patch(top=98, bottom=186, left=-1, right=-_INNER_SHARE),
    RegionName.PARIETAL_RIGHT: _Patch(top=98, bottom=186, left=_INNER_SHARE, right=1),
    RegionName.OCCIPITAL: _Patch(top=186, bottom=226, left=-1, right=1),
}


def head_outline() -> str:
    """Return the outline of the head as an SVG path."""
    left, right = _CENTRE_X - _RADIUS_X, _CENTRE_X + _RADIUS_X
    arc = f"A{_RADIUS_X:g} {_RADIUS_Y:g} 0 0 1"
    return f"M{left:g} {_CENTRE_Y:g}{arc} {right:g} {_CENTRE_Y:g}{arc} {left:g} {_CENTRE_Y:g}Z"


@cache
def region_outline(region: RegionName) -> str:
    """Return the outline of a region as an SVG path."""
    patch = _PATCHES[region]
    down = [_point(patch.right, y) for y in _steps(patch.top, patch.bottom)]
    back = [_point(share, patch.bottom) for share in _steps(patch.right, patch.left)]
    up = [_point(patch.left, y) for y in _steps(patch.bottom, patch.top)]
    forth = [_point(share, patch.top) for share in _steps(patch.left, patch.right)]
    corners = [*down, *back[1:], *up[1:], *forth[1:-1]]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


def _steps(start: float, end: float, count: int = 9) -> list[float]:
    return [start + (end - start) * index / (count - 1) for index in range(count)]


def _point(share: float, height: float) -> tuple[float, float]:
    """Return where a share of the half width (-1 left, 1 right) lies on the bent line through a height."""
    bow = 14.0 * (1.0 - (height - 44.0) / 90.0) if height < _CENTRE_Y else -10.0 * (height - _CENTRE_Y) / 90.0
    y = height + bow * share**2
    half_width = _RADIUS_X * math.sqrt(max(0.0, 1.0 - ((y - _CENTRE_Y) / _RADIUS_Y) ** 2))
    return _CENTRE_X + share * half_width, y
