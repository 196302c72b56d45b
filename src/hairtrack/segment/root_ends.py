"""Which end of a hair is its root: hair under the skin shows beyond it as a darker, bluer shade."""

import cv2
import numpy as np

from hairtrack.segment.shaft_pixels import ShaftPixels
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shaft_sides import Floats, sampled

_BEYOND_MM = np.array([0.04, 0.07, 0.10, 0.13, 0.16, 0.20])
_DARKNESS_WEIGHT = 20.0
"""A unit of darkness counts as this many levels of blue: both then vary alike over bare skin."""

_DARKEST = 0.5
"""Anything darker is another hair, not a shade."""

_CLEAR_SHADE = 4.0
_WHOLE_PICTURE_WEIGHT = 0.02
"""Enough for a hair that stands alone; more would turn the roots of a whole patch planted in a wrong direction."""


def roots_first(ends_xy: Floats, pixels: ShaftPixels, settings: ShaftSettings) -> Floats:
    """Return the ends of each hair with the root first.

    A hair's own shade is weighed with that of its neighbours, since hairs of one spot lean alike.

    Parameters
    ----------
    ends_xy
        (N, 2, 2) ends at analysis size.
    pixels
        Darkness and blueness at analysis size.
    settings
        Range and weight of neighbours.
    """
    if not len(ends_xy):
        return ends_xy
    vector = ends_xy[:, 1] - ends_xy[:, 0]
    along = vector / np.maximum(np.hypot(vector[:, 0], vector[:, 1]), 1e-9)[:, None]
    maps = [
        np.asarray(cv2.GaussianBlur(values, (0, 0), 2), np.float32) for values in (pixels.darkness, pixels.blueness)
    ]
    steps = _BEYOND_MM * pixels.px_per_mm
    shades = []
    for end, sign in ((0, -1), (1, 1)):
        beyond = ends_xy[:, None, end] + sign * steps[None, :, None] * along[:, None]
        dark = np.minimum(sampled(maps[0], beyond), _DARKEST).mean(axis=1)
        shades.append(_DARKNESS_WEIGHT * dark + sampled(maps[1], beyond).mean(axis=1))
    own = np.tanh((shades[0] - shades[1]) / _CLEAR_SHADE)
    middle = ends_xy.mean(axis=1)
    distance_mm = np.linalg.norm(middle[:, None] - middle[None], axis=2) / pixels.px_per_mm
    weights = np.exp(-((distance_mm / settings.neighbour_mm) ** 2) / 2) + _WHOLE_PICTURE_WEIGHT
    np.fill_diagonal(weights, 0.0)
    belief = own
    for _ in range(3):  # beliefs settle within three rounds
        lean = weights @ (np.tanh(belief)[:, None] * along) / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        belief = own + settings.neighbour_weight * (lean * along).sum(axis=1)
    return np.where(belief[:, None, None] >= 0, ends_xy, ends_xy[:, ::-1])
