"""The typesetter: a document and its files in, one tagged PDF out, with nothing of this machine in it."""

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1 (ISO 14289-1): tagged, titled, in a named language, every picture with its words, every letter known."""

FONTS = ("Libertinus Serif", "DejaVu Sans Mono")
"""Fonts that come with the typesetter: the first for text, the second for letters that the first has not."""

_NOT_DISPLAYED = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


def typeset(files: Mapping[str, bytes], *, document: object = None, day: date | None = None) -> bytes:
    """Return the PDF of `main.typ` among the files, dated at midnight of a day.

    Parameters
    ----------
    files
        Templates and pictures by name, without folders.
    document
        What the templates read as `document.json`. A letter that no font has is told by its code, such as [U+4E2D]:
        the standard allows no empty box in its place, and no letter may vanish.
    day
        The date in the file; without one it is the first day of 1970, since there is no clock here.

    Raises
    ------
    typst.TypstError
        When a template breaks the standard, or a picture cannot be drawn.
    """
    import typst  # noqa: PLC0415 only a letter needs the typesetter

    codes: dict[str, str] = {}
    while True:
        told = json.dumps(_with_codes(document, codes), ensure_ascii=False).encode(errors="replace")
        try:
            return _compiled({**files, "document.json": told}, day)
        except typst.TypstError as error:
            refused = {_unescaped(text) for text in _NOT_DISPLAYED.findall(error.diagnostic)} - codes.keys()
            if not refused:
                raise
            codes |= {text: "".join(f"[U+{ord(letter):04X}]" for letter in text) for text in refused}


def _compiled(files: Mapping[str, bytes], day: date | None) -> bytes:
    import typst  # noqa: PLC0415 only a letter needs the typesetter

    # The typesetter takes pictures from a folder alone: one that only this user can read, gone when it is done.
    with tempfile.TemporaryDirectory(prefix="hairtrack-letter-") as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return typst.compile(
            Path(folder) / "main.typ",
            root=Path(folder),
            format="pdf",
            pdf_standards=STANDARD,
            ignore_system_fonts=True,
            timestamp=datetime.combine(day or date(1970, 1, 1), time(), tzinfo=UTC),
        )


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _with_codes(document: Any, codes: Mapping[str, str]) -> Any:
    if not codes:
        return document
    if isinstance(document, str):
        longest_first = sorted(codes, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda found: codes[found[0]], document)
    if isinstance(document, dict):
        return {_with_codes(key, codes): _with_codes(value, codes) for key, value in document.items()}
    if isinstance(document, list):
        return [_with_codes(value, codes) for value in document]
    return document
