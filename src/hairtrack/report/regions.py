"""What the page says about each region: the card of the first screen and the proof below it."""

from dataclasses import dataclass

from hairtrack.model import Change, Dossier, Measured, RegionName, Verdict
from hairtrack.report.courses import CourseFigure, course_figures, expected_on, measurands_of
from hairtrack.report.further import FurtherLine, further_lines
from hairtrack.report.language import N_, Sentence, joined
from hairtrack.report.quantities import FURTHER, difference_text, interval_text, quantity_of, value_text
from hairtrack.report.reader import Reader
from hairtrack.report.states import STATES, Tone, decision_ahead, next_step, state_word, verdict_sentence
from hairtrack.report.words import CAUSES, PHASES, REGIONS, ROLES

SHOWN_PROBABILITY = 0.015
"""Causes that would round to 1 % or less are gathered in one line, so that those that matter stand out."""

_ORDER_OF_TONES = (Tone.CONCERN, Tone.WATCH, Tone.UNKNOWN, Tone.EXPECTED, Tone.GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change since the baseline in words; `beyond_error` says whether it is larger than the measuring error.

    `plain` says the same without a number.
    """

    label: str
    difference: str
    interval: str
    beyond_error: bool
    plain: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """One possible cause with its probability, as text and as a share for the bar."""

    label: str
    percent: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPage:
    """Everything about one region, in the words of the reader."""

    region: RegionName
    anchor: str
    name: str
    role: str
    tone: Tone
    state: str
    sentence: Sentence
    next_step: Sentence
    phase: str
    judged_on: str
    decision_on: str
    change: ChangeLine | None
    expected_now: str
    measured_now: str
    survival: str
    survival_range: tuple[float, float] | None
    likelihoods: tuple[Likelihood, ...]
    evidence: tuple[Sentence, ...]
    evidence_against: tuple[Sentence, ...]
    missing: tuple[Sentence, ...]
    would_change_if: tuple[Sentence, ...]
    courses: tuple[CourseFigure, ...]
    further: tuple[FurtherLine, ...]
    absences: tuple[Sentence, ...]


def region_pages(dossier: Dossier, reader: Reader) -> tuple[RegionPage, ...]:
    """Return a page for each judged region, those that need attention first."""
    pages = [_region_page(verdict, dossier, reader) for verdict in dossier.verdicts]
    order = list(RegionName)
    return tuple(sorted(pages, key=lambda page: (_ORDER_OF_TONES.index(page.tone), order.index(page.region))))


def _region_page(verdict: Verdict, dossier: Dossier, reader: Reader) -> RegionPage:
    language = reader.language
    courses = course_figures(verdict, dossier, reader)
    own = verdict.survival_interval90
    newest = max((v.judged_on for v in dossier.verdicts if v.judged_on), default=None)
    decision = decision_ahead(verdict, newest=newest)
    return RegionPage(
        region=verdict.region,
        anchor=f"region-{verdict.region.value}",
        name=language.text(REGIONS[verdict.region]),
        role=language.text(ROLES[verdict.role]),
        tone=STATES[verdict.state].tone,
        state=state_word(verdict.state, audience=reader.audience, language=language),
        sentence=reader.without_file_names(
            Sentence(text=verdict_sentence(verdict, audience=reader.audience, language=language, newest=newest))
        ),
        next_step=reader.without_file_names(
            Sentence(text=next_step(verdict, audience=reader.audience, language=language))
        ),
        phase=language.text(PHASES[verdict.phase]),
        judged_on=language.day(verdict.judged_on) if verdict.judged_on else "",
        decision_on=language.day(decision) if decision else "",
        change=_change_line(_change_since_baseline(verdict.region, dossier), reader),
        expected_now=_expected_now(verdict, dossier, reader),
        measured_now=_measured_now(verdict, dossier, courses, reader),
        survival=_percent_range(own, reader) if own else "",
        survival_range=own,
        likelihoods=_likelihoods(verdict, reader),
        evidence=reader.sentences(verdict.evidence),
        evidence_against=reader.sentences(verdict.evidence_against),
        missing=reader.sentences(verdict.missing),
        # Assumptions of the model are for those who know it; a patient reads what is missing.
        would_change_if=() if reader.is_patient else reader.sentences(verdict.would_change_if),
        courses=courses,
        further=further_lines(verdict.region, dossier, reader),
        absences=_absences(verdict.region, dossier, reader),
    )


def _change_since_baseline(region: RegionName, dossier: Dossier) -> Change | None:
    """Return the change that spans most time to the newest date, of the leading measurand that has one."""
    for measurand in measurands_of(region, dossier):
        own = [c for c in dossier.changes if c.region is region and c.measurand == measurand]
        if own:
            return max(own, key=lambda c: (c.to_date, -c.from_date.toordinal()))
    return None


def _change_line(change: Change | None, reader: Reader) -> ChangeLine | None:
    if change is None:
        return None
    quantity = quantity_of(change.measurand, change.unit)
    return ChangeLine(
        label=reader.language.text(quantity.label),
        difference=difference_text(change.difference, quantity, reader.language),
        interval=interval_text(change.interval95, quantity, reader.language, signed=True),
        beyond_error=change.beyond_error,
        plain=reader.language.text(_plain_change(change)),
        since=reader.language.day(change.from_date),
    )


def _plain_change(change: Change) -> str:
    if not change.beyond_error:
        return N_("No change that the photos can show.")
    return N_("More hair than at the start.") if change.difference > 0 else N_("Less hair than at the start.")


def _measured_now(verdict: Verdict, dossier: Dossier, courses: tuple[CourseFigure, ...], reader: Reader) -> str:
    """Return the newest value of the measurand that the expected band is about, or nothing."""
    band = next((b for b in dossier.bands if b.region is verdict.region), None)
    course = next((c for c in courses if band is not None and c.measurand == band.measurand), None)
    if course is None or not course.chart.points:
        return ""
    return value_text(course.chart.points[-1].reading.value, course.quantity, reader.language)


def _expected_now(verdict: Verdict, dossier: Dossier, reader: Reader) -> str:
    """Return the expected band of the leading measurand on the day of judgement, or nothing."""
    band = next((b for b in dossier.bands if b.region is verdict.region), None)
    if band is None or verdict.judged_on is None or not band.points:
        return ""
    bounds = expected_on(band, verdict.judged_on)
    if bounds is None:
        return ""
    quantity = quantity_of(band.measurand, band.unit)
    return reader.language.with_unit(interval_text(bounds, quantity, reader.language), quantity.unit)


def _percent_range(interval: tuple[float, float], reader: Reader) -> str:
    low, high = (reader.language.number(100.0 * bound) for bound in interval)
    return reader.language.text(N_("%(low)s to %(high)s in 100 planted hairs")) % {"low": low, "high": high}


def _likelihoods(verdict: Verdict, reader: Reader) -> tuple[Likelihood, ...]:
    ordered = sorted(verdict.probabilities.items(), key=lambda item: (-item[1], item[0].value))
    shown = [(reader.language.text(CAUSES[cause]), share) for cause, share in ordered if share >= SHOWN_PROBABILITY]
    rest = sum(share for _, share in ordered if share < SHOWN_PROBABILITY)
    if rest >= SHOWN_PROBABILITY:
        shown.append((reader.language.text(N_("all other causes")), rest))
    return tuple(
        Likelihood(label=label, percent=reader.language.percent(reader.language.number(100.0 * share)), share=share)
        for label, share in shown
    )


def _absences(region: RegionName, dossier: Dossier, reader: Reader) -> tuple[Sentence, ...]:
    """Return what could not be measured in this region, on which days, and what would make it measurable."""
    days: dict[tuple[str, Sentence], list[str]] = {}
    for measurement in dossier.measurements:
        if measurement.measurand in FURTHER:
            continue  # they have a table of their own
        if measurement.region is region and not isinstance(measurement.result, Measured):
            name = reader.language.text(quantity_of(measurement.measurand).label)
            reason = reader.full_sentence(measurement.result.reason)
            remedy = reader.full_sentence(measurement.result.remedy)
            on = days.setdefault((name, joined((reason, remedy))), [])
            on += [reader.language.short_day(measurement.taken_on)] if measurement.taken_on else []
    return tuple(
        Sentence(text=f"{_with_days(name, on)}: {why.text}", lang=why.lang) for (name, why), on in days.items()
    )


def _with_days(name: str, days: list[str]) -> str:
    return f"{name} ({', '.join(dict.fromkeys(days))})" if days else name
