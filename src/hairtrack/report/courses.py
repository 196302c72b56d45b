"""The course of a region: what is known of it over time, drawn and said in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hairtrack.model import Dossier, ExpectedBand, Measured, RegionName, Verdict
from hairtrack.report.chart import Chart, Event, Reading, draw_chart, months_between
from hairtrack.report.language import N_, Sentence
from hairtrack.report.quantities import FURTHER, Quantity, interval_text, quantity_of, value_text
from hairtrack.report.reader import Reader
from hairtrack.report.words import NOTES, REGIONS, TREATMENTS

_FAVOURED_MEASURANDS = ("hair_density_per_cm2", "coverage_fraction")
NORMAL_95 = 1.959964
"""Half width of a 95 % interval of the normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """A row of the table beside a chart."""

    day: str
    months: str
    value: str
    interval: str
    source: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendLine:
    """What a mark of the chart means; `kind` names the mark."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFigure:
    """One measurand of a region over time: the drawing, its finding in words, and the table beside it."""

    key: str
    title: str
    measurand: str
    quantity: Quantity
    label: str
    unit: str
    chart: Chart
    finding: str
    legend: tuple[LegendLine, ...]
    band_says: Sentence | None
    rows: tuple[ReadingRow, ...]


def course_figures(verdict: Verdict, dossier: Dossier, reader: Reader) -> tuple[CourseFigure, ...]:
    """Return a figure for each measurand of a region that has something to draw, the leading one first."""
    figures: list[CourseFigure] = []
    events = _events(verdict.region, dossier, reader)
    for measurand in measurands_of(verdict.region, dossier):
        band = _band_of(verdict.region, measurand, dossier)
        readings = _readings(verdict.region, measurand, dossier)
        chart = draw_chart(readings, band=band, events=events, decision_on=verdict.earliest_decision_on)
        if chart is None:
            continue
        quantity = quantity_of(measurand, band.unit if band else _unit_of(measurand, dossier))
        names = {
            "label": reader.language.text(quantity.label),
            "region": reader.language.text(REGIONS[verdict.region]),
        }
        figures.append(
            CourseFigure(
                key=f"{verdict.region.value}-{measurand}",
                title=reader.language.text(N_("%(label)s over time, %(region)s")) % names,
                measurand=measurand,
                quantity=quantity,
                label=names["label"],
                unit=reader.language.text(quantity.unit),
                chart=chart,
                finding=_finding(readings, quantity, band, reader),
                legend=_legend(chart, band, reader),
                band_says=reader.full_sentence(band.describes) if band and band.describes else None,
                rows=_rows(chart, quantity, reader),
            )
        )
    return tuple(figures)


def measurands_of(region: RegionName, dossier: Dossier) -> tuple[str, ...]:
    """Return what is drawn of a region over time: a measurand with an expected band first, then the usual ones."""
    banded = [band.measurand for band in dossier.bands if band.region is region]
    measured = [m.measurand for m in dossier.measurements if m.region is region and isinstance(m.result, Measured)]
    observed = [o.measurand for o in dossier.observations if o.region is region]
    present = {*banded, *measured, *observed} - (set(FURTHER) - _told_by_the_clinic(region, dossier))
    favoured = [*banded, *(name for name in _FAVOURED_MEASURANDS if name in present)]
    return tuple(dict.fromkeys([*favoured, *sorted(present)]))


def _told_by_the_clinic(region: RegionName, dossier: Dossier) -> set[str]:
    """Return the measurands of a region of which a number was measured elsewhere."""
    ours = {(m.photo_id, m.measurand) for m in dossier.measurements}
    return {o.measurand for o in dossier.observations if o.region is region and (o.photo_id, o.measurand) not in ours}


def expected_on(band: ExpectedBand, day: date) -> tuple[float, float] | None:
    """Return the expected range on a day, between its neighbours in time; None outside the band."""
    months = months_between(band.starts_on, day)
    points = sorted(band.points, key=lambda point: point.months)
    later = next((p for p in points if p.months >= months), None)
    earlier = next((p for p in reversed(points) if p.months <= months), None)
    if later is None or earlier is None:
        return None
    share = 0.0 if later.months == earlier.months else (months - earlier.months) / (later.months - earlier.months)
    return (
        earlier.low + share * (later.low - earlier.low),
        earlier.high + share * (later.high - earlier.high),
    )


def _band_of(region: RegionName, measurand: str, dossier: Dossier) -> ExpectedBand | None:
    return next((b for b in dossier.bands if b.region is region and b.measurand == measurand), None)


def _unit_of(measurand: str, dossier: Dossier) -> str:
    units = (m.result.unit for m in dossier.measurements if m.measurand == measurand and isinstance(m.result, Measured))
    return next(units, "1")


def _readings(region: RegionName, measurand: str, dossier: Dossier) -> list[Reading]:
    own = [m for m in dossier.measurements if m.region is region and m.measurand == measurand]
    readings = [
        Reading(
            taken_on=m.taken_on,
            value=m.result.value,
            interval95=m.result.interval95,
            limited="usable_with_limits" in m.result.flags,
        )
        for m in own
        if isinstance(m.result, Measured) and m.taken_on is not None
    ]
    ours = {m.photo_id for m in own}
    for seen in dossier.observations:
        if seen.region is region and seen.measurand == measurand and seen.photo_id not in ours:
            spread = seen.std_uncertainty
            interval = None if spread is None else (seen.value - NORMAL_95 * spread, seen.value + NORMAL_95 * spread)
            readings.append(Reading(taken_on=seen.taken_on, value=seen.value, interval95=interval, clinic=True))
    return sorted(readings, key=lambda r: (r.taken_on, r.clinic, r.value))


def _events(region: RegionName, dossier: Dossier, reader: Reader) -> tuple[Event, ...]:
    events: list[Event] = []
    for treatment in dossier.treatments:
        regions = (*treatment.recipient_regions, *treatment.donor_regions)
        if regions and region not in regions and not treatment.kind.is_medicine:
            continue
        name = reader.language.text(TREATMENTS[treatment.kind])
        days = [day for day in (treatment.performed_on, *sorted(treatment.sessions), treatment.started_on) if day]
        events += [Event(on=day, label=name if index == 0 else "") for index, day in enumerate(days)]
        if treatment.stopped_on:
            stopped = reader.language.text(N_("%(treatment)s stopped")) % {"treatment": name}
            events.append(Event(on=treatment.stopped_on, label=stopped))
    events += [
        Event(on=note.on, label=reader.language.text(NOTES[note.kind]), is_note=True)
        for note in dossier.notes
        if note.region in {None, region}
    ]
    return tuple(events)


def _legend(chart: Chart, band: ExpectedBand | None, reader: Reader) -> tuple[LegendLine, ...]:
    said = {"measured": N_("measured on a photo, with its 95 in 100 range")}
    if any(point.reading.clinic for point in chart.points):
        said["clinic"] = N_("counted by the clinic")
    if chart.band_outline:
        said["band"] = N_("where 90 in 100 healthy courses lie")
    if chart.decision_x is not None:
        said["decision"] = N_("earliest day of decision")
    words = {kind: reader.language.text(text) for kind, text in said.items()}
    if "band" in words and band is not None and band.assumed:
        words["band"] += "; " + reader.language.text(N_("part of it is assumed"))
    lines = [LegendLine(kind=kind, text=text) for kind, text in words.items()]
    return (*lines, *_event_lines(chart, reader))


def _event_lines(chart: Chart, reader: Reader) -> list[LegendLine]:
    """Return the treatments, sessions and symptoms that are marked, each with its days."""
    days: dict[tuple[str, str], list[str]] = {}
    sessions = reader.language.text(N_("further session"))
    for drawn in chart.events:
        event = drawn.event
        kind = "note" if event.is_note else ("event" if event.label else "session")
        days.setdefault((kind, event.label or sessions), []).append(reader.language.short_day(event.on))
    order = ("event", "session", "note")
    return [
        LegendLine(kind=kind, text=f"{label}: {', '.join(on)}")
        for (kind, label), on in sorted(days.items(), key=lambda entry: order.index(entry[0][0]))
    ]


def _finding(readings: Sequence[Reading], quantity: Quantity, band: ExpectedBand | None, reader: Reader) -> str:
    """Return what the drawing shows, for those who cannot see it."""
    language = reader.language
    if not readings:
        return language.text(N_("The expected course; nothing was measured yet."))
    first, last = readings[0], readings[-1]
    words = {
        "label": language.text(quantity.label),
        "first": value_text(first.value, quantity, language),
        "first_day": language.day(first.taken_on),
        "last": value_text(last.value, quantity, language),
        "last_day": language.day(last.taken_on),
    }
    if len(readings) == 1:
        return language.text(N_("%(label)s was %(first)s on %(first_day)s.")) % words
    said = language.text(N_("%(label)s went from %(first)s on %(first_day)s to %(last)s on %(last_day)s.")) % words
    where = _place_in_band(last, band)
    return f"{said} {language.text(where)}" if where else said


def _place_in_band(reading: Reading, band: ExpectedBand | None) -> str:
    expected = expected_on(band, reading.taken_on) if band else None
    if expected is None:
        return ""
    low, high = expected
    if reading.value < low:
        return N_("The newest value lies below the expected band.")
    if reading.value > high:
        return N_("The newest value lies above the expected band.")
    return N_("The newest value lies within the expected band.")


def _rows(chart: Chart, quantity: Quantity, reader: Reader) -> tuple[ReadingRow, ...]:
    language = reader.language
    return tuple(
        ReadingRow(
            day=language.short_day(point.reading.taken_on),
            months=language.number(point.months, digits=1),
            value=value_text(point.reading.value, quantity, language),
            interval=interval_text(point.reading.interval95, quantity, language) if point.reading.interval95 else "–",
            source=language.text(N_("clinic")) if point.reading.clinic else language.text(N_("photo")),
            remark=language.text(N_("photo with limits")) if point.reading.limited else "",
        )
        for point in chart.points
    )
