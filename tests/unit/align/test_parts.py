import numpy as np
import pytest

from hairtrack.align.evidence import Evidence
from hairtrack.align.gate import doubt_about, expected_error_fraction, trusted_places
from hairtrack.align.keypoints import KeyPoints, Matches, standing_still
from hairtrack.align.remainder import sampled, spread
from hairtrack.align.room import unmoved_room
from hairtrack.align.scalp import motion_share
from hairtrack.align.settings import AlignSettings, GateSettings, RoomSettings, ScalpSettings
from hairtrack.align.trend import fit_trend
from hairtrack.imaging.grid_warp import GridWarp


def evidence(**changed: float) -> Evidence:
    good = {
        "matches": 900,
        "matches_spread": 0.8,
        "coarse_share": 0.5,
        "correlation": 0.75,
        "tile_share": 0.9,
        "miss_fraction": 0.0004,
        "residual_fraction": 0.0015,
        "disagreement_fraction": 0.0015,
        "fold_share": 0.0,
        "overlap_fraction": 0.95,
    }
    return Evidence(**(good | changed))


def test_good_evidence_passes_the_gate():
    assert doubt_about(evidence(), AlignSettings()) is None


@pytest.mark.parametrize(
    ("score", "value"),
    [
        ("matches", 40),
        ("matches_spread", 0.1),
        ("correlation", 0.1),
        ("tile_share", 0.2),
        ("fold_share", 0.3),
        ("overlap_fraction", 0.2),
        ("disagreement_fraction", 0.02),
    ],
)
def test_each_score_alone_can_refuse_and_says_why(score, value):
    doubt = doubt_about(evidence(**{score: value}), AlignSettings())

    assert doubt is not None
    assert doubt.reason
    assert doubt.remedy
    assert dict(doubt.scores)[score] == value


def test_the_further_matches_and_motion_disagree_the_larger_the_expected_error():
    settings = AlignSettings().expected_error
    errors = [expected_error_fraction(evidence(disagreement_fraction=x), settings) for x in (0.0, 0.001, 0.003, 0.01)]

    assert errors == sorted(errors)
    assert errors[0] > 0


def test_the_remainder_is_the_shift_near_points_and_zero_far_from_all():
    points = np.stack(np.meshgrid(np.arange(20.0, 80, 6), np.arange(20.0, 80, 6)), -1).reshape(-1, 2)
    shift = np.tile([[3.0, -2.0]], (len(points), 1))

    field = spread(points, shift, shape=(51, 51), step_px=8, widths_px=(16.0, 8.0), outlier_px=(9.0, 9.0))

    assert sampled(field, np.array([[50.0, 50.0]]), 8)[0] == pytest.approx((3.0, -2.0), abs=0.1)
    assert np.abs(sampled(field, np.array([[380.0, 380.0]]), 8)).max() < 1e-6


def test_a_trend_ignores_a_third_of_wrong_matches():
    rng = np.random.default_rng(2)
    reference = rng.uniform(0, 300, (240, 2))
    unit = (reference - 150) / 150
    moving = reference + np.c_[6 * unit[:, 0] ** 2, 4 * unit[:, 0] * unit[:, 1]]
    moving[::3] += rng.uniform(-80, 80, (80, 2))

    trend = fit_trend(reference, moving, degree=2, scales_px=(60.0, 25.0, 10.0, 5.0))

    kept = np.arange(240) % 3 != 0
    assert np.median(np.linalg.norm(trend(reference[kept]) - moving[kept], axis=1)) < 0.3


def test_a_grid_warp_undoes_itself_and_knows_its_limits():
    columns, rows = np.meshgrid(np.arange(0, 101, 10.0), np.arange(0, 101, 10.0))
    nodes = np.stack([columns * 1.1 + 0.001 * rows**2 + 3, rows * 0.9 - 5], axis=-1)
    trusted = np.ones(columns.shape, np.bool_)
    trusted[:, 8:] = False
    warp = GridWarp(nodes_xy=nodes, trusted=trusted, step_px=10.0)
    inside = np.array([[12.0, 33.0], [55.5, 71.25], [69.0, 0.0]])

    assert np.abs(warp.reference_from_moving(warp.moving_from_reference(inside)) - inside).max() < 0.03
    assert np.isnan(warp.moving_from_reference(np.array([[75.0, 50.0], [-1.0, 5.0], [np.nan, 1.0]]))).all()


