"""Bytes of a picture file in, upright 8-bit sRGB out; the only module that knows Pillow.

Nothing else of the file survives: no EXIF, no position, no name, no thumbnail, no comment. What leaves this module is
an array that we allocated and filled, one text with the moment of the shot, and sentences on what was done.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pi_heif  # type: ignore[import-untyped]  # it ships no types
from PIL import Image, ImageCms, features

from hairtrack.imaging.types import Rgb8Image
from hairtrack.ingest.formats import PictureFormat, foreign_format, picture_format
from hairtrack.model import PhotoProblem

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)

_STRIP_ROWS = 64
"""Pixels are converted in strips that stay in the cache: four times faster than whole pictures, and lean."""

_EXIF_IFD = 0x8769
_ORIENTATION = 0x0112
_DATE_TIME_ORIGINAL = 0x9003
_BITS_PER_SAMPLE = 258


@dataclass(frozen=True, slots=True)
class _Turn:
    """What turns a stored picture upright, and where its first row then lies."""

    transpose: Image.Transpose
    on_its_side: bool
    from_the_end: bool


_TURN_BY_ORIENTATION = {
    2: _Turn(Image.Transpose.FLIP_LEFT_RIGHT, on_its_side=False, from_the_end=False),
    3: _Turn(Image.Transpose.ROTATE_180, on_its_side=False, from_the_end=True),
    4: _Turn(Image.Transpose.FLIP_TOP_BOTTOM, on_its_side=False, from_the_end=True),
    5: _Turn(Image.Transpose.TRANSPOSE, on_its_side=True, from_the_end=False),
    6: _Turn(Image.Transpose.ROTATE_270, on_its_side=True, from_the_end=True),
    7: _Turn(Image.Transpose.TRANSVERSE, on_its_side=True, from_the_end=True),
    8: _Turn(Image.Transpose.ROTATE_90, on_its_side=True, from_the_end=False),
}
"""By EXIF orientation (CIPA DC-008, tag 274); 1 is upright."""

_PIXELS_PER_JPEG_BYTE = 512
"""A JPEG spends at least one bit on each block of 8 x 8 pixels (ITU-T T.81, F.1.2.1: one Huffman code a block)."""

_MODES_WITH_ALPHA = frozenset(("LA", "La", "PA", "RGBA", "RGBa"))
_MODES_16_BIT = frozenset(("I;16", "I;16L", "I;16B", "I;16N"))
_MODES_WITHOUT_RANGE = frozenset(("I", "F"))

_Strip = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPicture:
    """An upright picture.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB, owned by nobody else.
    taken_at
        EXIF DateTimeOriginal as written by the camera, None when absent.
    remarks
        What was done to read it.
    """

    rgb8: Rgb8Image
    taken_at: str | None
    remarks: tuple[str, ...]


def readable_formats() -> dict[str, bool]:
    """Return, by the name of each format, whether this installation can read it."""
    codecs = {"JPEG": "jpg", "PNG": "zlib", "WebP": "webp", "TIFF": "libtiff", "AVIF": "avif"}
    able = {name: bool(features.check(codec)) for name, codec in codecs.items()}
    return able | {"HEIC": bool(pi_heif.libheif_info()["decoders"])}


def decode(content: bytes, *, max_pixels: float) -> DecodedPicture | PhotoProblem:
    """Return the first picture of a file, or why it cannot be read; never raises for bad bytes.

    Parameters
    ----------
    content
        The whole file.
    max_pixels
        Cap on width times height, checked before a pixel is decoded.
    """
    found = picture_format(content)
    if found is None:
        return _not_a_picture(content)
    # Damaged metadata makes Pillow warn; it is not used, so the warnings say nothing to the user. The size that it
    # warns of is checked against our own cap instead.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=(found.value,)) as image:
                return _read(image, found, content, max_pixels)
        except Image.DecompressionBombError:
            return _too_many_pixels(max_pixels)
        except MemoryError:
            return PhotoProblem(
                kind="too_little_memory",
                what="there is too little memory free to decode this picture",
                remedy="close other programs, or give a smaller copy",
            )
        except Exception as error:  # noqa: BLE001 decoders of damaged bytes raise anything; the reason is reported
            return _damaged(found, error)


def _read(image: Image.Image, found: PictureFormat, content: bytes, max_pixels: float) -> DecodedPicture | PhotoProblem:
    if image.width * image.height > max_pixels:
        return _too_many_pixels(max_pixels)
    if found is PictureFormat.JPEG and image.width * image.height > len(content) * _PIXELS_PER_JPEG_BYTE:
        return _truncated(found)  # libjpeg would fill the missing part with grey and say nothing
    remarks: list[str] = []
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # a camera's MPO holds the photo first, then depth or gain maps
        remarks.append(f"first frame of {frames} used")
    image.load()
    if image.width * image.height > max_pixels:  # HEIC learns its true size while decoding
        return _too_many_pixels(max_pixels)
    if image.mode in _MODES_WITHOUT_RANGE:
        return PhotoProblem(
            kind="unsupported_depth",
            what="the picture has 32 bits a channel without a stated range",
            remedy="save it as an 8-bit JPEG or PNG",
        )
    deep_png = found is PictureFormat.PNG and content[24:25] == b"\x10"
    if deep_png or _bits_of_tiff(image) > 8 or image.mode in _MODES_16_BIT:  # noqa: PLR2004 bits
        remarks.append("16-bit reduced to 8")
    orientation, taken_at = _exif_facts(image, remarks)
    to_srgb = _converter(image, remarks)
    rgb8 = _upright_pixels(image, orientation, to_srgb)
    return DecodedPicture(rgb8=rgb8, taken_at=taken_at, remarks=tuple(remarks))


def _upright_pixels(image: Image.Image, orientation: int, to_srgb: _Strip) -> Rgb8Image:
    """Return the pixels in a new array, strip by strip: each is converted, turned and laid where it belongs."""
    turn = _TURN_BY_ORIENTATION.get(orientation)
    width, height = image.size
    shape = (width, height, 3) if turn and turn.on_its_side else (height, width, 3)
    rgb8: Rgb8Image = np.empty(shape, np.uint8)
    for top in range(0, height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, height)
        strip = to_srgb(image.crop((0, top, width, bottom)))
        if turn is None:
            rgb8[top:bottom] = np.asarray(strip)
            continue
        place = slice(height - bottom, height - top) if turn.from_the_end else slice(top, bottom)
        where = (slice(None), place) if turn.on_its_side else (place, slice(None))
        rgb8[where] = np.asarray(strip.transpose(turn.transpose))
    return rgb8


def _converter(image: Image.Image, remarks: list[str]) -> _Strip:
    """Return what turns a strip of this picture into 8-bit sRGB, and remark on what that does to it."""
    flatten = _flattener(image, remarks)
    mode = flatten(image.crop((0, 0, 1, 1))).mode
    transform = _colour_transform(image, mode, remarks)
    if transform is not None:
        return lambda strip: _transformed(flatten(strip), transform)
    if mode == "CMYK":
        remarks.append("CMYK without a colour profile converted")
    if mode == "RGB":
        return flatten
    return lambda strip: flatten(strip).convert("RGB")


def _flattener(image: Image.Image, remarks: list[str]) -> _Strip:
    """Return what brings a strip to one of L, RGB, CMYK, LAB: no palette, no transparency, 8 bits."""
    mode = image.mode
    if mode in _MODES_16_BIT:
        return lambda strip: Image.fromarray((np.asarray(strip) >> 8).astype(np.uint8))
    if mode in _MODES_WITH_ALPHA or "transparency" in image.info:
        if not _is_opaque(image):
            remarks.append("transparent parts laid on white")
        return _laid_on_white
    if mode == "P":
        remarks.append("palette of 256 colours or fewer")
        return lambda strip: strip.convert("RGB")
    if mode in {"L", "RGB", "CMYK", "LAB"}:
        return lambda strip: strip
    if mode == "1":
        remarks.append("black and white only")
    return lambda strip: strip.convert("RGB")


def _is_opaque(image: Image.Image) -> bool:
    if image.mode not in _MODES_WITH_ALPHA:
        return False  # a colour of the palette, or one colour of all, stands for "transparent"
    return image.getchannel(len(image.getbands()) - 1).getextrema() == (255, 255)


def _laid_on_white(strip: Image.Image) -> Image.Image:
    straight = strip.convert("LA") if strip.mode == "La" else strip
    clear = straight.convert("RGBA")
    white = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, clear).convert("RGB")


def _colour_transform(image: Image.Image, mode: str, remarks: list[str]) -> ImageCms.ImageCmsTransform | None:
    """Return the way from the picture's colour space to sRGB, or None when it is sRGB or not told."""
    srgb = ImageCms.createProfile("sRGB")
    profile_bytes = image.info.get("icc_profile")
    if mode == "LAB":
        return ImageCms.buildTransform(ImageCms.createProfile("LAB"), srgb, "LAB", "RGB")
    if not profile_bytes:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))
        if mode == "RGB" and ImageCms.getProfileDescription(profile).startswith("sRGB"):
            return None
        return ImageCms.buildTransform(
            profile,
            srgb,
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        remarks.append(f"colour profile not usable, taken as sRGB ({_one_line(error)})")
        return None


def _transformed(strip: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(strip, transform, inPlace=transform.input_mode == transform.output_mode)
    return strip if converted is None else converted


def _exif_facts(image: Image.Image, remarks: list[str]) -> tuple[int, str | None]:
    """Return the orientation and the moment of the shot; damaged EXIF never costs the picture."""
    try:
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION, 1)
        taken_at = exif.get_ifd(_EXIF_IFD).get(_DATE_TIME_ORIGINAL)
    except Exception as error:  # noqa: BLE001 the parser of damaged EXIF raises anything; the reason is reported
        remarks.append(f"EXIF not readable ({_one_line(error)})")
        return 1, None
    return (
        orientation if isinstance(orientation, int) else 1,
        taken_at if isinstance(taken_at, str) else None,
    )


def _bits_of_tiff(image: Image.Image) -> int:
    """Return the bits a channel that a TIFF states, 8 for every other format."""
    stated = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, (8,))
    return max(stated) if isinstance(stated, tuple) else 8


