"""The whole page as one value: what the templates show, in the order in which it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hairtrack.model import Dossier, Figure, FigureKind, NoticeKind, RegionName, Source, Treatment, Urgency
from hairtrack.report.closeup_pairs import CloseupPair, UnmatchedPair, closeup_pairs, unmatched_pairs
from hairtrack.report.language import N_, Sentence, joined
from hairtrack.report.photos import PhotoPage, photo_pages
from hairtrack.report.pictures import Comparison, Picture, comparisons, of_kind, shown_figures
from hairtrack.report.reader import Reader
from hairtrack.report.regions import RegionPage, region_pages
from hairtrack.report.states import TONES, Tone
from hairtrack.report.words import (
    ALERT_ADVICE,
    ALERTS,
    GRADES,
    NOTES,
    NOTICES,
    OLD_ALERT,
    REGIONS,
    SEVERITIES,
    TREATMENTS,
)

_URGENCIES = tuple(Urgency)

OLD_AFTER = timedelta(days=14)
"""Days before the newest verdict from which a sign is told as one of then: `today` has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """A sign that needs a doctor."""

    title: str
    place: str
    day: str
    advice: str
    why: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A titled sentence: a notice, a note, a problem of the case."""

    title: str
    text: Sentence
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneCount:
    """How many regions are drawn in a tone; the legend of the head map."""

    tone: Tone
    word: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source of a clinical number with its grade in words."""

    source: Source
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything on the page."""

    patient: str
    judged_on: str
    treatments: tuple[str, ...]
    alerts: tuple[AlertLine, ...]
    tones: tuple[ToneCount, ...]
    regions: tuple[RegionPage, ...]
    missing: tuple[Line, ...]
    next_photo: str
    notices: tuple[Line, ...]
    notes: tuple[Line, ...]
    problems: tuple[Line, ...]
    comparisons: tuple[Comparison, ...]
    closeups: tuple[Picture, ...]
    closeup_pairs: tuple[CloseupPair, ...]
    unmatched_closeups: tuple[UnmatchedPair, ...]
    photos: tuple[PhotoPage, ...]
    hidden_faces: str
    sources: tuple[SourceLine, ...]

    @property
    def tone_of_region(self) -> dict[RegionName, Tone]:
        """The tone of each judged region, for the head map."""
        return {region.region: region.tone for region in self.regions}


def build_page(dossier: Dossier, figures: Sequence[Figure], reader: Reader) -> Page:
    """Return the page of a dossier for a reader."""
    shown = shown_figures(figures, reader)
    regions = region_pages(dossier, reader)
    days = [verdict.judged_on for verdict in dossier.verdicts if verdict.judged_on]
    return Page(
        patient=dossier.patient.id,
        judged_on=reader.language.day(max(days)) if days else "",
        treatments=tuple(_treatment_line(treatment, reader) for treatment in dossier.treatments),
        alerts=_alerts(dossier, reader),
        tones=_tones(regions, reader),
        regions=regions,
        missing=_missing(dossier, reader),
        next_photo=_next_photo(dossier, reader),
        notices=_notices(dossier, reader),
        notes=_notes(dossier, reader),
        problems=tuple(
            Line(
                title=reader.photo_name(p.where) if p.where in reader.photo_numbers else _place(p.where, reader),
                text=joined((reader.full_sentence(p.what), reader.full_sentence(p.remedy))),
            )
            for p in dossier.problems
        ),
        comparisons=comparisons(shown, reader),
        closeups=of_kind(shown, (FigureKind.CLOSEUP_OVERLAY,), reader),
        closeup_pairs=closeup_pairs(dossier, shown, reader),
        unmatched_closeups=unmatched_pairs(dossier, reader),
        photos=photo_pages(dossier, shown, reader),
        hidden_faces=_hidden_faces(len(figures) - len(shown), reader),
        sources=tuple(
            SourceLine(source=source, grade=reader.language.text(GRADES.get(source.grade, source.grade)))
            for source in dossier.provenance.sources
        ),
    )


def _hidden_faces(count: int, reader: Reader) -> str:
    """Return how many pictures were left out since they show a face; nothing when none was."""
    said = reader.language.plural(
        "%(num)s picture shows a face and was left out.", "%(num)s pictures show a face and were left out.", count
    )
    return said % {"num": count} if count else ""


def _place(where: str, reader: Reader) -> str:
    return reader.language.text(N_("Case")) if reader.is_patient else where


def _regions_words(regions: Sequence[RegionName], reader: Reader) -> str:
    return ", ".join(reader.language.text(REGIONS[region]) for region in regions)


def _treatment_line(treatment: Treatment, reader: Reader) -> str:
    """Return a treatment in one line: what, when, how much, where."""
    language = reader.language
    parts = [language.text(TREATMENTS[treatment.kind])]
    if treatment.performed_on:
        parts.append(language.day(treatment.performed_on))
    if treatment.sessions:
        parts.append(
            language.plural("%(count)s session", "%(count)s sessions", len(treatment.sessions))
            % {"count": len(treatment.sessions)}
            + f" ({_span(min(treatment.sessions), max(treatment.sessions), reader)})"
        )
    if treatment.started_on:
        parts.append(language.text(N_("from %(date)s")) % {"date": language.day(treatment.started_on)})
    if treatment.stopped_on:
        parts.append(language.text(N_("until %(date)s")) % {"date": language.day(treatment.stopped_on)})
    if treatment.grafts_implanted:
        count = language.number(treatment.grafts_implanted)
        parts.append(language.text(N_("%(count)s grafts")) % {"count": count})
    if treatment.recipient_regions:
        parts.append(_regions_words(treatment.recipient_regions, reader))
    if treatment.donor_regions:
        parts.append(
            language.text(N_("donor: %(regions)s")) % {"regions": _regions_words(treatment.donor_regions, reader)}
        )
    return " · ".join(parts)


def _span(first: date, last: date, reader: Reader) -> str:
    if first == last:
        return reader.language.short_day(first)
    return f"{reader.language.short_day(first)} – {reader.language.short_day(last)}"


def _alerts(dossier: Dossier, reader: Reader) -> tuple[AlertLine, ...]:
    newest = max((verdict.judged_on for verdict in dossier.verdicts if verdict.judged_on), default=date.min)
    ordered = sorted(dossier.alerts, key=lambda a: (_URGENCIES.index(a.urgency), a.on, a.kind.value))
    return tuple(
        AlertLine(
            title=reader.language.text(ALERTS[alert.kind]),
            place=reader.language.text(REGIONS[alert.region]) if alert.region else "",
            day=reader.language.day(alert.on),
            advice=reader.language.text(OLD_ALERT if newest - alert.on > OLD_AFTER else ALERT_ADVICE[alert.urgency]),
            why=reader.full_sentence(alert.why),
        )
        for alert in ordered
    )


def _tones(regions: Sequence[RegionPage], reader: Reader) -> tuple[ToneCount, ...]:
    counts = {tone: sum(region.tone is tone for region in regions) for tone in Tone}
    return tuple(
        ToneCount(tone=tone, word=reader.language.text(TONES[tone]), count=count)
        for tone, count in counts.items()
        if count
    )


def _missing(dossier: Dossier, reader: Reader) -> tuple[Line, ...]:
    """Return what would help, each once: facts of the case first, then wishes of the regions with their names."""
    facts = [notice.text for notice in dossier.notices if notice.kind is NoticeKind.MISSING_FACT]
    wanted: dict[str, list[RegionName]] = {text: [] for text in facts}
    for verdict in dossier.verdicts:
        for text in verdict.missing:
            wanted.setdefault(text, []).append(verdict.region)
    return tuple(
        Line(title=_wishing_regions(regions, dossier, reader), text=reader.sentence(text))
        for text, regions in wanted.items()
    )


def _wishing_regions(regions: Sequence[RegionName], dossier: Dossier, reader: Reader) -> str:
    """Return the names of regions that wish for the same thing; short when it is every region of several."""
    if 1 < len(dossier.verdicts) == len(regions):
        return reader.language.text(N_("All regions"))
    return _regions_words(regions, reader)


def _next_photo(dossier: Dossier, reader: Reader) -> str:
    due = [n.due_on for n in dossier.notices if n.kind is NoticeKind.NEXT_PHOTO_DUE and n.due_on]
    return reader.language.day(min(due)) if due else ""


def _notices(dossier: Dossier, reader: Reader) -> tuple[Line, ...]:
    # Missing facts, the next photo and problems of the case stand elsewhere on the page.
    elsewhere = {NoticeKind.MISSING_FACT, *({NoticeKind.CASE_PROBLEM} if dossier.problems else ())}
    elsewhere |= {NoticeKind.NEXT_PHOTO_DUE} if _next_photo(dossier, reader) else set()
    return tuple(
        Line(
            title=reader.language.text(NOTICES[notice.kind]),
            text=reader.full_sentence(notice.text),
            day=reader.language.day(notice.due_on) if notice.due_on else "",
        )
        for notice in dossier.notices
        if notice.kind not in elsewhere
    )


def _notes(dossier: Dossier, reader: Reader) -> tuple[Line, ...]:
    lines = []
    for note in sorted(dossier.notes, key=lambda n: (n.on, n.kind.value)):
        words = [reader.language.text(NOTES[note.kind])]
        words += [reader.language.text(SEVERITIES[note.severity])] if note.severity else []
        words += [reader.language.text(REGIONS[note.region])] if note.region else []
        lines.append(Line(title=", ".join(words), text=Sentence(text=note.text), day=reader.language.day(note.on)))
    return tuple(lines)
