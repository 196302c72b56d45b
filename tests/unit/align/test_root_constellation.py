"""Roots found again by their constellation: turned, zoomed, with a third of them lost; never on another spot."""

import numpy as np
import pytest

from hairtrack.align.root_constellation import fit_roots
from hairtrack.model import Hair, HairKind

PX_PER_MM = 100.0
SHAPE = (500, 650)
LIMIT = 52.0


def hair(root, degrees):
    tip = np.add(root, 60 * np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))]))
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


def spot(seed, count=45):
    rng = np.random.default_rng(seed)
    return rng.uniform([10, 10], [640, 490], (count, 2)), 40 + rng.normal(0, 12, count)


def followed(places, lies, *, turn_deg, zoom, shift, seed):
    """Return the spot on a later date: moved, a third lost, some new, each lying and read a little differently."""
    rng = np.random.default_rng(seed)
    angle = np.deg2rad(turn_deg)
    linear = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    kept = rng.random(len(places)) > 0.3
    roots = places[kept] @ linear.T + shift + rng.normal(0, 1.0, (kept.sum(), 2))
    new = rng.uniform([0, 0], [650, 500], (5, 2))
    turned = lies[kept] + turn_deg + rng.normal(0, 8, kept.sum())
    hairs = [hair(*one) for one in zip([*roots, *new], [*turned, *rng.uniform(0, 360, 5)], strict=True)]
    return tuple(hairs), np.c_[linear, shift]


@pytest.mark.parametrize(("turn_deg", "zoom"), [(0.0, 1.0), (25.0, 1.1), (-140.0, 0.9)])
def test_a_spot_is_found_again_turned_and_zoomed_with_a_third_of_its_hairs_lost(turn_deg, zoom):
    places, lies = spot(1)
    centre = np.array([325.0, 250.0])
    angle = np.deg2rad(turn_deg)
    linear = zoom * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = centre + np.array([20, -15]) - linear @ centre
    later, truth = followed(places, lies, turn_deg=turn_deg, zoom=zoom, shift=shift, seed=2)
    reference = tuple(hair(*one) for one in zip(places, lies, strict=True))
    fit = fit_roots(reference, later, shapes=(SHAPE, SHAPE), px_per_mm=(PX_PER_MM, PX_PER_MM), most_zoom=1.5)
    assert fit is not None
    assert fit.evidence > LIMIT
    corners = np.array([[50.0, 50.0, 1], [600, 50, 1], [300, 450, 1]])
    error_mm = np.linalg.norm(corners @ fit.matrix[:2].T - corners @ truth.T, axis=1) / PX_PER_MM
    assert error_mm.max() < 0.05


def test_known_scales_of_two_magnifications_are_allowed_for():
    places, lies = spot(3)
    reference = tuple(hair(*one) for one in zip(places, lies, strict=True))
    later, _ = followed(places, lies, turn_deg=0.0, zoom=0.5, shift=np.zeros(2), seed=4)
    shapes = (SHAPE, (250, 325))
    fit = fit_roots(reference, later, shapes=shapes, px_per_mm=(PX_PER_MM, PX_PER_MM / 2), most_zoom=1.2)
    assert fit is not None
    assert fit.evidence > LIMIT
    assert np.hypot(fit.matrix[0, 0], fit.matrix[1, 0]) == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_other_spots_never_agree_beyond_chance(seed):
    first, second = (tuple(hair(*one) for one in zip(*spot(s), strict=True)) for s in (10 + seed, 20 + seed))
    fit = fit_roots(first, second, shapes=(SHAPE, SHAPE), px_per_mm=(PX_PER_MM, PX_PER_MM), most_zoom=1.5)
    assert fit is None or fit.evidence < LIMIT


def test_three_hairs_are_no_constellation():
    few = tuple(hair(root, 10) for root in [(10, 10), (100, 200), (300, 50)])
    assert fit_roots(few, few, shapes=(SHAPE, SHAPE), px_per_mm=(100.0, 100.0), most_zoom=1.5) is None
