"""The words of the clinic that files, results and rooms share. Each is a `StrEnum`: its value is what is written."""

from enum import StrEnum


class Sex(StrEnum):
    """Sex at birth, since norms and shock-loss rates depend on it."""

    MALE = "male"
    FEMALE = "female"


class PhotoKind(StrEnum):
    """A photo of the head, or a close-up of a spot (dermoscope, 20-70x)."""

    GLOBAL = "global"
    CLOSEUP = "closeup"


class View(StrEnum):
    """From where the head is seen."""

    TOP = "top"
    VERTEX = "vertex"
    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"
    BACK = "back"
    CLOSEUP = "closeup"


class PictureSide(StrEnum):
    """Sides of a picture as it is shown upright."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


class RegionName(StrEnum):
    """Regions of the scalp."""

    FRONTAL_HAIRLINE = "frontal_hairline"
    FRONTAL = "frontal"
    MIDSCALP = "midscalp"
    VERTEX = "vertex"
    TEMPLE_LEFT = "temple_left"
    TEMPLE_RIGHT = "temple_right"
    PARIETAL_LEFT = "parietal_left"
    PARIETAL_RIGHT = "parietal_right"
    OCCIPITAL = "occipital"


class TreatmentKind(StrEnum):
    """What was done."""

    FUE = "fue"
    FUT = "fut"
    DHI = "dhi"
    MESOTHERAPY = "mesotherapy"
    PRP = "prp"
    CELL_THERAPY = "cell_therapy"
    MINOXIDIL = "minoxidil"
    FINASTERIDE = "finasteride"
    DUTASTERIDE = "dutasteride"

    @property
    def is_transplant(self) -> bool:
        """Whether hairs are moved from a donor to a recipient region."""
        return self in {TreatmentKind.FUE, TreatmentKind.FUT, TreatmentKind.DHI}

    @property
    def is_medicine(self) -> bool:
        """Whether it is taken over a span of time and works on the whole scalp."""
        return self in {TreatmentKind.MINOXIDIL, TreatmentKind.FINASTERIDE, TreatmentKind.DUTASTERIDE}

    @property
    def is_session_therapy(self) -> bool:
        """Whether it is given in sessions by injection."""
        return not (self.is_transplant or self.is_medicine)


class NoteKind(StrEnum):
    """Symptoms and events that a patient or clinician records."""

    REDNESS = "redness"
    SWELLING = "swelling"
    BRUISING = "bruising"
    ITCHING = "itching"
    RASH = "rash"
    PAIN = "pain"
    PUS = "pus"
    CRUST = "crust"
    FEVER = "fever"
    BLACK_PATCH = "black_patch"
    ILLNESS = "illness"
    NEW_MEDICINE = "new_medicine"
    CHILDBIRTH = "childbirth"


class Severity(StrEnum):
    """How strong a symptom is."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class FactSource(StrEnum):
    """How a date or a view is known."""

    CASE_FILE = "case_file"
    EXIF = "exif"
    FILE_NAME = "file_name"
    FOLDER_NAME = "folder_name"
    PICTURE = "picture"
    UNKNOWN = "unknown"


class QualityDecision(StrEnum):
    """What a photo is good for."""

    USABLE = "usable"
    USABLE_WITH_LIMITS = "usable_with_limits"
    RETAKE = "retake"


