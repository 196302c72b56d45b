"""The verdict on planted hair: gates by date, two looks that agree, and abstention."""

from hairtrack.model import Cause, State
from hairtrack.model.posterior import Proposition, Quantity
from hairtrack.outcome.abstention import abstain_or_none
from hairtrack.outcome.decision import Decision, Question, Reason, percent
from hairtrack.outcome.phases import is_crown

TERMINAL_RATIO = "terminal_to_vellus_ratio"

CONFIRMING_LOOK_BEFORE_GATE_MONTHS = 3.0
"""A confirming look may precede the gate by this; an older one says nothing on the final result."""


def decide_recipient(question: Question) -> Decision:  # noqa: PLR0911 one return a ground
    """Return the decision on a region that received grafts."""
    place = "crown" if is_crown(question.course.region) else "front"
    early = _early(question, place)
    if early is not None and early.state is State.TOO_EARLY:
        return early
    abstention = abstain_or_none(question)
    if abstention is not None and not (early is not None and abstention.state is State.INSUFFICIENT_EVIDENCE):
        return abstention
    if early is not None:
        return early
    poor = _poor(question, place)
    if poor is not None and poor.state is State.FAILURE:
        return poor
    grown = _thick_hair_grown(question)
    if grown is not None and poor is None and question.months >= question.limit("native_month"):
        return grown
    if question.direction_fault >= question.limit("probability_on_course"):
        return _direction(question, poor)
    return poor or _growing(question, place)


def _early(question: Question, place: str) -> Decision | None:
    started = question.course.started_on
    days = 0 if started is None else (question.look.on - started).days
    if days < question.limit("healing_ends_day"):
        return Decision(state=State.TOO_EARLY, because=(Reason(id="healing"),), next_step=Reason(id="early_photo"))
    if question.months < question.limit(f"{place}_regrowth_month"):
        return Decision(
            state=State.EXPECTED_SHEDDING,
            because=(Reason(id="shedding_is_expected"), Reason(id="outcome_unknown_yet")),
            against=(Reason(id="dead_graft_looks_the_same"),),
        )
    if question.months < question.limit("on_course_from_month"):
        return Decision(state=State.TOO_EARLY, because=(Reason(id="growth_only_begins"),))
    return None


def _poor(question: Question, place: str) -> Decision | None:  # noqa: PLR0911 one return a ground
    gate = question.limit(f"{place}_decision_month")
    if question.months < gate:
        return None
    below_poor = question.probability(Proposition.SURVIVAL_BELOW_POOR)
    below_failure = question.probability(Proposition.SURVIVAL_BELOW_FAILURE)
    on_target = 1.0 - question.probability(Proposition.SURVIVAL_BELOW_TARGET)
    final = question.months >= question.limit(f"{place}_final_month")
    needed = question.limit("probability_poor" if final else "probability_poor_early")
    if _native_rich(question):
        needed = max(needed, question.limit("probability_failure"))
    doubt = question.limit("on_target_withholds" if final else "on_target_withholds_early")
    if below_poor < needed or on_target > doubt:
        return None
    checked = "_checked" if question.course.reference_regions else ""
    hidden = question.probability(Proposition.GROWTH_HIDDEN)
    if hidden > question.limit(f"hidden_growth_withholds{checked}") * below_poor:
        return _light_may_hide(question, below_poor, final=final)
    artefact = question.probability(Proposition.NEWEST_IS_ARTEFACT)
    if artefact >= question.limit("artefact_withholds"):
        return Decision(
            state=State.ARTEFACT,
            because=(Reason(id="photo_may_explain", values={"p": percent(artefact)}),),
            missing=(Reason(id="missing_unflagged_photo"),),
            next_step=Reason(id="repeat_photo"),
        )
    if question.look.newest_flagged:
        return Decision(
            state=State.BEHIND,
            because=(Reason(id="survival_low_unconfirmed", values={"p": percent(below_poor)}),),
            missing=(Reason(id="missing_unflagged_photo"),),
            next_step=Reason(id="repeat_photo"),
        )
    confirmed = question.confirmed(
        Proposition.SURVIVAL_BELOW_POOR,
        at_least=question.limit("probability_confirming"),
        no_earlier_than_months=gate - CONFIRMING_LOOK_BEFORE_GATE_MONTHS,
    )
    if not confirmed:
        return Decision(
            state=State.BEHIND,
            because=(Reason(id="survival_low_unconfirmed", values={"p": percent(below_poor)}),),
            missing=(Reason(id="missing_second_look"), *_undecided(question)),
            next_step=Reason(id="repeat_photo"),
        )
    survival = question.look.estimates[Quantity.SURVIVAL]
    because = (
        Reason(id="survival_low", values={"p": percent(below_poor), "share": percent(survival.middle)}),
        Reason(id="two_looks_agree"),
    )
    against = _against_poor(question)
    sure = question.limit("probability_failure")
    certain = final or (below_poor >= sure and question.confirmed(Proposition.SURVIVAL_BELOW_POOR, at_least=sure))
    if certain and below_failure >= question.limit("probability_behind"):
        return Decision(state=State.FAILURE, because=because, against=against, next_step=Reason(id="review_grafts"))
    return Decision(
        state=State.POOR_GROWTH_PROBABLE, because=because, against=against, next_step=Reason(id="review_and_repeat")
    )


