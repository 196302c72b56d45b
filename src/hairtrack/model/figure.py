"""Pictures for the report, already encoded: the report lays them out and never computes on pixels."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hairtrack.model.vocabulary import RegionName, View


class FigureKind(StrEnum):
    """What a picture shows."""

    PHOTO = "photo"
    OVERLAY = "overlay"
    ALIGNED_REFERENCE = "aligned_reference"
    ALIGNED_MOVING = "aligned_moving"
    COVERAGE_MAP = "coverage_map"
    CHANGE_MAP = "change_map"
    CLOSEUP_OVERLAY = "closeup_overlay"
    GHOST_OUTLINE = "ghost_outline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One encoded picture without any metadata inside.

    `file` is the photo that it shows (for a pair: the moving one), `reference` the photo that it is held against;
    `alt` states the finding for those who cannot see it; `contains_face` pictures are left out unless asked for.
    """

    kind: FigureKind
    file: str
    media_type: str
    content: bytes
    width_px: int
    height_px: int
    alt: str
    view: View | None = None
    region: RegionName | None = None
    taken_on: date | None = None
    reference: str | None = None
    contains_face: bool = False
