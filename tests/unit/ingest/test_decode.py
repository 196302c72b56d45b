import io
import pickle
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, TiffImagePlugin

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.ingest import IngestSettings, lone_photo, read_photo, readable_formats
from hairtrack.ingest.decode import DecodedPicture, _laid_on_white, decode
from hairtrack.model import PhotoProblem

DATA = Path(__file__).parent / "data"
CAP = 120e6


def decoded(content: bytes) -> DecodedPicture:
    result = decode(content, max_pixels=CAP)
    assert isinstance(result, DecodedPicture), result
    return result


def refused(content: bytes, *, max_pixels: float = CAP) -> PhotoProblem:
    result = decode(content, max_pixels=max_pixels)
    assert isinstance(result, PhotoProblem)
    assert result.what
    assert result.remedy
    return result


# ---- formats


@pytest.mark.parametrize(
    ("picture_format", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("JPEG", {"quality": 95, "subsampling": 0}, 3),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}, 3),
        ("AVIF", {"quality": 95, "subsampling": "4:4:4"}, 3),
    ],
)
def test_every_format_gives_the_pixels_that_were_saved(picture, encode, picture_format, options, tolerance):
    result = decoded(encode(picture_format, **options))
    true = np.asarray(picture(0)).astype(int)
    assert np.abs(result.rgb8.astype(int) - true).mean() <= tolerance
    assert result.rgb8.dtype == np.uint8
    assert result.remarks == ()


@pytest.mark.parametrize("name", ["corner_red.heic", "corner_red_turned.heic"])
def test_heic_is_upright_and_dated(name):
    result = decoded((DATA / name).read_bytes())
    assert result.rgb8.shape == (32, 48, 3)
    assert np.allclose(result.rgb8[:6, :6].reshape(-1, 3).mean(axis=0), (250, 20, 20), atol=8)
    assert result.rgb8[-4:, :4, 0].mean() < 60
    assert result.taken_at == "2026:01:10 23:30:00"


def test_all_formats_of_the_contract_can_be_read_here():
    assert readable_formats() == dict.fromkeys(("JPEG", "PNG", "WebP", "TIFF", "AVIF", "HEIC"), True)


def test_the_pixels_belong_to_nobody_else(encode):
    pixels = decoded(encode("JPEG")).rgb8
    assert pixels.base is None
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable


# ---- orientation

STORED_BY_ORIENTATION = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("picture_format", ["PNG", "TIFF", "WEBP"])
def test_every_orientation_comes_out_upright(picture, encode, picture_format, orientation):
    upright = picture(0).resize((150, 170))  # more rows and columns than one strip
    turn = STORED_BY_ORIENTATION[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if picture_format == "WEBP" else {}
    content = encode(picture_format, upright.transpose(turn) if turn is not None else upright, exif=exif, **options)
    assert np.array_equal(decoded(content).rgb8, np.asarray(upright))


# ---- colour


def test_a_wide_colour_space_becomes_srgb(display_p3, encode):
    stored = np.full((4, 4, 3), (200, 100, 50), np.uint8)
    content = encode("PNG", Image.fromarray(stored), icc_profile=display_p3)
    # Through linear light by the published matrix from Display P3 to sRGB.
    encoded = np.array((200, 100, 50)) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]])
    in_srgb = matrix @ linear
    expected = 255 * np.where(in_srgb <= 0.0031308, 12.92 * in_srgb, 1.055 * np.abs(in_srgb) ** (1 / 2.4) - 0.055)
    assert np.abs(decoded(content).rgb8[0, 0] - expected).max() <= 2
    assert np.abs(expected - stored[0, 0]).max() > 8


def test_a_profile_that_says_srgb_changes_nothing(encode):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    result = decoded(encode("PNG", icc_profile=profile))
    assert np.array_equal(result.rgb8, decoded(encode("PNG")).rgb8)
    assert result.remarks == ()


def test_a_broken_profile_is_said_and_taken_as_srgb(encode):
    result = decoded(encode("PNG", icc_profile=b"no profile at all"))
    assert np.array_equal(result.rgb8, decoded(encode("PNG")).rgb8)
    assert "colour profile not usable" in result.remarks[0]


def test_a_profile_of_another_kind_of_picture_is_said_and_taken_as_srgb(display_p3, picture, encode):
    result = decoded(encode("PNG", picture(0).convert("L"), icc_profile=display_p3))
    assert "colour profile not usable" in result.remarks[0]


def test_cmyk_is_converted_and_said(encode):
    result = decoded(encode("JPEG", Image.new("CMYK", (8, 8), (0, 255, 255, 0)), quality=95))
    assert np.abs(result.rgb8[4, 4].astype(int) - (255, 0, 0)).max() <= 4
    assert result.remarks == ("CMYK without a colour profile converted",)


