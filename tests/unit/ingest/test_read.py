import os
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.ingest import (
    DeclaredPhoto,
    IngestSettings,
    PhotoSource,
    given_scale,
    load_photo,
    lone_photo,
    open_case,
    read_photo,
)
from hairtrack.ingest.read import fingerprint
from hairtrack.model import FactSource, InputError, Photo, PhotoKind, PhotoProblem, PictureSide, RegionName, View

TODAY = date(2026, 11, 22)


def read(path: Path, *, settings: IngestSettings | None = None, **facts: object) -> LoadedPhoto | Photo:
    source = replace(lone_photo(path), **facts)
    return read_photo(source, today=TODAY, settings=settings or IngestSettings())


def problem_of(path: Path, **options: object) -> PhotoProblem:
    photo = read(path, **options)
    assert isinstance(photo, Photo)
    assert photo.problem is not None
    assert photo.photo_id.startswith("photo-")
    return photo.problem


def test_a_photo_carries_its_pixels_and_what_its_file_says(tmp_path, picture, write_photo):
    path = write_photo(tmp_path / "2025-12-01" / "vertex.png", moment="2026:01:10 23:30:00")
    photo = load_photo(path)
    assert np.array_equal(photo.rgb8, np.asarray(picture(0)))
    assert (photo.record.width_px, photo.record.height_px) == (90, 70)
    assert (photo.record.taken_on, photo.record.date_source) == (date(2026, 1, 10), FactSource.EXIF)
    assert (photo.record.view, photo.record.view_source) == (View.VERTEX, FactSource.FILE_NAME)
    assert photo.record.file == "vertex.png"
    assert photo.record.kind is PhotoKind.GLOBAL
    assert photo.record.scale is None
    assert photo.record.problem is None
    assert photo.record.photo_id == f"photo-{photo.record.pixels_sha256[:12]}"


def test_a_lone_photo_takes_its_date_from_its_folder(tmp_path, write_photo):
    photo = load_photo(write_photo(tmp_path / "2026-01-10" / "top.png"))
    assert (photo.taken_on, photo.record.date_source) == (date(2026, 1, 10), FactSource.FOLDER_NAME)


def test_a_path_as_text_is_fine(tmp_path, write_photo):
    assert load_photo(str(write_photo(tmp_path / "top.png"))).record.view is View.TOP


def test_what_is_declared_wins(tmp_path, write_photo):
    path = write_photo(tmp_path / "2025-12-01_left.png", moment="2026:01:10 23:30:00")
    declared = DeclaredPhoto(
        file="x",
        view=View.CLOSEUP,
        region=RegionName.MIDSCALP,
        taken_on=date(2026, 2, 2),
        px_per_mm=8.2,
        field_diameter_mm=10.0,
        hair_length_mm=3,
        wet=False,
        forehead=PictureSide.LEFT,
    )
    photo = read(path, declared=declared)
    assert isinstance(photo, LoadedPhoto)
    record = photo.record
    assert (record.view, record.view_source, record.kind) == (View.CLOSEUP, FactSource.CASE_FILE, PhotoKind.CLOSEUP)
    assert (record.taken_on, record.date_source) == (date(2026, 2, 2), FactSource.CASE_FILE)
    assert (record.region, record.hair_length_mm, record.wet) == (RegionName.MIDSCALP, 3, False)
    assert record.scale is not None
    assert (record.scale.px_per_mm, record.scale.method) == (8.2, "given")
    assert record.field_diameter_mm == 10.0
    assert record.forehead is PictureSide.LEFT


@pytest.mark.parametrize(
    ("px_per_mm", "uncertainty"),
    [
        (8.2, (2 / 3 / 100 + 0.1**2 / 12) ** 0.5),
        (165.0, (2 / 3 / 100 + 1 / 12) ** 0.5),
        (160.0, (2 / 3 / 100 + 1 / 12) ** 0.5),
        (8.2173, (2 / 3 / 100 + 1e-8 / 12) ** 0.5),
    ],
)
def test_a_given_scale_is_as_sure_as_a_ruler_and_its_digits(tmp_path, write_photo, px_per_mm, uncertainty):
    photo = read(write_photo(tmp_path / "top.png"), declared=DeclaredPhoto(file="top.png", px_per_mm=px_per_mm))
    assert photo.scale == given_scale(px_per_mm)
    assert photo.scale.std_uncertainty_px_per_mm == pytest.approx(uncertainty)


def test_a_closeup_takes_its_region_from_its_name(tmp_path, write_photo):
    record = load_photo(write_photo(tmp_path / "closeup_vertex.png")).record
    assert (record.kind, record.view, record.region) == (PhotoKind.CLOSEUP, View.CLOSEUP, RegionName.VERTEX)


def test_the_same_pixels_have_one_fingerprint_in_every_lossless_file(tmp_path, encode):
    shas = set()
    for index, (picture_format, options) in enumerate(
        [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True}), ("PNG", {"compress_level": 1})]
    ):
        path = tmp_path / f"{index}.png"
        path.write_bytes(encode(picture_format, **options))
        photo = load_photo(path)
        shas.add(photo.record.pixels_sha256)
        assert photo.sha256 != photo.record.pixels_sha256
    assert len(shas) == 1


def test_the_fingerprint_knows_the_size():
    assert fingerprint(np.zeros((2, 8, 3), np.uint8)) != fingerprint(np.zeros((8, 2, 3), np.uint8))


