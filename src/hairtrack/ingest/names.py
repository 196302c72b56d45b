"""What file and folder names say: view and region in four languages, and a printable form of any name."""

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from hairtrack.model import FactSource, RegionName, View

_VIEW_WORDS: Mapping[View, tuple[str, ...]] = {
    View.TOP: (
        *("top", "topdown", "top down", "overhead", "from above"),
        *("üst", "üstten", "yukarıdan", "tepeden"),
        *("arriba", "desde arriba", "superior", "cenital"),
        *("oben", "von oben", "draufsicht", "oberkopf"),
    ),
    View.VERTEX: (
        *("vertex", "crown"),
        *("verteks", "tepe", "taç"),
        *("coronilla", "vértice", "corona"),
        *("wirbel", "tonsur", "haarwirbel"),
    ),
    View.FRONT: (
        *("front", "frontal", "forehead", "hairline", "hair line", "front hairline"),
        *("önden", "alın", "saç çizgisi"),
        *("frente", "delante", "línea capilar", "línea frontal", "entradas"),
        *("vorne", "vorn", "stirn", "haaransatz", "haarlinie"),
    ),
    View.LEFT: (
        *("left", "left side", "left profile"),
        *("sol", "soldan", "sol yan"),
        *("izquierda", "izquierdo", "izq"),
        *("links", "linke", "linke seite"),
    ),
    View.RIGHT: (
        *("right", "right side", "right profile"),
        *("sağ", "sağdan", "sağ yan"),
        *("derecha", "derecho", "dcha"),
        *("rechts", "rechte", "rechte seite"),
    ),
    View.BACK: (
        *("back", "rear", "donor", "donor area", "occipital", "nape"),
        *("arka", "arkadan", "ense", "donör", "verici", "verici alan"),
        *("atrás", "detrás", "trasera", "posterior", "nuca", "donante", "zona donante"),
        *("hinten", "hinterkopf", "nacken", "spender", "spenderbereich", "rückseite", "rueckseite"),
    ),
    View.CLOSEUP: (
        *("closeup", "close up", "macro", "dermoscopy", "dermatoscopy", "dermoscope", "trichoscopy", "trichoscope"),
        *("yakın", "yakın çekim", "yakın plan", "dermoskopi", "dermatoskopi", "trikoskopi"),
        *("primer plano", "acercamiento", "dermatoscopia", "dermatoscopía", "tricoscopia", "tricoscopía"),
        *("nahaufnahme", "makro", "dermatoskop", "dermatoskopie", "trichoskopie", "auflichtmikroskopie"),
    ),
}

_SPELT_AS_WRITTEN = {View.FRONT: "ön"}
"""Words that mean something else without their accents (`on`), so they count only with them."""

_REGION_WORDS: Mapping[RegionName, tuple[str, ...]] = {
    RegionName.FRONTAL_HAIRLINE: (
        *("hairline", "hair line", "front hairline", "frontal hairline", "saç çizgisi", "ön saç çizgisi"),
        *("línea capilar", "línea frontal", "haaransatz", "haarlinie"),
    ),
    RegionName.FRONTAL: ("front", "frontal", "forehead", "önden", "alın", "frente", "vorne", "vorn", "stirn"),
    RegionName.MIDSCALP: ("midscalp", "mid scalp", "orta", "mitte"),
    RegionName.VERTEX: _VIEW_WORDS[View.VERTEX],
    RegionName.TEMPLE_LEFT: (
        *("temple left", "left temple", "sol şakak", "sien izquierda", "linke schläfe", "schläfe links"),
    ),
    RegionName.TEMPLE_RIGHT: (
        *("temple right", "right temple", "sağ şakak", "sien derecha", "rechte schläfe", "schläfe rechts"),
    ),
    RegionName.PARIETAL_LEFT: (
        *("parietal left", "left parietal", "sol parietal", "parietal izquierda", "parietal izquierdo"),
        "parietal links",
    ),
    RegionName.PARIETAL_RIGHT: (
        *("parietal right", "right parietal", "sağ parietal", "parietal derecha", "parietal derecho"),
        "parietal rechts",
    ),
    RegionName.OCCIPITAL: (
        *("occipital", "donor", "donör", "verici", "donante", "spender", "spenderbereich", "oksipital", "nape"),
        *("ense", "nuca", "nacken", "hinterkopf", "okzipital"),
    ),
}

Meaning = TypeVar("Meaning", View, RegionName)

_INNER_CAPITAL = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")


def printable_name(name: str) -> str:
    r"""Return a name that is safe to print, write and compare: what cannot be shown is escaped, no two names collide.

    Bytes that are no UTF-8 (they arrive as lone surrogates), control characters, marks that reverse the direction of
    text and backslashes become `\x..`, `\u....` or `\\`.
    """
    shown: list[str] = []
    for character in name:
        code = ord(character)
        if character == "\\":
            shown.append("\\\\")
        elif 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 the range of PEP 383 for undecodable bytes
            shown.append(f"\\x{code - 0xDC00:02x}")
        elif character.isprintable():
            shown.append(character)
        else:
            shown.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")  # noqa: PLR2004 the basic plane
    return "".join(shown)


def view_of_label(label: str) -> tuple[View | None, FactSource]:
    """Return the view that a photo's name tells, or that of its folders (inner first), and which of them told it.

    A name with two different views (`front_left`) tells none: it is an oblique picture, which is no view of ours.
    """
    *folders, name = label.split("/")
    stem = name.rsplit(".", maxsplit=1)[0]
    for source, text in ((FactSource.FILE_NAME, stem), *((FactSource.FOLDER_NAME, f) for f in reversed(folders))):
        views = views_in(text)
        if views:
            return (next(iter(views)), source) if len(views) == 1 else (None, FactSource.UNKNOWN)
    return None, FactSource.UNKNOWN


def views_in(text: str) -> frozenset[View]:
    """Return every view that a name mentions; a close-up of a place is a close-up."""
    views = frozenset(_meanings(text, _VIEW_WORDS))
    if not views:
        exact = _words(unicodedata.normalize("NFC", text).casefold())
        views = frozenset(view for view, word in _SPELT_AS_WRITTEN.items() if word in exact)
    return frozenset((View.CLOSEUP,)) if View.CLOSEUP in views else views


def region_of_label(label: str) -> RegionName | None:
    """Return the region that the name of a close-up or of its folders tells; None when there is not exactly one."""
    *folders, name = label.split("/")
    for text in (name.rsplit(".", maxsplit=1)[0], *reversed(folders)):
        regions = _meanings(text, _REGION_WORDS)
        if regions:
            return next(iter(regions)) if len(regions) == 1 else None
    return None


def folded(text: str) -> str:
    """Return text without case and accents, Turkish dotted and dotless i made one, for comparison."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ı", "i").casefold()


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _meanings(text: str, vocabulary: Mapping[Meaning, tuple[str, ...]]) -> set[Meaning]:
    """Return what a name means; a longer phrase takes its words from shorter ones (`left temple` is not `left`)."""
    left = " " + " ".join(_words(folded(_INNER_CAPITAL.sub(" ", text)))) + " "
    phrases = ((folded(phrase), meaning) for meaning, spelt in vocabulary.items() for phrase in spelt)
    found: set[Meaning] = set()
    for phrase, meaning in sorted(phrases, key=lambda pair: (-len(pair[0]), pair[0])):
        if f" {phrase} " in left:
            found.add(meaning)
            left = left.replace(f" {phrase} ", " | ")
    return found
