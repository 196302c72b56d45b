"""Whatever people call their files, ingest reads it or passes over it, and never falls over it."""

import os
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hairtrack.ingest.dates import date_of_photo, day_of_exif, days_in_name
from hairtrack.ingest.names import folded, printable_name, region_of_label, view_of_label, views_in
from hairtrack.model import FactSource, View

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
NAMES = st.text(st.characters(exclude_characters="/\0"), max_size=80)
calm = settings(deadline=None)
"""The time of one example depends on what else the machine does."""

WORDS = st.text(st.characters(whitelist_categories=("L",)), max_size=8)


@calm
@given(day=DAYS, form=st.sampled_from(["%Y-%m-%d", "%Y_%m_%d", "%Y.%m.%d", "%Y%m%d", "IMG_%Y%m%d_093015"]), word=WORDS)
def test_a_date_written_into_a_name_is_read_back(day, form, word):
    written = f"{word}_{day.strftime(form)} {word}.jpg"
    assert days_in_name(written) == (day,)


@calm
@given(day=DAYS)
def test_a_date_with_the_year_last_is_read_only_when_it_has_one_reading(day):
    readings = days_in_name(day.strftime("%d.%m.%Y"))
    assert day in readings
    assert (len(readings) == 1) == (day.day > 12 or day.day == day.month)


@calm
@given(day=DAYS, hour=st.integers(0, 23))
def test_the_local_day_of_exif_does_not_depend_on_the_hour(day, hour):
    assert day_of_exif(f"{day:%Y:%m:%d} {hour:02d}:59:59") == day


@calm
@given(name=NAMES, folder=NAMES)
def test_no_name_makes_ingest_fall(name, folder):
    label = f"{printable_name(folder)}/{printable_name(name)}"
    view, source = view_of_label(label)
    assert (view is None) == (source is FactSource.UNKNOWN)
    region_of_label(label)
    fact = date_of_photo(label, declared=None, exif_moment=name, today=date(2026, 11, 22), birth_year=1985)
    assert fact.day is None or date(1985, 1, 1) <= fact.day <= date(2026, 11, 22)


@calm
@given(raw=st.binary(min_size=1, max_size=60).filter(lambda raw: b"/" not in raw and b"\0" not in raw))
def test_every_name_on_disk_can_be_printed_and_written(raw):
    shown = printable_name(os.fsdecode(raw))
    assert shown.isprintable()
    assert shown.encode("utf-8").decode("utf-8") == shown


@calm
@given(one=NAMES, other=NAMES)
def test_no_two_names_look_the_same(one, other):
    assert (printable_name(one) == printable_name(other)) == (one == other)


@calm
@given(
    before=WORDS,
    view=st.sampled_from(["top", "vertex", "front", "left", "right", "back", "closeup"]),
    number=st.integers(0, 999),
)
def test_numbers_around_a_view_do_not_hide_it(before, view, number):
    assert View(view) in views_in(f"{number}_{view}{number}")
    if not views_in(before):
        assert views_in(f"{before} {view}") == {View(view)}


@calm
@given(name=NAMES)
def test_case_and_composition_of_letters_change_nothing(name):
    assert folded(unicodedata.normalize("NFD", name)) == folded(unicodedata.normalize("NFC", name))


@calm
@given(day=st.dates(date(1985, 1, 1), date(2090, 12, 31)), later_d=st.integers(1, 2000))
def test_no_date_after_today_is_ever_believed(day, later_d):
    fact = date_of_photo(
        f"{day + timedelta(days=later_d)}.jpg", declared=None, exif_moment=None, today=day, birth_year=None
    )
    assert fact.day is None
    assert fact.remarks


@pytest.mark.parametrize("name", ["İ", "ı", "I", "i"])
def test_the_four_letters_i_are_one(name):
    assert folded(name) == "i"
