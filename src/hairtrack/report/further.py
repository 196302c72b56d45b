"""The table of further measurements of a region: what each number is, what it was first, what it is now."""

from dataclasses import dataclass
from datetime import date

from hairtrack.model import Change, Dossier, Measured, Measurement, NotMeasured, RegionName
from hairtrack.report.language import N_, Sentence, joined
from hairtrack.report.quantities import FURTHER, interval_text, quantity_of, value_text
from hairtrack.report.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherLine:
    """One number of a region: its newest value with its range, the one before all others, and whether it changed.

    `absence` says why there is none; then the texts of values are empty.
    """

    label: str
    day: str
    value: str
    interval: str
    first: str
    change: str
    absence: Sentence | None = None


def further_lines(region: RegionName, dossier: Dossier, reader: Reader) -> tuple[FurtherLine, ...]:
    """Return a line for each further measurand that was asked of a region; a patient reads those that have a number."""
    lines = []
    for measurand in FURTHER:
        asked = sorted(
            (m for m in dossier.measurements if m.region is region and m.measurand == measurand and m.taken_on),
            key=_day,
        )
        told = [m for m in asked if isinstance(m.result, Measured)]
        if told:
            lines.append(_line(measurand, told, dossier, reader))
        elif asked and not reader.is_patient:
            lines.append(_absent(measurand, asked[-1], reader))
    return tuple(lines)


def _day(measurement: Measurement) -> date:
    return measurement.taken_on or date.min


def _line(measurand: str, told: list[Measurement], dossier: Dossier, reader: Reader) -> FurtherLine:
    results = [m.result for m in told if isinstance(m.result, Measured)]
    newest = results[-1]
    alike = [result for result in results if result.method == newest.method]
    quantity = quantity_of(measurand, newest.unit)
    language = reader.language
    day = told[-1].taken_on
    return FurtherLine(
        label=language.text(quantity.label),
        day=language.short_day(day) if day else "",
        value=value_text(newest.value, quantity, language),
        interval=interval_text(newest.interval95, quantity, language),
        first=value_text(alike[0].value, quantity, language) if len(alike) > 1 else "",
        change=_word(_newest_change(measurand, newest.method, told[-1], dossier), reader),
    )


def _newest_change(measurand: str, method: str, newest: Measurement, dossier: Dossier) -> Change | None:
    own = (
        c
        for c in dossier.changes
        if c.region is newest.region
        and c.measurand == measurand
        and c.method == method
        and c.to_date == newest.taken_on
    )
    return next(own, None)


def _word(change: Change | None, reader: Reader) -> str:
    if change is None:
        return ""
    said = N_("more than the measuring error") if change.beyond_error else N_("within the measuring error")
    return reader.language.text(said)


def _absent(measurand: str, asked: Measurement, reader: Reader) -> FurtherLine:
    why = asked.result
    said = (why.reason, why.remedy) if isinstance(why, NotMeasured) else ()
    label = reader.language.text(quantity_of(measurand).label)
    absence = joined(tuple(reader.full_sentence(text) for text in said))
    day = reader.language.short_day(asked.taken_on) if asked.taken_on else ""
    return FurtherLine(label=label, day=day, value="", interval="", first="", change="", absence=absence)