def test_the_fingerprint_of_a_view_is_that_of_its_copy():
    pixels = np.arange(240, dtype=np.uint8).reshape(8, 10, 3)
    assert fingerprint(pixels[::2]) == fingerprint(pixels[::2].copy())


# ---- files that cannot be read


def test_an_empty_file(tmp_path):
    path = tmp_path / "2026-01-10_top.jpg"
    path.write_bytes(b"")
    photo = read(path)
    assert photo.problem.kind == "empty"
    assert (photo.taken_on, photo.view) == (date(2026, 1, 10), View.TOP)  # the retake is asked for by name
    assert photo.sha256 is not None
    assert photo.pixels_sha256 is None


def test_a_text_named_jpg(tmp_path):
    path = tmp_path / "top.jpg"
    path.write_text("not a photo")
    assert problem_of(path).kind == "not_a_picture"


def test_a_missing_file(tmp_path):
    assert problem_of(tmp_path / "top.jpg").kind == "missing"


def test_a_photo_that_goes_away_after_it_was_listed(tmp_path, write_photo):
    path = write_photo(tmp_path / "top.png")
    (source,) = open_case(tmp_path, today=TODAY).sources
    path.unlink()
    gone = read_photo(source, today=TODAY, settings=IngestSettings())
    assert gone.problem.kind == "missing"


def test_a_folder(tmp_path):
    assert problem_of(tmp_path).kind == "not_a_file"


def test_a_named_pipe_does_not_wait_for_ever(tmp_path):
    os.mkfifo(tmp_path / "top.jpg")
    assert problem_of(tmp_path / "top.jpg").kind == "not_a_file"


def test_a_device_is_not_read():
    assert problem_of(Path("/dev/zero")).kind == "not_a_file"


def test_a_path_with_a_nul():
    assert problem_of(Path("top\0.jpg")).kind == "not_a_file"


def test_a_name_that_is_too_long(tmp_path):
    assert problem_of(tmp_path / ("a" * 300 + ".jpg")).kind == "unreadable"


def test_a_file_without_permission(powerless, write_photo):
    path = write_photo(powerless / "top.png")
    path.chmod(0)
    assert problem_of(path).kind == "no_permission"


def test_a_file_above_the_cap_is_not_decoded(tmp_path, write_photo):
    path = write_photo(tmp_path / "top.png")
    settings = IngestSettings(max_file_bytes=path.stat().st_size - 1)
    assert problem_of(path, settings=settings).kind == "file_too_large"
    assert isinstance(read(path, settings=IngestSettings(max_file_bytes=path.stat().st_size)), LoadedPhoto)


def test_too_many_pixels(tmp_path, write_photo):
    settings = IngestSettings(max_megapixels=0.006)
    assert problem_of(write_photo(tmp_path / "top.png"), settings=settings).kind == "too_many_pixels"


def test_a_source_with_a_problem_is_not_opened(tmp_path, write_photo):
    problem = PhotoProblem(kind="broken_link", what="the link leads nowhere", remedy="copy it")
    assert problem_of(write_photo(tmp_path / "top.png"), problem=problem) == problem


def test_a_name_that_is_not_utf8(tmp_path, encode):
    raw = os.fsencode(tmp_path) + b"/top_\xff\xfe.png"
    Path(os.fsdecode(raw)).write_bytes(encode("PNG"))
    record = load_photo(os.fsdecode(raw)).record
    assert record.file == "top_\\xff\\xfe.png"
    assert record.view is View.TOP


def test_a_label_with_lone_surrogates_has_an_id_too(tmp_path):
    source = PhotoSource(path=tmp_path / "x", file="a\udcff.jpg")
    assert read_photo(source, today=None, settings=IngestSettings()).photo_id.startswith("photo-")


def test_one_bad_photo_is_an_input_error_for_who_asked_for_just_that_one(tmp_path):
    path = tmp_path / "top.jpg"
    path.write_bytes(b"")
    with pytest.raises(InputError) as raised:
        load_photo(path)
    assert raised.value.what == "the file is empty"
    assert raised.value.where.endswith("top.jpg")
    assert raised.value.remedy


def test_everything_that_travels_between_processes_can_be_pickled(tmp_path, write_photo):
    write_photo(tmp_path / "2026-01-10" / "top.png")
    (tmp_path / os.fsdecode(b"left_\xff.jpg")).symlink_to("nowhere")
    draft = open_case(tmp_path, today=TODAY)
    again = pickle.loads(pickle.dumps(draft))  # noqa: S301 our own bytes
    assert again == draft
    photos = [read_photo(source, today=TODAY, settings=IngestSettings()) for source in again.sources]
    for photo in photos:
        copy = pickle.loads(pickle.dumps(photo))  # noqa: S301 our own bytes
        assert type(copy) is type(photo)


def test_an_animated_picture_says_which_frame_was_used(tmp_path, picture):
    path = tmp_path / "top.webp"
    picture(0).save(path, save_all=True, append_images=[picture(7)], lossless=True)
    photo = load_photo(path)
    assert photo.record.remarks == ("first frame of 2 used",)


def test_an_original_is_never_altered(tmp_path, picture):
    path = tmp_path / "top.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(0).save(path, exif=exif)
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    load_photo(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)
