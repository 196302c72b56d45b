"""Guidance against heads moved by known amounts."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from hairtrack.imaging.warp import PlaneWarp
from hairtrack.model import View
from hairtrack.quality import guidance_sentences
from hairtrack.quality.head_move import head_move

SIDE = 400


def outline(*, size: float = 1.0, shift=(0.0, 0.0), roll_deg: float = 0.0, length: float = 1.3, side: int = SIDE):
    """An egg: longer than wide and blunter at one end, so that its roll can be seen."""
    angle = np.linspace(0, 2 * np.pi, 200)
    radius = 0.22 * side * size * (1 + 0.12 * np.cos(angle))
    points = np.c_[length * radius * np.cos(angle), radius * np.sin(angle)]
    turn = np.radians(roll_deg)
    points = points @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [np.rint(points + side / 2 + side * np.array(shift)).astype(np.int32)], 1)
    return mask.astype(bool)


@dataclass(frozen=True)
class TurnedBall:
    """The scalp of a ball that turned about the vertical (right) and the horizontal (down) axis of the picture."""

    right_deg: float = 0.0
    down_deg: float = 0.0
    radius_px: float = 120.0

    def moving_from_reference(self, points_xy):
        centred = (np.asarray(points_xy, float) - SIDE / 2) / self.radius_px
        depth = np.sqrt(np.clip(1 - (centred**2).sum(axis=1), 0, None))
        right, down = np.radians(self.right_deg), np.radians(self.down_deg)
        x = centred[:, 0] * np.cos(right) + depth * np.sin(right)
        depth = depth * np.cos(right) - centred[:, 0] * np.sin(right)
        y = centred[:, 1] * np.cos(down) + depth * np.sin(down)
        depth = depth * np.cos(down) - centred[:, 1] * np.sin(down)
        seen = (depth > 0) & ((centred**2).sum(axis=1) < 1)
        return np.where(seen[:, None], np.c_[x, y] * self.radius_px + SIDE / 2, np.nan)

    def reference_from_moving(self, points_xy):
        return np.full((len(points_xy), 2), np.nan)


def ball() -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(mask, (SIDE // 2, SIDE // 2), 120, 1, -1)
    return mask.astype(bool)


def test_the_same_pose_needs_no_change_and_leaves_the_turn_open():
    sentences = guidance_sentences(outline(), outline(), warp=None, view=View.TOP)
    assert sentences[0] == "Distance, place and tilt of the phone match the reference: nothing to change."
    assert "cannot be told from its outline" in sentences[1]


@pytest.mark.parametrize(("size", "words"), [(0.8, "Come closer"), (1.25, "Move farther away")])
def test_a_head_of_another_size_is_told_to_come_or_go(size, words):
    assert guidance_sentences(outline(), outline(size=size), warp=None, view=None)[0].startswith(words)


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        ((0.1, 0.0), "Point the phone further right"),
        ((-0.1, 0.0), "Point the phone further left"),
        ((0.0, 0.1), "Point the phone further down"),
        ((0.0, -0.1), "Point the phone further up"),
    ],
)
def test_a_shifted_head_is_followed_by_the_phone(shift, words):
    assert guidance_sentences(outline(), outline(shift=shift), warp=None, view=None)[0].startswith(words)


@pytest.mark.parametrize("roll_deg", [-24, -9, 9, 24])
def test_a_roll_is_seen_on_the_outline_alone(roll_deg):
    move = head_move(outline(), outline(roll_deg=roll_deg), warp=None)
    assert move.roll_deg == pytest.approx(roll_deg, abs=3)
    way = "clockwise" if roll_deg > 0 else "counter-clockwise"
    sentences = guidance_sentences(outline(), outline(roll_deg=roll_deg), warp=None, view=View.BACK)
    assert any(sentence.startswith(f"Turn the phone {way} by") for sentence in sentences)


def test_the_roll_of_a_head_that_the_frame_cuts_is_not_claimed():
    assert head_move(outline(), outline(roll_deg=20, shift=(0.45, 0)), warp=None).roll_deg is None


def test_the_unit_of_size_is_the_frame_not_the_pixel():
    move = head_move(outline(), outline(side=800), warp=None)
    assert move.size_ratio == pytest.approx(1.0, abs=0.01)


def test_an_alignment_tells_size_and_roll():
    turn, size = np.radians(12.0), 1.2
    cosine, sine = size * np.cos(turn), size * np.sin(turn)
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    matrix[:2, 2] = SIDE / 2 - matrix[:2, :2] @ np.full(2, SIDE / 2)
    move = head_move(outline(), outline(size=size, roll_deg=12.0), warp=PlaneWarp(matrix=matrix))
    assert move.size_ratio == pytest.approx(1.2, abs=0.01)
    assert move.roll_deg == pytest.approx(12.0, abs=0.1)
    assert move.turn_deg_xy == pytest.approx((0.0, 0.0), abs=1.0)


@pytest.mark.parametrize("turned", [(10.0, 0.0), (-10.0, 0.0), (0.0, 10.0), (0.0, -10.0)])
def test_a_turn_is_measured_by_how_far_the_scalp_slid_under_its_outline(turned):
    move = head_move(ball(), ball(), warp=TurnedBall(right_deg=turned[0], down_deg=turned[1]))
    assert move.turn_deg_xy == pytest.approx(turned, abs=0.5)


@pytest.mark.parametrize(
    ("view", "turned", "words"),
    [
        (View.FRONT, (10, 0), "Turn the chin to the right"),
        (View.BACK, (10, 0), "Turn the chin to the right"),
        (View.LEFT, (-10, 0), "Turn the chin to the left"),
        (View.FRONT, (0, 10), "Raise the chin"),
        (View.BACK, (0, 10), "Lower the chin"),
        (View.LEFT, (0, 10), "Tilt the head towards the right shoulder"),
        (View.RIGHT, (0, 10), "Tilt the head towards the left shoulder"),
        (View.TOP, (10, 0), "Tilt the head so that the middle of the scalp moves left"),
    ],
)
def test_a_turn_is_undone_in_words_of_the_view(view, turned, words):
    warp = TurnedBall(right_deg=turned[0], down_deg=turned[1])
    sentences = guidance_sentences(ball(), ball(), warp=warp, view=view)
    assert len(sentences) == 1
    assert sentences[0].startswith(words)


def test_a_likely_turn_is_told_with_where_it_was_read():
    sentences = guidance_sentences(ball(), ball(), warp=None, view=View.BACK, likely_turn_deg=(8, 1))
    assert sentences[0].startswith("Turn the chin to the right, by about 8 degrees")
    assert sentences[1].startswith("How the head is turned was read from the broad pattern")
    assert len(sentences) == 2


def test_a_head_turned_too_far_cannot_be_compared():
    sentences = guidance_sentences(ball(), ball(), warp=TurnedBall(right_deg=20), view=View.FRONT)
    assert "cannot be compared" in sentences[-1]


def test_an_alignment_that_carries_too_little_says_nothing_of_the_turn():
    corner = np.zeros((SIDE, SIDE), bool)
    corner[200:240, 200:240] = True
    warp = PlaneWarp(matrix=np.eye(3), reference_trusted=corner)
    assert head_move(ball(), ball(), warp=warp).turn_deg_xy is None


def test_a_missing_head_is_said_instead_of_guessed():
    nothing = np.zeros((SIDE, SIDE), bool)
    assert "reference" in guidance_sentences(None, ball(), warp=None, view=None)[0]
    assert "new photo" in guidance_sentences(ball(), nothing, warp=None, view=None)[0]
