import dataclasses

import cv2
import numpy as np
import pytest

from hairtrack.align import Alignment, AlignmentInput, register
from hairtrack.align.register import surer_than_marks
from hairtrack.imaging.photo import WorkingImage, working_image
from hairtrack.imaging.warp import PlaneWarp
from hairtrack.model import PhotoKind, Registration, RegistrationStatus, Tier

SIZE = 160


def scalp_texture(seed, size=SIZE):
    """Skin with blotches that are the same only for the same seed."""
    rng = np.random.default_rng(seed)
    gray = np.full((size, size), 0.6, np.float32)
    for sigma, strength in ((2.0, 0.10), (5.0, 0.08), (14.0, 0.06)):
        blot = cv2.GaussianBlur(rng.standard_normal((size, size)).astype(np.float32), (0, 0), sigma)
        gray += strength * blot / blot.std()
    tint = np.array([1.0, 0.8, 0.68], np.float32)
    return np.clip(gray[..., None] * tint * 255, 0, 255).astype(np.uint8)


def disc(size=SIZE, radius=0.44):
    row, column = np.mgrid[:size, :size]
    return np.hypot(row - (size - 1) / 2, column - (size - 1) / 2) < radius * size


def photo(rgb8, mask=None, name="photo.jpg"):
    return AlignmentInput(file=name, working=working_image(rgb8), head_mask=mask)


def bulge(points_xy, size=SIZE):
    """A smooth map like a slightly turned round head: shift, scale, and a curved part of 3 px."""
    unit = (np.asarray(points_xy, float) - size / 2) / (size / 2)
    curved = np.c_[2.5 * unit[:, 0] ** 2 - 2 * unit[:, 0] * unit[:, 1], 3 * unit[:, 1] ** 2 + unit[:, 0]]
    return size / 2 + unit * (size / 2) * 0.97 + curved + (2, -1)


