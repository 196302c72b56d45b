"""The measurements as a tidy table: one row a measurement, absences with their reason, for spreadsheets and scripts."""

import csv
import io

from hairtrack.model import Dossier, Measured, Measurement
from hairtrack.report.document import to_document

COLUMNS = (
    "patient",
    "taken_on",
    "file",
    "photo_id",
    "view",
    "region",
    "measurand",
    "status",
    "value",
    "unit",
    "std_uncertainty",
    "interval95_low",
    "interval95_high",
    "area_seen_fraction",
    "method",
    "flags",
    "reason",
    "remedy",
)


def render_csv(dossier: Dossier) -> str:
    """Return every measurement of a dossier as CSV (RFC 4180) with a header; numbers as in results.json.

    A cell that a spreadsheet would take for a formula (a file name may begin with `=`) is written behind an apostrophe.
    """
    views = {entry.photo.file: entry.photo.view for entry in dossier.photos}
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for measurement in dossier.measurements:
        view = views.get(measurement.file)
        facts = {"patient": dossier.patient.id, "view": view.value if view else ""}
        writer.writerow({column: _cell(value) for column, value in {**_row(measurement), **facts}.items()})
    return text.getvalue()


def _row(measurement: Measurement) -> dict[str, object]:
    row = to_document(measurement)
    row["flags"] = " ".join(measurement.result.flags)
    if isinstance(measurement.result, Measured):
        row["interval95_low"], row["interval95_high"] = row["interval95"]
    return row


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value
