"""The words of the model as a reader sees them: one table a vocabulary, every entry marked for translation."""

from collections.abc import Mapping

from hairtrack.model import (
    AlertKind,
    Cause,
    FactSource,
    FigureKind,
    NoteKind,
    NoticeKind,
    Phase,
    QualityDecision,
    RegionName,
    RegionRole,
    Severity,
    Tier,
    TreatmentKind,
    Urgency,
    View,
)
from hairtrack.report.language import N_

REGIONS: Mapping[RegionName, str] = {
    RegionName.FRONTAL_HAIRLINE: N_("Frontal hairline"),
    RegionName.FRONTAL: N_("Frontal area"),
    RegionName.MIDSCALP: N_("Mid-scalp"),
    RegionName.VERTEX: N_("Crown"),
    RegionName.TEMPLE_LEFT: N_("Left temple"),
    RegionName.TEMPLE_RIGHT: N_("Right temple"),
    RegionName.PARIETAL_LEFT: N_("Left side"),
    RegionName.PARIETAL_RIGHT: N_("Right side"),
    RegionName.OCCIPITAL: N_("Back of the head"),
}

VIEWS: Mapping[View, str] = {
    View.TOP: N_("From above"),
    View.VERTEX: N_("Crown"),
    View.FRONT: N_("Front"),
    View.LEFT: N_("Left side"),
    View.RIGHT: N_("Right side"),
    View.BACK: N_("Back"),
    View.CLOSEUP: N_("Close-up"),
}

PHASES: Mapping[Phase, str] = {
    Phase.NOT_STARTED: N_("before treatment"),
    Phase.HEALING: N_("healing"),
    Phase.EXPECTED_SHEDDING: N_("expected shedding"),
    Phase.DORMANT: N_("resting phase"),
    Phase.REGROWTH: N_("regrowth"),
    Phase.MATURATION: N_("maturation"),
    Phase.SETTLED: N_("settled"),
    Phase.BETWEEN_SESSIONS: N_("between sessions"),
    Phase.UNKNOWN: N_("phase unknown"),
}

ROLES: Mapping[RegionRole, str] = {
    RegionRole.RECIPIENT: N_("planted area"),
    RegionRole.DONOR: N_("donor area"),
    RegionRole.TREATED: N_("treated area"),
    RegionRole.UNTREATED: N_("untreated area"),
}

CAUSES: Mapping[Cause, str] = {
    Cause.ON_COURSE: N_("on course"),
    Cause.DELAYED: N_("delayed growth"),
    Cause.BELOW_TARGET: N_("below target"),
    Cause.POOR_GROWTH: N_("poor growth"),
    Cause.DIRECTION_FAULT: N_("direction fault"),
    Cause.SHOCK_LOSS_PERMANENT: N_("permanent shock loss"),
    Cause.NATIVE_PROGRESSION: N_("native hereditary loss"),
    Cause.TEMPORARY_DIFFUSE_SHEDDING: N_("temporary diffuse shedding"),
    Cause.ARTEFACT: N_("effect of the pictures"),
    Cause.DONOR_AS_PLANNED: N_("donor as planned"),
    Cause.DONOR_EFFLUVIUM: N_("temporary donor thinning"),
    Cause.DONOR_OVER_EXTRACTION: N_("donor over-extraction"),
    Cause.RESPONSE: N_("response"),
    Cause.STABLE: N_("stable"),
    Cause.NO_MEASURABLE_RESPONSE: N_("no measurable response"),
}

DECISIONS: Mapping[QualityDecision, str] = {
    QualityDecision.USABLE: N_("Usable"),
    QualityDecision.USABLE_WITH_LIMITS: N_("Usable with limits"),
    QualityDecision.RETAKE: N_("Please retake"),
}

FLAGS: Mapping[str, tuple[str, str]] = {
    "blurred": (
        N_("out of focus"),
        N_("Rest your elbows, tap the screen on the hair to focus, and hold still for a second."),
    ),
    "underexposed": (
        N_("too dark"),
        N_("Move to a brighter room, or face a window with the light behind the camera."),
    ),
    "overexposed": (N_("too bright"), N_("Move away from direct sun or lamps and switch the flash off.")),
    "clipped": (N_("bright or dark parts without detail"), N_("Use soft, even light from all sides, without flash.")),
    "glare_on_scalp": (
        N_("shine on the scalp"),
        N_("Dry the scalp, switch the flash off and let light come from the side."),
    ),
    "head_cut_off": (N_("part of the head is cut off"), N_("Step back until the whole head is in the picture.")),
    "head_too_small": (N_("the head is too small"), N_("Come closer until the head fills most of the picture.")),
    "too_small": (N_("too few pixels"), N_("Send the original photo from the camera, not a preview or a screenshot.")),
    "wrong_view": (N_("another view than named"), N_("Take the photo again from the view that is named.")),
    "no_head": (N_("no head was found"), N_("Photograph the head against a plain background.")),
    "unreadable": (N_("the file cannot be read"), N_("Send the photo again from the camera that took it.")),
}
"""What a flag of the quality gate means, and how to retake the photo."""

