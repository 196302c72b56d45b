"""Draw the printable scale cards of docs/scale_cards.svg: markers whose number is the length of their side in mm.

    .venv/bin/python validation/make_scale_cards.py docs/scale_cards.svg

Lengths are true when the file is printed at 100 %: the ruler below the cards tells.
"""

import sys
from pathlib import Path

import cv2

from hairtrack.imaging.scale_card import DICTIONARY

SIDES_MM = (4, 6, 10, 15)
CELLS = 7
RIM_MM, GAP_MM, TEXT_MM = 2, 8, 2.5
RULER_MM = 50


def card(side_mm: int, x_mm: float, y_mm: float) -> str:
    """Return the black cells of one marker as one path, with its length in words below."""
    bits = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(DICTIONARY), side_mm, CELLS)
    cell = side_mm / CELLS
    path = "".join(
        f"M{x_mm + column * cell:.4f} {y_mm + row * cell:.4f}h{cell:.4f}v{cell:.4f}h-{cell:.4f}z"
        for row in range(CELLS)
        for column in range(CELLS)
        if bits[row, column] == 0
    )
    below = y_mm + side_mm + RIM_MM + TEXT_MM
    return f'<path d="{path}"/>\n<text x="{x_mm:g}" y="{below:g}" font-size="{TEXT_MM}">{side_mm} mm</text>'


def cards() -> str:
    """Return the page as SVG in millimetres."""
    width = sum(SIDES_MM) + GAP_MM * (len(SIDES_MM) + 1)
    height = max(SIDES_MM) + 4 * GAP_MM
    parts, x_mm = [], float(GAP_MM)
    for side_mm in SIDES_MM:
        parts.append(card(side_mm, x_mm, GAP_MM))
        x_mm += side_mm + GAP_MM
    ruler = height - GAP_MM
    parts.append(f'<path d="M{GAP_MM} {ruler}h{RULER_MM}" stroke="black" stroke-width="0.3"/>')
    text = f"this line is {RULER_MM} mm long when printed at 100 %"
    parts.append(f'<text x="{GAP_MM}" y="{ruler - 1}" font-size="{TEXT_MM}">{text}</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" shape-rendering="crispEdges">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(cards(), encoding="utf-8")
