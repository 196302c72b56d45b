"""Every figure against the dossier: what is drawn is the number stored, read back from the drawing by its own axes."""

import base64
import dataclasses
import re
from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hairtrack.model import Dossier, Figure, FigureKind, Measured, RegionName, State
from hairtrack.report.audience import Audience, LanguageCode
from hairtrack.report.headmap import region_outline
from hairtrack.report.html import render_html
from hairtrack.report.language import language_of
from hairtrack.report.paper import letter_of
from hairtrack.report.reader import reader_of

DAYS_A_MONTH = 30.4375
HALF_PIXEL_MONTHS, HALF_PIXEL_SHARE = 0.02, 0.003
"""Half a pixel of the drawing, in months and as a share of the axis."""
SVG = "{http://www.w3.org/2000/svg}"
TONES = {
    "good": {"on_course", "donor_as_planned", "response", "stable"},
    "expected": {"too_early", "expected_shedding", "donor_effluvium", "temporary_diffuse_shedding"},
    "watch": {"behind", "delayed", "below_target", "native_progression", "no_measurable_response"},
    "concern": {"poor_growth_probable", "failure", "donor_over_extraction", "direction_fault"},
    "unknown": {"artefact", "insufficient_evidence"},
}


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)]


class Chart:
    """A chart read back: positions become months and values by the ticks that the chart itself prints."""

    def __init__(self, svg: str, *, factor: float) -> None:
        self.root = ET.fromstring(re.sub(r' xmlns="[^"]+"', "", svg))  # noqa: S314 our own drawing
        ticks = self.of("text", "tick")
        months = [(float(t.get("x")), number(t.text)) for t in ticks if t.get("text-anchor") == "middle"]
        values = [(float(t.get("y")), number(t.text) / factor) for t in ticks if t.get("text-anchor") == "end"]
        self._months, self._values = self._line(months), self._line(values)
        self.value_tolerance = HALF_PIXEL_SHARE * abs(values[-1][1] - values[0][1])

    @staticmethod
    def _line(pairs: list[tuple[float, float]]) -> tuple[float, float]:
        (at, value), (other_at, other_value) = pairs[0], pairs[-1]
        slope = (other_value - value) / (other_at - at)
        return slope, value - slope * at

    def of(self, tag: str, kind: str) -> list[ET.Element]:
        return [element for element in self.root.iter(tag) if element.get("class") == kind]

    def months(self, x: float) -> float:
        return self._months[0] * x + self._months[1]

    def value(self, y: float) -> float:
        return self._values[0] * y + self._values[1]


def html_charts(dossier: Dossier) -> list[str]:
    return re.findall(r'<svg class="chart".*?</svg>', render_html(dossier, ()), flags=re.DOTALL)


def letter_charts(dossier: Dossier) -> list[str]:
    reader = reader_of(dossier, audience=Audience.CLINICIAN, language=language_of(LanguageCode.ENGLISH))
    document, files = letter_of(dossier, (), reader=reader, blind=False, letterhead=None)
    return [
        re.search(r'<svg class="chart".*?</svg>', files[course["chart"]].decode(), flags=re.DOTALL)[0]
        for region in document["page"]["regions"]
        for course in region["courses"]
    ]


@pytest.fixture(scope="module")
def dossier(dossier_of) -> Dossier:
    return dossier_of({RegionName.FRONTAL: State.ON_COURSE})


@pytest.fixture(scope="module", params=[html_charts, letter_charts], ids=["page", "letter"])
def charts(dossier, request) -> tuple[Chart, Chart]:
    """The charts of coverage and of the clinic's density."""
    coverage, density = request.param(dossier)
    return Chart(coverage, factor=100.0), Chart(density, factor=1.0)


def months_since(start: date, day: date) -> float:
    return (day - start).days / DAYS_A_MONTH


def coverage_of(dossier: Dossier) -> list[tuple[float, Measured]]:
    start = dossier.bands[0].starts_on
    return [
        (months_since(start, m.taken_on), m.result)
        for m in dossier.measurements
        if m.measurand == "coverage_fraction" and isinstance(m.result, Measured)
    ]