def textured(seed, size=160):
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(60, 200, (size // 8, size // 8, 1))
    return np.repeat(np.repeat(coarse, 8, axis=0), 8, axis=1).astype(np.uint8).repeat(3, axis=2)


def head(radius=0.35, size=160):
    row, column = np.mgrid[:size, :size]
    return np.hypot(row - size / 2, column - size / 2) < radius * size


def test_a_wall_that_stands_still_behind_two_heads_is_found_and_the_heads_are_not():
    inner = head(radius=0.3)[..., None]
    photos = [np.where(inner, textured(seed), textured(9)) for seed in (1, 2)]

    room = unmoved_room(*photos, (head(), head()), RoomSettings())

    assert room is not None
    assert room[~head()].mean() > 0.8
    assert room[head(radius=0.25)].mean() < 0.2


def test_a_photo_laid_on_itself_has_no_unmoved_room_since_the_head_stands_still_too():
    assert unmoved_room(textured(1), textured(1), (head(), head()), RoomSettings()) is None


def test_pictures_of_unequal_size_share_no_room():
    assert unmoved_room(textured(1), textured(1, size=80), (head(), head(size=80)), RoomSettings()) is None


def key_points(xy, descriptors):
    count = len(xy)
    return KeyPoints(
        xy=np.array(xy, float),
        size_px=np.full(count, 4.0),
        angle_deg=np.zeros(count),
        descriptors=np.array(descriptors, np.float32),
    )


def test_only_what_looks_alike_at_the_same_place_stands_still():
    plaster, hair = (1.0, 0.0), (0.0, 1.0)
    one = key_points([(10, 10), (40, 10), (70, 10), (99, 9)], [plaster, plaster, hair, hair])
    other = key_points([(11, 10), (40, 16), (70, 10)], [plaster, plaster, plaster])

    ours, theirs = standing_still(one, other, radius_px=2.0, likeness=0.8)

    assert ours.tolist() == [True, False, False, False]  # the others moved by 6, look different, have no partner
    assert theirs.tolist() == [True, False, False]


def matches_at(points_xy, likeness):
    count = len(points_xy)
    return Matches(
        reference_xy=np.array(points_xy, float),
        moving_xy=np.array(points_xy, float),
        turn_deg=np.zeros(count),
        log2_scale=np.zeros(count),
        likeness=np.full(count, float(likeness)),
    )


def crowd(x, y):
    return [(x + dx, y + dy) for dx, dy in ((0, 0), (3, 0), (-3, 0), (0, 3), (0, -3))]


def test_a_place_is_vouched_for_only_near_several_matches_that_are_alike():
    alike = np.full((400, 800), 0.9, np.float32)
    settings = GateSettings()
    near = settings.farthest_match_fraction * 400
    held = matches_at([*crowd(200, 200), (600, 200)], 0.9)  # a crowd on the left, one lone match on the right

    trusted = trusted_places(alike, held, 400.0, settings)

    assert trusted[200, 200]
    assert trusted[200, int(200 + near - 8)]
    assert not trusted[200, int(200 + near + 12)]
    assert not trusted[200, 600]
    assert not trusted_places(alike, matches_at(crowd(200, 200), 0.77), 400.0, settings).any()


def test_a_place_without_likeness_or_outside_the_overlap_is_not_vouched_for():
    likeness = np.full((400, 400), 0.9, np.float32)
    likeness[:, 200:] = 0.0
    likeness[:100] = np.nan

    trusted = trusted_places(likeness, matches_at(crowd(200, 120), 0.9), 400.0, GateSettings())

    assert trusted[130, 190]
    assert not trusted[130, 215]
    assert not trusted[95, 190]


def test_dense_motion_is_followed_the_less_the_less_alike_the_matches_are():
    settings = ScalpSettings()
    shares = [motion_share(matches_at(crowd(0, 0), likeness), settings) for likeness in (0.8, 0.9, 0.92, 0.94, 1.0)]

    assert shares == pytest.approx([0.4, 0.4, 0.7, 1.0, 1.0])
