import numpy as np

from hairtrack.imaging.channels import largest_channel


def test_the_largest_of_three_channels_is_that_of_each_pixel() -> None:
    values = np.random.default_rng(1).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    assert (largest_channel(values) == values.max(axis=2)).all()
