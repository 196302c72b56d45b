"""Where hair-bearing scalp and hair are on a photo, or why no head can be told."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from hairtrack.imaging.types import GrayImage, Mask, PointsXY, Rgb8Image
from hairtrack.model import View
from hairtrack.segment.appearance import (
    COARSE_LONG_SIDE_PX,
    FINE_LONG_SIDE_PX,
    grain_of,
    lab_of,
    resized,
)
from hairtrack.segment.classifier import BACKGROUND, EVEN, HAIR, SCALP, ClassMap, PixelClassifier
from hairtrack.segment.cover import CoverNetwork, Places, places_of

LEAST_HEAD_FRACTION = 0.03
"""A smaller head shows less than 170 px across on the working image: hair and skin melt together."""

LEAST_CONFIDENCE = 0.62
MOST_EDGE_FRACTION = 0.35
LEAST_SOLIDITY = 0.5
"""Limits beyond what real heads show: of 168 photos of the `heads` set, read by the models of the other half, the least
sure was 0.59 and 1 % were less sure than 0.62, the one nearest to the picture's edges ran along 0.09 of them, and the
least round filled 0.46 of its convex hull (validation/results/head_shapes.txt)."""

TWIN_FRACTION = 0.5
"""A second part half as large as the first is a second head, or a head in two pieces."""

WAIST_RADII = 0.4
SPUR_RADII = 0.12
"""Shares of the head's radius: parts joined by less than a waist are two heads, what is thinner than a spur is none."""

ROUND_VIEWS = (View.TOP, View.VERTEX, View.BACK)
"""Views in which skin between parts of the scalp is scalp too; from the front and the side it may be the face."""

LEAST_LIGHT = 0.08
LEAST_LIGHT_SPREAD = 0.02
MOST_GRAIN = 0.035
"""Median grain of a picture of noise is 0.04 and more; the grainiest of 168 photos of the `heads` set had 0.025."""

