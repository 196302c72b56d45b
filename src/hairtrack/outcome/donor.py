"""The verdict on the donor: as planned, shedding for a time, or over-extracted."""

from hairtrack.model import Cause, State
from hairtrack.model.posterior import Proposition, Quantity
from hairtrack.outcome.abstention import abstain_or_none
from hairtrack.outcome.decision import Decision, Question, Reason, percent

EFFLUVIUM_OVER_AFTER_MONTHS = 9.0


def decide_donor(question: Question) -> Decision:  # noqa: PLR0911 one return a state
    """Return the decision on a region that grafts were taken from."""
    started = question.course.started_on
    if started is not None and (question.look.on - started).days < question.limit("healing_ends_day"):
        return Decision(state=State.TOO_EARLY, because=(Reason(id="healing"),))
    abstention = abstain_or_none(question)
    if abstention is not None:
        return abstention
    residual = question.look.estimates[Quantity.RESIDUAL]
    gate = question.limit("over_extraction_month")
    depleted = _probability_depleted(question, gate)
    if depleted is not None:
        return Decision(
            state=State.DONOR_OVER_EXTRACTION,
            because=(
                Reason(id="donor_depleted", values={"p": percent(depleted), "share": percent(residual.middle)}),
                Reason(id="two_looks_agree"),
            ),
            next_step=Reason(id="no_more_grafts"),
        )
    effluvium = max(
        question.probability(Proposition.EFFLUVIUM_PRESENT),
        question.look.causes[Cause.DONOR_EFFLUVIUM] if question.months < EFFLUVIUM_OVER_AFTER_MONTHS else 0.0,
    )
    if effluvium >= question.limit("probability_behind"):
        return Decision(
            state=State.DONOR_EFFLUVIUM,
            because=(Reason(id="donor_sheds_for_a_time", values={"p": percent(effluvium)}),),
        )
    planned = question.look.causes[Cause.DONOR_AS_PLANNED] + question.look.causes[Cause.DONOR_EFFLUVIUM]
    gained = question.odds_gained(planned, Cause.DONOR_AS_PLANNED, Cause.DONOR_EFFLUVIUM)
    shown = planned >= question.limit("probability_on_course") and gained >= question.limit("evidence_donor")
    if question.months >= gate and shown:
        return Decision(
            state=State.DONOR_AS_PLANNED,
            because=(Reason(id="donor_within_plan", values={"share": percent(residual.middle)}),),
        )
    heredity = question.look.causes[Cause.NATIVE_PROGRESSION]
    if question.months >= question.limit("native_month") and heredity >= question.limit("probability_on_course"):
        return Decision(
            state=State.NATIVE_PROGRESSION,
            because=(Reason(id="donor_thins_late", values={"p": percent(heredity)}),),
            next_step=Reason(id="ask_about_heredity"),
        )
    if question.months < gate:
        return Decision(state=State.TOO_EARLY, because=(Reason(id="donor_too_early"),))
    likely = question.look.causes[Cause.DONOR_OVER_EXTRACTION] >= question.limit("probability_behind")
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE,
        because=(Reason(id="donor_undecided"),),
        missing=(Reason(id="missing_more_photos"),),
        next_step=Reason(id="no_more_grafts" if likely else "next_photo"),
    )


def _probability_depleted(question: Question, gate: float) -> float | None:
    """Return the posterior of over-extraction where it may be said: on two looks, both after donor shedding ends."""
    checked = bool(question.course.reference_regions)
    needed = question.limit("probability_over_extraction_checked" if checked else "probability_over_extraction")
    hidden = question.probability(Proposition.GROWTH_HIDDEN)
    if question.months < gate or question.look.newest_flagged:
        return None
    if checked and hidden > question.limit("hidden_growth_withholds_checked"):
        return None
    earlier = question.limit("probability_on_course")
    for proposition in (Proposition.RESIDUAL_BELOW_SHARE, Proposition.RESIDUAL_BELOW_DENSITY):
        p = question.probability(proposition)
        if p >= needed and question.confirmed(proposition, at_least=earlier, no_earlier_than_months=gate):
            return p
    return None
