import cv2
import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.quality.one_colour import LEAST_HUE_SPREAD, hue_spread, why_covered


@pytest.fixture(scope="module")
def head() -> Mask:
    disc = np.zeros((240, 240), np.uint8)
    cv2.circle(disc, (120, 120), 90, 1, cv2.FILLED)
    return np.asarray(disc, np.bool_)


def capped(head: Mask, colour: tuple[float, float, float], *, strands: float) -> Rgb8Image:
    """Return a round head of one colour, lit from the left; in a share of its places skin shows through."""
    rng = np.random.default_rng(5)
    shade = np.linspace(1.0, 0.35, 240)[None, :, None] * (1 + 0.05 * rng.standard_normal((240, 240, 1)))
    cloth = np.full((240, 240, 3), colour) * shade
    skin = np.array([0.75, 0.48, 0.38]) * shade
    patches = cv2.GaussianBlur(rng.standard_normal((240, 240)), (0, 0), 6)
    bare = (patches > np.quantile(patches, 1 - strands)) & head if strands else np.zeros_like(head)
    light = np.where(head[..., None], np.where(bare[..., None], skin, cloth), 0.5)
    return np.asarray((np.clip(light, 0, 1) ** (1 / 2.2) * 255).round(), np.uint8)


@pytest.mark.parametrize("colour", [(0.1, 0.3, 0.6), (0.4, 0.4, 0.4), (0.5, 0.1, 0.1)], ids=["blue", "grey", "red"])
def test_a_cap_of_one_colour_is_told_however_light_falls_on_it(head: Mask, colour: tuple[float, float, float]) -> None:
    assert why_covered(capped(head, colour, strands=0.0), head) == "something of one colour covers the head"


def test_hair_through_which_skin_shows_is_no_cap(head: Mask) -> None:
    assert why_covered(capped(head, (0.03, 0.025, 0.02), strands=0.3), head) is None


def test_exposure_does_not_change_the_spread_of_hue(head: Mask) -> None:
    picture = capped(head, (0.2, 0.15, 0.12), strands=0.3)
    darker = np.asarray(((picture / 255.0) ** 2.2 * 0.6) ** (1 / 2.2) * 255, np.uint8)
    one, other = hue_spread(picture, head), hue_spread(darker, head)
    assert one is not None
    assert other is not None
    assert other == pytest.approx(one, rel=0.1)
    assert one > LEAST_HUE_SPREAD


def test_a_head_of_a_few_pixels_is_not_judged() -> None:
    tiny = np.zeros((40, 40), np.bool_)
    tiny[18:22, 18:22] = True
    assert hue_spread(np.full((40, 40, 3), 90, np.uint8), tiny) is None
