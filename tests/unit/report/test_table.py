import csv
import dataclasses
import io

from hairtrack.report.table import COLUMNS, render_csv


def rows_of(dossier):
    return list(csv.DictReader(io.StringIO(render_csv(dossier), newline="")))


def test_one_row_a_measurement_with_the_stored_number(dossier):
    rows = rows_of(dossier)
    assert len(rows) == len(dossier.measurements)
    for row, measurement in zip(rows, dossier.measurements, strict=True):
        assert tuple(row) == COLUMNS
        assert row["region"] == measurement.region.value
        assert row["status"] == measurement.result.status
        if row["status"] == "measured":
            assert float(row["value"]) == measurement.result.value
            assert float(row["interval95_high"]) > float(row["value"]) > float(row["interval95_low"])
            assert row["view"] == "top"
        else:
            assert row["value"] == ""
            assert row["reason"] == "scale unknown"


def test_a_file_name_is_never_a_formula(dossier):
    harmful = dataclasses.replace(dossier.measurements[0], file="=HYPERLINK(1)")
    rows = rows_of(dataclasses.replace(dossier, measurements=(harmful,)))
    assert rows[0]["file"] == "'=HYPERLINK(1)"
