"""What each verdict says to a clinician and to a patient: the state, the reason, and the next step.

A verdict may bring its own sentences; these stand where it brings none, and in every language. The date is added by
`verdict_sentence`, so that a state without a date still reads well. A patient is never told of a failure by a page:
the page asks for the surgeon, who can see and answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hairtrack.model import State, Verdict
from hairtrack.report.audience import Audience
from hairtrack.report.language import N_, Language


class Tone(StrEnum):
    """How a state is drawn: one colour and one pattern each, so that it never rests on colour alone."""

    GOOD = "good"
    EXPECTED = "expected"
    WATCH = "watch"
    CONCERN = "concern"
    UNKNOWN = "unknown"


TONES: Mapping[Tone, str] = {
    Tone.GOOD: N_("as hoped"),
    Tone.EXPECTED: N_("expected at this time"),
    Tone.WATCH: N_("to be watched"),
    Tone.CONCERN: N_("needs a review"),
    Tone.UNKNOWN: N_("cannot be judged"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateText:
    """A state in words; `..._reason` and `..._next` are full sentences."""

    tone: Tone
    clinician_word: str
    patient_word: str
    clinician_reason: str
    patient_reason: str
    clinician_next: str
    patient_next: str


STATES: Mapping[State, StateText] = {
    State.TOO_EARLY: StateText(
        tone=Tone.EXPECTED,
        clinician_word=N_("Too early to judge"),
        patient_word=N_("Too early to tell"),
        clinician_reason=N_("The course of treatment is not long enough to tell a good from a poor outcome."),
        patient_reason=N_("Not enough time has passed to see a result in photos. This is normal."),
        clinician_next=N_("Continue with monthly photos."),
        patient_next=N_("Keep taking one photo a month."),
    ),
    State.EXPECTED_SHEDDING: StateText(
        tone=Tone.EXPECTED,
        clinician_word=N_("Expected shedding"),
        patient_word=N_("Expected shedding"),
        clinician_reason=N_(
            "Planted hair sheds in these weeks whether or not the grafts live; the outcome cannot be known yet."
        ),
        patient_reason=N_(
            "Planted hair falls out in these weeks. This is part of healing. It says nothing about the result yet."
        ),
        clinician_next=N_("Reassure, and repeat the photos monthly."),
        patient_next=N_("There is nothing to do but wait. Keep taking one photo a month."),
    ),
    State.ON_COURSE: StateText(
        tone=Tone.GOOD,
        clinician_word=N_("On course"),
        patient_word=N_("On course"),
        clinician_reason=N_("Growth lies within the expected band, and the planted hair very probably survives."),
        patient_reason=N_("The hair grows as hoped for this time after treatment."),
        clinician_next=N_("Continue with the planned follow-up."),
        patient_next=N_("Go on as planned and keep taking photos."),
    ),
    State.BEHIND: StateText(
        tone=Tone.WATCH,
        clinician_word=N_("Behind the usual course"),
        patient_word=N_("Slower than usual"),
        clinician_reason=N_("Growth lies below the expected band, and it is too early to call the outcome."),
        patient_reason=N_("The hair grows more slowly than in most people. Many who start slowly catch up."),
        clinician_next=N_("Keep monthly photos until a decision is possible."),
        patient_next=N_("Keep taking one photo a month and show this page at your next visit."),
    ),
    State.DELAYED: StateText(
        tone=Tone.WATCH,
        clinician_word=N_("Delayed growth"),
        patient_word=N_("Late, but growing"),
        clinician_reason=N_("Growth is late but still rising."),
        patient_reason=N_("Growth began late and is still going up."),
        clinician_next=N_("Keep monthly photos; do not repeat the treatment yet."),
        patient_next=N_("Be patient and keep taking one photo a month."),
    ),
    State.BELOW_TARGET: StateText(
        tone=Tone.WATCH,
        clinician_word=N_("Below target"),
        patient_word=N_("Less growth than planned"),
        clinician_reason=N_("The surviving share of planted hair is probably below three quarters."),
        patient_reason=N_("Hair has grown, but less of it than was planned."),
        clinician_next=N_("Review the surgical record and the patient's wishes."),
        patient_next=N_("Talk with your surgeon about what can be done."),
    ),
    State.POOR_GROWTH_PROBABLE: StateText(
        tone=Tone.CONCERN,
        clinician_word=N_("Poor growth probable"),
        patient_word=N_("Please have this reviewed"),
        clinician_reason=N_("The surviving share of planted hair is probably below 60 in 100."),
        patient_reason=N_("Less hair has grown here than expected by this time."),
        clinician_next=N_("Examine with a dermoscope and confirm on a second date."),
        patient_next=N_("Please ask your surgeon to look at this area."),
    ),
    State.FAILURE: StateText(
        tone=Tone.CONCERN,
        clinician_word=N_("Failure of growth"),
        patient_word=N_("Please have this reviewed"),
        clinician_reason=N_("Less than half of the planted hair has grown, confirmed on more than one date."),
        patient_reason=N_("Much less hair has grown here than was planned, and more than one photo shows it."),
        clinician_next=N_("Look for the cause before any further treatment."),
        patient_next=N_("Please ask your surgeon to look at this area and to explain what can be done."),
    ),
    State.DONOR_AS_PLANNED: StateText(
        tone=Tone.GOOD,
        clinician_word=N_("Donor as planned"),
        patient_word=N_("Donor area as planned"),
        clinician_reason=N_("Donor density fell by no more than the extraction explains."),
        patient_reason=N_("The area from which hair was taken looks as planned."),
        clinician_next=N_("Continue with the planned follow-up."),
        patient_next=N_("Go on as planned and keep taking photos."),
    ),
    State.DONOR_EFFLUVIUM: StateText(
        tone=Tone.EXPECTED,
        clinician_word=N_("Temporary donor thinning"),
        patient_word=N_("Thinner for a while"),
        clinician_reason=N_("Donor thinning that began weeks after surgery and is expected to recover."),
        patient_reason=N_("The area from which hair was taken is thinner for a while. It mostly fills in again."),
        clinician_next=N_("Repeat the donor photos monthly until month 6."),
        patient_next=N_("Keep taking one photo of the back a month."),
    ),
    State.DONOR_OVER_EXTRACTION: StateText(
        tone=Tone.CONCERN,
        clinician_word=N_("Donor over-extraction"),
        patient_word=N_("Donor area thinner than planned"),
        clinician_reason=N_("Donor density fell by more than can be taken without being seen, and it did not recover."),
        patient_reason=N_("The area from which hair was taken is thinner than planned and has not filled in."),
        clinician_next=N_("No further extraction from this area; discuss with the surgeon."),
        patient_next=N_("Please talk with your surgeon before any more hair is taken from there."),
    ),
    State.DIRECTION_FAULT: StateText(
        tone=Tone.CONCERN,
        clinician_word=N_("Direction fault"),
        patient_word=N_("Hair direction needs a look"),
        clinician_reason=N_("Planted hair leaves the skin in a direction that differs from its neighbours."),
        patient_reason=N_("Some of the new hair points another way than the hair around it."),
        clinician_next=N_("Examine the direction and look for colliding roots."),
        patient_next=N_("Please ask your surgeon to look at this area."),
    ),
    State.NATIVE_PROGRESSION: StateText(
        tone=Tone.WATCH,
        clinician_word=N_("Native loss progressing"),
        patient_word=N_("Your own hair is thinning"),
        clinician_reason=N_(
            "Hair that was never planted is thinning; this is heredity and no failure of the treatment."
        ),
        patient_reason=N_("Hair that was already there is slowly thinning. This runs in families."),
        clinician_next=N_("Discuss medical treatment."),
        patient_next=N_("Ask your doctor what can slow it down."),
    ),
    State.TEMPORARY_DIFFUSE_SHEDDING: StateText(
        tone=Tone.EXPECTED,
        clinician_word=N_("Temporary diffuse shedding"),
        patient_word=N_("Shedding all over, for a while"),
        clinician_reason=N_("All regions fell together, which points to a temporary cause for the whole scalp."),
        patient_reason=N_("Hair is a little thinner all over the head. This mostly comes back."),
        clinician_next=N_("Look for a trigger and repeat the photos in 6 to 12 months."),
        patient_next=N_("Tell your doctor of any illness, stress or new medicine in the last half year."),
    ),
    State.RESPONSE: StateText(
        tone=Tone.GOOD,
        clinician_word=N_("Response"),
        patient_word=N_("The treatment shows"),
        clinician_reason=N_("The gain is larger than the measuring error and than what untreated hair shows."),
        patient_reason=N_("There is more hair than before, and the photos show it clearly."),
        clinician_next=N_("Continue and plan maintenance."),
        patient_next=N_("Go on with the treatment as agreed."),
    ),
    State.STABLE: StateText(
        tone=Tone.GOOD,
        clinician_word=N_("Stable"),
        patient_word=N_("Stable"),
        clinician_reason=N_("No change beyond the measuring error."),
        patient_reason=N_("The hair is as it was. No loss and no gain can be seen."),
        clinician_next=N_("Continue with the planned follow-up."),
        patient_next=N_("Keep taking photos as planned."),
    ),
    State.NO_MEASURABLE_RESPONSE: StateText(
        tone=Tone.WATCH,
        clinician_word=N_("No measurable response"),
        patient_word=N_("No gain seen so far"),
        clinician_reason=N_("After enough sessions and time, no gain beyond the measuring error is seen."),
        patient_reason=N_("The photos show no gain so far. People respond to this treatment in different ways."),
        clinician_next=N_("Discuss whether to go on."),
        patient_next=N_("Talk with your doctor about whether to go on."),
    ),
    State.ARTEFACT: StateText(
        tone=Tone.UNKNOWN,
        clinician_word=N_("Effect of the pictures"),
        patient_word=N_("The photos differ, not the hair"),
        clinician_reason=N_("Light, wetness, hair length or distance explain the apparent change."),
        patient_reason=N_("The photos were taken in different ways. This hides what the hair does."),
        clinician_next=N_("Repeat the photo as the first one was taken."),
        patient_next=N_("Please take the photo again in the same place and light, with dry hair."),
    ),
    State.INSUFFICIENT_EVIDENCE: StateText(
        tone=Tone.UNKNOWN,
        clinician_word=N_("Cannot be judged"),
        patient_word=N_("Cannot be judged yet"),
        clinician_reason=N_("The evidence does not suffice for a verdict."),
        patient_reason=N_("The photos do not yet tell enough about this area."),
        clinician_next=N_("Supply what is missing."),
        patient_next=N_("See below what is missing."),
    ),
}


def state_word(state: State, *, audience: Audience, language: Language) -> str:
    """Return a state in the words of its reader."""
    text = STATES[state]
    return language.text(text.patient_word if audience is Audience.PATIENT else text.clinician_word)


def verdict_sentence(verdict: Verdict, *, audience: Audience, language: Language, newest: date | None = None) -> str:
    """Return why the verdict is what it is, and from when on it can be decided.

    A clinician reads the two leading grounds, a patient the verdict's own plain sentence; where the language does not
    have them, our sentence on the state stands in. `newest` is the newest day that any region was judged on.
    """
    text = STATES[verdict.state]
    own = (verdict.sentence_for_patient,) if audience is Audience.PATIENT else verdict.evidence[:2]
    said = [language.sentence(sentence) for sentence in own if sentence]
    if said and not any(sentence.lang for sentence in said):
        reason = " ".join(sentence.text for sentence in said)
    else:
        reason = language.text(text.patient_reason if audience is Audience.PATIENT else text.clinician_reason)
    day = decision_ahead(verdict, newest=newest)
    if day is None or text.tone is Tone.GOOD:
        return reason
    when = language.text(N_("A decision is possible from %(date)s."))
    return f"{reason} {when % {'date': language.day(day)}}"


def decision_ahead(verdict: Verdict, *, newest: date | None = None) -> date | None:
    """Return the earliest day of decision while it still lies ahead of the evidence, else None.

    A region that nothing was seen of is held against the newest day that any region was judged on.
    """
    day, seen = verdict.earliest_decision_on, verdict.judged_on or newest
    return None if day is not None and seen is not None and day <= seen else day


def next_step(verdict: Verdict, *, audience: Audience, language: Language) -> str:
    """Return what to do next in this region."""
    text = STATES[verdict.state]
    own = language.sentence(verdict.next_step)
    if audience is Audience.CLINICIAN and own.text and own.lang is None:
        return own.text
    return language.text(text.patient_next if audience is Audience.PATIENT else text.clinician_next)
