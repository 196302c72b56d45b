#!/usr/bin/env python3
"""Numbers of whole-head photos beside coverage against what is true of drawn heads, by skin tone and hair colour.

for part in healing whorl combed patches hairline ratio stubble real; do
  .venv/bin/python validation/head_measurands.py $part | tee validation/results/head_measurands_$part.txt; done

A number behind the part tells of how many people, 12 without it; beyond 12 tones and colours come again. What rows of
a run that was cut short come to is printed by

  .venv/bin/python validation/head_measurands.py rows FILE

Regions are the true ones, as a person would draw them; head and hair are found by hairtrack. The limits and errors of
the measurands were set on heads of other seeds. Each row is printed as it is measured, so that a run cut short tells of
the heads that it reached. The errors of `real` are those between copies of one photo (../shared/data/heads).
"""
# ruff: noqa: PLR2004 each range stands where it is used, once

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.course.change import error_between_photos, smallest_detectable_change
from hairtrack.imaging.photo import working_image
from hairtrack.imaging.types import FractionMap, Mask, Rgb8Image
from hairtrack.knowledge import load
from hairtrack.measure.coverage import measure_coverage
from hairtrack.measure.crusts import SHAVED_MM, measure_dark_crusts
from hairtrack.measure.hairline import measure_hairline
from hairtrack.measure.orientation import measure_orientation_coherence, measure_shaft_orientation
from hairtrack.measure.parting import find_parting, measure_part_width
from hairtrack.measure.patchiness import measure_patchiness
from hairtrack.measure.redness import measure_redness, redness_of_tint
from hairtrack.measure.relative_density import relative_hair_density
from hairtrack.measure.settings import MeasureSettings
from hairtrack.measure.stubble import grain_of_stubble, measure_stubble, stubble_ratio
from hairtrack.measure.told import told
from hairtrack.measure.whorl import find_whorl
from hairtrack.model import (
    Case,
    Measured,
    NotMeasured,
    Observation,
    PixelScale,
    RegionName,
    Treatment,
    TreatmentKind,
    View,
)
from hairtrack.outcome.alerts import alerts_of
from hairtrack.pipeline.hair_states import LEAST_PARTED
from hairtrack.segment.hair import find_hair
from hairtrack.segment.head import find_head
from hairtrack.segment.settings import SegmentSettings
from hairtrack.synth.camera import Lamp, Pose
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import REGION_NAMES, RenderedPhoto, Shot, render_global
from hairtrack.synth.scalp import (
    HAIR_COLOURS,
    SEMI_AXES_MM,
    SKIN_TONES,
    Scalp,
    SkinAndHair,
    SkinSigns,
    direction_of,
    grow_scalp,
)
from hairtrack.synth.signs import BLOOD, crust_share, with_parting, without_patches
from hairtrack.synth.strands import StandingHair, Style

