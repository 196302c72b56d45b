"""The letter: what stands in the PDF, who can read it, and what it refuses."""

import dataclasses
import html
import io
import re
import shutil
import subprocess
from collections.abc import Iterator

import pypdf
import pytest
import typst
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from hairtrack.model import (
    CountChange,
    Dossier,
    FigureKind,
    HairMatch,
    HairMatchEntry,
    Note,
    NoteKind,
    RegionName,
    Registration,
    RegistrationStatus,
    State,
    Tier,
)
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.drawings import paint, palette
from hairtrack.report.html import render_html
from hairtrack.report.language import language_of
from hairtrack.report.letterhead import Letterhead, Logo
from hairtrack.report.paper import letter_of, newest_day, render_pdf
from hairtrack.report.reader import reader_of
from hairtrack.report.typesetting import typeset

CLINIC = Letterhead(
    name="Özel Saç Sağlığı Kliniği",
    address=("Bağdat Cad. 12, 34710 İstanbul",),
    logo=Logo(
        content=b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>', kind="svg"
    ),
)
TURKISH = "ğ Ğ ı ş Ş İ ö Ö ç Ç ü Ü: ıspanak, İĞNE, şağ"
HOSTILE = "<script>alert('note')</script> #panic() #image(\"/etc/passwd\") = Heading *bold* $x$ @label `raw` \\ //"


def noted(dossier: Dossier, *texts: str) -> Dossier:
    notes = tuple(Note(on=dossier.notes[0].on, kind=NoteKind.ILLNESS, text=text) for text in texts)
    return dataclasses.replace(dossier, notes=notes)


@pytest.fixture(scope="module")
def told(dossier_of) -> Dossier:
    """Two regions of the invented case, with notes that hold every Turkish letter and every trap."""
    dossier = dossier_of({RegionName.FRONTAL: State.ON_COURSE, RegionName.OCCIPITAL: State.DONOR_AS_PLANNED})
    return noted(dossier, TURKISH, HOSTILE, "x" * 400)


@pytest.fixture(scope="module")
def letters(told, dossier_in, figures) -> dict[str, bytes]:
    """The letter in each language, to the clinician and to the patient by turns; in two of them short and bare."""
    short = noted(dossier_in(State.STABLE), TURKISH)
    cases = {
        "en": (told, figures, "clinician"),
        "tr": (told, figures, "patient"),
        "es": (short, (), "patient"),
        "de": (short, (), "clinician"),
    }
    return {
        code: render_pdf(dossier, shown, language=code, audience=audience, letterhead=CLINIC)
        for code, (dossier, shown, audience) in cases.items()
    }


@pytest.fixture(scope="module")
def texts(letters) -> dict[str, list[str]]:
    """The text of each page of each letter."""
    return {code: [page.extract_text() for page in opened(content).pages] for code, content in letters.items()}


def opened(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(content).pages)


def run_together(text: str) -> str:
    """Return text without blanks: lines may break anywhere."""
    return re.sub(r"\s+", "", text)


