"""A spot of scalp through a dermoscope, clipped hair by clipped hair, with the list of what stands there."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hairtrack.imaging.types import Rgb8Image
from hairtrack.synth.camera import Lamp
from hairtrack.synth.scalp import SkinAndHair
from hairtrack.synth.sensor import Sensor, develop

UNITS_PER_MM2 = 0.80
HAIRS_IN_UNIT = (0.30, 0.45, 0.20, 0.05)
"""Share of units with one to four hairs: 2.0 hairs a unit on average."""

VELLUS_SHARE = 0.1
SUPERSAMPLED = 2
PIECES = 8
"""Straight pieces in which a curled shaft is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The hairs and the skin of one spot, the same on all dates; one entry a hair, directions in radians.

    Parameters
    ----------
    root_mm
        (N, 2) places on the skin, the middle of the picture at 0.
    unit
        (N,) follicular unit of each hair.
    direction
        (N,) lie of the clipped shaft in the picture.
    length_mm, diameter_um
        (N,) in the plane of the picture, and at the root.
    is_grey
        (N,) bool.
    curl_per_mm
        (N,) turn of the shaft, radians a mm of its length.
    colours, seed
        Of skin and hair; of everything random.
    """

    root_mm: NDArray[np.float64]
    unit: NDArray[np.int64]
    direction: NDArray[np.float64]
    length_mm: NDArray[np.float64]
    diameter_um: NDArray[np.float64]
    is_grey: NDArray[np.bool_]
    curl_per_mm: NDArray[np.float64]
    colours: SkinAndHair
    seed: int

    def kept(self, which: NDArray[np.bool_]) -> "Spot":
        """Return the spot with only some of its hairs: the others were lost."""
        per_hair = ("root_mm", "unit", "direction", "length_mm", "diameter_um", "is_grey", "curl_per_mm")
        return replace(self, **{name: getattr(self, name)[which] for name in per_hair})


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupShot:
    """How a close-up is taken: size, scale, place and roll of the dermoscope, clip length, light, burned-in bar."""

    size_px: tuple[int, int] = (1280, 1024)
    px_per_mm: float = 179.0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    roll_deg: float = 0.0
    length_factor: float = 1.0
    lie_spread_deg: float = 0.0
    lamp: Lamp = field(default_factory=Lamp)
    sensor: Sensor = field(default_factory=lambda: Sensor(blur_px=1.0, noise_fraction=0.006))
    scale_bar: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnHair:
    """One hair as it lies on the picture."""

    root_xy: tuple[float, float]
    tip_xy: tuple[float, float]
    diameter_um: float
    unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedCloseup:
    """A synthetic close-up with its truth: hairs whose root lies in the picture, and their density."""

    rgb8: Rgb8Image
    hairs: tuple[DrawnHair, ...]
    hairs_per_cm2: float


def grow_spot(
    colours: SkinAndHair,
    *,
    seed: int,
    units_per_mm2: float = UNITS_PER_MM2,
    grey_fraction: float = 0.0,
    curl_spread_per_mm: float = 0.0,
) -> Spot:
    """Return a spot of 10 by 9 mm with units spread as hair is: apart, but not on a grid; curls turn either way."""
    rng = np.random.default_rng([seed, 11])
    half = np.array([5.0, 4.5])
    centres = _apart(
        rng.uniform(-half, half, (round(6 * units_per_mm2 * 4 * half[0] * half[1]), 2)), units_per_mm2, half
    )
    sizes = 1 + rng.choice(4, len(centres), p=HAIRS_IN_UNIT)
    unit = np.repeat(np.arange(len(centres)), sizes)
    lie = rng.uniform(0.4, 1.2) + 0.06 * (centres @ rng.normal(size=2))
    count = len(unit)
    return Spot(
        root_mm=centres[unit] + rng.normal(0, 0.055, (count, 2)),
        unit=unit,
        direction=lie[unit] + rng.normal(0, 0.13, count),
        length_mm=rng.normal(0.72, 0.13, count).clip(0.3, 1.1),
        diameter_um=np.where(
            rng.random(count) < VELLUS_SHARE, rng.normal(24, 3, count), rng.normal(68, 12, count)
        ).clip(14, 110),
        is_grey=rng.random(count) < grey_fraction,
        curl_per_mm=curl_spread_per_mm * np.random.default_rng([seed, 13]).normal(size=count),
        colours=colours,
        seed=seed,
    )


def _apart(candidates: NDArray[np.float64], per_mm2: float, half: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return as many of the candidates as the density asks for, none nearer than 0.45 mm to another."""
    tree = cKDTree(candidates)
    free = np.ones(len(candidates), np.bool_)
    chosen: list[int] = []
    for index in range(len(candidates)):
        if free[index]:
            chosen.append(index)
            free[tree.query_ball_point(candidates[index], 0.45)] = False
        if len(chosen) >= per_mm2 * 4 * half[0] * half[1]:
            break
    return candidates[chosen]


