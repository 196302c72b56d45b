from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from hairtrack.imaging.warp import PlaneWarp
from hairtrack.knowledge import load
from hairtrack.model import (
    Case,
    FactSource,
    Landmark,
    Measured,
    Measurement,
    NotMeasured,
    Photo,
    PhotoKind,
    Region,
    RegionName,
    Treatment,
    TreatmentKind,
    View,
)
from hairtrack.pipeline.compare import Series
from hairtrack.pipeline.head_questions import questions_about, turned_by
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.pair_numbers import reasoned, with_pair_numbers
from hairtrack.quality import judge_unreadable

DAY = date(2026, 1, 10)
OPERATION = Treatment(
    kind=TreatmentKind.FUE,
    performed_on=DAY,
    recipient_regions=(RegionName.FRONTAL,),
    donor_regions=(RegionName.OCCIPITAL,),
)
CASE = Case(treatments=(OPERATION,))
SQUARE = ((10.0, 10.0), (90.0, 10.0), (90.0, 90.0), (10.0, 90.0))


def _region(name: RegionName) -> Region:
    return Region(name=name, file="a.jpg", polygon_xy=SQUARE, source=FactSource.PICTURE)


def _photo(days: int = 0, view: View = View.TOP, **facts: object) -> Photo:
    photo = Photo(file=f"{days}.jpg", photo_id=f"photo-{days}", view=view, taken_on=DAY + timedelta(days=days))
    return replace(photo, **facts)  # type: ignore[arg-type]


def _asked(photo: Photo, *regions: RegionName, case: Case = CASE) -> set[tuple[str, RegionName]]:
    questions = questions_about(
        photo, [_region(r) for r in regions], pair=None, has_followups=False, case=case, knowledge=load()
    )
    return {(q.measurand, q.region.name) for q in questions}


@pytest.mark.parametrize(
    ("days", "red", "crusted"), [(-3, False, False), (5, True, True), (70, True, False), (200, False, False)]
)
def test_signs_of_healing_are_asked_while_a_region_heals(days: int, red: bool, crusted: bool):  # noqa: FBT001 given by the table
    asked = _asked(_photo(days), RegionName.FRONTAL, RegionName.VERTEX)
    assert (("redness_index", RegionName.FRONTAL) in asked) is red
    assert (("dark_crust_fraction", RegionName.FRONTAL) in asked) is crusted
    assert ("redness_index", RegionName.VERTEX) not in asked


def test_patchiness_is_asked_of_donors_alone():
    asked = _asked(_photo(30, View.BACK), RegionName.OCCIPITAL, RegionName.VERTEX)
    assert ("patchiness", RegionName.OCCIPITAL) in asked
    assert ("patchiness", RegionName.VERTEX) not in asked


def test_a_hairline_is_asked_in_the_front_view_with_the_points_that_were_marked():
    mark = Landmark(name="brow_middle", file="0.jpg", xy=(50.0, 90.0))
    case = replace(CASE, landmarks=(mark, replace(mark, file="other.jpg")))
    questions = questions_about(
        _photo(0, View.FRONT),
        [_region(RegionName.FRONTAL_HAIRLINE)],
        pair=None,
        has_followups=False,
        case=case,
        knowledge=load(),
    )
    hairline = [q for q in questions if q.measurand == "hairline_position_mm"]
    assert [q.marks for q in hairline] == [(mark,)]
    assert not [m for m, _ in _asked(_photo(0), RegionName.FRONTAL_HAIRLINE) if m == "hairline_position_mm"]


def test_of_a_close_up_nothing_of_a_head_is_asked():
    assert _asked(_photo(5, View.CLOSEUP, kind=PhotoKind.CLOSEUP), RegionName.FRONTAL) == set()


@pytest.mark.parametrize("turn_deg", [-35.0, 0.0, 20.0])
def test_the_turn_of_a_photo_is_read_from_its_warp(turn_deg: float):
    turn = np.radians(turn_deg)
    matrix = np.array([[np.cos(turn), -np.sin(turn), 4], [np.sin(turn), np.cos(turn), -7], [0, 0, 1]])
    warp = PlaneWarp(matrix=matrix)
    corners = warp.moving_from_reference(np.array([[150.0, 150], [200, 150], [200, 200]]))
    assert turned_by(warp, corners) == pytest.approx(turn_deg)


def _series(*photos: Photo) -> Series:
    looks = [Look(photo=photo, quality=judge_unreadable(photo)) for photo in photos]
    return Series(view=View.TOP, reference=looks[0], followups=tuple(looks[1:]))