def test_every_point_and_error_bar_is_the_number_stored(charts, dossier):
    chart, _ = charts
    stored = coverage_of(dossier)
    points = sorted(
        (p for p in chart.root.iter("circle") if p.get("class", "").startswith("point")),
        key=lambda p: float(p.get("cx")),
    )
    bars = sorted((numbers(b.get("d")) for b in chart.of("path", "error-bar")), key=lambda bar: bar[0])
    assert len(points) == len(bars) == len(stored)
    for point, bar, (months, result) in zip(points, bars, stored, strict=True):
        assert chart.months(float(point.get("cx"))) == pytest.approx(months, abs=HALF_PIXEL_MONTHS)
        assert chart.value(float(point.get("cy"))) == pytest.approx(result.value, abs=chart.value_tolerance)
        assert bar[0] == float(point.get("cx"))
        drawn = (chart.value(bar[1]), chart.value(bar[2]))
        assert drawn == pytest.approx(result.interval95, abs=chart.value_tolerance)
        hollow = "limited" in point.get("class")
        assert hollow == ("usable_with_limits" in result.flags)


def test_every_count_of_the_clinic_is_drawn_as_told(charts, dossier):
    _, chart = charts
    start = dossier.treatments[0].performed_on
    drawn = [numbers(mark.get("d")) for mark in chart.of("path", "point clinic")]
    assert len(drawn) == len(dossier.observations)
    for (x, top, *_), seen in zip(drawn, dossier.observations, strict=True):
        assert chart.months(x) == pytest.approx(months_since(start, seen.taken_on), abs=HALF_PIXEL_MONTHS)
        assert chart.value(top + 6) == pytest.approx(seen.value, abs=chart.value_tolerance)
    (bar,) = (numbers(mark.get("d")) for mark in chart.of("path", "error-bar"))
    first = dossier.observations[0]
    ends = (first.value - 1.96 * first.std_uncertainty, first.value + 1.96 * first.std_uncertainty)
    assert (chart.value(bar[1]), chart.value(bar[2])) == pytest.approx(ends, abs=chart.value_tolerance)


