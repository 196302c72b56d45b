"""A collage, a gallery and a picture of one colour are told from a photo."""

import numpy as np

from hairtrack.imaging.types import Rgb8Image
from hairtrack.quality.one_photo import why_not_one_photo

SIDE = 240


def photo(seed: int) -> Rgb8Image:
    """Return smooth patches of colour with grain: no edge of them is straight."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    waves = [np.sin(6 * rows * rng.normal(1, 0.5) + 7 * columns * rng.normal(1, 0.5) + phase) for phase in range(3)]
    return np.clip(120 + 50 * np.stack(waves, axis=-1) + rng.normal(0, 4, (SIDE, SIDE, 3)), 0, 255).astype(np.uint8)


def test_one_photo_passes() -> None:
    assert why_not_one_photo(photo(1)) is None


def test_two_photos_side_by_side_or_above_each_other_are_refused() -> None:
    for axis in (0, 1):
        assert "several pictures" in str(why_not_one_photo(np.concatenate([photo(1), photo(2)], axis=axis)))


def test_black_bars_beside_a_photo_are_no_second_picture() -> None:
    framed = np.pad(photo(1), ((0, 0), (60, 60), (0, 0)))
    assert why_not_one_photo(framed) is None


def test_a_tinted_picture_of_one_channel_is_refused() -> None:
    grey = photo(1)[..., :1] * np.array([1.0, 0.9, 0.7])
    assert "one colour" in str(why_not_one_photo(grey.astype(np.uint8)))
