"""Where templates meet a language: the files of the templates folder, and Jinja set up to fill them."""

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from hairtrack.model import RegionName
from hairtrack.report.audience import LanguageCode
from hairtrack.report.headmap import head_outline, region_outline
from hairtrack.report.language import language_of


@cache
def environment_of(code: LanguageCode) -> Environment:
    """Return the templates in a language: every text escaped, an unknown name is an error."""
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
    style, script = asset("style.css"), asset("enhance.js")
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


def asset(name: str) -> str:
    """Return a file of the templates folder as it is: our own style and script, never text of a case."""
    return resources.files("hairtrack.report").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return the hash by which the page allows this one style or script and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