class RegistrationStatus(StrEnum):
    """Whether two photos may be compared."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Tier(StrEnum):
    """On what an alignment rests."""

    SCALP = "scalp"
    HEAD = "head"
    LANDMARKS = "landmarks"
    NONE = "none"


class HairKind(StrEnum):
    """A terminal hair or a vellus hair."""

    TERMINAL = "terminal"
    VELLUS = "vellus"


class RegionRole(StrEnum):
    """What the recorded treatments make of a region; it decides which causes compete."""

    RECIPIENT = "recipient"
    DONOR = "donor"
    TREATED = "treated"
    UNTREATED = "untreated"


class Phase(StrEnum):
    """Where the region stands by date and treatment; says nothing about the outcome."""

    NOT_STARTED = "not_started"
    HEALING = "healing"
    EXPECTED_SHEDDING = "expected_shedding"
    DORMANT = "dormant"
    REGROWTH = "regrowth"
    MATURATION = "maturation"
    SETTLED = "settled"
    BETWEEN_SESSIONS = "between_sessions"
    UNKNOWN = "unknown"


class State(StrEnum):
    """The verdict on a region."""

    TOO_EARLY = "too_early"
    EXPECTED_SHEDDING = "expected_shedding"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    DELAYED = "delayed"
    BELOW_TARGET = "below_target"
    POOR_GROWTH_PROBABLE = "poor_growth_probable"
    FAILURE = "failure"
    DONOR_AS_PLANNED = "donor_as_planned"
    DONOR_EFFLUVIUM = "donor_effluvium"
    DONOR_OVER_EXTRACTION = "donor_over_extraction"
    DIRECTION_FAULT = "direction_fault"
    NATIVE_PROGRESSION = "native_progression"
    TEMPORARY_DIFFUSE_SHEDDING = "temporary_diffuse_shedding"
    RESPONSE = "response"
    STABLE = "stable"
    NO_MEASURABLE_RESPONSE = "no_measurable_response"
    ARTEFACT = "artefact"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"


class Cause(StrEnum):
    """What may explain the course of a region; exclusive, so that probabilities sum to 1."""

    ON_COURSE = "on_course"
    DELAYED = "delayed"
    BELOW_TARGET = "below_target"
    POOR_GROWTH = "poor_growth"
    DIRECTION_FAULT = "direction_fault"
    SHOCK_LOSS_PERMANENT = "shock_loss_permanent"
    NATIVE_PROGRESSION = "native_progression"
    TEMPORARY_DIFFUSE_SHEDDING = "temporary_diffuse_shedding"
    ARTEFACT = "artefact"
    DONOR_AS_PLANNED = "donor_as_planned"
    DONOR_EFFLUVIUM = "donor_effluvium"
    DONOR_OVER_EXTRACTION = "donor_over_extraction"
    RESPONSE = "response"
    STABLE = "stable"
    NO_MEASURABLE_RESPONSE = "no_measurable_response"


CAUSES_BY_ROLE: dict[RegionRole, tuple[Cause, ...]] = {
    RegionRole.RECIPIENT: (
        Cause.ON_COURSE,
        Cause.DELAYED,
        Cause.BELOW_TARGET,
        Cause.POOR_GROWTH,
        Cause.DIRECTION_FAULT,
        Cause.SHOCK_LOSS_PERMANENT,
        Cause.NATIVE_PROGRESSION,
        Cause.TEMPORARY_DIFFUSE_SHEDDING,
        Cause.ARTEFACT,
    ),
    RegionRole.DONOR: (
        Cause.DONOR_AS_PLANNED,
        Cause.DONOR_EFFLUVIUM,
        Cause.DONOR_OVER_EXTRACTION,
        Cause.NATIVE_PROGRESSION,
        Cause.TEMPORARY_DIFFUSE_SHEDDING,
        Cause.ARTEFACT,
    ),
    RegionRole.TREATED: (
        Cause.RESPONSE,
        Cause.STABLE,
        Cause.NO_MEASURABLE_RESPONSE,
        Cause.NATIVE_PROGRESSION,
        Cause.TEMPORARY_DIFFUSE_SHEDDING,
        Cause.ARTEFACT,
    ),
    RegionRole.UNTREATED: (
        Cause.STABLE,
        Cause.NATIVE_PROGRESSION,
        Cause.TEMPORARY_DIFFUSE_SHEDDING,
        Cause.ARTEFACT,
    ),
}
"""The causes that compete in a region, by its role."""


class AlertKind(StrEnum):
    """Signs that need a doctor, whatever the date."""

    INFECTION_SIGNS = "infection_signs"
    NECROSIS_SIGNS = "necrosis_signs"
    ALLERGY_SIGNS = "allergy_signs"
    INJECTION_SITE_ALOPECIA = "injection_site_alopecia"
    HEALING_SLOWER_THAN_EXPECTED = "healing_slower_than_expected"


class Urgency(StrEnum):
    """How soon a doctor should see it."""

    NOW = "now"
    TODAY = "today"
    THIS_WEEK = "this_week"
    NEXT_VISIT = "next_visit"


class NoticeKind(StrEnum):
    """What the reader should know that is no verdict and no alert."""

    CONTRA_INDICATION = "contra_indication"
    SESSION_INTERVAL = "session_interval"
    NEXT_SESSION_DUE = "next_session_due"
    NEXT_PHOTO_DUE = "next_photo_due"
    MISSING_FACT = "missing_fact"
    COST_SO_FAR = "cost_so_far"
    CASE_PROBLEM = "case_problem"
    RETRACTED_VERDICT = "retracted_verdict"


class EvidenceGrade(StrEnum):
    """How good a clinical number is."""

    TRIAL_OR_SOCIETY = "A"
    NAMED_SURGEON_OR_REGISTRY = "B"
    CLINIC_PAGE = "C"
    DERIVED = "D"
    ASSUMED = "ASSUMED"
