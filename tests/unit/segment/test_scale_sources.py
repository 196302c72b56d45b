"""Every mark of scale is read, they must agree, and nothing is guessed."""

import cv2
import numpy as np
import pytest

from hairtrack.imaging.round_field import find_round_field
from hairtrack.imaging.ruler import Ruler
from hairtrack.imaging.scale_card import DICTIONARY, find_scale_cards, hidden_by
from hairtrack.model import NotMeasured, PixelScale
from hairtrack.segment.scale_sources import read_scale

GIVEN = PixelScale(px_per_mm=40.0, std_uncertainty_px_per_mm=0.1, method="given")


def skin(height=360, width=480):
    noise = np.random.default_rng(3).normal(0, 4, (height, width, 1))
    return np.clip(np.array([190, 150, 135]) + noise, 0, 255).astype(np.uint8)


def with_card(*, side_px=120, number=3, turned_deg=0.0, squeezed=1.0):
    marker = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(DICTIONARY), number, side_px)
    card = cv2.cvtColor(np.pad(marker, side_px // 4, constant_values=255), cv2.COLOR_GRAY2RGB)
    size = card.shape[0]
    turn = np.deg2rad(turned_deg)
    forth = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag([1.0, squeezed])
    shift = np.array([240.0, 180.0]) - forth @ [(size - 1) / 2, (size - 1) / 2]
    laid = skin()
    affine = np.c_[forth, shift]
    inside = cv2.warpAffine(np.full((size, size), 255, np.uint8), affine, (480, 360)) > 127
    laid[inside] = cv2.warpAffine(card, affine, (480, 360))[inside]
    return laid


def in_round_field(diameter_px, *, shift=0):
    picture = skin()
    rows, columns = np.mgrid[:360, :480]
    picture[np.hypot(columns - 240 - shift, rows - 180) > diameter_px / 2] = 4
    return picture


@pytest.mark.parametrize("turned_deg", [0.0, 17.0, 71.0])
def test_the_number_of_a_card_is_its_side_in_millimetres(turned_deg):
    cards = find_scale_cards(with_card(turned_deg=turned_deg))
    assert len(cards) == 1
    assert cards[0].side_mm == 3
    assert cards[0].px_per_mm == pytest.approx(40, rel=0.01)


def test_a_card_seen_from_aside_gives_no_scale():
    assert find_scale_cards(with_card(squeezed=0.8)) == ()


def test_a_card_is_no_skin():
    picture = with_card()
    hidden = hidden_by(find_scale_cards(picture), picture.shape[:2])
    assert hidden[180, 240]
    assert hidden[180, 240 + 80]
    assert not hidden[20, 20]


@pytest.mark.parametrize(("diameter_px", "shift"), [(320, 0), (420, 60)])
def test_a_round_field_is_measured_also_when_the_picture_cuts_it(diameter_px, shift):
    field = find_round_field(in_round_field(diameter_px, shift=shift))
    assert field is not None
    assert field.diameter_px == pytest.approx(diameter_px, rel=0.01)
    assert field.outside((360, 480))[2, 2]


def test_skin_and_a_square_window_are_no_round_field():
    assert find_round_field(skin()) is None
    window = np.zeros_like(skin())
    window[60:300, 80:400] = skin()[60:300, 80:400]
    assert find_round_field(window) is None


def test_a_field_says_the_scale_only_when_its_diameter_is_known():
    picture = in_round_field(320)
    field = find_round_field(picture)
    assert read_scale(picture, given=None, field=field) is None
    scale = read_scale(picture, given=None, field=field, field_diameter_mm=8.0)
    assert isinstance(scale, PixelScale)
    assert scale.px_per_mm == pytest.approx(40, rel=0.01)
    assert scale.method == "field_circle"


def test_marks_that_agree_give_what_was_given():
    picture = with_card()
    assert read_scale(picture, given=GIVEN, cards=find_scale_cards(picture)) == GIVEN


def test_marks_that_contradict_each_other_are_both_named():
    picture = with_card(number=6)
    said = read_scale(picture, given=GIVEN, cards=find_scale_cards(picture))
    assert isinstance(said, NotMeasured)
    assert said.reason.startswith("the given scale says 40.0 px/mm, the printed card says ")


def test_bare_skin_says_nothing():
    assert find_scale_cards(skin()) == ()
    assert read_scale(skin(), given=None) is None


def ruler(px_per_mm):
    return Ruler(px_per_mm=px_per_mm, std_px_per_mm=0.5, strokes=12, corners_xy=np.zeros((4, 2)))


def test_a_ruler_gives_the_scale():
    scale = read_scale(skin(), given=None, ruler=ruler(45.0))
    assert isinstance(scale, PixelScale)
    assert (scale.px_per_mm, scale.method) == (45.0, "ruler")


def test_a_ruler_that_contradicts_a_card_gives_none():
    answer = read_scale(skin(), given=None, cards=find_scale_cards(with_card()), ruler=ruler(60.0))
    assert isinstance(answer, NotMeasured)
    assert "the ruler says 60.0 px/mm" in answer.reason
