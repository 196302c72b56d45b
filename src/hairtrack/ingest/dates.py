"""When a photo was taken, and how we know: case file, then EXIF, then the file's name, then its folders' names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hairtrack.model import FactSource

DATE_NOT_USED = "date not used"
"""How a remark on a date that cannot be right begins."""

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-_. ])(\d{2})\2(\d{2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?=\d{6}(?!\d)|(?!\d))")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-_. ])(\d{1,2})\2(\d{4})(?!\d)")
_EXIF_MOMENT = re.compile(r"\s*(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})(?:\D|$)")
_YEARS = range(1900, 2100)

_SOURCE_WORDS = {
    FactSource.CASE_FILE: "case file",
    FactSource.EXIF: "EXIF",
    FactSource.FILE_NAME: "file name",
    FactSource.FOLDER_NAME: "folder name",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFact:
    """The local day of a shot, how it is known, and the days that were found and not used."""

    day: date | None
    source: FactSource
    remarks: tuple[str, ...] = ()


def days_in_name(name: str) -> tuple[date, ...]:
    """Return every day that a name may mean, oldest first: one is sure, more are ambiguous, none is no date.

    Read are 2026-01-10 and 2026_01_10, 20260110 (also with a time behind it), and 25.01.2026; 10.01.2026 is both
    10 January and 1 October.
    """
    found: set[date] = set()
    for match in _YEAR_FIRST.finditer(name):
        found.update(_days(match[1], match[3], match[4]))
    for match in _COMPACT.finditer(name):
        found.update(_days(match[1], match[2], match[3]))
    for match in _YEAR_LAST.finditer(name):
        found.update(_days(match[4], match[3], match[1]))
        found.update(_days(match[4], match[1], match[3]))
    return tuple(sorted(found))


def day_of_exif(moment: str | None) -> date | None:
    """Return the day of an EXIF moment such as `2026:01:10 23:30:00`, None when it is absent or no day.

    The camera writes local time; OffsetTimeOriginal says how far that is from UTC. The local day is what counts, so
    the offset does not move it.
    """
    match = _EXIF_MOMENT.match(moment or "")
    return next(_days(match[1], match[2], match[3]), None) if match else None


def date_of_photo(
    label: str,
    *,
    declared: date | None,
    exif_moment: str | None,
    today: date | None,
    birth_year: int | None,
) -> DatedFact:
    """Return the first day that is possible, in the order case file, EXIF, file name, folder names (inner first).

    A day that a person declared is never replaced by another source: when it cannot be right, the date is unknown.

    Parameters
    ----------
    label
        Path of the photo below the case folder, with `/`.
    declared
        `taken_on` of the case file.
    exif_moment
        DateTimeOriginal as written.
    today
        No photo is taken later; None when that is not known.
    birth_year
        No photo is taken earlier; None when that is not known.
    """
    remarks: list[str] = []
    for source, days in _candidates(label, declared, day_of_exif(exif_moment)):
        if len(days) > 1:
            readings = " or ".join(day.isoformat() for day in days)
            remarks.append(f"{DATE_NOT_USED}: the {_SOURCE_WORDS[source]} may mean {readings}")
            continue
        doubt = why_impossible(days[0], today=today, birth_year=birth_year)
        if doubt is None:
            if source is FactSource.CASE_FILE:
                remarks += _other_day(day_of_exif(exif_moment), days[0])
            return DatedFact(day=days[0], source=source, remarks=tuple(remarks))
        remarks.append(f"{DATE_NOT_USED}: {days[0].isoformat()} ({_SOURCE_WORDS[source]}) {doubt}")
        if source is FactSource.CASE_FILE:
            break
    return DatedFact(day=None, source=FactSource.UNKNOWN, remarks=tuple(remarks))


def why_impossible(day: date, *, today: date | None, birth_year: int | None) -> str | None:
    """Return why a day cannot be one of this patient's photos, or None when it can."""
    if today is not None and day > today:
        return f"lies in the future (today is {today.isoformat()})"
    if birth_year is not None and day.year < birth_year:
        return f"lies before the year of birth ({birth_year})"
    return None


def _other_day(exif_day: date | None, declared: date) -> list[str]:
    """Return a remark when the camera says another day than the case file: a year is mistyped easily."""
    if exif_day is None or abs(exif_day - declared) <= timedelta(days=1):  # midnight, or a journey across it
        return []
    return [f"EXIF says {exif_day.isoformat()}, the case file {declared.isoformat()}"]


def _candidates(
    label: str, declared: date | None, exif_day: date | None
) -> Iterator[tuple[FactSource, tuple[date, ...]]]:
    if declared is not None:
        yield FactSource.CASE_FILE, (declared,)
    if exif_day is not None:
        yield FactSource.EXIF, (exif_day,)
    *folders, name = label.split("/")
    for source, text in ((FactSource.FILE_NAME, name), *((FactSource.FOLDER_NAME, f) for f in reversed(folders))):
        days = days_in_name(text)
        if days:
            yield source, days


def _days(year: str, month: str, day: str) -> Iterator[date]:
    """Give the one day of these digits, or nothing when the calendar has none."""
    if int(year) in _YEARS:
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:  # the 13th month, the 30th of February: digits that are no date
            return