def _not_a_picture(content: bytes) -> PhotoProblem:
    if not content:
        return PhotoProblem(kind="empty", what="the file is empty", remedy="copy the original photo again")
    foreign = foreign_format(content)
    if foreign == "GIF":
        # A viewer expects a photo; a GIF keeps 256 colours and may flip between before and after.
        return PhotoProblem(
            kind="format_not_read",
            what="a GIF keeps at most 256 colours a frame, too few to measure hair",
            remedy="give the original photo (JPEG, HEIC, PNG, WebP, TIFF or AVIF)",
        )
    if foreign is not None:
        return PhotoProblem(
            kind="format_not_read",
            what=f"{foreign} files are not read as photos",
            remedy="give a JPEG, HEIC, PNG, WebP, TIFF or AVIF photo",
        )
    return PhotoProblem(
        kind="not_a_picture",
        what="the content of the file is not a picture",
        remedy="give the original photo, or remove the file from the folder",
    )


def _too_many_pixels(max_pixels: float) -> PhotoProblem:
    return PhotoProblem(
        kind="too_many_pixels",
        what=f"the picture claims more than {max_pixels / 1e6:.0f} megapixels",
        remedy="give the original photo; a photo of a phone or camera is smaller",
    )


def _damaged(found: PictureFormat, error: Exception) -> PhotoProblem:
    if "truncated" in str(error).lower():
        return _truncated(found)
    return PhotoProblem(
        kind="damaged",
        what=f"the {found.name} file is damaged ({_one_line(error)})",
        remedy="copy the original photo again",
    )


def _truncated(found: PictureFormat) -> PhotoProblem:
    return PhotoProblem(
        kind="truncated",
        what=f"the {found.name} file ends before the picture does",
        remedy="copy the original photo again",
    )


def _one_line(error: Exception) -> str:
    """Return an error in one printable line; Pillow quotes objects with addresses, which differ from run to run."""
    text = " ".join(str(error).split()).split(" <", maxsplit=1)[0]
    printable = "".join(character for character in text if character.isprintable())[:100].strip()
    return printable or type(error).__name__
