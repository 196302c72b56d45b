"""Grounds on which any region's verdict is withheld or given to the photo or to the whole head."""

from hairtrack.model import NoteKind, RegionRole, State
from hairtrack.model.posterior import Proposition
from hairtrack.outcome.decision import Decision, Question, Reason, percent

DIAMETER = "shaft_diameter_mean_um"
TRIGGERS = frozenset({NoteKind.ILLNESS, NoteKind.NEW_MEDICINE, NoteKind.CHILDBIRTH})


def abstain_or_none(question: Question) -> Decision | None:
    """Return artefact, diffuse shedding or insufficient evidence where one of them holds, else None."""
    if not question.course.has_baseline:
        return Decision(
            state=State.INSUFFICIENT_EVIDENCE,
            because=(Reason(id="no_baseline"),),
            missing=(Reason(id="missing_baseline"),),
        )
    if scale_jumped(question):
        return Decision(
            state=State.ARTEFACT,
            because=(Reason(id="scale_jumped"),),
            missing=(Reason(id="missing_scale"),),
            next_step=Reason(id="repeat_photo"),
        )
    common = _common_fall(question)
    if common is not None:
        return common
    hidden = question.probability(Proposition.GROWTH_HIDDEN)
    if question.course.role is not RegionRole.RECIPIENT and hidden >= question.limit("probability_behind"):
        return Decision(
            state=State.INSUFFICIENT_EVIDENCE,
            because=(Reason(id="photo_may_explain", values={"p": percent(hidden)}),),
            missing=(Reason(id="missing_reference"),),
            next_step=Reason(id="photograph_reference"),
        )
    misfit = question.limit("misfit")
    if question.look.worst_misfits[1] > misfit or question.look.effective_draws < question.limit(
        "least_effective_draws"
    ):
        return Decision(
            state=State.INSUFFICIENT_EVIDENCE,
            because=(Reason(id="no_known_pattern"),),
            missing=(Reason(id="missing_facts_check"),),
            next_step=Reason(id="check_dates"),
        )
    return None


def _common_fall(question: Question) -> Decision | None:
    """Return diffuse shedding or artefact where the newest photo shows what all regions share."""
    shedding = question.probability(Proposition.DIFFUSE_SHEDDING)
    artefact = question.probability(Proposition.NEWEST_IS_ARTEFACT)
    triggered = question.triggered
    checked = triggered or bool(question.course.reference_regions)
    needed = question.limit("probability_artefact")
    if triggered and shedding + artefact >= question.limit("probability_behind"):
        needed = 0.0
    elif shedding < question.limit("probability_other"):
        checked = False
    if checked and shedding > 0 and shedding + artefact >= needed:
        because = [Reason(id="all_regions_fell", values={"p": percent(shedding)})]
        if triggered:
            because.append(Reason(id="trigger_on_record"))
        return Decision(
            state=State.TEMPORARY_DIFFUSE_SHEDDING,
            because=tuple(because),
            next_step=Reason(id="find_cause_and_recheck"),
        )
    if artefact >= question.limit("probability_artefact"):
        return Decision(
            state=State.ARTEFACT,
            because=(Reason(id="photo_explains_jump", values={"p": percent(artefact)}),),
            missing=(Reason(id="missing_unflagged_photo"),),
            next_step=Reason(id="repeat_photo"),
        )
    return None


def scale_jumped(question: Question) -> bool:
    """Return whether the mean shaft diameter jumped by more than hair does: then the scale is wrong."""
    series = sorted(
        (o for o in question.beside if o.measurand == DIAMETER),
        key=lambda o: o.taken_on,
    )
    if len(series) < 2 or series[-1].taken_on != question.look.on or series[0].value <= 0:  # noqa: PLR2004 a jump needs two
        return False
    earlier = sorted(o.value for o in series[:-1])
    usual = earlier[len(earlier) // 2]
    return abs(series[-1].value / usual - 1.0) > question.knowledge.value("measurands.scale_jump")
