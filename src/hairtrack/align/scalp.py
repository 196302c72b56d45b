"""The scalp matched on itself: key points, a loose plane, a curved trend, a bounded remainder, dense motion."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.appearance import gray_of, scalp_normalised, strand_suppressed
from hairtrack.align.flow import remaining_flow
from hairtrack.align.keypoints import (
    KeyPoints,
    Matches,
    agreeing,
    find_keypoints,
    guided_matches,
    mutual_matches,
    pooled,
)
from hairtrack.align.remainder import sampled, spread
from hairtrack.align.settings import ScalpSettings
from hairtrack.align.trend import fit_trend, neighbours_agree
from hairtrack.imaging.grid_warp import dense_from_nodes
from hairtrack.imaging.types import GrayImage, Mask, PointsXY, Rgb8Image
from hairtrack.imaging.warp import apply_matrix

_FEWEST_MATCHES = 12
"""A homography of 8 numbers with fewer than half as many matches again says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpCopies:
    """One photo as alignment sees it: two normalised copies with their key points.

    `normalised` and `suppressed` are (h, w); `keypoints` one set a copy; `mask` (h, w) is the scalp; `diameter_px` the
    diameter of a disc of its area.
    """

    normalised: GrayImage
    suppressed: GrayImage
    keypoints: tuple[KeyPoints, KeyPoints]
    mask: Mask
    diameter_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalpView:
    """A pair seen through a map.

    `nodes_xy` (h, w, 2): places of the grid's nodes in the moving working picture; `laid` and `laid_suppressed` the
    moving copies brought to the reference; `overlap` (H, W) where both show scalp; `miss_px` (H, W) of forward and
    backward motion.
    """

    nodes_xy: NDArray[np.float32]
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


def scalp_copies(rgb8: Rgb8Image, mask: Mask, settings: ScalpSettings) -> ScalpCopies:
    """Return the copies of a photo (h, w, 3) in which only the scalp counts."""
    gray = gray_of(rgb8)
    diameter = 2 * float(np.sqrt(mask.sum() / np.pi))
    window = settings.window_fraction * diameter
    normalised = scalp_normalised(gray, mask, window_px=window)
    thin = settings.strand_width_fraction * diameter
    # strands are taken from the normalised copy, since a closing of the photo would carry background into the scalp
    even = (normalised + np.float32(3)) / np.float32(6)
    suppressed = scalp_normalised(strand_suppressed(even, strand_width_px=thin), mask, window_px=window)
    reduction = max(1.0, diameter / settings.keypoint_diameter_px)
    keypoints = (
        find_keypoints(normalised, mask, count=settings.keypoints, contrast=settings.contrast, reduction=reduction),
        find_keypoints(suppressed, mask, count=settings.keypoints, contrast=settings.contrast, reduction=reduction),
    )
    return ScalpCopies(
        normalised=normalised, suppressed=suppressed, keypoints=keypoints, mask=mask, diameter_px=diameter
    )


def fit_scalp(reference: ScalpCopies, moving: ScalpCopies, settings: ScalpSettings) -> ScalpFit | None:
    """Return the map from the reference to the moving photo, or None when too little agrees to try one."""
    tried = pooled(
        [mutual_matches(a, b, ratio=settings.ratio) for a, b in zip(reference.keypoints, moving.keypoints, strict=True)]
    )
    if len(tried) < _FEWEST_MATCHES:
        return None
    agreed, turn, log2_scale = agreeing(tried)
    if len(agreed) < _FEWEST_MATCHES:
        return None
    coarse = _loose_plane(agreed, settings.loose_fraction * moving.diameter_px)
    if coarse is None:
        return None
    matches, nodes = _curved_fit(reference, moving, coarse, turn_deg=turn, log2_scale=log2_scale, settings=settings)
    if len(matches) < _FEWEST_MATCHES:
        return None
    view = _with_flow(reference, moving, nodes, settings)
    return ScalpFit(view=view, matches=matches, coarse_matches=len(coarse[0]), tried_matches=len(tried))


