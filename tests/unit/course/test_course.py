from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from hairtrack.course import (
    CourseSettings,
    changes,
    expected_band,
    follow,
    follow_many,
    observations_of,
    smallest_detectable_change,
)
from hairtrack.course.draws import draw_courses
from hairtrack.course.propositions import interval90
from hairtrack.course.series import Channel, pooled, readings_of
from hairtrack.knowledge import load
from hairtrack.model import (
    Case,
    InputError,
    Measured,
    Measurement,
    Note,
    NoteKind,
    NotMeasured,
    Observation,
    Photo,
    RegionName,
    RegionRole,
    Sex,
    Treatment,
    TreatmentKind,
)
from hairtrack.model.calendar import months_after, months_between
from hairtrack.model.posterior import Proposition, Quantity

DAY = date(2025, 1, 10)
KNOWLEDGE = load()
COUNT = "hair_density_per_cm2"
FAST = CourseSettings(draws=600)


def at(months: float) -> date:
    return DAY + timedelta(days=round(months * 30.4375))


def seen(months: float, value: float, region: str = "frontal", measurand: str = COUNT, **more: object) -> Observation:
    return Observation(
        taken_on=at(months), region=RegionName(region), measurand=measurand, value=value,
        **({"photo_id": f"p{months}"} | more),
    )  # fmt: skip


def fue(**more: object) -> Treatment:
    return Treatment(
        **(
            {
                "kind": TreatmentKind.FUE,
                "performed_on": DAY,
                "recipient_regions": (RegionName.FRONTAL,),
                "hairs_implanted": 4500,
                "recipient_area_cm2": 60.0,
            }
            | more
        )
    )


def course_of(case: Case, region: str = "frontal"):
    return next(c for c in follow(case, knowledge=KNOWLEDGE, settings=FAST).regions if c.region == region)


def measured(
    value: float, day: date, *, std: float = 0.01, method: str = "coverage_fraction@1", **more: object
) -> Measurement:
    low_high = (value - 2 * std, value + 2 * std)
    result = Measured(value=value, unit="1", std_uncertainty=std, interval95=low_high, method=method)
    return Measurement(
        **(
            {
                "measurand": "coverage_fraction",
                "region": RegionName.VERTEX,
                "file": "a.jpg",
                "photo_id": f"photo-{day}",
                "taken_on": day,
                "result": result,
            }
            | more
        )
    )


def test_a_month_is_complete_on_its_anniversary():
    assert months_between(date(2025, 1, 10), date(2026, 1, 10)) == 12.0
    assert months_between(date(2024, 1, 31), date(2024, 2, 29)) == pytest.approx(1.0, abs=0.06)
    assert months_between(date(2025, 3, 10), date(2025, 1, 10)) == -months_between(date(2025, 1, 10), date(2025, 3, 10))
    assert months_after(date(2026, 1, 10), 12) == date(2027, 1, 10)


def test_identical_numbers_are_no_change():
    (change,) = changes([measured(0.5, at(0)), measured(0.5, at(6))], knowledge=KNOWLEDGE)
    assert change.difference == 0
    assert not change.beyond_error
    assert change.smallest_detectable == pytest.approx(change.interval95[1])


def test_a_large_change_is_beyond_error_and_a_small_one_is_not():
    found = changes([measured(0.2, at(0)), measured(0.6, at(6)), measured(0.21, at(12))], knowledge=KNOWLEDGE)
    assert [c.beyond_error for c in found] == [True, False]
    assert {c.from_date for c in found} == {at(0)}


def test_methods_are_never_mixed_and_absent_numbers_are_left_out():
    other = measured(0.9, at(6), method="coverage_fraction@2")
    absent = measured(0.9, at(6), result=NotMeasured(reason="blurred", remedy="retake"))
    undated = measured(0.9, at(6), taken_on=None)
    assert changes([measured(0.5, at(0)), other, absent, undated], knowledge=KNOWLEDGE) == ()


def test_the_smallest_detectable_change_of_a_pair_at_ten_percent_is_twenty_eight():
    assert smallest_detectable_change(10, 10) == pytest.approx(27.7, abs=0.05)


def test_repeatability_bounds_the_claimed_error_of_counts():
    pair = [measured(100, at(m), measurand=COUNT, method="count@1") for m in (0, 6)]
    assert changes(pair, knowledge=KNOWLEDGE)[0].smallest_detectable == pytest.approx(27.7, abs=0.05)


