"""Synthetic close-ups with exact truth: the hairs counted, their diameters, and the density within its own interval."""

from typing import NamedTuple

import numpy as np
import pytest

from hairtrack.measure.closeup import CloseupMeasureSettings, measure_closeup
from hairtrack.model import Measured, NotMeasured, PixelScale
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import ShaftFinding, find_shafts
from hairtrack.synth.closeup import CloseupShot, RenderedCloseup, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

PX_PER_MM = 120.0
SCALE = PixelScale(px_per_mm=PX_PER_MM, std_uncertainty_px_per_mm=1.0, method="given")


class Reading(NamedTuple):
    """A synthetic close-up and what was found on it."""

    truth: RenderedCloseup
    found: ShaftFinding


@pytest.fixture(scope="module", params=[("II", 3), ("II", 4), ("V", 5)])
def reading(request):
    tone, seed = request.param
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES[tone], hair=HAIR_COLOURS["black"]), seed=seed)
    shot = CloseupShot(size_px=(720, 600), px_per_mm=PX_PER_MM)
    truth = render_closeup(spot, shot, rng=np.random.default_rng(seed))
    return Reading(truth, find_shafts(truth.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings()))


def test_most_hairs_are_found_where_they_are(reading):
    height, width = reading.truth.rgb8.shape[:2]
    whole = [hair for hair in reading.truth.hairs if 6 < hair.tip_xy[0] < width - 6 and 6 < hair.tip_xy[1] < height - 6]
    true_xy = np.array([np.add(hair.root_xy, hair.tip_xy) / 2 for hair in whole])
    found_xy = np.array([np.add(hair.root_xy, hair.tip_xy) / 2 for hair in reading.found.hairs])
    nearest = np.linalg.norm(true_xy[:, None] - found_xy[None], axis=2).min(axis=1)
    assert (nearest < 0.11 * PX_PER_MM).mean() >= 0.8


def test_the_density_interval_holds_the_truth(reading):
    found = reading.found
    results = measure_closeup(
        found.hairs,
        found.units,
        scale=SCALE,
        seen=found.seen,
        hair=found.hair,
        refusal=found.refusal,
        settings=CloseupMeasureSettings(),
    )
    density = results["hair_density_per_cm2"]
    assert isinstance(density, Measured)
    assert density.interval95[0] <= reading.truth.hairs_per_cm2 <= density.interval95[1]


def test_the_diameters_of_hairs_that_were_found_are_right_within_a_twentieth(reading):
    true_xy = np.array([np.add(hair.root_xy, hair.tip_xy) / 2 for hair in reading.truth.hairs])
    ratios = []
    for hair in reading.found.hairs:
        distance = np.linalg.norm(true_xy - np.add(hair.root_xy, hair.tip_xy) / 2, axis=1)
        if distance.min() < 0.07 * PX_PER_MM:
            ratios.append(hair.diameter_um / reading.truth.hairs[int(distance.argmin())].diameter_um)
    assert len(ratios) >= 0.7 * len(reading.truth.hairs)
    assert np.median(ratios) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("scale_known", [True, False], ids=["scale given", "scale unknown"])
def test_two_magnifications_of_one_spot_give_one_density_or_ask_for_the_scale(scale_known):
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"]), seed=6)
    densities = []
    for px_per_mm in (110.0, 80.0):
        shot = CloseupShot(size_px=(600, 480), px_per_mm=px_per_mm)
        picture = render_closeup(spot, shot, rng=np.random.default_rng(7))
        found = find_shafts(picture.rgb8, px_per_mm=px_per_mm if scale_known else None, settings=ShaftSettings())
        densities.append(
            measure_closeup(
                found.hairs,
                found.units,
                scale=PixelScale(px_per_mm=px_per_mm, std_uncertainty_px_per_mm=0.5, method="given")
                if scale_known
                else None,
                seen=found.seen,
                hair=found.hair,
                refusal=found.refusal,
                settings=CloseupMeasureSettings(),
            )["hair_density_per_cm2"]
        )
    before, after = densities
    if scale_known:
        halves = [np.ptp(density.interval95) / 2 for density in densities]
        assert abs(after.value - before.value) <= np.hypot(*halves)
    else:
        assert all(isinstance(density, NotMeasured) and "px_per_mm" in density.remedy for density in densities)
