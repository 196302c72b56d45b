from datetime import date, timedelta

import pytest

from hairtrack.course import CourseSettings
from hairtrack.knowledge import load
from hairtrack.model import (
    CAUSES_BY_ROLE,
    AlertKind,
    Case,
    CaseProblem,
    Note,
    NoteKind,
    NoticeKind,
    Observation,
    Patient,
    Phase,
    RegionName,
    Severity,
    State,
    Treatment,
    TreatmentKind,
    Urgency,
)
from hairtrack.outcome import SENTENCES, OutcomeSettings, identify, phase_of, sentence
from hairtrack.outcome.decision import Reason, percent
from hairtrack.outcome.direction import direction_fault_probability
from hairtrack.outcome.sentences import CLINICIAN_LEADS, PATIENT_SENTENCES
from hairtrack.pipeline.reasoning import assess

DAY = date(2025, 1, 10)
KNOWLEDGE = load()
FAST = CourseSettings(draws=600)
COUNT = "hair_density_per_cm2"


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


def sessions(kind: str, *months: float, **more: object) -> Treatment:
    return Treatment(
        kind=TreatmentKind(kind),
        sessions=tuple(at(m) for m in months),
        recipient_regions=(RegionName.MIDSCALP,),
        **more,
    )


def note(months: float, kind: str, severity: str | None = None, region: str | None = "frontal") -> Note:
    return Note(
        on=at(months),
        kind=NoteKind(kind),
        severity=Severity(severity) if severity else None,
        region=RegionName(region) if region else None,
    )


def verdict(case: Case, region: str = "frontal", **more: object):
    found = assess(case, course_settings=FAST, **more)
    return next(v for v in found if v.region == region)


FLAT = [(m, 20.0) for m in range(1, 19)]


def test_flat_growth_is_never_a_failure_before_month_twelve_and_one_after_two_looks():
    case = Case(treatments=(fue(),), observations=(seen(-0.1, 20), *(seen(m, v) for m, v in FLAT)))
    for month in range(1, 12):
        known = tuple(o for o in case.observations if o.taken_on <= at(month))
        state = verdict(Case(treatments=case.treatments, observations=known)).state
        assert state not in {State.FAILURE, State.POOR_GROWTH_PROBABLE, State.BELOW_TARGET}
    assert verdict(case).state is State.FAILURE


def test_the_newest_photo_alone_never_makes_a_failure():
    rows = (seen(-0.1, 20), seen(15.5, 20))
    assert verdict(Case(treatments=(fue(),), observations=rows)).state is not State.FAILURE


def test_a_withdrawn_verdict_is_explained():
    rows = [seen(-0.1, 20), *(seen(m, 22.0) for m in range(3, 16))]
    late = [seen(m, 80.0 + m) for m in (17, 18, 19, 20, 21, 22, 23, 24)]
    before = verdict(Case(treatments=(fue(),), observations=tuple(rows))).state
    assert before in {State.FAILURE, State.POOR_GROWTH_PROBABLE}
    found = assess(Case(treatments=(fue(),), observations=(*rows, *late)), course_settings=FAST)
    if found[0].state not in {State.FAILURE, State.POOR_GROWTH_PROBABLE}:
        assert any(n.kind is NoticeKind.RETRACTED_VERDICT for n in found.notices)


def test_probabilities_sum_to_one_over_the_causes_of_the_role():
    rows = (seen(-0.1, 20), seen(6, 50), seen(6, 120, "midscalp"), seen(-0.1, 120, "midscalp"))
    for found in assess(Case(treatments=(fue(),), observations=rows), course_settings=FAST):
        assert set(found.probabilities) == set(CAUSES_BY_ROLE[found.role])
        assert sum(found.probabilities.values()) == pytest.approx(1.0, abs=1e-5)


