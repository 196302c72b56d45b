"""Drawings mark each hair where it is, in the colour of what it is, and leave the photo alone."""

import numpy as np

from hairtrack.imaging import closeup_drawing
from hairtrack.model import Hair, HairKind, HairMatch, Registration, RegistrationStatus, Tier


def hair(y, kind=HairKind.TERMINAL):
    root, tip = (20.0, y), (80.0, y)
    return Hair(
        root_xy=root,
        tip_xy=tip,
        centre_line_xy=(root, tip),
        diameter_px=6.0,
        diameter_um=None,
        kind=kind,
        unit=0,
        confidence=1.0,
    )


def near(pixel, rgb):
    """Whether a pixel has a colour up to the smoothing of a thin line."""
    return np.abs(pixel.astype(int) - rgb).max() < 30


def test_hairs_are_coloured_by_kind():
    picture = np.full((100, 100, 3), 128, np.uint8)
    drawn = closeup_drawing.draw_hairs(picture, (hair(30.0), hair(70.0, HairKind.VELLUS)))
    assert near(drawn[30, 50], closeup_drawing.TERMINAL_RGB)
    assert near(drawn[70, 50], closeup_drawing.VELLUS_RGB)
    assert (picture == 128).all()


def test_lost_and_gained_hairs_stand_out():
    picture = np.full((100, 100, 3), 128, np.uint8)
    registration = Registration(reference="a", moving="b", status=RegistrationStatus.ACCEPTED, tier=Tier.SCALP)
    match = HairMatch(
        status=RegistrationStatus.ACCEPTED,
        reason=None,
        pairs=((0, 0),),
        lost=(1,),
        gained=(1,),
        thinned=(),
        registration=registration,
        count_change=None,
    )
    hairs = (hair(30.0), hair(50.0), hair(70.0))
    before, after = closeup_drawing.draw_match((picture, hairs), (picture, hairs), match)
    assert near(before[50, 50], closeup_drawing.LOST_RGB)
    assert near(after[50, 50], closeup_drawing.GAINED_RGB)
    assert near(before[30, 50], closeup_drawing.PAIRED_RGB)
    assert near(after[30, 50], closeup_drawing.PAIRED_RGB)
    assert near(before[70, 50], closeup_drawing.UNDECIDED_RGB)
