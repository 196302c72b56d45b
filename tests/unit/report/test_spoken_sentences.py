"""Whatever a room says to people, the report says in every language: sentences are found in the source of the rooms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import hairtrack
from hairtrack.knowledge import load
from hairtrack.measure.closeup import CLOSEUP_MEASURANDS
from hairtrack.model import TreatmentKind
from hairtrack.outcome.hanging import ODDS, TABLES
from hairtrack.report.audience import LanguageCode
from hairtrack.report.language import language_of, read_catalogue
from hairtrack.report.quantities import QUANTITIES

TRANSLATED = [code for code in LanguageCode if code is not LanguageCode.ENGLISH]
ROOT = Path(hairtrack.__file__).parent
ROOMS = ("ingest", "quality", "segment", "align", "measure", "course", "outcome", "pipeline")


def sentences_in(source: str) -> Iterator[str]:
    """Give every text of more than one word that is no documentation and no error, values as `{}`."""
    silent: set[ast.AST] = set()
    for node in ast.walk(ast.parse(source)):
        documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if documentation or node in silent or isinstance(node, ast.Raise):
            silent |= set(ast.iter_child_nodes(node))
        elif isinstance(node, ast.JoinedStr):
            silent |= {part for part in node.values if isinstance(part, ast.Constant)}
            yield from said("".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from said(shape(node.value))


def said(text: str) -> Iterator[str]:
    if re.search(r"[a-z{}] [a-z{}]", text):
        yield text


def shape(text: str) -> str:
    return re.sub(r"\{\w*\}", "{}", text)


NEVER_IN_A_REPORT = {
    "ingest/case_faults.py": "a wrong case file is refused before any report",
    "ingest/names.py": "words that are looked for in names of files",
    "measure/registry.py": "the manual of measurands",
    "pipeline/letterhead.py": "a wrong letterhead is refused before any report",
    "pipeline/questions.py": "answers of the small commands",
}
PARTS = {
    "correct the file; docs/case.md tells what it may say": "a wrong case file is refused",
    "patient.birth_year: found {}, which lies in the future": "a wrong case file is refused",
    "nested too deeply": "a wrong case file is refused",
    "{}: {} is given twice": "a wrong case file is refused",
    '{}[{}].file: "{}" must be a path below the case folder': "a wrong case file is refused",
    "date not used": "the beginning of a remark, said whole below",
    "{}: the {} may mean {}": "the end of a remark, said whole below",
    "{}{}, by about {} degrees.": "a chin to turn, said whole below",
    ": one photo is mirrored or left and right are swapped": "the end of a reason, said whole below",
    "curved, smoothing {}": "a score of an alignment",
    "reference start, {}": "the name of an effect in the trace of a course",
    "hair hides {} of the region; {}": "said whole below",
    "Costs on record so far: {} {}": "its full stop is put behind it",
    "looking at photos": "told on the terminal",
    "aligning photos": "told on the terminal",
    "finding hairs again": "told on the terminal",
    "measuring regions": "told on the terminal",
    "drawing hairs": "told on the terminal",
    "drawing guides": "told on the terminal",
}
"""Texts of the rooms that are no sentence of a report, or only a part of one, each with the reason."""

WHOLE = (
    "hair hides 82 % of the region; dark blue is covered by hair, pale yellow is bare scalp",
    "date not used: the file name may mean 2026-01-10 or 2026-10-01",
    "date not used: 2031-01-10 (EXIF) lies in the future (today is 2026-11-22); 2026-01-10 is used",
    "the date of this photo is not known; date not used: 1901-01-10 (folder name) lies before the year of birth (1985)",
    "duplicate: the same picture as 2026-01-08/top.jpg; it is used once",
    "the marked points contradict each other: one photo is mirrored or left and right are swapped",
    "Come closer: the head is 12% smaller than in the reference. Turn the chin to the right, by about 8 degrees.",
    "Point the phone further up: the head should lie further down, by 7% of the height.",
    "Turn the phone counter-clockwise by about 6 degrees, as seen from behind it.",
    "the region is nearly bare on one of the dates",
    "the photo could not be aligned: only 12% of the scalp is shown by both photos",
    "Temple left: the verdict of 2026-07-10 (poor growth is probable) is withdrawn. The outcome cannot be known yet.",
    "On record: kidney failure. It speaks against platelet-rich plasma; ask a doctor.",
    "Sessions of PRP on 2026-01-10 and 2026-01-20 are 10 days apart, sooner than usual; 14 to 28 days are usual.",
    "2 photos show the left view on 2026-01-10; all are kept",
    "Costs on record so far: 900.00 EUR.",
)
"""Sentences that the rooms put together, as they reach the report."""


def spoken_by(path: Path) -> list[str]:
    return [text for text in dict.fromkeys(sentences_in(path.read_text(encoding="utf-8"))) if text not in PARTS]


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[str]]:
    """Return what each module says to people."""
    modules = [path for room in ROOMS for path in sorted((ROOT / room).glob("*.py"))]
    named = {path.relative_to(ROOT).as_posix(): path for path in modules}
    return {name: spoken_by(path) for name, path in named.items() if name not in NEVER_IN_A_REPORT}


def test_the_search_finds_texts_and_leaves_out_documentation_and_errors():
    source = '''def f(x):
    """A word on it."""
    if x:
        raise ValueError(f"it is no {x} at all")
    return f"the photo is {x} wide", "two words", "one"
'''
    assert list(sentences_in(source)) == ["the photo is {} wide", "two words"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_of_the_rooms_is_in_the_catalogue(code, spoken):
    known = {shape(message.id) for message in read_catalogue(code) if isinstance(message.id, str)}
    assert {name: missing for name, texts in spoken.items() if (missing := [t for t in texts if t not in known])} == {}


def test_no_exception_is_out_of_date():
    texts = {text for room in ROOMS for path in (ROOT / room).glob("*.py") for text in sentences_in(path.read_text())}
    assert set(PARTS) <= texts
    assert all((ROOT / name).is_file() for name in NEVER_IN_A_REPORT)


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("sentence", WHOLE)
def test_a_sentence_put_together_is_told_whole(code, sentence):
    told = language_of(code).sentence(sentence)
    assert told.lang is None
    words = set(re.findall(r"\b[a-z]{5,}\b", sentence)) - {"plasma", "probable"}  # Spanish words too
    assert words.isdisjoint(re.findall(r"\b[a-z]{5,}\b", told.text)), told.text


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_contra_indication_is_in_the_catalogue(code):
    catalogue = read_catalogue(code)
    texts = [contra.text for contra in load().contra_indications]
    assert texts
    assert [text for text in texts if catalogue.get(text, "condition") is None] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_same_word_reads_as_its_place_asks(code):
    language = language_of(code)
    moved = language.sentence("Point the phone further left: the head should lie further right, by 7% of the width.")
    seen = language.sentence("2 photos show the left view on 2026-01-10; all are kept")
    assert moved.lang is seen.lang is None
    expected = {
        "de": ("nach links", "(links)"),
        "es": ("hacia la izquierda", "(izquierda)"),
        "tr": ("sola", "(sol yan)"),
    }
    in_move, in_view = expected[code.value]
    assert in_move in moved.text
    assert in_view in seen.text


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_assumption_that_a_verdict_may_hang_on_is_in_the_catalogue(code):
    knowledge = load()
    tables = [*(prefix for role in TABLES.values() for prefix in role), *(f"{kind.value}." for kind in TreatmentKind)]
    keys = {*knowledge.assumed_below("verdict.", *tables), *(key for rows in ODDS.values() for key, _ in rows)}
    assert len(keys) > 50
    catalogue, language = read_catalogue(code), language_of(code)
    populations = {knowledge.fact(key).population for key in keys}
    assert sorted(text for text in populations if catalogue.get(text, "what") is None) == []
    told = language.sentence("odds behind patients with over-extraction (donor.prior) were half what is assumed")
    assert told.lang is None
    assert "patients" not in told.text


def test_every_number_of_a_closeup_has_a_name_of_its_own():
    assert set(CLOSEUP_MEASURANDS) <= set(QUANTITIES)
