"""Hairs of a close-up, one by one: root, tip, centre line, diameter, kind and follicular unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.overlays import OverlayFinding, find_overlays
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import FollicularUnit, Hair, HairKind, NotMeasured
from hairtrack.segment.bundles import explain
from hairtrack.segment.closeup_exclusions import broad_lightness_range, excluded
from hairtrack.segment.curved import runs_on
from hairtrack.segment.hair_pixels import hair_pixels
from hairtrack.segment.pale_shafts import pale_light, pale_pixels
from hairtrack.segment.root_ends import roots_first
from hairtrack.segment.shaft_diameter import Light, diameters_px, linear_light
from hairtrack.segment.shaft_pixels import ShaftPixels, shaft_pixels
from hairtrack.segment.shaft_settings import ShaftSettings
from hairtrack.segment.shaft_sides import LEAST_WIDTH_PX, Floats, ShaftCandidates, shaft_candidates
from hairtrack.segment.units import unit_of_each_root

_NARROWEST_OF_ROUGH, _WIDEST_OF_ROUGH = 0.6, 1.75
"""Blur narrows the rough width, which is read where darkness, a logarithm, has fallen to half."""

_EVERY = 7
"""Pixels from which the texture of skin is learned."""

_BRIGHT, _MOST_BRIGHT_FRACTION = -0.1, 0.01
"""Where more is brighter than skin, pale hairs stand there: the skin between them must not be taken for dark ones."""

__all__ = ["ShaftFinding", "ShaftSettings", "find_shafts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftFinding:
    """Hairs and units of one close-up, in full-size pixels.

    Parameters
    ----------
    hairs, units
        What was found.
    hair
        (H, W) mask of pixels that show hair.
    seen
        (H, W) mask of pixels where hair could be seen.
    flags
        Stable words for what limits the finding.
    refusal
        Why nothing may be counted on this picture, and what to do; None when it can be.
    """

    hairs: tuple[Hair, ...]
    units: tuple[FollicularUnit, ...]
    hair: Mask
    seen: Mask
    flags: tuple[str, ...] = ()
    refusal: NotMeasured | None = None


def find_shafts(
    rgb8: Rgb8Image,
    *,
    px_per_mm: float | None,
    settings: ShaftSettings,
    hidden: Mask | None = None,
    drawn: OverlayFinding | None = None,
) -> ShaftFinding:
    """Return the hairs of a close-up.

    Parameters
    ----------
    rgb8
        (H, W, 3) uint8 sRGB.
    px_per_mm
        Scale of the picture; None when unknown, and diameters are then in pixels only.
    settings
        Sizes and limits.
    hidden
        (H, W) mask of what else lies on the skin or is none, such as a scale card or what is outside a round field.
    drawn
        What was drawn into the picture, when it is known already.
    """
    graphics = (drawn or find_overlays(rgb8)).mask
    covered = graphics if hidden is None else graphics | hidden
    pixels = shaft_pixels(rgb8, covered, px_per_mm=px_per_mm or settings.nominal_px_per_mm)
    dark = _layer(pixels, _on_calm_skin(pixels, settings))
    pale_maps = pale_pixels(pixels, dark.hair, settings)
    pale = _layer(pale_maps, _of_pale_hair(settings)) if pale_maps else None
    layers = [dark, pale] if pale and len(pale.lines_xy) else [dark]
    lights = (linear_light, *(pale_light(pixels, layer.hair) for layer in layers[1:]))
    shafts = _found(layers, lights, rgb8, pixels, settings=settings)
    hairs = _hairs(shafts, px_per_mm, settings)
    left_out, dark_hair = excluded(pixels), hair_pixels(pixels)
    flags = () if px_per_mm else ("scale_unknown",)
    return ShaftFinding(
        hairs=hairs,
        units=_units(hairs),
        hair=_full(np.logical_or.reduce([dark_hair, *(layer.hair for layer in layers[1:])]), rgb8.shape[:2]),
        seen=~covered & ~_full(left_out, rgb8.shape[:2]),
        flags=flags,
        refusal=_refusal(pixels, len(hairs), settings)
        or _no_skin(pixels, left_out, dark_hair & ~_grown(dark.hair), settings),
    )


def _on_calm_skin(pixels: ShaftPixels, settings: ShaftSettings) -> ShaftSettings:
    """Return settings whose limits of contrast are lower where the skin itself varies little."""
    some = pixels.darkness[pixels.seen][::_EVERY]
    if not len(some) or float((some < _BRIGHT).mean()) > _MOST_BRIGHT_FRACTION:
        return settings
    lighter, middle = np.quantile(some, (0.25, 0.5))
    calm = float(np.clip((middle - lighter) / settings.usual_texture, settings.least_calm, 1.0))
    return replace(
        settings,
        faint_contrast=calm * settings.faint_contrast,
        plain_contrast=calm * settings.plain_contrast,
        turned_contrast=calm * settings.turned_contrast,
    )


def _of_pale_hair(settings: ShaftSettings) -> ShaftSettings:
    contrast = settings.pale_plain_contrast
    return replace(settings, shortest_mm=settings.pale_shortest_mm, plain_contrast=contrast, turned_contrast=contrast)


def _refusal(pixels: ShaftPixels, count: int, settings: ShaftSettings) -> NotMeasured | None:
    """Return why a picture cannot be a close-up on which single hairs are counted."""
    seen_mm2 = float(pixels.seen.sum()) / pixels.px_per_mm**2
    if seen_mm2 < settings.smallest_seen_mm2:
        return NotMeasured(
            reason=f"only {seen_mm2:.1f} mm² can be seen at the scale that is assumed",
            remedy="check px_per_mm, and take the close-up with 20-70x magnification without overlays",
        )
    dark = float((pixels.darkness[pixels.seen] > settings.plain_contrast).mean())
    if dark > settings.most_dark_fraction:
        return NotMeasured(
            reason="hair hides too much of the skin for single hairs to be told apart",
            remedy="clip the hair at the spot to 1-2 mm, or part it, and take the close-up again",
        )
    if count > settings.densest_per_mm2 * seen_mm2:
        return NotMeasured(
            reason="more straight strokes than hair can stand on skin: this is no close-up of clipped hair",
            remedy="check px_per_mm, and take the close-up with the lens on the skin",
        )
    return None


def _no_skin(pixels: ShaftPixels, left_out: Mask, unexplained: Mask, settings: ShaftSettings) -> NotMeasured | None:
    """Return why what is shown is no skin in focus with single hairs on it."""
    if broad_lightness_range(pixels) > settings.most_uneven_lightness:
        return NotMeasured(
            reason="light varies over it as over a whole head, not as over a spot of skin: this is no close-up",
            remedy="take the close-up with the lens on the skin",
        )
    if float(left_out[pixels.seen].mean()) > settings.most_left_out_fraction:
        return NotMeasured(
            reason="most of the picture is out of focus, burnt, or no skin",
            remedy="hold the lens still on the skin, focus, and take the close-up again",
        )
    if float(unexplained[pixels.seen].mean()) > settings.most_unexplained_fraction:
        return NotMeasured(
            reason="much of what is dark here is no single hair: hair covers the skin, or this is no close-up",
            remedy="clip the hair at the spot to 1-2 mm, or part it, and take the close-up again",
        )
    return None


def _grown(hair: Mask) -> Mask:
    """Return hair with its blurred rim."""
    return np.asarray(cv2.dilate(hair.astype(np.uint8), np.ones((5, 5), np.uint8)), np.bool_)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Hairs of one kind, dark or pale, at analysis size: centre lines, each (M, 2); widths and confidences (K,)."""

    lines_xy: tuple[Floats, ...]
    width_px: Floats
    confidence: Floats
    hair: Mask


