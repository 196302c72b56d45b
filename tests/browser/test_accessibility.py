"""No reader is shut out: axe finds nothing on the report for either audience, in any language, light or dark."""

import pytest

AUDIENCES = ("clinician", "patient")
LANGUAGES = ("en", "tr", "es", "de")
SCHEMES = ("light", "dark")
PHONE_PX, DESKTOP_PX = 360, 1400

WITH_FAULTS = """<!DOCTYPE html>
<html lang="en"><head><title>Faults</title><style>p { color: #999; background: #fff; }</style></head>
<body><main><h1>Faults</h1><p>Pale words</p><img src="data:,"></main></body></html>"""


def violations(page):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 only where there is a browser to drive

    return {
        violation["id"]: [node["target"] for node in violation["nodes"]]
        for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    }


@pytest.mark.parametrize("width", [PHONE_PX, DESKTOP_PX])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("reader", [(audience, language) for audience in AUDIENCES for language in LANGUAGES])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(look_at, report_file, reader, scheme, width):
    look = look_at(report_file(*reader), width=width, color_scheme=scheme)
    dark = look.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, dark[4:-1].split(","))) < 3 * 128) == (scheme == "dark")
    look.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    assert violations(look.page) == {}
    assert look.page.evaluate("document.documentElement.scrollWidth") <= width
    assert look.complaints == []
    assert look.requests == []


def test_axe_is_really_asked(look_at, tmp_path):
    path = tmp_path / "faults.html"
    path.write_text(WITH_FAULTS, encoding="utf-8")
    assert {"color-contrast", "image-alt"} <= set(violations(look_at(path).page))


def test_a_page_that_is_too_wide_or_asks_for_more_is_noticed(look_at, report_file, tmp_path):
    page = report_file().read_text(encoding="utf-8")
    path = tmp_path / "spoiled.html"
    wide = '<div class="wide">x</div><img src="https://example.org/x.png" alt="x"><script>1</script>'
    path.write_text(page.replace("<main>", f"<main>{wide}").replace("img-src data:", "img-src https: data:"))
    look = look_at(path, width=PHONE_PX)
    look.page.evaluate("document.querySelector('.wide').style.width = '900px'")
    assert look.page.evaluate("document.documentElement.scrollWidth") > PHONE_PX
    assert look.requests == ["https://example.org/x.png"]
    assert any("Content Security Policy" in complaint for complaint in look.complaints)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_flows_into_320_pixels_as_when_it_is_enlarged_fourfold(look_at, report_file, language):
    page = look_at(report_file("clinician", language), width=320).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_stop_of_the_keyboard_leads_past_the_head_of_the_page(look_at, report_file):
    page = look_at(report_file()).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#regions"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
