"""Synthetic heads, each drawn once, then again in states that are no change of hair, and with hair lost and grown.

The first photo is what a clinic has on record; each further one is taken on another day with usual care. Pigment and
fibres are put on heads that are thin enough for anybody to want them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hairtrack.model import RegionName, View
from hairtrack.synth.cases import CasePlan, Visit, shot_of_the_day
from hairtrack.synth.concealer import Concealer, ConcealerKind
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import RenderedPhoto, render_global
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, Scalp, SkinAndHair, grow_scalp

REGIONS = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
SIZE_PX = (640, 640)
COLOURS = ("black", "brown", "blond")
FIRST, AS_IT_WAS, WET, CUT, DYED = "first", "as it was", "wet", "cut", "dyed"
LOST, GROWN, PIGMENTATION, FIBRES = "a third lost", "half more", "pigmentation", "fibres"
CUT_TO = 0.6
THIN_ENOUGH = 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A drawn person: the head, share of the hairs that stand on top, their length, and the colour that dye brings."""

    number: int
    scalp: Scalp
    dyed: Scalp
    share: float
    length_mm: float
    hair: str
    skin: str


def person_of(number: int) -> Person:
    """Return the person of a number; every second one has hair of usual length, the others any from shaved to long."""
    rng = np.random.default_rng([43, number])
    skin, hair = str(rng.choice(list(SKIN_TONES)[:5])), str(rng.choice(COLOURS, p=[0.4, 0.35, 0.25]))
    other = COLOURS[(COLOURS.index(hair) + 1) % len(COLOURS)]
    scalp, dyed = (
        grow_scalp(SkinAndHair(skin=SKIN_TONES[skin], hair=HAIR_COLOURS[name]), seed=4000 + number)
        for name in (hair, other)
    )
    any_length_mm = float(np.exp(rng.uniform(np.log(0.8), np.log(45))))
    length_mm = float(rng.uniform(12, 26)) if (number // 2) % 2 else any_length_mm
    share = float(rng.uniform(0.15, 0.9))
    return Person(number=number, scalp=scalp, dyed=dyed, share=share, length_mm=length_mm, hair=hair, skin=skin)


def drawn_states(person: Person) -> Iterator[tuple[str, RenderedPhoto]]:
    """Yield each state of a person, the first photo first."""
    yield FIRST, photo_of(person, day=0)
    yield AS_IT_WAS, photo_of(person, day=1)
    yield WET, photo_of(person, day=2, wet=True)
    yield CUT, photo_of(replace(person, length_mm=CUT_TO * person.length_mm), day=3)
    yield DYED, photo_of(replace(person, scalp=person.dyed), day=4)
    yield LOST, photo_of(replace(person, share=0.65 * person.share), day=5)
    yield GROWN, photo_of(replace(person, share=min(1.0, 1.5 * person.share)), day=6)
    if person.share < THIN_ENOUGH:
        for day, kind in enumerate(ConcealerKind, start=7):
            yield kind.value, photo_of(person, day=day, concealer=_concealer(person, kind))


def _concealer(person: Person, kind: ConcealerKind) -> Concealer:
    rng = np.random.default_rng([47, person.number, list(ConcealerKind).index(kind)])
    colour = np.array(HAIR_COLOURS[person.hair]) * np.exp(rng.normal(0, 0.25))
    dots = kind is ConcealerKind.PIGMENTATION
    return Concealer(
        kind=kind,
        per_cm2=float(rng.uniform(90, 200)) if dots else float(rng.uniform(1200, 4000)),
        colour=(float(colour[0]), float(colour[1]), float(colour[2])),
        seed=person.number,
    )


def photo_of(person: Person, *, day: int, wet: bool = False, concealer: Concealer | None = None) -> RenderedPhoto:
    """Return the head as it is taken on a day."""
    course = Course(native_share=dict.fromkeys(REGIONS, person.share), length_mm=person.length_mm)
    plan = CasePlan(
        patient_id="drawn", scalp=person.scalp, course=course, operated_on=date(2025, 1, 1),
        visits=(Visit(month=0.0),), size_px=SIZE_PX, seed=person.number,
    )  # fmt: skip
    rng = np.random.default_rng([person.number, day, 5])
    shot = shot_of_the_day(View.TOP, plan, rng)
    shot = replace(shot, style=replace(shot.style, wet=wet), concealer=concealer)
    return render_global(person.scalp, hair_on(person.scalp, course, month=0.0), shot, rng=rng)