def test_the_band_has_its_corners_where_the_expected_course_has_them(charts, dossier):
    chart, _ = charts
    (outline,) = chart.of("polygon", "band")
    corners = [tuple(float(part) for part in corner.split(",")) for corner in outline.get("points").split()]
    upper, lower = corners[: len(corners) // 2], corners[: len(corners) // 2 - 1 : -1]
    expected = dossier.bands[0].points[: len(upper)]
    assert len(upper) == len(lower) >= 12
    for (x, top), (same_x, bottom), point in zip(upper, lower, expected, strict=True):
        assert x == same_x
        assert chart.months(x) == pytest.approx(point.months, abs=HALF_PIXEL_MONTHS)
        assert chart.value(top) == pytest.approx(point.high, abs=chart.value_tolerance)
        assert chart.value(bottom) == pytest.approx(point.low, abs=chart.value_tolerance)
    (middle,) = chart.of("polyline", "band-middle")
    heights = [chart.value(float(corner.split(",")[1])) for corner in middle.get("points").split()]
    assert heights == pytest.approx([point.middle for point in expected], abs=chart.value_tolerance)


def test_treatments_sessions_and_the_day_of_decision_are_marked_on_their_days(charts, dossier):
    chart, _ = charts
    start = dossier.bands[0].starts_on
    operation, prp, minoxidil = dossier.treatments

    def drawn(kind: str) -> list[float]:
        return [chart.months(numbers(mark.get("d"))[0]) for mark in chart.of("path", kind)]

    def told(*days: date) -> list[float]:
        return pytest.approx([months_since(start, day) for day in sorted(days)], abs=HALF_PIXEL_MONTHS)

    assert drawn("event") == told(operation.performed_on, prp.sessions[0], minoxidil.started_on)
    assert drawn("event session") == told(*prp.sessions[1:])
    assert drawn("note-mark") == told(*(note.on for note in dossier.notes))
    assert drawn("decision") == told(dossier.verdicts[0].earliest_decision_on)
    assert [name.text for name in chart.of("text", "event-name")] == ["FUE transplant", "PRP", "Minoxidil"]


def test_the_table_beside_a_chart_holds_the_numbers_stored(dossier):
    page = render_html(dossier, ())
    rows = re.findall(r"<tr><td>(.*?)</td></tr>", page)
    cells = [re.split(r"</td><td>", row) for row in rows]
    shown = [
        (number(value.split("\N{NO-BREAK SPACE}")[0]), value_range)
        for _, _, value, value_range, *_ in cells
        if "%" in value
    ]
    stored = [result for _, result in coverage_of(dossier)]
    assert [value for value, _ in shown] == [round(100 * result.value) for result in stored]
    ranges = [tuple(number(end) for end in value_range.split(" to ")) for _, value_range in shown]
    assert ranges == [tuple(round(100 * end) for end in result.interval95) for result in stored]
    first, last = stored[0].value, stored[-1].value
    said = (
        f"went from {round(100 * first)}\N{NO-BREAK SPACE}% on 8 January 2026 to {round(100 * last)}\N{NO-BREAK SPACE}%"
    )
    assert page.count(said) == 2, "in the caption and in the words of the drawing"


def test_the_card_tells_the_change_and_the_band_that_are_stored(dossier):
    page = re.sub(r"<[^>]+>", "", render_html(dossier, ()))
    (change,) = dossier.changes
    low, high = (round(100 * end) for end in change.interval95)
    assert f"Coverage +{round(100 * change.difference)} percentage points" in page
    assert f"range +{low} to +{high}; more than the measuring error" in page
    (band,) = dossier.bands
    at = months_since(band.starts_on, dossier.verdicts[0].judged_on)
    months = [point.months for point in band.points]
    bounds = [
        round(100 * float(np.interp(at, months, [getattr(p, name) for p in band.points]))) for name in ("low", "high")
    ]
    newest = round(100 * coverage_of(dossier)[-1][1].value)
    assert f"{bounds[0]} to {bounds[1]}\N{NO-BREAK SPACE}% measured: {newest}\N{NO-BREAK SPACE}%" in page
    share = [round(100 * end) for end in dossier.verdicts[0].survival_interval90]
    assert f"{share[0]} to {share[1]} in 100 planted hairs" in page


def test_every_bar_of_a_cause_is_as_long_as_its_probability(dossier):
    table = re.search(r'<table class="likelihoods">.*?</table>', render_html(dossier, ()), flags=re.DOTALL)[0]
    widths = [float(width) for width in re.findall(r'class="share" width="([\d.]+)"', table)]
    said = [number(percent) for percent in re.findall(r"<td>(\d+)\N{NO-BREAK SPACE}%</td>", table)]
    shares = sorted(dossier.verdicts[0].probabilities.values(), reverse=True)
    assert widths[0] == pytest.approx(100 * shares[0], abs=0.05)
    assert sum(widths) == pytest.approx(100.0, abs=0.1)
    assert said == [round(width) for width in widths]


def test_the_bar_of_the_surviving_share_spans_its_interval(dossier):
    drawing = re.search(r'<svg class="survival".*?</svg>', render_html(dossier, ()), flags=re.DOTALL)[0]
    whole = float(re.search(r'class="track"[^>]* width="([\d.]+)"', drawing)[1])
    start, width = (
        float(part) for part in re.search(r'class="share" x="([\d.]+)"[^>]* width="([\d.]+)"', drawing).groups()
    )
    low, high = dossier.verdicts[0].survival_interval90
    assert (start / whole, (start + width) / whole) == pytest.approx((low, high), abs=0.002)
    bounds = re.findall(r'class="bound" d="M([\d.]+) .*?<text[^>]*>(\d+)</text>', drawing, flags=re.DOTALL)
    assert [(100 * float(x) / whole, name) for x, name in bounds] == [(50, "50"), (60, "60"), (75, "75")]


@pytest.mark.parametrize("state", State)
def test_the_map_of_the_head_shows_a_region_in_the_tone_of_its_state(dossier_of, state):
    page = render_html(dossier_of({RegionName.VERTEX: state}), ())
    drawing = re.search(r'<svg class="head-map".*?</svg>', page, flags=re.DOTALL)[0]
    (tone,) = (tone for tone, states in TONES.items() if state.value in states)
    drawn = re.findall(r'<path class="region ([\w -]+)" d="([^"]+)"(?: fill="([^"]+)")?/>', drawing)
    assert (f"tone-{tone}", region_outline(RegionName.VERTEX), f"url(#tone-{tone})") in drawn
    others = {outline for kind, outline, _ in drawn if kind == "empty"}
    assert others == {region_outline(region) for region in RegionName if region is not RegionName.VERTEX}
    card = re.search(r'<svg class="head-mark".*?</svg>', page, flags=re.DOTALL)[0]
    assert f'd="{region_outline(RegionName.VERTEX)}" fill="url(#tone-{tone})"' in card


def test_regions_lie_apart_on_the_map_and_left_is_left():
    def centre(region: RegionName) -> tuple[float, float]:
        corners = np.array(numbers(region_outline(region))).reshape(-1, 2)
        return tuple(corners.mean(axis=0))

    assert centre(RegionName.FRONTAL)[1] < centre(RegionName.MIDSCALP)[1] < centre(RegionName.VERTEX)[1]
    assert centre(RegionName.VERTEX)[1] < centre(RegionName.OCCIPITAL)[1]
    for left, right in (("temple_left", "temple_right"), ("parietal_left", "parietal_right")):
        assert centre(RegionName(left))[0] < centre(RegionName.FRONTAL)[0] < centre(RegionName(right))[0]


@pytest.fixture(scope="module")
def dated(figures) -> list[Figure]:
    """The aligned pictures and maps, each with bytes of its own."""
    kinds = {FigureKind.ALIGNED_REFERENCE, FigureKind.ALIGNED_MOVING, FigureKind.COVERAGE_MAP, FigureKind.CHANGE_MAP}
    kept = [figure for figure in figures if figure.kind in kinds]
    return [dataclasses.replace(f, content=f"{f.kind.value} {f.taken_on}".encode()) for f in kept]


def test_the_slider_shows_the_pictures_of_the_days_that_it_names(dossier, dated):
    page = render_html(dossier, dated[::-1])
    language = language_of(LanguageCode.ENGLISH)
    stage = re.search(r'<article class="pair".*?</article>', page, flags=re.DOTALL)[0]
    shown = [
        (base64.b64decode(found[1]).decode(), found[2])
        for found in re.finditer(r"base64,([^\"]+)\"[^>]*>\s*<figcaption>(?:<b>)?([^<]*)", stage)
    ]
    days = sorted({figure.taken_on for figure in dated})
    words = [language.day(day) for day in days]
    assert shown[0] == (f"aligned_reference {days[0]}", words[0])
    assert shown[1] == (f"aligned_moving {days[-1]}", words[-1])
    between = [pair for pair in shown[2:] if pair[0].startswith("aligned")]
    assert between == [(f"aligned_moving {day}", word) for day, word in zip(days[1:-1], words[1:-1], strict=True)]
    assert f"change_map {days[-1]}" in [content for content, _ in shown]


def test_the_letter_shows_the_same_pictures(dossier, dated):
    reader = reader_of(dossier, audience=Audience.CLINICIAN, language=language_of(LanguageCode.ENGLISH))
    document, files = letter_of(dossier, dated, reader=reader, blind=False, letterhead=None)
    (pair,) = document["page"]["comparisons"]
    days = sorted({figure.taken_on for figure in dated})
    assert files[pair["before"]["file"]].decode() == f"aligned_reference {days[0]}"
    assert files[pair["after"]["file"]].decode() == f"aligned_moving {days[-1]}"
    assert pair["after"]["day"] == reader.language.day(days[-1])
    assert f"change_map {days[-1]}" in {files[shown["file"]].decode() for shown in pair["maps"]}
