import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.quality.eye import why_an_eye

FUR, IRIS, PUPIL = (150, 105, 70), (150, 150, 60), (12, 10, 10)
Colour = tuple[int, int, int]


@pytest.fixture(scope="module")
def head() -> Mask:
    disc = np.zeros((300, 300), np.uint8)
    cv2.circle(disc, (150, 150), 110, 1, cv2.FILLED)
    return np.asarray(disc, np.bool_)


def looking(head: Mask, *, iris: Colour = IRIS, pupil: Colour = PUPIL, gain: float = 1.0) -> Rgb8Image:
    """Return a round head of tabby fur with one eye."""
    rng = np.random.default_rng(2)
    fur = np.array(FUR) * (1 + 0.15 * rng.standard_normal((300, 300, 1)))
    picture = np.clip(np.where(head[..., None], fur, 120), 0, 255).astype(np.uint8)
    cv2.circle(picture, (120, 130), 16, iris, cv2.FILLED, cv2.LINE_AA)
    cv2.circle(picture, (120, 130), 9, pupil, cv2.FILLED, cv2.LINE_AA)
    return np.asarray(np.clip(picture * gain, 0, 255), np.uint8)


@pytest.mark.parametrize("gain", [0.6, 1.0, 1.4])
def test_an_eye_is_told_in_dim_and_in_bright_light(head: Mask, gain: float) -> None:
    assert why_an_eye(looking(head, gain=gain), head) == "an eye looks out of what was taken for hair"


def test_fur_alone_has_no_eye(head: Mask) -> None:
    assert why_an_eye(looking(head, iris=FUR, pupil=FUR), head) is None


def test_a_crust_with_a_bruise_around_it_is_no_pupil(head: Mask) -> None:
    """Dried blood is not as black against its surroundings as a pupil, through which no light comes back."""
    assert why_an_eye(looking(head, pupil=(85, 45, 35)), head) is None


def test_a_mole_on_bare_scalp_is_no_eye(head: Mask) -> None:
    assert why_an_eye(looking(head, iris=(160, 115, 80)), head) is None


def test_an_eye_beside_the_head_does_not_count(head: Mask) -> None:
    assert why_an_eye(looking(head), np.roll(head, 150, axis=1) & head) is None


def test_no_head_has_no_eye(head: Mask) -> None:
    assert why_an_eye(looking(head), np.zeros_like(head)) is None
