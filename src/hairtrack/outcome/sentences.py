"""Every sentence of a verdict by its id, for the clinician; a report translates by id and fills the same values.

The patient's sentences never say failure: they say whom to ask and when it will be known.
"""

import re

from hairtrack.model import State
from hairtrack.outcome.decision import Reason

SENTENCES: dict[str, str] = {
    # grounds
    "healing": "The region is still healing; nothing about the outcome can be seen yet.",
    "shedding_is_expected": "Planted hair is shed in these weeks; a fall to the baseline or below it is expected.",
    "outcome_unknown_yet": "The outcome cannot be known yet.",
    "dead_graft_looks_the_same": "At this time a perfect and a dead graft look the same.",
    "survival_low": "The surviving share of planted hair is below 60 % (probability {p}); most likely {share}.",
    "survival_low_unconfirmed": (
        "The surviving share may be below 60 % (probability {p}), but one look alone is not believed."
    ),
    "two_looks_agree": "Two looks at least three weeks apart agree.",
    "newest_set_aside": "The newest photo was set aside; the verdict rests on those before.",
    "planted_unknown": "The planted density is not on record; it was taken from what is usual.",
    "may_be_late": "A late grower remains possible (probability {p}).",
    "no_reference": "No untouched region was photographed alongside, so light and wetness are not held in check.",
    "photos_may_hide": (
        "Few planted hairs are seen (probability of poor growth {p}), but light, wetness, length or distance that "
        "changed for a series of photos could hide growth."
    ),
    "direction_wrong": "Hairs leave the skin at an angle or in a direction that neighbouring hair does not have.",
    "roots_may_collide": "Growth below target together with opposed directions suggests colliding roots.",
    "density_on_course": "Density by itself is on course (probability {p}).",
    "on_course": "Growth is on course with a probability of {p}; most likely {share} of planted hair grows.",
    "heredity_behind_grafts": "Native hair is lost behind the grafts by heredity (probability {p}).",
    "thick_hair_is_there": (
        "Thick hairs make up {share} of those planted; what is missing is miniaturised native hair, by heredity."
    ),
    "late_but_rising": "Growth is late but still rising (probability of a late clock {p}).",
    "may_be_poor": "Poor growth is not excluded (probability {p}).",
    "below_target": "Most likely {share} of planted hair grows: less than aimed for, more than poor.",
    "behind": "Growth is behind the usual course (probability of poor growth {p}); it is too early to call it.",
    "normal_is_slow": "Normal growth is slow: many healthy courses show less than half of the planted hair at month 6.",
    "undecided": "Probability of poor growth {poor}, of growth on target {good}: neither is sure enough.",
    "growth_only_begins": "New hair only begins to show in these weeks; too early to judge.",
    "no_baseline": "Nothing was recorded before treatment, so only a description is possible.",
    "all_regions_fell": "All regions fell together, as in diffuse temporary shedding (probability {p}).",
    "trigger_on_record": "An illness, a birth or a new medicine stands on record in the months before.",
    "photo_explains_jump": "The photo explains the jump (wet hair, light, length or distance): probability {p}.",
    "scale_jumped": "The shaft diameter jumped as no hair does: the scale of the newest photo is wrong.",
    "photo_may_explain": "Light, wetness or length may explain the low value (probability {p}); no verdict on it.",
    "no_known_pattern": "The course does not fit any known pattern.",
    "donor_depleted": "The donor kept {share} of its hair; below the safe limit with a probability of {p}.",
    "donor_sheds_for_a_time": "The donor sheds around the extraction sites for a time (probability {p}); it recovers.",
    "donor_within_plan": "The donor kept {share} of its hair, within the plan of at most one graft in three.",
    "donor_thins_late": "The donor thins slowly as with age or heredity (probability {p}).",
    "donor_too_early": "Extraction and temporary shedding cannot be told apart before month 6.",
    "donor_undecided": "Plan and over-extraction are both possible.",
    "remedy_too_early": "It is too early for this treatment to show in a photo.",
    "start_shedding": "Minoxidil makes some hair fall in weeks 2 to 8; this is expected.",
    "gain_is_real": "Density rose by {gain} (90 % interval {low} to {high}), more than untreated groups gain.",
    "gain_wanes": "The gain is waning, as expected without upkeep.",
    "gain_has_waned": "An earlier gain has waned after treatment ended ({gain}, {low} to {high}), as expected.",
    "loss_despite_treatment": "Density fell despite treatment ({gain}, 90 % interval {low} to {high}).",
    "holds_where_loss_was_expected": (
        "Density holds ({gain}, {low} to {high}) where a loss of about {loss} is expected without treatment."
    ),
    "no_gain_seen": "No gain was seen ({gain}, 90 % interval {low} to {high}).",
    "effect_varies": "The effect of this treatment varies between people from none to clear regrowth.",
    "gain_not_measurable": "The change lies between {low} and {high}: too wide to call.",
    "outside_indication": "At {density} hairs/cm² before treatment the loss was too advanced for this treatment.",
    "native_loss": "Native hair is lost at about {rate} a year (probability of real loss {p}).",
    "no_loss_seen": "No loss of native hair is seen (probability of real loss {p}).",
    "native_undecided": "Hereditary loss is possible (probability {p}) but not shown.",
    "not_observed": "Nothing was observed in this region after treatment began.",
    "no_date": "The date of treatment is not on record, so no phase and no verdict can be given.",
    # what is missing
    "missing_second_look": "a second photo at least three weeks later",
    "missing_unflagged_photo": "a photo with dry hair, the same length and the same light",
    "missing_reference": "an untouched region (side or back of the head) on the same photos, now and from before",
    "missing_planted": "the number of planted hairs and the area",
    "missing_planted_check": "a check of the planted count against the record of the operation",
    "missing_counts": "a close-up count (hairs/cm²) of the region",
    "missing_trichoscopy": "a close-up with shaft diameters, to tell grafts from native hair",
    "missing_early_photo": "a photo of day 7 to 14, which shows the planted hair before it sheds",
    "missing_more_photos": "more photos, a month apart",
    "missing_baseline": "a photo from before treatment",
    "missing_date": "the date of the treatment",
    "missing_observation": "a photo or count of this region",
    "missing_facts_check": "a check of the dates, the region and the planted count",
    "missing_scale": "a scale for the newest photo, such as a printed scale card in the picture",
    "missing_shots": "three photos or more at each end, taken alike",
    "missing_a_year": "at least twelve months of photos",
    "missing_indication": "a review of whether the treatment suits this degree of loss",
    # next steps
    "next_photo": "Take the next photo in a month, dry, same length, same light.",
    "early_photo": "Take a photo between day 7 and 14: it shows the planted hair before it sheds.",
    "repeat_photo": "Repeat the photo with dry hair, same length and light, at least three weeks apart.",
    "photograph_reference": (
        "Photograph an untouched region (side or back of the head) together with this one, dry, same length and light."
    ),
    "review_grafts": "Review with the surgeon: causes of poor growth, and whether a repair makes sense.",
    "review_and_repeat": "Review with the surgeon and repeat the photo in four weeks or more.",
    "review_direction": "Review the direction of the hairs with the surgeon.",
    "no_more_grafts": "Take no more grafts here before a surgeon has counted the donor.",
    "find_cause_and_recheck": "Look for a cause (illness, medicine, iron, thyroid) and recheck in 6 to 12 months.",
    "ask_about_heredity": "Discuss hereditary loss and how to slow it.",
    "keep_treatment": "Keep to the treatment and photograph again before the next session.",
    "discuss_treatment": "Discuss with the doctor whether to go on.",
    "check_dates": "Check dates, regions and counts on record, then ask the surgeon to look.",
    "record_date": "Record the date of the treatment.",
    # what the verdict hangs on
    "would_change": "{name} were {word} what is assumed",
}

