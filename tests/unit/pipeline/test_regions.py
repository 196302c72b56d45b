"""Regions stand where a person drew them, go where alignment carries them, and are never guessed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hairtrack.imaging.photo import working_image
from hairtrack.imaging.warp import PlaneWarp
from hairtrack.model import (
    FactSource,
    Photo,
    QualityDecision,
    QualityReport,
    RegionName,
    RegionOutline,
    Registration,
    RegistrationStatus,
    Tier,
    View,
)
from hairtrack.pipeline.compare import Pair, Series
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.numbers import followed_views
from hairtrack.pipeline.regions import place_regions
from hairtrack.pipeline.shelf import Shelf

SIZE_PX = 200
SQUARE = ((60.0, 60.0), (120.0, 60.0), (120.0, 120.0), (60.0, 120.0))
SHIFT = np.array([[1.0, 0, 10], [0, 1, 0], [0, 0, 1]])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf.open(tmp_path)


def look(shelf: Shelf, file: str, *, view: View = View.TOP, month: int = 1) -> Look:
    rows, columns = np.mgrid[:SIZE_PX, :SIZE_PX]
    head = (rows - 100) ** 2 + (columns - 100) ** 2 < 80**2
    pixels = Pixels(
        working=working_image(np.full((SIZE_PX, SIZE_PX, 3), 128, np.uint8)),
        head_mask=head,
        opacity=head.astype(np.float32),
        doubt=np.full(head.shape, 0.03, np.float32),
        excluded=np.zeros_like(head),
    )
    photo = Photo(
        file=file,
        photo_id=f"photo-{file}",
        view=view,
        taken_on=date(2026, month, 1),
        width_px=SIZE_PX,
        height_px=SIZE_PX,
    )
    quality = QualityReport(decision=QualityDecision.USABLE)
    return Look(photo=photo, quality=quality, pixels=shelf.put(file, pixels))


def pair(reference: Look, moving: Look, *, accepted: bool = True, warp: PlaneWarp | None = None) -> Pair:
    registration = Registration(
        reference=reference.photo.file,
        moving=moving.photo.file,
        status=RegistrationStatus.ACCEPTED if accepted else RegistrationStatus.REFUSED,
        tier=Tier.SCALP if accepted else Tier.NONE,
        expected_error_px=2.0 if accepted else None,
    )
    return Pair(
        key="pair",
        reference=reference,
        moving=moving,
        registration=registration,
        warp=(warp or PlaneWarp(matrix=SHIFT)) if accepted else None,
    )


def drawn(file: str) -> RegionOutline:
    return RegionOutline(name=RegionName.VERTEX, file=file, polygon_xy=SQUARE)


def placed(shelf: Shelf, the_pair: Pair, *outlines: RegionOutline) -> dict:
    series = Series(view=View.TOP, reference=the_pair.reference, followups=(the_pair.moving,))
    regions = place_regions([series], [the_pair], outlines=outlines, shelf=shelf)
    return {file: {region.name: region for region in found} for file, found in regions.items()}


def test_an_outline_drawn_on_the_reference_is_carried_to_the_followup(shelf: Shelf) -> None:
    found = placed(shelf, pair(look(shelf, "a"), look(shelf, "b", month=6)), drawn("a"))
    on_followup = found["b"][RegionName.VERTEX]
    assert np.mean(on_followup.polygon_xy, axis=0) == pytest.approx([100, 90], abs=0.5)
    assert on_followup.carried_from == "a"
    assert on_followup.position_std_px == pytest.approx(2.0)
    assert on_followup.source is FactSource.CASE_FILE


def test_the_error_of_a_carried_outline_is_in_pixels_of_the_photo_it_is_carried_to(shelf: Shelf) -> None:
    half = PlaneWarp(matrix=np.array([[0.5, 0, 40], [0, 0.5, 40], [0, 0, 1.0]]))
    the_pair = pair(look(shelf, "a"), look(shelf, "b", month=6), warp=half)
    there, back = placed(shelf, the_pair, drawn("a")), placed(shelf, the_pair, drawn("b"))
    assert there["b"][RegionName.VERTEX].position_std_px == pytest.approx(1.0)
    assert back["a"][RegionName.VERTEX].position_std_px == pytest.approx(2.0)


def test_an_outline_drawn_on_the_followup_is_carried_back_to_the_reference(shelf: Shelf) -> None:
    found = placed(shelf, pair(look(shelf, "a"), look(shelf, "b", month=6)), drawn("b"))
    assert found["b"][RegionName.VERTEX].polygon_xy == SQUARE
    assert np.mean(found["a"][RegionName.VERTEX].polygon_xy, axis=0) == pytest.approx([80, 90], abs=0.5)


def test_a_refused_followup_never_gets_an_outline_that_was_drawn_elsewhere(shelf: Shelf) -> None:
    found = placed(shelf, pair(look(shelf, "a"), look(shelf, "b", month=6), accepted=False), drawn("a"))
    assert RegionName.VERTEX in found["a"]
    assert RegionName.VERTEX not in found["b"]


def test_a_refused_followup_keeps_the_atlas_on_its_own_head(shelf: Shelf) -> None:
    found = placed(shelf, pair(look(shelf, "a"), look(shelf, "b", month=6), accepted=False))
    assert found["b"]
    assert set(found["a"]) == set(found["b"])
    assert all(region.carried_from is None for region in found["b"].values())
    head_width_px = 2 * np.ptp(np.asarray(found["b"][RegionName.MIDSCALP].polygon_xy)[:, 0])
    assert found["a"][RegionName.MIDSCALP].position_std_px == 0.0
    assert found["b"][RegionName.MIDSCALP].position_std_px == pytest.approx(0.07 * head_width_px, rel=0.05)


def test_an_outline_is_not_carried_where_the_alignment_is_not_trusted(shelf: Shelf) -> None:
    nowhere = PlaneWarp(matrix=SHIFT, reference_trusted=np.zeros((20, 20), np.bool_), grid_px=10.0)
    found = placed(shelf, pair(look(shelf, "a"), look(shelf, "b", month=6), warp=nowhere), drawn("a"))
    assert RegionName.VERTEX not in found["b"]


def test_a_region_is_followed_in_the_view_that_shows_it_most_often(shelf: Shelf) -> None:
    tops = [look(shelf, f"top{month}", month=month) for month in (1, 2)]
    backs = [look(shelf, f"back{month}", view=View.BACK, month=month) for month in (1, 2, 3)]
    series = [
        Series(view=View.TOP, reference=tops[0], followups=(tops[1],)),
        Series(view=View.BACK, reference=backs[0], followups=tuple(backs[1:])),
    ]
    regions = place_regions([], [], outlines=(), shelf=shelf)
    vertex = placed(shelf, pair(tops[0], tops[1]), drawn("top1"))["top1"][RegionName.VERTEX]
    by_file = {one.photo.file: (replace(vertex, file=one.photo.file),) for one in (*tops, *backs)}
    assert regions == {}
    assert followed_views(series, by_file) == {RegionName.VERTEX: View.BACK}
    assert followed_views(series[:1], by_file) == {RegionName.VERTEX: View.TOP}
