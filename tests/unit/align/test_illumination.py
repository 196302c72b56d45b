import cv2
import numpy as np
import pytest

from hairtrack.align.illumination import in_common_light

SIZE = 240
ROW, COLUMN = np.mgrid[:SIZE, :SIZE] / SIZE
TRUSTED = np.hypot(ROW - 0.5, COLUMN - 0.5) < 0.42
PATCH = np.hypot(ROW - 0.35, COLUMN - 0.6) < 0.09


def scalp(kept=None):
    """Skin in linear light with 900 dark strands, without those whose root lies where `kept` is False."""
    rng = np.random.default_rng(3)
    skin = 0.5 + 0.03 * cv2.GaussianBlur(rng.standard_normal((SIZE, SIZE)), (0, 0), 6) / 0.05
    opacity = np.zeros((SIZE, SIZE), np.uint8)
    for x, y, angle in zip(*rng.uniform(0, SIZE, (2, 900)), rng.normal(0.4, 0.3, 900), strict=True):
        if kept is None or kept[int(y), int(x)]:
            tip = (int(x + 14 * np.cos(angle)), int(y + 14 * np.sin(angle)))
            cv2.line(opacity, (int(x), int(y)), tip, 230, 1, cv2.LINE_AA)
    cover = opacity[..., None] / 255
    return skin[..., None] * [1.0, 0.72, 0.55] * (1 - cover) + cover * [0.05, 0.04, 0.03]


def taken(linear, light=1.0):
    return np.clip(np.round(255 * np.clip(linear * light, 0, 1) ** (1 / 2.2)), 0, 255).astype(np.uint8)


def light_field():
    """A lamp from the lower right, a vignette and a warm white balance."""
    slope = 1 + 0.3 * (COLUMN - 0.5) + 0.35 * (ROW - 0.5) - 0.3 * ((ROW - 0.5) ** 2 + (COLUMN - 0.5) ** 2)
    return 0.85 * slope[..., None] * [1.08, 1.0, 0.86]


def log_light(rgb8, where):
    return 2.2 * np.log(np.maximum(rgb8[where].astype(float), 1) / 255)


def test_a_known_change_of_light_is_undone_to_a_tenth():
    reference = taken(scalp())
    moving = taken(scalp(), light_field())

    shown = in_common_light(reference, moving, TRUSTED)

    before, after = (np.abs(log_light(x, TRUSTED) - log_light(reference, TRUSTED)).mean() for x in (moving, shown))
    assert after < 0.1 * before


def test_a_patch_that_lost_its_hair_stays_bare():
    reference = taken(scalp())
    moving = taken(scalp(kept=~PATCH), light_field())

    shown = in_common_light(reference, moving, TRUSTED)

    truth = (log_light(taken(scalp(kept=~PATCH)), PATCH) - log_light(reference, PATCH)).mean()
    seen = (log_light(shown, PATCH) - log_light(reference, PATCH)).mean()
    assert truth > 0.2
    assert seen == pytest.approx(truth, rel=0.1)


def test_hair_lost_all_over_is_not_taken_for_a_change_of_exposure():
    thinned = np.random.default_rng(5).random((SIZE, SIZE)) < 0.6
    reference = taken(scalp())

    shown = in_common_light(reference, taken(scalp(kept=thinned), light_field()), TRUSTED)

    truth = (log_light(taken(scalp(kept=thinned)), TRUSTED) - log_light(reference, TRUSTED)).mean()
    seen = (log_light(shown, TRUSTED) - log_light(reference, TRUSTED)).mean()
    assert truth > 0.1
    assert seen == pytest.approx(truth, rel=0.2)


def test_the_same_photo_twice_is_left_as_it_is():
    photo = taken(scalp())

    assert np.abs(in_common_light(photo, photo, TRUSTED).astype(int) - photo).max() <= 1


def test_a_photo_that_shows_next_to_nothing_is_left_as_it_is():
    black = np.zeros((SIZE, SIZE, 3), np.uint8)

    assert (in_common_light(taken(scalp()), black, TRUSTED) == black).all()
