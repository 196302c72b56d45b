"""Encoded pictures laid out: aligned pairs with the dates between, maps, close-ups, and pictures of single photos."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hairtrack.model import Figure, FigureKind, RegionName, View
from hairtrack.report.reader import Reader
from hairtrack.report.words import FIGURES, REGIONS, VIEWS

MAP_KINDS = (FigureKind.COVERAGE_MAP, FigureKind.CHANGE_MAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture with the words beside it: `finding` is what it shows, `alt` says with it where and when."""

    kind: FigureKind
    media_type: str
    content: bytes
    width_px: int
    height_px: int
    alt: str
    finding: str
    day: str
    photo: str
    is_matched: bool = False

    @property
    def address(self) -> str:
        """The picture itself as a data address, so that a page needs no other file."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode('ascii')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One view or region on its first and newest date, aligned, with the dates between and the maps of change."""

    anchor: str
    region: RegionName | None
    title: str
    before: Picture
    after: Picture
    between: tuple[Picture, ...]
    maps: tuple[Picture, ...]
    earlier_maps: tuple[Picture, ...]


def shown_figures(figures: Iterable[Figure], reader: Reader) -> tuple[Figure, ...]:
    """Return the pictures that may be shown: those with a face only when asked for."""
    return tuple(figure for figure in figures if reader.show_face or not figure.contains_face)


def picture_of(figure: Figure, reader: Reader) -> Picture:
    """Return a picture in the words of the reader."""
    finding = _finding(figure, reader)
    return Picture(
        kind=figure.kind,
        media_type=figure.media_type,
        content=figure.content,
        width_px=figure.width_px,
        height_px=figure.height_px,
        alt=_with_place(finding, figure, reader),
        finding=reader.language.capitalised(finding),
        day=reader.language.day(figure.taken_on) if figure.taken_on else "",
        photo=reader.photo_name(figure.file),
        is_matched=figure.kind is FigureKind.CLOSEUP_OVERLAY and figure.reference is not None,
    )


def _finding(figure: Figure, reader: Reader) -> str:
    """Return what a picture shows: its own words where the language has them, else its kind."""
    own = reader.sentence(figure.alt)
    return own.text if own.text and own.lang is None else reader.language.text(FIGURES[figure.kind])


def _with_place(finding: str, figure: Figure, reader: Reader) -> str:
    facts = [place_name((figure.view, figure.region), reader)]
    facts += [reader.language.day(figure.taken_on)] if figure.taken_on else []
    said = ", ".join(fact for fact in facts if fact)
    return f"{said}: {finding}" if said else finding


def comparisons(figures: Sequence[Figure], reader: Reader) -> tuple[Comparison, ...]:
    """Return a comparison for each view and region of which an aligned pair exists, in the order of the head."""
    places = {(figure.view, figure.region) for figure in figures if figure.kind is FigureKind.ALIGNED_MOVING}
    made = (_comparison(place, figures, reader) for place in sorted(places, key=place_order))
    return tuple(comparison for comparison in made if comparison is not None)


def of_kind(figures: Iterable[Figure], kinds: Sequence[FigureKind], reader: Reader) -> tuple[Picture, ...]:
    """Return the pictures of some kinds, oldest first."""
    chosen = sorted((figure for figure in figures if figure.kind in kinds), key=_date_order)
    return tuple(picture_of(figure, reader) for figure in chosen)


def place_order(place: tuple[View | None, RegionName | None]) -> tuple[int, int]:
    """Return where a place comes in the report: by view, the whole view before its regions."""
    view, region = place
    views, regions = list(View), list(RegionName)
    return (views.index(view) if view else len(views), regions.index(region) if region else -1)


def place_name(place: tuple[View | None, RegionName | None], reader: Reader) -> str:
    """Return a place in words: the region, the view, or both."""
    view, region = place
    names = [reader.language.text(REGIONS[region])] if region else []
    names += [reader.language.text(VIEWS[view])] if view else []
    return " · ".join(names)


def _date_order(figure: Figure) -> tuple[date, str]:
    return (figure.taken_on or date.min, figure.file)


def _comparison(
    place: tuple[View | None, RegionName | None], figures: Sequence[Figure], reader: Reader
) -> Comparison | None:
    here = [figure for figure in figures if (figure.view, figure.region) == place]
    moving = sorted((f for f in here if f.kind is FigureKind.ALIGNED_MOVING), key=_date_order)
    references = [f for f in here if f.kind is FigureKind.ALIGNED_REFERENCE]
    newest = moving[-1]
    partner = next(
        (f for f in references if f.file == newest.file and f.reference == newest.reference),
        next((f for f in references if newest.reference in {f.file, f.reference}), None),
    )
    if partner is None:
        return None
    return Comparison(
        anchor="pair-" + "-".join(word.value for word in place if word),
        region=place[1],
        title=place_name(place, reader),
        before=picture_of(partner, reader),
        after=picture_of(newest, reader),
        between=tuple(picture_of(figure, reader) for figure in moving[:-1]),
        maps=of_kind([f for f in here if f.file in {partner.file, newest.file}], MAP_KINDS, reader),
        earlier_maps=of_kind([f for f in here if f.file != newest.file], (FigureKind.CHANGE_MAP,), reader),
    )