def render_closeup(spot: Spot, shot: CloseupShot, *, rng: np.random.Generator) -> RenderedCloseup:
    """Return a close-up of a spot.

    Parameters
    ----------
    spot
        Skin and hairs; drop hairs with `Spot.kept`, thin them with `dataclasses.replace`.
    shot
        How it is taken.
    rng
        For sensor noise and the lie of the shafts on that day.
    """
    direction = spot.direction + np.deg2rad(shot.lie_spread_deg) * rng.normal(size=len(spot.direction))
    length = spot.length_mm * shot.length_factor
    lines_xy = _lines(spot, direction, length, shot)
    roots_xy, tips_xy = lines_xy[:, 0], lines_xy[:, -1]
    light = _skin(spot, shot)
    light = _under_skin(light, roots_xy, lines_xy[:, 1], spot, shot)
    light = _shafts(light, lines_xy, spot, shot)
    rgb8 = develop(light, shot.lamp, shot.sensor, rng=rng)
    if shot.scale_bar:
        rgb8 = _with_bar(rgb8, shot)
    width, height = shot.size_px
    inside = ((roots_xy >= 0) & (roots_xy < [width, height])).all(axis=1)
    hairs = tuple(
        DrawnHair(
            root_xy=(float(root[0]), float(root[1])),
            tip_xy=(float(tip[0]), float(tip[1])),
            diameter_um=float(diameter),
            unit=int(unit),
        )
        for root, tip, diameter, unit in zip(
            roots_xy[inside], tips_xy[inside], spot.diameter_um[inside], spot.unit[inside], strict=True
        )
    )
    area_cm2 = width * height / shot.px_per_mm**2 / 100
    return RenderedCloseup(rgb8=rgb8, hairs=hairs, hairs_per_cm2=len(hairs) / area_cm2)


def _lines(
    spot: Spot, direction: NDArray[np.float64], length_mm: NDArray[np.float64], shot: CloseupShot
) -> NDArray[np.float64]:
    """Return centre lines (N, M, 2) in pixels, root first: arcs, in two points when nothing is curled."""
    pieces = PIECES if spot.curl_per_mm.any() else 1
    middle = (np.arange(pieces) + 0.5) / pieces
    turned = direction[:, None] + (spot.curl_per_mm * length_mm)[:, None] * middle
    steps = (length_mm / pieces)[:, None, None] * np.stack([np.cos(turned), np.sin(turned)], axis=2)
    line_mm = np.concatenate([np.zeros((len(direction), 1, 2)), np.cumsum(steps, axis=1)], axis=1)
    places = (spot.root_mm[:, None] + line_mm).reshape(-1, 2)
    return _on_picture(places, shot).reshape(len(direction), pieces + 1, 2)


def _on_picture(places_mm: NDArray[np.float64], shot: CloseupShot) -> NDArray[np.float64]:
    roll = np.deg2rad(shot.roll_deg)
    turned = (places_mm - np.array(shot.shift_mm)) @ np.array(
        [[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]]
    )
    return np.asarray(turned * shot.px_per_mm + (np.array(shot.size_px) - 1) / 2)


