"""One region over time: measured points with error bars, the expected band, treatments and the day of decision.

Only geometry is made here, in the view box of an SVG; the template draws it. `Axes` is the one place where numbers
become positions, so that a drawn point can be checked against the number stored.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hairtrack.model import ExpectedBand

WIDTH, HEIGHT = 640, 334
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 44, 60
MOST_MONTH_TICKS = 8
EVENT_ROWS = 3
LETTER_WIDTH = 7.0
"""Mean width of a letter of an event's label, so that labels are put where they do not run into each other."""
DAYS_A_MONTH = 30.4375
"""Mean length of a month of the Gregorian calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A number on a date, with its 95 % interval when it has one; `clinic` when it was measured elsewhere."""

    taken_on: date
    value: float
    interval95: tuple[float, float] | None = None
    clinic: bool = False
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened on a day; `label` is empty for a repeated session, `is_note` for a symptom or illness."""

    on: date
    label: str
    is_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """The map from months and values to positions in the view box."""

    first_month: float
    last_month: float
    lowest: float
    highest: float

    def x(self, months: float) -> float:
        """Return the position of a month, from the left."""
        share = (months - self.first_month) / (self.last_month - self.first_month)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return the position of a value, from the top."""
        share = (value - self.lowest) / (self.highest - self.lowest)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnReading:
    """A reading with its place; `y_low` and `y_high` are the ends of its error bar."""

    reading: Reading
    months: float
    x: float
    y: float
    y_low: float | None
    y_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis: position and the number beside it."""

    at: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEvent:
    """An event with its place; `anchor` keeps its label inside the picture."""

    event: Event
    x: float
    anchor: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything that the template needs to draw; all positions in the view box."""

    axes: Axes
    origin: date
    points: tuple[DrawnReading, ...]
    band_outline: str
    band_middle: str
    months: tuple[Tick, ...]
    values: tuple[Tick, ...]
    events: tuple[DrawnEvent, ...]
    decision_x: float | None


def months_between(start: date, end: date) -> float:
    """Return the time between two days in mean months; negative when `end` is earlier."""
    return (end - start).days / DAYS_A_MONTH


def draw_chart(
    readings: Sequence[Reading],
    *,
    band: ExpectedBand | None,
    events: Sequence[Event] = (),
    decision_on: date | None = None,
) -> Chart | None:
    """Return the geometry of a chart, or None when there is nothing to draw."""
    if not readings and (band is None or not band.points):
        return None
    ordered = sorted(readings, key=lambda r: (r.taken_on, r.clinic, r.value))
    origin = band.starts_on if band else _origin(ordered, events)
    axes = _axes(ordered, band=band, origin=origin, events=events)
    return Chart(
        axes=axes,
        origin=origin,
        points=tuple(_drawn(reading, axes=axes, origin=origin) for reading in ordered),
        band_outline=_band_outline(band, axes),
        band_middle=_band_middle(band, axes),
        months=_month_ticks(axes),
        values=_value_ticks(axes),
        events=_drawn_events(events, axes=axes, origin=origin),
        decision_x=_inside(decision_on, axes=axes, origin=origin),
    )


def _origin(readings: Sequence[Reading], events: Sequence[Event]) -> date:
    labelled = [event.on for event in events if event.label and not event.is_note]
    return min(labelled) if labelled else readings[0].taken_on


def _axes(readings: Sequence[Reading], *, band: ExpectedBand | None, origin: date, events: Sequence[Event]) -> Axes:
    months = [months_between(origin, reading.taken_on) for reading in readings]
    months += [months_between(origin, event.on) for event in events] if not band else []
    band_months = [point.months for point in band.points] if band else []
    newest = max([*months, 0.0])
    # A band reaches far beyond the photos: show it to the next half year, so that the photos keep their room.
    last = min(max(band_months, default=newest), math.ceil((newest + 3.0) / 6.0) * 6.0) if band_months else newest
    first = min([*months, 0.0])
    values = [bound for r in readings for bound in (*(r.interval95 or ()), r.value)]
    values += [bound for p in band.points if first <= p.months <= last for bound in (p.low, p.high)] if band else []
    lowest, highest = _rounded_range(min(values), max(values))
    return Axes(first_month=first, last_month=max(last, first + 1.0, newest), lowest=lowest, highest=highest)


