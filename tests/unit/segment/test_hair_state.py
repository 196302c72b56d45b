"""The state of hair is told from tiles of a head; what cannot be described is never told to be in a state."""

import numpy as np
import pytest

from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.segment.hair_state import FEATURES, StateChange, Tiles, change_probability, concealed_probability
from hairtrack.segment.hair_state import describe_tiles as described


@pytest.fixture(scope="module")
def tiles(fringed_head: Rgb8Image, head_disc: Mask) -> Tiles:
    return described(fringed_head, head_disc, head_disc * np.float32(0.5), np.zeros_like(head_disc))


def every(tiles: Tiles) -> np.ndarray:
    return np.ones(len(tiles.features), np.bool_)


def test_a_head_is_cut_into_tiles_that_lie_on_it(tiles: Tiles, head_disc: Mask) -> None:
    assert tiles.features.shape == (len(tiles.corners_xy), FEATURES)
    assert len(tiles.features) > 20
    assert np.isfinite(tiles.features).all()
    assert tiles.inside(head_disc).mean() > 0.9
    assert not tiles.inside(~head_disc).any()


def test_brightness_of_the_photo_changes_no_description(fringed_head: Rgb8Image, head_disc: Mask, tiles: Tiles) -> None:
    linear = (fringed_head / 255.0) ** 2.2 * 0.7
    darker = np.asarray((linear ** (1 / 2.2) * 255).round(), np.uint8)
    again = described(darker, head_disc, head_disc * np.float32(0.5), np.zeros_like(head_disc))
    np.testing.assert_allclose(again.features[:, :6], tiles.features[:, :6], atol=0.05)


@pytest.mark.parametrize("change", StateChange)
def test_the_same_photo_is_in_no_other_state_than_itself(change: StateChange, tiles: Tiles) -> None:
    within = every(tiles), every(tiles)
    assert change_probability(change, tiles, tiles, within=within) < 0.5


def test_without_tiles_nothing_is_told(tiles: Tiles) -> None:
    none = np.zeros(len(tiles.features), np.bool_)
    assert concealed_probability(tiles, none) == 0.0
    assert change_probability(StateChange.WET, tiles, tiles, within=(none, every(tiles))) == 0.0