def test_without_observations_the_phase_is_right_and_the_verdict_abstains():
    settings = OutcomeSettings(as_of=at(2))
    found = verdict(Case(treatments=(fue(),)), settings=settings)
    assert found.phase is Phase.EXPECTED_SHEDDING
    assert found.state is State.INSUFFICIENT_EVIDENCE
    assert found.judged_on is None
    assert found.earliest_decision_on == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("region", "month", "phase"),
    [
        ("frontal", -1, Phase.NOT_STARTED), ("frontal", 0.2, Phase.HEALING), ("frontal", 1.5, Phase.EXPECTED_SHEDDING),
        ("frontal", 3.1, Phase.DORMANT), ("frontal", 6, Phase.REGROWTH), ("frontal", 13, Phase.MATURATION),
        ("frontal", 20, Phase.SETTLED), ("vertex", 4.5, Phase.DORMANT), ("vertex", 13, Phase.REGROWTH),
        ("occipital", 0.1, Phase.HEALING), ("occipital", 1, Phase.EXPECTED_SHEDDING), ("occipital", 4, Phase.REGROWTH),
        ("occipital", 9, Phase.SETTLED), ("midscalp", 1, Phase.NOT_STARTED),
    ],
)  # fmt: skip
def test_phase_follows_date_and_treatment(region, month, phase):
    operation = fue(recipient_regions=(RegionName.FRONTAL, RegionName.VERTEX), donor_regions=(RegionName.OCCIPITAL,))
    case = Case(treatments=(operation,))
    assert phase_of(case, RegionName(region), day=at(month), knowledge=KNOWLEDGE) is phase


@pytest.mark.parametrize(
    ("treatment", "month", "phase"),
    [
        (sessions("prp", 0, 1, 2), 0.5, Phase.BETWEEN_SESSIONS),
        (sessions("prp", 0, 1, 2), -0.5, Phase.NOT_STARTED),
        (sessions("prp", 0, 1, 2), 4, Phase.REGROWTH),
        (sessions("prp", 0, 1, 2), 12, Phase.SETTLED),
        (Treatment(kind=TreatmentKind.MINOXIDIL, started_on=DAY), 1, Phase.EXPECTED_SHEDDING),
        (Treatment(kind=TreatmentKind.MINOXIDIL, started_on=DAY), 5, Phase.REGROWTH),
        (Treatment(kind=TreatmentKind.FINASTERIDE, started_on=DAY), 13, Phase.SETTLED),
        (Treatment(kind=TreatmentKind.FINASTERIDE), 13, Phase.UNKNOWN),
    ],
)
def test_phase_of_remedies(treatment, month, phase):
    case = Case(treatments=(treatment,))
    assert phase_of(case, RegionName.MIDSCALP, day=at(month), knowledge=KNOWLEDGE) is phase


def test_a_treatment_without_date_is_asked_for():
    found = assess(Case(treatments=(fue(performed_on=None),), observations=(seen(1, 20),)), course_settings=FAST)
    assert found[0].phase is Phase.UNKNOWN
    assert found[0].state is State.INSUFFICIENT_EVIDENCE
    assert "date" in " ".join(found[0].missing)
    assert any("date" in n.text for n in found.notices)


def test_identical_numbers_without_treatment_are_no_failure():
    rows = tuple(seen(m, 0.5, r, "coverage_fraction") for m in (0, 3, 9, 15) for r in ("vertex", "parietal_left"))
    for found in assess(Case(observations=rows), course_settings=FAST):
        assert found.state in {State.STABLE, State.INSUFFICIENT_EVIDENCE}


def test_five_hundred_observations_are_judged():
    rows = tuple(seen(m / 30, 60.0, photo_id=None) for m in range(500))
    assert verdict(Case(treatments=(fue(),), observations=(seen(-0.1, 20), *rows))).judged_on == at(499 / 30)


def test_a_flagged_newest_photo_confirms_nothing():
    rows = (seen(-0.1, 20), *(seen(m, 20.0) for m in (9, 10, 11)), seen(12.2, 20.0, flags=("wet",)))
    assert verdict(Case(treatments=(fue(),), observations=rows)).state is not State.FAILURE


@pytest.mark.parametrize(
    ("readings", "low", "high"),
    [([], 0.0, 0.0), ([75.0], 0.6, 0.96), ([85.0, 84.0], 0.99, 1.0), ([20.0, 25.0], 0.0, 0.01)],
)
def test_direction_fault_needs_angles_beyond_the_limit(readings, low, high):
    rows = [seen(9 + i, v, measurand="exit_angle_deg") for i, v in enumerate(readings)]
    assert low <= direction_fault_probability(rows, RegionName.FRONTAL, knowledge=KNOWLEDGE) <= high


