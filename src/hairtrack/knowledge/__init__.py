"""The clinical literature as data: typed reading of models/."""

from hairtrack.knowledge.facts import ContraIndication, Fact, Knowledge
from hairtrack.knowledge.reading import load, read_models

__all__ = ["ContraIndication", "Fact", "Knowledge", "load", "read_models"]
