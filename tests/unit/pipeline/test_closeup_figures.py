"""Pictures of close-ups say the numbers that were read, and each side of a match names the other."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hairtrack.imaging.photo import working_image
from hairtrack.model import (
    CloseupReading,
    Figure,
    Hair,
    HairKind,
    HairMatch,
    HairMatchEntry,
    Photo,
    PhotoKind,
    QualityDecision,
    QualityReport,
    RegionName,
    Registration,
    RegistrationStatus,
    Tier,
)
from hairtrack.pipeline.closeup_figures import draw_closeup, draw_hair_pair, hair_pair_drawings
from hairtrack.pipeline.compare import seen
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.shelf import Shelf

DAYS = (date(2026, 1, 8), date(2026, 7, 10))


def hair(y: float, kind: HairKind) -> Hair:
    root, tip = (20.0, y), (80.0, y)
    return Hair(
        root_xy=root,
        tip_xy=tip,
        centre_line_xy=(root, tip),
        diameter_px=6.0,
        diameter_um=None,
        kind=kind,
        unit=0,
        confidence=1.0,
    )


def look(shelf: Shelf, day: date, *, thick: int, fine: int) -> Look:
    kinds = [HairKind.TERMINAL] * thick + [HairKind.VELLUS] * fine
    reading = CloseupReading(
        hairs=tuple(hair(10.0 + 8 * index, kind) for index, kind in enumerate(kinds)),
        units=(),
        measurements={},
        scale=None,
        area_seen_px=10_000.0,
        width_px=100,
        height_px=100,
    )
    name = f"{day}-closeup.jpg"
    photo = Photo(file=name, photo_id=name, kind=PhotoKind.CLOSEUP, region=RegionName.VERTEX, taken_on=day)
    pixels = Pixels(working=working_image(np.full((100, 100, 3), 128, np.uint8)))
    quality = QualityReport(decision=QualityDecision.USABLE)
    return Look(photo=photo, quality=quality, pixels=shelf.put(name, pixels), reading=reading)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.open(tmp_path)


@pytest.fixture
def looks(shelf: Shelf) -> tuple[Look, Look]:
    return look(shelf, DAYS[0], thick=6, fine=2), look(shelf, DAYS[1], thick=7, fine=3)


def match(looks: tuple[Look, Look], status: RegistrationStatus) -> HairMatchEntry:
    files = {"reference": looks[0].photo.file, "moving": looks[1].photo.file}
    found = HairMatch(
        status=status,
        reason=None,
        pairs=((0, 0), (1, 1)),
        lost=(2,),
        gained=(3, 4, 5),
        thinned=(),
        registration=Registration(status=status, tier=Tier.SCALP, **files),
        count_change=None,
    )
    return HairMatchEntry(match=found, **files)


def drawn(looks: tuple[Look, Look], shelf: Shelf, status: RegistrationStatus) -> list[tuple[Figure, ...]]:
    return [draw_hair_pair(task) for task in hair_pair_drawings(looks, [match(looks, status)], shelf=shelf)]


def test_a_close_up_tells_how_many_hairs_were_found(looks: tuple[Look, Look], shelf: Shelf) -> None:
    figure = draw_closeup(seen(looks[0], shelf))
    assert figure.alt == "8 hairs found, 2 of them fine"
    assert (figure.file, figure.taken_on, figure.region) == (looks[0].photo.file, DAYS[0], RegionName.VERTEX)


def test_both_sides_of_a_match_tell_what_was_lost_and_gained(looks: tuple[Look, Look], shelf: Shelf) -> None:
    ((before, after),) = drawn(looks, shelf, RegistrationStatus.ACCEPTED)
    assert before.alt == "1 of 8 hairs not found again on 2026-07-10"
    assert after.alt == "3 of 10 hairs not there on 2026-01-08"
    assert [(f.file, f.reference, f.taken_on) for f in (before, after)] == [
        (looks[0].photo.file, looks[1].photo.file, DAYS[0]),
        (looks[1].photo.file, looks[0].photo.file, DAYS[1]),
    ]
    assert before.content != after.content


def test_a_refused_match_is_not_drawn(looks: tuple[Look, Look], shelf: Shelf) -> None:
    assert drawn(looks, shelf, RegistrationStatus.REFUSED) == []
