"""What no photo may change: turned, mirrored or slightly re-lit photos get one decision, worse ones never a better."""

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.imaging.photo import working_image
from hairtrack.model import Photo, QualityDecision
from hairtrack.quality import QualitySettings, judge
from hairtrack.quality.framing import missing_head_fraction
from hairtrack.quality.sharpness import blur_spread, edges_of

STRICTNESS = (QualityDecision.USABLE, QualityDecision.USABLE_WITH_LIMITS, QualityDecision.RETAKE)
PHOTO = Photo(file="head.png", photo_id="photo-1")
SIDE = 480


@cache
def head(seed: int):
    """A round head of strands before a plain wall, (rgb8, mask)."""
    generator = np.random.default_rng(seed)
    canvas = np.full((SIDE, SIDE, 3), (200, 205, 210), np.uint8)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(mask, (SIDE // 2, SIDE // 2), 190, 1, -1)
    strands = np.full_like(canvas, (205, 160, 135))
    starts = generator.integers(0, SIDE, (900, 2))
    angles = generator.uniform(0, 2 * np.pi, 900)
    ends = starts + np.rint(30 * np.c_[np.cos(angles), np.sin(angles)]).astype(int)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        cv2.line(strands, start, end, (45, 38, 30), 1, cv2.LINE_AA)
    canvas[mask.astype(bool)] = strands[mask.astype(bool)]
    return canvas, mask.astype(bool)


def decision(rgb8, mask) -> int:
    rgb8 = np.ascontiguousarray(rgb8)
    report = judge(
        rgb8,
        working=working_image(rgb8),
        head_mask=np.ascontiguousarray(mask),
        head_refused=None,
        glare_fraction=None,
        photo=PHOTO,
        settings=QualitySettings(),
    )
    return STRICTNESS.index(report.decision)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2),
    quarter_turns=st.integers(0, 3),
    mirrored=st.booleans(),
    blur_px=st.sampled_from([0.0, 1.0, 4.0]),
    gain=st.sampled_from([0.1, 1.0]),
)
def test_a_turned_or_mirrored_photo_gets_the_same_decision(seed, quarter_turns, mirrored, blur_px, gain):
    rgb8, mask = head(seed)
    rgb8 = (rgb8 * gain).astype(np.uint8)
    rgb8 = cv2.GaussianBlur(rgb8, (0, 0), blur_px) if blur_px else rgb8
    turned, turned_mask = np.rot90(rgb8, quarter_turns), np.rot90(mask, quarter_turns)
    if mirrored:
        turned, turned_mask = turned[:, ::-1], turned_mask[:, ::-1]
    assert decision(turned, turned_mask) == decision(rgb8, mask)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2), gain=st.floats(0.9, 1.1), blur_px=st.sampled_from([0.0, 5.0]))
def test_a_little_more_or_less_light_changes_nothing(seed, gain, blur_px):
    rgb8, mask = head(seed)
    rgb8 = cv2.GaussianBlur(rgb8, (0, 0), blur_px) if blur_px else rgb8
    relit = np.clip(rgb8 * gain, 0, 255).astype(np.uint8)
    assert decision(relit, mask) == decision(rgb8, mask)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2), less_px=st.floats(0.3, 6.0), more_px=st.floats(0.3, 6.0))
def test_more_blur_never_gets_a_better_decision(seed, less_px, more_px):
    rgb8, mask = head(seed)
    less_px, more_px = sorted((less_px, more_px))
    less, more = (cv2.GaussianBlur(rgb8, (0, 0), sigma_px) for sigma_px in (less_px, more_px))
    assert decision(more, mask) >= decision(less, mask)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2), less=st.floats(0.02, 1.0), more=st.floats(0.02, 1.0))
def test_less_light_never_gets_a_better_decision(seed, less, more):
    rgb8, mask = head(seed)
    darker, lighter = ((rgb8 * gain).astype(np.uint8) for gain in sorted((less, more)))
    assert decision(darker, mask) >= decision(lighter, mask)


@pytest.mark.parametrize("sigma_px", [1.5, 2.5, 4.0])
def test_the_spread_of_a_blurred_step_is_its_sigma_whatever_its_direction(sigma_px):
    row, column = np.mgrid[:200, :200] - 100
    area = np.ones((200, 200), bool)
    for direction_deg in (15.0, 45.0, 75.0, 130.0):
        angle = np.radians(direction_deg)
        step = np.where(column * np.cos(angle) + row * np.sin(angle) > 0, 200.0, 60.0)
        blurred = cv2.GaussianBlur(step, (0, 0), sigma_px)
        spread = blur_spread(edges_of(np.repeat(np.rint(blurred)[..., None], 3, axis=2).astype(np.uint8)), area)
        assert spread is not None
        assert spread.worst_px == pytest.approx(sigma_px, rel=0.15)


@settings(max_examples=20, deadline=None)
@given(cut=st.floats(0.0, 0.3))
def test_the_part_of_a_round_head_outside_the_frame_is_estimated(cut):
    disc = np.zeros((300, 300), np.uint8)
    cv2.circle(disc, (150, 150), 100, 1, -1)
    rows = np.cumsum(disc.sum(axis=1)) / disc.sum()
    seen = disc[int(np.searchsorted(rows, cut)) if cut else 0 :].astype(bool)
    truth = 1 - seen.sum() / disc.sum()
    assert missing_head_fraction(seen) == pytest.approx(truth, abs=0.05)
