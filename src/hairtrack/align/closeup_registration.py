"""Two close-ups of one spot brought together by the constellation of roots, else by the skin, or refused.

Roots stay where they are when light, lie and clip length change; where too few hairs stand, what is seen of the skin
itself must do. Each kind of agreement is held against what pictures of different spots reach.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.align.root_constellation import fit_roots
from hairtrack.imaging.overlays import find_overlays
from hairtrack.imaging.types import Matrix3, PointsXY, Rgb8Image
from hairtrack.model import Hair


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupRegistrationSettings:
    """When two close-ups show one spot.

    Parameters
    ----------
    features
        Keypoints a picture.
    ratio
        A keypoint is matched when its best likeness is this much nearer than the second (Lowe 2004,
        doi:10.1023/B:VISI.0000029664.99615.94).
    reprojection_px
        Greatest error of an agreeing keypoint at analysis size.
    least_agreeing
        Agreeing keypoints that pictures of different spots never reach
        (validation/results/closeups_impostors.txt).
    least_root_evidence
        Agreement of roots beyond chance (`ConstellationFit.evidence`) that different spots never reach: they have 23
        in the middle and 40 at most, pictures of one spot 56 at least (same table, and the simulated follow-ups).
    most_zoom, least_overlap_fraction
        Limits of what a second photo of one spot can look like, the scales of both allowed for.
    """

    features: int = 2500
    ratio: float = 0.8
    reprojection_px: float = 3.0
    least_agreeing: int = 15
    least_root_evidence: float = 52.0
    most_zoom: float = 1.5
    least_overlap_fraction: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupFit:
    """The similarity between two close-ups with its evidence; `matrix` is None when refused."""

    matrix: Matrix3 | None
    reason: str | None
    error_px: float | None
    overlap_fraction: float
    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseupKeypoints:
    """Places (N, 2) in full-size pixels and likenesses (N, 128) of what a close-up shows of the skin."""

    places_xy: PointsXY
    likenesses: NDArray[np.float32]
    shape: tuple[int, int]


def register_closeups(
    reference_rgb8: Rgb8Image,
    moving_rgb8: Rgb8Image,
    *,
    hairs: tuple[tuple[Hair, ...], tuple[Hair, ...]],
    px_per_mm: tuple[float, float],
    settings: CloseupRegistrationSettings,
) -> CloseupFit:
    """Return the map of reference pixels to moving pixels, accepted only beyond what chance can give.

    Parameters
    ----------
    reference_rgb8, moving_rgb8
        (H, W, 3) uint8 sRGB.
    hairs
        What was read on each.
    px_per_mm
        Scale of each; nominal ones will do.
    settings
        Limits.
    """
    shapes = reference_rgb8.shape[:2], moving_rgb8.shape[:2]
    fit = fit_roots(hairs[0], hairs[1], shapes=shapes, px_per_mm=px_per_mm, most_zoom=settings.most_zoom)
    zoom = px_per_mm[1] / px_per_mm[0]
    if fit is None or fit.evidence < settings.least_root_evidence:
        found = [closeup_keypoints(rgb8, settings=settings) for rgb8 in (reference_rgb8, moving_rgb8)]
        return fit_keypoints(found[0], found[1], expected_zoom=zoom, settings=settings)
    scores = (("agreeing_roots", float(fit.agreeing)), ("root_evidence", fit.evidence), ("zoom", _zoom(fit.matrix)))
    error_px = fit.error_px / _zoom(fit.matrix)
    return _judged(fit.matrix, error_px, shapes=shapes, expected_zoom=zoom, scores=scores, settings=settings)


def closeup_keypoints(rgb8: Rgb8Image, *, settings: CloseupRegistrationSettings) -> CloseupKeypoints:
    """Return the keypoints of a close-up that do not lie on burned-in graphics: those are alike on every picture."""
    gray = cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY)
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    drawn = cv2.dilate(find_overlays(rgb8).mask.astype(np.uint8), np.ones((9, 9), np.uint8))
    free = (cv2.resize(drawn, half.shape[::-1], interpolation=cv2.INTER_AREA) == 0).astype(np.uint8)
    even = cv2.createCLAHE(2.0, (8, 8)).apply(half)
    keypoints, likenesses = cv2.SIFT.create(settings.features).detectAndCompute(even, free)
    points = np.array([keypoint.pt for keypoint in keypoints], np.float64).reshape(-1, 2)
    return CloseupKeypoints(
        places_xy=(points + 0.5) * 2 - 0.5,
        likenesses=np.asarray(likenesses, np.float32) if len(points) else np.zeros((0, 128), np.float32),
        shape=(rgb8.shape[0], rgb8.shape[1]),
    )


def fit_keypoints(
    reference: CloseupKeypoints,
    moving: CloseupKeypoints,
    *,
    expected_zoom: float = 1.0,
    settings: CloseupRegistrationSettings,
) -> CloseupFit:
    """Return the similarity on which most matched keypoints agree, accepted or refused.

    Parameters
    ----------
    reference, moving
        Keypoints of the two close-ups.
    expected_zoom
        Scale of the moving close-up over that of the reference.
    settings
        Limits.
    """
    least = 4
    if min(len(reference.places_xy), len(moving.places_xy)) < least:
        return _refused("too little texture to compare the pictures", 0)
    matches = cv2.BFMatcher().knnMatch(reference.likenesses, moving.likenesses, k=2)
    good = [pair[0] for pair in matches if len(pair) > 1 and pair[0].distance < settings.ratio * pair[1].distance]
    if len(good) < least:
        return _refused("the pictures share no detail: a different spot, or too blurred", len(good))
    source = reference.places_xy[[match.queryIdx for match in good]]
    target = moving.places_xy[[match.trainIdx for match in good]]
    cv2.setRNGSeed(0)
    affine, inliers = cv2.estimateAffinePartial2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=2 * settings.reprojection_px, maxIters=5000
    )
    kept = np.asarray(inliers, np.bool_).ravel()
    agreeing = int(np.count_nonzero(kept))
    if agreeing < settings.least_agreeing:
        return _refused("the pictures do not show the same spot, or too little of it", agreeing)
    matrix = np.vstack([affine, [0.0, 0.0, 1.0]])
    zoom = _zoom(matrix)
    residual = np.c_[source[kept], np.ones(agreeing)] @ affine.T - target[kept]
    error_px = float(np.sqrt((residual**2).sum(axis=1).mean()) / zoom)
    scores = (("agreeing_keypoints", float(agreeing)), ("zoom", zoom))
    shapes = reference.shape, moving.shape
    return _judged(matrix, error_px, shapes=shapes, expected_zoom=expected_zoom, scores=scores, settings=settings)


def _zoom(matrix: Matrix3) -> float:
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))


def _judged(
    matrix: Matrix3,
    error_px: float,
    *,
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
    expected_zoom: float,
    scores: tuple[tuple[str, float], ...],
    settings: CloseupRegistrationSettings,
) -> CloseupFit:
    """Return a fit that is beyond chance, unless two photos of one spot cannot lie so."""
    zoom = _zoom(matrix) / expected_zoom
    overlap = _overlap(matrix, shapes[0], shapes[1])
    reason = None
    if not 1 / settings.most_zoom <= zoom <= settings.most_zoom:
        reason = f"the magnification differs by a factor of {_zoom(matrix):.2f}"
    elif overlap < settings.least_overlap_fraction:
        reason = f"only {overlap:.0%} of the spot is on both pictures"
    if reason:
        return CloseupFit(matrix=None, reason=reason, error_px=None, overlap_fraction=overlap, scores=scores)
    return CloseupFit(matrix=matrix, reason=None, error_px=error_px, overlap_fraction=overlap, scores=scores)


def _refused(reason: str, agreeing: int) -> CloseupFit:
    return CloseupFit(
        matrix=None,
        reason=reason,
        error_px=None,
        overlap_fraction=0.0,
        scores=(("agreeing_keypoints", float(agreeing)),),
    )


def _overlap(matrix: Matrix3, reference_shape: tuple[int, ...], moving_shape: tuple[int, ...]) -> float:
    """Return the share of the reference that the moving picture shows."""
    height, width = moving_shape[:2]
    corners = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float64)
    carried = np.c_[corners, np.ones(4)] @ np.linalg.inv(matrix).T
    reference_height, reference_width = reference_shape[:2]
    frame = np.array(
        [[0, 0], [reference_width, 0], [reference_width, reference_height], [0, reference_height]], np.float32
    )
    area, _ = cv2.intersectConvexConvex((carried[:, :2] / carried[:, 2:]).astype(np.float32), frame)
    return float(area) / (reference_width * reference_height)