PATIENT_SENTENCES: dict[State, str] = {
    State.TOO_EARLY: "It is too early to see a result. This is normal.",
    State.EXPECTED_SHEDDING: "Hair may fall now; this is expected and says nothing about the result.",
    State.ON_COURSE: "Growth is on course.",
    State.BEHIND: "Growth is slower than usual so far. Please keep taking photos every month.",
    State.DELAYED: "Growth is late but still rising. Please keep taking photos.",
    State.BELOW_TARGET: "Growth is less than aimed for. Please ask your surgeon to review.",
    State.POOR_GROWTH_PROBABLE: "Please ask your surgeon to review the growth in this area.",
    State.FAILURE: "Please ask your surgeon to review the growth in this area.",
    State.DONOR_AS_PLANNED: "The area that grafts were taken from looks as planned.",
    State.DONOR_EFFLUVIUM: "The area that grafts were taken from sheds for a time; it usually recovers.",
    State.DONOR_OVER_EXTRACTION: "Please ask your surgeon to review the area that grafts were taken from.",
    State.DIRECTION_FAULT: "Please ask your surgeon to review the direction of the hairs.",
    State.NATIVE_PROGRESSION: "Your own hair thins in this area. Please discuss with your doctor how to slow it.",
    State.TEMPORARY_DIFFUSE_SHEDDING: "Hair is thinner for a time. Please ask your doctor to look for a cause.",
    State.RESPONSE: "The treatment shows an effect.",
    State.STABLE: "This area is holding steady.",
    State.NO_MEASURABLE_RESPONSE: "No change can be measured so far; effects differ between people.",
    State.ARTEFACT: "The last photo cannot be compared. Please take it again, dry and in the same light.",
    State.INSUFFICIENT_EVIDENCE: "There is not enough to judge this area yet.",
}

CLINICIAN_LEADS: dict[State, str] = {
    State.TOO_EARLY: "Too early to judge",
    State.EXPECTED_SHEDDING: "Expected shedding, outcome not yet known",
    State.ON_COURSE: "On course",
    State.BEHIND: "Behind the usual course, not a verdict yet",
    State.DELAYED: "Delayed growth, still rising",
    State.BELOW_TARGET: "Below target",
    State.POOR_GROWTH_PROBABLE: "Poor growth is probable",
    State.FAILURE: "Failure of growth",
    State.DONOR_AS_PLANNED: "Donor as planned",
    State.DONOR_EFFLUVIUM: "Donor effluvium, temporary",
    State.DONOR_OVER_EXTRACTION: "Donor over-extraction",
    State.DIRECTION_FAULT: "Direction fault",
    State.NATIVE_PROGRESSION: "Progression of native loss",
    State.TEMPORARY_DIFFUSE_SHEDDING: "Diffuse temporary shedding",
    State.RESPONSE: "Response to treatment",
    State.STABLE: "Stable",
    State.NO_MEASURABLE_RESPONSE: "No measurable response",
    State.ARTEFACT: "Artefact of the photo, no verdict",
    State.INSUFFICIENT_EVIDENCE: "Insufficient evidence",
}


def sentence(reason: Reason) -> str:
    """Return the clinician's sentence of a reason, its values filled in."""
    return SENTENCES[reason.id].format(**reason.values)


def identify(text: str) -> Reason | None:
    """Return the reason behind a sentence of `SENTENCES`, with its values, or None for any other text."""
    for name, template in SENTENCES.items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
        found = re.fullmatch(pattern, text)
        if found:
            return Reason(id=name, values=found.groupdict())
    return None
