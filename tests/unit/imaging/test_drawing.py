"""Pictures for people hide what must be hidden and carry no metadata."""

import cv2
import numpy as np

from hairtrack.imaging import drawing

NOISE = np.random.default_rng(3).integers(0, 255, (60, 80, 3), np.uint8)


def disc() -> np.ndarray:
    rows, columns = np.mgrid[:60, :80]
    return (rows - 30) ** 2 + (columns - 40) ** 2 < 15**2


def test_everything_far_from_the_scalp_is_hidden_and_the_scalp_is_untouched() -> None:
    mask = disc()
    hidden = drawing.hide_outside(NOISE, mask)
    assert np.array_equal(hidden[mask], NOISE[mask])
    assert (hidden[:10] == drawing.HIDDEN_RGB).all()
    assert not np.array_equal(NOISE, hidden)


def test_a_jpeg_holds_pixels_and_no_metadata() -> None:
    encoded = drawing.encode_jpeg(NOISE)
    assert encoded.startswith(b"\xff\xd8")
    assert b"Exif" not in encoded
    assert b"http" not in encoded


def test_colours_survive_encoding_in_rgb_order() -> None:
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 250
    decoded = cv2.imdecode(np.frombuffer(drawing.encode_png(red), np.uint8), cv2.IMREAD_COLOR)
    assert decoded[0, 0].tolist() == [0, 0, 250]


def test_the_box_around_a_mask_holds_it_and_an_empty_mask_gives_the_whole_picture() -> None:
    box = drawing.box_around(disc(), margin_fraction=0.0)
    assert (box.x0, box.y0, box.x1, box.y1) == (26, 16, 55, 45)
    whole = drawing.box_around(np.zeros((60, 80), np.bool_))
    assert whole.of(NOISE).shape == NOISE.shape


def test_a_picture_is_reduced_and_never_enlarged() -> None:
    assert drawing.reduced(NOISE, 40).shape == (30, 40, 3)
    assert drawing.reduced(NOISE, 400) is NOISE


def test_only_change_beyond_error_is_coloured() -> None:
    change = np.full((60, 80), 0.5, np.float32)
    beyond = disc()
    drawn = drawing.draw_change(NOISE, change, beyond)
    outside = drawn[~beyond]
    assert (outside[:, 0] == outside[:, 1]).all()
    assert (outside[:, 1] == outside[:, 2]).all()
    inside = drawn[beyond].astype(int)
    assert (inside[:, 2] > inside[:, 0]).mean() > 0.9


def test_coverage_is_drawn_only_where_it_was_seen() -> None:
    seen = disc()
    drawn = drawing.draw_coverage(NOISE, np.full((60, 80), 0.5, np.float32), seen)
    assert np.array_equal(drawn[~seen], NOISE[~seen])
    assert not np.array_equal(drawn[seen], NOISE[seen])


def test_outlines_are_drawn_on_a_copy() -> None:
    before = NOISE.copy()
    drawn = drawing.draw_outlines(NOISE, [np.array([[10.0, 10], [40, 10], [40, 40]])])
    assert np.array_equal(before, NOISE)
    assert not np.array_equal(drawn, NOISE)