def test_direction_fault_beside_poor_growth_names_colliding_roots():
    rows = [seen(-0.1, 20), *(seen(m, 52.0) for m in range(6, 14))]
    rows += [seen(m, 150.0, measurand="direction_difference_deg") for m in (9, 12)]
    assert verdict(Case(treatments=(fue(),), observations=tuple(rows))).state is State.DIRECTION_FAULT


@pytest.mark.parametrize(
    ("notes", "treatment", "kind", "urgency"),
    [
        ([note(0.2, "black_patch")], fue(), AlertKind.NECROSIS_SIGNS, Urgency.NOW),
        ([note(5.5, "black_patch", region=None)], fue(), AlertKind.NECROSIS_SIGNS, Urgency.NOW),
        ([note(0.2, "pus")], fue(), AlertKind.INFECTION_SIGNS, Urgency.TODAY),
        ([note(0.3, "fever", region=None)], fue(), AlertKind.INFECTION_SIGNS, Urgency.TODAY),
        ([note(0.1, "rash", "severe")], fue(), AlertKind.ALLERGY_SIGNS, Urgency.NOW),
        ([note(0.0, "rash", "mild", "midscalp")], sessions("prp", 0), AlertKind.ALLERGY_SIGNS, Urgency.THIS_WEEK),
        ([note(0.7, "crust")], fue(), AlertKind.HEALING_SLOWER_THAN_EXPECTED, Urgency.THIS_WEEK),
        ([note(4, "redness")], fue(), AlertKind.HEALING_SLOWER_THAN_EXPECTED, Urgency.THIS_WEEK),
        ([note(0.6, "swelling", "severe")], fue(), AlertKind.INFECTION_SIGNS, Urgency.TODAY),
        ([note(0.15, "pain", "severe")], fue(), AlertKind.NECROSIS_SIGNS, Urgency.TODAY),
        ([note(0.1, "redness", "mild"), note(0.3, "redness", "severe")], fue(), AlertKind.INFECTION_SIGNS,
         Urgency.TODAY),
        ([note(0.3, "redness", "mild", "midscalp")], sessions("prp", 0), AlertKind.HEALING_SLOWER_THAN_EXPECTED,
         Urgency.THIS_WEEK),
    ],
)  # fmt: skip
def test_signs_raise_alerts_at_any_date(notes, treatment, kind, urgency):
    alerts = assess(Case(treatments=(treatment,), notes=tuple(notes)), course_settings=FAST).alerts
    assert (kind, urgency) in {(a.kind, a.urgency) for a in alerts}


@pytest.mark.parametrize(
    ("notes", "treatment"),
    [
        ([note(0.1, "redness", "mild")], fue()),
        ([note(0.1, "swelling", "moderate")], fue()),
        ([note(0.3, "crust")], fue()),
        ([note(0.0, "redness", "mild", "midscalp")], sessions("mesotherapy", 0)),
        ([note(0.2, "itching", region=None)], Treatment(kind=TreatmentKind.MINOXIDIL, started_on=DAY)),
        ([note(3, "illness", region=None)], fue()),
        ([note(8, "fever", region=None)], fue()),
    ],
)
def test_expected_signs_raise_none(notes, treatment):
    assert assess(Case(treatments=(treatment,), notes=tuple(notes)), course_settings=FAST).alerts == ()


def test_series_of_redness_crust_and_patches_raise_alerts():
    rows = (
        seen(0.1, 0.5, measurand="redness_index"), seen(0.3, 0.3, measurand="redness_index"),
        seen(0.6, 0.7, measurand="redness_index", std_uncertainty=0.05),
        seen(0.2, 0.0, measurand="dark_crust_fraction"), seen(0.7, 0.3, measurand="dark_crust_fraction"),
        seen(-0.1, 0.1, "midscalp", "patchiness"), seen(2, 0.6, "midscalp", "patchiness", std_uncertainty=0.05),
    )  # fmt: skip
    case = Case(treatments=(fue(), sessions("mesotherapy", 0, 1)), observations=rows)
    kinds = {a.kind for a in assess(case, course_settings=FAST).alerts}
    assert kinds == {AlertKind.INFECTION_SIGNS, AlertKind.NECROSIS_SIGNS, AlertKind.INJECTION_SITE_ALOPECIA}