def _layer(pixels: ShaftPixels, settings: ShaftSettings) -> _Layer:
    candidates = shaft_candidates(pixels, settings)
    chosen, ends, hair = explain(candidates, pixels, settings)
    widths = candidates.width_px[chosen]
    confidence = np.array([_confidence(candidates, index, settings) for index in chosen])
    hairs = runs_on(ends, widths, gap_px=settings.bend_gap_mm * pixels.px_per_mm)
    return _Layer(
        lines_xy=tuple(line for _, line in hairs),
        width_px=np.array([widths[pieces].mean() for pieces, _ in hairs]),
        confidence=np.array([confidence[pieces].max() for pieces, _ in hairs]),
        hair=hair,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Hairs in full-size pixels: centre lines (M, 2), root first; diameters, units and confidences (K,)."""

    lines_xy: tuple[Floats, ...]
    diameters_px: Floats
    unit: NDArray[np.int64]
    confidence: Floats


def _found(
    layers: Sequence[_Layer],
    lights: Sequence[Light],
    rgb8: Rgb8Image,
    pixels: ShaftPixels,
    *,
    settings: ShaftSettings,
) -> _Found:
    """Return the hairs of all layers at full size; each layer is measured on its own light, where it is straight."""
    factor = pixels.full_per_analysis
    lines = [line for layer in layers for line in layer.lines_xy]
    ends = np.array([line[[0, -1]] for line in lines]).reshape(-1, 2, 2)
    turned = (roots_first(ends, pixels, settings)[:, 0] != ends[:, 0]).any(axis=1)
    lines = [
        (line[::-1] if back else line) * factor + (factor - 1) / 2 for line, back in zip(lines, turned, strict=True)
    ]
    straight = np.array([_longest_piece(line) for line in lines]).reshape(-1, 2, 2)
    parts = np.split(straight, np.cumsum([len(layer.lines_xy) for layer in layers])[:-1])
    diameters = [
        _diameters(rgb8, part, layer.width_px, factor=factor, light=light)
        for layer, light, part in zip(layers, lights, parts, strict=True)
    ]
    roots = np.array([line[0] for line in lines]).reshape(-1, 2)
    return _Found(
        lines_xy=tuple(lines),
        diameters_px=np.concatenate(diameters),
        unit=unit_of_each_root(roots, link_px=settings.unit_link_mm * pixels.px_per_mm * factor),
        confidence=np.concatenate([layer.confidence for layer in layers]),
    )


def _longest_piece(line_xy: Floats) -> Floats:
    longest = int(np.argmax(np.linalg.norm(np.diff(line_xy, axis=0), axis=1)))
    return line_xy[longest : longest + 2]


def _diameters(rgb8: Rgb8Image, ends_xy: Floats, rough_px: Floats, *, factor: float, light: Light) -> Floats:
    """Return diameters measured across each shaft; where neighbours touch, the rough width, put right as the others.

    A profile far wider or narrower than the rough width, which is of analysis size, has taken in a neighbour, or a gap
    within a bundle.
    """
    rough = rough_px * factor
    measured = diameters_px(rgb8, ends_xy, rough, light=light)
    ratio = np.nan_to_num(measured / rough)
    narrowest = np.where(rough_px > LEAST_WIDTH_PX, _NARROWEST_OF_ROUGH, 0.0)
    clear = (ratio > narrowest) & (ratio < _WIDEST_OF_ROUGH)
    correction = float(np.median(ratio[clear])) if clear.any() else 1.0
    return np.where(clear, measured, rough * correction)


def _hairs(found: _Found, px_per_mm: float | None, settings: ShaftSettings) -> tuple[Hair, ...]:
    hairs = []
    for position, line_xy in enumerate(found.lines_xy):
        line = tuple((float(x), float(y)) for x, y in line_xy)
        diameter_px = float(found.diameters_px[position])
        nominal_um = 1000 * diameter_px / (px_per_mm or settings.nominal_px_per_mm)
        hairs.append(
            Hair(
                root_xy=line[0],
                tip_xy=line[-1],
                centre_line_xy=line,
                diameter_px=diameter_px,
                diameter_um=nominal_um if px_per_mm else None,
                kind=HairKind.TERMINAL if nominal_um >= settings.terminal_from_um else HairKind.VELLUS,
                unit=int(found.unit[position]),
                confidence=float(found.confidence[position]),
            )
        )
    return tuple(hairs)


def _confidence(candidates: ShaftCandidates, index: int, settings: ShaftSettings) -> float:
    """Return how sure a hair is: by its contrast, and halved when only one of its sides was seen."""
    contrast = candidates.core[index] - candidates.skin[index]
    clear = np.clip((contrast - 0.5 * settings.faint_contrast) / settings.plain_contrast, 0.1, 1.0)
    return float(clear if candidates.both_sides[index] else 0.5 * clear)


def _units(hairs: tuple[Hair, ...]) -> tuple[FollicularUnit, ...]:
    units = []
    for index in range(max((hair.unit for hair in hairs), default=-1) + 1):
        members = tuple(position for position, hair in enumerate(hairs) if hair.unit == index)
        roots = np.array([hairs[position].root_xy for position in members])
        centre = roots.mean(axis=0)
        units.append(FollicularUnit(centre_xy=(float(centre[0]), float(centre[1])), hair_indices=members))
    return tuple(units)


def _full(mask: Mask, shape: tuple[int, ...]) -> Mask:
    enlarged = cv2.resize(mask.astype(np.uint8), (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(enlarged, np.uint8) > 0
