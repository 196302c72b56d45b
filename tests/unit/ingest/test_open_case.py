import os
from datetime import date
from pathlib import Path

import pytest

from hairtrack.ingest import CaseDraft, IngestSettings, open_case
from hairtrack.ingest.folder import list_folder
from hairtrack.model import InputError, RegionName, View

TODAY = date(2026, 11, 22)


def opened(root: Path) -> CaseDraft:
    return open_case(root, today=TODAY)


def files(draft: CaseDraft) -> list[str]:
    return [source.file for source in draft.sources]


def problem_kinds(draft: CaseDraft) -> dict[str, str | None]:
    return {source.file: source.problem.kind if source.problem else None for source in draft.sources}


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.JPEG", "a.png", "a.webp", "a.tif", "a.TIFF", "a.avif", "a.heic", "a.HIF", "a.gif"]
)
def test_photos_are_known_by_their_ending(tmp_path, name):
    (tmp_path / name).touch()
    assert files(opened(tmp_path)) == [name]


def test_flat_and_nested_folders_in_the_order_of_names(tmp_path):
    for name in ("z.jpg", "b/2026-01-10/top.jpg", "a/left.jpg", "b/a.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files(opened(tmp_path)) == ["a/left.jpg", "b/2026-01-10/top.jpg", "b/a.jpg", "z.jpg"]
    assert opened(tmp_path).problems == ()


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        ".DS_Store",
        "Thumbs.db",
        "._top.jpg",
        ".thumbnails/top.jpg",
        ".git/top.jpg",
        "__MACOSX/top.jpg",
        "@eaDir/top.jpg/SYNOPHOTO_THUMB_XL.jpg",
        "readme",
    ],
)
def test_what_is_no_photo_is_passed_over_quietly(tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).touch()
    draft = opened(tmp_path)
    assert (draft.sources, draft.problems) == ((), ())


@pytest.mark.parametrize("sign", ["report.html", "results.json"])
def test_a_report_of_ours_is_passed_over_quietly(tmp_path, sign):
    report = tmp_path / "report"
    (report / "pictures").mkdir(parents=True)
    for name in (sign, "aligned_top.jpg", "pictures/top.jpg"):
        (report / name).touch()
    (tmp_path / "top.jpg").touch()
    draft = opened(tmp_path)
    assert (files(draft), draft.problems) == (["top.jpg"], ())


def test_a_case_with_a_report_beside_its_photos_is_still_a_case(tmp_path):
    for name in ("report.html", "top.jpg"):
        (tmp_path / name).touch()
    assert files(opened(tmp_path)) == ["top.jpg"]


@pytest.mark.parametrize("name", ["IMG_1.CR2", "IMG_1.dng", "IMG_1.mov", "scan.pdf", "a.bmp"])
def test_raw_pictures_and_films_are_not_passed_over_in_silence(tmp_path, name):
    (tmp_path / name).touch()
    (problem,) = opened(tmp_path).problems
    assert problem.where == name
    assert "not read" in problem.what
    assert "JPEG" in problem.remedy