def _skin(spot: Spot, shot: CloseupShot) -> NDArray[np.float32]:
    """Return lit skin with its furrows and pores, fixed to the spot, (H, W, 3) linear."""
    rng = np.random.default_rng([spot.seed, 12])
    size = np.array([12.0, 11.0])
    tone = np.zeros((int(size[1] * 90), int(size[0] * 90)), np.float32)
    for scale_mm, strength in ((1.6, 0.05), (0.45, 0.035), (0.12, 0.03), (0.035, 0.025)):
        cells = np.ceil(size[::-1] / scale_mm).astype(int) + 2
        noise = rng.standard_normal(tuple(cells)).astype(np.float32)
        tone += strength * cv2.resize(noise, tone.shape[::-1], interpolation=cv2.INTER_CUBIC)
    furrows = cv2.GaussianBlur(rng.standard_normal(tone.shape).astype(np.float32), (0, 0), 9)
    tone -= 0.10 * np.exp(-((furrows / furrows.std()) ** 2) / 0.02)
    corners_mm = np.array([[-6.0, -5.5], [6, -5.5], [-6, 5.5]])
    source = np.array([[0, 0], [tone.shape[1], 0], [0, tone.shape[0]]], np.float32)
    affine = cv2.getAffineTransform(source, _on_picture(corners_mm, shot).astype(np.float32))
    laid = cv2.warpAffine(tone, affine, shot.size_px, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    width, height = shot.size_px
    row, column = np.mgrid[:height, :width]
    falloff = 1 - 0.16 * (((column - width / 2) / width) ** 2 + ((row - height / 2) / height) ** 2) * 2
    skin = np.array(spot.colours.skin, np.float32) * ((1 + laid) * falloff)[..., None]
    return np.asarray(skin, np.float32)


def _under_skin(
    light: NDArray[np.float32],
    roots_xy: NDArray[np.float64],
    tips_xy: NDArray[np.float64],
    spot: Spot,
    shot: CloseupShot,
) -> NDArray[np.float32]:
    """Return the skin with the shade of each hair below it: darker and bluer, on the far side of the root."""
    shade = np.zeros(light.shape[:2], np.float32)
    ahead = tips_xy - roots_xy
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    for root, forward, diameter in zip(roots_xy, ahead, spot.diameter_um, strict=True):
        end = root - 0.16 * shot.px_per_mm * forward
        width_px = max(1, round(diameter / 1000 * shot.px_per_mm))
        cv2.line(shade, _fixed(root), _fixed(end), 1.0, width_px, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(shade, (0, 0), 0.045 * shot.px_per_mm)[..., None]
    return np.asarray(light * (1 - soft * np.array([0.55, 0.42, 0.25], np.float32)), np.float32)


def _shafts(
    light: NDArray[np.float32], lines_xy: NDArray[np.float64], spot: Spot, shot: CloseupShot
) -> NDArray[np.float32]:
    """Return the picture with each shaft laid on it: a tapered band, darker at its rims, with a line of light."""
    width, height = shot.size_px
    fine = (width * SUPERSAMPLED, height * SUPERSAMPLED)
    drawn: NDArray[np.float32] = np.asarray(cv2.resize(light, fine, interpolation=cv2.INTER_LINEAR), np.float32)
    for index in np.argsort(lines_xy[:, 0, 1]):
        own = np.array((0.42, 0.41, 0.40) if spot.is_grey[index] else spot.colours.hair)
        half_px = spot.diameter_um[index] / 2000 * shot.px_per_mm
        for share, tone in ((1.0, 0.75), (0.7, 1.0), (0.22, 1.7)):
            band = _band(lines_xy[index], half_px * share)
            colour = [float(c) for c in own * tone]
            if len(lines_xy[index]) == 2:  # noqa: PLR2004 a straight shaft is convex
                cv2.fillConvexPoly(drawn, band, colour, cv2.LINE_8, 4)
            else:
                cv2.fillPoly(drawn, [band], colour, cv2.LINE_8, 4)
    return np.asarray(cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _band(line_xy: NDArray[np.float64], half_px: float) -> NDArray[np.int32]:
    """Return the corners of a shaft on the fine canvas, a tenth narrower at its clipped tip."""
    ahead = np.gradient(line_xy, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    taper = np.linspace(1.0, 0.9, len(line_xy))[:, None]
    across = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1) * half_px * taper
    corners = np.concatenate([line_xy + across, (line_xy - across)[::-1]])
    return np.round(((corners + 0.5) * SUPERSAMPLED - 0.5) * 16).astype(np.int32).reshape(-1, 1, 2)


def _fixed(point: NDArray[np.float64]) -> tuple[int, int]:
    return round(float(point[0]) * 16), round(float(point[1]) * 16)


def _with_bar(rgb8: Rgb8Image, shot: CloseupShot) -> Rgb8Image:
    """Return the picture with a bar of one millimetre and its label, as devices burn it in."""
    drawn = rgb8.copy()
    height = drawn.shape[0]
    x, y = 18, height - 22
    length = round(shot.px_per_mm)
    cv2.line(drawn, (x, y), (x + length, y), (40, 40, 40), 1)
    cv2.line(drawn, (x, y), (x, y - round(0.72 * length)), (40, 40, 40), 1)
    cv2.rectangle(drawn, (x + length + 4, y - 8), (x + length + 64, y + 8), (60, 60, 60), -1)
    cv2.putText(
        drawn, "1.0 mm", (x + length + 8, y + 5), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (250, 250, 250), 1, cv2.LINE_AA
    )
    return drawn