def _light_may_hide(question: Question, below_poor: float, *, final: bool) -> Decision:
    """Return the abstention where light that changed for a series of photos could hide growth."""
    checked = bool(question.course.reference_regions)
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE if final else State.BEHIND,
        because=(
            Reason(id="photos_may_hide", values={"p": percent(below_poor)}),
            *(() if checked else (Reason(id="no_reference"),)),
        ),
        missing=(Reason(id="missing_unflagged_photo" if checked else "missing_reference"), *_undecided(question)),
        next_step=Reason(id="repeat_photo" if checked else "photograph_reference"),
    )


def _against_poor(question: Question) -> tuple[Reason, ...]:
    against = []
    if not question.course.planted_known:
        against.append(Reason(id="planted_unknown"))
    late = question.look.causes.get(Cause.DELAYED, 0.0)
    if late >= 0.02:  # noqa: PLR2004 below two in a hundred it would not be said aloud
        against.append(Reason(id="may_be_late", values={"p": percent(late)}))
    if not question.course.reference_regions:
        against.append(Reason(id="no_reference"))
    return tuple(against)


def _direction(question: Question, poor: Decision | None) -> Decision:
    if poor is not None and poor.state is State.POOR_GROWTH_PROBABLE:
        because = (Reason(id="direction_wrong"), *poor.because, Reason(id="roots_may_collide"))
        return Decision(state=State.DIRECTION_FAULT, because=because, next_step=Reason(id="review_grafts"))
    on_course = 1 - question.probability(Proposition.SURVIVAL_BELOW_TARGET)
    return Decision(
        state=State.DIRECTION_FAULT,
        because=(Reason(id="direction_wrong"),),
        against=(Reason(id="density_on_course", values={"p": percent(on_course)}),),
        next_step=Reason(id="review_direction"),
    )


def _thick_hair_grown(question: Question) -> Decision | None:
    """Return native progression where thick hairs make up the planted ones, on two looks, and the total did not rise.

    Thick hair is counted by trichoscopy; miniaturised hair beside it is native.
    """
    if not any(o.measurand == TERMINAL_RATIO for o in question.beside):
        return None
    operations = [t for t in question.case.treatments_of(question.course.region) if t.kind.is_transplant]
    area, hairs = operations[-1].recipient_area_cm2, operations[-1].hairs_implanted
    if not area or not hairs:
        return None
    own = question.beside
    counts = {(o.photo_id, o.taken_on): o.value for o in own if o.measurand == "hair_density_per_cm2"}
    shares = []
    for ratio in own:
        key = (ratio.photo_id, ratio.taken_on)
        if ratio.measurand == TERMINAL_RATIO and key in counts:
            shares.append(counts[key] * ratio.value / (1.0 + ratio.value) / (hairs / area))
    enough = [share for share in shares if share >= question.limit("target_survival")]
    if len(enough) < 2 or len(enough) < len(shares):  # noqa: PLR2004 two looks
        return None
    return Decision(
        state=State.NATIVE_PROGRESSION,
        because=(Reason(id="thick_hair_is_there", values={"share": percent(min(*enough, 1.0))}),),
        next_step=Reason(id="ask_about_heredity"),
    )