def test_measurements_become_observations_with_the_doubts_of_their_photos():
    photos = [
        Photo(file="a.jpg", photo_id=f"photo-{at(0)}", taken_on=at(0), hair_length_mm=3),
        Photo(file="b.jpg", photo_id=f"photo-{at(6)}", taken_on=at(6), hair_length_mm=30, wet=True),
        Photo(file="c.jpg", photo_id="photo-c"),
    ]
    absent = measured(0.9, at(6), result=NotMeasured(reason="blurred", remedy="retake"))
    first, second = observations_of([measured(0.5, at(0)), measured(0.5, at(6)), absent], photos)
    assert first.flags == ()
    assert second.flags == ("wet", "hair_length_differs")
    assert first.std_uncertainty == 0.01


@pytest.mark.parametrize(
    ("observation", "field"),
    [
        (seen(1, -3.0), r"observations\[0\]\.value"),
        (seen(1, 5000.0), r"observations\[0\]\.value"),
        (seen(1, float("nan")), r"observations\[0\]\.value"),
        (seen(1, 1.4, measurand="coverage_fraction"), r"observations\[0\]\.value"),
        (seen(1, 50.0, std_uncertainty=-1.0), r"observations\[0\]\.std_uncertainty"),
    ],
)
def test_a_number_that_no_scalp_has_is_refused_by_its_field(observation, field):
    with pytest.raises(InputError, match=field):
        follow(Case(observations=(observation,)), knowledge=KNOWLEDGE)


def test_the_same_evidence_is_not_used_twice():
    found = readings_of(
        [
            seen(1, 0.4, measurand="coverage_fraction"),
            seen(1, 1.2, measurand="relative_hair_density"),
            seen(2, 100.0),
            seen(2, 50.0, measurand="follicular_unit_density_per_cm2"),
            seen(3, 50.0, measurand="follicular_unit_density_per_cm2"),
            seen(4, 0.1, measurand="hair_matched_change_fraction"),
            seen(4, 3.0, measurand="colour_of_eyes"),
        ],
        knowledge=KNOWLEDGE,
    )
    assert [r.channel for r in found] == [Channel.COVERAGE, Channel.COUNT, Channel.COUNT, Channel.MATCHED]
    assert found[2].amount == pytest.approx(105.0)


def test_flags_widen_the_error_and_fibres_refuse_coverage():
    plain, limited, wet = (
        readings_of([seen(1, 100.0, flags=flags)], knowledge=KNOWLEDGE)[0]
        for flags in ((), ("usable_with_limits",), ("wet",))
    )
    assert plain.level_std < limited.level_std < wet.level_std
    assert (plain.flagged, limited.flagged, wet.flagged) == (False, True, True)
    fibres = seen(1, 0.4, measurand="coverage_fraction", flags=("fibres",))
    assert readings_of([fibres], knowledge=KNOWLEDGE) == ()


def test_repeated_shots_pool_to_a_smaller_error():
    shots = readings_of([seen(0, 100.0 + i, photo_id=f"s{i}") for i in range(6)], knowledge=KNOWLEDGE)
    one = pooled(shots[:1])
    six = pooled(shots)
    assert one is not None
    assert six is not None
    assert six[1] < one[1] / 2
    assert pooled([]) is None


def test_courses_are_deterministic_and_blind_to_what_comes_later():
    early = (seen(-0.1, 20), seen(3, 22), seen(6, 60))
    later = (*early, seen(9, 20))
    one, again, longer = (course_of(Case(treatments=(fue(),), observations=o)) for o in (early, early, later))
    assert one == again
    assert longer.looks[:2] == one.looks


def test_the_order_of_observations_changes_nothing():
    rows = (seen(-0.1, 20), seen(3, 22), seen(6, 60), seen(9, 80))
    assert course_of(Case(treatments=(fue(),), observations=rows)) == course_of(
        Case(treatments=(fue(),), observations=rows[::-1])
    )


@pytest.mark.parametrize(("final", "expected"), [(85.0, 0.87), (35.0, 0.25)])
def test_the_surviving_share_is_found_from_precise_counts(final, expected):
    rows = [seen(-0.1, 20, std_uncertainty=1.0)]
    rows += [seen(m, 20 + (final - 20) / (1 + (m / 5.8) ** -4), std_uncertainty=2.0) for m in range(3, 19)]
    survival = course_of(Case(treatments=(fue(),), observations=tuple(rows))).looks[-1].estimates[Quantity.SURVIVAL]
    assert survival.low - 0.12 < expected < survival.high + 0.12
    assert survival.high - survival.low < 0.5


def test_a_wet_photo_is_seen_through_by_untouched_regions():
    dry = [(m, 20 + 66 / (1 + (m / 5.8) ** -4)) for m in (4, 6, 9, 11)]
    rows = [seen(-0.1, 20), *(seen(m, v) for m, v in dry), seen(12, 45)]
    fringe = [seen(m, 150, "parietal_left") for m in (-0.1, 4, 6, 9, 11)] + [seen(12, 82, "parietal_left")]
    look = course_of(Case(treatments=(fue(),), observations=(*rows, *fringe))).looks[-1]
    assert look.probabilities[Proposition.NEWEST_IS_ARTEFACT] > 0.7
    assert look.probabilities[Proposition.SURVIVAL_BELOW_POOR] < 0.2


