"""A photo is looked at once: from the shelf the next time, on another day too, unless its day was in doubt."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from hairtrack.ingest import PhotoSource
from hairtrack.model import QualityDecision
from hairtrack.pipeline import look as room
from hairtrack.pipeline.look import LookTask, look_at
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf


@pytest.fixture
def task(tmp_path: Path) -> LookTask:
    folder = tmp_path / "2026-01-10"
    folder.mkdir()
    noise = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
    cv2.imwrite(str(folder / "top.png"), noise)
    return LookTask(
        source=PhotoSource(path=folder / "top.png", file="2026-01-10/top.png"),
        today=date(2026, 3, 1),
        settings=Settings(),
        shelf=Shelf.open(tmp_path / "shelf"),
    )


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read: list[str] = []
    really_read = room.read_photo

    def counted(source: PhotoSource, **known: object) -> object:
        read.append(source.file)
        return really_read(source, **known)

    monkeypatch.setattr(room, "read_photo", counted)
    return read


def test_a_photo_is_read_once_and_known_on_another_day(task: LookTask, readings: list[str]) -> None:
    first = look_at(task)
    again = look_at(replace(task, today=date(2026, 9, 1)))
    assert len(readings) == 1
    assert again == first


def test_a_photo_from_the_future_is_looked_at_again_when_its_day_has_come(task: LookTask, readings: list[str]) -> None:
    before = look_at(replace(task, today=date(2025, 12, 1)))
    after = look_at(task)
    assert before.photo.taken_on is None
    assert after.photo.taken_on == date(2026, 1, 10)
    assert len(readings) == 2


def test_other_settings_are_another_look(task: LookTask, readings: list[str]) -> None:
    look_at(task)
    settings = replace(task.settings, segment=replace(task.settings.segment, glare_chroma=0.2))
    look_at(replace(task, settings=settings))
    assert len(readings) == 2


def test_noise_is_no_head_and_an_unreadable_file_is_a_retake(task: LookTask, tmp_path: Path) -> None:
    assert look_at(task).no_head
    text = tmp_path / "top.jpg"
    text.write_text("no picture", encoding="utf-8")
    refused = look_at(replace(task, source=PhotoSource(path=text, file="top.jpg")))
    assert refused.quality.decision is QualityDecision.RETAKE
    assert refused.pixels is None
