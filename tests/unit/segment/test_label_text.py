"""A label is read when each glyph is clear, and never guessed."""

import cv2
import numpy as np
import pytest

from hairtrack.segment.label_text import read_length_mm


def label(text, *, ink=250, paper=70, size=0.6):
    picture = np.full((26, 130), paper, np.uint8)
    cv2.putText(picture, text, (6, 20), cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize(("text", "length_mm"), [("1.0 mm", 1.0), ("2 mm", 2.0), ("0.5 mm", 0.5)])
def test_a_clear_label_gives_its_length(text, length_mm):
    assert read_length_mm(label(text)) == pytest.approx(length_mm)


def test_dark_text_on_light_paper_is_read_too():
    assert read_length_mm(label("1.0 mm", ink=20, paper=200)) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["", "1.0", "mm", "1 0 mm", "A.B mm", "0.0 mm"])
def test_anything_else_gives_nothing(text):
    assert read_length_mm(label(text)) is None


def test_faint_text_gives_nothing():
    assert read_length_mm(label("1.0 mm", ink=95, paper=70)) is None
