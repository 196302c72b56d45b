"""Hairs against their neighbours, on layouts whose faults are known."""

import numpy as np
import pytest

from hairtrack.measure.growth_direction import AGAINST_DEG, turned_from_neighbours_deg
from hairtrack.model import Hair, HairKind


def hair(root, degrees):
    tip = np.add(root, 40 * np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))]))
    ends = (tuple(map(float, root)), tuple(map(float, tip)))
    return Hair(
        root_xy=ends[0],
        tip_xy=ends[1],
        centre_line_xy=ends,
        diameter_px=6.0,
        diameter_um=60.0,
        kind=HairKind.TERMINAL,
        unit=0,
        confidence=1.0,
    )


GRID = [(50.0 * column, 50.0 * row) for row in range(6) for column in range(6)]


def test_one_hair_turned_round_among_even_ones_is_named():
    hairs = tuple(hair(root, 180 if index == 14 else 10) for index, root in enumerate(GRID))
    turned = turned_from_neighbours_deg(hairs, px_per_mm=100)
    assert turned[14] == pytest.approx(170, abs=0.01)
    assert np.delete(turned, 14) == pytest.approx(0, abs=0.01)


def test_the_flank_of_a_whorl_is_no_fault():
    centre = np.array([-200.0, 125.0])
    hairs = tuple(hair(root, np.rad2deg(np.arctan2(*np.subtract(root, centre)[::-1])) + 90) for root in GRID)
    turned = turned_from_neighbours_deg(hairs, px_per_mm=100)
    assert np.nanmax(turned) < AGAINST_DEG


def test_the_centre_of_a_whorl_is_no_fault():
    centre = np.array([120.0, 130.0])
    hairs = tuple(hair(root, np.rad2deg(np.arctan2(*np.subtract(root, centre)[::-1])) + 70) for root in GRID)
    assert np.nanmax(turned_from_neighbours_deg(hairs, px_per_mm=100)) < AGAINST_DEG


def test_a_whole_patch_turned_alike_is_named_though_its_neighbours_agree_with_it():
    patch = [row * 6 + column for row in (0, 1, 2) for column in (0, 1, 2)]
    hairs = tuple(hair(root, 150 if index in patch else 10) for index, root in enumerate(GRID))
    turned = turned_from_neighbours_deg(hairs, px_per_mm=100)
    assert set(np.flatnonzero(turned > AGAINST_DEG)) == set(patch)


def test_a_hair_without_neighbours_is_not_judged():
    assert np.isnan(turned_from_neighbours_deg((hair((0, 0), 0), hair((900, 0), 90)), px_per_mm=100)).all()