SETTINGS = MeasureSettings()
ON_TOP = (RegionName.FRONTAL, RegionName.MIDSCALP, RegionName.VERTEX)
SHARED = Path(os.environ.get("HAIRTRACK_SHARED", "../shared"))
SIZE_PX = (460, 460)
PEOPLE = tuple(
    (skin, hair) for turn, skin in enumerate(SKIN_TONES) for hair in ("black", ("brown", "blond", "grey")[turn % 3])
)
OPERATED_ON = date(2025, 1, 1)
HEALING_DAYS = (2, 6, 10, 17)
FIRST_SEED = 5000
Answer = Measured | NotMeasured
People = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A photo with the head and the hair that were found on it."""

    rgb8: Rgb8Image
    head: Mask
    opacity: FractionMap
    excluded: Mask
    doubt: FractionMap

    @property
    def width_px(self) -> float:
        """Width of the head as lengths without a scale are told in."""
        return 2 * float(np.sqrt(self.head.sum() / np.pi))


def read(rgb8: Rgb8Image, view: View) -> Read | None:
    """Return head and hair of a photo, None when no head is found."""
    head = find_head(rgb8, view=view)
    if head.refused is not None:
        return None
    hair = find_hair(rgb8, head.mask, settings=SegmentSettings(), places=head.places)
    return Read(rgb8=rgb8, head=head.mask, opacity=hair.opacity, excluded=hair.excluded, doubt=hair.doubt)


def drawn(
    scalp: Scalp,
    hair: StandingHair,
    rng: np.random.Generator,
    *,
    view: View,
    style: Style | None = None,
    size_px: tuple[int, int] = SIZE_PX,
) -> RenderedPhoto:
    """Return a photo taken with usual care: pose, light and its colour differ from photo to photo."""
    lamp = np.array([0.2, 0.3, 0.9]) + rng.normal(0, 0.12, 3)
    shot = Shot(
        view=view,
        size_px=size_px,
        style=style or Style(),
        pose=Pose(turn_deg=float(rng.normal(0, 3)), tilt_deg=float(rng.normal(0, 3)), roll_deg=float(rng.normal(0, 3))),
        lamp=Lamp(
            direction=(float(lamp[0]), float(lamp[1]), float(lamp[2])),
            colour=(1 + float(rng.normal(0, 0.04)), 0.97, 0.92 + float(rng.normal(0, 0.04))),
            exposure_ev=float(rng.normal(0, 0.15)),
        ),
    )
    return render_global(scalp, hair, shot, rng=rng)


def person(number: int, skin: str, hair: str) -> Scalp:
    """Return the head of a number."""
    return grow_scalp(SkinAndHair(skin=SKIN_TONES[skin], hair=HAIR_COLOURS[hair]), seed=FIRST_SEED + number)


def region_of(photo: RenderedPhoto, *names: RegionName) -> Mask:
    """Return where the true regions lie."""
    return np.isin(photo.truth.region_index, [REGION_NAMES.index(name) for name in names])


class Table:
    """Prints a row for each number, and at the end how far they were off."""

    def __init__(self, name: str) -> None:
        self.name, self.off, self.held, self.wide, self.absent = name, [], [], [], 0

    def row(self, who: str, answer: Answer, truth: float) -> None:
        """Print one number beside its truth."""
        if isinstance(answer, NotMeasured):
            self.absent += 1
            print(f"{self.name:22s} {who:34s} {truth:8.3f}  {answer.reason}", flush=True)
            return
        low, high = answer.interval95
        self.off.append(answer.value - truth)
        self.held.append(low <= truth <= high)
        self.wide.append(answer.std_uncertainty)
        print(f"{self.name:22s} {who:34s} {truth:8.3f} {answer.value:8.3f} ± {answer.std_uncertainty:.3f}", flush=True)

    def sums(self) -> None:
        """Print error, bias and how many intervals hold the truth."""
        if not self.off:
            print(f"# {self.name}: none measured, {self.absent} refused")
            return
        off = np.array(self.off)
        print(
            f"# {self.name}: {len(off)} measured, {self.absent} not; bias {off.mean():+.3f}, mean absolute error"
            f" {np.abs(off).mean():.3f}, 95 % within {np.quantile(np.abs(off), 0.95):.3f}; claimed standard error"
            f" {np.mean(self.wide):.3f}; 95 % intervals hold {np.mean(self.held):.2f}"
        )


def healing(people: People) -> None:
    """Redness and crusts while a transplant heals, as numbers and as the alarms that they raise."""
    redness, crusts, patch = Table("redness_index"), Table("crusts, shaved"), Table("broad patches alone")
    alarms: dict[str, list[str]] = {"heals": [], "infected": [], "dying patch": []}
    for number, (skin, hair) in enumerate(people):
        rng = np.random.default_rng([FIRST_SEED, number])
        fate = ("heals", "heals", "heals", "infected", "dying patch")[number % 5]
        scalp, seen = person(number, skin, hair), []
        peak, fades = float(rng.uniform(0.15, 0.45)), float(rng.uniform(5, 20))
        for day in HEALING_DAYS:
            red = peak * float(np.exp(-day / fades)) + (peak * (day == 10) if fate == "infected" else 0.0)
            signs = SkinSigns(
                red={RegionName.FRONTAL: red, RegionName.FRONTAL_HAIRLINE: red},
                crusts_per_cm2={RegionName.FRONTAL: max(0.0, 8.0 * (1 - day / 11))},
                dark_patches=(((0.1, 0.48, 0.85), 7.0),) if fate == "dying patch" and day >= 10 else (),
                seed=number,
            )
            length_mm = 0.5 + 0.3 * day
            photo = drawn(
                replace(scalp, signs=signs),
                hair_on(scalp, Course(length_mm=length_mm, native_share={RegionName.FRONTAL: 0.5}), month=0),
                rng,
                view=View.TOP,
            )
            found = read(photo.rgb8, View.TOP)
            if found is None:
                print(f"{skin} {hair} day {day}: no head")
                continue
            frontal = region_of(photo, RegionName.FRONTAL)
            rest = ~region_of(photo, RegionName.FRONTAL, RegionName.FRONTAL_HAIRLINE)
            where = {"head_mask": found.head, "excluded": found.excluded, "settings": SETTINGS}
            who = f"{skin} {hair} day {day} {fate}"
            blood = np.exp(-red * BLOOD)
            answer = measure_redness(found.rgb8, found.opacity, frontal, compared_with=rest, **where)
            redness.row(who, answer, redness_of_tint(float(blood[0] / blood[1]), float(blood[2] / blood[1])))
            seen += _observed("redness_index", answer, day)
            shaved = length_mm <= SHAVED_MM
            told_of = signs if shaved else replace(signs, crusts_per_cm2={})
            true_crusts = crust_share(told_of, photo.truth.camera)
            answer = measure_dark_crusts(found.rgb8, frontal, hair_length_mm=length_mm, **where)
            (crusts if shaved else patch).row(who, answer, float(true_crusts[frontal & found.head].mean()))
            seen += _observed("dark_crust_fraction", answer, day)
        alarms[fate].append(_alarms(seen))
    redness.sums()
    crusts.sums()
    patch.sums()
    for fate, raised in alarms.items():
        print(f"# alarms, {fate}: {sum(t != 'none' for t in raised)} of {len(raised)}: {'; '.join(raised)}")


def _observed(measurand: str, answer: Answer, day: int) -> list[Observation]:
    if isinstance(answer, NotMeasured):
        return []
    return [
        Observation(
            taken_on=OPERATED_ON + timedelta(days=day),
            region=RegionName.FRONTAL,
            measurand=measurand,
            value=answer.value,
            std_uncertainty=answer.std_uncertainty,
        )
    ]


def whorl(people: People) -> None:
    """Where the whorl lies, and by how much a turned photo seems turned."""
    table, direction = Table("whorl, off / width"), Table("shaft_orientation_deg")
    for number, (skin, hair) in enumerate(people):
        rng = np.random.default_rng([FIRST_SEED + 100, number])
        scalp, length_mm = person(100 + number, skin, hair), (3.0, 8.0, 20.0, 45.0)[number % 4]
        style = Style(whorl=(float(rng.normal(0, 0.12)), -0.5 + float(rng.normal(0, 0.08)), 0.83), unruly=0.3)
        view = (View.VERTEX, View.TOP)[number % 2]
        photo = drawn(
            scalp, hair_on(scalp, Course(length_mm=length_mm, faded=0.3), month=0), rng, view=view, style=style
        )
        found = read(photo.rgb8, view)
        if found is None:
            print(f"{skin} {hair}: no head")
            continue
        place = direction_of(np.array([style.whorl]) * SEMI_AXES_MM) * SEMI_AXES_MM
        true_xy = photo.truth.camera.project(place)[0]
        where = {"head_mask": found.head, "excluded": found.excluded, "settings": SETTINGS}
        answer = find_whorl(found.rgb8, **where)
        who = f"{skin} {hair} {length_mm:.0f} mm {view.value}"
        if isinstance(answer, Measured) and answer.at_xy is not None:
            off = float(np.hypot(*(true_xy - answer.at_xy))) / found.width_px
            reach = 1.96 * answer.std_uncertainty * np.sqrt(2)
            answer = replace(answer, value=off, interval95=(0.0 if off <= reach else off, max(reach, off)))
        table.row(who, answer, 0.0)
        frontal = region_of(photo, RegionName.FRONTAL if view is View.TOP else RegionName.PARIETAL_LEFT)
        upright = measure_shaft_orientation(found.rgb8, found.opacity, frontal, **where)
        middle = ((SIZE_PX[0] - 1) / 2, (SIZE_PX[1] - 1) / 2)
        turn = cv2.getRotationMatrix2D(middle, -20.0, 1.0)
        turned = [
            cv2.warpAffine(a, turn, SIZE_PX, flags=flag, borderMode=cv2.BORDER_REFLECT)
            for a, flag in (
                (found.rgb8, 1),
                (found.opacity, 1),
                (frontal.astype(np.uint8), 0),
                (found.head.astype(np.uint8), 0),
            )
        ]
        again = measure_shaft_orientation(
            turned[0],
            turned[1],
            turned[2] > 0,
            head_mask=turned[3] > 0,
            excluded=np.zeros(found.head.shape, np.bool_),
            turned_deg=20.0,
            settings=SETTINGS,
        )
        if isinstance(upright, Measured) and isinstance(again, Measured):
            near = upright.value + 180 * round((again.value - upright.value) / 180)
            direction.row(f"{who} turned by 20", again, near)
    table.sums()
    direction.sums()


def combed(people: People) -> None:
    """Coverage of one head combed plain and parted: what a parting on one of two photos changes, and what is withheld.

    It is withheld as `hairtrack.pipeline.hair_states` does: a parting takes more from a region on one photo alone.
    """
    pairs: dict[tuple[str, str], list[tuple[float, float, bool, bool]]] = {pair: [] for pair in COMBED_PAIRS}
    found: dict[str, list[bool]] = {}
    table = Table("part_width_mm")
    for number, (skin, hair) in enumerate(people):
        readings = {}
        for name, photo, seen in combed_photos(number, skin, hair):
            if seen is None:
                continue
            readings[name] = _combed_regions(photo, seen)
            taken = [took for _, _, took in readings[name].values()]
            found.setdefault(name, []).append(max(taken) > 0)
            if name in {PARTED, COMBED}:
                scale = PixelScale(px_per_mm=photo.truth.px_per_mm, std_uncertainty_px_per_mm=0.03, method="given")
                where = {"head_mask": seen.head, "excluded": seen.excluded, "settings": SETTINGS}
                width = measure_part_width(seen.rgb8, seen.opacity, scale=scale, **where)
                table.row(f"{skin} {hair} {name}", width, true_width_mm(photo))
            said = ", ".join(
                f"{k.value} {t:.2f} read {_value(c)} taken {took:.2f}" for k, (t, c, took) in readings[name].items()
            )
            print(f"{skin:3s} {hair:6s} {name:15s} {said}", flush=True)
        for pair, rows in pairs.items():
            if all(name in readings for name in pair):
                rows.extend(_between(readings[pair[0]], readings[pair[1]]))
    table.sums()
    for name, seen_at in found.items():
        print(f"# {name}: a parting is found on {sum(seen_at)} of {len(seen_at)} photos")
    for pair, rows in pairs.items():
        _print_combed(pair, np.array(rows, float))


Combed = dict[RegionName, tuple[float, Answer, float]]
"""By region the true coverage, the measured one, and what a parting takes of it."""


def _between(before: Combed, after: Combed) -> list[tuple[float, float, bool, bool]]:
    """Return of each region the true and the measured change, whether it is claimed, whether a parting withholds it."""
    rows = []
    for region in before:
        (true, cover, took), (true_now, now, took_now) = before[region], after[region]
        if isinstance(cover, Measured) and isinstance(now, Measured):
            limit = smallest_detectable_change(error_between_photos(cover), error_between_photos(now))
            change = now.value - cover.value
            rows.append((true_now - true, change, abs(change) > limit, abs(took_now - took) > LEAST_PARTED))
    return rows


def _print_combed(pair: tuple[str, str], rows: NDArray[np.float64]) -> None:
    true, change, claimed, withheld = rows.T
    print(
        f"# {pair[0]} to {pair[1]}: {len(rows)} regions, true change {true.mean():+.3f}, measured"
        f" {change.mean():+.3f}; claimed {claimed.mean():.0%}, withheld {withheld.mean():.0%}, claimed and not"
        f" withheld {np.mean((claimed > 0) & (withheld == 0)):.0%}"
    )


PLAIN, PLAIN_AGAIN, PARTED, COMBED = "plain", "plain again", "parted bare", "combed parted"
COMBED_PAIRS = ((PLAIN, PLAIN_AGAIN), (PLAIN, COMBED), (PLAIN, PARTED), (PARTED, COMBED))


def combed_photos(number: int, skin: str, hair: str) -> Iterator[tuple[str, RenderedPhoto, Read | None]]:
    """Yield a head of long hair combed plain twice, parted with a bare strip along the line, and parted by the comb."""
    rng = np.random.default_rng([FIRST_SEED + 900, number])
    scalp, length_mm = person(900 + number, skin, hair), float(rng.uniform(25, 50))
    strip_mm, share = float(rng.uniform(0, 6)), float(rng.uniform(0.6, 1))
    course = Course(length_mm=length_mm, faded=0.2, native_share=dict.fromkeys(ON_TOP, share))
    whole = hair_on(scalp, course, month=0)
    plain, parted = Style(unruly=0.2), Style(unruly=0.2, parted=True)
    for name, hairs, style in (
        (PLAIN, whole, plain),
        (PLAIN_AGAIN, whole, plain),
        (PARTED, with_parting(whole, width_mm=strip_mm), parted),
        (COMBED, whole, parted),
    ):
        photo = drawn(scalp, hairs, rng, view=View.TOP, style=style)
        yield name, photo, read(photo.rgb8, View.TOP)


def _combed_regions(photo: RenderedPhoto, seen: Read) -> Combed:
    where = {"head_mask": seen.head, "excluded": seen.excluded}
    parting = find_parting(seen.rgb8, seen.opacity, **where)
    found = {}
    for name in ON_TOP:
        region = region_of(photo, name)
        cover = measure_coverage(seen.opacity, region, doubt=seen.doubt, settings=SETTINGS, **where)
        taken = 0.0 if parting is None else parting.taken_from(region & seen.head)
        found[name] = (float(photo.truth.opacity[region].mean()), cover, taken)
    return found


def _value(answer: Answer) -> str:
    return f"{answer.value:.2f}" if isinstance(answer, Measured) else "–"


def true_width_mm(photo: RenderedPhoto) -> float:
    """Return the width at half height of the bare line along the midline, from the drawn strands themselves."""
    across, along = np.arange(-18.0, 18.01, 0.1), np.linspace(5.0, 60.0, 64)
    x, y = np.meshgrid(across, along)
    z = SEMI_AXES_MM[2] * np.sqrt(1 - (x / SEMI_AXES_MM[0]) ** 2 - (y / SEMI_AXES_MM[1]) ** 2)
    places = (
        photo.truth.camera.project(np.stack([x, y, z], axis=-1).reshape(-1, 3)).reshape(*x.shape, 2).astype(np.float32)
    )
    bare = 1 - cv2.remap(photo.truth.opacity, places[..., 0], places[..., 1], cv2.INTER_LINEAR).mean(axis=0)
    ground = float(np.median(bare[np.abs(across) > 12]))
    wide = across[bare - ground > 0.5 * (bare[np.abs(across) < 4].max() - ground)]
    return float(wide.max() - wide.min())


def patches(people: People) -> None:
    """Patchiness of donors against that of the drawn strands themselves, with and without bare patches."""
    table = Table("patchiness")
    rises: list[tuple[int, float, float]] = []
    for number, (skin, hair) in enumerate(people[::2]):
        rng = np.random.default_rng([FIRST_SEED + 300, number])
        scalp, length_mm = person(300 + number, skin, hair), (5.0, 9.0, 14.0)[number % 3]
        whole = hair_on(scalp, Course(length_mm=length_mm), month=0)
        middles = [(float(x), -0.85, float(z)) for x, z in rng.uniform(-0.35, 0.3, (20, 2))]
        first: Answer | None = None
        for count in (0, 0, 20):
            hairs = without_patches(whole, middles[:count], radius_mm=5.0) if count else whole
            photo = drawn(scalp, hairs, rng, view=View.BACK)
            found = read(photo.rgb8, View.BACK)
            if found is None:
                print(f"{skin} {hair}: no head")
                continue
            donor = region_of(photo, RegionName.OCCIPITAL)
            where = {"head_mask": found.head, "excluded": found.excluded, "settings": SETTINGS}
            answer = measure_patchiness(found.opacity, donor, **where)
            truth = measure_patchiness(photo.truth.opacity, donor, **where)
            if isinstance(truth, Measured):
                table.row(f"{skin} {hair} {length_mm:.0f} mm {count} patches", answer, truth.value)
            if first is None:
                first = answer
            elif isinstance(first, Measured) and isinstance(answer, Measured):
                std = float(np.hypot(first.std_uncertainty, answer.std_uncertainty))
                rises.append((count, answer.value - first.value, std))
    table.sums()
    for count in (0, 20):
        own = [(rise, std) for c, rise, std in rises if c == count]
        beyond = sum(rise > 1.96 * std for rise, std in own)
        if own:
            print(
                f"# {count} new patches: rise {np.mean([r for r, _ in own]):+.3f}, beyond error {beyond} of {len(own)}"
            )


def hairline(people: People) -> None:
    """Distance from brow to hairline in the front view, in head widths, beside the true one."""
    table = Table("hairline / head width")
    for number, (skin, hair) in enumerate(people):
        rng = np.random.default_rng([FIRST_SEED + 400, number])
        scalp = person(400 + number, skin, hair)
        receded = number % 2 == 1
        share = {RegionName.FRONTAL_HAIRLINE: 0.0} if receded else {}
        standing = hair_on(scalp, Course(length_mm=(2.0, 5.0)[number // 2 % 2], native_share=share), month=0)
        photo = drawn(scalp, standing, rng, view=View.FRONT, style=Style(combed_forward=0.0))
        found = read(photo.rgb8, View.FRONT)
        if found is None:
            print(f"{skin} {hair}: no head")
            continue
        project = photo.truth.camera.project
        brow = project(np.array([[0.0, 94.0, 6.0]]))[0]
        # The edge, where the density of hairs is half: of the drawn hairline, or of the recession behind it.
        y = 0.68 if receded else float(np.sqrt(1 - 0.635**2))
        edge = project(np.array([[0.0, y, np.sqrt(1 - y**2)]]) * SEMI_AXES_MM)[0]
        truth = float(np.hypot(*(edge - brow))) / found.width_px
        answer = measure_hairline(
            found.opacity,
            head_mask=found.head,
            brow_xy=(float(brow[0]), float(brow[1])),
            scale=None,
            settings=SETTINGS,
        )
        table.row(f"{skin} {hair} {'receded' if receded else 'full'}", answer, truth)
    table.sums()


def ratio(people: People) -> None:
    """Hair against an earlier photo of the same head, the same length: the true ratio of hairs beside."""
    table = Table("relative_hair_density")
    for number, (skin, hair) in enumerate(people):
        rng = np.random.default_rng([FIRST_SEED + 500, number])
        scalp, length_mm = person(500 + number, skin, hair), (10.0, 22.0)[number % 2]
        shares = (float(rng.uniform(0.25, 0.6)), float(rng.uniform(0.25, 0.6)))
        answers: list[Answer] = []
        for share in shares:
            course = Course(length_mm=length_mm, native_share=dict.fromkeys(RegionName, share))
            photo = drawn(scalp, hair_on(scalp, course, month=0), rng, view=View.TOP)
            found = read(photo.rgb8, View.TOP)
            if found is None:
                continue
            midscalp = region_of(photo, RegionName.MIDSCALP)
            answers.append(
                measure_coverage(
                    found.opacity,
                    midscalp,
                    head_mask=found.head,
                    excluded=found.excluded,
                    doubt=found.doubt,
                    settings=SETTINGS,
                )
            )
        if len(answers) == 2 and all(isinstance(a, Measured) for a in answers):
            against = relative_hair_density(answers[1], answers[0])
            table.row(
                f"{skin} {hair} {length_mm:.0f} mm {shares[0]:.2f} to {shares[1]:.2f}", against, shares[1] / shares[0]
            )
        else:
            print(f"{skin} {hair}: coverage not measured")
    table.sums()


def stubble(_: People) -> None:
    """Print the grain of shaved hair of one head and light after another, by hairs that stand there, at 7 px/mm."""
    table = Table("stubble ratio")
    for number, (skin, hair, length_mm) in enumerate((("II", "brown", 0.8), ("IV", "black", 2.0))):
        rng = np.random.default_rng([FIRST_SEED + 600, number])
        scalp, first = person(600 + number, skin, hair), None
        for share in (1.0, 0.6, 0.35):
            standing = hair_on(
                scalp, Course(length_mm=length_mm, native_share=dict.fromkeys(RegionName, share)), month=0
            )
            photo = drawn(scalp, standing, rng, view=View.TOP, size_px=(1600, 1600))
            midscalp = region_of(photo, RegionName.MIDSCALP)
            grain = grain_of_stubble(photo.rgb8, px_per_mm=photo.truth.px_per_mm, shape=midscalp.shape)
            answer = measure_stubble(
                grain, midscalp, head_mask=midscalp, excluded=np.zeros_like(midscalp), settings=SETTINGS
            )
            if first is None and isinstance(answer, Measured):
                first = answer
            elif isinstance(first, Measured) and isinstance(answer, Measured):
                table.row(f"{skin} {hair} {length_mm} mm, {share:.2f} left", stubble_ratio(answer, first), share)
    table.sums()


def real(people: People) -> None:
    """Print how far each number moves between copies of one real photo: turned, mirrored, darker, warmer, packed."""
    files = sorted((SHARED / "data/heads/photos").glob("*-Top-Down.jpg"))[::9][: len(people)]
    moved: dict[str, list[float]] = {}
    for path in files:
        rgb8 = np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB), np.uint8)
        numbers = {copy: _numbers_of(working_image(changed).rgb8) for copy, changed in _copies(rgb8)}
        for copy, answers in numbers.items():
            said = ", ".join(
                f"{name} {a.value:.3f} ± {a.std_uncertainty:.3f}" if isinstance(a, Measured) else f"{name} –"
                for name, a in answers.items()
            )
            print(f"{path.stem:16s} {copy:9s} {said}", flush=True)
            for name, a in answers.items():
                first = numbers["as it is"].get(name)
                if copy != "as it is" and isinstance(a, Measured) and isinstance(first, Measured):
                    moved.setdefault(name, []).append(
                        (a.value - first.value) / float(np.hypot(a.std_uncertainty, first.std_uncertainty))
                    )
    for name, off in moved.items():
        beyond = float(np.mean(np.abs(off) > 1.96))
        print(f"# {name}: {len(off)} copies, moved beyond 95 % of the error between two photos: {beyond:.2f}")


def _copies(rgb8: Rgb8Image) -> Iterator[tuple[str, Rgb8Image]]:
    yield "as it is", rgb8
    yield "turned", np.ascontiguousarray(np.rot90(rgb8))
    yield "mirrored", np.ascontiguousarray(rgb8[:, ::-1])
    yield "darker", np.asarray(np.round(255 * (rgb8 / 255) ** 1.25), np.uint8)
    warm = (rgb8 / 255) ** 2.2 * np.array([1.1, 1.0, 0.85])
    yield "warmer", np.asarray(np.round(255 * np.clip(warm, 0, 1) ** (1 / 2.2)), np.uint8)
    _, packed = cv2.imencode(".jpg", rgb8, [cv2.IMWRITE_JPEG_QUALITY, 60])
    yield "JPEG 60", np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _numbers_of(rgb8: Rgb8Image) -> dict[str, Answer]:
    found = read(rgb8, View.TOP)
    if found is None:
        return {}
    rows, columns = np.nonzero(found.head)
    y, x = np.mgrid[: rgb8.shape[0], : rgb8.shape[1]]
    middle = np.hypot(y - rows.mean(), x - columns.mean()) < 0.25 * found.width_px
    where = {"head_mask": found.head, "excluded": found.excluded, "settings": SETTINGS}
    return {
        "whorl": find_whorl(rgb8, **where),
        "redness": measure_redness(rgb8, found.opacity, middle, **where),
        "coherence": measure_orientation_coherence(rgb8, found.opacity, middle, **where),
        "patchiness": measure_patchiness(found.opacity, middle, **where),
        "parting": measure_part_width(rgb8, found.opacity, scale=None, **where),
    }


ROW = re.compile(r"(.{22}) (.{34}) +(-?[0-9.]+) +(-?[0-9.]+) ± ([0-9.]+)$")


def sum_up(lines: list[str]) -> None:
    """Print what the rows of a run come to, with the alarms of the people whose last day was reached."""
    tables: dict[str, Table] = {}
    healing_people: dict[str, list[Observation]] = {}
    for line in lines:
        found = ROW.match(line)
        name = line[:22].strip()
        table = tables.setdefault(name, Table(name)) if name and not line.startswith("#") else None
        if table is None or found is None:
            if table is not None:
                table.absent += 1
            continue
        truth, value, std = (float(found[group]) for group in (3, 4, 5))
        table.off.append(value - truth)
        table.held.append(abs(value - truth) <= 1.96 * std)
        table.wide.append(std)
        who = re.match(r"(\w+ \w+) day (\d+) (.+?) *$", found[2])
        if who is not None:
            measurand = "redness_index" if name == "redness_index" else "dark_crust_fraction"
            answer = told(value, {"rounded": std}, method="read again")
            healing_people.setdefault(f"{who[1]} {who[3]}", []).extend(_observed(measurand, answer, int(who[2])))
    for table in tables.values():
        table.sums()
    for person_told, seen in healing_people.items():
        if max((o.taken_on - OPERATED_ON).days for o in seen) == HEALING_DAYS[-1]:
            print(f"# alarms, {person_told}: {_alarms(seen)}")


def _alarms(seen: list[Observation]) -> str:
    treatment = Treatment(kind=TreatmentKind.FUE, performed_on=OPERATED_ON, recipient_regions=(RegionName.FRONTAL,))
    alerts = alerts_of(Case(treatments=(treatment,), observations=tuple(seen)), knowledge=load())
    return ", ".join(f"{a.kind.value} on day {(a.on - OPERATED_ON).days}" for a in alerts) or "none"


PARTS: dict[str, Callable[[People], None]] = {
    f.__name__: f for f in (healing, whorl, combed, patches, hairline, ratio, stubble, real)
}


def main() -> int:
    """Print one part."""
    cv2.setNumThreads(1)
    started = time.process_time()
    if sys.argv[1] == "rows":
        sum_up(Path(sys.argv[2]).read_text(encoding="utf-8").splitlines())
        return 0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else len(PEOPLE)
    PARTS[sys.argv[1]](tuple(PEOPLE[number % len(PEOPLE)] for number in range(count)))
    print(f"{time.process_time() - started:.0f} s of CPU", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