def _loose_plane(matches: Matches, threshold_px: float) -> tuple[Matches, PointsXY] | None:
    """Return the matches of a homography fitted loosely, and where it puts their reference points."""
    matrix, inlier = cv2.findHomography(
        matches.reference_xy.astype(np.float32),
        matches.moving_xy.astype(np.float32),
        cv2.USAC_MAGSAC,
        threshold_px,
        maxIters=10000,
        confidence=0.9999,
    )
    if np.size(matrix) != 9 or int(np.sum(inlier)) < _FEWEST_MATCHES:  # noqa: PLR2004 None when no plane was found
        return None
    kept = matches.kept(np.asarray(inlier, np.bool_).ravel())
    predicted = apply_matrix(np.asarray(matrix, np.float64), kept.reference_xy)
    if not np.isfinite(predicted).all():
        return None
    residual = kept.moving_xy - predicted
    agree = neighbours_agree(kept, residual, tolerance_px=threshold_px)
    if int(agree.sum()) < _FEWEST_MATCHES:
        return None
    return kept.kept(agree), predicted[agree]


def _curved_fit(
    reference: ScalpCopies,
    moving: ScalpCopies,
    coarse: tuple[Matches, PointsXY],
    *,
    turn_deg: float,
    log2_scale: float,
    settings: ScalpSettings,
) -> tuple[Matches, NDArray[np.float32]]:
    """Return the guided matches and the nodes of a trend with its remainder."""
    matches, predicted = coarse
    unit = moving.diameter_px
    step = settings.node_step_px
    shape = node_shape(reference.mask.shape, step)
    nodes = np.zeros((*shape, 2), np.float32)
    for number, radius in enumerate(settings.search_fractions):
        nodes = _smooth_map(matches, predicted, unit, _FIRST if number == 0 else _NEXT, shape=shape, step=step)
        found = [
            guided_matches(
                one,
                other,
                sampled(nodes, one.xy, step),
                radius_px=radius * unit,
                turn_deg=turn_deg,
                log2_scale=log2_scale,
                likeness=settings.likeness,
            )
            for one, other in zip(reference.keypoints, moving.keypoints, strict=True)
        ]
        matches = pooled(found)
        if len(matches) < _FEWEST_MATCHES:
            return matches, nodes
        residual = matches.moving_xy - sampled(nodes, matches.reference_xy, step)
        matches = matches.kept(neighbours_agree(matches, residual, tolerance_px=max(2.0, 0.4 * radius * unit)))
        if len(matches) < _FEWEST_MATCHES:
            return matches, nodes
        predicted = sampled(nodes, matches.reference_xy, step)
    return matches, _smooth_map(matches, predicted, unit, _LAST, shape=shape, step=step)


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
_LAST = _Stiffness(degree=3, weights=(0.012, 0.008), kernels=(0.08, 0.04, 0.02), outliers=(0.012, 0.007, 0.005))


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
    reference: ScalpCopies, moving: ScalpCopies, nodes: NDArray[np.float32], settings: ScalpSettings
) -> ScalpView:
    """Return the map with what dense motion adds to it, and the pair seen through it."""
    step = settings.node_step_px
    unit = reference.diameter_px
    shape = (reference.mask.shape[0], reference.mask.shape[1])
    miss = np.zeros(shape, np.float32)
    for smoothing in settings.flow_smoothing_fractions:
        dense = dense_from_nodes(nodes, shape, step)
        laid, overlap = _laid(moving.normalised, moving.mask, dense, reference.mask)
        motion, miss = remaining_flow(
            np.where(overlap, reference.normalised, 0).astype(np.float32),
            laid,
            overlap,
            smoothing_px=smoothing * unit,
            limit_px=0.02 * unit,
        )
        # what the reference shows at x is laid at x + motion: the map read there is the better one
        nodes = _shifted(dense, motion, (nodes.shape[0], nodes.shape[1]), step)
    dense = dense_from_nodes(nodes, shape, step)
    laid, overlap = _laid(moving.normalised, moving.mask, dense, reference.mask)
    laid_suppressed, _ = _laid(moving.suppressed, moving.mask, dense, reference.mask)
    return ScalpView(nodes_xy=nodes, laid=laid, laid_suppressed=laid_suppressed, overlap=overlap, miss_px=miss)


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
