"""A photo of the head, drawn strand by strand, with everything that is true of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import FractionMap, Mask, PointsXY, Rgb8Image
from hairtrack.model import RegionName, View
from hairtrack.synth.body import SkullView, look_at_skull, textured_skin
from hairtrack.synth.camera import Camera, Lamp, Pose, place_camera
from hairtrack.synth.concealer import Concealer, ConcealerKind, concealed_share
from hairtrack.synth.scalp import MIDDLE_OF_SCALP, Scalp, in_region, region_area_cm2
from hairtrack.synth.sensor import Sensor, develop
from hairtrack.synth.strands import StandingHair, StrandLayer, Style, draw_strands

REGION_NAMES = tuple(RegionName)
HAIR_EVEN = 0.5
HAIR_SHADOW = 0.42
"""How much of the light a closed canopy of hair takes from the skin below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How one photo is taken: view, size, pose, lamp, sensor, how the hair lies, and what was put on the scalp."""

    view: View = View.TOP
    size_px: tuple[int, int] = (1200, 1200)
    pose: Pose = field(default_factory=Pose)
    lamp: Lamp = field(default_factory=Lamp)
    sensor: Sensor = field(default_factory=Sensor)
    style: Style = field(default_factory=Style)
    background: tuple[float, float, float] = (0.30, 0.33, 0.36)
    cloth: tuple[float, float, float] = (0.05, 0.08, 0.16)
    room_seed: int = 0
    concealer: Concealer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalTruth:
    """What is true of a drawn photo.

    Parameters
    ----------
    opacity
        (H, W) share of each pixel that strands hide.
    region_index
        (H, W) index into `REGION_NAMES` of the skin behind each pixel, -1 outside hair-bearing skin.
    head
        (H, W) hair-bearing skin, and hair before the background.
    camera
        Maps points of the head to pixels: the exact warp between any two photos of one head.
    coverage, hairs_per_cm2
        By region that the photo shows, and by region of the whole head.
    px_per_mm
        On a plane facing the camera at the point of the head nearest to it.
    """

    opacity: FractionMap
    region_index: NDArray[np.int8]
    head: Mask
    camera: Camera
    coverage: Mapping[RegionName, float]
    hairs_per_cm2: Mapping[RegionName, float]
    px_per_mm: float

    def outline_of(self, region: RegionName) -> PointsXY | None:
        """Return the outline of a region on this photo, or None when hardly any of it is seen."""
        inside = (self.region_index == REGION_NAMES.index(region)).astype(np.uint8)
        closed = cv2.morphologyEx(inside, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        if not contours:
            return None
        largest = max(contours, key=cv2.contourArea)
        if cv2.contourArea(largest) < 0.002 * inside.size:
            return None
        simple = cv2.approxPolyDP(largest, 0.004 * cv2.arcLength(largest, closed=True), closed=True)
        return np.asarray(simple.reshape(-1, 2), np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPhoto:
    """A synthetic photo, uint8 sRGB, and its truth."""

    rgb8: Rgb8Image
    truth: GlobalTruth


def render_global(scalp: Scalp, hair: StandingHair, shot: Shot, *, rng: np.random.Generator) -> RenderedPhoto:
    """Return a photo of a head with the hair that stands on it.

    Parameters
    ----------
    scalp
        The head: skin, marks, colours.
    hair
        The hairs of the day.
    shot
        View, pose, lamp, sensor, lie of the hair.
    rng
        For sensor noise and the lie of single strands; follicles and marks do not depend on it.
    """
    camera = place_camera(shot.view, size_px=shot.size_px, pose=shot.pose)
    skull = look_at_skull(camera)
    skin = textured_skin(scalp, camera, shot)
    strands = draw_strands(scalp, hair, camera, lamp=shot.lamp, style=shot.style, rng=rng)
    canopy = cv2.GaussianBlur(strands.opacity, (0, 0), max(1.0, shot.size_px[0] / 300))
    skin *= np.where(skull.is_head, 1 - HAIR_SHADOW * canopy, 1)[..., None].astype(np.float32)
    if shot.concealer is None:
        linear = skin * (1 - strands.opacity[..., None]) + strands.premultiplied
    else:
        linear = _concealed(skin, strands, shot.concealer, camera, of_skin=scalp.colours.skin)
    return RenderedPhoto(
        rgb8=develop(linear, shot.lamp, shot.sensor, rng=rng),
        truth=_truth(hair, camera, skull, strands.opacity),
    )


def _concealed(
    skin: NDArray[np.float32],
    strands: StrandLayer,
    concealer: Concealer,
    camera: Camera,
    *,
    of_skin: tuple[float, float, float],
) -> NDArray[np.float32]:
    """Return skin and hair with pigment below the hair or fibres above it, lit as the skin is; truth stays the hair's.

    Fibres cling to skin and hair alike.
    """
    share = concealed_share(concealer, camera)[..., None]
    light = skin.mean(axis=2, keepdims=True) / np.float32(np.mean(of_skin))
    dark = np.array(concealer.colour, np.float32) * light
    if concealer.kind is ConcealerKind.PIGMENTATION:
        skin = skin * (1 - share) + dark * share
    linear = skin * (1 - strands.opacity[..., None]) + strands.premultiplied
    if concealer.kind is ConcealerKind.FIBRES:
        linear = linear * (1 - share) + dark * share
    return np.asarray(linear, np.float32)


def _truth(hair: StandingHair, camera: Camera, skull: SkullView, opacity: FractionMap) -> GlobalTruth:
    region_index = np.full(opacity.shape, -1, np.int8)
    for index, name in enumerate(REGION_NAMES):
        region_index[skull.bears_hair & in_region(name, skull.points_xyz)] = index
    coverage = {
        name: float(opacity[region_index == index].mean())
        for index, name in enumerate(REGION_NAMES)
        if (region_index == index).any()
    }
    density = {name: float(in_region(name, hair.root_xyz).sum()) / region_area_cm2(name) for name in REGION_NAMES}
    return GlobalTruth(
        opacity=opacity,
        region_index=region_index,
        head=skull.bears_hair | (opacity > HAIR_EVEN),
        camera=camera,
        coverage=coverage,
        hairs_per_cm2=density,
        px_per_mm=camera.px_per_mm_at(MIDDLE_OF_SCALP),
    )
