import pytest

from hairtrack.ingest.names import printable_name, region_of_label, view_of_label
from hairtrack.model import FactSource, RegionName, View


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("top.jpg", View.TOP),
        ("Top-Down.JPG", View.TOP),
        ("IMG_0012_vertex.heic", View.VERTEX),
        ("crown2.png", View.VERTEX),
        ("front.jpg", View.FRONT),
        ("hairline.jpg", View.FRONT),
        ("frontHairline.jpg", View.FRONT),
        ("LEFT.JPG", View.LEFT),
        ("right side.jpg", View.RIGHT),
        ("backView.jpg", View.BACK),
        ("donor area.jpg", View.BACK),
        ("close-up.jpg", View.CLOSEUP),
        ("CloseUp_vertex.jpg", View.CLOSEUP),
        ("closeup left temple.jpg", View.CLOSEUP),
        # Turkish, with and without its own letters
        ("üstten.jpg", View.TOP),
        ("ustten.jpg", View.TOP),
        ("TEPE.jpg", View.VERTEX),
        ("önden.jpg", View.FRONT),
        ("ön.jpg", View.FRONT),
        ("Ön 2.jpg", View.FRONT),
        ("SAÇ ÇİZGİSİ.jpg", View.FRONT),
        ("saç çızgısı.jpg", View.FRONT),
        ("sol.jpg", View.LEFT),
        ("SAĞ.jpg", View.RIGHT),
        ("sag.jpg", View.RIGHT),
        ("arka.jpg", View.BACK),
        ("VERİCİ ALAN.jpg", View.BACK),
        ("yakın çekim.jpg", View.CLOSEUP),
        ("yakin-plan.jpg", View.CLOSEUP),
        # Spanish
        ("arriba.jpg", View.TOP),
        ("coronilla.jpg", View.VERTEX),
        ("línea capilar.jpg", View.FRONT),
        ("izquierda.jpg", View.LEFT),
        ("derecha.jpg", View.RIGHT),
        ("atrás.jpg", View.BACK),
        ("primer plano.jpg", View.CLOSEUP),
        # German
        ("von oben.jpg", View.TOP),
        ("Haarwirbel.jpg", View.VERTEX),
        ("Stirn.jpg", View.FRONT),
        ("links.jpg", View.LEFT),
        ("RECHTS.jpg", View.RIGHT),
        ("Rückseite.jpg", View.BACK),
        ("RUECKSEITE.jpg", View.BACK),
        ("Nahaufnahme.jpg", View.CLOSEUP),
    ],
)
def test_views_are_read_in_four_languages(name, view):
    assert view_of_label(name) == (view, FactSource.FILE_NAME)


@pytest.mark.parametrize(
    "name",
    ["IMG_0012.jpg", "photo on monday.jpg", "desktop.png", "stop.jpg", "front_left.jpg", "topvertex.jpg", ".jpg"],
)
def test_other_names_tell_no_view(name):
    assert view_of_label(name) == (None, FactSource.UNKNOWN)


def test_decomposed_letters_of_macos_are_the_same_letters():
    assert view_of_label("u\u0308stten.jpg")[0] is View.TOP
    assert view_of_label("o\u0308n.jpg")[0] is View.FRONT


def test_the_folder_tells_the_view_when_the_file_does_not():
    assert view_of_label("left/2026-01-10/IMG_1.jpg") == (View.LEFT, FactSource.FOLDER_NAME)
    assert view_of_label("left/right/IMG_1.jpg") == (View.RIGHT, FactSource.FOLDER_NAME)


def test_an_oblique_view_is_not_taken_from_its_folder():
    assert view_of_label("left/front_right.jpg") == (None, FactSource.UNKNOWN)


@pytest.mark.parametrize(
    ("label", "region"),
    [
        ("closeup_vertex.jpg", RegionName.VERTEX),
        ("closeup crown 2.jpg", RegionName.VERTEX),
        ("closeup_frontal hairline.jpg", RegionName.FRONTAL_HAIRLINE),
        ("closeup_front.jpg", RegionName.FRONTAL),
        ("closeup mid-scalp.jpg", RegionName.MIDSCALP),
        ("closeup_left_temple.jpg", RegionName.TEMPLE_LEFT),
        ("dermoskopi sağ şakak.jpg", RegionName.TEMPLE_RIGHT),
        ("makro parietal links.jpg", RegionName.PARIETAL_LEFT),
        ("closeup_right_parietal.jpg", RegionName.PARIETAL_RIGHT),
        ("closeup_donor.jpg", RegionName.OCCIPITAL),
        ("vertex/closeup.jpg", RegionName.VERTEX),
        ("closeup.jpg", None),
        ("closeup_vertex_donor.jpg", None),
    ],
)
def test_the_region_of_a_closeup(label, region):
    assert region_of_label(label) is region


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("top.jpg", "top.jpg"),
        ("üst.jpg", "üst.jpg"),
        ("a\udcffb.jpg", "a\\xffb.jpg"),
        ("a\nb\x1b[31m.jpg", "a\\u000ab\\u001b[31m.jpg"),
        ("a\\b", "a\\\\b"),
        ("gpj.\u202etop", "gpj.\\u202etop"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
    ],
)
def test_names_are_safe_to_print(name, shown):
    assert printable_name(name) == shown
    assert shown.isprintable()
    shown.encode("utf-8")