def seen_through(rgb8, reference_from_moving):
    """The photo whose pixel p shows the reference at reference_from_moving(p)."""
    height, width = rgb8.shape[:2]
    column, row = np.meshgrid(np.arange(width, dtype=float), np.arange(height, dtype=float))
    source = reference_from_moving(np.c_[column.ravel(), row.ravel()]).reshape(height, width, 2).astype(np.float32)
    return cv2.remap(rgb8, source[..., 0], source[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


@pytest.fixture(scope="module")
def curved_pair():
    scalp = scalp_texture(1)
    return photo(scalp, disc(), "before.jpg"), photo(seen_through(scalp, bulge), disc(), "after.jpg")


@pytest.fixture(scope="module")
def curved(curved_pair):
    return register(*curved_pair)


def test_a_known_curved_map_is_recovered_within_half_a_pixel(curved):
    moving_xy = np.stack(np.meshgrid(np.linspace(40, 118, 12), np.linspace(40, 118, 12)), -1).reshape(-1, 2)

    error = np.linalg.norm(curved.reference_from_moving(moving_xy) - bulge(moving_xy), axis=1)

    assert curved.status is RegistrationStatus.ACCEPTED
    assert curved.tier is Tier.SCALP
    assert np.percentile(error, 95) < 0.5


def test_going_there_and_back_returns_to_the_point(curved):
    there = curved.moving_from_reference(np.array([[60.0, 75.0], [100.5, 90.25], [80.0, 50.0]]))

    back = curved.reference_from_moving(there)

    assert np.abs(back - [[60.0, 75.0], [100.5, 90.25], [80.0, 50.0]]).max() < 0.1


def test_points_outside_the_overlap_have_no_place(curved):
    assert np.isnan(curved.moving_from_reference(np.array([[2.0, 2.0], [-50.0, 100.0], [1000.0, 100.0]]))).all()
    assert np.isnan(curved.reference_from_moving(np.array([[2.0, 2.0], [np.nan, 4.0]]))).all()


def test_two_different_scalps_are_refused_with_reason_and_remedy():
    outcome = register(photo(scalp_texture(1), disc()), photo(scalp_texture(2), disc()))

    assert outcome.status is RegistrationStatus.REFUSED
    assert outcome.tier is Tier.NONE
    assert outcome.warp is None
    assert outcome.reason
    assert outcome.record.remedy
    assert np.isnan(outcome.moving_from_reference(np.array([[80.0, 80.0]]))).all()


def test_the_mirrored_photo_is_refused():
    scalp = scalp_texture(1)

    assert register(photo(scalp, disc()), photo(scalp[:, ::-1].copy(), disc())).status is RegistrationStatus.REFUSED


def test_two_scalps_before_one_unmoved_wall_are_refused():
    wall, head = scalp_texture(9), disc(radius=0.3)
    photos = [photo(np.where(head[..., None], scalp_texture(seed), wall), head) for seed in (1, 2)]

    assert register(*photos).status is RegistrationStatus.REFUSED


def test_a_wall_behind_the_head_moves_no_point_of_the_scalp(curved_pair):
    head = disc(radius=0.39)
    reference, moving = (dataclasses.replace(one, head_mask=head) for one in curved_pair)
    on_walls = [
        np.where(disc(radius=0.44)[..., None], moving.working.rgb8, wall).astype(np.uint8)
        for wall in (scalp_texture(7), np.uint8(90))
    ]
    places = np.stack(np.meshgrid(np.linspace(50, 110, 6), np.linspace(50, 110, 6)), -1).reshape(-1, 2)

    found = [register(reference, photo(on_wall, head)) for on_wall in on_walls]

    one, other = (outcome.moving_from_reference(places) for outcome in found)
    assert {outcome.tier for outcome in found} == {Tier.SCALP}
    assert np.abs(one - other).max() < 0.25


def test_the_same_photo_twice_lies_on_itself_exactly():
    twice = photo(scalp_texture(1), disc())
    places = np.stack(np.meshgrid(np.linspace(40, 118, 8), np.linspace(40, 118, 8)), -1).reshape(-1, 2)

    outcome = register(twice, twice)

    assert outcome.tier is Tier.SCALP
    assert np.abs(outcome.moving_from_reference(places) - places).max() < 0.02


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_photo_turned_by_quarters_registers_exactly(quarter_turns):
    scalp = scalp_texture(1)
    turned = np.rot90(scalp, quarter_turns).copy()

    outcome = register(photo(scalp, disc()), photo(turned, disc()))

    last = SIZE - 1
    x, y = 60.0, 95.0
    expected = {1: (y, last - x), 2: (last - x, last - y), 3: (last - y, x)}[quarter_turns]
    assert outcome.tier is Tier.SCALP
    assert np.abs(outcome.moving_from_reference(np.array([[x, y]]))[0] - expected).max() < 0.25


def test_the_same_photo_in_other_light_registers_onto_itself():
    scalp = scalp_texture(1)
    light = np.linspace(0.55, 1.1, SIZE)[None, :, None]
    relit = np.clip(scalp * light * [1.0, 0.9, 0.8], 0, 255).astype(np.uint8)

    outcome = register(photo(scalp, disc()), photo(relit, disc()))

    grid = np.stack(np.meshgrid(np.linspace(40, 118, 8), np.linspace(40, 118, 8)), -1).reshape(-1, 2)
    assert outcome.tier is Tier.SCALP
    assert np.nanmax(np.abs(outcome.moving_from_reference(grid) - grid)) < 0.5


def test_points_and_errors_are_in_pixels_of_the_full_photo():
    scalp = scalp_texture(1)
    enlarged = cv2.resize(scalp, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    reduced = working_image(enlarged, long_side_px=SIZE)
    large = AlignmentInput(file="large.jpg", working=reduced, head_mask=disc(), px_per_mm=4.0)

    outcome = register(large, photo(scalp, disc()))

    assert isinstance(reduced, WorkingImage)
    assert np.abs(outcome.moving_from_reference(np.array([[180.5, 140.5]])) - [[90.0, 70.0]]).max() < 0.3
    assert outcome.record.expected_error_mm == pytest.approx(outcome.record.expected_error_px / 4.0)


def test_a_photo_without_a_head_is_refused_by_name():
    scalp = scalp_texture(1)

    outcome = register(photo(scalp, disc()), photo(scalp, None, "wall.jpg"))

    assert outcome.status is RegistrationStatus.REFUSED
    assert "wall.jpg" in outcome.reason


def test_a_close_up_needs_no_head_and_never_meets_a_photo_of_the_head():
    scalp = scalp_texture(1)
    close = dataclasses.replace(photo(scalp), kind=PhotoKind.CLOSEUP)

    assert register(close, close).tier is Tier.SCALP
    assert register(close, photo(scalp, disc())).status is RegistrationStatus.REFUSED


def test_a_tiny_head_is_refused_and_nothing_raises():
    outcome = register(photo(scalp_texture(1), disc(radius=0.1)), photo(scalp_texture(1), disc(radius=0.1)))

    assert outcome.status is RegistrationStatus.REFUSED


def test_marked_points_are_used_only_when_the_scalp_cannot_be_matched(curved_pair):
    marks = {"a": (50.0, 50.0), "b": (110.0, 55.0), "c": (80.0, 110.0)}
    same = dataclasses.replace(curved_pair[0], landmarks_xy=marks)
    moved = {name: (x + 5, y - 3) for name, (x, y) in marks.items()}
    other = dataclasses.replace(photo(scalp_texture(2), disc()), landmarks_xy=moved)

    assert register(same, same).tier is Tier.SCALP
    by_hand = register(same, other)
    assert by_hand.tier is Tier.LANDMARKS
    assert np.abs(by_hand.moving_from_reference(np.array([[80.0, 80.0]])) - [[85.0, 77.0]]).max() < 0.01


def accepted(shift_px, error_px):
    """An alignment that shifts a photo, with the error that it expects of itself."""
    record = Registration(
        reference="a.jpg",
        moving="b.jpg",
        status=RegistrationStatus.ACCEPTED,
        tier=Tier.HEAD,
        expected_error_px=error_px,
        overlap_fraction=1.0,
    )
    shift = np.array([[1.0, 0.0, shift_px], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return Alignment(record=record, warp=PlaneWarp(matrix=shift), reference_trusted=None)


@pytest.mark.parametrize(
    ("head", "surer"),
    [
        (accepted(12.0, 8.0), True),
        (accepted(12.0, 30.0), False),  # less sure of itself than the marks
        (accepted(90.0, 8.0), False),  # sure, but elsewhere than the marks
    ],
)
def test_the_whole_head_beats_marks_only_where_it_is_surer_and_they_agree(head, surer):
    marks = np.array([[100.0, 100.0], [300.0, 120.0], [180.0, 320.0]])
    by_hand = accepted(0.0, 20.0)
    assert surer_than_marks(head, by_hand, marks, marks) is surer
