"""The same spot on two dates, hair by hair: both close-ups with lost and gained hairs, and the net change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hairtrack.model import Dossier, Figure, FigureKind, HairMatchEntry, RegionName, RegistrationStatus
from hairtrack.report.language import N_, Sentence
from hairtrack.report.pictures import Picture, picture_of, place_name
from hairtrack.report.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupPair:
    """Two matched close-ups of a spot, the older first; `change` says how many hairs more or fewer, with its range."""

    region: RegionName | None
    title: str
    before: Picture
    after: Picture
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedPair:
    """Two close-ups that could not be matched, and why not."""

    region: RegionName | None
    days: str
    reason: Sentence


def closeup_pairs(dossier: Dossier, figures: Sequence[Figure], reader: Reader) -> tuple[CloseupPair, ...]:
    """Return every drawn match, the newest first."""
    drawn = {(f.file, f.reference): f for f in figures if f.kind is FigureKind.CLOSEUP_OVERLAY and f.reference}
    pairs = []
    for entry in dossier.hair_matches:
        before, after = drawn.get((entry.reference, entry.moving)), drawn.get((entry.moving, entry.reference))
        if before is not None and after is not None:
            pairs.append((after.taken_on or date.min, _pair(entry, before, after, reader)))
    return tuple(pair for _, pair in sorted(pairs, key=lambda dated: dated[0], reverse=True))


def unmatched_pairs(dossier: Dossier, reader: Reader) -> tuple[UnmatchedPair, ...]:
    """Return every pair of close-ups that was refused, with the reason."""
    photos = {entry.photo.file: entry.photo for entry in dossier.photos}
    refused = [e for e in dossier.hair_matches if e.match.status is RegistrationStatus.REFUSED]
    return tuple(
        UnmatchedPair(
            region=photos[entry.moving].region if entry.moving in photos else None,
            days=_days([photos[file].taken_on for file in (entry.reference, entry.moving) if file in photos], reader),
            reason=reader.full_sentence(entry.match.reason or ""),
        )
        for entry in refused
    )


def _days(days: Sequence[date | None], reader: Reader) -> str:
    return " – ".join(reader.language.day(day) for day in days if day)


def _pair(entry: HairMatchEntry, before: Figure, after: Figure, reader: Reader) -> CloseupPair:
    return CloseupPair(
        region=after.region,
        title=place_name((after.view, after.region), reader),
        before=picture_of(before, reader),
        after=picture_of(after, reader),
        change=_net_change(entry, reader),
    )


def _net_change(entry: HairMatchEntry, reader: Reader) -> str:
    change, language = entry.match.count_change, reader.language
    if change is None:
        return ""
    low, high = (language.number(100.0 * bound, signed=True) for bound in change.interval95)
    count = language.plural("%(count)s hair", "%(count)s hairs", abs(change.value))
    return language.text(
        N_("Net change on the area that both show: %(hairs)s (%(share)s; range %(low)s to %(high)s).")
    ) % {
        "hairs": count % {"count": language.number(change.value, signed=True)},
        "share": language.percent(language.number(100.0 * change.fraction, signed=True)),
        "low": language.percent(low),
        "high": language.percent(high),
    }
