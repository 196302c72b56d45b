"""The verdict on regions treated without surgery, and on regions that nothing was done to."""

from hairtrack.model import Case, Cause, RegionName, State, Treatment, TreatmentKind
from hairtrack.model.calendar import months_between
from hairtrack.model.posterior import Look, Proposition, Quantity
from hairtrack.outcome.abstention import abstain_or_none
from hairtrack.outcome.decision import Decision, Question, Reason, percent

ENDED_AFTER_MONTHS = 2.0
"""A course of sessions has ended when none was given for longer than the longest published interval."""

CLEARLY_LESS = 0.25
"""A region is called stable when progression is no likelier than this."""


def remedies_of(case: Case, region: RegionName) -> tuple[Treatment, ...]:
    """Return dated medicines and session therapies that act on a region, oldest first."""
    return tuple(t for t in case.treatments_of(region) if not t.kind.is_transplant and t.first_day is not None)


def decide_treated(question: Question) -> Decision:
    """Return the decision on a region under medicines or session therapies."""
    remedies = remedies_of(question.case, question.course.region)
    outside = _outside_indication(question, remedies)
    if outside is not None:
        return outside
    if not question.course.has_baseline:
        return abstain_or_none(question) or _undecided(question)
    gain = question.look.estimates[Quantity.GAIN]
    may_respond = [r for r in remedies if _ripe(r, question.look, question, gate="response_from_month")]
    shedding = _start_shedding(remedies, question)
    if not may_respond:
        return shedding or Decision(state=State.TOO_EARLY, because=(Reason(id="remedy_too_early"),))
    abstention = abstain_or_none(question)
    if abstention is not None:
        return abstention
    sure = question.limit("probability_response")
    shots = question.limit("shots_each_end")
    enough_shots = question.course.shots_before >= shots and _shots_now(question) >= shots
    real = question.probability(Proposition.GAIN_REAL)
    values = {"gain": _signed(gain.middle), "low": _signed(gain.low), "high": _signed(gain.high)}
    earlier = any(
        look.probabilities.get(Proposition.GAIN_REAL, 0.0) >= sure
        and any(_ripe(r, look, question, gate="response_from_month") for r in remedies)
        for look in question.course.looks[: question.at]
    )
    ended = _ended(remedies, question.look)
    if enough_shots and (real >= sure or (earlier and real >= question.limit("probability_response_lasting"))):
        because = [Reason(id="gain_is_real", values=values)]
        if ended or (earlier and real < sure):
            because.append(Reason(id="gain_wanes"))
        return Decision(state=State.RESPONSE, because=tuple(because), next_step=Reason(id="keep_treatment"))
    return _without_response(question, remedies, values=values, waned=ended and earlier)


def _without_response(
    question: Question, remedies: tuple[Treatment, ...], *, values: dict[str, str], waned: bool
) -> Decision:
    sure = question.limit("probability_sure")
    ripe = all(_ripe(r, question.look, question, gate="no_response_from_month") for r in remedies)
    loss = question.probability(Proposition.NATIVE_LOSS_REAL)
    if ripe and loss >= sure and question.months >= question.limit("native_month"):
        return Decision(
            state=State.NATIVE_PROGRESSION,
            because=(Reason(id="loss_despite_treatment", values=values),),
            next_step=Reason(id="ask_about_heredity"),
        )
    negligible = question.probability(Proposition.GAIN_NEGLIGIBLE)
    medicine = any(r.kind.is_medicine for r in remedies)
    expected = question.knowledge.value("native.rate_per_year") * question.months / 12
    worth = medicine and expected > question.limit("expected_untreated_loss")
    if ripe and worth and not waned and loss <= 1 - sure:
        return Decision(
            state=State.STABLE,
            because=(Reason(id="holds_where_loss_was_expected", values=values | {"loss": percent(expected)}),),
        )
    if (ripe or waned) and negligible >= sure and loss < sure:
        if waned:
            return Decision(state=State.STABLE, because=(Reason(id="gain_has_waned", values=values),))
        return Decision(
            state=State.NO_MEASURABLE_RESPONSE,
            because=(Reason(id="no_gain_seen", values=values),),
            against=(Reason(id="effect_varies"),),
            next_step=Reason(id="discuss_treatment"),
        )
    return _undecided(question)


