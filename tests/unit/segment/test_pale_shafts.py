"""Hairs that are not darker than skin are found by their colour; skin alone is never such a hair."""

import numpy as np
import pytest

from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shafts import find_shafts
from hairtrack.synth.closeup import CloseupShot, Spot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

PX_PER_MM = 90.0
SHOT = CloseupShot(size_px=(420, 340), px_per_mm=PX_PER_MM)


def spot(tone: str, hair: str) -> Spot:
    return grow_spot(SkinAndHair(skin=SKIN_TONES[tone], hair=HAIR_COLOURS[hair]), seed=4)


@pytest.mark.parametrize(("tone", "hair"), [("III", "grey"), ("VI", "grey"), ("VI", "blond")])
def test_pale_hairs_are_counted_as_dark_ones_are(tone, hair):
    truth = render_closeup(spot(tone, hair), SHOT, rng=np.random.default_rng(1))
    found = find_shafts(truth.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings())
    assert len(found.hairs) == pytest.approx(len(truth.hairs), rel=0.15)


def test_skin_between_pale_hairs_is_no_dark_hair():
    grown = spot("VI", "grey")
    truth = render_closeup(grown.kept(grown.unit % 2 == 0), SHOT, rng=np.random.default_rng(1))
    found = find_shafts(truth.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings())
    assert len(found.hairs) <= 1.15 * len(truth.hairs)


def test_bare_skin_of_all_tones_has_at_most_one_pale_hair_a_square_centimetre():
    found = []
    for tone in SKIN_TONES:
        grown = spot(tone, "grey")
        truth = render_closeup(grown.kept(grown.unit < 0), SHOT, rng=np.random.default_rng(1))
        found += find_shafts(truth.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings()).hairs
    shown_cm2 = len(SKIN_TONES) * SHOT.size_px[0] * SHOT.size_px[1] / PX_PER_MM**2 / 100
    assert len(found) <= shown_cm2


def test_blond_hairs_on_skin_of_nearly_their_colour_are_found():
    truth = render_closeup(spot("III", "blond"), SHOT, rng=np.random.default_rng(1))
    found = find_shafts(truth.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings())
    assert len(found.hairs) == pytest.approx(len(truth.hairs), rel=0.25)


def test_black_hairs_on_the_darkest_skin_are_found():
    truth = render_closeup(spot("VI", "black"), SHOT, rng=np.random.default_rng(1))
    found = find_shafts(truth.rgb8, px_per_mm=PX_PER_MM, settings=ShaftSettings())
    assert len(found.hairs) == pytest.approx(len(truth.hairs), rel=0.25)
