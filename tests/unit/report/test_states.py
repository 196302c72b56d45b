"""The reader test: what each verdict says to a clinician and to a patient, and how hard the patient's text reads."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest

from hairtrack.model import Phase, RegionName, RegionRole, State, Verdict
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.language import language_of
from hairtrack.report.states import STATES, Tone, next_step, state_word, verdict_sentence

READER_TABLE = Path(__file__).parents[3] / "docs" / "reader_test.md"
HIGHEST_GRADE = 8.0
ENGLISH = language_of(LanguageCode.ENGLISH)


def verdict_in(state):
    undecided = STATES[state].tone in {Tone.EXPECTED, Tone.UNKNOWN, Tone.WATCH}
    return Verdict(
        region=RegionName.FRONTAL,
        role=RegionRole.RECIPIENT,
        judged_on=date(2026, 7, 10),
        phase=Phase.REGROWTH,
        state=state,
        probabilities={},
        survival_interval90=None,
        earliest_decision_on=date(2027, 1, 10) if undecided else None,
        evidence=(),
        evidence_against=(),
        next_step="",
        missing=(),
    )


def told(state, audience):
    verdict = verdict_in(state)
    return (
        f"{state_word(state, audience=audience, language=ENGLISH)}. "
        f"{verdict_sentence(verdict, audience=audience, language=ENGLISH)} "
        f"{next_step(verdict, audience=audience, language=ENGLISH)}"
    )


def syllables(word):
    """Count groups of vowels, a silent final e left out: close to the count of a dictionary for plain words."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def reading_grade(text):
    """Return the Flesch-Kincaid grade of an English text (Kincaid et al. 1975)."""
    words = re.findall(r"[a-z]+", text.lower())
    sentences = len(re.findall(r"[.!?]", text))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def table():
    lines = [
        "# What each verdict says",
        "",
        "State, reason, date and next step as the report tells them when a verdict brings no sentences of its own.",
        "The grade is the Flesch-Kincaid reading grade of the patient's text; the tests hold it at 8 or below.",
        "",
        "| state | to the clinician | to the patient | grade |",
        "|---|---|---|---|",
    ]
    for state in State:
        patient = told(state, Audience.PATIENT)
        row = f"| `{state.value}` | {told(state, Audience.CLINICIAN)} | {patient} | {reading_grade(patient):.1f} |"
        lines.append(row)
    return "\n".join(lines) + "\n"


def test_the_reading_grade_tells_plain_from_learned_words():
    assert reading_grade("The cat sat on the mat.") < 1.0
    assert reading_grade("Perifollicular inflammation necessitates histopathological characterisation.") > 15.0


@pytest.mark.parametrize("state", State)
def test_a_patient_with_eight_years_of_school_can_read_it(state):
    assert reading_grade(told(state, Audience.PATIENT)) <= HIGHEST_GRADE


@pytest.mark.parametrize("state", State)
def test_a_patient_is_never_told_of_failure(state):
    assert "fail" not in told(state, Audience.PATIENT).lower()


@pytest.mark.parametrize("state", State)
def test_an_open_verdict_names_the_day_of_decision(state):
    open_verdict = STATES[state].tone in {Tone.EXPECTED, Tone.WATCH, Tone.UNKNOWN}
    for audience in Audience:
        assert ("10 January 2027" in told(state, audience)) == open_verdict


def test_a_day_of_decision_that_has_passed_is_not_announced():
    late = dataclasses.replace(verdict_in(State.BELOW_TARGET), judged_on=date(2027, 2, 1))
    assert "2027" not in verdict_sentence(late, audience=Audience.PATIENT, language=ENGLISH)


def test_a_day_that_has_passed_is_not_announced_of_a_region_that_nothing_was_seen_of():
    unseen = dataclasses.replace(verdict_in(State.INSUFFICIENT_EVIDENCE), judged_on=None)
    assert "2027" in verdict_sentence(unseen, audience=Audience.CLINICIAN, language=ENGLISH)
    later = verdict_sentence(unseen, audience=Audience.CLINICIAN, language=ENGLISH, newest=date(2027, 2, 1))
    assert "2027" not in later


def test_the_table_in_the_documentation_is_what_the_report_says():
    assert READER_TABLE.read_text(encoding="utf-8") == table()