def elements_below(node: object) -> Iterator[DictionaryObject]:
    """Yield every element of a structure tree from a node on."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for kid in node:
            yield from elements_below(kid)
    elif isinstance(node, DictionaryObject) and "/S" in node:
        yield node
        yield from elements_below(node.get("/K"))


def structure(content: bytes) -> list[DictionaryObject]:
    return list(elements_below(opened(content).trailer["/Root"]["/StructTreeRoot"]["/K"]))


@pytest.mark.parametrize("code", LanguageCode)
def test_it_is_tagged_titled_and_says_its_language(letters, code):
    pdf = opened(letters[code.value])
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == code.value
    assert pdf.metadata.title == language_of(code).text("Progress report") + " · P001"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


@pytest.mark.parametrize("code", LanguageCode)
def test_turkish_letters_come_out_as_they_went_in(texts, code):
    assert run_together(TURKISH) in run_together("".join(texts[code.value]))


@pytest.mark.parametrize("code", LanguageCode)
def test_pages_are_counted_in_the_language_under_the_intended_use(texts, code):
    pages, language = texts[code.value], language_of(code)
    for number, text in enumerate(pages, start=1):
        counted = language.text("Page %(number)s of %(count)s") % {"number": number, "count": len(pages)}
        assert counted in text
        assert run_together(language.text("This report supports a clinician. It is no diagnosis.")) in run_together(
            text
        )
        assert "Özel Saç Sağlığı Kliniği" in text


def test_text_of_a_case_is_never_markup(texts):
    text = run_together("".join(texts["en"]))
    assert run_together(HOSTILE) in text
    assert "x" * 400 in text


def test_a_letter_that_no_font_has_is_told_by_its_code_and_others_are_kept(dossier_in):
    dossier = noted(dossier_in(State.STABLE), "中文 😀 👩‍⚕️ \x07 שלום مرحبا \u1e00\u20de")
    text = run_together(text_of(render_pdf(dossier, ())))
    assert "[U+4E2D][U+6587]" in text
    assert "[U+1F600]" in text
    assert "[U+0007]" in text
    assert "[U+05E9]" not in text


def test_every_font_lies_inside(letters):
    for page in opened(letters["tr"]).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()


def test_every_picture_says_its_finding(letters, told, figures):
    elements = structure(letters["en"])
    drawn = [str(element.get("/Alt", "")) for element in elements if element["/S"] == "/Figure"]
    assert all(drawn)
    reader = reader_of(told, audience=Audience.CLINICIAN, language=language_of(LanguageCode.ENGLISH))
    document, _ = letter_of(told, figures, reader=reader, blind=False, letterhead=None)
    for region in document["page"]["regions"]:
        for course in region["courses"]:
            assert f"{course['title']}. {course['finding']}" in drawn
    assert any(alt.endswith("Frontal area: On course Back of the head: Donor as planned") for alt in drawn)
    headings = {str(element["/S"]) for element in elements}
    assert {"/H1", "/H2", "/H3", "/H4", "/TH", "/TD", "/L"} <= headings


def test_a_picture_without_words_is_refused():
    """The standard that the letter keeps can say no."""
    head = b'#set document(title: "x")\n'
    files = {"one.svg": CLINIC.logo.content}
    assert typeset({"main.typ": head + b'#image("one.svg", alt: "a line")', **files}).startswith(b"%PDF")
    with pytest.raises(typst.TypstError, match="missing alt text"):
        typeset({"main.typ": head + b'#image("one.svg")', **files})


def test_the_first_page_is_the_answer(dossier_in, figures):
    page = run_together(opened(render_pdf(dossier_in(State.BEHIND), figures)).pages[0].extract_text())
    for said in (
        "If no doctor has looked at this since then, one should now.",
        "Behind the usual course",
        "Coverage −2 percentage points",
        "range −8 to +4; within the measuring error",
        "Expected now 52 to 74 %, measured: 63 %",
        "Decision not before 10 January 2027",
        "Repeat the photo from above on 10 December 2026.",
        "a ruler in the close-up",
        "Next photo due 10 December 2026",
        "Name and signature",
    ):
        assert run_together(said) in page


def test_a_patient_sees_no_file_name_no_probability_and_nothing_to_sign(dossier_in):
    text = text_of(render_pdf(dossier_in(State.FAILURE), (), audience="patient"))
    assert "Photo 4" in text
    for hidden in ("top.jpg", "Possible causes", "Name and signature", "quality.sharpness_retake", "0000000000"):
        assert hidden not in text
    assert "fail" not in text.lower()
    assert "Klini" not in text, "nothing stands in the place of a letterhead"


def test_no_picture_tells_a_patient_a_file_name(told, letters):
    said = " ".join(str(element.get("/Alt", "")) for element in structure(letters["tr"]))
    assert "Üstten" in said
    assert not [entry.photo.file for entry in told.photos if entry.photo.file in said]


def test_faces_are_left_out_unless_asked_for(dossier_in, figures):
    dossier = dossier_in(State.STABLE)

    def words(**options: object) -> set[str]:
        told = (str(element.get("/Alt")) for element in structure(render_pdf(dossier, figures, **options)))
        return {text.rpartition(": ")[2] for text in told}

    face = [dataclasses.replace(figure, kind="closeup_overlay") for figure in figures if figure.contains_face]
    figures = (*figures, *face)
    assert "FACE" not in words()
    assert "FACE" in words(show_face=True)
    assert "FACE" not in words(blind=True)


def test_a_blind_letter_gives_nothing_away(dossier, figures):
    content = render_pdf(dossier, figures, blind=True)
    said = text_of(content) + " ".join(str(element.get("/Alt", "")) for element in structure(content))
    assert "Blind review" in said
    assert "Picture B" in said
    for word in ("P001", "FUE", "On course", "top.jpg", "2026", "coverage 0."):
        assert word not in said
    assert b"2026" not in content.split(b"stream")[-1]
    assert opened(content).metadata.creation_date is None


def test_rendering_again_gives_the_same_bytes(dossier_in):
    assert render_pdf(dossier_in(State.STABLE), ()) == render_pdf(dossier_in(State.STABLE), ())


def test_the_letter_bears_the_day_of_the_newest_judgement(dossier, letters):
    day = max(verdict.judged_on for verdict in dossier.verdicts)
    assert opened(letters["en"]).metadata.creation_date.date() == day
    assert newest_day(dataclasses.replace(dossier, verdicts=(), photos=(), notes=(), observations=())) is None


def test_an_empty_case_is_still_a_letter(dossier):
    empty = dict.fromkeys(
        ("treatments", "observations", "notes", "photos", "registrations", "measurements", "changes", "bands"), ()
    )
    bare = dataclasses.replace(dossier, **empty, verdicts=(), alerts=(), notices=(), problems=())
    text = text_of(render_pdf(bare, ()))
    assert "No region could be judged." in text
    assert "The case holds no photos." in text


def test_a_drawing_for_paper_knows_no_variable_and_every_tone():
    assert "var(" not in paint()
    for tone in ("good", "expected", "watch", "concern", "unknown"):
        assert f".region.tone-{tone}" in paint()
        assert palette()[tone] in paint()


def test_the_same_hairs_on_two_dates_stand_side_by_side_and_a_refused_match_says_why(dossier_in, figures):
    first, last, other = (figure.file for figure in (figures[0], figures[7], figures[1]))
    spot = {"kind": FigureKind.CLOSEUP_OVERLAY, "region": RegionName.FRONTAL}
    drawn = (
        dataclasses.replace(figures[0], **spot, reference=last, alt="1 of 41 hairs not found again on 2026-11-10"),
        dataclasses.replace(figures[7], **spot, reference=first, alt="2 of 42 hairs not there on 2026-01-08"),
    )
    refused = HairMatch(
        status=RegistrationStatus.REFUSED,
        reason="too few hairs in common",
        pairs=(),
        lost=(),
        gained=(),
        thinned=(),
        registration=Registration(
            reference=first, moving=other, status=RegistrationStatus.REFUSED, tier=Tier.NONE, reason="no match"
        ),
        count_change=None,
    )
    change = CountChange(value=1, fraction=0.02, interval95=(-0.05, 0.09))
    found = dataclasses.replace(refused, status=RegistrationStatus.ACCEPTED, reason=None, count_change=change)
    matches = (
        HairMatchEntry(reference=first, moving=last, match=found),
        HairMatchEntry(reference=first, moving=other, match=refused),
    )
    content = render_pdf(dataclasses.replace(dossier_in(State.RESPONSE), hair_matches=matches), drawn)
    text = run_together(text_of(content))
    for said in (
        "1 of 41 hairs not found again on 10 November 2026",
        "Net change on the area that both show: +1 hair (+2 %; range −5 % to +9 %).",
        "not found again: lost",
        "Could not be matched hair by hair: 8 January 2026 – 7 February 2026. Too few hairs in common.",
    ):
        assert run_together(said) in text


UNSAID = {
    *("anchor", "key", "measurand", "kind", "file", "photo", "media_type", "lang", "tone", "decision"),  # names of ours
    *("alt", "mark", "marks", "swatch", "chart", "quantity", "region"),  # drawings, and what they are called
    *("between", "earlier_maps"),  # the letter shows the first and the newest date
    *("meaning", "remedies"),  # of a photo that need not be taken again
}
UNSAID_TO = {"clinician": {"plain"}, "patient": {"likelihoods", "rows", "scale", "error", "remedy"}}


def said_in(value: object, unsaid: set[str]) -> Iterator[str]:
    """Return every text of the page that a reader must find."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        shown = {"finding"} if "width_px" in value else set()  # a picture may say it to those who cannot see it alone
        for key, part in value.items():
            if key not in unsaid | shown:
                yield from said_in(part, unsaid)
    elif isinstance(value, list):
        for part in value:
            yield from said_in(part, unsaid)


