"""Key points of the scalp and their matches: SIFT with the Hellinger kernel (Arandjelovic & Zisserman 2012)."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hairtrack.align.appearance import eight_bit
from hairtrack.imaging.types import GrayImage, Mask, PointsXY


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPoints:
    """Key points of one copy of a photo: place, size, direction, descriptor.

    `xy` (N, 2) px; `size_px` (N,); `angle_deg` (N,); `descriptors` (N, 128) float32 of unit length.
    """

    xy: PointsXY
    size_px: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    descriptors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.xy)

    def inside(self, mask: Mask) -> Mask:
        """Return which key points lie in a mask (h, w), (N,)."""
        column, row = np.round(self.xy).astype(int).T
        return np.asarray(mask[row, column], np.bool_)

    def kept(self, which: Mask) -> "KeyPoints":
        """Return the key points for which the mask (N,) is True."""
        return KeyPoints(
            xy=self.xy[which],
            size_px=self.size_px[which],
            angle_deg=self.angle_deg[which],
            descriptors=self.descriptors[which],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Pairs of key points: places in both pictures, turn and log2 of the scale of each.

    `likeness` (M,) is the cosine of the two descriptors.
    """

    reference_xy: PointsXY
    moving_xy: PointsXY
    turn_deg: NDArray[np.float64]
    log2_scale: NDArray[np.float64]
    likeness: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.reference_xy)

    def kept(self, which: Mask) -> "Matches":
        """Return the matches for which the mask (M,) is True."""
        return Matches(
            reference_xy=self.reference_xy[which],
            moving_xy=self.moving_xy[which],
            turn_deg=self.turn_deg[which],
            log2_scale=self.log2_scale[which],
            likeness=self.likeness[which],
        )


def find_keypoints(
    normalised: GrayImage, mask: Mask, *, count: int, contrast: float, reduction: float = 1.0
) -> KeyPoints:
    """Return at most `count` of the strongest key points inside the mask.

    They are sought on a copy `reduction` times smaller, since SIFT enlarges its picture twofold before it begins, and
    only on the part of it round the mask; places and sizes are in pixels of the picture given.
    """
    left, top, right, bottom = _frame(mask, margin_px=round(_MARGIN_PX * reduction))
    normalised = np.ascontiguousarray(normalised[top:bottom, left:right])
    mask = np.ascontiguousarray(mask[top:bottom, left:right])
    if mask.size == 0:
        return _no_keypoints()
    if reduction > 1:
        size = (round(normalised.shape[1] / reduction), round(normalised.shape[0] / reduction))
        factors = np.array([normalised.shape[1] / size[0], normalised.shape[0] / size[1]])
        normalised = np.asarray(cv2.resize(normalised, size, interpolation=cv2.INTER_AREA), np.float32)
        mask = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    else:
        factors = np.ones(2)
    # precise: without it all places are a quarter of a pixel off, which a turn of the picture does not cancel
    detector = cv2.SIFT.create(
        nfeatures=count, contrastThreshold=contrast, edgeThreshold=12, enable_precise_upscale=True
    )
    found, descriptors = detector.detectAndCompute(eight_bit(normalised), mask.astype(np.uint8))
    if len(found) == 0:
        return _no_keypoints()
    table = np.array([(*k.pt, k.size, k.angle) for k in found], np.float64)
    hellinger = np.sqrt(descriptors / (descriptors.sum(axis=1, keepdims=True) + 1e-7))
    return KeyPoints(
        xy=(table[:, :2] + 0.5) * factors - 0.5 + (left, top),
        size_px=table[:, 2] * factors.mean(),
        angle_deg=table[:, 3],
        descriptors=np.asarray(hellinger, np.float32),
    )


def pooled(parts: list[Matches]) -> Matches:
    """Return the matches of several copies of one pair as one."""
    return Matches(
        reference_xy=np.concatenate([m.reference_xy for m in parts]),
        moving_xy=np.concatenate([m.moving_xy for m in parts]),
        turn_deg=np.concatenate([m.turn_deg for m in parts]),
        log2_scale=np.concatenate([m.log2_scale for m in parts]),
        likeness=np.concatenate([m.likeness for m in parts]),
    )