def test_coverage_alone_is_followed_and_reported_as_such():
    rows = tuple(seen(m, c, measurand="coverage_fraction") for m, c in ((-0.1, 0.2), (6, 0.4), (12, 0.55)))
    course = course_of(Case(treatments=(fue(),), observations=rows))
    assert course.fractions_only
    assert course.has_baseline
    both = tuple(seen(m, v) for m, v in ((-0.1, 25), (12, 90)))
    assert not course_of(Case(treatments=(fue(),), observations=(*rows, *both))).fractions_only


def test_hair_matched_change_and_relative_density_are_understood():
    rows = (
        seen(-0.1, 40),
        seen(12, 0.9, measurand="hair_matched_change_fraction"),
        seen(13, 1.8, measurand="relative_hair_density"),
    )
    assert len(course_of(Case(treatments=(fue(),), observations=rows)).looks) == 2


def test_a_region_without_baseline_or_date_says_so():
    assert not course_of(Case(treatments=(fue(),), observations=(seen(8, 80),))).has_baseline
    undated = course_of(Case(treatments=(fue(performed_on=None),), observations=(seen(8, 80),)))
    assert undated.started_on is None
    assert undated.looks == ()


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({}, True),
        ({"hairs_implanted": None, "grafts_implanted": 2000}, True),
        ({"hairs_implanted": None}, False),
        ({"recipient_area_cm2": None}, False),
        ({"recipient_regions": (RegionName.FRONTAL, RegionName.MIDSCALP)}, True),
    ],
)
def test_planted_density_is_known_from_hairs_or_grafts_and_area(more, known):
    case = Case(treatments=(fue(**more),), observations=(seen(-0.1, 20), seen(6, 60)))
    assert course_of(case).planted_known is known


def test_a_second_operation_restarts_the_clock():
    again = fue(performed_on=at(10))
    rows = (seen(-0.1, 20), seen(9, 80), seen(13, 82))
    course = course_of(Case(treatments=(fue(), again), observations=rows))
    assert course.started_on == at(10)
    assert course.looks[-1].months == pytest.approx(3, abs=0.1)


def test_donor_treated_and_untreated_regions_have_courses():
    treatments = (
        fue(donor_regions=(RegionName.OCCIPITAL,)),
        Treatment(kind=TreatmentKind.PRP, sessions=(at(0), at(1)), recipient_regions=(RegionName.MIDSCALP,)),
    )
    rows = [seen(m, 140.0, region) for region in ("occipital", "midscalp", "parietal_left") for m in (-0.1, 6, 12)]
    courses = follow(Case(treatments=treatments, observations=tuple(rows)), knowledge=KNOWLEDGE, settings=FAST)
    roles = {c.region: c.role for c in courses.regions}
    assert roles[RegionName.OCCIPITAL] is RegionRole.DONOR
    assert roles[RegionName.MIDSCALP] is RegionRole.TREATED
    assert roles[RegionName.PARIETAL_LEFT] is RegionRole.UNTREATED
    for course in courses.regions:
        assert sum(course.prior.values()) == pytest.approx(1.0, abs=1e-5)
        for look in course.looks:
            assert sum(look.causes.values()) == pytest.approx(1.0)


def test_minoxidil_plasma_mesotherapy_and_sex_change_the_course():
    remedies = (
        Treatment(kind=TreatmentKind.MINOXIDIL, started_on=at(0.5), stopped_on=at(8)),
        Treatment(kind=TreatmentKind.PRP, sessions=(at(0.1), at(1)), recipient_regions=(RegionName.FRONTAL,)),
        Treatment(kind=TreatmentKind.MESOTHERAPY, sessions=(at(1),), recipient_regions=(RegionName.FRONTAL,)),
    )
    rows = (seen(-0.1, 20), seen(2, 70), seen(12, 90), seen(12, 150, "parietal_left"), seen(2, 150, "parietal_left"))
    case = Case(treatments=(fue(), *remedies), observations=rows)
    assert course_of(case).looks[-1].probabilities[Proposition.SURVIVAL_BELOW_POOR] < 0.2
    women = draw_courses(KNOWLEDGE, role=RegionRole.RECIPIENT, sex=Sex.FEMALE, gain_kinds=(), settings=FAST)
    men = draw_courses(KNOWLEDGE, role=RegionRole.RECIPIENT, sex=Sex.MALE, gain_kinds=(), settings=FAST)
    assert np.mean(women.shock > 0) > np.mean(men.shock > 0)