LEAST_CHROMA = 0.04
"""A picture whose most colourful tenth stays below is grey (infrared, black and white); the palest head had 0.09."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFinding:
    """Hair-bearing scalp and hair on one photo.

    Parameters
    ----------
    mask
        (H, W) at the size of the picture; all False when refused.
    outline_xy
        (N, 2) outer edge of the mask; empty when refused.
    confidence
        Mean probability of head inside the mask, 0-1.
    refused
        Why no head can be told, or None.
    places
        What each place of the picture shows, for `find_hair`; None when refused.
    """

    mask: Mask
    outline_xy: PointsXY
    confidence: float
    refused: str | None = None
    places: Places | None = None


def find_head(
    rgb8: Rgb8Image,
    *,
    view: View | None,
    classifier: PixelClassifier | None = None,
    network: CoverNetwork | None = None,
) -> HeadFinding:
    """Return where hair-bearing scalp and hair are; face, ears, neck, hands, clothes and background are outside.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8, any size; the working image is enough.
    view
        From where the head is seen; None when unknown.
    classifier, network
        Others than the shipped ones, for validation.
    """
    reason = _no_photo_of_a_head(rgb8)
    if reason is not None:
        return _refused(rgb8.shape[:2], reason)
    places = places_of(rgb8, view=view, classifier=classifier, network=network)
    found = head_from_classes(places.classes, rgb8.shape[:2], view=view)
    return found if found.refused is not None else replace(found, places=places)


def head_from_classes(classes: ClassMap, shape: tuple[int, int], *, view: View | None) -> HeadFinding:
    """Return the head from class probabilities on the coarse grid, enlarged to `shape`."""
    probability = np.ascontiguousarray(classes[..., SCALP] + classes[..., HAIR])
    parts = _parts(probability > EVEN)
    if not parts or parts[0].mean() < LEAST_HEAD_FRACTION:
        return _refused(shape, "no head was found in the picture")
    largest = parts[0]
    radius = float(np.sqrt(largest.sum() / np.pi))
    confidence = float(probability[largest].mean())
    if _has_twin(parts) or _has_twin(_parts(_opened(largest, WAIST_RADII * radius))):
        return _refused(shape, "more than one head, or a head in several pieces, is in the picture", confidence)
    if confidence < LEAST_CONFIDENCE or _solidity(largest) < LEAST_SOLIDITY:
        return _refused(shape, "what the picture shows cannot be told to be a head", confidence)
    if np.r_[largest[0], largest[-1], largest[:, 0], largest[:, -1]].mean() > MOST_EDGE_FRACTION:
        return _refused(shape, "the picture shows no end of the head", confidence)
    calm = _parts(_opened(largest, SPUR_RADII * radius))
    coarse = calm[0] if calm else largest
    if view in ROUND_VIEWS:
        coarse = _rounded(coarse, classes)
    mask = _enlarged(np.where(_near(coarse), np.maximum(probability, coarse), 0).astype(np.float32), coarse, shape)
    return HeadFinding(mask=mask, outline_xy=_outline_of(mask), confidence=confidence)


def _no_photo_of_a_head(rgb8: Rgb8Image) -> str | None:
    """Return why this cannot be a photo of a head, from the picture as a whole."""
    lab = lab_of(resized(rgb8, COARSE_LONG_SIDE_PX))
    light = lab[..., 0]
    if float(light.max()) < LEAST_LIGHT:
        return "the picture is black"
    if float(light.std()) < LEAST_LIGHT_SPREAD:
        return "the picture shows one plain surface"
    grain = grain_of(np.ascontiguousarray(lab_of(resized(rgb8, FINE_LONG_SIDE_PX))[..., 0]))
    if float(np.median(cv2.resize(grain, light.shape[::-1], interpolation=cv2.INTER_AREA))) > MOST_GRAIN:
        return "the picture is noise"
    if float(np.quantile(np.hypot(lab[..., 1], lab[..., 2]), 0.9)) < LEAST_CHROMA:
        return "the picture has no colour"
    return None


def _parts(mask: Mask) -> list[Mask]:
    """Return connected parts without their holes, largest first."""
    small = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, small)
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    parts = []
    for outline in outlines:
        filled = np.zeros(mask.shape, np.uint8)
        cv2.drawContours(filled, [outline], -1, 1, cv2.FILLED)
        parts.append(filled.astype(np.bool_))
    return sorted(parts, key=lambda part: int(part.sum()), reverse=True)


def _has_twin(parts: list[Mask]) -> bool:
    return len(parts) > 1 and bool(parts[1].sum() > TWIN_FRACTION * parts[0].sum())


def _opened(mask: Mask, radius_px: float) -> Mask:
    """Return the mask without what is thinner than twice the radius."""
    side = 2 * max(1, round(radius_px)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel), np.bool_)


def _solidity(mask: Mask) -> float:
    """Return the share of its convex hull that the mask fills."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(outlines)))
    return float(mask.sum() / max(hull, 1.0))


def _rounded(mask: Mask, classes: ClassMap) -> Mask:
    """Return the head with the bare skin inside its convex hull: a skull is round, and bald scalp looks like a face."""
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = np.zeros(mask.shape, np.uint8)
    cv2.fillPoly(hull, [cv2.convexHull(np.concatenate(outlines))], 1)
    person = 1 - classes[..., BACKGROUND] > EVEN
    return np.asarray(mask | ((hull > 0) & person), np.bool_)


def _near(mask: Mask) -> Mask:
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(grown, np.bool_)


def _enlarged(probability: GrayImage, coarse: Mask, shape: tuple[int, int]) -> Mask:
    """Return the mask at full size: the even line between head and rest, holes filled."""
    solid = np.where(cv2.erode(coarse.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, 1.0, probability)
    smooth = cv2.resize(solid.astype(np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth > EVEN, np.bool_)


def _outline_of(mask: Mask) -> PointsXY:
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.zeros((0, 2))
    longest = max(outlines, key=cv2.contourArea)
    return np.asarray(cv2.approxPolyDP(longest, 1.0, closed=True), np.float64).reshape(-1, 2)


def _refused(shape: tuple[int, int], reason: str, confidence: float = 0.0) -> HeadFinding:
    return HeadFinding(
        mask=np.zeros(shape, np.bool_), outline_xy=np.zeros((0, 2)), confidence=confidence, refused=reason
    )
