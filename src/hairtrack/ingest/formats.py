"""Which picture formats are read, told by the first bytes of a file and never by its name alone."""

from enum import StrEnum

PICTURE_SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp"),
        *(".tif", ".tiff", ".avif", ".heic", ".heif", ".hif", ".gif"),
    )
)
"""Endings of the files that are read as photos. GIF is among them so that it is refused aloud, not passed over."""

OTHER_PICTURE_SUFFIXES = frozenset(
    (
        *(".bmp", ".tga", ".psd", ".svg", ".jp2", ".j2k", ".jxl", ".pdf", ".dcm"),
        *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2"),
        *(".mov", ".mp4", ".avi", ".mkv"),
    )
)
"""Endings of pictures and films that are not read: the user hears of them, since a photo may be missed."""


class PictureFormat(StrEnum):
    """The formats that are read; the value is what Pillow calls it."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    TIFF = "TIFF"
    AVIF = "AVIF"
    HEIC = "HEIF"


_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_NEUTRAL_BRANDS = frozenset((b"mif1", b"msf1"))
_STARTS = (
    (b"\xff\xd8\xff", PictureFormat.JPEG),
    (b"\x89PNG\r\n\x1a\n", PictureFormat.PNG),
    (b"II*\x00", PictureFormat.TIFF),
    (b"MM\x00*", PictureFormat.TIFF),
    (b"II+\x00", PictureFormat.TIFF),
    (b"MM\x00+", PictureFormat.TIFF),
)
_FOREIGN_STARTS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
    (b"\x00\x00\x00\x0cjP", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL", "JPEG XL"),
    (b"PK\x03\x04", "ZIP"),
)


def picture_format(content: bytes) -> PictureFormat | None:
    """Return the format that the first bytes tell, or None when it is none that is read."""
    for start, found in _STARTS:
        if content.startswith(start):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return PictureFormat.WEBP
    if content[4:8] == b"ftyp":
        return _format_of_brand(content)
    return None


def foreign_format(content: bytes) -> str | None:
    """Return the name of a known format that is not read, so that the user hears what the file is."""
    for start, name in _FOREIGN_STARTS:
        if content.startswith(start):
            return name
    if content[4:8] == b"ftyp":
        return "film"
    return None


def _format_of_brand(content: bytes) -> PictureFormat | None:
    """Return HEIC or AVIF by the brands of an ISO base media file (ISO/IEC 14496-12, 23008-12)."""
    box_length = min(int.from_bytes(content[:4], "big"), 256)
    major = content[8:12]
    brands = (
        {major, *(content[at : at + 4] for at in range(16, box_length, 4))} if major in _NEUTRAL_BRANDS else {major}
    )
    if brands & _AVIF_BRANDS:
        return PictureFormat.AVIF
    if brands & (_HEIC_BRANDS | _NEUTRAL_BRANDS):
        return PictureFormat.HEIC
    return None
