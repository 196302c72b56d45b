"""Clinical numbers as typed values: each with its unit, population, sources and evidence grade."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from hairtrack.model import EvidenceGrade, KnowledgeError, Source, TreatmentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One clinical number.

    Parameters
    ----------
    key
        `file.row`, such as `transplant.front_median_months`.
    value
        The number, in `unit`.
    spread
        Standard deviation between patients or of the prior, in `unit`; None when the row is a plain limit.
    low, high
        Range found over the sources, in `unit`; None when one figure was found.
    population
        Whom it was found in.
    sources
        Keys of models/SOURCES.bib; empty only for assumptions.
    grade
        Evidence grade; ASSUMED is printed as such.
    """

    key: str
    value: float
    unit: str
    population: str
    grade: EvidenceGrade
    sources: tuple[str, ...] = ()
    spread: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def assumed(self) -> bool:
        """Whether no source was found for this number."""
        return self.grade is EvidenceGrade.ASSUMED


@dataclass(frozen=True, slots=True, kw_only=True)
class ContraIndication:
    """A condition that speaks against a treatment; `words` are what a record may call it, in lower case."""

    key: str
    words: tuple[str, ...]
    treatments: tuple[TreatmentKind, ...]
    text: str
    sources: tuple[str, ...]
    grade: EvidenceGrade


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """Everything under models/, read once: facts, contra-indications and sources by key.

    Compared by identity, so that what is worked out of it can be kept by it.
    """

    facts: Mapping[str, Fact]
    contra_indications: tuple[ContraIndication, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)

    def fact(self, key: str) -> Fact:
        """Return the row with this key, or raise `KnowledgeError` naming it."""
        try:
            return self.facts[key]
        except KeyError:
            raise KnowledgeError(
                "no such row", where=f"models: {key}", remedy="add the row with its source, or correct the key"
            ) from None

    def value(self, key: str) -> float:
        """Return the number of a row, or raise `KnowledgeError` naming it."""
        found = self.facts.get(key)
        return self.fact(key).value if found is None else found.value

    def spread(self, key: str) -> float:
        """Return the standard deviation of a row, or raise `KnowledgeError` when the row has none."""
        spread = self.fact(key).spread
        if spread is None:
            raise KnowledgeError("the row has no spread", where=f"models: {key}", remedy="add spread = ...")
        return spread

    def find(self, key: str) -> Fact | None:
        """Return the row with this key, or None."""
        return self.facts.get(key)

    def keys_below(self, prefix: str) -> Iterator[str]:
        """Yield the keys of one table, such as `prp.`, in their order."""
        return (key for key in self.facts if key.startswith(prefix))

    def sources_below(self, *prefixes: str) -> tuple[str, ...]:
        """Return the source keys that tables rest on, each once, in their order."""
        keys = [s for prefix in prefixes for key in self.keys_below(prefix) for s in self.facts[key].sources]
        return tuple(dict.fromkeys(keys))

    def assumed_below(self, *prefixes: str) -> tuple[str, ...]:
        """Return the keys of the assumptions within tables."""
        return tuple(key for prefix in prefixes for key in self.keys_below(prefix) if self.facts[key].assumed)

    def with_values(self, changed: Mapping[str, float]) -> "Knowledge":
        """Return the same knowledge with other numbers in some rows, to ask what hangs on them."""
        facts = dict(self.facts) | {key: replace(self.fact(key), value=value) for key, value in changed.items()}
        return replace(self, facts=facts)
