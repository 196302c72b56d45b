from datetime import date

import pytest

from hairtrack.model import BandPoint, ExpectedBand, RegionName
from hairtrack.report.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Event, Reading, draw_chart, months_between

START = date(2026, 1, 10)


def band_of(points):
    return ExpectedBand(
        region=RegionName.FRONTAL,
        measurand="coverage_fraction",
        unit="1",
        starts_on=START,
        points=points,
        source_keys=(),
        assumed=False,
    )


STRAIGHT = band_of(tuple(BandPoint(months=m, low=0.2, middle=0.4, high=0.6) for m in range(19)))


def test_nothing_to_draw_is_no_chart():
    assert draw_chart((), band=None) is None


def test_positions_follow_the_axes_and_lie_inside_the_picture():
    readings = [
        Reading(taken_on=date(2026, 1, 8), value=0.31, interval95=(0.27, 0.35)),
        Reading(taken_on=date(2026, 7, 10), value=0.52, interval95=(0.48, 0.56)),
    ]
    chart = draw_chart(readings, band=STRAIGHT)
    for drawn, reading in zip(chart.points, readings, strict=True):
        assert drawn.months == pytest.approx((reading.taken_on - START).days / 30.4375)
        assert drawn.x == pytest.approx(chart.axes.x(drawn.months), abs=0.01)
        assert drawn.y == pytest.approx(chart.axes.y(reading.value), abs=0.01)
        assert LEFT <= drawn.x <= WIDTH - RIGHT
        assert TOP <= drawn.y_high <= drawn.y <= drawn.y_low <= HEIGHT - BOTTOM


def test_twice_the_value_is_twice_as_high_since_the_axis_starts_at_zero():
    chart = draw_chart(
        [Reading(taken_on=START, value=20.0), Reading(taken_on=date(2026, 6, 10), value=40.0)], band=None
    )
    low, high = (HEIGHT - BOTTOM - point.y for point in chart.points)
    assert high == pytest.approx(2 * low, abs=0.02)


def test_a_single_reading_and_negative_values_have_axes():
    chart = draw_chart([Reading(taken_on=START, value=-3.0)], band=None)
    assert chart.axes.lowest <= -3.0 <= chart.axes.highest
    assert chart.axes.last_month > chart.axes.first_month


def test_a_reading_of_zero_has_axes():
    chart = draw_chart([Reading(taken_on=START, value=0.0)], band=None)
    assert chart.axes.highest > chart.axes.lowest


def test_events_outside_the_picture_are_not_drawn():
    events = [Event(on=START, label="FUE"), Event(on=date(2040, 1, 1), label="far")]
    chart = draw_chart([Reading(taken_on=date(2026, 5, 1), value=0.3)], band=STRAIGHT, events=events)
    assert [drawn.event.label for drawn in chart.events] == ["FUE"]


def test_the_day_of_decision_is_drawn_at_its_month():
    chart = draw_chart([Reading(taken_on=date(2026, 11, 10), value=0.5)], band=STRAIGHT, decision_on=date(2027, 1, 10))
    assert chart.decision_x == pytest.approx(chart.axes.x(months_between(START, date(2027, 1, 10))), abs=0.01)
