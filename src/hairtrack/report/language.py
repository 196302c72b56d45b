"""A language of the report: its sentences, dates and numbers.

Sentences are written in English in the code and looked up in `languages/<code>.po`. The catalogues are read as text
when first needed: one truth, readable by translators, and nothing compiled to go stale.
"""

import gettext
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol

from hairtrack.report.audience import LanguageCode


def N_(message: str) -> str:  # noqa: N802 the name that gettext tools look for
    """Mark a sentence for translation where a table holds it; return it as it is."""
    return message


_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_DECIMAL = re.compile(r"(?<![\w.-])[-\N{MINUS SIGN}]?\d+\.\d+(?![\w.])")
_PERCENT = re.compile(r"([-+\N{MINUS SIGN}]?\d+(?:\.\d+)?) ?%")
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_JOINTS = {" ": re.compile(r"(?<=[.!?]) (?=\S)"), "; ": re.compile("; ")}
"""Where one message holds several sentences, by what stands between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence on the page; `lang` is set when it is not in the language of the page."""

    text: str
    lang: str | None = None


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Return several sentences as one; it counts as foreign when one of them is."""
    parts = [sentence for sentence in sentences if sentence.text]
    return Sentence(
        text=" ".join(sentence.text for sentence in parts),
        lang=next((sentence.lang for sentence in parts if sentence.lang), None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A sentence of the catalogue that holds values, with the pattern that finds it again.

    One with a `context` is looked for only inside the value of that name.
    """

    pattern: re.Pattern[str]
    text: str
    context: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language with its catalogue; `code` is also the `lang` of the page.

    `known` are the messages of the catalogue without a context, `templates` those that hold values, the most telling
    first.
    """

    code: LanguageCode
    locale: Locale
    catalogue: gettext.NullTranslations
    known: frozenset[str] = frozenset()
    templates: tuple[Template, ...] = ()

    def text(self, message: str) -> str:
        """Return a sentence in this language; an empty sentence stays empty."""
        return self.catalogue.gettext(message) if message else ""

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the form of a sentence that goes with a count."""
        return self.catalogue.ngettext(one, many, count)

    def sentence(self, message: str) -> Sentence:
        """Return a sentence that another room wrote, its dates in words.

        Such sentences carry values, so the catalogue holds them with `{name}` in their places. A sentence that it does
        not hold stays English and says so.
        """
        if self.code is LanguageCode.ENGLISH or not message:
            return Sentence(text=self._with_percent(self._with_days(message)))
        said = self._said(message)
        return Sentence(text=message, lang="en") if said is None else Sentence(text=said)

    def _said(self, message: str, context: str | None = None) -> str | None:
        """Return a message in this language, or None when the catalogue does not hold all of it."""
        if message in self.known:
            return self.text(message)
        return self._said_in_parts(message, " ") or self._filled(message, context) or self._said_in_parts(message, "; ")

    def _said_in_parts(self, message: str, joint: str) -> str | None:
        parts = _JOINTS[joint].split(message)
        said = [self._said(part) for part in parts] if len(parts) > 1 else [None]
        return None if None in said else joint.join(part for part in said if part)

    def _filled(self, message: str, context: str | None) -> str | None:
        for template in self.templates:
            found = template.pattern.fullmatch(message) if template.context in {None, context} else None
            if found:
                values = {name: self._value(name, value) for name, value in found.groupdict().items()}
                return self._in_context(template.context, template.text).format(**values)
        return None

    def _in_context(self, context: str | None, message: str) -> str:
        return self.catalogue.pgettext(context, message) if context else self.text(message)

    def _value(self, name: str, value: str) -> str:
        """Return a value inside a sentence: a word or sentence of the catalogue, else numbers and dates localised.

        A word that reads otherwise in the place called `name` stands in the catalogue with that context.
        """
        here = self._in_context(name, value)
        if here != value:
            return here
        for form in (value, value[:1].lower() + value[1:], value[:1].upper() + value[1:]):
            said = self._said(form, name)
            if said is not None:
                return said
        marked = self._with_percent(self._with_days(value))
        return _DECIMAL.sub(lambda found: found[0].replace(".", self.decimal_mark), marked)

    def _with_percent(self, text: str) -> str:
        return _PERCENT.sub(lambda found: self.percent(_signed(found[1])), text)

    def _with_days(self, text: str) -> str:
        return _DAY.sub(lambda found: self._day_or_as_is(found[0]), text)

    def _day_or_as_is(self, text: str) -> str:
        try:
            return self.day(date.fromisoformat(text))
        except ValueError:  # looks like a date and is none: it stays as it was written
            return text

    def capitalised(self, text: str) -> str:
        """Return a text with a capital at its beginning; the capital of a Turkish i keeps its dot."""
        if self.code is LanguageCode.TURKISH and text.startswith("i"):
            return "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}" + text[1:]
        return text[:1].upper() + text[1:]

    def day(self, day: date) -> str:
        """Return a date in words, such as 10 July 2026."""
        return format_date(day, format="d MMMM y" if self.code is LanguageCode.ENGLISH else "long", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Return a date in few letters, such as 10 Jul 2026."""
        return format_date(day, format="d MMM y" if self.code is LanguageCode.ENGLISH else "medium", locale=self.locale)

    def percent(self, number: str) -> str:
        """Return a number that is already written as a percentage, the sign on the side where the language has it."""
        return f"%{number}" if self.code is LanguageCode.TURKISH else f"{number}\N{NO-BREAK SPACE}%"

    def with_unit(self, number: str, unit: str) -> str:
        """Return a written number, or a range of numbers, with its unit."""
        return self.percent(number) if unit == "%" else f"{number} {self.text(unit)}".strip()

    def number(self, value: float, *, digits: int = 0, signed: bool = False) -> str:
        """Return a number with a fixed count of decimals and a true minus sign."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        rounded = round(value, digits) + 0.0
        text = format_decimal(abs(rounded), format=pattern, locale=self.locale)
        if rounded < 0:
            return f"\N{MINUS SIGN}{text}"
        return f"+{text}" if signed and rounded > 0 else text

    @property
    def decimal_mark(self) -> str:
        """What stands between whole and decimals."""
        return get_decimal_symbol(self.locale)


@cache
def language_of(code: LanguageCode) -> Language:
    """Return a language, reading its catalogue the first time."""
    locale = Locale.parse(code.value)
    if code is LanguageCode.ENGLISH:
        return Language(code=code, locale=locale, catalogue=gettext.NullTranslations())
    messages = read_catalogue(code)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    singular = [(message.id, message.context) for message in messages if isinstance(message.id, str) and message.id]
    templates = [_template(text, context) for text, context in singular if "{" in text]
    return Language(
        code=code,
        locale=locale,
        catalogue=gettext.GNUTranslations(compiled),
        known=frozenset(text for text, context in singular if not context and "{" not in text),
        templates=tuple(sorted(templates, key=lambda template: -len(template.pattern.pattern))),
    )


def read_catalogue(code: LanguageCode) -> Catalog:
    """Return the catalogue of a language as its translators wrote it."""
    source = resources.files("hairtrack.report").joinpath("languages", f"{code.value}.po")
    return read_po(io.StringIO(source.read_text(encoding="utf-8")), locale=code.value)


def _signed(number: str) -> str:
    """Return a written number with a true minus sign, and none before a zero."""
    return number.lstrip("+-") if not number.strip("+-0.") else number.replace("-", "\N{MINUS SIGN}")


def _template(text: str, context: str | None) -> Template:
    pattern = re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(text)))
    return Template(pattern=pattern, text=text, context=context or None)