@pytest.mark.parametrize(("code", "audience"), [("en", "clinician"), ("tr", "patient")])
def test_the_letter_says_what_the_page_says(told, figures, texts, code, audience):
    reader = reader_of(told, audience=Audience(audience), language=language_of(LanguageCode(code)))
    document, _ = letter_of(told, figures, reader=reader, blind=False, letterhead=CLINIC)
    wanted = {text for text in said_in(document["page"], UNSAID | UNSAID_TO[audience]) if text}
    assert len(wanted) > 100
    page = html.unescape(re.sub(r"<[^>]+>", "", render_html(told, figures, language=code, audience=audience)))
    for name, place in (("page", page), ("letter", "".join(texts[code]))):
        there = run_together(place)
        missing = [text for text in sorted(wanted) if run_together(text) not in there]
        assert not missing, f"not on the {name}: {missing}"


def test_every_table_names_its_columns(letters):
    tables = [element for element in structure(letters["en"]) if element["/S"] == "/Table"]
    assert len(tables) >= 3
    for table in tables:
        assert "/TH" in {str(element["/S"]) for element in elements_below(table)}


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler) is not installed")
def test_another_program_draws_it_without_a_warning(letters, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(letters["de"])
    answer = subprocess.run(
        ["pdftoppm", "-r", "20", "-png", path, tmp_path / "page"],  # noqa: S607 the program of this machine
        capture_output=True,
        check=True,
    )
    assert answer.stderr == b""
    assert len(list(tmp_path.glob("page*.png"))) == len(opened(letters["de"]).pages)