def _undecided(question: Question) -> Decision:
    gain = question.look.estimates.get(Quantity.GAIN)
    values = {} if gain is None else {"low": _signed(gain.low), "high": _signed(gain.high)}
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE,
        because=(Reason(id="gain_not_measurable", values=values),) if values else (),
        missing=(Reason(id="missing_shots"),),
    )


def _outside_indication(question: Question, remedies: tuple[Treatment, ...]) -> Decision | None:
    density = question.course.baseline_density_per_cm2
    advanced = question.knowledge.value("cell_therapy.advanced_below_per_cm2")
    if density is None or density >= advanced or not any(r.kind is TreatmentKind.CELL_THERAPY for r in remedies):
        return None
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE,
        because=(Reason(id="outside_indication", values={"density": f"{density:.0f}"}),),
        missing=(Reason(id="missing_indication"),),
        next_step=Reason(id="discuss_treatment"),
    )


def _start_shedding(remedies: tuple[Treatment, ...], question: Question) -> Decision | None:
    for remedy in remedies:
        if remedy.kind is not TreatmentKind.MINOXIDIL or remedy.first_day is None:
            continue
        months = months_between(remedy.first_day, question.look.on)
        begins = question.knowledge.value("minoxidil.shedding_starts_month")
        ends = question.knowledge.value("minoxidil.shedding_ends_month")
        if begins <= months <= ends:
            return Decision(state=State.EXPECTED_SHEDDING, because=(Reason(id="start_shedding"),))
    return None


def _ripe(remedy: Treatment, look: Look, question: Question, *, gate: str) -> bool:
    if remedy.first_day is None:
        return False
    name = remedy.kind.value
    if remedy.kind.is_session_therapy:
        done = sum(session <= look.on for session in remedy.sessions)
        if done < question.knowledge.value(f"{name}.sessions_needed"):
            return False
    return months_between(remedy.first_day, look.on) >= question.knowledge.value(f"{name}.{gate}") - 0.1


def _ended(remedies: tuple[Treatment, ...], look: Look) -> bool:
    return all(
        (r.stopped_on is not None and r.stopped_on < look.on)
        or (r.kind.is_session_therapy and months_between(max(r.sessions), look.on) > ENDED_AFTER_MONTHS)
        for r in remedies
    )


def _shots_now(question: Question) -> float:
    if question.at == len(question.course.looks) - 1:
        return question.course.shots_now
    return question.limit("shots_each_end")


def _signed(share: float) -> str:
    return f"{share:+.0%}".replace("%", " %")


def decide_untreated(question: Question) -> Decision:
    """Return the decision on a region that nothing was done to."""
    abstention = abstain_or_none(question)
    if abstention is not None:
        return abstention
    p = question.probability(Proposition.NATIVE_LOSS_REAL)
    rate = question.look.estimates[Quantity.NATIVE_RATE_PER_YEAR]
    values = {"p": percent(p), "rate": percent(rate.middle)}
    if question.months >= question.limit("native_month") - 0.2:
        if p >= question.limit("probability_sure") and question.confirmed(
            Proposition.NATIVE_LOSS_REAL, at_least=question.limit("probability_on_course")
        ):
            return Decision(
                state=State.NATIVE_PROGRESSION,
                because=(Reason(id="native_loss", values=values),),
                next_step=Reason(id="ask_about_heredity"),
            )
        if p <= CLEARLY_LESS:
            return Decision(state=State.STABLE, because=(Reason(id="no_loss_seen", values=values),))
        missing: tuple[Reason, ...] = (Reason(id="missing_more_photos"),)
    else:
        missing = (Reason(id="missing_a_year"),)
    share = question.look.causes[Cause.NATIVE_PROGRESSION]
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE,
        because=(Reason(id="native_undecided", values={"p": percent(share)}),),
        missing=missing,
    )
