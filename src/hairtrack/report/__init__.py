"""The dossier told to people and programs: one HTML page, a table of numbers, the JSON document and its schemas.

`html.render_html` and `table.render_csv` take a `model.Dossier` and pictures that are already encoded; nothing here
computes on pixels, and nothing here decides. Templates, words and languages live beside the code that fills them.
"""

from hairtrack.report.audience import Audience, LanguageCode

__all__ = ["Audience", "LanguageCode"]
