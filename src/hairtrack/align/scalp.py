"""The scalp matched on itself: key points, a loose plane, a curved trend, a bounded remainder, dense motion."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.copies import ScalpCopies
from hairtrack.align.flow import remaining_flow
from hairtrack.align.keypoints import (
    Matches,
    agreeing,
    guided_matches,
    mutual_matches,
    pooled,
)
from hairtrack.align.remainder import sampled, spread
from hairtrack.align.settings import ScalpSettings
from hairtrack.align.trend import fit_trend, neighbours_agree
from hairtrack.imaging.grid_warp import dense_from_nodes
from hairtrack.imaging.types import GrayImage, Mask, PointsXY
from hairtrack.imaging.warp import apply_matrix

Nodes = NDArray[np.float32]
"""(h, w, 2): places of the nodes of a grid over the reference working picture in the moving working picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoarseFit:
    """Matches that agree on a loose plane.

    `predicted_xy` (M, 2) is where the plane puts their reference points; `turn_deg` and `log2_scale` are of the whole;
    `tried_matches` were there before any agreement was asked for.
    """

    matches: Matches
    predicted_xy: PointsXY
    turn_deg: float
    log2_scale: float
    tried_matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpView:
    """A pair seen through a map.

    `nodes_xy` (h, w, 2): places of the grid's nodes in the moving working picture, between `matched_xy`, where matches
    alone put them, and `moved_xy`, where dense motion then moved them; `laid` and `laid_suppressed` the moving copies
    brought to the reference; `overlap` (H, W) where both show scalp; `miss_px` (H, W) of forward and backward motion.
    """

    nodes_xy: Nodes
    matched_xy: Nodes
    moved_xy: Nodes
    laid: GrayImage
    laid_suppressed: GrayImage
    overlap: Mask
    miss_px: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpFit:
    """A map found by matching the scalp, before anyone decided whether to believe it.

    `view` is the pair seen through it; `matches` hold it; `coarse_matches` agreed on a plane, of `tried_matches`.
    """

    view: ScalpView
    matches: Matches
    coarse_matches: int
    tried_matches: int


def coarse_fit(reference: ScalpCopies, moving: ScalpCopies, settings: ScalpSettings) -> CoarseFit | None:
    """Return what agrees on a loose plane, or None when too little does: two different heads end here."""
    tried = pooled(
        [
            mutual_matches(
                one.kept(one.inside(reference.head)), other.kept(other.inside(moving.head)), ratio=settings.ratio
            )
            for one, other in zip(reference.keypoints, moving.keypoints, strict=True)
        ]
    )
    if len(tried) < settings.fewest_matches:
        return None
    agreed, turn, log2_scale = agreeing(tried)
    if len(agreed) < settings.fewest_matches:
        return None
    plane = _loose_plane(agreed, settings.loose_fraction * moving.diameter_px, fewest=settings.fewest_matches)
    if plane is None or len(plane[0]) < settings.least_coarse_share * len(tried):
        return None
    return CoarseFit(
        matches=plane[0], predicted_xy=plane[1], turn_deg=turn, log2_scale=log2_scale, tried_matches=len(tried)
    )


def first_map(
    reference: ScalpCopies, moving: ScalpCopies, coarse: CoarseFit, settings: ScalpSettings
) -> tuple[Matches, Nodes]:
    """Return a first curved map with its matches, good enough to tell where the head lies."""
    once = replace(settings, search_fractions=settings.search_fractions[:1])
    return _curved_fit(reference, moving, coarse, once)


def refined_fit(
    reference: ScalpCopies, moving: ScalpCopies, coarse: CoarseFit, settings: ScalpSettings
) -> ScalpFit | None:
    """Return the map from the reference to the moving photo, or None when too little agrees near the coarse one."""
    matches, nodes = _curved_fit(reference, moving, coarse, settings)
    if len(matches) < settings.fewest_matches:
        return None
    view = _with_flow((reference, moving), nodes, motion_share(matches, settings), settings)
    return ScalpFit(view=view, matches=matches, coarse_matches=len(coarse.matches), tried_matches=coarse.tried_matches)


def motion_share(matches: Matches, settings: ScalpSettings) -> float:
    """Return how far dense motion is followed, 0 to 1: the less alike the matches, the more it follows changed hair."""
    least, whole = settings.motion_likenesses
    alike = float(np.clip((matches.likeness.mean() - least) / (whole - least), 0, 1))
    return settings.least_motion_share + (1 - settings.least_motion_share) * alike


