"""The lean of a spot, and pieces of one shaft, on drawings small enough to check by hand."""

import numpy as np
import pytest

from hairtrack.segment.lean import joined_pieces, turned_from_lean_deg
from hairtrack.segment.shaft_sides import ShaftCandidates


def candidates(ends):
    points = np.array(ends, np.float64)
    count = len(points)
    return ShaftCandidates(
        start_xy=points[:, 0],
        end_xy=points[:, 1],
        width_px=np.full(count, 6.0),
        core=np.ones(count),
        skin=np.zeros(count),
        side_span_px=np.zeros((count, 2)),
        both_sides=np.ones(count, np.bool_),
        typical_width_px=6.0,
    )


def test_a_candidate_across_upright_hairs_is_turned_by_a_right_angle():
    found = np.array([[[x, 0.0], [x, 40.0]] for x in (0.0, 30.0, 60.0)])
    turned = turned_from_lean_deg(candidates([[[20, 20], [50, 20]], [[20, 30], [20, 0]]]), found, 90.0)
    assert turned == pytest.approx([90.0, 0.0], abs=1e-6)


def test_pieces_on_one_line_become_one_hair():
    ends = np.array([[[0.0, 0.0], [40.0, 0.0]], [[46.0, 1.0], [60.0, 1.0]], [[0.0, 12.0], [40.0, 12.0]]])
    kept, joined = joined_pieces(ends, np.full(3, 6.0), gap_px=9.0)
    assert kept.tolist() == [0, 2]
    assert joined[0] == pytest.approx(np.array([[0.0, 0.0], [60.0, 1.0]]))


def test_pieces_far_apart_or_side_by_side_stay_apart():
    ends = np.array([[[0.0, 0.0], [40.0, 0.0]], [[60.0, 0.0], [80.0, 0.0]], [[5.0, 2.0], [35.0, 2.0]]])
    kept, _ = joined_pieces(ends, np.full(3, 6.0), gap_px=9.0)
    assert kept.tolist() == [0, 1, 2]
