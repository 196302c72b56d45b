"""The shelf keeps what was worked out, whole, and never hands out what it cannot read."""

import os
from pathlib import Path

import pytest

from hairtrack.model import StoreError
from hairtrack.pipeline.shelf import Shelf, Token, digest, program


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.open(tmp_path / "shelf")


def test_a_value_put_is_taken_again(shelf: Shelf) -> None:
    assert shelf.take(shelf.put("key", (1, "two"))) == (1, "two")


def test_nothing_is_found_under_an_unknown_key(shelf: Shelf) -> None:
    assert shelf.find("unknown") is None


def test_a_damaged_value_is_as_good_as_none_and_is_taken_away(shelf: Shelf) -> None:
    shelf.put("key", [1, 2, 3])
    stored = shelf.folder / "key.pickle"
    stored.write_bytes(stored.read_bytes()[:-4])
    assert shelf.find("key") is None
    assert not stored.exists()


def test_taking_what_is_not_there_says_what_to_do(shelf: Shelf) -> None:
    with pytest.raises(StoreError, match="--no-cache"):
        shelf.take(Token("gone"))


def test_nothing_unfinished_lies_beside_a_value(shelf: Shelf) -> None:
    shelf.put("key", b"x" * 1000)
    assert [path.name for path in shelf.folder.iterdir()] == ["key.pickle"]


def test_the_folder_is_for_this_user_alone(shelf: Shelf) -> None:
    assert shelf.folder.stat().st_mode & 0o077 == 0


def test_a_shelf_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError, match="cache folder"):
        Shelf.open(tmp_path / "file")


def test_trimming_takes_the_longest_unused_first(shelf: Shelf) -> None:
    for age, key in enumerate(("newest", "middle", "oldest")):
        shelf.put(key, b"x" * 1000)
        os.utime(shelf.folder / f"{key}.pickle", ns=(10**18 - age, 10**18 - age))
    shelf.trim(limit_bytes=2500)
    assert shelf.find("oldest") is None
    assert shelf.find("newest") is not None
    assert shelf.find("middle") is not None


def test_a_digest_tells_one_from_eleven() -> None:
    assert digest("a", 1, 1) != digest("a", 11)
    assert digest("a", 1.0) == digest("a", 1.0)


def test_another_program_under_the_same_version_has_another_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "src" / "hairtrack"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.setattr("hairtrack.__file__", str(package / "__init__.py"))
    before = program.__wrapped__()
    assert program.__wrapped__() == before
    (package / "__init__.py").write_text("changed", encoding="utf-8")
    assert program.__wrapped__() != before
