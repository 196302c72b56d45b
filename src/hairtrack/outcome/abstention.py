"""Grounds on which any region's verdict is withheld or given to the photo or to the whole head."""

from hairtrack.model import State
from hairtrack.model.posterior import Proposition
from hairtrack.outcome.decision import Decision, Question, Reason, percent


def abstain_or_none(question: Question) -> Decision | None:
    """Return artefact, diffuse shedding or insufficient evidence where one of them holds, else None."""
    if not question.course.has_baseline:
        return Decision(
            state=State.INSUFFICIENT_EVIDENCE,
            because=(Reason(id="no_baseline"),),
            missing=(Reason(id="missing_baseline"),),
        )
    shedding = question.probability(Proposition.DIFFUSE_SHEDDING)
    triggered = any(note.kind.value in {"illness", "new_medicine", "childbirth"} for note in question.case.notes)
    enough = question.limit("probability_behind") if triggered else question.limit("probability_other")
    if shedding >= enough and (triggered or question.course.reference_regions):
        return Decision(
            state=State.TEMPORARY_DIFFUSE_SHEDDING,
            because=(
                Reason(id="all_regions_fell", values={"p": percent(shedding)}),
                *((Reason(id="trigger_on_record"),) if triggered else ()),
            ),
            next_step=Reason(id="find_cause_and_recheck"),
        )
    artefact = question.probability(Proposition.NEWEST_IS_ARTEFACT)
    if artefact >= question.limit("probability_artefact"):
        return Decision(
            state=State.ARTEFACT,
            because=(Reason(id="photo_explains_jump", values={"p": percent(artefact)}),),
            missing=(Reason(id="missing_unflagged_photo"),),
            next_step=Reason(id="repeat_photo"),
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
