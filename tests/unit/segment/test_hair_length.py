"""The length class of hair: told from what the regions of a head say together, or not at all."""

import numpy as np
import pytest

from hairtrack.segment import hair_length as room
from hairtrack.segment.classifier import Round
from hairtrack.segment.hair_length import LengthClass, length_class, shipped_network
from hairtrack.segment.hair_state import FEATURES, Tiles

FIRST, SECOND = np.arange(8) < 4, np.arange(8) >= 4


def _tiles(first: float, second: float) -> Tiles:
    features = np.zeros((8, FEATURES), np.float32)
    features[FIRST, 0], features[SECOND, 0] = first, second
    return Tiles(features=features, corners_xy=np.zeros((8, 2)), side_px=20.0)


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a network in place that reads the first number alone: negative is shaved, positive long."""
    weight = np.zeros((FEATURES, 3), np.float32)
    weight[0] = -1.0, 0.0, 1.0
    reads_one = Round(
        mean=np.zeros(FEATURES, np.float32),
        scale=np.ones(FEATURES, np.float32),
        weights=(weight,),
        biases=(np.zeros(3, np.float32),),
    )
    monkeypatch.setattr(room, "shipped_network", lambda: reads_one)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [((-4.0, -4.0), LengthClass.SHAVED), ((4.0, 4.0), LengthClass.LONG), ((4.0, -4.0), None), ((0.1, 0.1), None)],
)
def test_a_class_is_told_when_the_regions_are_sure_together(
    numbers: tuple[float, float], told: LengthClass | None
) -> None:
    assert length_class(_tiles(*numbers), [FIRST, SECOND]) is told


def test_regions_of_too_few_tiles_say_nothing() -> None:
    assert length_class(_tiles(4.0, 4.0), [np.arange(8) < 2]) is None


def test_the_shipped_network_reads_the_descriptions_of_tiles() -> None:
    shares = shipped_network().probabilities(np.zeros((1, FEATURES), np.float32))
    assert shares.shape == (1, len(LengthClass))
    assert shares.sum() == pytest.approx(1, abs=1e-5)
