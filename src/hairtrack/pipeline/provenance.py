"""What made a result: versions, methods, settings, inputs and sources, by name."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from typing import Any

from hairtrack import __version__
from hairtrack.knowledge import Knowledge
from hairtrack.model import Assessment, Case, Measured, Measurement, Provenance
from hairtrack.pipeline.settings import Settings

LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "scipy", "scikit-image")
"""Libraries whose version can change a pixel or a number."""


def provenance_of(
    case: Case,
    measurements: Iterable[Measurement],
    assessment: Assessment,
    *,
    settings: Settings,
    knowledge: Knowledge,
) -> Provenance:
    """Return versions, methods, settings, inputs and the sources that verdicts and bands rest on."""
    methods = {m.measurand: m.result.method for m in measurements if isinstance(m.result, Measured)}
    cited = {key for verdict in assessment.verdicts for key in verdict.source_keys}
    cited |= {key for band in assessment.bands for key in band.source_keys}
    return Provenance(
        hairtrack=__version__,
        methods=dict(sorted(methods.items())),
        settings=dict(sorted(flat_settings(settings).items())),
        inputs={photo.file: photo.sha256 for photo in case.photos if photo.sha256},
        libraries={library: version(library) for library in LIBRARIES},
        sources=tuple(knowledge.sources[key] for key in sorted(cited) if key in knowledge.sources),
    )


def flat_settings(settings: Any, prefix: str = "") -> Mapping[str, str]:
    """Return every leaf of a settings tree by its dotted name."""
    leaves: dict[str, str] = {}
    for entry in fields(settings):
        value = getattr(settings, entry.name)
        name = f"{prefix}{entry.name}"
        leaves |= flat_settings(value, f"{name}.") if is_dataclass(value) else {name: str(value)}
    return leaves
