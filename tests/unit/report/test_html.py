import dataclasses
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from hairtrack.model import State
from hairtrack.report.html import render_html
from hairtrack.report.states import STATES

VOID = {"meta", "img", "br", "input", "link", "hr"}


class Outline(HTMLParser):
    """Collects ids, links, addresses and unclosed elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.ids, self.links, self.addresses, self.images = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in facts:
            self.ids.append(facts["id"])
        if tag in {"a", "use"}:
            self.links.append(facts["href"])
        if tag == "img":
            self.images.append(facts)
        self.addresses += [facts[name] for name in ("src", "srcset", "action") if name in facts]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(page):
    parser = Outline()
    parser.feed(page)
    parser.close()
    return parser


@pytest.fixture(scope="module", params=["clinician", "patient"])
def audience(request):
    return request.param


@pytest.fixture(scope="module")
def page(dossier, figures, audience):
    return render_html(dossier, figures, audience=audience)


def test_the_page_is_well_formed_and_needs_nothing_else(page):
    found = outline(page)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert all(link.startswith("#") and link[1:] in found.ids for link in found.links)
    assert found.addresses
    assert all(address.startswith("data:image/") for address in found.addresses)
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert all(image["alt"] and image["loading"] == "lazy" and image["decoding"] == "async" for image in found.images)


def test_only_our_own_style_and_script_are_allowed(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.count("<script") == 1
    assert " style=" not in page
    assert not re.search(r"\son\w+=", re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))


def test_rendering_again_gives_the_same_bytes(dossier, figures, audience, page):
    assert render_html(dossier, figures, audience=audience) == page


def test_text_of_the_case_is_shown_and_never_run(page):
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


def test_it_says_that_it_is_no_diagnosis(page):
    assert "This report supports a clinician. It is no diagnosis." in page


def test_faces_are_left_out_unless_asked_for(dossier, figures):
    assert ': FACE"' not in render_html(dossier, figures)
    assert "1 picture shows a face and was left out." in render_html(dossier, figures)
    assert ': FACE"' in render_html(dossier, figures, show_face=True)


def test_a_patient_never_sees_a_file_name_nor_the_word_failure(dossier, figures, dossier_in):
    page = render_html(dossier, figures, audience="patient")
    for entry in dossier.photos:
        assert entry.photo.file not in page
    assert "Photo 4" in page
    failed = render_html(dossier_in(State.FAILURE), (), audience="patient")
    assert "fail" not in re.sub(r"<style>.*?</style>|<script>.*?</script>", "", failed, flags=re.DOTALL).lower()


@pytest.mark.parametrize("state", State)
def test_every_state_is_told_with_its_reason_and_next_step(dossier_in, state, audience):
    dossier = dossier_in(state)
    silent = dataclasses.replace(dossier.verdicts[0], evidence=())
    page = render_html(dataclasses.replace(dossier, verdicts=(silent,)), (), audience=audience)
    text = STATES[state]
    patient = audience == "patient"
    assert (text.patient_word if patient else text.clinician_word) in page
    assert (text.patient_reason if patient else text.clinician_reason).replace("'", "&#39;") in page
    assert (text.patient_next if patient else "Repeat the photo from above on 10 December 2026.") in page


def test_a_clinician_reads_the_leading_grounds_and_a_patient_the_plain_sentence(dossier_in):
    dossier = dossier_in(State.BEHIND)
    plain = dataclasses.replace(dossier.verdicts[0], sentence_for_patient="Growth is slower than usual so far.")
    dossier = dataclasses.replace(dossier, verdicts=(plain,))
    reason = "Coverage rose from 0.34 on 8 January 2026 to 0.63 on 10 November 2026. Two photos"
    assert reason in render_html(dossier, ())
    told = "Growth is slower than usual so far. A decision is possible from 10 January 2027."
    assert told in render_html(dossier, (), audience="patient")


def test_a_drawn_point_is_the_number_stored(dossier, figures):
    page = render_html(dossier, figures)
    drawn = [float(value) for value in re.findall(r'data-value="([^"]+)"', page)]
    stored = [m.result.value for m in dossier.measurements if m.result.status == "measured"]
    stored += [observation.value for observation in dossier.observations]
    assert sorted(drawn) == sorted(stored)


def test_an_empty_case_is_still_a_page(dossier):
    empty = dataclasses.replace(
        dossier,
        treatments=(),
        observations=(),
        notes=(),
        photos=(),
        registrations=(),
        measurements=(),
        changes=(),
        bands=(),
        verdicts=(),
        alerts=(),
        notices=(),
        problems=(),
    )
    page = render_html(empty, ())
    assert outline(page).open == []
    assert "No region could be judged." in page
    assert "The case holds no photos." in page


def test_refused_photos_come_with_how_to_retake_them(page):
    assert "Please take these again" in page
    assert "Hold the phone 30 cm above the crown and tap to focus." in page


def test_a_good_photo_that_could_not_be_aligned_comes_with_reason_and_guide(dossier, figures):
    good = dossier.photos[0].quality
    photos = tuple(dataclasses.replace(entry, quality=good) for entry in dossier.photos)

    page = render_html(dataclasses.replace(dossier, photos=photos), figures)

    retakes = page.partition('<ul class="retakes">')[2].partition('aria-label="All photos"')[0]
    assert retakes.count('<li class="retake">') == 1
    assert "too few matching points on the scalp" in retakes.lower()
    assert "Outline to match: move the head up" in retakes


@pytest.mark.parametrize(
    ("day", "advice"),
    [
        (date(2026, 11, 9), "A doctor should see this today."),
        (date(2026, 1, 19), "If no doctor has looked at this since then, one should now."),
    ],
)
def test_an_old_alert_does_not_say_today(dossier, figures, day, advice):
    alerts = tuple(dataclasses.replace(alert, on=day) for alert in dossier.alerts)
    assert advice in render_html(dataclasses.replace(dossier, alerts=alerts), figures)