def test_no_such_folder(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        opened(tmp_path / "nowhere")


def test_a_file_instead_of_a_folder(tmp_path):
    (tmp_path / "top.jpg").touch()
    with pytest.raises(InputError, match="is a file, not a case folder"):
        opened(tmp_path / "top.jpg")


def test_a_folder_that_cannot_be_looked_into(powerless):
    closed = powerless / "closed"
    closed.mkdir(mode=0)
    (powerless / "top.jpg").touch()
    draft = opened(powerless)
    closed.chmod(0o700)
    assert files(draft) == ["top.jpg"]
    (problem,) = draft.problems
    assert problem.where == "closed"
    assert "permission denied" in problem.what


def test_a_root_that_goes_away_is_a_problem_not_a_crash(tmp_path):
    listing = list_folder(tmp_path / "gone")
    assert listing.files == ()
    assert listing.problems[0].where == "."


# ---- links


def test_links_are_followed_only_inside_the_case(tmp_path, write_photo):
    case = tmp_path / "case"
    write_photo(case / "top.png")
    outside = write_photo(tmp_path / "outside.png", seed=1)
    (case / "inside.png").symlink_to("top.png")
    (case / "outside.png").symlink_to(outside)
    (case / "broken.png").symlink_to("nowhere.png")
    (case / "loop.png").symlink_to("loop.png")
    assert problem_kinds(opened(case)) == {
        "broken.png": "broken_link",
        "inside.png": None,
        "loop.png": "link_loop",
        "outside.png": "link_out_of_case",
        "top.png": None,
    }


def test_pipes_and_links_to_devices_are_told_apart_before_they_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    assert problem_kinds(opened(tmp_path)) == {"pipe.jpg": "not_a_file", "zero.jpg": "link_out_of_case"}


def test_a_case_that_is_itself_a_link_is_fine(tmp_path, write_photo):
    write_photo(tmp_path / "case" / "top.png")
    (tmp_path / "case" / "link.png").symlink_to("top.png")
    (tmp_path / "same").symlink_to("case")
    assert problem_kinds(opened(tmp_path / "same")) == {"link.png": None, "top.png": None}


def test_links_to_folders_are_not_followed_and_that_is_said(tmp_path):
    case = tmp_path / "case"
    (case / "a").mkdir(parents=True)
    (case / "a" / "top.jpg").touch()
    (case / "a" / "again").symlink_to("..")
    (case / "elsewhere").symlink_to(tmp_path)
    draft = opened(case)
    assert files(draft) == ["a/top.jpg"]
    assert [problem.where for problem in draft.problems] == ["a/again", "elsewhere"]


# ---- names


def test_a_name_that_is_not_utf8_is_escaped(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/top_\xe9.jpg")).touch()
    draft = opened(tmp_path)
    assert files(draft) == ["top_\\xe9.jpg"]
    assert draft.sources[0].path.exists()


# ---- case.toml and the files


def test_without_a_case_file_nothing_is_known_of_the_patient(tmp_path):
    assert opened(tmp_path).patient.id == "unnamed"


def test_declared_facts_travel_with_the_file(tmp_path):
    (tmp_path / "IMG_1.jpg").touch()
    (tmp_path / "case.toml").write_text(
        '[patient]\nid = "P1"\nbirth_year = 1985\n[[photos]]\nfile = "IMG_1.jpg"\nview = "closeup"\nregion = "vertex"\n'
        "taken_on = 2026-01-08\n"
    )
    (source,) = opened(tmp_path).sources
    assert source.birth_year == 1985
    assert source.declared is not None
    assert (source.declared.view, source.declared.region) == (View.CLOSEUP, RegionName.VERTEX)
    assert source.declared.taken_on == date(2026, 1, 8)


def test_a_declared_file_is_read_whatever_its_ending(tmp_path):
    (tmp_path / "photo").touch()
    (tmp_path / "case.toml").write_text('[[photos]]\nfile = "photo"\n')
    assert files(opened(tmp_path)) == ["photo"]


def test_a_declared_name_in_composed_letters_is_found_on_disk_in_decomposed_ones(tmp_path):
    (tmp_path / "u\u0308st.jpg").touch()
    (tmp_path / "case.toml").write_text('[[photos]]\nfile = "\u00fcst.jpg"\nwet = true\n', encoding="utf-8")
    draft = opened(tmp_path)
    assert draft.sources[0].declared is not None
    assert draft.problems == ()


def test_a_declared_photo_that_is_absent_is_asked_for_with_the_nearest_name(tmp_path):
    (tmp_path / "top.jpg").touch()
    (tmp_path / "case.toml").write_text('[[photos]]\nfile = "tpo.jpg"\n[[photos]]\nfile = "2031/quite_other.png"\n')
    first, second = opened(tmp_path).problems
    assert (first.where, first.what) == ("photos[0].file", '"tpo.jpg" is not in the case folder')
    assert first.remedy == 'did you mean "top.jpg"?'
    assert second.remedy == "add the photo, or remove the entry"


def test_a_wrong_case_file_stops_the_case(tmp_path):
    (tmp_path / "case.toml").write_text('[patient]\nname = "Jane"\n')
    with pytest.raises(InputError, match=r"patient\.name: unknown key"):
        opened(tmp_path)


def test_a_case_file_that_links_nowhere_is_not_passed_over(tmp_path):
    (tmp_path / "case.toml").symlink_to("nowhere.toml")
    with pytest.raises(InputError, match="there is no such file"):
        opened(tmp_path)


def test_a_named_pipe_as_case_file_does_not_wait_for_ever(tmp_path):
    os.mkfifo(tmp_path / "case.toml")
    with pytest.raises(InputError, match="not a regular file"):
        opened(tmp_path)


@pytest.mark.parametrize("name", ["Case.toml", "case.toml.txt"])
def test_a_misnamed_case_file_is_not_passed_over_in_silence(tmp_path, name):
    (tmp_path / name).write_text('[patient]\nid = "P1"\n')
    (problem,) = opened(tmp_path).problems
    assert (problem.where, problem.remedy) == (name, "name it case.toml")


def test_marks_find_their_file_as_photos_do(tmp_path):
    (tmp_path / "u\u0308st.jpg").touch()
    (tmp_path / "case.toml").write_text(
        '[[landmarks]]\nname = "ear"\nfile = "\u00fcst.jpg"\nxy = [1, 2]\n'
        '[[landmarks]]\nname = "ear"\nfile = "b\\u0007.jpg"\nxy = [1, 2]\n',
        encoding="utf-8",
    )
    assert [mark.file for mark in opened(tmp_path).landmarks] == ["u\u0308st.jpg", "b\\u0007.jpg"]


def test_of_many_missing_photos_only_the_first_are_offered_another_name(tmp_path):
    (tmp_path / "photo_x.jpg").touch()
    (tmp_path / "case.toml").write_text("".join(f'[[photos]]\nfile = "photo_{index}.jpg"\n' for index in range(30)))
    offered = ["did you mean" in problem.remedy for problem in opened(tmp_path).problems]
    assert (sum(offered), len(offered)) == (20, 30)


def test_a_case_file_above_the_cap_is_refused(tmp_path):
    (tmp_path / "case.toml").write_text("# " + "x" * 200)
    with pytest.raises(InputError, match="larger than"):
        open_case(tmp_path, today=TODAY, settings=IngestSettings(max_case_file_bytes=100))
