"""Every photo with the decision on its quality, how its date is known, and how well it was aligned."""

from collections.abc import Sequence
from dataclasses import dataclass

from hairtrack.model import (
    Dossier,
    Figure,
    FigureKind,
    PhotoEntry,
    QualityDecision,
    Registration,
    RegistrationStatus,
)
from hairtrack.report.language import N_, Sentence
from hairtrack.report.pictures import Picture, of_kind
from hairtrack.report.reader import Reader
from hairtrack.report.words import DECISIONS, FACT_SOURCES, FLAGS, REGIONS, TIERS, VIEWS

PHOTO_KINDS = (FigureKind.PHOTO, FigureKind.OVERLAY, FigureKind.COVERAGE_MAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How a photo was brought onto its reference, or why not."""

    accepted: bool
    tier: str
    meaning: str
    error: str
    reference: str
    reason: Sentence | None
    remedy: Sentence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPage:
    """A photo in the words of the reader; a patient is spared scales and errors, which mean nothing to them."""

    number: int
    anchor: str
    name: str
    day: str
    day_source: str
    view: str
    decision: QualityDecision
    decision_word: str
    flags: tuple[str, ...]
    remedies: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]
    scale: str
    alignment: Alignment | None
    pictures: tuple[Picture, ...]
    guides: tuple[Picture, ...]

    @property
    def is_refused(self) -> bool:
        """Whether the photo must be taken again: refused by itself, or not to be laid on its reference."""
        return self.decision is QualityDecision.RETAKE or len(self.guides) > 0


def photo_pages(dossier: Dossier, figures: Sequence[Figure], reader: Reader) -> tuple[PhotoPage, ...]:
    """Return a page for each photo, in the order of the dossier."""
    return tuple(
        _photo_page(entry, number, dossier.registrations, figures, reader)
        for number, entry in enumerate(dossier.photos, start=1)
    )


def _photo_page(
    entry: PhotoEntry, number: int, registrations: Sequence[Registration], figures: Sequence[Figure], reader: Reader
) -> PhotoPage:
    language, photo = reader.language, entry.photo
    own = [figure for figure in figures if figure.file == photo.file and figure.region is None]
    places = [language.text(VIEWS[photo.view])] if photo.view else []
    places += [language.text(REGIONS[photo.region])] if photo.region else []
    return PhotoPage(
        number=number,
        anchor=f"photo-{number}",
        name=reader.photo_name(photo.file),
        day=language.day(photo.taken_on) if photo.taken_on else language.text(N_("date unknown")),
        day_source=language.text(FACT_SOURCES[photo.date_source]) if photo.taken_on else "",
        view=" · ".join(places) or language.text(N_("view unknown")),
        decision=entry.quality.decision,
        decision_word=language.text(DECISIONS[entry.quality.decision]),
        flags=tuple(_flag_word(flag, reader) for flag in entry.quality.flags),
        remedies=_remedies(entry, reader),
        remarks=reader.sentences(photo.remarks),
        scale="" if reader.is_patient else _scale(entry, reader),
        alignment=_alignment(photo.file, registrations, reader),
        pictures=of_kind(own, PHOTO_KINDS, reader),
        guides=of_kind(own, (FigureKind.GHOST_OUTLINE,), reader),
    )


def _flag_word(flag: str, reader: Reader) -> str:
    known = FLAGS.get(flag)
    return reader.language.text(known[0]) if known else flag.replace("_", " ")


def _remedies(entry: PhotoEntry, reader: Reader) -> tuple[Sentence, ...]:
    """Return what is wrong and how to take the photo again.

    The gate's own sentence stands where the language has it, else our own on the same flag.
    """
    problem = entry.photo.problem
    said = [reader.full_sentence(problem.what)] if problem else []
    for index, flag in enumerate(entry.quality.flags):
        own = entry.quality.remedies[index] if index < len(entry.quality.remedies) else ""
        sentence = reader.full_sentence(own)
        known = FLAGS.get(flag)
        if (not own or sentence.lang) and known:
            sentence = Sentence(text=reader.language.text(known[1]))
        said.append(sentence)
    said += [reader.full_sentence(extra) for extra in entry.quality.remedies[len(entry.quality.flags) :]]
    if problem:
        said.append(reader.full_sentence(problem.remedy))
    return tuple(dict.fromkeys(sentence for sentence in said if sentence.text))


def _scale(entry: PhotoEntry, reader: Reader) -> str:
    scale = entry.photo.scale
    if scale is None:
        return reader.language.text(N_("scale unknown"))
    return reader.language.text(N_("%(number)s pixels a millimetre")) % {
        "number": reader.language.number(scale.px_per_mm, digits=1)
    }


def _alignment(file: str, registrations: Sequence[Registration], reader: Reader) -> Alignment | None:
    found = next((r for r in registrations if r.moving == file), None)
    if found is None:
        return None
    word, meaning = TIERS[found.tier]
    return Alignment(
        accepted=found.status is RegistrationStatus.ACCEPTED,
        tier=reader.language.text(word),
        meaning=reader.language.text(meaning),
        error="" if reader.is_patient else _alignment_error(found, reader),
        reference=reader.photo_name(found.reference),
        reason=reader.full_sentence(found.reason) if found.reason else None,
        remedy=reader.full_sentence(found.remedy) if found.remedy and not reader.is_patient else None,
    )


def _alignment_error(registration: Registration, reader: Reader) -> str:
    language = reader.language
    if registration.expected_error_mm is not None:
        return f"±{language.number(registration.expected_error_mm, digits=1)} mm"
    if registration.expected_error_px is not None:
        return f"±{language.number(registration.expected_error_px, digits=1)} px"
    return ""
