"""Where things are on the head, and how two photos of it were brought together."""

from dataclasses import dataclass

from hairtrack.model.vocabulary import FactSource, RegionName, RegistrationStatus, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region of the scalp as it lies on one photo.

    `polygon_xy` is in pixels of that photo; `source` is how it is known (`case_file`: drawn by a person, `picture`:
    from the atlas in head coordinates); `carried_from` names the photo that it was carried from by alignment.
    `position_std_px` is the standard error of the outline, `seen_fraction` the share of the region in the picture.
    """

    name: RegionName
    file: str
    polygon_xy: tuple[tuple[float, float], ...]
    source: FactSource
    carried_from: str | None = None
    position_std_px: float = 0.0
    seen_fraction: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The outcome of aligning `moving` onto `reference`, as values; the map itself lives in `imaging`.

    `expected_error_px` is the standard error of a carried point in reference pixels, None when refused.
    `overlap_fraction` is the share of the reference head that both photos show and that is trusted.
    """

    reference: str
    moving: str
    status: RegistrationStatus
    tier: Tier
    reason: str | None = None
    remedy: str | None = None
    expected_error_px: float | None = None
    expected_error_mm: float | None = None
    overlap_fraction: float = 0.0
    scores: tuple[tuple[str, float], ...] = ()