def test_a_trigger_makes_diffuse_shedding_likelier():
    regions = ("midscalp", "parietal_left", "occipital")
    rows = tuple(seen(m, v, r) for r in regions for m, v in ((0, 150), (4, 150), (7, 150), (8, 115)))
    ill = Case(observations=rows, notes=(Note(on=at(5), kind=NoteKind.ILLNESS),))
    with_note = course_of(ill, "midscalp").looks[-1].probabilities[Proposition.DIFFUSE_SHEDDING]
    without = course_of(Case(observations=rows), "midscalp").looks[-1].probabilities[Proposition.DIFFUSE_SHEDDING]
    assert with_note > without


def test_bands_start_at_the_baseline_and_rise():
    case = Case(treatments=(fue(donor_regions=(RegionName.OCCIPITAL,)),), observations=(seen(-0.1, 20),))
    band = expected_band(case, RegionName.FRONTAL, COUNT, baseline=(20.0, 2.0), knowledge=KNOWLEDGE, settings=FAST)
    assert band is not None
    assert band.points[0].middle == 20.0
    assert all(p.low <= p.middle <= p.high for p in band.points)
    assert band.points[-1].middle > 70
    assert band.assumed
    coverage = expected_band(
        case, RegionName.FRONTAL, "coverage_fraction", baseline=(0.2, 0.03), knowledge=KNOWLEDGE, settings=FAST
    )
    assert coverage is not None
    assert all(0 <= p.low <= p.high <= 1 for p in coverage.points)
    relative = expected_band(
        case, RegionName.OCCIPITAL, "relative_hair_density", baseline=(1.0, 0.1), knowledge=KNOWLEDGE, settings=FAST
    )
    assert relative is not None
    assert relative.points[-1].middle < 1


@pytest.mark.parametrize(("region", "measurand"), [("midscalp", COUNT), ("frontal", "shaft_diameter_mean_um")])
def test_no_band_where_no_course_is_known(region, measurand):
    case = Case(treatments=(fue(),), observations=(seen(0, 20, "midscalp"),))
    assert expected_band(case, RegionName(region), measurand, baseline=(20, 2), knowledge=KNOWLEDGE) is None


def test_a_cohort_gives_each_patient_what_one_alone_gets():
    medicine = Treatment(kind=TreatmentKind.MINOXIDIL, started_on=at(1))
    rows = [(seen(-0.1, 20), *(seen(m, 20.0 + grown * m) for m in range(3, 3 + n))) for n, grown in enumerate(range(9))]
    cases = [Case(treatments=(fue(),), observations=some) for some in rows]
    fringe = tuple(seen(m, 150, "parietal_left") for m in (-0.1, 4, 6))
    covered = tuple(seen(m, c, measurand="coverage_fraction") for m, c in ((-0.1, 0.2), (6, 0.4), (12, 0.55)))
    cases += [
        Case(treatments=(fue(), medicine), observations=rows[5]),
        Case(treatments=(fue(),), observations=(*rows[6], *fringe)),
        Case(treatments=(fue(),), observations=covered),
        Case(treatments=(fue(),)),
    ]
    together = follow_many(cases, knowledge=KNOWLEDGE, settings=FAST)
    assert together == tuple(follow(case, knowledge=KNOWLEDGE, settings=FAST) for case in cases)
    assert together == follow_many(cases[::-1], knowledge=KNOWLEDGE, settings=FAST)[::-1]


def test_few_draws_find_what_many_find():
    rows = (seen(-0.1, 20), *(seen(m, 20 + 60 / (1 + (m / 5.8) ** -4)) for m in range(3, 16)))
    case = Case(treatments=(fue(),), observations=rows)
    few, many = (
        follow(case, knowledge=KNOWLEDGE, settings=CourseSettings(draws=n, finer_draws=0)).regions[0].looks[-1]
        for n in (1500, 20000)
    )
    assert few.estimates[Quantity.SURVIVAL].middle == pytest.approx(many.estimates[Quantity.SURVIVAL].middle, abs=0.05)
    assert few.effective_draws > 50


def test_one_photo_far_off_moves_little():
    rows = (seen(-0.1, 20), *(seen(m, 20 + 60 / (1 + (m / 5.8) ** -4)) for m in range(3, 16)))
    spoiled = (*rows[:-3], replace(rows[-3], value=30.0), *rows[-2:])
    clean, odd = (
        course_of(Case(treatments=(fue(),), observations=some)).looks[-1].probabilities[Proposition.SURVIVAL_BELOW_POOR]
        for some in (rows, spoiled)
    )
    assert odd < clean + 0.1


def test_an_interval_of_equal_values_is_a_point():
    point = interval90(np.full(10, 0.4, np.float32), np.full(10, 0.1, np.float32))
    assert point.low == point.middle == point.high
