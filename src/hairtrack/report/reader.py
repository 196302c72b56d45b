"""The reader of a report: audience, language, and by which names photos are called before them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hairtrack.model import Dossier
from hairtrack.report.audience import Audience
from hairtrack.report.language import N_, Language, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads, and how to speak to them.

    `photo_numbers` gives each file its place in the case. A patient sees `Photo 3` in place of every file name, also
    inside sentences, since names of files and folders often hold names of people.
    """

    audience: Audience
    language: Language
    show_face: bool = False
    photo_numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_patient(self) -> bool:
        """Whether the page is for the patient."""
        return self.audience is Audience.PATIENT

    def photo_name(self, file: str) -> str:
        """Return what a photo is called on the page."""
        number = self.photo_numbers.get(file)
        if number is None:
            return self.language.text(N_("a photo")) if self.is_patient else file
        return self.language.text(N_("Photo %(number)s")) % {"number": number} if self.is_patient else file

    def sentence(self, message: str) -> Sentence:
        """Return a sentence of another room in the reader's language, without file names for a patient."""
        return self.without_file_names(self.language.sentence(message))

    def without_file_names(self, said: Sentence) -> Sentence:
        """Return a sentence that is already in the reader's language, photos by their number for a patient."""
        if not self.is_patient or not self.photo_numbers:
            return said
        names = sorted(self.photo_numbers, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in names)
        return Sentence(text=re.sub(pattern, lambda found: self.photo_name(found[0]), said.text), lang=said.lang)

    def full_sentence(self, message: str) -> Sentence:
        """Return a sentence of another room with a capital and a full stop, since some are written as fragments."""
        said = self.sentence(message.strip())
        if not said.text:
            return said
        # A sentence that stayed English keeps to its own rule of capitals.
        text = said.text[0].upper() + said.text[1:] if said.lang else self.language.capitalised(said.text)
        return Sentence(text=text if text.endswith((".", "!", "?")) else f"{text}.", lang=said.lang)

    def sentences(self, messages: tuple[str, ...]) -> tuple[Sentence, ...]:
        """Return several sentences, each once."""
        return tuple(self.sentence(message) for message in dict.fromkeys(messages) if message)


def reader_of(dossier: Dossier, *, audience: Audience, language: Language, show_face: bool = False) -> Reader:
    """Return the reader of a dossier, with its photos numbered in the order of the dossier."""
    numbers = {entry.photo.file: index for index, entry in enumerate(dossier.photos, start=1)}
    return Reader(audience=audience, language=language, show_face=show_face, photo_numbers=numbers)
