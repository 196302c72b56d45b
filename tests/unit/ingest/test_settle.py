import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.ingest import IngestSettings, open_case, read_photo, settle
from hairtrack.model import Case, Photo, View

TODAY = date(2026, 11, 22)


def settled(root: Path, *, order: random.Random | None = None) -> Case:
    draft = open_case(root, today=TODAY)
    sources = list(draft.sources)
    if order is not None:
        order.shuffle(sources)
    read = [read_photo(source, today=TODAY, settings=IngestSettings()) for source in sources]
    return settle(draft, [photo.record if isinstance(photo, LoadedPhoto) else photo for photo in read], today=TODAY)


def words(case: Case) -> str:
    return "\n".join(f"{problem.where}: {problem.what} ({problem.remedy})" for problem in case.problems)


@pytest.fixture
def visits(tmp_path, write_photo):
    """Return a case with a baseline, an operation and two follow-ups, that has no problem at all."""
    for seed, day in enumerate(("2026-01-08", "2026-04-10", "2026-07-10")):
        write_photo(tmp_path / day / "top.png", seed=2 * seed)
        write_photo(tmp_path / day / "left.png", seed=2 * seed + 1)
    (tmp_path / "case.toml").write_text('[[treatments]]\nkind = "fue"\nperformed_on = 2026-01-10\n')
    return tmp_path


def test_a_good_case_has_no_problems_and_its_photos_in_order(visits):
    case = settled(visits)
    assert case.problems == ()
    assert [photo.file for photo in case.photos] == [
        *("2026-01-08/left.png", "2026-01-08/top.png"),
        *("2026-04-10/left.png", "2026-04-10/top.png"),
        *("2026-07-10/left.png", "2026-07-10/top.png"),
    ]


def test_the_order_of_files_changes_nothing(visits, write_photo):
    write_photo(visits / "copy.png")  # a duplicate, an undated photo and an empty file
    write_photo(visits / "who knows.png", seed=77)
    (visits / "empty.jpg").touch()
    cases = [settled(visits, order=random.Random(seed)) for seed in range(4)]
    assert all(case == cases[0] for case in cases)


def test_photos_without_a_date_come_last(visits, write_photo):
    write_photo(visits / "a_top.png", seed=50)
    case = settled(visits)
    assert case.photos[-1].file == "a_top.png"
    assert words(case) == "a_top.png: the date of this photo is not known (give taken_on in case.toml)"


def test_what_is_not_known_is_asked_for_by_name(tmp_path, write_photo):
    write_photo(tmp_path / "2026-01-08" / "IMG_1.png")
    write_photo(tmp_path / "2026-04-08" / "closeup.png", seed=1)
    text = words(settled(tmp_path))
    assert "2026-01-08/IMG_1.png: the view of this photo is not known" in text
    assert "2026-04-08/closeup.png: the region that this close-up shows is not known" in text


def test_a_date_that_cannot_be_right_is_told_and_not_used(visits, write_photo):
    write_photo(visits / "2031-01-01_top.png", seed=50)
    case = settled(visits)
    assert case.photos[-1].taken_on is None
    assert "2031-01-01 (file name) lies in the future (today is 2026-11-22)" in words(case)


def test_a_date_before_birth_is_told_and_not_used(visits, write_photo):
    (visits / "case.toml").write_text("[patient]\nbirth_year = 1985\n")
    write_photo(visits / "1970-01-01_top.png", seed=50)
    assert "lies before the year of birth (1985)" in words(settled(visits))


def test_a_wrong_camera_clock_is_told_together_with_the_date_that_is_used(visits, write_photo):
    write_photo(visits / "2026-09-01_top.png", seed=50, moment="2062:01:01 00:00:00")
    case = settled(visits)
    assert case.photos[-1].taken_on == date(2026, 9, 1)
    assert "2062-01-01 (EXIF) lies in the future (today is 2026-11-22); 2026-09-01 is used" in words(case)


# ---- duplicates


def test_the_same_picture_twice_is_one_photo(visits, write_photo):
    write_photo(visits / "2026-01-08" / "top copy.png", compress_level=1)
    case = settled(visits)
    assert len(case.photos) == 6
    assert words(case) == (
        "2026-01-08/top.png: duplicate: the same picture as 2026-01-08/top copy.png; it is used once"
        " (remove one of the two files)"
    )


def test_of_two_equal_pictures_the_one_with_the_surer_date_stays(visits, write_photo):
    write_photo(visits / "a" / "top.png")
    assert "a/top.png" not in {photo.file for photo in settled(visits).photos}


def test_one_picture_under_two_dates_is_said_plainly(visits, write_photo):
    write_photo(visits / "2026-10-10" / "top.png")  # the baseline again, as if nothing had grown
    case = settled(visits)
    assert "yet dated 2026-10-10 instead of 2026-01-08" in words(case)
    assert max(photo.taken_on for photo in case.photos) == date(2026, 7, 10)


def test_a_link_to_a_photo_is_that_photo(visits):
    (visits / "2026-01-08" / "z_top.png").symlink_to("top.png")
    case = settled(visits)
    assert len(case.photos) == 6
    assert "duplicate" in words(case)


