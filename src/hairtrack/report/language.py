"""A language of the report: its sentences, dates and numbers.

Sentences are written in English in the code and looked up in `languages/<code>.po`. The catalogues are read as text
when first needed: one truth, readable by translators, and nothing compiled to go stale.
"""

import gettext
import io
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from hairtrack.report.audience import LanguageCode


def N_(message: str) -> str:  # noqa: N802 the name that gettext tools look for
    """Mark a sentence for translation where a table holds it; return it as it is."""
    return message


_NUMBERS = re.compile(r"(?<![\w.])(?:\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?)(?![\w]|\.\d)")
"""Dates and numbers inside a sentence that another room wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence on the page; `lang` is set when it is not in the language of the page."""

    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language with its catalogue; `code` is also the `lang` of the page."""

    code: LanguageCode
    locale: Locale
    catalogue: gettext.NullTranslations

    def text(self, message: str) -> str:
        """Return a sentence in this language; an empty sentence stays empty."""
        return self.catalogue.gettext(message) if message else ""

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the form of a sentence that goes with a count."""
        return self.catalogue.ngettext(one, many, count)

    def knows(self, message: str) -> bool:
        """Return whether a sentence is in this language: English always, others when the catalogue holds it."""
        return self.code is LanguageCode.ENGLISH or self.catalogue.gettext(message) != message

    def sentence(self, message: str) -> Sentence:
        """Return a sentence that another room wrote, its dates in words.

        Such sentences carry numbers, so the catalogue holds them with `{0}`, `{1}` in their places. A sentence that it
        does not hold stays English and says so.
        """
        values = _NUMBERS.findall(message)
        counter = iter(range(len(values)))
        pattern = _NUMBERS.sub(lambda _: f"{{{next(counter)}}}", message.replace("{", "(").replace("}", ")"))
        known = self.code is LanguageCode.ENGLISH or not message or self.knows(pattern)
        shown = [self._said(value) if known else value for value in values]
        return Sentence(text=(self.text(pattern) if known else pattern).format(*shown), lang=None if known else "en")

    def _said(self, value: str) -> str:
        if "-" in value:
            try:
                return self.day(date.fromisoformat(value))
            except ValueError:  # looks like a date and is none: it stays as it was written
                return value
        return self.number(float(value), digits=len(value.partition(".")[2])) if "." in value else value

    def day(self, day: date) -> str:
        """Return a date in words, such as 10 July 2026."""
        return format_date(day, format="d MMMM y" if self.code is LanguageCode.ENGLISH else "long", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Return a date in few letters, such as 10 Jul 2026."""
        return format_date(day, format="d MMM y" if self.code is LanguageCode.ENGLISH else "medium", locale=self.locale)

    def number(self, value: float, *, digits: int = 0, signed: bool = False) -> str:
        """Return a number with a fixed count of decimals and a true minus sign."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        rounded = round(value, digits) + 0.0
        text = format_decimal(abs(rounded), format=pattern, locale=self.locale)
        if rounded < 0:
            return f"\N{MINUS SIGN}{text}"
        return f"+{text}" if signed and rounded > 0 else text


@cache
def language_of(code: LanguageCode) -> Language:
    """Return a language, reading its catalogue the first time."""
    return Language(code=code, locale=Locale.parse(code.value), catalogue=_catalogue(code))


def _catalogue(code: LanguageCode) -> gettext.NullTranslations:
    if code is LanguageCode.ENGLISH:
        return gettext.NullTranslations()
    source = resources.files("hairtrack.report").joinpath("languages", f"{code.value}.po")
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.StringIO(source.read_text(encoding="utf-8")), locale=code.value))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