def test_lab_is_converted(encode):
    content = encode("TIFF", Image.new("LAB", (8, 8), (128, 128, 128)))
    assert np.abs(decoded(content).rgb8[0, 0].astype(int) - 119).max() <= 3  # L* = 50 is sRGB 119


def test_grey_has_three_equal_channels(picture, encode):
    pixels = decoded(encode("PNG", picture(0).convert("L"))).rgb8
    assert np.array_equal(pixels[..., 0], np.asarray(picture(0).convert("L")))
    assert np.array_equal(pixels[..., 0], pixels[..., 2])


def test_ycbcr_tiff_is_converted(picture, encode):
    assert decoded(encode("TIFF", picture(0).convert("YCbCr"))).rgb8.shape == (70, 90, 3)


# ---- depth, palette, transparency, frames


def test_16_bit_grey_keeps_its_upper_byte_and_says_so(encode):
    result = decoded(encode("PNG", Image.fromarray(np.array([[0, 0x7FFF, 0xFFFF]], np.uint16))))
    assert result.rgb8[0, :, 0].tolist() == [0, 127, 255]
    assert result.remarks == ("16-bit reduced to 8",)


def test_16_bit_grey_tiff_is_read(encode):
    result = decoded(encode("TIFF", Image.fromarray(np.array([[0, 0x7FFF, 0xFFFF]], np.uint16))))
    assert result.rgb8[0, :, 1].tolist() == [0, 127, 255]
    assert result.remarks == ("16-bit reduced to 8",)


def test_16_bit_colour_is_read_and_said():
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    pixels = b"\x00" + struct.pack(">6H", 0xFFFF, 0x8000, 0, 0, 0x8000, 0xFFFF)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0))
    content += chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    result = decoded(content)
    assert result.rgb8.tolist() == [[[255, 128, 0], [0, 128, 255]]]
    assert result.remarks == ("16-bit reduced to 8",)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_a_picture_without_a_stated_range_is_refused(encode, mode):
    assert refused(encode("TIFF", Image.new(mode, (8, 8)))).kind == "unsupported_depth"


def test_a_palette_is_expanded_and_said(picture, encode):
    result = decoded(encode("PNG", picture(0).quantize(32)))
    assert result.remarks == ("palette of 256 colours or fewer",)
    assert np.array_equal(result.rgb8, np.asarray(picture(0).quantize(32).convert("RGB")))


def test_black_and_white_is_said(picture, encode):
    assert decoded(encode("PNG", picture(0).convert("1"))).remarks == ("black and white only",)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_on_white(encode, mode):
    half_black = Image.new(mode, (4, 4), (0, 0, 0, 128) if mode == "RGBA" else (0, 128))
    result = decoded(encode("PNG", half_black))
    assert result.rgb8[0, 0].tolist() == [127, 127, 127]
    assert result.remarks == ("transparent parts laid on white",)


def test_premultiplied_grey_is_laid_on_white():
    strip = Image.new("LA", (2, 2), (0, 128)).convert("La")
    assert _laid_on_white(strip).getpixel((0, 0)) == (127, 127, 127)


def test_opaque_alpha_changes_no_colour_and_needs_no_remark(picture, encode):
    result = decoded(encode("PNG", picture(0).convert("RGBA")))
    assert np.array_equal(result.rgb8, np.asarray(picture(0)))
    assert result.remarks == ()


def test_a_transparent_palette_is_laid_on_white(picture, encode):
    result = decoded(encode("PNG", picture(0).quantize(8), transparency=0))
    assert result.remarks == ("transparent parts laid on white",)


@pytest.mark.parametrize("picture_format", ["WEBP", "AVIF", "PNG", "TIFF"])
def test_of_several_frames_the_first_is_used_and_that_is_said(picture, encode, picture_format):
    others = [picture(5).rotate(180), picture(9).rotate(180)]
    result = decoded(encode(picture_format, save_all=True, append_images=others))
    assert result.remarks == ("first frame of 3 used",)
    assert result.rgb8[5, 5, 0] > 180  # the red corner is upper left in the first frame alone


def test_the_depth_maps_behind_a_camera_photo_are_no_frames(picture, encode):
    result = decoded(encode("MPO", save_all=True, append_images=[picture(3)]))
    assert result.remarks == ()


# ---- what is no photo


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"this is a letter, not a photo\n" * 20, "not_a_picture"),
        (b"\xff\xd8\xff", "damaged"),
        (b"%PDF-1.7 ...", "format_not_read"),
        (b"BM" + b"\0" * 60, "format_not_read"),
        (b"\x00\x00\x00\x18ftypqt  \x00\x00\x00\x00", "format_not_read"),
        (b"\x00\x00\x00\x10ftypmif1\x00\x00\x00\x00", "damaged"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "damaged"),
    ],
)
def test_other_files_are_told_apart(content, kind):
    assert refused(content).kind == kind


