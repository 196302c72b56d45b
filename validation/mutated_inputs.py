"""Damaged inputs for the fuzzer: small pictures of every kind and a case file, and what may befall them.

Every input follows from a seed and its number alone.
"""

import io
import json
import tomllib
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

HEIC_SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "unit" / "ingest" / "data"

Bytes = bytearray


def sample_pictures() -> dict[str, bytes]:
    """Return one small picture of every kind that ingest meets, by name."""
    generator = np.random.default_rng(7)
    rows, columns = np.mgrid[0:72, 0:96]
    noise = generator.integers(0, 60, (72, 96, 3))
    colour = Image.fromarray((np.stack([rows * 2, columns * 2, rows + columns], axis=-1) + noise).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:01:10 23:30:00"
    exif.get_ifd(0x8825)[1] = "N"
    profile = _srgb_profile()
    other = colour.rotate(180)
    deep = Image.fromarray((rows * 600 + columns).astype(np.uint16))
    pictures = {
        "jpeg": _saved(colour, "JPEG", exif=exif, icc_profile=profile),
        "jpeg progressive": _saved(colour, "JPEG", progressive=True, subsampling=2),
        "jpeg cmyk": _saved(colour.convert("CMYK"), "JPEG"),
        "jpeg gray": _saved(colour.convert("L"), "JPEG"),
        "png": _saved(colour, "PNG", exif=exif, icc_profile=profile),
        "png alpha": _saved(colour.convert("RGBA"), "PNG"),
        "png palette": _saved(colour.quantize(32), "PNG", transparency=3),
        "png 16 bit": _saved(deep, "PNG"),
        "png animated": _saved(colour, "PNG", save_all=True, append_images=[other]),
        "webp": _saved(colour, "WEBP", exif=exif, icc_profile=profile),
        "webp lossless": _saved(colour.convert("RGBA"), "WEBP", lossless=True),
        "webp animated": _saved(colour, "WEBP", save_all=True, append_images=[other]),
        "tiff": _saved(colour, "TIFF", exif=exif, icc_profile=profile),
        "tiff lzw": _saved(colour, "TIFF", compression="tiff_lzw"),
        "tiff deflate": _saved(colour, "TIFF", compression="tiff_adobe_deflate"),
        "tiff jpeg": _saved(colour, "TIFF", compression="jpeg"),
        "tiff 16 bit": _saved(deep, "TIFF"),
        "tiff lab": _saved(_in_lab(colour), "TIFF"),
        "tiff pages": _saved(colour, "TIFF", save_all=True, append_images=[other]),
        "avif": _saved(colour, "AVIF", exif=exif, icc_profile=profile),
        "avif animated": _saved(colour, "AVIF", save_all=True, append_images=[other]),
        "gif": _saved(colour.quantize(16), "GIF"),
    }
    heic = {f"heic {path.stem}": path.read_bytes() for path in sorted(HEIC_SAMPLES.glob("*.heic"))}
    return pictures | heic


def _in_lab(picture: Image.Image) -> Image.Image:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.applyTransform(picture, ImageCms.buildTransform(srgb, lab, "RGB", "LAB"))


def _srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"sRGB", b"aRGB")


def _saved(picture: Image.Image, picture_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, picture_format, **options)
    return stream.getvalue()


# ---- mutations of pictures


def flip_bits(content: Bytes, rng: np.random.Generator) -> None:
    """Flip 1 to 8 bits anywhere."""
    for at in rng.integers(0, len(content), rng.integers(1, 9)):
        content[at] ^= 1 << int(rng.integers(0, 8))


def edit_header(content: Bytes, rng: np.random.Generator) -> None:
    """Replace 1 to 6 of the first 256 bytes."""
    for at in rng.integers(0, min(256, len(content)), rng.integers(1, 7)):
        content[at] = int(rng.integers(0, 256))


def truncate(content: Bytes, rng: np.random.Generator) -> None:
    """Cut the end off."""
    del content[int(rng.integers(0, len(content))) :]


