import json

from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.blind import blind_groups, blind_key, letters_of
from hairtrack.report.html import render_html
from hairtrack.report.language import language_of
from hairtrack.report.reader import reader_of


def test_the_key_resolves_every_letter_and_the_page_gives_nothing_away(dossier, figures):
    page = render_html(dossier, figures, blind=True)
    key = json.loads(blind_key(dossier))["pictures"]
    assert {entry["file"] for entry in key.values()} == {entry.photo.file for entry in dossier.photos}
    shown = page.split("</style>")[1]
    for word in ("2026", "P001", "FUE", "On course", "top.jpg", "coverage 0."):
        assert word not in shown
    assert "It is no diagnosis." in page


def test_the_order_is_shuffled_and_the_same_each_time(dossier):
    files = list(letters_of(dossier))
    assert files != [entry.photo.file for entry in dossier.photos]
    assert list(letters_of(dossier)) == files
    assert list(letters_of(dossier).values())[:3] == ["A", "B", "C"]


def test_each_photo_of_a_place_is_shown_once(dossier, figures):
    reader = reader_of(dossier, audience=Audience.CLINICIAN, language=language_of(LanguageCode.ENGLISH))
    (group,) = blind_groups(dossier, [figure for figure in figures if not figure.contains_face], reader)
    letters = [item.letter for item in group.pictures]
    assert letters == sorted(set(letters))
    assert len(letters) == 8
