"""Tier `head`: two heads laid on each other by their broad pattern, good for comparing regions as wholes.

Where single hairs and pores no longer match, the edges of thin places, the whorl and the lie of the hair still tell
which place is which, to a few millimetres. The outline starts the search; it cannot see a turn of the head, the
pattern can. Another head, another view or a mirror image does not reach the likeness that is asked.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from hairtrack.align.head_pattern import HeadPattern, head_pattern
from hairtrack.align.head_search import HeadPose, likest_pose, turned_poses, upright_poses
from hairtrack.align.head_settings import HeadSettings
from hairtrack.align.head_tiles import HeadFit, fit_head
from hairtrack.align.photos import Alignment, AlignmentInput, accepted_record
from hairtrack.align.scalp import node_places, node_shape
from hairtrack.imaging.grid_warp import GridWarp
from hairtrack.imaging.photo import WorkingImage
from hairtrack.imaging.types import Mask, PointsXY
from hairtrack.model import Tier

NODE_STEP_PX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadViews:
    """A head at two sizes: small for the search, larger for the fit; made once a photo."""

    coarse: HeadPattern
    fine: HeadPattern

    @property
    def radius_working_px(self) -> float:
        """Radius of the head in the working picture."""
        return self.fine.radius_px / self.fine.window_per_working


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadEvidence:
    """The best map between two heads with what speaks for it; `mirrored_likeness` is that of the mirror image."""

    pose: HeadPose
    fit: HeadFit
    mirrored_likeness: float

    @property
    def support(self) -> float:
        """Likeness of the two heads less the strain, weighted by the share that is seen twice and agrees: 0 to 1."""
        return max(0.0, self.fit.likeness - self.pose.strain) * self.fit.agreement * self.fit.seen_fraction

    def as_scores(self) -> tuple[tuple[str, float], ...]:
        """Return the evidence as it stands in the record."""
        return (
            ("head_start", round(self.pose.likeness, 3)),
            ("head_strain", round(self.pose.strain, 3)),
            ("head_mirrored", round(self.mirrored_likeness, 3)),
            ("head_support", round(self.support, 4)),
            ("head_likeness", round(self.fit.likeness, 3)),
            ("head_agreement", round(self.fit.agreement, 3)),
            ("head_miss_radii", round(self.fit.miss_radii, 4)),
            ("head_seen", round(self.fit.seen_fraction, 3)),
        )


def head_views(working: WorkingImage, head_mask: Mask, settings: HeadSettings) -> HeadViews:
    """Return a head brought to the two sizes at which it is compared."""
    chosen = settings.pattern
    sizes = (
        (chosen.coarse_radius_px, (chosen.coarse_narrow_radii, chosen.coarse_broad_radii)),
        (chosen.fine_radius_px, (chosen.narrow_radii, chosen.broad_radii)),
    )
    coarse, fine = (
        head_pattern(
            working.rgb8,
            head_mask,
            radius_px=radius,
            blurs_px=(blurs[0] * radius, blurs[1] * radius),
            settings=chosen,
        )
        for radius, blurs in sizes
    )
    return HeadViews(coarse=coarse, fine=fine)


def compare_heads(reference: HeadViews, moving: HeadViews, settings: HeadSettings) -> HeadEvidence | None:
    """Return the best map of one head onto the other with its evidence, before the gate; None when none is likely."""
    search = settings.search
    pose = likest_pose(reference.coarse, upright_poses(moving.coarse, search), search)
    if pose.likeness < settings.gate.least_start:
        pose = likest_pose(reference.coarse, turned_poses(moving.coarse, search), search)
    if pose.likeness < settings.gate.least_start:
        return None
    fit = fit_head(reference.fine, moving.fine, pose, settings.tiles)
    if fit is None:
        return None
    mirrored = likest_pose(reference.coarse, upright_poses(moving.coarse.mirrored(), search), search)
    return HeadEvidence(pose=pose, fit=fit, mirrored_likeness=mirrored.likeness)


def is_believed(evidence: HeadEvidence | None, settings: HeadSettings) -> bool:
    """Return whether a map between two heads reaches what another head, another view or a mirror image does not."""
    return (
        evidence is not None
        and evidence.support >= settings.gate.least_support
        and evidence.mirrored_likeness < evidence.pose.likeness
    )


Shown = tuple[AlignmentInput, Mask, HeadViews]
"""A photo, its head, and what is seen of it."""


def shown_heads(
    reference: AlignmentInput, moving: AlignmentInput, settings: HeadSettings
) -> tuple[Shown, Shown] | None:
    """Return two heads that can be compared; None without a head on both photos, or from different sides."""
    if reference.view is not None and moving.view is not None and reference.view is not moving.view:
        return None
    one, other = reference.head_mask, moving.head_mask
    if one is None or other is None or not one.any() or not other.any():
        return None
    still, laid = head_views(reference.working, one, settings), head_views(moving.working, other, settings)
    return (reference, one, still), (moving, other, laid)


def align_heads(reference: AlignmentInput, moving: AlignmentInput, *, settings: HeadSettings) -> Alignment | None:
    """Return the alignment of two heads by their broad pattern, None when it is not believed.

    Parameters
    ----------
    reference, moving
        Photos of a head with its mask, from one side; without a mask there is nothing to compare.
    settings
        Of the tier.
    """
    shown = shown_heads(reference, moving, settings)
    if shown is None:
        return None
    still, laid = shown
    evidence = compare_heads(still[2], laid[2], settings)
    if evidence is None or not is_believed(evidence, settings):
        return None
    return _accepted(still, laid, evidence, settings)


def expected_error_radii(evidence: HeadEvidence, settings: HeadSettings) -> float:
    """Return the standard error of a carried point in radii of the head."""
    return float(settings.error_factor * evidence.support**settings.error_power)


def _accepted(reference: Shown, moving: Shown, evidence: HeadEvidence, settings: HeadSettings) -> Alignment:
    photo, mask, views = reference
    shape = node_shape((mask.shape[0], mask.shape[1]), NODE_STEP_PX)
    places = node_places(shape, NODE_STEP_PX)
    mapped = moving_from_reference(places, views, moving[2], evidence.fit)
    trusted = mask & _vouched(views, evidence.fit, settings, mask.shape)
    at_nodes = np.asarray(trusted[_rows_columns(places, mask.shape)], np.bool_)
    at_nodes &= moving[1][_rows_columns(mapped, moving[1].shape)] & _inside(mapped, moving[1].shape)
    factor = photo.working.full_per_working
    warp = GridWarp(
        nodes_xy=moving[0].working.full_from_working(mapped).reshape(*shape, 2),
        trusted=at_nodes.reshape(shape),
        step_px=NODE_STEP_PX * factor,
        origin_px=(factor - 1) / 2,
    )
    error_px = expected_error_radii(evidence, settings) * views.radius_working_px * factor
    on_head = mask[_rows_columns(places, mask.shape)]
    record = accepted_record(
        photo,
        moving[0],
        tier=Tier.HEAD,
        expected_error_px=error_px,
        overlap_fraction=float(at_nodes.sum() / max(1, on_head.sum())),
        scores=evidence.as_scores(),
    )
    return Alignment(record=record, warp=warp, reference_trusted=trusted)


def moving_from_reference(places_xy: PointsXY, reference: HeadViews, moving: HeadViews, fit: HeadFit) -> PointsXY:
    """Return working places of the reference in the moving working picture."""
    return moving.fine.working_from_window(fit.map(reference.fine.window_from_working(places_xy)))


def _vouched(views: HeadViews, fit: HeadFit, settings: HeadSettings, shape: tuple[int, ...]) -> Mask:
    """Return where the map is vouched for: within the tiles that agree, each with its window."""
    reach = settings.tiles.windows_radii[-1] * views.radius_working_px
    canvas = np.zeros(shape, np.uint8)
    agreeing = views.fine.working_from_window(fit.tiles_xy[fit.agrees])
    hull = cv2.convexHull(agreeing.astype(np.float32)).round().astype(np.int32)
    cv2.fillConvexPoly(canvas, hull, 1)
    side = 2 * round(reach) + 1
    grown = cv2.dilate(canvas, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    return np.asarray(grown, np.bool_)


def _rows_columns(places_xy: PointsXY, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    columns, rows = np.round(places_xy).astype(int).T
    return np.clip(rows, 0, shape[0] - 1), np.clip(columns, 0, shape[1] - 1)


def _inside(places_xy: PointsXY, shape: tuple[int, ...]) -> Mask:
    return np.asarray(((places_xy >= 0) & (places_xy <= (shape[1] - 1, shape[0] - 1))).all(axis=1), np.bool_)