TIERS: Mapping[Tier, tuple[str, str]] = {
    Tier.SCALP: (N_("scalp matched"), N_("The scalp itself matches, pixel by pixel.")),
    Tier.HEAD: (N_("head matched"), N_("The broad pattern of the head matches: good for comparing whole regions.")),
    Tier.LANDMARKS: (N_("marks matched"), N_("Matched on points that a person marked.")),
    Tier.NONE: (N_("not aligned"), N_("These two pictures could not be brought together.")),
}

FACT_SOURCES: Mapping[FactSource, str] = {
    FactSource.CASE_FILE: N_("from case.toml"),
    FactSource.EXIF: N_("from the camera"),
    FactSource.FILE_NAME: N_("from the file name"),
    FactSource.FOLDER_NAME: N_("from the folder name"),
    FactSource.PICTURE: N_("from the picture"),
    FactSource.UNKNOWN: N_("unknown"),
}

TREATMENTS: Mapping[TreatmentKind, str] = {
    TreatmentKind.FUE: N_("FUE transplant"),
    TreatmentKind.FUT: N_("FUT transplant"),
    TreatmentKind.DHI: N_("DHI transplant"),
    TreatmentKind.MESOTHERAPY: N_("Mesotherapy"),
    TreatmentKind.PRP: N_("PRP"),
    TreatmentKind.CELL_THERAPY: N_("Cell therapy"),
    TreatmentKind.MINOXIDIL: N_("Minoxidil"),
    TreatmentKind.FINASTERIDE: N_("Finasteride"),
    TreatmentKind.DUTASTERIDE: N_("Dutasteride"),
}

NOTES: Mapping[NoteKind, str] = {
    NoteKind.REDNESS: N_("Redness"),
    NoteKind.SWELLING: N_("Swelling"),
    NoteKind.BRUISING: N_("Bruising"),
    NoteKind.ITCHING: N_("Itching"),
    NoteKind.RASH: N_("Rash"),
    NoteKind.PAIN: N_("Pain"),
    NoteKind.PUS: N_("Pus"),
    NoteKind.CRUST: N_("Crust"),
    NoteKind.FEVER: N_("Fever"),
    NoteKind.BLACK_PATCH: N_("Black patch"),
    NoteKind.ILLNESS: N_("Illness"),
    NoteKind.NEW_MEDICINE: N_("New medicine"),
    NoteKind.CHILDBIRTH: N_("Childbirth"),
}

SEVERITIES: Mapping[Severity, str] = {
    Severity.MILD: N_("mild"),
    Severity.MODERATE: N_("moderate"),
    Severity.SEVERE: N_("severe"),
}

ALERTS: Mapping[AlertKind, str] = {
    AlertKind.INFECTION_SIGNS: N_("Signs of infection"),
    AlertKind.NECROSIS_SIGNS: N_("Signs of tissue loss"),
    AlertKind.ALLERGY_SIGNS: N_("Signs of allergy"),
    AlertKind.INJECTION_SITE_ALOPECIA: N_("Hair loss at injection sites"),
    AlertKind.HEALING_SLOWER_THAN_EXPECTED: N_("Healing slower than expected"),
}

ALERT_ADVICE: Mapping[Urgency, str] = {
    Urgency.NOW: N_("A doctor should see this now."),
    Urgency.TODAY: N_("A doctor should see this today."),
    Urgency.THIS_WEEK: N_("A doctor should see this within this week."),
    Urgency.NEXT_VISIT: N_("Show this at the next visit."),
}

OLD_ALERT = N_("If no doctor has looked at this since then, one should now.")

NOTICES: Mapping[NoticeKind, str] = {
    NoticeKind.CONTRA_INDICATION: N_("Contra-indication"),
    NoticeKind.SESSION_INTERVAL: N_("Interval between sessions"),
    NoticeKind.NEXT_SESSION_DUE: N_("Next session"),
    NoticeKind.NEXT_PHOTO_DUE: N_("Next photo"),
    NoticeKind.MISSING_FACT: N_("Missing"),
    NoticeKind.COST_SO_FAR: N_("Cost so far"),
    NoticeKind.CASE_PROBLEM: N_("Problem in the case"),
    NoticeKind.RETRACTED_VERDICT: N_("Earlier verdict withdrawn"),
}

FIGURES: Mapping[FigureKind, str] = {
    FigureKind.PHOTO: N_("photo"),
    FigureKind.OVERLAY: N_("photo with what was measured"),
    FigureKind.ALIGNED_REFERENCE: N_("the photo that the others are laid over"),
    FigureKind.ALIGNED_MOVING: N_("photo laid over the first one"),
    FigureKind.COVERAGE_MAP: N_("coverage: dark blue is covered by hair, pale yellow is bare scalp"),
    FigureKind.CHANGE_MAP: N_("change: blue-green is more hair, orange less, grey within the error"),
    FigureKind.CLOSEUP_OVERLAY: N_("close-up with the hairs that were found"),
    FigureKind.GHOST_OUTLINE: N_("outline to match with the next photo"),
}
"""What a picture shows, where its own words are not in the language of the page."""

GRADES: Mapping[str, str] = {
    "A": N_("trial, review or society journal"),
    "B": N_("named surgeon or registry"),
    "C": N_("clinic page"),
    "D": N_("derived by us"),
    "ASSUMED": N_("assumed, no source found"),
}