def test_a_small_dying_patch_is_told_and_crusts_that_form_and_fall_are_not():
    crust = "dark_crust_fraction"
    usual = [seen(d / 30.4375, v, measurand=crust, std_uncertainty=0.01) for d, v in ((1, 0.05), (4, 0.2), (9, 0.08))]
    assert not assess(Case(treatments=(fue(),), observations=tuple(usual)), course_settings=FAST).alerts
    patch = seen(16 / 30.4375, 0.05, measurand=crust, std_uncertainty=0.01)
    found = assess(Case(treatments=(fue(),), observations=(*usual, patch)), course_settings=FAST).alerts
    assert [(a.kind, a.urgency) for a in found] == [(AlertKind.NECROSIS_SIGNS, Urgency.NOW)]


def test_redness_that_flickers_far_below_its_first_reading_is_no_sign():
    rows = [
        seen(d / 30.4375, v, measurand="redness_index", std_uncertainty=0.005)
        for d, v in ((0, 0.2), (3, 0.0), (7, 0.03))
    ]
    assert not assess(Case(treatments=(fue(),), observations=tuple(rows)), course_settings=FAST).alerts


def test_the_same_series_without_treatment_or_without_rise_raise_none():
    rows = (
        seen(0.1, 0.5, measurand="redness_index"), seen(0.6, 0.4, measurand="redness_index"),
        seen(0.3, 0.05, measurand="dark_crust_fraction"), seen(2, 0.1, "midscalp", "patchiness"),
        seen(5, 0.5, measurand="dark_crust_fraction"),
    )  # fmt: skip
    assert assess(Case(treatments=(fue(),), observations=rows), course_settings=FAST).alerts == ()
    assert assess(Case(observations=rows), course_settings=FAST).alerts == ()


def test_notices_name_contra_indications_intervals_costs_and_what_is_due():
    case = Case(
        patient=Patient(conditions=("Diabetes type 2",), birth_year=2010),
        treatments=(sessions("mesotherapy", 0, 0.2, 2.2, cost_per_session=100.0, currency="EUR"),),
        observations=(seen(2.5, 100.0, "midscalp"), seen(2.5, 7.0, "midscalp", "hairs_an_inch", photo_id=None)),
        problems=(CaseProblem(where="a.jpg", what="is empty", remedy="send it again"),),
    )
    notices = assess(case, course_settings=FAST).notices
    texts = " ".join(n.text for n in notices)
    for words in ("diabetes", "minor", "sooner than usual", "later than usual", "300.00 EUR", "next session", "a.jpg",
                  "hairs_an_inch", "nothing was recorded before"):  # fmt: skip
        assert words in texts
    assert {NoticeKind.NEXT_PHOTO_DUE, NoticeKind.NEXT_SESSION_DUE} <= {n.kind for n in notices}


def test_missing_facts_of_an_operation_are_named():
    case = Case(treatments=(fue(hairs_implanted=None, cost_per_session=900.0),), observations=(seen(6, 50),))
    texts = " ".join(n.text for n in assess(case, course_settings=FAST).notices)
    assert "planted grafts" in texts
    assert "day 7 to 14" in texts
    assert "900.00" in texts


def test_every_state_has_words_and_no_patient_reads_failure():
    assert set(PATIENT_SENTENCES) == set(CLINICIAN_LEADS) == set(State)
    assert not any("fail" in text.lower() for text in PATIENT_SENTENCES.values())


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_every_sentence_can_be_traced_to_its_id(name):
    template = SENTENCES[name]
    values = {field: f"x{field}" for field in ("p", "share", "poor", "good", "gain", "low", "high", "loss", "rate",
                                               "density", "word", "name") if f"{{{field}}}" in template}  # fmt: skip
    reason = Reason(id=name, values=values)
    found = identify(sentence(reason))
    assert found is not None
    assert sentence(found) == sentence(reason)


def test_other_text_has_no_id():
    assert identify("Something else.") is None


@pytest.mark.parametrize(("share", "words"), [(0.001, "less than 1 %"), (0.999, "more than 99 %"), (0.5, "50 %")])
def test_percent_is_never_certain(share, words):
    assert percent(share) == words