def _growing(question: Question, place: str) -> Decision:
    gate = question.limit(f"{place}_decision_month")
    sure = question.limit("probability_on_course")
    below_target = question.probability(Proposition.SURVIVAL_BELOW_TARGET)
    below_poor = question.probability(Proposition.SURVIVAL_BELOW_POOR)
    survival = question.look.estimates[Quantity.SURVIVAL]
    heredity = question.look.causes.get(Cause.NATIVE_PROGRESSION, 0.0)
    shown = _growth_shown(question, below_target=below_target, below_poor=below_poor)
    if question.months >= question.limit("on_course_from_month") and 1 - below_target >= sure and shown:
        because = [Reason(id="on_course", values={"p": percent(1 - below_target), "share": percent(survival.middle)})]
        if heredity >= question.limit("probability_behind"):
            because.append(Reason(id="heredity_behind_grafts", values={"p": percent(heredity)}))
        return Decision(state=State.ON_COURSE, because=tuple(because))
    delayed = question.probability(Proposition.CLOCK_DELAYED)
    if (
        question.months >= question.limit("delayed_from_month")
        and delayed >= question.limit("probability_behind")
        and question.probability(Proposition.STILL_RISING) >= question.limit("probability_rising")
        and below_poor < question.limit("probability_behind")
    ):
        return Decision(
            state=State.DELAYED,
            because=(Reason(id="late_but_rising", values={"p": percent(delayed)}),),
            against=(Reason(id="may_be_poor", values={"p": percent(below_poor)}),),
        )
    if question.months >= gate and below_target >= sure and below_poor < question.limit("probability_behind"):
        confirmed = question.confirmed(Proposition.SURVIVAL_BELOW_TARGET, at_least=question.limit("probability_behind"))
        if confirmed:
            return Decision(
                state=State.BELOW_TARGET,
                because=(Reason(id="below_target", values={"share": percent(survival.middle)}),),
                against=_against_poor(question),
                next_step=Reason(id="review_and_repeat"),
            )
    separable = question.months < gate or not _native_rich(question)
    if below_poor >= question.limit("probability_behind") and separable:
        return Decision(
            state=State.BEHIND,
            because=(Reason(id="behind", values={"p": percent(below_poor)}),),
            against=(Reason(id="normal_is_slow"),) if question.months < gate else _against_poor(question),
            missing=_undecided(question),
        )
    return Decision(
        state=State.INSUFFICIENT_EVIDENCE,
        because=(Reason(id="undecided", values={"poor": percent(below_poor), "good": percent(1 - below_target)}),),
        missing=_undecided(question),
    )


def _growth_shown(question: Question, *, below_target: float, below_poor: float) -> bool:
    """Return whether the photos themselves speak for growth: most grafts grow, so that the prior alone would."""
    gained = question.odds_gained(1 - below_target, Cause.ON_COURSE, Cause.DELAYED)
    against_poor = 1.0 / question.limit("evidence_against_poor")
    return (
        gained >= question.limit("evidence_on_course")
        or question.odds_gained(below_poor, Cause.POOR_GROWTH) <= against_poor
    )


def _native_rich(question: Question) -> bool:
    """Return whether more native hair stood there than was planted, so that its loss could hide or mimic the grafts."""
    baseline = question.course.baseline_density_per_cm2
    return baseline is not None and baseline >= question.limit("native_rich_share") * _planted(question)


def _planted(question: Question) -> float:
    """Return hairs/cm² planted by the latest operation, as recorded or else as usual."""
    operation = [t for t in question.case.treatments_of(question.course.region) if t.kind.is_transplant][-1]
    per_unit = question.knowledge.value("density.hairs_per_unit")
    area, hairs = operation.recipient_area_cm2, operation.hairs_implanted
    if hairs is None and operation.grafts_implanted is not None:
        hairs = round(operation.grafts_implanted * per_unit)
    if area and hairs:
        return hairs / area
    return question.knowledge.value("transplant.planted_units_per_cm2") * per_unit


def _undecided(question: Question) -> tuple[Reason, ...]:
    missing = []
    if not question.course.planted_known:
        missing.append(Reason(id="missing_planted"))
    if question.course.fractions_only:
        missing.append(Reason(id="missing_counts"))
    if _native_rich(question):
        missing.append(Reason(id="missing_trichoscopy"))
    if not missing:
        missing.append(Reason(id="missing_more_photos"))
    if question.course.planted_known and question.months >= question.limit("front_decision_month"):
        missing.append(Reason(id="missing_planted_check"))
    return tuple(missing)
