"""Synthetic heads of all kinds, one a number: people, hair, loss, cut, view, care, lamp and camera drawn by lot."""
# ruff: noqa: PLR2004 each range stands where it is used, once

from dataclasses import dataclass

import numpy as np

from hairtrack.imaging.types import Mask
from hairtrack.model import RegionName, View
from hairtrack.synth.body import look_at_skull, skin_seen
from hairtrack.synth.camera import Lamp, Pose
from hairtrack.synth.history import Course, Transplant, hair_on
from hairtrack.synth.photo import RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp
from hairtrack.synth.sensor import Sensor
from hairtrack.synth.strands import Style

ON_TOP = (RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
AROUND = (
    RegionName.TEMPLE_LEFT,
    RegionName.TEMPLE_RIGHT,
    RegionName.PARIETAL_LEFT,
    RegionName.PARIETAL_RIGHT,
    RegionName.OCCIPITAL,
)
VIEWS = {View.TOP: 0.45, View.VERTEX: 0.2, View.FRONT: 0.12, View.BACK: 0.13, View.LEFT: 0.05, View.RIGHT: 0.05}
HAIRS = {"black": 0.3, "brown": 0.27, "red": 0.1, "blond": 0.18, "grey": 0.15}
SIZES_PX = (420, 520, 640)
LARGE_PX = (640, 900, 1200)
"""Pictures of several megapixels, reduced, are as sharp as these: single strands are seen."""

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnHead:
    """A synthetic photo, its view, where it shows skin and its hair-bearing part; how light hair is against skin."""

    photo: RenderedPhoto
    view: View
    skin: Mask
    scalp: Mask
    hair_to_skin: float
    grey_fraction: float


def drawn_head(number: int, *, sizes_px: tuple[int, ...] = SIZES_PX) -> DrawnHead:
    """Return the head of a number on a picture of one of some sizes; the same number gives the same head."""
    rng = np.random.default_rng([77, number])
    colours = _colours(rng)
    scalp = grow_scalp(colours, seed=10000 + number)
    standing = hair_on(scalp, _course(rng), month=float(rng.uniform(0, 15)))
    shot = _shot(rng, sizes_px)
    photo = render_global(scalp, standing, shot, rng=rng)
    contrast = float(LUMINANCE @ colours.hair) / float(LUMINANCE @ colours.skin)
    return DrawnHead(
        photo=photo,
        view=shot.view,
        skin=skin_seen(photo.truth.camera),
        scalp=look_at_skull(photo.truth.camera).bears_hair,
        hair_to_skin=contrast,
        grey_fraction=colours.grey_fraction,
    )


def _colours(rng: np.random.Generator) -> SkinAndHair:
    tones = np.log(np.array(list(SKIN_TONES.values())))
    one, other = tones[rng.choice(len(tones))], tones[rng.choice(len(tones))]
    mixed = one if rng.random() < 0.7 else one + rng.random() * (other - one)
    skin = np.clip(np.exp(mixed + rng.normal(0, 0.08, 3)), 0.01, 0.9)
    usual = np.array(HAIR_COLOURS[str(rng.choice(list(HAIRS), p=list(HAIRS.values())))])
    hair = np.clip(usual * np.exp(rng.normal(0, 0.2) + rng.normal(0, 0.06, 3)), 0.005, 0.7)
    grey = float(rng.random()) if rng.random() < 0.25 else 0.0
    return SkinAndHair(skin=_triple(skin), hair=_triple(hair), grey_fraction=grey)


def _course(rng: np.random.Generator) -> Course:
    left = rng.uniform(0.03, 1)
    shares = {name: float(np.clip(left + rng.normal(0, 0.25), 0.01, 1)) for name in ON_TOP}
    if rng.random() < 0.3:
        shares |= {name: float(rng.uniform(0.2, 1)) for name in AROUND}
    planted = Transplant(survival=float(rng.random()), hairs_per_cm2=float(rng.uniform(30, 100)))
    return Course(
        native_share=shares,
        length_mm=float(np.exp(rng.uniform(np.log(1.2), np.log(45)))),
        transplant=planted if rng.random() < 0.3 else None,
    )


def _shot(rng: np.random.Generator, sizes_px: tuple[int, ...]) -> Shot:
    view = list(VIEWS)[rng.choice(len(VIEWS), p=list(VIEWS.values()))]
    size = int(rng.choice(sizes_px))
    lamp = np.array([0.2, -0.7 if view is View.BACK else 0.3, 0.9]) + rng.normal(0, 0.45, 3)
    lamp[2] = max(0.25, lamp[2])
    return Shot(
        view=view,
        size_px=(size, size),
        pose=Pose(
            turn_deg=float(rng.normal(0, 8)),
            tilt_deg=float(rng.normal(0, 8)),
            roll_deg=float(rng.normal(0, 12)),
            shift_fraction=(float(rng.normal(0, 0.04)), float(rng.normal(0, 0.04))),
            distance_factor=float(np.exp(rng.normal(0, 0.12))),
        ),
        lamp=Lamp(
            direction=_triple(lamp),
            colour=_triple(np.array([1, 0.97, 0.92]) * np.exp(rng.normal(0, 0.08, 3))),
            exposure_ev=float(rng.normal(0, 0.5)),
            ambient_fraction=float(rng.uniform(0.2, 0.8)),
            shine=float(rng.uniform(0, 0.3)),
        ),
        sensor=Sensor(blur_px=float(rng.uniform(0.4, 1.6)), noise_fraction=float(rng.uniform(0.003, 0.02))),
        style=Style(
            combed_forward=float(rng.normal(0.3, 0.3)),
            unruly=float(rng.uniform(0.15, 0.6)),
            wet=bool(rng.random() < 0.15),
            lift=float(rng.uniform(0.15, 0.4)),
            gathered=float(rng.uniform(0.1, 0.8)),
        ),
        background=_triple(np.clip(rng.uniform(0.03, 0.7) * np.exp(rng.normal(0, 0.25, 3)), 0.01, 0.9)),
        cloth=_triple(rng.uniform(0.02, 0.4, 3)),
        room_seed=int(rng.integers(1000)),
    )


def _triple(values: np.ndarray) -> tuple[float, float, float]:
    first, second, third = (float(value) for value in values)
    return first, second, third
