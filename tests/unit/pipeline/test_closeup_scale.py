"""What the user says of a dermoscope reaches the scale of its close-ups."""

import numpy as np
import pytest

from hairtrack.model import NotMeasured
from hairtrack.pipeline.api import read_closeup
from hairtrack.synth.closeup import CloseupShot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair


@pytest.fixture(scope="module")
def round_picture():
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"]), seed=6)
    shot = CloseupShot(size_px=(420, 420), px_per_mm=90.0)
    picture = render_closeup(spot, shot, rng=np.random.default_rng(1)).rgb8
    rows, columns = np.mgrid[:420, :420]
    picture[np.hypot(columns - 210, rows - 210) > 198] = 3
    return picture


def test_the_known_field_of_a_dermoscope_gives_the_scale(round_picture):
    closeup = read_closeup(round_picture, field_diameter_mm=4.4)
    assert closeup.scale is not None
    assert (closeup.scale.method, closeup.scale.px_per_mm) == ("field_circle", pytest.approx(90, rel=0.01))


def test_a_field_of_unknown_size_says_nothing(round_picture):
    assert read_closeup(round_picture).scale is None


def test_a_field_that_contradicts_the_given_scale_gives_none(round_picture):
    closeup = read_closeup(round_picture, px_per_mm=60.0, field_diameter_mm=4.4)
    assert closeup.scale is None
    density = closeup.measurements["hair_density_per_cm2"]
    assert isinstance(density, NotMeasured)
    assert "the field of the dermoscope says 90" in density.reason