def _loose_plane(matches: Matches, threshold_px: float, *, fewest: int) -> tuple[Matches, PointsXY] | None:
    """Return the matches of a homography fitted loosely, and where it puts their reference points."""
    matrix, inlier = cv2.findHomography(
        matches.reference_xy.astype(np.float32),
        matches.moving_xy.astype(np.float32),
        cv2.USAC_MAGSAC,
        threshold_px,
        maxIters=3000,
        confidence=0.9999,
    )
    if np.size(matrix) != 9 or int(np.sum(inlier)) < fewest:  # noqa: PLR2004 None when no plane was found
        return None
    kept = matches.kept(np.asarray(inlier, np.bool_).ravel())
    predicted = apply_matrix(np.asarray(matrix, np.float64), kept.reference_xy)
    if not np.isfinite(predicted).all():
        return None
    residual = kept.moving_xy - predicted
    agree = neighbours_agree(kept, residual, tolerance_px=threshold_px)
    if int(agree.sum()) < fewest:
        return None
    return kept.kept(agree), predicted[agree]


def _curved_fit(
    reference: ScalpCopies,
    moving: ScalpCopies,
    coarse: CoarseFit,
    settings: ScalpSettings,
) -> tuple[Matches, Nodes]:
    """Return the guided matches and the nodes of a trend with its remainder."""
    matches, predicted = coarse.matches, coarse.predicted_xy
    unit = moving.diameter_px
    step = settings.node_step_px
    shape = node_shape(reference.head.shape, step)
    nodes = np.zeros((*shape, 2), np.float32)
    for number, radius in enumerate(settings.search_fractions):
        nodes = _smooth_map(matches, predicted, unit, _FIRST if number == 0 else _NEXT, shape=shape, step=step)
        found = [
            guided_matches(
                one,
                other,
                sampled(nodes, one.xy, step),
                radius_px=radius * unit,
                turn_deg=coarse.turn_deg,
                log2_scale=coarse.log2_scale,
                likeness=settings.likeness,
            )
            for one, other in zip(reference.keypoints, moving.keypoints, strict=True)
        ]
        matches = pooled(found)
        if len(matches) < settings.fewest_matches:
            return matches, nodes
        residual = matches.moving_xy - sampled(nodes, matches.reference_xy, step)
        matches = matches.kept(neighbours_agree(matches, residual, tolerance_px=max(2.0, 0.4 * radius * unit)))
        if len(matches) < settings.fewest_matches:
            return matches, nodes
        predicted = sampled(nodes, matches.reference_xy, step)
    last = _Stiffness(
        degree=3,
        weights=(0.012, 0.008),
        kernels=settings.last_kernel_fractions,
        outliers=settings.last_outlier_fractions,
    )
    return matches, _smooth_map(matches, predicted, unit, last, shape=shape, step=step)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stiffness:
    """How freely a map may bend: degree of the trend, widths of its weights, kernels of the remainder, outliers.

    Lengths are fractions of the head's diameter.
    """

    degree: int
    weights: tuple[float, ...]
    kernels: tuple[float, ...]
    outliers: tuple[float, ...]


_KERNELS, _OUTLIERS = (0.08, 0.05, 0.03), (0.02, 0.01, 0.006)
_FIRST = _Stiffness(degree=2, weights=(0.03, 0.02, 0.015), kernels=_KERNELS, outliers=_OUTLIERS)
_NEXT = _Stiffness(degree=3, weights=(0.015, 0.01, 0.007), kernels=_KERNELS, outliers=_OUTLIERS)


def _smooth_map(
    matches: Matches,
    predicted: PointsXY,
    unit_px: float,
    stiffness: _Stiffness,
    *,
    shape: tuple[int, int],
    step: int,
) -> NDArray[np.float32]:
    """Return the nodes of a trend through the matches with its bounded remainder."""
    trend = fit_trend(
        matches.reference_xy,
        matches.moving_xy,
        degree=stiffness.degree,
        scales_px=tuple(unit_px * width for width in stiffness.weights),
        start=predicted,
    )
    remainder = spread(
        matches.reference_xy,
        matches.moving_xy - trend(matches.reference_xy),
        shape=shape,
        step_px=step,
        widths_px=tuple(unit_px * width for width in stiffness.kernels),
        outlier_px=tuple(unit_px * limit for limit in stiffness.outliers),
    )
    return (trend(node_places(shape, step)).reshape(*shape, 2) + remainder).astype(np.float32)


