"""Exceptions: broken contracts only.

An expected failure is a value of the model (a `retake`, a `refused`, a `NotMeasured`, a verdict that cannot judge).
An exception means that the caller handed us something that we cannot work on at all.
"""


class HairtrackError(Exception):
    """Say what went wrong, where, and what to do about it.

    Parameters
    ----------
    what
        One sentence: what is wrong.
    where
        A file, a field path or a command; empty when there is no place.
    remedy
        One sentence: what to do about it.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.remedy})" if self.remedy else ""
        return f"{place}{self.what}{advice}"


class InputError(HairtrackError):
    """A file, a folder or a value from outside cannot be used."""


class StoreError(HairtrackError):
    """Something that we keep on disk cannot be read or written."""


class KnowledgeError(HairtrackError):
    """A table under models/ contradicts itself or lacks a row that the code asks for."""
