"""A camera that looks at the head, and a lamp."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hairtrack.model import View
from hairtrack.synth.scalp import SEMI_AXES_MM, PointsXYZ

LOOK_FROM: dict[View, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    View.TOP: ((0.0, 0.10, 1.0), (0.0, -1.0, 0.0)),
    View.VERTEX: ((0.0, -0.62, 0.80), (0.0, 0.6, 0.8)),
    View.FRONT: ((0.0, 0.80, 0.72), (0.0, -0.5, 0.8)),
    View.BACK: ((0.0, -1.0, 0.18), (0.0, 0.0, 1.0)),
    View.LEFT: ((1.0, 0.0, 0.25), (0.0, 0.0, 1.0)),
    View.RIGHT: ((-1.0, 0.0, 0.25), (0.0, 0.0, 1.0)),
}
"""For each view, the direction from the head to the camera and the direction that is up in the picture: from above the
forehead lies towards the lower edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """How a photo was taken off the ideal: degrees, shares of the head's width, and a factor of distance."""

    turn_deg: float = 0.0
    tilt_deg: float = 0.0
    roll_deg: float = 0.0
    shift_fraction: tuple[float, float] = (0.0, 0.0)
    distance_factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """The light of a photo: where it comes from, its colour, exposure in stops, and how much of it is everywhere."""

    direction: tuple[float, float, float] = (0.25, 0.35, 0.9)
    colour: tuple[float, float, float] = (1.0, 0.97, 0.92)
    exposure_ev: float = 0.0
    ambient_fraction: float = 0.45
    shine: float = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A pinhole camera in the head's frame.

    Parameters
    ----------
    place_xyz
        Where it stands, mm.
    axes
        (3, 3): rows are right, down and forward of the picture in the head's frame.
    focal_px, centre_xy, size_px
        Focal length, principal point, and width and height of the picture.
    """

    place_xyz: NDArray[np.float64]
    axes: NDArray[np.float64]
    focal_px: float
    centre_xy: tuple[float, float]
    size_px: tuple[int, int]

    def project(self, points_xyz: PointsXYZ) -> NDArray[np.float64]:
        """Return (N, 2) pixels of points, whether or not something stands before them."""
        seen = (points_xyz - self.place_xyz) @ self.axes.T
        return np.asarray(seen[..., :2] / seen[..., 2:] * self.focal_px + np.array(self.centre_xy))

    def rays_through(self, points_xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (N, 3) unit directions of points of the picture in the head's frame."""
        flat = np.c_[(points_xy - np.array(self.centre_xy)) / self.focal_px, np.ones(len(points_xy))] @ self.axes
        return np.asarray(flat / np.linalg.norm(flat, axis=-1, keepdims=True))

    def rays(self, step: int = 1) -> NDArray[np.float64]:
        """Return (h, w, 3) unit directions of every `step`-th pixel in the head's frame."""
        width, height = self.size_px
        columns, rows = np.meshgrid(np.arange(0, width, step), np.arange(0, height, step))
        flat = np.stack(
            [
                (columns - self.centre_xy[0]) / self.focal_px,
                (rows - self.centre_xy[1]) / self.focal_px,
                np.ones(columns.shape),
            ],
            axis=-1,
        )
        rays = flat @ self.axes
        return np.asarray(rays / np.linalg.norm(rays, axis=-1, keepdims=True))

    def coarser(self, factor: int) -> "Camera":
        """Return the same camera with pixels `factor` times as large."""
        width, height = self.size_px
        return Camera(
            place_xyz=self.place_xyz,
            axes=self.axes,
            focal_px=self.focal_px / factor,
            centre_xy=((self.centre_xy[0] + 0.5) / factor - 0.5, (self.centre_xy[1] + 0.5) / factor - 0.5),
            size_px=(-(-width // factor), -(-height // factor)),
        )

    def px_per_mm_at(self, point_xyz: NDArray[np.float64]) -> float:
        """Return pixels a millimetre of a plane facing the camera at the depth of a point."""
        return float(self.focal_px / ((point_xyz - self.place_xyz) @ self.axes[2]))


def place_camera(
    view: View, *, size_px: tuple[int, int], pose: Pose, distance_mm: float = 420.0, head_share: float = 0.84
) -> Camera:
    """Return a camera for a view; the head fills `head_share` of the shorter side when the pose is ideal."""
    towards, up = (np.array(v, np.float64) for v in LOOK_FROM[view])
    forward = -towards / np.linalg.norm(towards)
    right = np.cross(forward, up)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(forward, right), forward])
    axes = _turned(axes, pose)
    target = np.array([0.0, 0.0, 22.0 if view is not View.BACK else 12.0])
    distance = distance_mm * pose.distance_factor
    width, height = size_px
    focal = head_share * min(size_px) * (distance_mm - 40) / (2 * SEMI_AXES_MM[1])
    shift = np.array(pose.shift_fraction) * head_share * min(size_px)
    return Camera(
        place_xyz=target - distance * axes[2],
        axes=axes,
        focal_px=float(focal),
        centre_xy=(width / 2 - 0.5 + float(shift[0]), height / 2 - 0.5 + float(shift[1])),
        size_px=size_px,
    )


def _turned(axes: NDArray[np.float64], pose: Pose) -> NDArray[np.float64]:
    """Return camera axes walked round the head by turn and tilt, and rolled about the line of sight."""
    turn, tilt, roll = np.deg2rad([pose.turn_deg, pose.tilt_deg, pose.roll_deg])
    about_down = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    about_right = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    about_sight = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return np.asarray(about_sight @ about_right @ about_down @ axes)