def mutual_matches(reference: KeyPoints, moving: KeyPoints, *, ratio: float) -> Matches:
    """Return pairs that are each other's nearest and clearly nearer than the second (ratio of distances)."""
    if len(reference) < 2 or len(moving) < 2:  # noqa: PLR2004 a second nearest is needed
        return _matches(reference, moving, np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    likeness = reference.descriptors @ moving.descriptors.T
    rows = np.arange(len(reference))
    best = likeness.argmax(axis=1)
    top = likeness[rows, best].copy()
    mutual = likeness.max(axis=0)[best] == top  # six times faster than argmax down the columns
    likeness[rows, best] = -1
    second = likeness.max(axis=1)
    keep = mutual & (_distance(top) < ratio * _distance(second))
    return _matches(reference, moving, rows[keep], best[keep], top[keep])


def guided_matches(
    reference: KeyPoints,
    moving: KeyPoints,
    predicted_xy: PointsXY,
    *,
    radius_px: float,
    turn_deg: float,
    log2_scale: float,
    likeness: float,
) -> Matches:
    """Return the most alike pairs within a radius of the predicted place, turned and scaled as the whole.

    `predicted_xy` (N, 2) is where the reference key points should lie in the moving picture; `turn_deg` and
    `log2_scale` are of the whole, `likeness` is the smallest cosine of descriptors that counts.
    """
    near = cKDTree(predicted_xy).sparse_distance_matrix(cKDTree(moving.xy), radius_px, output_type="ndarray")
    one, other = near["i"].astype(int), near["j"].astype(int)
    turned = np.abs(_wrapped(moving.angle_deg[other] - reference.angle_deg[one] - turn_deg)) < _TURN_TOLERANCE_DEG
    scaled = np.abs(np.log2(moving.size_px[other] / reference.size_px[one]) - log2_scale) < _SCALE_TOLERANCE
    one, other = one[turned & scaled], other[turned & scaled]
    alike = np.einsum("ij,ij->i", reference.descriptors[one], moving.descriptors[other])
    enough = alike > likeness
    one, other, alike = one[enough], other[enough], alike[enough]
    order = np.argsort(-alike, kind="stable")
    one, other, alike = one[order], other[order], alike[order]
    first_of_one = _first(one)
    first_of_other = _first(other)
    keep = first_of_one & first_of_other
    return _matches(reference, moving, one[keep], other[keep], alike[keep])


def standing_still(one: KeyPoints, other: KeyPoints, *, radius_px: float, likeness: float) -> tuple[Mask, Mask]:
    """Return which key points of each picture have one like themselves at the same place in the other, (N,) each."""
    near = cKDTree(one.xy).sparse_distance_matrix(cKDTree(other.xy), radius_px, output_type="ndarray")
    first, second = near["i"].astype(int), near["j"].astype(int)
    alike = np.einsum("ij,ij->i", one.descriptors[first], other.descriptors[second]) > likeness
    ours, theirs = np.zeros(len(one), np.bool_), np.zeros(len(other), np.bool_)
    ours[first[alike]] = True
    theirs[second[alike]] = True
    return ours, theirs


def agreeing(matches: Matches) -> tuple[Matches, float, float]:
    """Return the matches that share one turn and one scale, with that turn (degrees) and log2 scale.

    A vote in bins of 15 degrees and a third of an octave; what lies in or next to the fullest bin is kept.
    """
    turns = np.mod(np.floor(matches.turn_deg / 15), 24).astype(int)
    scales = np.clip(np.floor((matches.log2_scale + 3) * 3), 0, 17).astype(int)
    votes = np.zeros((24, 18))
    np.add.at(votes, (turns, scales), 1)
    around = votes + np.roll(votes, 1, axis=0) + np.roll(votes, -1, axis=0)
    around[:, 1:] += votes[:, :-1]
    around[:, :-1] += votes[:, 1:]
    turn, scale = np.unravel_index(int(around.argmax()), around.shape)
    centre = (float(turn) * 15 + 7.5, (float(scale) + 0.5) / 3 - 3)
    near = (np.abs(_wrapped(matches.turn_deg - centre[0])) < 30) & (  # noqa: PLR2004 two bins
        np.abs(matches.log2_scale - centre[1]) < 0.6  # noqa: PLR2004 just under two bins
    )
    kept = matches.kept(near)
    if len(kept) == 0:
        return kept, *centre
    refined_turn = centre[0] + float(np.median(_wrapped(kept.turn_deg - centre[0])))
    return kept, refined_turn, float(np.median(kept.log2_scale))


_MARGIN_PX = 8  # SIFT finds nothing in the outermost 5 pixels
_TURN_TOLERANCE_DEG = 30.0
_SCALE_TOLERANCE = 0.6


def _first(labels: NDArray[np.int_]) -> Mask:
    """Return True at the first place of every label."""
    seen = np.zeros(len(labels), np.bool_)
    seen[np.unique(labels, return_index=True)[1]] = True
    return seen


def _frame(mask: Mask, *, margin_px: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom (exclusive) of a mask with a margin, inside the picture; empty for none."""
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    if width == 0:
        return 0, 0, 0, 0
    bottom, right = min(mask.shape[0], top + height + margin_px), min(mask.shape[1], left + width + margin_px)
    return max(0, left - margin_px), max(0, top - margin_px), right, bottom


def _no_keypoints() -> KeyPoints:
    empty = np.zeros(0)
    return KeyPoints(xy=np.zeros((0, 2)), size_px=empty, angle_deg=empty, descriptors=np.zeros((0, 128), np.float32))


def _distance(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sqrt(np.maximum(2 - 2 * cosine, 1e-12))


def _wrapped(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.mod(degrees + 180, 360) - 180


def _matches(
    reference: KeyPoints,
    moving: KeyPoints,
    one: NDArray[np.int_],
    other: NDArray[np.int_],
    likeness: NDArray[np.floating],
) -> Matches:
    return Matches(
        reference_xy=reference.xy[one],
        moving_xy=moving.xy[other],
        turn_deg=_wrapped(moving.angle_deg[other] - reference.angle_deg[one]),
        log2_scale=np.log2(moving.size_px[other] / reference.size_px[one]),
        likeness=np.asarray(likeness, np.float64),
    )
