"""The drawings of the page as SVG files of their own, for paper: the same macros, in the colours of daylight.

A file of its own has no style sheet beside it, so that colours and widths are taken from the sheet of the page.
"""

import re
from collections.abc import Mapping
from functools import cache

from markupsafe import Markup

from hairtrack.model import RegionName
from hairtrack.report.chart import HEIGHT as CHART_HEIGHT
from hairtrack.report.chart import WIDTH as CHART_WIDTH
from hairtrack.report.courses import CourseFigure
from hairtrack.report.environment import asset, environment_of
from hairtrack.report.headmap import HEIGHT as HEAD_HEIGHT
from hairtrack.report.headmap import WIDTH as HEAD_WIDTH
from hairtrack.report.language import Language
from hairtrack.report.states import Tone
from hairtrack.report.typesetting import FONTS

_PAINT = re.compile(r"\s*(?:color|fill|stroke|stroke-\w+|font-family|font-size)\s*:")
_COLOURS = re.compile(r"\b(?:color|fill|stroke)")
_TONED = re.compile(r"var\(--(?:tone|ground)\)")
_BLOCK_OF_MEDIA = re.compile(r"@media[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_FIRST_WORD = re.compile(r"^\s*[^\s:]+")


def head_map(tones: Mapping[RegionName, Tone], language: Language) -> bytes:
    """Return the head from above with every judged region in its tone."""
    return _file(_macro(language, "head_map", tones, ""), language, width=HEAD_WIDTH, height=HEAD_HEIGHT)


def head_mark(region: RegionName, tone: Tone, language: Language) -> bytes:
    """Return the head from above with one region in its tone."""
    return _file(_macro(language, "head_mark", region, tone), language, width=HEAD_WIDTH, height=HEAD_HEIGHT)


def swatch(tone: Tone, language: Language) -> bytes:
    """Return the patch of a tone, for legends and beside the word of a state."""
    return _file(_macro(language, "swatch", tone), language, width=24, height=24)


def course_chart(course: CourseFigure, language: Language) -> bytes:
    """Return the chart of a region over time."""
    return _file(_macro(language, "course_chart", course), language, width=CHART_WIDTH, height=CHART_HEIGHT)


def legend_mark(kind: str, language: Language) -> bytes:
    """Return a mark of the chart, for its legend."""
    return _file(_macro(language, "legend_mark", kind), language, width=24, height=14)


def root_mark(kind: str, language: Language) -> bytes:
    """Return the mark of a hair on a close-up, for its legend."""
    return _file(_macro(language, "root_mark", kind), language, width=24, height=14)


@cache
def palette() -> Mapping[str, str]:
    """Return the colours of the page in daylight by name."""
    daylight = asset("style.css").split("@media", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\b", daylight))


@cache
def paint() -> str:
    """Return the rules of the style sheet that colour a drawing, every variable replaced by what it stands for."""
    sheet = _BLOCK_OF_MEDIA.sub("", asset("style.css"))
    rules: list[str] = []
    for selectors, body in _RULE.findall(sheet):
        kept = "; ".join(part.strip() for part in body.split(";") if _PAINT.match(part))
        # On paper nothing is hovered or pressed, and the size of letters alone colours nothing.
        if _COLOURS.search(kept) and ":" not in selectors:
            rules += _in_each_tone(selectors, kept) if _TONED.search(kept) else [_rule(selectors, kept, {})]
    return "\n".join(rules)


def _in_each_tone(selectors: str, body: str) -> list[str]:
    """Return a rule that depends on the tone once for each, since a drawing of its own knows no variables."""
    return [
        _rule(
            ",".join(_FIRST_WORD.sub(rf"\g<0>.tone-{tone.value}", part) for part in selectors.split(",")),
            body,
            {"tone": palette()[tone.value], "ground": palette()[f"{tone.value}-ground"]},
        )
        for tone in Tone
    ]


def _rule(selectors: str, body: str, more: Mapping[str, str]) -> str:
    known = {**palette(), "sans": f"'{FONTS[0]}'", "serif": f"'{FONTS[0]}'", **more}
    return f"{selectors.strip()} {{ {re.sub(r'var[(]--([-a-z]+)[)]', lambda found: known[found[1]], body)} }}"


def _macro(language: Language, name: str, *values: object) -> Markup:
    module = environment_of(language.code).get_template("macros.html.j2").make_module({"language": language})
    drawn: Markup = getattr(module, name)(*values)
    return drawn


def _file(drawn: Markup, language: Language, *, width: int, height: int) -> bytes:
    patterns = _macro(language, "tone_patterns")
    # A pattern without a motif is a plain colour; as tiles it would show its seams in print.
    plain = drawn.replace("url(#tone-good)", palette()[Tone.GOOD.value])
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><style>{paint()}</style>{patterns}{plain}</svg>'.encode()
