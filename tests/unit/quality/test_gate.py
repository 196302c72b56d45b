"""The gate on small painted heads whose fault is known."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from hairtrack.imaging.photo import WorkingImage, working_image
from hairtrack.model import Photo, PhotoKind, PhotoProblem, QualityDecision, QualityReport, View
from hairtrack.quality import QualitySettings, judge, judge_unreadable

SETTINGS = QualitySettings()
TOP = Photo(file="top.png", photo_id="photo-1", view=View.TOP)


@cache
def painted_head(*, size: int = 500, centre=(0.5, 0.5), radius: float = 0.38, bald: bool = False):
    """A head on a plain background: strands in all directions, or smooth shaded skin; (rgb8, mask)."""
    generator = np.random.default_rng(4)
    mask = np.zeros((size, size), np.uint8)
    middle = (round(centre[0] * size), round(centre[1] * size))
    cv2.circle(mask, middle, round(radius * size), 1, -1, cv2.LINE_8)
    row, column = np.mgrid[:size, :size]
    shade = 1.0 - 0.35 * (((column - middle[0]) ** 2 + (row - middle[1]) ** 2) / (radius * size) ** 2)
    rgb = np.full((size, size, 3), (190, 200, 205), np.float32)
    inside = mask.astype(bool)
    rgb[inside] = (np.array([205, 160, 135]) * shade[..., None])[inside]
    if not bald:
        canvas = np.clip(rgb, 0, 255).astype(np.uint8)
        for _ in range(1500):
            angle, length = generator.uniform(0, 2 * np.pi), 0.05 * size
            start = np.array(middle) + generator.uniform(-1, 1, 2) * radius * size * 0.95
            end = start + length * np.array([np.cos(angle), np.sin(angle)])
            tone = int(generator.integers(25, 70))
            cv2.line(canvas, start.astype(int), end.astype(int), (tone, tone - 8, tone - 15), 1, cv2.LINE_AA)
        rgb[inside] = canvas[inside]
    rgb += generator.normal(0, 1.0, rgb.shape).astype(np.float32)
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8), inside


def judged(rgb8, mask=None, *, refused=None, glare=None, photo=TOP) -> QualityReport:
    return judge(
        rgb8,
        working=working_image(rgb8),
        head_mask=mask,
        head_refused=refused,
        glare_fraction=glare,
        photo=photo,
        settings=SETTINGS,
    )


@pytest.mark.parametrize("bald", [False, True])
def test_a_sharp_well_lit_head_is_usable_also_when_bald_and_smooth(bald):
    report = judged(*painted_head(bald=bald))
    assert (report.decision, report.flags, report.remedies) == (QualityDecision.USABLE, (), ())


@pytest.mark.parametrize("bald", [False, True])
def test_a_blurred_head_is_retaken(bald):
    rgb8, mask = painted_head(bald=bald)
    report = judged(cv2.GaussianBlur(rgb8, (0, 0), 4.0), mask)
    assert report.decision is QualityDecision.RETAKE
    assert report.flags == ("blurred",)


def test_a_shaken_photo_is_told_to_keep_still_and_one_out_of_focus_to_focus():
    rgb8, mask = painted_head(bald=True)
    shaken = judged(cv2.blur(rgb8, (21, 1)), mask)
    assert shaken.flags == ("blurred",)
    assert "movement" in shaken.remedies[0]
    unfocused = judged(cv2.GaussianBlur(rgb8, (0, 0), 5.0), mask)
    assert "movement" not in unfocused.remedies[0]


def test_dark_and_burnt_photos_are_retaken():
    rgb8, mask = painted_head()
    assert judged((rgb8 * 0.2).astype(np.uint8), mask).flags == ("underexposed",)
    burnt = np.clip(rgb8.astype(np.float32) * 4, 0, 255).astype(np.uint8)
    report = judged(burnt, mask)
    assert report.decision is QualityDecision.RETAKE
    assert "overexposed" in report.flags


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_nothing_is_blank_and_raises_no_other_doubt_about_detail(level):
    report = judged(np.full((640, 640, 3), level, np.uint8))
    assert report.decision is QualityDecision.RETAKE
    assert "blank" in report.flags
    assert "blurred" not in report.flags


def test_half_a_head_outside_the_frame_is_retaken_and_a_sliver_only_limits():
    half = judged(*painted_head(centre=(0.5, 0.02)))
    assert half.decision is QualityDecision.RETAKE
    assert "head_cut_off" in half.flags
    sliver = judged(*painted_head(centre=(0.5, 0.24)))
    assert (sliver.decision, sliver.flags) == (QualityDecision.USABLE_WITH_LIMITS, ("head_cut_off",))


def test_a_tiny_head_and_a_tiny_picture_are_retaken():
    assert "head_too_small" in judged(*painted_head(radius=0.12)).flags
    assert "too_small" in judged(*painted_head(size=160)).flags


def test_glare_is_judged_only_where_it_was_measured():
    rgb8, mask = painted_head()
    assert all(check.name != "glare_fraction" for check in judged(rgb8, mask).checks)
    assert judged(rgb8, mask, glare=0.1).flags == ("glare_on_scalp",)
    assert judged(rgb8, mask, glare=0.6).decision is QualityDecision.RETAKE


@pytest.mark.parametrize("mask", [None, "empty"])
def test_without_a_head_the_photo_is_limited_and_framing_stays_unknown(mask):
    rgb8, drawn = painted_head()
    report = judged(rgb8, None if mask is None else np.zeros_like(drawn), refused="no outline")
    assert report.decision is QualityDecision.USABLE_WITH_LIMITS
    assert report.flags == ("no_head",)
    assert all(check.name != "missing_head_fraction" for check in report.checks)


def test_a_colourless_photo_is_limited():
    rgb8, mask = painted_head()
    gray = cv2.cvtColor(cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert judged(gray, mask).flags == ("monochrome",)


def test_a_closeup_is_judged_without_a_head():
    rgb8, _ = painted_head(radius=0.9)
    photo = replace(TOP, kind=PhotoKind.CLOSEUP, view=View.CLOSEUP)
    assert judged(rgb8, photo=photo).decision is QualityDecision.USABLE
    blurred = judged(cv2.GaussianBlur(rgb8, (0, 0), 5.0), photo=photo)
    assert (blurred.decision, blurred.flags) == (QualityDecision.RETAKE, ("blurred",))


def test_an_unreadable_file_is_retaken_with_the_remedy_of_its_problem():
    problem = PhotoProblem(kind="truncated", what="the file ends early", remedy="Send the file again.")
    photo = replace(TOP, problem=problem)
    report = judge_unreadable(photo)
    assert (report.decision, report.flags) == (QualityDecision.RETAKE, ("unreadable",))
    assert report.remedies == ("Send the file again.",)
    assert judged(np.zeros((8, 8, 3), np.uint8), photo=photo) == report


def test_every_flag_has_one_remedy_and_every_doubt_a_check_beyond_its_limit():
    rgb8, mask = painted_head(centre=(0.5, 0.02))
    report = judged(cv2.GaussianBlur((rgb8 * 0.15).astype(np.uint8), (0, 0), 5), mask, glare=0.5)
    assert len(report.flags) == len(report.remedies) == len(set(report.remedies))
    doubted = {check.name for check in report.checks if check.decision is not QualityDecision.USABLE}
    assert doubted == {
        "bright_level",
        "head_blur_fraction",
        "overall_blur_fraction",
        "glare_fraction",
        "missing_head_fraction",
    }
    assert report.flags == ("underexposed", "blurred", "glare_on_scalp", "head_cut_off")


def test_nothing_given_is_changed():
    rgb8, mask = painted_head()
    before = rgb8.copy(), mask.copy()
    judged(rgb8, mask)
    assert np.array_equal(rgb8, before[0])
    assert np.array_equal(mask, before[1])


def test_the_working_copy_decides_not_the_full_size():
    rgb8, mask = painted_head()
    large = cv2.resize(rgb8, (2000, 2000), interpolation=cv2.INTER_CUBIC)
    working = WorkingImage(rgb8=rgb8, full_per_working=4.0, full_shape=(2000, 2000))
    report = judge(
        large,
        working=working,
        head_mask=mask,
        head_refused=None,
        glare_fraction=None,
        photo=TOP,
        settings=SETTINGS,
    )
    assert report.decision is QualityDecision.USABLE
