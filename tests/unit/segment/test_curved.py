"""Straight pieces of one bent hair are one hair with a bent centre line; neighbours stay what they are."""

import numpy as np
import pytest

from hairtrack.segment.curved import runs_on


def ends(*pieces: list[tuple[int, int]]):
    return np.array(pieces, np.float64)


def test_three_pieces_of_an_arc_are_one_hair_whichever_way_they_were_found():
    pieces = ends([(0, 0), (40, 0)], [(78, 14), (41, 1)], [(79, 15), (110, 38)])
    hairs = runs_on(pieces, np.full(3, 6.0), gap_px=5.0)
    assert len(hairs) == 1
    indices, line = hairs[0]
    assert sorted(indices) == [0, 1, 2]
    assert len(line) == 4
    assert {tuple(line[0]), tuple(line[-1])} == {(0.0, 0.0), (110.0, 38.0)}


@pytest.mark.parametrize(
    ("second", "width"),
    [
        ([(44, 0), (44, 40)], 6.0),  # a corner
        ([(60, 0), (100, 0)], 6.0),  # too far
        ([(41, 0), (80, 3)], 14.0),  # another thickness
        ([(0, 8), (40, 8)], 6.0),  # beside
    ],
)
def test_other_pieces_stay_hairs_of_their_own(second, width):
    assert len(runs_on(ends([(0, 0), (40, 0)], second), np.array([6.0, width]), gap_px=5.0)) == 2


def test_a_ring_of_pieces_ends_somewhere():
    turn = np.linspace(0, 2 * np.pi, 13)
    points = 60 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    hairs = runs_on(np.stack([points[:-1], points[1:]], axis=1), np.full(12, 6.0), gap_px=5.0)
    assert len(hairs) == 1
    assert len(hairs[0][0]) == 12


def test_no_piece_is_no_hair():
    assert runs_on(np.zeros((0, 2, 2)), np.zeros(0), gap_px=5.0) == []