def _with_flow(
    pair: tuple[ScalpCopies, ScalpCopies], matched: Nodes, share: float, settings: ScalpSettings
) -> ScalpView:
    """Return the map with the share of dense motion that is followed, and the pair seen through it."""
    reference, moving = pair
    step = settings.node_step_px
    unit = reference.diameter_px
    shape = (reference.head.shape[0], reference.head.shape[1])
    miss, moved = np.zeros(shape, np.float32), matched
    for smoothing in settings.flow_smoothing_fractions:
        dense = dense_from_nodes(moved, shape, step)
        laid, overlap = _laid(moving.normalised, moving.head, dense, reference.head)
        motion, miss = remaining_flow(
            np.where(overlap, reference.normalised, 0).astype(np.float32),
            laid,
            overlap,
            smoothing_px=smoothing * unit,
            limit_px=0.02 * unit,
        )
        # what the reference shows at x is laid at x + motion: the map read there is the better one
        moved = _shifted(dense, motion, (matched.shape[0], matched.shape[1]), step)
    nodes = np.asarray(matched + np.float32(share) * (moved - matched), np.float32)
    dense = dense_from_nodes(nodes, shape, step)
    laid, overlap = _laid(moving.normalised, moving.head, dense, reference.head)
    laid_suppressed, _ = _laid(moving.suppressed, moving.head, dense, reference.head)
    return ScalpView(
        nodes_xy=nodes,
        matched_xy=matched,
        moved_xy=moved,
        laid=laid,
        laid_suppressed=laid_suppressed,
        overlap=overlap,
        miss_px=miss,
    )


def _laid(
    picture: GrayImage, mask: Mask, dense_xy: NDArray[np.float32], reference_mask: Mask
) -> tuple[GrayImage, Mask]:
    """Return a moving copy over the reference, and where both show scalp."""
    laid = cv2.remap(picture, dense_xy[..., 0], dense_xy[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    shown = cv2.remap(
        mask.astype(np.uint8), dense_xy[..., 0], dense_xy[..., 1], cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT
    )
    overlap = np.asarray((shown > 0) & reference_mask, np.bool_)
    return np.where(overlap, laid, 0).astype(np.float32), overlap


def _shifted(
    dense_xy: NDArray[np.float32], motion: NDArray[np.float32], shape: tuple[int, ...], step: int
) -> NDArray[np.float32]:
    """Return the nodes of the map read where the motion points to."""
    columns, rows = np.meshgrid(
        np.arange(shape[1], dtype=np.float32) * np.float32(step),
        np.arange(shape[0], dtype=np.float32) * np.float32(step),
    )
    at_nodes = sampled_dense(motion, columns, rows)
    # beyond the picture's edge the map must go on, not stop: linear continuation by the step from the inside
    return np.asarray(sampled_map(dense_xy, columns + at_nodes[..., 0], rows + at_nodes[..., 1]), np.float32)


def sampled_dense(
    field: NDArray[np.float32], columns: NDArray[np.float32], rows: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return a dense field (H, W, k) at places given as columns and rows."""
    return np.asarray(
        cv2.remap(
            field,
            np.asarray(columns, np.float32),
            np.asarray(rows, np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def sampled_map(
    dense_xy: NDArray[np.float32], columns: NDArray[np.float32], rows: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return a dense map at places, moved on unchanged by what lies beyond the picture's edge."""
    height, width = dense_xy.shape[:2]
    inside_x, inside_y = np.clip(columns, 0, width - 1), np.clip(rows, 0, height - 1)
    values = sampled_dense(dense_xy, inside_x, inside_y)
    return np.asarray(values + np.stack([columns - inside_x, rows - inside_y], axis=-1), np.float32)


def united_heads(nodes_xy: NDArray[np.float32], heads: tuple[Mask, Mask], *, node_step_px: int) -> tuple[Mask, Mask]:
    """Return both head masks (reference, moving), each with what the other photo shows of the head."""
    reference, moving = heads
    dense = dense_from_nodes(nodes_xy, (reference.shape[0], reference.shape[1]), node_step_px)
    seen = cv2.remap(moving.astype(np.uint8), dense[..., 0], dense[..., 1], cv2.INTER_NEAREST)
    brought = np.zeros(moving.shape, np.uint8)
    outlines, _ = cv2.findContours(reference.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for outline in outlines:
        places = sampled(nodes_xy, np.asarray(outline, np.float64).reshape(-1, 2), node_step_px)
        cv2.fillPoly(brought, [np.round(places).astype(np.int32).reshape(-1, 1, 2)], 1)
    return np.asarray(reference | (seen > 0), np.bool_), np.asarray(moving | (brought > 0), np.bool_)


def node_shape(shape: tuple[int, ...], step: int) -> tuple[int, int]:
    """Return how many nodes (rows, columns) cover a picture."""
    return -(-(shape[0] - 1) // step) + 1, -(-(shape[1] - 1) // step) + 1


def node_places(shape: tuple[int, int], step: int) -> PointsXY:
    """Return where the nodes lie in the working picture, (N, 2), row by row."""
    columns, rows = np.meshgrid(np.arange(shape[1]) * float(step), np.arange(shape[0]) * float(step))
    return np.asarray(np.c_[columns.ravel(), rows.ravel()], np.float64)