def _number(photo: Photo, measurand: str, value: float, *, std: float = 0.02, method: str = "m@1") -> Measurement:
    result = Measured(
        value=value, unit="1", std_uncertainty=std, interval95=(value - 2 * std, value + 2 * std), method=method
    )
    return Measurement(
        measurand=measurand,
        region=RegionName.VERTEX,
        file=photo.file,
        photo_id=photo.photo_id,
        taken_on=photo.taken_on,
        result=result,
    )


def _told(measurements: tuple[Measurement, ...], measurand: str, photo: Photo) -> Measured | NotMeasured | None:
    return next((m.result for m in measurements if m.measurand == measurand and m.file == photo.file), None)


def test_hair_is_held_against_the_reference_when_its_length_is_known():
    first, later = (_photo(days, hair_length_mm=20.0) for days in (0, 200))
    told = with_pair_numbers(
        [_number(first, "coverage_fraction", 0.4), _number(later, "coverage_fraction", 0.6)],
        [_series(first, later)],
        [first, later],
    )
    ratio = _told(told, "relative_hair_density", later)
    assert isinstance(ratio, Measured)
    assert ratio.value == pytest.approx(np.log(0.4) / np.log(0.6))
    assert _told(told, "relative_hair_density", first) is None


def test_hair_of_unknown_length_is_not_held_against_the_reference():
    first, later = _photo(0), _photo(200)
    told = with_pair_numbers(
        [_number(first, "coverage_fraction", 0.4), _number(later, "coverage_fraction", 0.6)],
        [_series(first, later)],
        [first, later],
    )
    absent = _told(told, "relative_hair_density", later)
    assert isinstance(absent, NotMeasured)
    assert "hair_length_mm" in absent.remedy


def test_a_count_on_a_close_up_is_carried_to_a_later_photo_of_the_head():
    first, later = (_photo(days, hair_length_mm=20.0) for days in (0, 200))
    close = _photo(3, View.CLOSEUP, kind=PhotoKind.CLOSEUP)
    told = with_pair_numbers(
        [
            _number(first, "coverage_fraction", 0.4),
            _number(later, "coverage_fraction", 0.6),
            _number(close, "hair_density_per_cm2", 100.0, std=5.0),
        ],
        [_series(first, later)],
        [first, later, close],
    )
    carried = _told(told, "hair_density_per_cm2", later)
    assert isinstance(carried, Measured)
    assert carried.value == pytest.approx(100 * np.log(0.4) / np.log(0.6))
    assert carried.method == "hair_density_by_cover_from_closeup@1"
    assert _told(told, "hair_density_per_cm2", first) is None
    assert {
        m.file for m in reasoned(told, Case(photos=(first, later, close))) if m.measurand == "hair_density_per_cm2"
    } == {close.file}


def test_without_a_close_up_hairs_are_not_counted_on_a_head():
    photo = _photo(0, hair_length_mm=20.0)
    told = with_pair_numbers([_number(photo, "coverage_fraction", 0.4)], [_series(photo)], [photo])
    assert isinstance(_told(told, "hair_density_per_cm2", photo), NotMeasured)


@pytest.mark.parametrize(
    ("first_deg", "later_deg", "told_deg"), [(2.0, 176.0, -4.0), (178.0, 3.0, 183.0), (90.0, 100.0, 100.0)]
)
def test_a_direction_is_told_near_that_of_its_reference(first_deg: float, later_deg: float, told_deg: float):
    first, later = _photo(0), _photo(200)
    told = with_pair_numbers(
        [_number(first, "shaft_orientation_deg", first_deg), _number(later, "shaft_orientation_deg", later_deg)],
        [_series(first, later)],
        [first, later],
    )
    result = _told(told, "shaft_orientation_deg", later)
    assert isinstance(result, Measured)
    assert result.value == pytest.approx(told_deg)
    assert result.interval95[0] < told_deg < result.interval95[1]


def test_numbers_that_only_describe_are_no_evidence():
    photo = _photo(0)
    kept = reasoned(
        [_number(photo, "whorl_position", 0.3), _number(photo, "redness_index", 0.1)], Case(photos=(photo,))
    )
    assert [m.measurand for m in kept] == ["redness_index"]


@pytest.mark.parametrize(("first_days", "kept"), [(-5, True), (5, False)])
def test_patchiness_is_evidence_only_against_a_photo_from_before(first_days: int, kept: bool):  # noqa: FBT001 given above
    sessions = Treatment(kind=TreatmentKind.MESOTHERAPY, sessions=(DAY,))
    photos = tuple(_photo(days) for days in (first_days, 60))
    numbers = [_number(photo, "patchiness", 0.2) for photo in photos]
    assert bool(reasoned(numbers, Case(treatments=(sessions,), photos=photos))) is kept
