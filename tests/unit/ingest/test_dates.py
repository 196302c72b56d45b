from datetime import date

import pytest

from hairtrack.ingest.dates import DATE_NOT_USED, date_of_photo, day_of_exif, days_in_name
from hairtrack.model import FactSource

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("2026-01-10 top", ["2026-01-10"]),
        ("2026_01_10", ["2026-01-10"]),
        ("2026.01.10", ["2026-01-10"]),
        ("20260110", ["2026-01-10"]),
        ("IMG_20260110_123456", ["2026-01-10"]),
        ("PXL_20260110_123456789.MP", ["2026-01-10"]),
        ("IMG-20260110-WA0007", ["2026-01-10"]),
        ("20260110123456", ["2026-01-10"]),
        ("25.01.2026", ["2026-01-25"]),
        ("01-25-2026", ["2026-01-25"]),
        ("10.10.2026", ["2026-10-10"]),
        ("5.5.2026", ["2026-05-05"]),
        ("10.01.2026", ["2026-01-10", "2026-10-01"]),
        ("2026-01-10 and 2026-07-10", ["2026-01-10", "2026-07-10"]),
        ("2026-13-10", []),
        ("2026-02-30", []),
        ("31.02.2026", []),
        ("DSC12345678", []),
        ("1202601101", []),
        ("0026-01-10", []),
        ("2026-01_10", []),
        ("2026-01-1", []),
        ("10.01.26", []),
        ("top", []),
        ("", []),
    ],
)
def test_dates_in_names(name, days):
    assert [day.isoformat() for day in days_in_name(name)] == days


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026:01:10 23:30:00", "2026-01-10"),
        ("2026-01-10T23:30:00+03:00", "2026-01-10"),
        ("2026:01:10", "2026-01-10"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("2026:02:30 10:00:00", None),
        ("2026:01:105", None),
        ("", None),
        (None, None),
    ],
)
def test_the_local_day_of_exif(moment, day):
    found = day_of_exif(moment)
    assert (found and found.isoformat()) == day


def told(label, *, declared=None, exif=None, today=TODAY, birth_year=1985):
    return date_of_photo(label, declared=declared, exif_moment=exif, today=today, birth_year=birth_year)


@pytest.mark.parametrize(
    ("declared", "exif", "label", "day", "source"),
    [
        (date(2026, 1, 1), "2026:01:02 10:00:00", "2026-01-04/2026-01-03.jpg", "2026-01-01", FactSource.CASE_FILE),
        (None, "2026:01:02 10:00:00", "2026-01-04/2026-01-03.jpg", "2026-01-02", FactSource.EXIF),
        (None, None, "2026-01-04/2026-01-03.jpg", "2026-01-03", FactSource.FILE_NAME),
        (None, None, "2026-01-04/top.jpg", "2026-01-04", FactSource.FOLDER_NAME),
        (None, None, "2026-01-05/2026-01-04/top.jpg", "2026-01-04", FactSource.FOLDER_NAME),
    ],
)
def test_the_surest_source_tells_the_date(declared, exif, label, day, source):
    fact = told(label, declared=declared, exif=exif)
    assert (fact.day.isoformat(), fact.source, fact.remarks) == (day, source, ())


def test_without_any_date_it_is_unknown():
    assert told("top.jpg").day is None
    assert told("top.jpg").source is FactSource.UNKNOWN


def test_an_ambiguous_name_is_not_guessed_and_both_readings_are_told():
    fact = told("10.01.2026.jpg")
    assert fact.day is None
    assert fact.remarks == (f"{DATE_NOT_USED}: the file name may mean 2026-01-10 or 2026-10-01",)


def test_a_camera_clock_in_the_future_gives_way_to_the_name():
    fact = told("2026-01-03.jpg", exif="2062:01:02 10:00:00")
    assert (fact.day, fact.source) == (date(2026, 1, 3), FactSource.FILE_NAME)
    assert fact.remarks == (f"{DATE_NOT_USED}: 2062-01-02 (EXIF) lies in the future (today is 2026-11-22)",)


def test_a_date_before_birth_is_not_believed():
    fact = told("1970-01-01.jpg")
    assert fact.day is None
    assert "before the year of birth (1985)" in fact.remarks[0]


def test_an_impossible_declared_date_is_not_replaced_by_a_guess():
    fact = told("2026-01-03.jpg", declared=date(2027, 1, 1))
    assert fact.day is None
    assert "case file" in fact.remarks[0]


def test_a_case_file_that_contradicts_the_camera_is_believed_and_that_is_told():
    fact = told("top.jpg", declared=date(2026, 1, 8), exif="2025:01:08 10:00:00")
    assert (fact.day, fact.remarks) == (date(2026, 1, 8), ("EXIF says 2025-01-08, the case file 2026-01-08",))


def test_a_day_more_or_less_is_no_contradiction():
    assert told("top.jpg", declared=date(2026, 1, 8), exif="2026:01:09 00:10:00").remarks == ()


def test_today_and_the_year_of_birth_themselves_are_possible():
    assert told("x.jpg", declared=TODAY).day == TODAY
    assert told("x.jpg", declared=date(1985, 1, 1)).day == date(1985, 1, 1)


def test_without_today_and_birth_year_every_date_is_believed():
    assert told("2090-01-01.jpg", today=None, birth_year=None).day == date(2090, 1, 1)
