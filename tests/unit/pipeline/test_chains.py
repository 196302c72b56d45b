"""A refused photo by way of its neighbours: joined, its error grown, refused when two ways disagree."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from hairtrack.align.register import AGREEING_ERRORS
from hairtrack.imaging.chained_warp import ChainedWarp, miss_px, size_ratio
from hairtrack.imaging.warp import PlaneWarp
from hairtrack.model import (
    Case,
    Patient,
    Photo,
    QualityDecision,
    QualityReport,
    Registration,
    RegistrationStatus,
    Tier,
    View,
)
from hairtrack.pipeline import chains
from hairtrack.pipeline.chains import join, loop_miss_errors, with_chains
from hairtrack.pipeline.compare import Pair, PairTask, Series
from hairtrack.pipeline.look import Look
from hairtrack.pipeline.shelf import Shelf
from hairtrack.pipeline.world import World

SIDE_PX = 400
MONTHS = {"a": 1, "b": 4, "c": 5, "d": 9}


def look(name: str) -> Look:
    photo = Photo(
        file=name,
        photo_id=name,
        view=View.TOP,
        taken_on=date(2026, MONTHS[name], 1),
        width_px=SIDE_PX,
        height_px=SIDE_PX,
    )
    return Look(photo=photo, quality=QualityReport(decision=QualityDecision.USABLE))


def plane(scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0)) -> PlaneWarp:
    return PlaneWarp(matrix=np.array([[scale, 0, shift[0]], [0, scale, shift[1]], [0, 0, 1.0]]))


def pair(one: str, other: str, warp: PlaneWarp | None, *, error_px: float = 2.0, tier: Tier = Tier.SCALP) -> Pair:
    registration = Registration(
        reference=one,
        moving=other,
        status=RegistrationStatus.REFUSED if warp is None else RegistrationStatus.ACCEPTED,
        tier=Tier.NONE if warp is None else tier,
        reason="unlike" if warp is None else None,
        expected_error_px=None if warp is None else error_px,
        overlap_fraction=0.0 if warp is None else 0.9,
    )
    return Pair(key=f"{one}{other}", reference=look(one), moving=look(other), registration=registration, warp=warp)


@dataclass(frozen=True)
class Bench:
    """Alignments known beforehand instead of pixels."""

    links: Mapping[tuple[str, str], Pair]
    asked: list[tuple[str, str]]

    def bring_together(self, task: PairTask) -> Pair:
        names = task.reference.photo.file, task.moving.photo.file
        self.asked.append(names)
        return self.links.get(names, pair(*names, None))


def chained(monkeypatch, tmp_path, direct: list[Pair], links: list[Pair]) -> tuple[dict[str, Pair], list]:
    bench = Bench({(k.reference.photo.file, k.moving.photo.file): k for k in links}, [])
    monkeypatch.setattr(chains, "bring_together", bench.bring_together)
    series = Series(view=View.TOP, reference=look("a"), followups=tuple(k.moving for k in direct))
    world = World(shelf=Shelf.open(tmp_path))
    found = with_chains([series], direct, case=Case(patient=Patient()), world=world)
    return {k.moving.photo.file: k for k in found}, bench.asked


def test_a_joined_map_goes_through_the_photo_between_and_back() -> None:
    joined = ChainedWarp(first=plane(2.0, (5, 0)), second=plane(0.5, (1, 3)))
    places = np.array([[10.0, 20.0], [30.0, 5.0]])

    there = joined.moving_from_reference(places)

    assert there == pytest.approx(places + np.array([3.5, 3.0]))
    assert joined.reference_from_moving(there) == pytest.approx(places)
    assert size_ratio(plane(2.0), places) == pytest.approx(2.0)
    assert miss_px(plane(), plane(1.0, (3, 4)), places) == pytest.approx(5.0)


def test_the_error_of_a_chain_is_that_of_its_links_in_pixels_of_the_reference() -> None:
    joined = join(pair("a", "b", plane(2.0), error_px=3.0), pair("b", "c", plane(), error_px=8.0, tier=Tier.HEAD))

    assert joined.registration.expected_error_px == pytest.approx(np.hypot(3.0, 8.0 / 2.0))
    assert joined.registration.tier is Tier.HEAD
    assert (joined.registration.reference, joined.registration.moving) == ("a", "c")
    assert dict(joined.registration.scores)["links"] == 2


def test_the_stated_error_of_long_chains_is_true() -> None:
    rng = np.random.default_rng(4)
    errors = []
    for _ in range(400):
        shifts = rng.normal(0, 2.0 / np.sqrt(2), (3, 2))
        first, second, third = (pair("a", "b", plane(1.0, tuple(shift))) for shift in shifts)
        joined = join(join(first, second), third)
        errors.append(np.linalg.norm(joined.warp.moving_from_reference(np.array([[200.0, 200.0]])) - 200))
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(joined.registration.expected_error_px, rel=0.1)


def test_a_refused_photo_comes_by_way_of_its_nearest_accepted_neighbour(monkeypatch, tmp_path) -> None:
    direct = [pair("a", "b", plane(1.0, (4, 0))), pair("a", "c", None)]
    found, asked = chained(monkeypatch, tmp_path, direct, [pair("b", "c", plane(1.0, (0, 7)))])

    assert asked == [("b", "c")]
    assert found["c"].registration.status is RegistrationStatus.ACCEPTED
    assert found["c"].reference.photo.file == "a"
    assert found["c"].warp.moving_from_reference(np.array([[10.0, 10.0]]))[0] == pytest.approx((14, 17))


def test_an_accepted_photo_keeps_its_direct_map_and_costs_nothing(monkeypatch, tmp_path) -> None:
    direct = [pair("a", "b", plane()), pair("a", "c", plane())]
    found, asked = chained(monkeypatch, tmp_path, direct, [])

    assert asked == []
    assert [found[name] for name in "bc"] == direct


def test_two_ways_that_meet_close_the_loop(monkeypatch, tmp_path) -> None:
    direct = [pair("a", "b", plane()), pair("a", "c", None), pair("a", "d", plane())]
    links = [pair("b", "c", plane(1.0, (1, 0))), pair("d", "c", plane(), error_px=1.0)]
    found, asked = chained(monkeypatch, tmp_path, direct, links)

    assert asked == [("b", "c"), ("d", "c")]
    assert found["c"].registration.status is RegistrationStatus.ACCEPTED
    assert found["c"].registration.expected_error_px == pytest.approx(np.hypot(2, 1))
    assert dict(found["c"].registration.scores)["loop_miss_errors"] < 1


def test_two_ways_that_part_stay_refused_and_say_why(monkeypatch, tmp_path) -> None:
    direct = [pair("a", "b", plane()), pair("a", "c", None), pair("a", "d", plane())]
    links = [pair("b", "c", plane(1.0, (40, 0))), pair("d", "c", plane())]
    found, _ = chained(monkeypatch, tmp_path, direct, links)

    assert found["c"].registration.status is RegistrationStatus.REFUSED
    assert "two ways" in found["c"].registration.reason
    assert found["c"].warp is None
    assert loop_miss_errors(links[0], links[1]) > AGREEING_ERRORS


def test_a_chain_grows_link_by_link_and_asks_no_pair_twice(monkeypatch, tmp_path) -> None:
    direct = [pair("a", "b", plane()), pair("a", "c", None), pair("a", "d", None)]
    found, asked = chained(monkeypatch, tmp_path, direct, [pair("b", "c", plane()), pair("c", "d", plane())])

    assert sorted(asked) == [("b", "c"), ("b", "d"), ("c", "d")]
    assert found["d"].registration.expected_error_px == pytest.approx(np.sqrt(3) * 2)


def test_without_any_accepted_photo_nothing_is_tried(monkeypatch, tmp_path) -> None:
    direct = [pair("a", "b", None), pair("a", "c", None)]
    found, asked = chained(monkeypatch, tmp_path, direct, [])

    assert asked == []
    assert [found[name] for name in "bc"] == direct


def test_links_that_share_no_place_make_no_chain() -> None:
    nowhere = replace(plane(), reference_trusted=np.zeros((4, 4), np.bool_), grid_px=100.0)

    assert join(pair("a", "b", plane()), pair("b", "c", nowhere)) is None
