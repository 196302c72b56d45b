"""Maps of coverage and change: colour only where it means something, under the day of the photo."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from hairtrack.imaging.photo import working_image
from hairtrack.imaging.warp import PlaneWarp
from hairtrack.model import (
    Change,
    FactSource,
    Figure,
    FigureKind,
    Measured,
    Measurement,
    Photo,
    QualityDecision,
    QualityReport,
    Region,
    RegionName,
    Registration,
    RegistrationStatus,
    Tier,
    View,
)
from hairtrack.pipeline.compare import Pair, Series
from hairtrack.pipeline.figures import NOTHING_CHANGED, THUMBNAIL_LONG_SIDE_PX, Drawing, draw, drawings_of
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.shelf import Shelf

SIZE_PX = 360
DETECTABLE = 0.2
BEFORE = 0.5
MORE, WITHIN, LESS = slice(30, 90), slice(100, 140), slice(150, 210)
"""Columns of the head where the newer photo shows more hair, hair within the error, and less."""
JPEG_TINT = 12
"""Difference of channels that a grey picture may show after JPEG."""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.open(tmp_path)


def look(shelf: Shelf, day: date, opacity: np.ndarray) -> Look:
    head = np.ones((SIZE_PX, SIZE_PX), np.bool_)
    pixels = Pixels(
        working=working_image(np.full((SIZE_PX, SIZE_PX, 3), (150, 130, 120), np.uint8)),
        head_mask=head,
        opacity=opacity.astype(np.float32),
        doubt=np.full(head.shape, 0.03, np.float32),
        excluded=np.zeros_like(head),
    )
    file = f"{day}-top.jpg"
    photo = Photo(file=file, photo_id=file, view=View.TOP, taken_on=day, width_px=SIZE_PX, height_px=SIZE_PX)
    return Look(photo=photo, quality=QualityReport(decision=QualityDecision.USABLE), pixels=shelf.put(file, pixels))


@pytest.fixture
def pair(shelf: Shelf) -> Pair:
    before = np.full((SIZE_PX, SIZE_PX), BEFORE)
    after = before.copy()
    after[:, MORE], after[:, WITHIN], after[:, LESS] = 0.9, BEFORE + 0.6 * DETECTABLE, 0.1
    reference, moving = look(shelf, date(2026, 1, 8), before), look(shelf, date(2026, 7, 10), after)
    registration = Registration(
        reference=reference.photo.file,
        moving=moving.photo.file,
        status=RegistrationStatus.ACCEPTED,
        tier=Tier.SCALP,
        expected_error_px=1.0,
    )
    return Pair(
        key="pair", reference=reference, moving=moving, registration=registration, warp=PlaneWarp(matrix=np.eye(3))
    )


def change(difference: float, *, smallest: float, region: RegionName = RegionName.VERTEX) -> Change:
    return Change(
        measurand="coverage_fraction",
        region=region,
        from_date=date(2026, 1, 8),
        to_date=date(2026, 7, 10),
        difference=difference,
        interval95=(difference - smallest, difference + smallest),
        smallest_detectable=smallest,
        beyond_error=abs(difference) > smallest,
        unit="1",
        method="coverage_fraction@1",
    )


def measured(file: str, value: float) -> Measurement:
    result = Measured(
        value=value, unit="1", std_uncertainty=0.1, interval95=(value - 0.2, value + 0.2), method="coverage_fraction@1"
    )
    return Measurement(
        measurand="coverage_fraction", region=RegionName.VERTEX, file=file, photo_id=file, taken_on=None, result=result
    )


def tasks(pair: Pair, shelf: Shelf, *changes: Change) -> tuple[Drawing, ...]:
    outline = ((30.0, 30.0), (210.0, 30.0), (210.0, 210.0), (30.0, 210.0))
    files = (pair.reference.photo.file, pair.moving.photo.file)
    names = (RegionName.VERTEX, RegionName.MIDSCALP)
    regions = {
        file: tuple(Region(name=name, file=file, polygon_xy=outline, source=FactSource.CASE_FILE) for name in names)
        for file in files
    }
    return drawings_of(
        (pair.reference, pair.moving),
        [Series(view=View.TOP, reference=pair.reference, followups=(pair.moving,))],
        [pair],
        regions=regions,
        measurements=[measured(file, value) for file, value in zip(files, (0.498, 0.521), strict=True)],
        changes=changes,
        show_face=False,
        shelf=shelf,
    )


def pixels_of(figure: Figure) -> np.ndarray:
    decoded = cv2.imdecode(np.frombuffer(figure.content, np.uint8), cv2.IMREAD_COLOR)
    return cv2.resize(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), (SIZE_PX, SIZE_PX)).astype(int)


def only(figures: tuple[Figure, ...], kind: FigureKind, region: RegionName | None = None) -> Figure:
    (found,) = [figure for figure in figures if figure.kind is kind and figure.region is region]
    return found


def is_grey(drawn: np.ndarray) -> bool:
    return bool(np.ptp(drawn, axis=2).max() <= JPEG_TINT)


def test_heads_matched_as_wholes_show_no_change_place_by_place(pair: Pair, shelf: Shelf) -> None:
    as_wholes = replace(pair, key="wholes", registration=replace(pair.registration, tier=Tier.HEAD))
    kinds = [
        {figure.kind for task in tasks(which, shelf, change(0.2, smallest=DETECTABLE)) for figure in draw(task)}
        for which in (pair, as_wholes)
    ]
    assert FigureKind.CHANGE_MAP in kinds[0]
    assert FigureKind.CHANGE_MAP not in kinds[1]
    assert FigureKind.ALIGNED_MOVING in kinds[1]


def test_the_map_of_change_is_coloured_only_beyond_the_error(pair: Pair, shelf: Shelf) -> None:
    _, moving = tasks(pair, shelf, change(0.3, smallest=DETECTABLE))
    figure = only(draw(moving), FigureKind.CHANGE_MAP)
    assert (figure.taken_on, figure.reference) == (date(2026, 7, 10), pair.reference.photo.file)
    drawn = pixels_of(figure)
    assert is_grey(drawn[60:180, WITHIN])
    more, less = drawn[60:180, 45:75], drawn[60:180, 165:195]
    assert (more[..., 2] - more[..., 0] > 3 * JPEG_TINT).all(), "more hair is blue-green"
    assert (less[..., 0] - less[..., 2] > 3 * JPEG_TINT).all(), "less hair is orange"
    gained, lost = (int(share) for share in re.findall(r"(\d+) %", figure.alt))
    blue, orange = drawn[..., 2] - drawn[..., 0] > JPEG_TINT, drawn[..., 0] - drawn[..., 2] > JPEG_TINT
    assert gained == pytest.approx(100 * blue.mean(), abs=2)
    assert lost == pytest.approx(100 * orange.mean(), abs=2)


def test_a_region_is_coloured_by_its_own_error_and_the_whole_head_by_the_coarsest(pair: Pair, shelf: Shelf) -> None:
    fine, coarse = change(0.3, smallest=DETECTABLE), change(0.3, smallest=0.6, region=RegionName.MIDSCALP)
    _, moving = tasks(pair, shelf, fine, coarse)
    figures = draw(moving)
    inner = (slice(60, -60), slice(60, -60))  # within the outline that is drawn
    assert not is_grey(pixels_of(only(figures, FigureKind.CHANGE_MAP, RegionName.VERTEX))[inner])
    for region in (RegionName.MIDSCALP, None):
        figure = only(figures, FigureKind.CHANGE_MAP, region)
        assert is_grey(pixels_of(figure)[inner])
        assert figure.alt == NOTHING_CHANGED


def test_without_a_known_error_no_change_is_drawn(pair: Pair, shelf: Shelf) -> None:
    _, moving = tasks(pair, shelf)
    assert all(figure.kind is not FigureKind.CHANGE_MAP for figure in draw(moving))


def test_before_and_after_are_the_photos_of_their_days(pair: Pair, shelf: Shelf) -> None:
    reference, moving = (draw(task) for task in tasks(pair, shelf))
    for region in (None, RegionName.VERTEX, RegionName.MIDSCALP):
        before = only(reference, FigureKind.ALIGNED_REFERENCE, region)
        after = only(moving, FigureKind.ALIGNED_MOVING, region)
        assert (before.file, before.taken_on) == (pair.reference.photo.file, date(2026, 1, 8))
        assert (after.file, after.taken_on) == (pair.moving.photo.file, date(2026, 7, 10))
        assert after.reference == before.file


def test_the_map_of_coverage_is_dark_where_hair_covers_and_pale_where_it_does_not(pair: Pair, shelf: Shelf) -> None:
    _, moving = tasks(pair, shelf)
    for kind in (FigureKind.OVERLAY, FigureKind.COVERAGE_MAP):
        drawn = pixels_of(only(draw(moving), kind))
        covered, bare = drawn[80:160, 50:80].mean(axis=(0, 1)), drawn[80:160, 160:200].mean(axis=(0, 1))
        assert covered.sum() + 60 < bare.sum()
        assert covered[2] > covered[0], "covered is blue"
        assert bare[0] > bare[2], "bare is yellow"


def test_the_words_of_a_map_of_coverage_hold_the_number_stored(pair: Pair, shelf: Shelf) -> None:
    reference, moving = (draw(task) for task in tasks(pair, shelf))
    for figures, said in ((reference, "hair hides 50 % of the region"), (moving, "hair hides 52 % of the region")):
        assert said in only(figures, FigureKind.COVERAGE_MAP, RegionName.VERTEX).alt
        assert "%" not in only(figures, FigureKind.COVERAGE_MAP, RegionName.MIDSCALP).alt, "not measured, not told"


def test_a_photo_that_is_shown_laid_over_another_needs_only_a_thumbnail(pair: Pair, shelf: Shelf) -> None:
    refused = replace(pair, warp=None)
    sides = {
        name: max(only(draw(task), FigureKind.PHOTO).width_px for task in tasks(one, shelf))
        for name, one in (("compared", pair), ("alone", refused))
    }
    assert sides == {"compared": min(SIZE_PX, THUMBNAIL_LONG_SIDE_PX), "alone": SIZE_PX}
    assert all(figure.kind in {FigureKind.PHOTO, FigureKind.OVERLAY} for figure in draw(tasks(refused, shelf)[0]))
