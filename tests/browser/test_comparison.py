"""Before and after: the slider by keyboard, mouse and finger, the fade, the strip of dates, and without a script."""

import re

import pytest

STAGE = ".pair-stage"


@pytest.fixture
def page(look_at, report_file):
    return look_at(report_file(), width=1000).page


def cut(page):
    """Return the share of the newer picture that is cut away, in percent, as the browser clips it."""
    clip = page.eval_on_selector(f"{STAGE} .after img", "element => getComputedStyle(element).clipPath")
    return float(re.search(r"([\d.]+)%\)$", clip)[1]) if "%" in clip else 0.0


def at(page, share):
    """Return the point of the picture at a share of its width."""
    box = page.locator(f"{STAGE} .before img").first.bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] * 0.4


def test_arrow_keys_home_and_end_move_it_and_the_picture_follows(page):
    slider = page.locator(f"{STAGE} input[type=range]").first
    slider.focus()
    assert cut(page) == 50
    for key, expected in (("ArrowRight", 51), ("ArrowLeft", 50), ("ArrowUp", 51), ("Home", 0), ("End", 100)):
        page.keyboard.press(key)
        assert cut(page) == expected
    page.keyboard.press("PageDown")
    assert cut(page) == 90


def test_it_says_what_it_does_and_shows_where_the_keyboard_is(page):
    slider = page.locator(f"{STAGE} input[type=range]").first
    assert slider.get_attribute("aria-label") == "Drag to compare: left shows the first date, right the newer one"
    page.locator(f"{STAGE}").first.scroll_into_view_if_needed()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_mouse_drags_the_line_where_it_is_held(page):
    page.locator(STAGE).first.scroll_into_view_if_needed()
    page.mouse.move(*at(page, 0.5))
    page.mouse.down()
    for share in (0.4, 0.25):
        page.mouse.move(*at(page, share))
        assert cut(page) == pytest.approx(100 * share, abs=1.5)
    page.mouse.up()
    page.mouse.click(*at(page, 0.8))
    assert cut(page) == pytest.approx(80, abs=1.5)


def test_a_finger_moves_it_too_and_still_scrolls_the_page(look_at, report_file):
    page = look_at(report_file(), width=360, has_touch=True, is_mobile=True).page
    page.locator(STAGE).first.scroll_into_view_if_needed()
    page.touchscreen.tap(*at(page, 0.2))
    assert cut(page) == pytest.approx(20, abs=2)
    touch = page.eval_on_selector(f"{STAGE} input[type=range]", "element => getComputedStyle(element).touchAction")
    assert touch == "pan-y"
    assert page.locator(f"{STAGE} input[type=range]").first.bounding_box()["height"] >= 44


def test_both_pictures_lie_on_each_other(page):
    boxes = [page.locator(f"{STAGE} .{side} img").first.bounding_box() for side in ("before", "after")]
    assert boxes[0] == boxes[1]


def test_fading_shows_both_pictures_through_each_other(page):
    page.locator(".fade-switch input").first.check()
    page.mouse.move(0, 0)
    slider = page.locator(f"{STAGE} input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    style = "element => [getComputedStyle(element).opacity, getComputedStyle(element).clipPath]"
    assert page.eval_on_selector(f"{STAGE} .after img", style) == ["1", "none"]
    page.keyboard.press("End")
    assert page.eval_on_selector(f"{STAGE} .after img", style) == ["0", "none"]


@pytest.mark.parametrize(("motion", "expected"), [("no-preference", "to-and-fro"), ("reduce", "none")])
def test_the_picture_fades_under_the_mouse_unless_motion_is_to_be_reduced(look_at, report_file, motion, expected):
    page = look_at(report_file(), reduced_motion=motion).page
    page.locator(".fade-switch input").first.check()
    page.locator(STAGE).first.scroll_into_view_if_needed()
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(*at(page, 0.3))
    name = page.eval_on_selector(f"{STAGE} .after img", "element => getComputedStyle(element).animationName")
    assert name == expected
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == (
        "auto" if motion == "reduce" else "smooth"
    )


def test_the_strip_holds_every_date_and_a_chosen_one_is_compared(page, case):
    days = page.locator(".strip").first.locator("figcaption").all_text_contents()
    _, figures = case
    aligned = [f for f in figures if f.kind.value.startswith("aligned") and f.region is None]
    assert len(days) == len(set(days)) == len(aligned)
    buttons = page.locator(".strip").first.locator("button")
    assert buttons.last.get_attribute("aria-pressed") == "true"
    buttons.nth(2).focus()
    page.keyboard.press("Enter")
    assert [button.get_attribute("aria-pressed") for button in buttons.all()].index("true") == 2
    assert page.locator(f"{STAGE} .after figcaption").first.text_content() == days[2]
    chosen, shown = (
        page.eval_on_selector(selector, "element => element.src")
        for selector in (".strip li:nth-child(3) img", f"{STAGE} .after img")
    )
    assert chosen == shown


def test_without_a_script_two_pictures_stand_side_by_side(look_at, report_file):
    page = look_at(report_file(), java_script_enabled=False).page
    before, after = (page.locator(f"{STAGE} .{side} img").first.bounding_box() for side in ("before", "after"))
    assert before["x"] + before["width"] <= after["x"]
    assert before["y"] == after["y"]
    assert page.locator("input").count() == 0
    assert page.locator(".strip button").count() == 0


def test_on_paper_the_slider_is_two_pictures(page):
    page.emulate_media(media="print")
    before, after = (page.locator(f"{STAGE} .{side} img").first.bounding_box() for side in ("before", "after"))
    assert before["x"] + before["width"] <= after["x"]
    assert page.eval_on_selector(f"{STAGE} .after img", "element => getComputedStyle(element).clipPath") == "none"
    assert not page.locator(f"{STAGE} input").first.is_visible()
    assert not page.locator(".fade-switch").first.is_visible()
