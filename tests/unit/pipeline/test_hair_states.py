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
from hairtrack.segment.hair_state import FEATURES, StateChange, Tiles

SIDE = 120
CORNERS = np.array([[x, y] for x in range(0, SIDE, 20) for y in range(0, SIDE, 20)], np.float64)
TILES = Tiles(features=np.zeros((len(CORNERS), FEATURES), np.float32), corners_xy=CORNERS, side_px=20.0)
SQUARE = ((10.0, 10.0), (110.0, 10.0), (110.0, 110.0), (10.0, 110.0))
FILES = ("before.jpg", "after.jpg")


def look_of(shelf: Shelf, file: str, *, wet: bool | None = None) -> Look:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    mask = np.ones((SIDE, SIDE), np.bool_)
    pixels = Pixels(working=working_image(picture), head_mask=mask, tiles=TILES)
    record = Photo(
        file=file, photo_id=file, view=View.TOP, width_px=SIDE, height_px=SIDE, taken_on=date(2026, 1, 1), wet=wet
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

    def answers(*, between: StateChange | None = None, alone: float = 0.0, wet: bool | None = None) -> list[object]:
        monkeypatch.setattr(room, "change_probability", lambda change, *_, **__: 0.9 if change is between else 0.1)
        monkeypatch.setattr(room, "concealed_probability", lambda *_: alone)
        before, after = (look_of(shelf, file, wet=wet) for file in FILES)
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
