import numpy as np
import pytest

from hairtrack.align import AlignmentInput, register
from hairtrack.align.landmarks import fit_landmarks, thinness
from hairtrack.align.settings import LandmarkSettings
from hairtrack.imaging.photo import working_image
from hairtrack.model import RegistrationStatus, Tier

MARKS = {"left_ear": (40.0, 100.0), "right_ear": (160.0, 104.0), "whorl": (101.0, 60.0), "nape": (98.0, 170.0)}
TURN = np.deg2rad(20)
MATRIX = 1.25 * np.array([[np.cos(TURN), -np.sin(TURN)], [np.sin(TURN), np.cos(TURN)]])


def plain_photo(marks, name="photo.jpg"):
    skin = np.full((200, 200, 3), (200, 160, 140), np.uint8)
    return AlignmentInput(file=name, working=working_image(skin), landmarks_xy=marks)


def moved(marks, matrix=MATRIX):
    return {name: tuple(matrix @ xy + (10.0, -4.0)) for name, xy in marks.items()}


def three(marks):
    return {name: marks[name] for name in ("left_ear", "right_ear", "whorl")}


def test_three_marks_give_turn_scale_and_shift():
    outcome = register(plain_photo(three(MARKS)), plain_photo(three(moved(MARKS))))

    carried = outcome.moving_from_reference(np.array([[100.0, 90.0]]))[0]
    assert outcome.tier is Tier.LANDMARKS
    assert carried == pytest.approx(MATRIX @ (100.0, 90.0) + (10.0, -4.0), abs=1e-6)
    assert outcome.reference_from_moving(carried[None])[0] == pytest.approx((100.0, 90.0), abs=0.02)


def test_two_marks_are_not_enough():
    two = {name: MARKS[name] for name in ("left_ear", "whorl")}

    assert register(plain_photo(two), plain_photo(moved(two))).status is RegistrationStatus.REFUSED


def test_far_from_the_marks_nothing_is_promised():
    outcome = register(plain_photo(three(MARKS)), plain_photo(three(moved(MARKS))))

    assert np.isnan(outcome.moving_from_reference(np.array([[100.0, 195.0]]))).all()


def test_swapped_sides_are_refused_and_named():
    swapped = three(moved(MARKS)) | {
        "left_ear": moved(MARKS)["right_ear"],
        "right_ear": moved(MARKS)["left_ear"],
    }

    outcome = register(plain_photo(three(MARKS)), plain_photo(swapped))

    assert outcome.status is RegistrationStatus.REFUSED
    assert "left and right" in outcome.reason


def test_marks_on_one_line_are_refused():
    line = {"a": (20.0, 20.0), "b": (100.0, 100.0), "c": (180.0, 181.0)}

    assert thinness(np.array(list(line.values()))) < 0.01
    assert "one line" in register(plain_photo(line), plain_photo(line)).reason


def test_a_mark_put_wrongly_widens_the_expected_error():
    wrong = moved(MARKS) | {"whorl": (moved(MARKS)["whorl"][0] + 25, moved(MARKS)["whorl"][1])}

    honest = register(plain_photo(MARKS), plain_photo(moved(MARKS)))
    doubtful = register(plain_photo(MARKS), plain_photo(wrong))

    assert doubtful.expected_error_px > 1.3 * honest.expected_error_px


def test_eight_marks_on_a_round_head_give_a_curved_map():
    angle = np.arange(8) * np.pi / 4
    reference_xy = 100 + np.c_[70 * np.cos(angle), 60 * np.sin(angle)] * np.tile([[1.0], [0.5]], (4, 1))
    unit = (reference_xy - 100) / 70
    moving_xy = reference_xy + np.c_[9 * unit[:, 0] ** 2, 4 * unit[:, 1] ** 2]

    fit = fit_landmarks(reference_xy, moving_xy, LandmarkSettings())

    assert fit.model.startswith("curved")
    assert np.abs(fit.map(np.array([[100.0, 100.0]])) - 100).max() < 3