def edit_lengths(content: Bytes, rng: np.random.Generator) -> None:
    """Write extreme 16- and 32-bit numbers, where lengths, sizes and offsets may be."""
    extremes = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF, len(content), len(content) + 1)
    for _ in range(int(rng.integers(1, 5))):
        width = int(rng.choice((2, 4)))
        value = int(rng.choice(extremes)) & ((1 << (8 * width)) - 1)
        at = int(rng.integers(0, max(1, len(content) - width)))
        content[at : at + width] = value.to_bytes(width, "big" if rng.random() < 0.5 else "little")  # noqa: PLR2004 even


def claim_size(content: Bytes, rng: np.random.Generator) -> None:
    """Claim another width or height, up to far beyond the cap, wherever the true one is written."""
    claimed = int(rng.choice((0, 1, 97, 4000, 10_900, 10_960, 16_383, 30_000, 65_535)))
    for true in (96, 72, 48, 32, 95, 71):
        for width in (2, 4):
            for order in ("big", "little"):
                written = true.to_bytes(width, order)
                at = content.find(written)
                if at >= 0 and rng.random() < 0.5:  # noqa: PLR2004 even
                    content[at : at + width] = claimed.to_bytes(width, order)


def repeat_block(content: Bytes, rng: np.random.Generator) -> None:
    """Copy a block of the file to another place."""
    start = int(rng.integers(0, len(content)))
    block = content[start : start + int(rng.integers(1, 400))]
    at = int(rng.integers(0, len(content)))
    content[at:at] = block * int(rng.integers(1, 20))


def blank_block(content: Bytes, rng: np.random.Generator) -> None:
    """Set a block to zeros or ones."""
    start = int(rng.integers(0, len(content)))
    length = min(int(rng.integers(1, 400)), len(content) - start)
    content[start : start + length] = (b"\x00" if rng.random() < 0.5 else b"\xff") * length  # noqa: PLR2004 even


PICTURE_MUTATIONS: tuple[Callable[[Bytes, np.random.Generator], None], ...] = (
    flip_bits,
    edit_header,
    truncate,
    edit_lengths,
    claim_size,
    repeat_block,
    blank_block,
)


def repair_checksums(content: Bytes) -> None:
    """Make the checksum of every chunk of a PNG right again, as far as its chunks can be followed."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return
    at = 8
    while at + 12 <= len(content):
        end = at + 8 + int.from_bytes(content[at : at + 4], "big")
        if end + 4 > len(content):
            return
        content[end : end + 4] = zlib.crc32(content[at + 4 : end]).to_bytes(4, "big")
        at = end + 4


def mutated_picture(pictures: Mapping[str, bytes], *, seed: int, number: int) -> tuple[str, bytes]:
    """Return the name of the picture and its bytes after one to three mutations, one in ten also after a splice."""
    rng = np.random.default_rng((seed, 1, number))
    names = sorted(pictures)
    name = names[number % len(names)]
    content = bytearray(pictures[name])
    if rng.random() < 0.1:  # noqa: PLR2004 one in ten
        other = pictures[names[int(rng.integers(0, len(names)))]]
        content = content[: int(rng.integers(0, len(content)))] + other[int(rng.integers(0, len(other))) :]
    for _ in range(int(rng.choice((1, 1, 1, 2, 3)))):
        if content:
            PICTURE_MUTATIONS[int(rng.integers(0, len(PICTURE_MUTATIONS)))](content, rng)
    if rng.random() < 0.8:  # noqa: PLR2004 four in five, or the checksums would guard all that lies behind them
        repair_checksums(content)
    return name, bytes(content)


# ---- mutations of case files

CASE_TEXT = """[patient]
id = "P001"
sex_at_birth = "male"
birth_year = 1985
conditions = ["diabetes"]

[[treatments]]
kind = "fue"
performed_on = 2026-01-10
recipient_regions = ["frontal_hairline", "frontal"]
donor_regions = ["occipital"]
grafts_implanted = 2400
recipient_area_cm2 = 60.0

