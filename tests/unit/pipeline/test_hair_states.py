"""Coverage is withheld where the state of the hair, not its amount, may have changed; what the case declares wins."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hairtrack.imaging.photo import working_image
from hairtrack.model import (
    FactSource,
    Measured,
    Measurement,
    NotMeasured,
    Photo,
    QualityDecision,
    QualityReport,
    Region,
    RegionName,
    View,
)
from hairtrack.pipeline import hair_states as room
from hairtrack.pipeline.compare import Series
from hairtrack.pipeline.hair_states import like_with_like
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.shelf import Shelf
from hairtrack.segment.hair_length import LengthClass
from hairtrack.segment.hair_state import FEATURES, StateChange, Tiles

SIDE = 120
CORNERS = np.array([[x, y] for x in range(0, SIDE, 20) for y in range(0, SIDE, 20)], np.float64)
TILES = Tiles(features=np.zeros((len(CORNERS), FEATURES), np.float32), corners_xy=CORNERS, side_px=20.0)
SQUARE = ((10.0, 10.0), (110.0, 10.0), (110.0, 110.0), (10.0, 110.0))
FILES = ("before.jpg", "after.jpg")


def look_of(shelf: Shelf, file: str, *, wet: bool | None = None, length_mm: float | None = None) -> Look:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    mask = np.ones((SIDE, SIDE), np.bool_)
    pixels = Pixels(
        working=working_image(picture),
        head_mask=mask,
        opacity=np.zeros(mask.shape, np.float32),
        doubt=np.full(mask.shape, 0.03, np.float32),
        excluded=~mask,
        tiles=TILES,
    )
    record = Photo(
        file=file,
        photo_id=file,
        view=View.TOP,
        width_px=SIDE,
        height_px=SIDE,
        taken_on=date(2026, 1, 1),
        wet=wet,
        hair_length_mm=length_mm,
    )
    quality = QualityReport(decision=QualityDecision.USABLE)
    return Look(photo=record, quality=quality, pixels=shelf.put(f"{file}-pixels", pixels))


def measured(file: str) -> Measurement:
    number = Measured(value=0.5, unit="1", std_uncertainty=0.05, interval95=(0.4, 0.6), method="coverage_fraction@1")
    return Measurement(
        measurand="coverage_fraction",
        region=RegionName.MIDSCALP,
        file=file,
        photo_id=file,
        taken_on=None,
        result=number,
    )


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shelf = Shelf.open(tmp_path / "shelf")
    regions = {
        file: (
            Region(
                name=RegionName.MIDSCALP, file=file, polygon_xy=SQUARE, source=FactSource.PICTURE, seen_fraction=1.0
            ),
        )
        for file in FILES
    }

    def answers(
        *,
        between: StateChange | None = None,
        alone: float = 0.0,
        wet: bool | None = None,
        lengths_mm: tuple[float | None, float | None] = (None, None),
        classes: tuple[LengthClass | None, LengthClass | None] = (None, None),
        parted: tuple[float, float] = (0.0, 0.0),
    ) -> list[object]:
        told_classes = dict(zip(FILES, classes, strict=True))
        taken = dict(zip(FILES, parted, strict=True))
        order = iter([told_classes[file] for file in FILES])
        monkeypatch.setattr(room, "length_class", lambda *_: next(order))
        monkeypatch.setattr(
            room,
            "_taken_by_parting",
            lambda photo, *_: {RegionName.MIDSCALP: taken[photo.look.photo.file]},
        )
        monkeypatch.setattr(room, "change_probability", lambda change, *_, **__: 0.9 if change is between else 0.1)
        monkeypatch.setattr(room, "concealed_probability", lambda *_: alone)
        before, after = (
            look_of(shelf, file, wet=wet, length_mm=mm) for file, mm in zip(FILES, lengths_mm, strict=True)
        )
        series = Series(view=View.TOP, reference=before, followups=(after,))
        found = like_with_like([measured(file) for file in FILES], [series], regions, shelf=shelf)
        return [measurement.result for measurement in found]

    return answers


def test_photos_of_one_state_are_measured(told) -> None:
    assert all(isinstance(result, Measured) for result in told())


@pytest.mark.parametrize("change", [StateChange.WET, StateChange.CUT, StateChange.DYED])
def test_a_followup_in_another_state_is_withheld_with_what_to_do(told, change: StateChange) -> None:
    before, after = told(between=change)
    assert isinstance(before, Measured)
    assert isinstance(after, NotMeasured)
    assert after.reason
    assert after.remedy


def test_what_the_case_declares_of_wetness_stands_before_the_picture(told) -> None:
    assert isinstance(told(between=StateChange.WET, wet=False)[1], Measured)


def test_declared_lengths_stand_before_the_picture(told) -> None:
    assert isinstance(told(between=StateChange.CUT, lengths_mm=(20.0, 20.0))[1], Measured)
    assert told(lengths_mm=(20.0, 5.0))[1] is room.UNLIKE[StateChange.CUT]


def test_a_cut_between_known_lengths_is_answered_through_the_link(told) -> None:
    before, after, linked = told(lengths_mm=(20.0, 12.0))
    assert isinstance(before, Measured)
    assert after is room.UNLIKE[StateChange.CUT]
    assert isinstance(linked, Measured)
    assert linked.value == pytest.approx((20 / 12) ** 0.6)
    assert len(told(lengths_mm=(20.0, 5.0))) == len(FILES)


def test_two_photos_of_two_length_classes_are_not_compared(told) -> None:
    assert told(classes=(LengthClass.LONG, LengthClass.SHAVED))[1] is room.UNLIKE[StateChange.CUT]
    assert isinstance(told(classes=(LengthClass.LONG, LengthClass.LONG))[1], Measured)
    assert isinstance(told(classes=(LengthClass.LONG, None))[1], Measured)


def test_a_parting_on_one_photo_alone_withholds_the_region_that_it_crosses(told) -> None:
    assert told(parted=(0.0, 0.06))[1] is room.PARTED
    assert isinstance(told(parted=(0.06, 0.055))[1], Measured)


def test_a_scalp_that_is_dark_without_strands_is_never_measured(told) -> None:
    assert all(isinstance(result, NotMeasured) and result.flags == ("hair_fibres",) for result in told(alone=0.9))


def test_hair_that_only_changed_much_is_not_taken_for_fibres(told) -> None:
    assert isinstance(told(between=StateChange.CONCEALED, alone=0.02)[1], Measured)
    assert isinstance(told(between=StateChange.CONCEALED, alone=0.2)[1], NotMeasured)


def test_counts_stay(told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        f"{__name__}.measured", lambda file, usual=measured: replace(usual(file), measurand="hair_density_per_cm2")
    )
    assert all(isinstance(result, Measured) for result in told(alone=0.9))
