"""Months as clinics count them after an operation: by the calendar, or by their average length, whichever is first."""

import calendar
from datetime import date, timedelta
from functools import lru_cache

DAYS_PER_MONTH = 30.4375
"""Days in an average month of the calendar: 365.25 / 12."""


@lru_cache(maxsize=65536)
def months_between(start: date, end: date) -> float:
    """Return the time from `start` to `end` in months; negative when `end` is earlier.

    Whole on each monthly anniversary of the calendar, and not later than after as many average months.
    """
    if end < start:
        return -months_between(end, start)
    whole = (end.year - start.year) * 12 + end.month - start.month
    if _month_later(start, whole) > end:
        whole -= 1
    since = _month_later(start, whole)
    length = (_month_later(start, whole + 1) - since).days
    by_calendar = whole + (end - since).days / length
    average = (end - start).days / DAYS_PER_MONTH
    nearest = round(average)
    if round(nearest * DAYS_PER_MONTH) == (end - start).days:
        average = float(nearest)
    return max(by_calendar, average)


def months_after(start: date, months: float) -> date:
    """Return the first day on which `months_between` reaches `months`."""
    day = start + timedelta(days=max(int(months * DAYS_PER_MONTH) - 4, 0))
    while months_between(start, day) < months:
        day += timedelta(days=1)
    return day


def _month_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
