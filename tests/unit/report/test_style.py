import re
from importlib import resources

import pytest

STYLE = resources.files("hairtrack.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
AA_TEXT = 4.5
AA_GRAPHIC = 3.0


def palettes():
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{6});", part)) for part in STYLE.split("@media", 2)[:2])
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet", "alert-ground"])
@pytest.mark.parametrize("ink", ["ink", "muted", "link", "good", "expected", "watch", "concern", "unknown"])
def test_every_text_colour_is_readable_on_every_ground(scheme, ground, ink):
    palette = palettes()[scheme]
    assert contrast(palette[ink], palette[ground]) >= AA_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tone", ["good", "expected", "watch", "concern", "unknown"])
def test_every_pattern_stands_out_from_its_ground(scheme, tone):
    palette = palettes()[scheme]
    grounds = [palette["sheet"]] if tone == "good" else [palette["sheet"], palette[f"{tone}-ground"]]
    assert all(contrast(palette[tone], ground) >= AA_GRAPHIC for ground in grounds)


def test_each_tone_has_a_pattern_of_its_own():
    page = resources.files("hairtrack.report").joinpath("templates", "macros.html.j2").read_text(encoding="utf-8")
    patterns = re.findall(r'<pattern id="tone-(\w+)"(.*?)</pattern>', page)
    drawn = {re.sub(r'class="[^"]*"', "", body) for _, body in patterns}
    assert [name for name, _ in patterns] == ["good", "expected", "watch", "concern", "unknown"]
    assert len(drawn) == 5


def test_motion_is_reduced_when_asked_and_print_has_its_own_rules():
    assert "prefers-reduced-motion: reduce" in STYLE
    assert "@media print" in STYLE
    assert "url(" not in STYLE