def _rounded_range(low: float, high: float) -> tuple[float, float]:
    step = _step((high - low) or abs(high) or 1.0)
    # Zero is shown unless the numbers lie far from it: a cut axis makes small changes look large.
    bottom = 0.0 if 0.0 <= low <= 3.0 * (high - low) + step else math.floor(low / step) * step
    top = math.ceil(high / step) * step
    return bottom, top if top > bottom else bottom + step


def _step(span: float, ticks: int = 4) -> float:
    """Return a round step (1, 2 or 5 times a power of ten) that divides a span into about `ticks` parts."""
    power = 10.0 ** math.floor(math.log10(span / ticks))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= span / ticks)


def _drawn(reading: Reading, *, axes: Axes, origin: date) -> DrawnReading:
    months = months_between(origin, reading.taken_on)
    low, high = reading.interval95 or (None, None)
    return DrawnReading(
        reading=reading,
        months=months,
        x=round(axes.x(months), 2),
        y=round(axes.y(reading.value), 2),
        y_low=None if low is None else round(axes.y(low), 2),
        y_high=None if high is None else round(axes.y(high), 2),
    )


def _band_outline(band: ExpectedBand | None, axes: Axes) -> str:
    shown = [p for p in band.points if axes.first_month <= p.months <= axes.last_month] if band else []
    corners = [(p.months, p.high) for p in shown] + [(p.months, p.low) for p in reversed(shown)]
    return " ".join(f"{axes.x(months):.1f},{axes.y(value):.1f}" for months, value in corners)


def _band_middle(band: ExpectedBand | None, axes: Axes) -> str:
    shown = [p for p in band.points if axes.first_month <= p.months <= axes.last_month] if band else []
    return " ".join(f"{axes.x(p.months):.1f},{axes.y(p.middle):.1f}" for p in shown)


def _month_ticks(axes: Axes) -> tuple[Tick, ...]:
    span = axes.last_month - axes.first_month
    step = next(step for step in (1, 3, 6, 12, 24, 60, 120, 1200) if span / step <= MOST_MONTH_TICKS)
    first = math.ceil(axes.first_month / step)
    count = math.floor(axes.last_month / step) - first + 1
    return tuple(Tick(at=round(axes.x((first + k) * step), 2), value=(first + k) * step) for k in range(count))


def _value_ticks(axes: Axes) -> tuple[Tick, ...]:
    step = _step(axes.highest - axes.lowest)
    first = math.ceil(axes.lowest / step - 1e-9)
    count = math.floor(axes.highest / step + 1e-9) - first + 1
    return tuple(Tick(at=round(axes.y((first + k) * step), 2), value=(first + k) * step) for k in range(count))


def _drawn_events(events: Sequence[Event], *, axes: Axes, origin: date) -> tuple[DrawnEvent, ...]:
    drawn: list[DrawnEvent] = []
    taken: list[list[tuple[float, float]]] = [[] for _ in range(EVENT_ROWS)]
    for event in sorted(events, key=lambda e: (e.on, e.label)):
        x = _inside(event.on, axes=axes, origin=origin)
        if x is None:
            continue
        anchor = "end" if x > WIDTH * 0.7 else "start"
        row = 0
        if event.label and not event.is_note:
            width = LETTER_WIDTH * (len(event.label) + 2)
            span = (x - width, x) if anchor == "end" else (x, x + width)
            free = (k for k in range(EVENT_ROWS) if not any(a < span[1] and span[0] < b for a, b in taken[k]))
            row = next(free, EVENT_ROWS - 1)
            taken[row].append(span)
        drawn.append(DrawnEvent(event=event, x=x, anchor=anchor, row=row))
    return tuple(drawn)


def _inside(day: date | None, *, axes: Axes, origin: date) -> float | None:
    if day is None:
        return None
    months = months_between(origin, day)
    return round(axes.x(months), 2) if axes.first_month <= months <= axes.last_month else None
