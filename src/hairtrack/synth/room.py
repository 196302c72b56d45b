"""What stands behind and below a head: a room out of focus, and the cloth on the shoulders."""

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hairtrack.synth.photo import Shot

STRIPE_MM = 14.0


def room_behind(size_px: tuple[int, int], shot: "Shot") -> NDArray[np.float32]:
    """Return a room as linear RGB, (H, W, 3): wall, floor and a few pieces of furniture, all out of focus.

    The room belongs to `shot.room_seed` alone: it does not move with the camera, as a room behind two photos taken
    from one place.
    """
    rng = np.random.default_rng([shot.room_seed, 5])
    width, height = 96, 96 * size_px[1] // size_px[0]
    wall = np.array(shot.background, np.float32)
    room = np.ones((height, width, 3), np.float32) * wall
    slope = np.linspace(1.15, 0.8, width, dtype=np.float32)[None, :, None]
    room *= slope if rng.random() < 0.5 else slope[:, ::-1]  # noqa: PLR2004 either side
    floor = int(height * rng.uniform(0.35, 1.1))
    room[floor:] *= np.array([0.62, 0.50, 0.40], np.float32)
    for _ in range(int(rng.integers(3, 7))):
        x, y = int(rng.integers(-8, width)), int(rng.integers(-8, height))
        wide, high = int(rng.integers(6, 40)), int(rng.integers(6, 48))
        tone = wall * np.float32(rng.uniform(0.15, 1.7)) * rng.uniform(0.75, 1.25, 3).astype(np.float32)
        room[max(0, y) : max(0, y + high), max(0, x) : max(0, x + wide)] = tone
    soft = cv2.GaussianBlur(room, (0, 0), 1.6)
    return np.asarray(np.clip(cv2.resize(soft, size_px, interpolation=cv2.INTER_CUBIC), 0, None), np.float32)


def cloth_colour(points_xyz: NDArray[np.float64], shot: "Shot") -> NDArray[np.float64]:
    """Return the linear colour of the cloth at points of the body: plain, striped or checked by `shot.room_seed`."""
    plain = np.array(shot.cloth)
    x, y, z = np.moveaxis(points_xyz, -1, 0)
    weave = 1 + 0.10 * np.sin(x * 2.1) * np.sin(2.1 * (y + z))
    pattern = shot.room_seed % 3
    lines = np.zeros(x.shape)
    if pattern > 0:
        lines += np.cos(2 * np.pi * (y + 0.6 * z) / STRIPE_MM) > 0.6  # noqa: PLR2004 a third of the period
    if pattern == 2:  # noqa: PLR2004 checked
        lines += np.cos(2 * np.pi * x / STRIPE_MM) > 0.6  # noqa: PLR2004 as above
    return np.asarray((plain * (1 + 2.2 * lines[..., None]) + 0.04 * lines[..., None]) * weave[..., None])
