"""The same hairs are found again after a shift and turn; a removed hair is lost; different skin is refused."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from hairtrack.align.hairs import CloseupView, HairMatchSettings, match_hairs
from hairtrack.model import Hair, HairKind, RegistrationStatus

PX_PER_MM = 90.0
SIZE = (420, 520)
ROOTS = [(80, 90), (200, 110), (330, 90), (120, 220), (260, 240), (400, 230), (90, 330), (230, 340), (370, 330)]
HAIR_XY = (38.0, 30.0)


def skin(seed):
    generator = np.random.default_rng(seed)
    speckle = cv2.GaussianBlur(generator.normal(0, 60, SIZE).astype(np.float32), (0, 0), 2.0)
    return np.clip(np.array([190.0, 150.0, 135.0]) + speckle[..., None], 0, 255)


def hair(root):
    tip = (root[0] + HAIR_XY[0], root[1] + HAIR_XY[1])
    return Hair(
        root_xy=root,
        tip_xy=tip,
        centre_line_xy=(root, tip),
        diameter_px=6.0,
        diameter_um=None,
        kind=HairKind.TERMINAL,
        unit=0,
        confidence=1.0,
    )


def view(name, background, roots):
    picture = background.copy()
    hairs = tuple(hair(tuple(map(float, root))) for root in roots)
    for one in hairs:
        cv2.line(picture, tuple(np.int32(one.root_xy)), tuple(np.int32(one.tip_xy)), (25.0, 20.0, 18.0), 6)
    return CloseupView(file=name, rgb8=picture.astype(np.uint8), hairs=hairs, px_per_mm=PX_PER_MM)


def shifted(picture, dx, dy):
    return cv2.warpAffine(picture, np.float64([[1, 0, dx], [0, 1, dy]]), SIZE[::-1], borderMode=cv2.BORDER_REFLECT)


SETTINGS = HairMatchSettings()


def test_a_shifted_spot_gives_the_same_hairs_and_no_change():
    background = skin(1)
    reference = view("a.jpg", background, ROOTS)
    moving = view("b.jpg", shifted(background, 12, -7), [(x + 12, y - 7) for x, y in ROOTS])
    match = match_hairs(reference, moving, settings=SETTINGS)
    assert match.status is RegistrationStatus.ACCEPTED
    assert sorted(match.pairs) == [(i, i) for i in range(len(ROOTS))]
    assert match.lost == ()
    assert match.gained == ()
    assert match.count_change is not None
    assert match.count_change.value == 0


def test_a_missing_hair_is_lost_and_a_new_one_gained():
    background = skin(2)
    reference = view("a.jpg", background, ROOTS)
    kept = [*ROOTS[:4], *ROOTS[5:], (180, 170)]
    moving = view("b.jpg", shifted(background, 5, 5), [(x + 5, y + 5) for x, y in kept])
    match = match_hairs(reference, moving, settings=SETTINGS)
    assert match.lost == (4,)
    assert match.gained == (len(kept) - 1,)
    assert match.count_change is not None
    low, high = match.count_change.interval95
    assert low <= match.count_change.fraction == 0 <= high


def test_a_hair_that_was_only_overlooked_is_not_lost():
    background = skin(3)
    reference = view("a.jpg", background, ROOTS)
    moving = view("b.jpg", background, ROOTS)
    overlooked = CloseupView(file="b.jpg", rgb8=moving.rgb8, hairs=moving.hairs[1:], px_per_mm=PX_PER_MM)
    match = match_hairs(reference, overlooked, settings=SETTINGS)
    assert match.lost == ()
    assert len(match.pairs) == len(ROOTS) - 1
    assert [(one.reference, one.moving) for one in match.found_again] == [(0, None)]
    assert np.linalg.norm(np.subtract(match.found_again[0].root_xy, ROOTS[0])) < 3
    assert match.count_change is not None
    assert match.count_change.value == 0


def test_a_hair_overlooked_on_the_earlier_date_is_not_gained():
    background = skin(6)
    reference = view("a.jpg", background, ROOTS)
    overlooked = CloseupView(file="a.jpg", rgb8=reference.rgb8, hairs=reference.hairs[:-1], px_per_mm=PX_PER_MM)
    match = match_hairs(overlooked, view("b.jpg", background, ROOTS), settings=SETTINGS)
    assert match.gained == ()
    assert [(one.reference, one.moving) for one in match.found_again] == [(None, len(ROOTS) - 1)]


def test_every_hair_clipped_shorter_is_still_the_same_hair():
    background = skin(7)
    picture = background.copy()
    short = tuple(
        replace(one, tip_xy=tuple(np.add(one.root_xy, np.multiply(0.5, HAIR_XY)).tolist())) for one in map(hair, ROOTS)
    )
    for one in short:
        cv2.line(picture, tuple(np.int32(one.root_xy)), tuple(np.int32(one.tip_xy)), (25.0, 20.0, 18.0), 6)
    later = CloseupView(file="b.jpg", rgb8=picture.astype(np.uint8), hairs=short, px_per_mm=PX_PER_MM)
    match = match_hairs(view("a.jpg", background, ROOTS), later, settings=SETTINGS)
    assert sorted(match.pairs) == [(i, i) for i in range(len(ROOTS))]


def test_a_hair_that_the_rim_cuts_is_not_judged():
    background = skin(8)
    cut = (SIZE[1] - 20.0, 100.0)
    match = match_hairs(view("a.jpg", background, [*ROOTS, cut]), view("b.jpg", background, ROOTS), settings=SETTINGS)
    assert match.lost == ()


def test_a_hair_of_half_the_diameter_has_thinned():
    background = skin(9)
    reference, later = view("a.jpg", background, ROOTS), view("b.jpg", background, ROOTS)
    thin = (replace(later.hairs[0], diameter_px=3.0), *later.hairs[1:])
    match = match_hairs(
        reference, CloseupView(file="b.jpg", rgb8=later.rgb8, hairs=thin, px_per_mm=PX_PER_MM), settings=SETTINGS
    )
    assert [match.pairs[position] for position in match.thinned] == [(0, 0)]


def test_the_same_roots_are_found_again_when_nothing_of_the_skin_is():
    match = match_hairs(view("a.jpg", skin(4), ROOTS), view("b.jpg", skin(5), ROOTS), settings=SETTINGS)
    assert sorted(match.pairs) == [(i, i) for i in range(len(ROOTS))]


def test_another_spot_is_refused_with_a_remedy():
    elsewhere = [(60, 60), (170, 180), (310, 140), (420, 90), (60, 260), (330, 290), (160, 350), (430, 350), (250, 50)]
    match = match_hairs(view("a.jpg", skin(4), ROOTS), view("b.jpg", skin(5), elsewhere), settings=SETTINGS)
    assert match.status is RegistrationStatus.REFUSED
    assert match.reason
    assert match.registration.remedy
    assert match.pairs == ()
    assert match.count_change is None


@pytest.mark.parametrize(("ahead", "paired"), [(HAIR_XY, True), ((-HAIR_XY[1], HAIR_XY[0]), False)])
def test_a_hair_read_further_along_is_the_same_and_one_read_as_far_beside_is_another(ahead, paired):
    background = skin(10)
    reference, later = view("a.jpg", background, ROOTS), view("b.jpg", background, ROOTS)
    step = 7 * np.array(ahead) / np.hypot(*ahead)
    moved = replace(
        later.hairs[4], root_xy=tuple(np.add(later.hairs[4].root_xy, step)), tip_xy=tuple(later.hairs[4].tip_xy + step)
    )
    hairs = (*later.hairs[:4], moved, *later.hairs[5:])
    match = match_hairs(reference, replace(later, hairs=hairs), settings=SETTINGS)
    assert ((4, 4) in match.pairs) is paired
    assert 4 not in match.lost
