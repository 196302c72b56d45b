"""Who sends the report: what stands at the head of the letter."""

from dataclasses import dataclass

from hairtrack.model import InputError
from hairtrack.report.typesetting import typeset

_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"<svg": "svg", b"<?xml": "svg"}
_REMEDY = "save it again as PNG, JPEG or SVG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """The sign of a clinic, as the bytes of a picture file; `kind` is png, jpg or svg."""

    content: bytes
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """A clinic's name, the lines of its address, and its sign when it has one."""

    name: str
    address: tuple[str, ...] = ()
    logo: Logo | None = None


def logo_of(content: bytes, *, where: str) -> Logo:
    """Return a picture file as a logo, known by how it begins and drawn once, so that a broken one is told at once.

    Raises
    ------
    InputError
        When it is no PNG, JPEG or SVG, or cannot be drawn.
    """
    import typst  # noqa: PLC0415 only a letter needs the typesetter

    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:16]
    kind = next((kind for beginning, kind in _BEGINNINGS.items() if begins.startswith(beginning)), None)
    if kind is None:
        raise InputError("this logo is no picture of a known kind", where=where, remedy=_REMEDY)
    trial = f'#set document(title: "?")\n#image("logo.{kind}", alt: "?")'
    try:
        typeset({"main.typ": trial.encode(), f"logo.{kind}": content})
    except typst.TypstError as error:
        raise InputError(f"this logo cannot be drawn: {error.message}", where=where, remedy=_REMEDY) from error
    return Logo(content=content, kind=kind)
