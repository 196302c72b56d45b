import pytest

from hairtrack.model import InputError
from hairtrack.pipeline.letterhead import LOGO_LIMIT_BYTES, read_letterhead, settings_folder

SIGN = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
SETTINGS = """
[letterhead]
name = "Özel Saç Kliniği"
address = ["Bağdat Cad. 12", "34710 İstanbul"]
logo = "sign.svg"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "sign.svg").write_text(SIGN, encoding="utf-8")
    return tmp_path


def test_name_address_and_logo_are_read(folder):
    letterhead = read_letterhead(folder)
    assert (letterhead.name, letterhead.address) == ("Özel Saç Kliniği", ("Bağdat Cad. 12", "34710 İstanbul"))
    assert (letterhead.logo.kind, letterhead.logo.content) == ("svg", SIGN.encode())


def test_nothing_set_is_no_letterhead(tmp_path):
    assert read_letterhead(tmp_path / "nowhere") is None
    (tmp_path / "settings.toml").write_text("")
    assert read_letterhead(tmp_path) is None


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("[letterhead", "cannot be read"),
        ("[letterhead]", "letterhead.name: Field required"),
        ('[letterhead]\nname = " "', "letterhead.name"),
        ('[letterhead]\nname = "A"\nadress = []', "letterhead.adress"),
        ('[letterhead]\nname = "A"\naddress = "one line"', "letterhead.address"),
        ('[letterhed]\nname = "A"', "letterhed"),
    ],
)
def test_a_faulty_file_is_told_with_its_field(tmp_path, settings, told):
    (tmp_path / "settings.toml").write_text(settings)
    with pytest.raises(InputError, match="settings") as raised:
        read_letterhead(tmp_path)
    assert told in raised.value.what
    assert raised.value.where.endswith("settings.toml")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"GIF89a", "no picture of a known kind"),
        (b"\x89PNG\r\n\x1a\nbroken", "cannot be drawn"),
        (b"<svg", "cannot be drawn"),
        (b"", "empty or too large"),
        (b"\xff\xd8\xff" + b"0" * LOGO_LIMIT_BYTES, "empty or too large"),
    ],
)
def test_a_logo_that_cannot_be_set_is_told_before_any_work(folder, content, told):
    (folder / "sign.svg").write_bytes(content)
    with pytest.raises(InputError, match=told) as raised:
        read_letterhead(folder)
    assert raised.value.where.endswith("sign.svg")


def test_a_missing_logo_is_told(folder):
    (folder / "sign.svg").unlink()
    with pytest.raises(InputError, match="logo cannot be read"):
        read_letterhead(folder)


def test_the_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("HAIRTRACK_CONFIG_DIR", str(tmp_path))
    assert settings_folder() == tmp_path
    monkeypatch.delenv("HAIRTRACK_CONFIG_DIR")
    assert settings_folder().name == "hairtrack"
