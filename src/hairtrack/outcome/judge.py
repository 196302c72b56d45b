"""The verdict of every region from its course: phase, decision, reasons, and what the decision hangs on."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from hairtrack.knowledge import Knowledge
from hairtrack.model import (
    Assessment,
    Case,
    Cause,
    Notice,
    NoticeKind,
    Phase,
    RegionRole,
    State,
    Verdict,
)
from hairtrack.model.calendar import months_after
from hairtrack.model.posterior import Courses, Quantity, RegionCourse
from hairtrack.outcome.abstention import DIAMETER, TRIGGERS
from hairtrack.outcome.alerts import alerts_of
from hairtrack.outcome.decision import Decision, Question, Reason
from hairtrack.outcome.direction import DIRECTION_DIFFERENCE, EXIT_ANGLE, direction_fault_probability
from hairtrack.outcome.donor import decide_donor
from hairtrack.outcome.hanging import FollowUnder, hanging_on
from hairtrack.outcome.notices import notices_of
from hairtrack.outcome.phases import is_crown, phase_of
from hairtrack.outcome.recipient import TERMINAL_RATIO, decide_recipient
from hairtrack.outcome.sentences import CLINICIAN_LEADS, PATIENT_SENTENCES, sentence
from hairtrack.outcome.settings import OutcomeSettings
from hairtrack.outcome.treated import decide_treated, decide_untreated, remedies_of

ADVERSE = frozenset({State.FAILURE, State.POOR_GROWTH_PROBABLE, State.DONOR_OVER_EXTRACTION})

SUSPENDING = frozenset({State.ARTEFACT, State.TEMPORARY_DIFFUSE_SHEDDING})
"""States that speak of the newest photo; a confirmed adverse verdict is not undone by them."""

BESIDE = frozenset({EXIT_ANGLE, DIRECTION_DIFFERENCE, DIAMETER, TERMINAL_RATIO})
"""Measurands that bear on a decision besides the amount of hair."""

DECIDERS: Mapping[RegionRole, Callable[[Question], Decision]] = {
    RegionRole.RECIPIENT: decide_recipient,
    RegionRole.DONOR: decide_donor,
    RegionRole.TREATED: decide_treated,
    RegionRole.UNTREATED: decide_untreated,
}


def judge(
    case: Case,
    courses: Courses,
    *,
    knowledge: Knowledge,
    settings: OutcomeSettings | None = None,
    follow_under: FollowUnder | None = None,
) -> Assessment:
    """Return verdicts, alerts and notices of a case whose courses were followed; bands are the pipeline's to add.

    `follow_under` follows the same case under other knowledge; with it, verdicts name every assumption of the courses
    that they hang on, without it those of the gates alone.
    """
    settings = settings or OutcomeSettings()
    today = settings.as_of or newest_date(case)
    verdicts, retracted = [], []
    hanging = hanging_on(case, courses, knowledge=knowledge, decisions_of=decisions_of, follow_under=follow_under)
    for course in courses.regions:
        decisions = decisions_of(case, course, knowledge=knowledge)
        verdict = _verdict(case, course, decisions, today=today, knowledge=knowledge)
        verdicts.append(replace(verdict, would_change_if=hanging.get(course.region, ())))
        retracted += _retractions(course, decisions)
    return Assessment(
        verdicts=tuple(verdicts),
        alerts=alerts_of(case, knowledge=knowledge),
        notices=(*notices_of(case, courses, verdicts, today=today, knowledge=knowledge), *retracted),
    )


def newest_date(case: Case) -> date | None:
    """Return the newest date of anything seen or noted in a case; None when nothing was."""
    seen = [o.taken_on for o in case.observations] + [n.on for n in case.notes]
    seen += [p.taken_on for p in case.photos if p.taken_on is not None]
    return max(seen, default=None)


def decisions_of(
    case: Case, course: RegionCourse, *, knowledge: Knowledge, newest: int | None = None
) -> tuple[Decision, ...]:
    """Return the decision that stood after each look of a region, each from nothing later; of the `newest` alone."""
    found: list[Decision] = []
    for at in range(0 if newest is None else max(len(course.looks) - newest, 0), len(course.looks)):
        found.append(decide(case, course, at, knowledge=knowledge, earlier=found[-1] if found else None))
    return tuple(found)


def decide(
    case: Case, course: RegionCourse, at: int, *, knowledge: Knowledge, earlier: Decision | None = None
) -> Decision:
    """Return the decision that stands after the look `at` of a region, given the one that stood before."""
    look = course.looks[at]
    own = [o for o in case.observations if o.measurand in BESIDE and o.region is course.region]
    beside = tuple(o for o in case.observations if o.region is course.region and o.taken_on <= look.on) if own else ()
    decision = DECIDERS[course.role](
        Question(
            case=case,
            course=course,
            at=at,
            knowledge=knowledge,
            beside=beside,
            triggered=any(note.kind in TRIGGERS and note.on <= look.on for note in case.notes),
            direction_fault=direction_fault_probability(beside, course.region, knowledge=knowledge) if own else 0.0,
        )
    )
    if decision.state in SUSPENDING and earlier is not None and earlier.state in ADVERSE:
        aside = Reason(id="newest_set_aside")
        return earlier if aside in earlier.because else replace(earlier, because=(*earlier.because, aside))
    return decision


def _verdict(
    case: Case, course: RegionCourse, decisions: tuple[Decision, ...], *, today: date | None, knowledge: Knowledge
) -> Verdict:
    own = [o.taken_on for o in case.observations if o.region is course.region]
    judged_on = max(own, default=None)
    phase = phase_of(case, course.region, day=judged_on or today, knowledge=knowledge)
    decision = decisions[-1] if decisions else _without_looks(case, course, phase)
    look = course.looks[-1] if course.looks else None
    fault = direction_fault_probability(case.observations, course.region, knowledge=knowledge)
    survival = look.estimates.get(Quantity.SURVIVAL) if look else None
    return Verdict(
        region=course.region,
        role=course.role,
        judged_on=judged_on,
        phase=phase,
        state=decision.state,
        probabilities=_with_direction(look.causes if look else course.prior, fault),
        survival_interval90=None if survival is None else (survival.low, survival.high),
        earliest_decision_on=_earliest_decision(case, course, knowledge),
        evidence=tuple(sentence(r) for r in decision.because),
        evidence_against=tuple(sentence(r) for r in decision.against),
        next_step=sentence(decision.next_step),
        missing=tuple(sentence(r) for r in decision.missing),
        would_change_if=(),
        sentence_for_clinician=_clinician(decision),
        sentence_for_patient=PATIENT_SENTENCES[decision.state],
        source_keys=course.source_keys,
    )


def _without_looks(case: Case, course: RegionCourse, phase: Phase) -> Decision:
    if phase is Phase.UNKNOWN and case.treatments_of(course.region) and course.started_on is None:
        return Decision(
            state=State.INSUFFICIENT_EVIDENCE,
            because=(Reason(id="no_date"),),
            missing=(Reason(id="missing_date"),),
            next_step=Reason(id="record_date"),
        )
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE,
        because=(Reason(id="not_observed"),),
        missing=(Reason(id="missing_observation"),),
    )


def _with_direction(causes: Mapping[Cause, float], fault: float) -> dict[Cause, float]:
    if Cause.DIRECTION_FAULT not in causes:
        return dict(causes)
    rest = {cause: share * (1.0 - fault) for cause, share in causes.items()}
    rest[Cause.DIRECTION_FAULT] += fault
    return rest


def _earliest_decision(case: Case, course: RegionCourse, knowledge: Knowledge) -> date | None:
    if course.started_on is None:
        return None
    match course.role:
        case RegionRole.RECIPIENT:
            place = "crown" if is_crown(course.region) else "front"
            months = knowledge.value(f"verdict.{place}_decision_month")
        case RegionRole.DONOR:
            months = knowledge.value("verdict.over_extraction_month")
        case RegionRole.TREATED:
            gates = [knowledge.value(f"{r.kind.value}.response_from_month") for r in remedies_of(case, course.region)]
            months = min(gates, default=knowledge.value("verdict.native_month"))
        case RegionRole.UNTREATED:
            months = knowledge.value("verdict.native_month")
    return months_after(course.started_on, months)


def _clinician(decision: Decision) -> str:
    lead = CLINICIAN_LEADS[decision.state]
    grounds = " ".join(sentence(r) for r in decision.because)
    return f"{lead}. {grounds}".strip()


def _retractions(course: RegionCourse, decisions: tuple[Decision, ...]) -> list[Notice]:
    adverse = [i for i, d in enumerate(decisions) if d.state in ADVERSE]
    if not adverse or decisions[-1].state in ADVERSE:
        return []
    last = adverse[-1]
    name = course.region.value.replace("_", " ")
    lead = CLINICIAN_LEADS[decisions[last].state].lower()
    text = (
        f"{name.capitalize()}: the verdict of {course.looks[last].on} ({lead}) "
        f"is withdrawn. {' '.join(sentence(r) for r in decisions[-1].because)}"
    )
    return [Notice(kind=NoticeKind.RETRACTED_VERDICT, text=text)]
