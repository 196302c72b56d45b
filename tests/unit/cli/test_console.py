"""The progress line: one line of a terminal with stage and photo, gone when the stage is done; nothing elsewhere."""

import contextlib
import io
import os

import pytest

from hairtrack.cli.console import Console, ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def draw(monkeypatch):
    """Return what a step draws on a terminal of 60 columns."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((60, 24)))

    def drawn(console: Console, *step: object, photo: str, stream: io.StringIO | None = None) -> str:
        seen = stream or Terminal()
        with contextlib.redirect_stderr(seen):  # here, since pytest puts its own stream back after every fixture
            ProgressBar(console, width=8).step(*step, photo=photo)
        return seen.getvalue()

    return drawn


TALKING = Console(json=False, quiet=False)


def test_it_names_the_stage_how_far_it_is_and_the_photo_under_way(draw):
    drawn = draw(TALKING, "aligning photos", 1, 4, photo="2026-01-08/top.jpg")
    assert drawn == "\r\x1b[K██······ aligning photos 1/4  2026-01-08/top.jpg"


def test_a_long_name_never_breaks_the_line(draw):
    assert len(draw(TALKING, "aligning photos", 1, 4, photo="x" * 200)) == 59 + len("\r\x1b[K")


def test_the_line_is_gone_when_the_stage_is_done(draw):
    assert draw(TALKING, "drawing", 4, 4, photo="") == "\r\x1b[K"


@pytest.mark.parametrize("console", [Console(json=True, quiet=False), Console(json=False, quiet=True)])
def test_nothing_is_drawn_when_talking_is_not_wanted(draw, console):
    assert draw(console, "drawing", 1, 4, photo="a.jpg") == ""


def test_nothing_is_drawn_into_a_file(draw):
    assert draw(TALKING, "drawing", 1, 4, photo="a.jpg", stream=io.StringIO()) == ""
