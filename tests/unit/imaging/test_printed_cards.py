"""The cards that a reader prints are the cards that are read."""

import re
from pathlib import Path

import numpy as np
import pytest

from hairtrack.imaging.scale_card import find_scale_cards

PAGE = Path(__file__).parents[3] / "docs" / "scale_cards.svg"
PX_PER_MM = 20


def printed(svg):
    """The cells of the markers on white paper at a known scale."""
    width, height = (float(number) for number in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    paper = np.full((round(height * PX_PER_MM), round(width * PX_PER_MM), 3), 235, np.uint8)
    for x, y, side in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v\3", svg):
        left, top, right, bottom = (
            round(PX_PER_MM * edge) for edge in (float(x), float(y), float(x) + float(side), float(y) + float(side))
        )
        paper[top:bottom, left:right] = 20
    return paper


def test_every_printed_card_tells_its_own_length():
    cards = find_scale_cards(printed(PAGE.read_text(encoding="utf-8")))
    assert sorted(card.side_mm for card in cards) == [4, 6, 10, 15]
    assert [card.px_per_mm for card in cards] == pytest.approx([PX_PER_MM] * 4, rel=0.01)
