"""Blind review: the same pictures under letters in a shuffled order, without dates, names, numbers or verdicts.

The order follows a hash of each photo's pixels, so it says nothing about time and is the same on every run; the key
that resolves the letters is a file of its own.
"""

import hashlib
import json
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hairtrack.model import Dossier, Figure, FigureKind, RegionName, View
from hairtrack.report.language import N_
from hairtrack.report.pictures import Picture, picture_of, place_name, place_order
from hairtrack.report.reader import Reader

KEY_SCHEMA = "hairtrack.blind_key/1"
_SHOWN_KINDS = (FigureKind.PHOTO, FigureKind.ALIGNED_REFERENCE, FigureKind.ALIGNED_MOVING)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetteredPicture:
    """A picture known by a letter alone."""

    letter: str
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindGroup:
    """All pictures of one place, to be ranked or judged side by side."""

    title: str
    pictures: tuple[LetteredPicture, ...]


def letters_of(dossier: Dossier) -> Mapping[str, str]:
    """Return the letter of each photo file, in the shuffled order."""
    photos = sorted((entry.photo for entry in dossier.photos), key=lambda photo: _shuffled(photo.photo_id, photo.file))
    return {photo.file: _letter(index) for index, photo in enumerate(photos)}


def blind_groups(dossier: Dossier, figures: Sequence[Figure], reader: Reader) -> tuple[BlindGroup, ...]:
    """Return the pictures by place; within a place in the order of their letters."""
    letters = letters_of(dossier)
    shown = [figure for figure in figures if figure.kind in _SHOWN_KINDS and figure.file in letters]
    # A photo and its aligned picture of the same place would be shown twice: the aligned one is the fairer one.
    aligned = {(f.view, f.region, f.file) for f in shown if f.kind is not FigureKind.PHOTO}
    shown = [f for f in shown if f.kind is not FigureKind.PHOTO or (f.view, f.region, f.file) not in aligned]
    places = sorted({(figure.view, figure.region) for figure in shown}, key=place_order)
    return tuple(_group(place, shown, letters, reader) for place in places)


def blind_key(dossier: Dossier) -> str:
    """Return the key of a blind report: which letter is which photo, as JSON text."""
    facts = {entry.photo.file: entry.photo for entry in dossier.photos}
    pictures = {
        letter: {
            "file": file,
            "photo_id": facts[file].photo_id,
            "taken_on": day.isoformat() if (day := facts[file].taken_on) else None,
        }
        for file, letter in letters_of(dossier).items()
    }
    return json.dumps({"schema": KEY_SCHEMA, "pictures": pictures}, ensure_ascii=False, indent=1) + "\n"


def _group(
    place: tuple[View | None, RegionName | None],
    figures: Sequence[Figure],
    letters: Mapping[str, str],
    reader: Reader,
) -> BlindGroup:
    here = sorted((f for f in figures if (f.view, f.region) == place), key=lambda f: _rank(letters[f.file]))
    return BlindGroup(
        title=place_name(place, reader),
        pictures=tuple(
            LetteredPicture(letter=letters[figure.file], picture=_nameless(figure, letters[figure.file], reader))
            for figure in here
        ),
    )


def _nameless(figure: Figure, letter: str, reader: Reader) -> Picture:
    """Return a picture whose words give nothing away: alternative texts usually name the date."""
    name = reader.language.text(N_("Picture %(letter)s")) % {"letter": letter}
    return picture_of(replace(figure, alt=name, taken_on=None), reader)


def _shuffled(photo_id: str, file: str) -> tuple[bytes, str]:
    return hashlib.sha256(f"blind {photo_id}".encode()).digest(), file


def _letter(index: int) -> str:
    """Return A to Z, then AA, AB..."""
    letters = string.ascii_uppercase
    return (
        letters[index] if index < len(letters) else _letter(index // len(letters) - 1) + letters[index % len(letters)]
    )


def _rank(letter: str) -> tuple[int, str]:
    return len(letter), letter
