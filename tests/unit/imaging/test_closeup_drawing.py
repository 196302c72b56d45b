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


def test_shape_tells_what_colour_tells():
    root, size = np.array([50.0, 50.0]), 10.0
    strokes = {mark: closeup_drawing._mark_strokes(mark, root, size) for mark in closeup_drawing.RootMark}
    pens = (closeup_drawing.PAIRED, closeup_drawing.LOST, closeup_drawing.GAINED, closeup_drawing.UNDECIDED)
    assert len({pen.mark for pen in pens}) == len({pen.rgb for pen in pens}) == 4
    assert closeup_drawing.TERMINAL.mark is not closeup_drawing.VELLUS.mark
    assert [len(strokes[mark]) for mark in closeup_drawing.RootMark] == [1, 1, 2, 1, 0]
    corners = {mark: len(np.unique(np.round(strokes[mark][0], 6), axis=0)) for mark in ("ring", "square", "diamond")}
    assert corners == {"ring": 24, "square": 4, "diamond": 4}
