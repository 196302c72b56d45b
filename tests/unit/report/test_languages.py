import dataclasses
import re
import string
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import hairtrack.report
from hairtrack.model import State
from hairtrack.outcome.sentences import PATIENT_SENTENCES, SENTENCES
from hairtrack.report.audience import LanguageCode
from hairtrack.report.html import render_html
from hairtrack.report.language import language_of, read_catalogue
from hairtrack.report.paper import spoken_messages

TRANSLATED = [code for code in LanguageCode if code is not LanguageCode.ENGLISH]
METHODS = [("**.py", "python"), ("templates/**.j2", "jinja2")]


@pytest.fixture(scope="module")
def sentences():
    """Return every sentence that the report can say, and every sentence of a verdict."""
    folder = str(Path(hairtrack.report.__file__).parent)
    own = [message for _, _, message, _, _ in extract_from_dir(folder, METHODS)]
    return [*own, *spoken_messages(), *SENTENCES.values(), *PATIENT_SENTENCES.values()]


def placeholders(text):
    return sorted(re.findall(r"%\(\w+\)s", text) + [name for _, name, _, _ in string.Formatter().parse(text) if name])


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated(code, sentences):
    catalogue = read_catalogue(code)
    missing = [message for message in sentences if catalogue.get(message) is None]
    assert missing == []
    empty = [m.id for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else (m.string,))]
    assert empty == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_translation_keeps_its_values(code):
    for message in read_catalogue(code):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        told = message.string if isinstance(message.string, tuple) else (message.string,)
        if ids[0]:
            for text in told:
                assert placeholders(text) == placeholders(ids[0]), ids[0]


def test_dates_and_numbers_follow_the_language():
    said = {code: language_of(code) for code in LanguageCode}
    day = date(2026, 7, 10)
    assert [said[code].day(day) for code in LanguageCode] == [
        "10 July 2026",
        "10 Temmuz 2026",
        "10 de julio de 2026",
        "10. Juli 2026",
    ]
    assert said[LanguageCode.ENGLISH].number(-1234.5, digits=1) == "−1,234.5"
    assert said[LanguageCode.GERMAN].number(1234.5, digits=1, signed=True) == "+1.234,5"
    assert said[LanguageCode.TURKISH].percent("61") == "%61"
    assert said[LanguageCode.ENGLISH].number(-0.2) == "0"


def test_the_capital_of_a_turkish_i_keeps_its_dot():
    assert language_of(LanguageCode.TURKISH).capitalised("ilk fotoğraf") == "İlk fotoğraf"
    assert language_of(LanguageCode.TURKISH).capitalised("ışık") == "Işık"
    assert language_of(LanguageCode.GERMAN).capitalised("im Ganzen") == "Im Ganzen"
    assert language_of(LanguageCode.ENGLISH).capitalised("") == ""


def test_a_sentence_with_values_is_found_again_and_filled():
    spoken = "Growth is on course with a probability of 96 %; most likely 88 % of planted hair grows."
    german = language_of(LanguageCode.GERMAN).sentence(spoken)
    assert german.lang is None
    assert "96\N{NO-BREAK SPACE}%" in german.text
    assert german.text.startswith("Das Wachstum ist")
    turkish = language_of(LanguageCode.TURKISH).sentence("The next photo is due around 2026-12-10.")
    assert turkish.text == "Sonraki fotoğrafın zamanı 10 Aralık 2026 dolayları."


def test_a_value_that_is_a_word_is_translated_too():
    spoken = language_of(LanguageCode.SPANISH).sentence("Vertex: nothing was recorded before treatment.")
    assert spoken.text == "Coronilla: no se registró nada antes del tratamiento."


def test_an_unknown_sentence_stays_english_and_says_so():
    spoken = language_of(LanguageCode.GERMAN).sentence("A sentence that nobody translated.")
    assert (spoken.text, spoken.lang) == ("A sentence that nobody translated.", "en")


def test_braces_in_a_sentence_of_a_case_are_harmless():
    for code in LanguageCode:
        assert language_of(code).sentence("a {b} {0} %(c)s % d").text == "a {b} {0} %(c)s % d"


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_a_report_in_another_language_has_no_english_of_ours(dossier_in, code, audience, sentences):
    page = render_html(dossier_in(State.BEHIND), (), audience=audience, language=code)
    assert f'<html lang="{code.value}">' in page
    visible = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", "\n", page, flags=re.DOTALL)
    shown = {line.strip() for line in visible.splitlines()}
    catalogue = read_catalogue(code)
    same = {m.id for m in catalogue if m.id == m.string} | {"Crown", "Stable"}
    english = {text for text in sentences if isinstance(text, str) and " " in text} - same
    assert shown & english == set()


def test_percentages_carry_a_true_sign_and_stay_on_one_line():
    spoken = "Density holds (-0 %, -6 % to +36 %) where a loss of about 6% is expected without treatment."
    space, minus = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"
    english, turkish = (
        language_of(code).sentence(spoken).text for code in (LanguageCode.ENGLISH, LanguageCode.TURKISH)
    )
    assert f"(0{space}%, {minus}6{space}% to +36{space}%)" in english
    assert f"about 6{space}%" in english
    assert f"%0, %{minus}6" in turkish


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_only_english_is_marked_as_english(dossier_in, code, audience):
    verdict = dataclasses.replace(
        dossier_in(State.BEHIND).verdicts[0],
        evidence=("Two looks at least three weeks apart agree.",),
        next_step="Take the next photo in a month, dry, same length, same light.",
        sentence_for_patient="Growth is on course.",
    )
    page = render_html(
        dataclasses.replace(dossier_in(State.BEHIND), verdicts=(verdict,)), (), audience=audience, language=code
    )
    card = page.split('class="card ')[1].split("</li>")[0]
    assert 'lang="en"' not in card
