"""The error of an alignment goes with a region to the number and to the change that is said of it."""

from datetime import date

import numpy as np
import pytest

from hairtrack.course import changes, observations_of
from hairtrack.imaging.photo import working_image
from hairtrack.imaging.warp import PlaneWarp
from hairtrack.knowledge import load
from hairtrack.model import (
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
from hairtrack.pipeline.chains import join
from hairtrack.pipeline.compare import Pair, Series
from hairtrack.pipeline.look import Look, Pixels
from hairtrack.pipeline.numbers import measure_regions, measurings_of
from hairtrack.pipeline.regions import place_regions
from hairtrack.pipeline.shelf import Shelf
from hairtrack.pipeline.world import World

SIZE_PX = 200
VERTEX = RegionOutline(name=RegionName.VERTEX, file="a", polygon_xy=((60, 60), (140, 60), (140, 140), (60, 140)))


def look(shelf: Shelf, file: str, month: int) -> Look:
    """A round head whose hair grows denser from left to right, so that a misplaced region reads wrong."""
    rows, columns = np.mgrid[:SIZE_PX, :SIZE_PX]
    pixels = Pixels(
        working=working_image(np.full((SIZE_PX, SIZE_PX, 3), 128, np.uint8)),
        head_mask=(rows - 100) ** 2 + (columns - 100) ** 2 < 90**2,
        opacity=(columns / SIZE_PX).astype(np.float32),
        doubt=np.full((SIZE_PX, SIZE_PX), 0.01, np.float32),
        excluded=np.zeros((SIZE_PX, SIZE_PX), np.bool_),
    )
    photo = Photo(
        file=file,
        photo_id=file,
        view=View.TOP,
        taken_on=date(2026, month, 1),
        width_px=SIZE_PX,
        height_px=SIZE_PX,
    )
    quality = QualityReport(decision=QualityDecision.USABLE)
    return Look(photo=photo, quality=quality, pixels=shelf.put(file, pixels))


def laid(reference: Look, moving: Look, error_px: float) -> Pair:
    record = Registration(
        reference=reference.photo.file,
        moving=moving.photo.file,
        status=RegistrationStatus.ACCEPTED,
        tier=Tier.SCALP,
        expected_error_px=error_px,
        overlap_fraction=1.0,
    )
    return Pair(
        key=f"{error_px}", reference=reference, moving=moving, registration=record, warp=PlaneWarp(matrix=np.eye(3))
    )


def told(shelf: Shelf, pair: Pair):
    """Return the follow-up's coverage, its observation and its change since the reference."""
    world, looks = World(shelf=shelf), (pair.reference, pair.moving)
    series = Series(view=View.TOP, reference=pair.reference, followups=(pair.moving,))
    regions = place_regions([series], [pair], outlines=[VERTEX], shelf=shelf)
    tasks = measurings_of([series], [pair], regions, looks, world)
    told_of = (RegionName.VERTEX, "coverage_fraction")
    numbers = [m for task in tasks for m in measure_regions(task) if (m.region, m.measurand) == told_of]
    after = next(m for m in numbers if m.file == pair.moving.photo.file)
    seen = next(o for o in observations_of([after], [pair.moving.photo]) if o.region is RegionName.VERTEX)
    (change,) = changes(numbers, knowledge=load())
    return after.result, seen, change


@pytest.fixture
def shelf(tmp_path):
    return Shelf.open(tmp_path)


def test_what_an_alignment_may_be_off_widens_the_number_the_observation_and_the_change(shelf):
    before, after = look(shelf, "a", 1), look(shelf, "b", 6)

    exact, loose = (told(shelf, laid(before, after, error_px)) for error_px in (0.0, 20.0))

    slope = 20.0 / SIZE_PX  # a region 20 pixels further right reads a tenth more
    sources = {source.name: source.std_uncertainty for source in loose[0].error_sources}
    assert sources["region_position"] == pytest.approx(slope, rel=0.02)
    for one, other in ((exact[0], loose[0]), (exact[1], loose[1])):
        assert other.std_uncertainty**2 - one.std_uncertainty**2 == pytest.approx(slope**2, rel=0.05)
    assert loose[2].smallest_detectable > exact[2].smallest_detectable + 0.02


def test_the_errors_of_a_chain_of_alignments_arrive_together(shelf):
    photos = [look(shelf, file, month) for file, month in (("a", 1), ("b", 4), ("c", 7))]

    chained = join(laid(photos[0], photos[1], 12.0), laid(photos[1], photos[2], 16.0))
    result, _, _ = told(shelf, chained)

    sources = {source.name: source.std_uncertainty for source in result.error_sources}
    assert sources["region_position"] == pytest.approx(np.hypot(12.0, 16.0) / SIZE_PX, rel=0.02)
