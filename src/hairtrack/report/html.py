"""The report as one HTML file that needs nothing else: no network, no clock, no random id."""

from collections.abc import Sequence

from hairtrack.model import Dossier, Figure
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.blind import blind_groups
from hairtrack.report.environment import environment_of
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
    environment = environment_of(code)
    if blind:
        groups = blind_groups(dossier, shown_figures(figures, reader), reader)
        return environment.get_template("blind.html.j2").render(groups=groups, language=reader.language)
    return environment.get_template("report.html.j2").render(
        page=build_page(dossier, figures, reader), dossier=dossier, reader=reader, language=reader.language
    )