@pytest.mark.parametrize("frames", [1, 3])
def test_a_gif_is_refused_because_of_its_colours(picture, encode, frames):
    content = encode("GIF", save_all=True, append_images=[picture(seed).rotate(180) for seed in range(1, frames)])
    problem = refused(content)
    assert problem.kind == "format_not_read"
    assert "256 colours" in problem.what


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "TIFF"])
def test_a_file_that_ends_early_says_so(encode, picture_format):
    content = encode(picture_format)
    assert refused(content[: len(content) * 2 // 3]).kind == "truncated"


@pytest.mark.parametrize("picture_format", ["WEBP", "AVIF"])
def test_half_a_file_is_damaged(encode, picture_format):
    content = encode(picture_format)
    assert refused(content[: len(content) // 2]).kind in {"damaged", "truncated"}


def test_half_a_heic_is_damaged():
    content = (DATA / "corner_red.heic").read_bytes()
    assert refused(content[: len(content) * 3 // 4]).kind in {"damaged", "truncated"}


def test_a_jpeg_that_claims_more_than_it_can_hold_is_truncated(encode):
    content = bytearray(encode("JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 9000, 9000)
    assert refused(bytes(content)).kind == "truncated"


def test_the_smallest_jpeg_that_there_can_be_is_not_taken_for_truncated(encode):
    content = encode("JPEG", Image.new("L", (1024, 1024)), quality=1, progressive=True, optimize=True)
    assert len(content) * 200 < 1024 * 1024
    assert decoded(content).rgb8.max() <= 1  # black, but for the coarsest rounding that there is


def test_a_machine_without_memory_is_not_taken_for_a_damaged_file(encode, monkeypatch):
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "crop", no_memory)
    assert refused(encode("PNG")).kind == "too_little_memory"


def test_the_same_damage_is_told_in_the_same_words(encode):
    content = encode("PNG")[:60]
    told = [refused(content).what for _ in range(2)]
    assert told[0] == told[1]
    assert "0x" not in told[0]
    assert "\n" not in told[0]


# ---- too large


def huge_png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    body = zlib.compress(b"\0" * 1000)
    return content + struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))


@pytest.mark.parametrize("side", [11_000, 30_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side):
    problem = refused(huge_png(side, side))
    assert problem.kind == "too_many_pixels"
    assert "120 megapixels" in problem.what


def test_the_cap_is_that_of_the_settings(encode):
    assert refused(encode("PNG"), max_pixels=90 * 70 - 1).kind == "too_many_pixels"
    assert isinstance(decode(encode("PNG"), max_pixels=90 * 70), DecodedPicture)


# ---- EXIF and privacy


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_moment_of_the_shot_is_read_from_every_format(encode, picture_format):
    exif = Image.Exif()
    exif[0x010F] = "maker"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:10 23:30:00"
    exif.get_ifd(0x8769)[0x9011] = "+03:00"
    assert decoded(encode(picture_format, exif=exif)).taken_at == "2026:01:10 23:30:00"


def test_the_moment_of_the_shot_is_read_from_tiff(encode):
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x8769] = {0x9003: "2026:01:10 23:30:00"}
    assert decoded(encode("TIFF", tiffinfo=tags)).taken_at == "2026:01:10 23:30:00"


def test_broken_exif_never_costs_the_picture(encode):
    result = decoded(encode("JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x87i\x00\x04" * 30))
    assert result.rgb8.shape == (70, 90, 3)
    assert result.taken_at is None


def test_exif_that_cannot_be_parsed_is_said(encode):
    result = decoded(encode("PNG", exif=b"garbage that is no TIFF header"))
    assert result.taken_at is None
    assert any("EXIF not readable" in remark for remark in result.remarks)


def test_nothing_private_survives(tmp_path, picture, encode):
    exif = Image.Exif()
    exif[0x010F] = "MAKER-OF-CAMERA"
    exif[0x013B] = "NAME-OF-PATIENT"
    exif.get_ifd(0x8825)[29] = "GPS-PLACE"
    stream = io.BytesIO()
    picture(0).save(stream, "JPEG", exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"PROFILE-OF-OWNER")
    private = (b"MAKER-OF-CAMERA", b"NAME-OF-PATIENT", b"GPS-PLACE", b"SECRET-COMMENT", b"PROFILE-OF-OWNER")
    assert all(secret in stream.getvalue() for secret in private)
    path = tmp_path / "top.jpg"
    path.write_bytes(stream.getvalue())
    before = path.read_bytes()
    loaded = read_photo(lone_photo(path), today=None, settings=IngestSettings())
    assert isinstance(loaded, LoadedPhoto)
    kept = pickle.dumps(loaded)
    assert not any(secret in kept for secret in private)
    assert path.read_bytes() == before