def test_two_unreadable_files_are_no_duplicates(visits):
    for name in ("a.jpg", "b.jpg"):
        (visits / name).touch()
    case = settled(visits)
    assert [photo.file for photo in case.photos if photo.problem] == ["a.jpg", "b.jpg"]
    assert words(case).count("the file is empty") == 2


# ---- doubles


def test_two_photos_of_one_view_on_one_day_are_both_kept_and_told(visits, write_photo):
    write_photo(visits / "2026-01-08" / "top_2.png", seed=50)
    case = settled(visits)
    assert [p.file for p in case.photos if p.view is View.TOP][:2] == ["2026-01-08/top.png", "2026-01-08/top_2.png"]
    assert "2026-01-08/top.png, 2026-01-08/top_2.png: 2 photos show the top view on 2026-01-08" in words(case)


def test_several_close_ups_of_one_day_are_as_it_should_be(visits, write_photo):
    for seed in (60, 61):
        write_photo(visits / "2026-01-08" / f"closeup_vertex_{seed}.png", seed=seed)
    assert settled(visits).problems == ()


# ---- gaps in time


def test_no_photo_before_the_treatment(visits):
    (visits / "case.toml").write_text('[[treatments]]\nkind = "prp"\nsessions = [2026-02-01, 2026-01-08]\n')
    assert "no baseline: there is no photo from before the first treatment (2026-01-08)" in words(settled(visits))


def test_a_planned_treatment_needs_no_baseline_yet(visits):
    (visits / "case.toml").write_text('[[treatments]]\nkind = "fue"\nperformed_on = 2027-01-10\n')
    assert "baseline" not in words(settled(visits))


def test_a_case_without_photos(tmp_path):
    case = settled(tmp_path)
    assert case.photos == ()
    assert "there is no photo in this case" in words(case)


def test_a_case_with_one_photo(tmp_path, write_photo):
    write_photo(tmp_path / "2026-01-08_top.png")
    case = settled(tmp_path)
    assert len(case.photos) == 1
    assert "all photos are of one day (2026-01-08), so no change can be told" in words(case)


def test_a_case_of_bad_files_alone_goes_on_to_say_so(tmp_path):
    (tmp_path / "top.jpg").write_text("no photo")
    assert "none of the photos can be read" in words(settled(tmp_path))


def test_one_bad_photo_does_not_stop_the_case(visits):
    (visits / "2026-01-08" / "right.jpg").write_bytes(b"\xff\xd8\xff")
    case = settled(visits)
    assert sum(photo.problem is None for photo in case.photos) == 6
    assert words(case).startswith("2026-01-08/right.jpg: the JPEG file is damaged")


def test_a_thousand_photos(tmp_path):
    paths = [tmp_path / f"{2000 + index % 26}-01-{1 + index // 40:02d}" / f"{index}_top.png" for index in range(1000)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    draft = open_case(tmp_path, today=TODAY)
    assert len(draft.sources) == 1000
    photos = [
        Photo(file=s.file, photo_id=s.file, pixels_sha256=s.file, taken_on=TODAY, view=View.TOP) for s in draft.sources
    ]
    case = settle(draft, photos, today=TODAY)
    assert len(case.photos) == 1000
    (doubles, one_day) = case.problems
    assert "1000 photos show the top view" in doubles.what
    assert "one day" in one_day.what


# ---- marks


MARKS = """
[[regions]]
name = "vertex"
file = "{file}"
polygon_xy = [[10, 10], [60, 10], [60, {bottom}]]
[[landmarks]]
name = "left_ear_top"
file = "{file}"
xy = [10, {bottom}]
"""


def test_marks_stay_on_their_photo(visits):
    (visits / "case.toml").write_text(MARKS.format(file="2026-01-08/top.png", bottom=60))
    case = settled(visits)
    assert case.outlines[0].polygon_xy[2] == (60, 60)
    assert case.landmarks[0].xy == (10, 60)
    assert case.problems == ()


def test_marks_on_a_duplicate_move_to_the_photo_that_stays(visits, write_photo):
    write_photo(visits / "z" / "top.png")
    (visits / "case.toml").write_text(MARKS.format(file="z/top.png", bottom=60))
    case = settled(visits)
    assert {mark.file for mark in (*case.outlines, *case.landmarks)} == {"2026-01-08/top.png"}


@pytest.mark.parametrize(
    ("file", "bottom", "word"),
    [("2026-01-08/tpo.png", 60, "is no readable photo of this case"), ("2026-01-08/top.png", 99, "lies outside")],
)
def test_marks_that_lie_on_nothing_are_left_out_and_told(visits, file, bottom, word):
    (visits / "case.toml").write_text(MARKS.format(file=file, bottom=bottom))
    case = settled(visits)
    assert (case.outlines, case.landmarks) == ((), ())
    assert words(case).count(word) == 2


def test_settling_is_blind_to_who_read_the_photos(visits):
    draft = open_case(visits, today=TODAY)
    records = [Photo(file=source.file, photo_id=source.file) for source in draft.sources]
    assert settle(draft, records, today=TODAY) == settle(draft, [replace(r) for r in records[::-1]], today=TODAY)
