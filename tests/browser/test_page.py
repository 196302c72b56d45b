"""The page as a whole: it needs no network, decodes pictures when they are near, and shows what it draws."""

import pytest


def test_pictures_are_decoded_when_they_come_near(look_at, report_file):
    page = look_at(report_file(), width=360).page
    pictures = page.eval_on_selector_all(
        "img", "all => all.map(i => [i.loading, i.decoding, i.alt !== '', i.width > 0])"
    )
    assert len(pictures) > 30
    assert {tuple(facts) for facts in pictures} == {("lazy", "async", True, True)}


def test_every_picture_can_be_decoded(look_at, report_file):
    page = look_at(report_file()).page
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    broken = page.evaluate(
        """async () => {
            const all = [...document.images];
            for (const picture of all) picture.loading = "eager";
            const done = await Promise.allSettled(all.map(picture => picture.decode()));
            return done.filter(one => one.status === "rejected").length;
        }"""
    )
    assert broken == 0


def test_everything_folded_is_printed(look_at, report_file):
    page = look_at(report_file()).page
    assert page.evaluate("[...document.querySelectorAll('details')].some(part => part.open)") is False
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('details')].every(part => part.open)") is True


def test_the_policy_lets_no_other_script_run(look_at, report_file):
    look = look_at(report_file())
    look.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.broken = true";
            document.body.append(script);
        }"""
    )
    assert look.page.evaluate("window.broken === undefined")
    assert any("Content Security Policy" in complaint for complaint in look.complaints)


@pytest.mark.parametrize("width", [360, 1400])
def test_labels_of_a_chart_do_not_run_into_each_other(look_at, report_file, width):
    page = look_at(report_file("clinician", "de"), width=width).page
    overlapping = page.evaluate(
        """() => {
            const found = [];
            const meet = (a, b) =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
            for (const chart of document.querySelectorAll("svg.chart")) {
                const boxes = [...chart.querySelectorAll("text")]
                    .filter(text => getComputedStyle(text).display !== "none")
                    .map(text => [text.textContent, text.getBoundingClientRect()]);
                for (const [i, [one, a]] of boxes.entries())
                    for (const [other, b] of boxes.slice(i + 1))
                        if (meet(a, b)) found.push(`${one} / ${other}`);
            }
            return found;
        }"""
    )
    assert overlapping == []


@pytest.mark.parametrize("language", ["en", "tr", "es", "de"])
def test_no_text_is_cut_off_on_a_phone(look_at, report_file, language):
    page = look_at(report_file("clinician", language), width=360).page
    outside = page.evaluate(
        """() => [...document.querySelectorAll("main p, main dd, main dt, main li, main h3, main h4, main td, main th")]
            .filter(element => !element.closest(".scroll, .strip, details") && element.getClientRects().length)
            .filter(element => element.scrollWidth > element.clientWidth + 1)
            .map(element => element.textContent.trim().slice(0, 60))"""
    )
    assert outside == []


@pytest.mark.parametrize(
    ("media", "width"), [*(("screen", width) for width in (360, 768, 1024, 1400)), ("print", 718), ("print", 1040)]
)
def test_no_picture_is_squeezed_beside_another(look_at, report_file, media, width):
    page = look_at(report_file(), width=width).page
    page.emulate_media(media=media)
    widths = page.eval_on_selector_all(
        ".pair-stage img, .pair-maps figure, .closeup-pair figure, .strip figure, .card",
        "all => all.filter(e => !e.closest('details:not([open])')).map(e => e.getBoundingClientRect().width)",
    )
    assert len(widths) > 10
    assert min(widths) >= 95
