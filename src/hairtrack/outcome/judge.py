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
from hairtrack.model.posterior import Courses, Look, Proposition, Quantity, RegionCourse
from hairtrack.outcome.alerts import alerts_of
from hairtrack.outcome.decision import Decision, Question, Reason
from hairtrack.outcome.direction import direction_fault_probability
from hairtrack.outcome.donor import decide_donor
from hairtrack.outcome.notices import notices_of
from hairtrack.outcome.phases import is_crown, phase_of
from hairtrack.outcome.recipient import decide_recipient
from hairtrack.outcome.sentences import CLINICIAN_LEADS, PATIENT_SENTENCES, sentence
from hairtrack.outcome.settings import OutcomeSettings
from hairtrack.outcome.treated import decide_treated, decide_untreated, remedies_of

ADVERSE = frozenset({State.FAILURE, State.POOR_GROWTH_PROBABLE, State.DONOR_OVER_EXTRACTION})

SUSPENDING = frozenset({State.ARTEFACT, State.TEMPORARY_DIFFUSE_SHEDDING})
"""States that speak of the newest photo; a confirmed adverse verdict is not undone by them."""

DECIDERS: Mapping[RegionRole, Callable[[Question], Decision]] = {
    RegionRole.RECIPIENT: decide_recipient,
    RegionRole.DONOR: decide_donor,
    RegionRole.TREATED: decide_treated,
    RegionRole.UNTREATED: decide_untreated,
}


def judge(case: Case, courses: Courses, *, knowledge: Knowledge, settings: OutcomeSettings | None = None) -> Assessment:
    """Return verdicts, alerts and notices of a case whose courses were followed; bands are the pipeline's to add."""
    settings = settings or OutcomeSettings()
    today = settings.as_of or newest_date(case)
    verdicts, retracted = [], []
    for course in courses.regions:
        decisions = decisions_of(case, course, knowledge=knowledge)
        verdicts.append(_verdict(case, course, decisions, today=today, knowledge=knowledge))
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


def decisions_of(case: Case, course: RegionCourse, *, knowledge: Knowledge) -> tuple[Decision, ...]:
    """Return the decision that stood after each look of a region, each from nothing later."""
    found: list[Decision] = []
    for at in range(len(course.looks)):
        found.append(decide(case, course, at, knowledge=knowledge, earlier=found[-1] if found else None))
    return tuple(found)


def decide(
    case: Case, course: RegionCourse, at: int, *, knowledge: Knowledge, earlier: Decision | None = None
) -> Decision:
    """Return the decision that stands after the look `at` of a region, given the one that stood before."""
    look = course.looks[at]
    known = tuple(o for o in case.observations if o.taken_on <= look.on)
    notes = tuple(n for n in case.notes if n.on <= look.on)
    then = replace(case, observations=known, notes=notes)
    decision = DECIDERS[course.role](
        Question(
            case=then,
            course=course,
            at=at,
            phase=phase_of(case, course.region, day=look.on, knowledge=knowledge),
            knowledge=knowledge,
            direction_fault=direction_fault_probability(known, course.region, knowledge=knowledge),
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
        would_change_if=_hangs_on(case, course, decisions, knowledge) if look else (),
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


def _hangs_on(
    case: Case, course: RegionCourse, decisions: tuple[Decision, ...], knowledge: Knowledge
) -> tuple[str, ...]:
    """Name the assumptions that, halved or doubled, would change the state: prior odds of a group of causes."""
    assumptions = {
        RegionRole.RECIPIENT: (
            ("would_change_poor", (Proposition.SURVIVAL_BELOW_POOR, Proposition.SURVIVAL_BELOW_FAILURE)),
            ("would_change_delayed", (Proposition.CLOCK_DELAYED,)),
        ),
        RegionRole.UNTREATED: (("would_change_heredity", (Proposition.NATIVE_LOSS_REAL,)),),
    }.get(course.role, ())
    found = []
    for name, propositions in assumptions:
        for word, factor in (("half", 0.5), ("twice", 2.0)):
            looks = tuple(_with_odds(look, propositions, factor) for look in course.looks)
            other = decide(
                case,
                replace(course, looks=looks),
                len(looks) - 1,
                knowledge=knowledge,
                earlier=decisions[-2] if len(decisions) > 1 else None,
            )
            if other.state is not decisions[-1].state:
                found.append(sentence(Reason(id=name, values={"word": word})))
    return tuple(found)


def _with_odds(look: Look, propositions: tuple[Proposition, ...], factor: float) -> Look:
    changed = dict(look.probabilities)
    for proposition in propositions:
        p = changed.get(proposition, 0.0)
        changed[proposition] = p * factor / (1.0 - p + p * factor)
    if Proposition.SURVIVAL_BELOW_POOR in propositions:
        grown = changed[Proposition.SURVIVAL_BELOW_POOR] - look.probabilities[Proposition.SURVIVAL_BELOW_POOR]
        changed[Proposition.SURVIVAL_BELOW_TARGET] = min(
            max(look.probabilities[Proposition.SURVIVAL_BELOW_TARGET] + grown, 0.0), 1.0
        )
    return replace(look, probabilities=changed)
