"""What alignment is given of a photo, and what it hands back for a pair."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hairtrack.imaging.photo import WorkingImage
from hairtrack.imaging.types import Mask, PointsXY
from hairtrack.imaging.warp import Warp
from hairtrack.model import PhotoKind, Registration, RegistrationStatus, Tier, View


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentInput:
    """One photo of a pair.

    Parameters
    ----------
    file
        The name that the registration is recorded under.
    working
        The reduced picture, with its relation to the full one.
    head_mask
        (h, w) of the working picture: hair-bearing scalp and hair. None on a close-up means that all of it is scalp,
        on a photo of the head that no head was found.
    landmarks_xy
        Points marked by a person, by name, in full-size pixels.
    kind
        A photo of the head or a close-up.
    view
        The declared or found view; None when unknown.
    px_per_mm
        Full-size pixels a millimetre, None when unknown.
    """

    file: str
    working: WorkingImage
    head_mask: Mask | None = None
    landmarks_xy: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    kind: PhotoKind = PhotoKind.GLOBAL
    view: View | None = None
    px_per_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A pair of photos brought together, or the reason why not.

    Parameters
    ----------
    record
        The decision as values.
    warp
        The map in full-size pixels; None when refused.
    reference_trusted
        (h, w) of the reference's working picture: where the map is vouched for; None when refused.
    """

    record: Registration
    warp: Warp | None
    reference_trusted: Mask | None

    @property
    def status(self) -> RegistrationStatus:
        """Accepted or refused."""
        return self.record.status

    @property
    def reason(self) -> str | None:
        """Why it was refused, in words; None when accepted."""
        return self.record.reason

    @property
    def tier(self) -> Tier:
        """On what the alignment rests."""
        return self.record.tier

    @property
    def expected_error_px(self) -> float | None:
        """Standard error of a carried point in reference pixels; None when refused."""
        return self.record.expected_error_px

    def moving_from_reference(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the reference lie in the moving photo; NaN outside the overlap or when refused."""
        points = np.asarray(points_xy, np.float64).reshape(-1, 2)
        return np.full_like(points, np.nan) if self.warp is None else self.warp.moving_from_reference(points)

    def reference_from_moving(self, points_xy: PointsXY) -> PointsXY:
        """Return where points of the moving photo lie in the reference; NaN outside the overlap or when refused."""
        points = np.asarray(points_xy, np.float64).reshape(-1, 2)
        return np.full_like(points, np.nan) if self.warp is None else self.warp.reference_from_moving(points)


def accepted_record(
    reference: AlignmentInput,
    moving: AlignmentInput,
    *,
    tier: Tier,
    expected_error_px: float,
    overlap_fraction: float,
    scores: tuple[tuple[str, float], ...],
) -> Registration:
    """Return the record of an accepted pair; the error also in millimetres where the scale of the reference is known.

    Parameters
    ----------
    reference, moving
        The pair.
    tier
        On what the alignment rests.
    expected_error_px
        Standard error of a carried point, full-size pixels of the reference.
    overlap_fraction
        Share of the reference's head that is vouched for; at most 1 is kept.
    scores
        The evidence by name.
    """
    scale = reference.px_per_mm
    return Registration(
        reference=reference.file,
        moving=moving.file,
        status=RegistrationStatus.ACCEPTED,
        tier=tier,
        expected_error_px=expected_error_px,
        expected_error_mm=None if scale is None else expected_error_px / scale,
        overlap_fraction=min(1.0, overlap_fraction),
        scores=scores,
    )
