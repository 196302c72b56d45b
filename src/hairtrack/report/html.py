"""The report as one HTML file that needs nothing else: no network, no clock, no random id."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from hairtrack.model import Dossier, Figure, RegionName
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.blind import blind_groups
from hairtrack.report.headmap import head_outline, region_outline
from hairtrack.report.language import language_of
from hairtrack.report.page import build_page
from hairtrack.report.pictures import shown_figures
from hairtrack.report.reader import reader_of


def render_html(
    dossier: Dossier,
    figures: Sequence[Figure],
    *,
    audience: Audience | str = Audience.CLINICIAN,
    language: LanguageCode | str = LanguageCode.ENGLISH,
    show_face: bool = False,
    blind: bool = False,
) -> str:
    """Return the report as the text of one HTML file.

    Parameters
    ----------
    dossier
        What is told.
    figures
        Encoded pictures; those that contain a face are left out unless `show_face`.
    audience, language
        For whom and in which language; the words of the enumerations are accepted too.
    blind
        Show the pictures under letters, without dates and verdicts; `blind.blind_key` resolves them.
    """
    code = LanguageCode(language)
    reader = reader_of(dossier, audience=Audience(audience), language=language_of(code), show_face=show_face)
    environment = _environment(code)
    if blind:
        groups = blind_groups(dossier, shown_figures(figures, reader), reader)
        return environment.get_template("blind.html.j2").render(groups=groups, language=reader.language)
    return environment.get_template("report.html.j2").render(
        page=build_page(dossier, figures, reader), dossier=dossier, reader=reader, language=reader.language
    )


@cache
def _environment(code: LanguageCode) -> Environment:
    environment = Environment(
        loader=PackageLoader("hairtrack.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    language = language_of(code)
    style, script = _asset("style.css"), _asset("enhance.js")
    environment.globals.update(
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        head_outline=head_outline(),
        region_outlines={region: region_outline(region) for region in RegionName},
    )
    environment.install_gettext_callables(language.text, language.plural, newstyle=True)  # type: ignore[attr-defined]
    return environment


def _asset(name: str) -> str:
    """Return a file of the templates folder as it is: our own style and script, never text of a case."""
    return resources.files("hairtrack.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash by which the page allows this one style or script and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
