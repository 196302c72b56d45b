"""What makes a scalp dark without a hair: pigment dots needled into the skin, and fibres shaken over skin and hair."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.model import RegionName
from hairtrack.synth.camera import Camera
from hairtrack.synth.scalp import MIDDLE_OF_SCALP, PointsXYZ, in_region, normal_of, on_scalp, scalp_area_cm2

SUPERSAMPLED = 3
SUBPIXEL_BITS = 4
LEAST_FACING = 0.05

DOT_RADIUS_MM = (0.18, 0.35)
"""Pigment dots look like the cut ends of hairs: a quarter to three quarters of a millimetre across."""

DOT_OPACITY = 0.75
FIBRE_MM = (0.3, 0.9)
FIBRE_THICKNESS_MM = 0.04
"""Cut wool of 15 to 40 micrometres that clings in pairs."""

FIBRE_OPACITY = 0.9


class ConcealerKind(StrEnum):
    """Pigment in the skin, or fibres on skin and hair."""

    PIGMENTATION = "pigmentation"
    FIBRES = "fibres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concealer:
    """What was put on a head.

    Parameters
    ----------
    kind
        Pigment or fibres.
    per_cm2
        Dots or fibres a cm²; usual are 80 to 200 dots, 1,000 to 4,000 fibres.
    colour
        Linear RGB, near that of the hair.
    regions
        Where it was put.
    seed
        Of every dot and fibre: pigment keeps its seed from date to date.
    """

    kind: ConcealerKind
    per_cm2: float
    colour: tuple[float, float, float]
    regions: tuple[RegionName, ...] = (
        RegionName.FRONTAL_HAIRLINE,
        RegionName.FRONTAL,
        RegionName.MIDSCALP,
        RegionName.VERTEX,
    )
    seed: int = 0


def concealed_share(concealer: Concealer, camera: Camera) -> NDArray[np.float32]:
    """Return the share of each pixel that dots or fibres hide, (H, W) in 0-1, if no hair stood before them."""
    rng = np.random.default_rng([concealer.seed, 11])
    line_mm = 1 / (camera.px_per_mm_at(MIDDLE_OF_SCALP) * SUPERSAMPLED)
    is_dots = concealer.kind is ConcealerKind.PIGMENTATION
    drawn_share = 1.0 if is_dots else FIBRE_THICKNESS_MM / line_mm  # a drawn line is a canvas pixel wide
    places = on_scalp(rng, round(concealer.per_cm2 * drawn_share * scalp_area_cm2()))
    chosen = np.zeros(len(places), np.bool_)
    for name in concealer.regions:
        chosen |= in_region(name, places)
    places = places[chosen]
    to_camera = camera.place_xyz - places
    to_camera /= np.linalg.norm(to_camera, axis=1, keepdims=True)
    places = places[(to_camera * normal_of(places)).sum(1) > LEAST_FACING]
    width, height = camera.size_px
    canvas = np.zeros((height * SUPERSAMPLED, width * SUPERSAMPLED), np.uint8)
    opacity = (_dots if is_dots else _fibres)(canvas, places, camera, rng)
    share = cv2.resize(canvas.astype(np.float32) / 255, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(share * np.float32(opacity), np.float32)


def _dots(canvas: NDArray[np.uint8], places: PointsXYZ, camera: Camera, rng: np.random.Generator) -> float:
    scale = 2**SUBPIXEL_BITS
    px_per_mm = camera.px_per_mm_at(places.mean(axis=0)) * SUPERSAMPLED
    centres = np.round(((camera.project(places) + 0.5) * SUPERSAMPLED - 0.5) * scale).astype(np.int64)
    radii = np.round(rng.uniform(*DOT_RADIUS_MM, len(places)) * px_per_mm * scale).astype(np.int64)
    for (x, y), radius in zip(centres.tolist(), radii.tolist(), strict=True):
        cv2.circle(canvas, (x, y), max(1, radius), 255, -1, cv2.LINE_AA, SUBPIXEL_BITS)
    return DOT_OPACITY


def _fibres(canvas: NDArray[np.uint8], places: PointsXYZ, camera: Camera, rng: np.random.Generator) -> float:
    lie = rng.normal(size=places.shape)
    normal = normal_of(places)
    lie -= (lie * normal).sum(1, keepdims=True) * normal
    lie /= np.linalg.norm(lie, axis=1, keepdims=True)
    half = lie * rng.uniform(*FIBRE_MM, len(places))[:, None] / 2
    ends = np.stack([camera.project(places - half), camera.project(places + half)], axis=1)
    lines = np.round(((ends + 0.5) * SUPERSAMPLED - 0.5) * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.polylines(canvas, list(lines), False, 255, 1, cv2.LINE_8, SUBPIXEL_BITS)
    return FIBRE_OPACITY
