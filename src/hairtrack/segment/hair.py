"""How much of the scalp hair hides, pixel by pixel, and where nothing can be said."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.channels import largest_channel
from hairtrack.imaging.types import FractionMap, GrayImage, Mask, Rgb8Image
from hairtrack.segment.appearance import lab_of, resized
from hairtrack.segment.classifier import EVEN, HAIR, ClassMap, PixelClassifier
from hairtrack.segment.cover import CoverNetwork, Places, places_of
from hairtrack.segment.ink import find_ink, without_ink
from hairtrack.segment.settings import SegmentSettings

ESTIMATOR = "skin_hair_and_grain@4"
DETAIL_LONG_SIDE_PX = 512
DETAIL_RADIUS_PX = 6
DETAIL_CALM = 2e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class HairFinding:
    """Hair on one head.

    Parameters
    ----------
    opacity
        (H, W) float32, share of the scalp hidden by hair in 0-1; 0 outside the head.
    hair
        (H, W) pixels of the head that are more hair than skin.
    glare, ink
        (H, W) lamp reflections, and strokes that somebody drew, on the head: nothing is measured there.
    estimator
        The versioned method.
    doubt
        (H, W) float32, by how much the mean opacity of an area around each pixel is likely to be off (mean absolute
        error): small where hair and skin differ, large where they can hardly be told apart.
    """

    opacity: FractionMap
    hair: Mask
    glare: Mask
    ink: Mask
    estimator: str
    doubt: FractionMap

    @property
    def excluded(self) -> Mask:
        """(H, W) where nothing is measured."""
        return self.glare | self.ink


def find_hair(
    rgb8: Rgb8Image,
    head_mask: Mask,
    *,
    settings: SegmentSettings,
    places: Places | None = None,
    classifier: PixelClassifier | None = None,
    network: CoverNetwork | None = None,
) -> HairFinding:
    """Return the opacity of hair over a head.

    Each neighbourhood gets the share of its scalp that strands hide (`hairtrack.segment.cover`). A guided filter
    (He et al. 2013, doi 10.1109/TPAMI.2012.213) then lays the edges of the picture's own lightness into that map
    without moving its local mean.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8.
    head_mask
        (H, W) hair-bearing scalp and hair.
    settings
        What counts as glare.
    places
        Of the same picture, when `find_head` has read them already.
    classifier, network
        Others than the shipped ones, for validation.
    """
    ink = find_ink(rgb8, head_mask)
    if ink.any():
        rgb8, places = without_ink(rgb8, ink), None
    if places is None:
        places = places_of(rgb8, view=None, classifier=classifier, network=network)
    shape = rgb8.shape[:2]
    opacity = np.where(head_mask, _with_detail(places.share, rgb8, shape), np.float32(0)).astype(np.float32)
    glare = head_mask & _glare(rgb8, places.classes, settings)
    return HairFinding(
        opacity=opacity,
        hair=head_mask & (opacity > EVEN) & ~(glare | ink),
        glare=glare,
        ink=ink,
        estimator=ESTIMATOR,
        doubt=_enlarged(places.doubt, shape),
    )


def find_hair_anywhere(rgb8: Rgb8Image) -> Mask:
    """Return the (H, W) mask of pixels showing hair, on the head or falling from it."""
    hair = np.ascontiguousarray(places_of(rgb8, view=None).classes[..., HAIR])
    return np.asarray(_with_detail(hair, rgb8, rgb8.shape[:2]) > EVEN, np.bool_)


def _enlarged(coarse: GrayImage, shape: tuple[int, int]) -> FractionMap:
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _with_detail(covered: GrayImage, rgb8: Rgb8Image, shape: tuple[int, int]) -> FractionMap:
    """Return the coarse share at full size with the edges of the picture's lightness."""
    guide = np.ascontiguousarray(lab_of(resized(rgb8, min(DETAIL_LONG_SIDE_PX, max(shape))))[..., 0])
    detailed = np.clip(_guided(_enlarged(covered, guide.shape), guide), 0, 1)
    return _enlarged(detailed, shape)


def _guided(source: GrayImage, guide: GrayImage) -> GrayImage:
    side = 2 * DETAIL_RADIUS_PX + 1

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    guide_mean, source_mean = mean(guide), mean(source)
    slope = (mean(guide * source) - guide_mean * source_mean) / (mean(guide * guide) - guide_mean**2 + DETAIL_CALM)
    offset = source_mean - slope * guide_mean
    return np.asarray(mean(slope) * guide + mean(offset), np.float32)


def _glare(rgb8: Rgb8Image, classes: ClassMap, settings: SegmentSettings) -> Mask:
    """Return lamp reflections on bare skin: bright, pale, not hair."""
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    light_enough = lab_of(greys)[0, :, 0] > settings.glare_light_fraction
    pale = light_enough[largest_channel(rgb8)]  # no colour is lighter than the grey of its largest channel
    if not pale.any():
        return pale
    lab = lab_of(rgb8[pale][None])[0]
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    hair = _enlarged(np.ascontiguousarray(classes[..., HAIR]), rgb8.shape[:2])
    pale[pale] = (lab[:, 0] > settings.glare_light_fraction) & (chroma < settings.glare_chroma) & (hair[pale] < EVEN)
    grown = cv2.dilate(pale.astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.asarray(grown, np.bool_)