[[treatments]]
kind = "prp"
sessions = [2026-02-07, 2026-01-10]
cost_per_session = 1800.0
currency = "EUR"

[[treatments]]
kind = "finasteride"
started_on = 2026-02-01
stopped_on = 2026-06-01

[[photos]]
file = "2026-01-08/top.jpg"
view = "top"
taken_on = 2026-01-08
px_per_mm = 8.2
wet = false

[[regions]]
name = "vertex"
file = "2026-01-08/top.jpg"
polygon_xy = [[512, 300], [700, 310], [690, 520], [505, 500]]

[[landmarks]]
name = "left_ear_top"
file = "2026-01-08/top.jpg"
xy = [120, 640]

[[observations]]
taken_on = 2026-07-10
region = "vertex"
measurand = "hair_density_per_cm2"
value = 128.0
std_uncertainty = 12.0

[[notes]]
on = 2026-01-14
kind = "redness"
region = "frontal"
severity = "mild"
"""

CASE_WORDS = (
    *("nan", "inf", "-inf", "1e999", "-1", "0", "99999999999999999999999999", "true", '""', "[]", "{}", "[[[[[[[["),
    *("2026-02-30", "2026-13-01", "0000-00-00", "9999-12-31", "2026-01-10T10:00:00Z", "10:00:00", '"2026-01-10"'),
    *("'''", '"""', "\x00", "\ufeff", "\u202e", "ıİ", "=", ".", "[", "]", "[[photos]]", "[patient]", "#", "\\", "\n"),
    *("[" * 3000, "9" * 5000, '"' + "x" * 5000 + '"', "{a=" * 400, "0x_", "1_000", "null", "None"),
)


def mutated_case(*, seed: int, number: int) -> tuple[str, bytes]:
    """Return `toml` or `json` and the bytes of a case file after one to four mutations."""
    rng = np.random.default_rng((seed, 2, number))
    kind = "json" if number % 3 == 0 else "toml"
    text = CASE_TEXT if kind == "toml" else json.dumps(tomllib.loads(CASE_TEXT), default=str, indent=1)
    for _ in range(int(rng.choice((1, 1, 2, 4)))):
        text = _CASE_MUTATIONS[int(rng.integers(0, len(_CASE_MUTATIONS)))](text, rng)
    content = bytearray(text.encode("utf-8", errors="surrogatepass"))
    if rng.random() < 0.2 and content:  # noqa: PLR2004 one in five
        flip_bits(content, rng)
    return kind, bytes(content)


def _word_in(text: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(0, len(text) + 1))
    return text[:at] + CASE_WORDS[int(rng.integers(0, len(CASE_WORDS)))] + text[at:]


def _value_replaced(text: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    at = int(rng.integers(0, len(lines)))
    for mark in ("=", ":"):
        if mark in lines[at]:
            comma = "," if lines[at].endswith(",") else ""
            word = CASE_WORDS[int(rng.integers(0, len(CASE_WORDS)))]
            lines[at] = f"{lines[at].split(mark)[0]}{mark} {word}{comma}"
            break
    return "\n".join(lines)


def _line_repeated(text: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    lines.insert(int(rng.integers(0, len(lines) + 1)), lines[int(rng.integers(0, len(lines)))])
    return "\n".join(lines)


def _line_lost(text: str, rng: np.random.Generator) -> str:
    lines = text.split("\n")
    del lines[int(rng.integers(0, len(lines)))]
    return "\n".join(lines)


def _letter_changed(text: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(0, max(1, len(text))))
    return text[:at] + chr(int(rng.integers(1, 0x3000))) + text[at + 1 :]


def _end_lost(text: str, rng: np.random.Generator) -> str:
    return text[: int(rng.integers(0, len(text) + 1))]


_CASE_MUTATIONS: tuple[Callable[[str, np.random.Generator], str], ...] = (
    _word_in,
    _value_replaced,
    _value_replaced,
    _line_repeated,
    _line_lost,
    _letter_changed,
    _letter_changed,
    _end_lost,
)