def test_medicines_too_early_responding_and_worsening():
    minoxidil = Treatment(kind=TreatmentKind.MINOXIDIL, started_on=DAY)
    rows = [seen(-0.1, 120.0, "midscalp", std_uncertainty=3.0), seen(3, 121.0, "midscalp", std_uncertainty=3.0)]
    assert verdict(Case(treatments=(minoxidil,), observations=tuple(rows)), "midscalp").state is State.TOO_EARLY
    rows += [seen(m, 120.0 - 4 * m, "midscalp", std_uncertainty=2.0) for m in (6, 9, 12, 13, 14)]
    worse = verdict(Case(treatments=(minoxidil,), observations=tuple(rows)), "midscalp")
    assert worse.state in {State.NATIVE_PROGRESSION, State.INSUFFICIENT_EVIDENCE}
    unseen = verdict(Case(treatments=(minoxidil,), observations=(seen(8, 100, "midscalp"),)), "midscalp")
    assert unseen.state is State.INSUFFICIENT_EVIDENCE


def test_a_donor_is_too_early_then_thins_with_age():
    operation = fue(donor_regions=(RegionName.OCCIPITAL,))
    early = (seen(-0.1, 190, "occipital"), seen(0.1, 140, "occipital"))
    assert verdict(Case(treatments=(operation,), observations=early), "occipital").state is State.TOO_EARLY
    young = (*early, seen(3, 142, "occipital"))
    state = verdict(Case(treatments=(operation,), observations=young), "occipital").state
    assert state in {State.TOO_EARLY, State.DONOR_EFFLUVIUM}
    blind = (seen(8, 142, "occipital"),)
    assert verdict(Case(treatments=(operation,), observations=blind), "occipital").state is State.INSUFFICIENT_EVIDENCE


def test_stable_untreated_region_with_precise_counts():
    rows = tuple(seen(m, 150.0, "parietal_left", std_uncertainty=2.0) for m in range(0, 37, 2))
    assert verdict(Case(observations=rows), "parietal_left").state is State.STABLE


def test_expected_bands_come_with_the_verdict():
    found = assess(Case(treatments=(fue(),), observations=(seen(-0.1, 20), seen(6, 50))), course_settings=FAST)
    assert [b.measurand for b in found.bands] == [COUNT]
    assert assess(Case(treatments=(fue(),), observations=(seen(6, 50),)), course_settings=FAST).bands == ()


WET = [(m, 0.6 * (30 + 66 / (1 + (m / 5.8) ** -4))) for m in range(3, 18, 2)]


def test_light_that_could_hide_growth_asks_for_an_untouched_region():
    rows = (seen(-0.1, 30), *(seen(m, value) for m, value in WET))
    found = verdict(Case(treatments=(fue(),), observations=rows))
    assert found.state not in {State.FAILURE, State.POOR_GROWTH_PROBABLE}
    if found.state is State.INSUFFICIENT_EVIDENCE:
        assert "untouched region" in " ".join(found.missing)


def test_an_untouched_region_that_fell_as_well_clears_the_grafts():
    rows = [seen(-0.1, 30), *(seen(m, value) for m, value in WET)]
    rows += [seen(-0.1, 150, "parietal_left"), *(seen(m, 90.0, "parietal_left") for m, _ in WET)]
    cleared = verdict(Case(treatments=(fue(),), observations=tuple(rows)))
    assert cleared.state not in {State.FAILURE, State.POOR_GROWTH_PROBABLE}
    steady = [*rows[: 1 + len(WET)], *(seen(m, 150.0, "parietal_left") for m in (-0.1, *(m for m, _ in WET)))]
    called = verdict(Case(treatments=(fue(),), observations=tuple(steady)))
    assert called.state in {State.FAILURE, State.POOR_GROWTH_PROBABLE}


def test_a_verdict_names_every_assumption_that_it_hangs_on():
    rows = (seen(-0.1, 20), *(seen(m, 20 + 3.6 * m) for m in (3, 6, 9, 12)))
    case = Case(treatments=(fue(),), observations=rows)
    settings = OutcomeSettings(every_assumption=True)
    small = CourseSettings(draws=200, finer_draws=0)
    every = next(v for v in assess(case, settings=settings, course_settings=small) if v.region == "frontal")
    named = [identify(text) for text in every.would_change_if]
    assert all(reason is not None and reason.id == "would_change" for reason in named)
    keys = {str(reason.values["name"]).rpartition("(")[2].rstrip(")") for reason in named if reason is not None}
    assert keys
    assert all(KNOWLEDGE.fact(key).assumed for key in keys)


def test_states_by_date_alone_hang_on_no_assumption():
    rows = (seen(-0.1, 20), seen(1.5, 25))
    assert verdict(Case(treatments=(fue(),), observations=rows)).would_change_if == ()
