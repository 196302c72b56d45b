"""One small head for all tests of the room."""

import pytest

from hairtrack.model import RegionName
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, Scalp, SkinAndHair, grow_scalp
from hairtrack.synth.strands import StandingHair


@pytest.fixture(scope="session")
def scalp() -> Scalp:
    return grow_scalp(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["brown"]), seed=3, hairs_per_cm2=40.0)


@pytest.fixture(scope="session")
def thin_hair(scalp: Scalp) -> StandingHair:
    thinned = {RegionName.FRONTAL: 0.3, RegionName.FRONTAL_HAIRLINE: 0.2, RegionName.MIDSCALP: 0.4}
    return hair_on(scalp, Course(native_share=thinned, length_mm=12.0), month=0)
