"""For whom a report is written, and in which language."""

from enum import StrEnum


class Audience(StrEnum):
    """Who reads the report: numbers and terms for a clinician, plain words for the patient, the same truth for both."""

    CLINICIAN = "clinician"
    PATIENT = "patient"


class LanguageCode(StrEnum):
    """The languages that the report speaks."""

    ENGLISH = "en"
    TURKISH = "tr"
    SPANISH = "es"
    GERMAN = "de"
