"""The gate: each check decides for itself, the strictest decision stands."""

from dataclasses import dataclass, field

import numpy as np

from hairtrack.imaging.photo import WorkingImage
from hairtrack.imaging.types import Mask, Rgb8Image
from hairtrack.model import Photo, PhotoKind, QualityCheck, QualityDecision, QualityReport, View
from hairtrack.quality.exposure import exposure
from hairtrack.quality.framing import head_length_px, missing_head_fraction, with_surroundings
from hairtrack.quality.remedies import remedy
from hairtrack.quality.settings import Limits, QualitySettings
from hairtrack.quality.sharpness import BlurSpread, blur_spread, edges_of

_STRICTNESS = (QualityDecision.USABLE, QualityDecision.USABLE_WITH_LIMITS, QualityDecision.RETAKE)
_MOVED_RATIO = 1.5
# Chooses words only. Of 19 heads of the tuning half, none passed it out of focus (3 px of 640), 17 shaken (12 px).
_RIM_FRACTION = 0.05
_WIDEST_FRACTION = 0.1
_WIDEST_CLOSEUP_PX = 50.0


@dataclass(slots=True, kw_only=True)
class _Findings:
    """The report while it grows; flags keep the order in which they were found."""

    view: View | None
    decision: QualityDecision = QualityDecision.USABLE
    remedies: dict[str, str] = field(default_factory=dict)
    checks: list[QualityCheck] = field(default_factory=list)

    def check(self, name: str, value: float, unit: str, limits: Limits) -> QualityDecision:
        """Hold a value against its limits, remember it, and return the decision on it alone."""
        decision = decide(value, limits)
        self.checks.append(
            QualityCheck(
                name=name,
                value=value,
                unit=unit,
                limited_beyond=limits.limited_beyond,
                retake_beyond=limits.retake_beyond,
                higher_is_better=limits.higher_is_better,
                decision=decision,
            )
        )
        return decision

    def flag(self, word: str, decision: QualityDecision, *, situation: str | None = None) -> None:
        """Raise a flag with its remedy, unless the decision is `usable`."""
        if decision is QualityDecision.USABLE:
            return
        self.decision = max(self.decision, decision, key=_STRICTNESS.index)
        self.remedies.setdefault(word, remedy(situation or word, self.view))

    def report(self) -> QualityReport:
        return QualityReport(
            decision=self.decision,
            flags=tuple(self.remedies),
            remedies=tuple(self.remedies.values()),
            checks=tuple(self.checks),
        )


def judge(
    rgb8_full: Rgb8Image,
    *,
    working: WorkingImage,
    head_mask: Mask | None,
    head_refused: str | None,
    glare_fraction: float | None,
    photo: Photo,
    settings: QualitySettings,
) -> QualityReport:
    """Return whether a photo is usable, why not, and how to retake it.

    The view that a photo was declared to have is not questioned: outlines of a head cannot tell left from right nor
    top from vertex, and a guess would refuse good photos. `wrong_view` is therefore never raised here.

    Parameters
    ----------
    rgb8_full
        (H, W, 3) uint8, the upright photo; only its size is looked at.
    working
        The same photo reduced; everything else is measured on it.
    head_mask
        (h, w) on the working image, hair-bearing scalp and hair; None when no head was found, or for a close-up.
        Without it a central ellipse is judged and framing stays unknown.
    head_refused
        Why no head was found, or None.
    glare_fraction
        Share of the scalp under glare, 0-1, or None when nobody measured it.
    photo
        What is known of the photo; `kind` decides which checks apply.
    settings
        Limits of every check.
    """
    if photo.problem is not None:
        return judge_unreadable(photo)
    if photo.kind is PhotoKind.CLOSEUP:
        return _judge_closeup(rgb8_full, working, settings)
    found = _Findings(view=photo.view)
    _check_frame(found, rgb8_full, settings)
    mask = head_mask if head_mask is not None and head_refused is None and head_mask.any() else None
    area = central_ellipse(working.rgb8.shape[:2]) if mask is None else mask
    if not _check_light(found, working.rgb8, area, settings):
        return found.report()
    _check_blur(found, working.rgb8, area, settings)
    if glare_fraction is not None:
        decision = found.check("glare_fraction", glare_fraction, "1", settings.glare_fraction)
        found.flag("glare_on_scalp", decision)
    if mask is None:
        found.flag("no_head", QualityDecision.USABLE_WITH_LIMITS)
    else:
        _check_framing(found, mask, settings)
    return found.report()


def judge_unreadable(photo: Photo) -> QualityReport:
    """Return the report of a file that is no usable photo: retake, with the remedy of its problem."""
    words = remedy("unreadable", photo.view) if photo.problem is None else photo.problem.remedy
    return QualityReport(decision=QualityDecision.RETAKE, flags=("unreadable",), remedies=(words,))


def central_ellipse(shape: tuple[int, int]) -> Mask:
    """Return the ellipse in which a head is expected when none was found, (H, W)."""
    height, width = shape
    row, column = np.ogrid[:height, :width]
    return np.asarray(
        ((column + 0.5 - width / 2) / (0.42 * width)) ** 2 + ((row + 0.5 - height / 2) / (0.42 * height)) ** 2 < 1.0,
        np.bool_,
    )


def _judge_closeup(rgb8_full: Rgb8Image, working: WorkingImage, settings: QualitySettings) -> QualityReport:
    found = _Findings(view=View.CLOSEUP)
    _check_frame(found, rgb8_full, settings)
    area = central_ellipse(working.rgb8.shape[:2])
    if not _check_light(found, working.rgb8, area, settings):
        return found.report()
    spread = blur_spread(edges_of(working.rgb8), area)
    per_1024 = 1024.0 / max(working.rgb8.shape[:2])
    blur_px = _WIDEST_CLOSEUP_PX if spread is None else spread.worst_px * per_1024
    _flag_blur(found, found.check("closeup_blur_px", blur_px, "px", settings.closeup_blur_px), spread)
    return found.report()


def _check_frame(found: _Findings, rgb8_full: Rgb8Image, settings: QualitySettings) -> None:
    side_px = float(min(rgb8_full.shape[:2]))
    found.flag("too_small", found.check("frame_side_px", side_px, "px", settings.frame_side_px))


def _check_light(found: _Findings, rgb8: Rgb8Image, area: Mask, settings: QualitySettings) -> bool:
    """Check the light; False when there is no picture on which anything else could be measured."""
    light = exposure(rgb8, area)
    contrast = found.check("contrast_level", light.contrast_level, "1", settings.contrast_level)
    bright = found.check("bright_level", light.bright_level, "1", settings.bright_level)
    burnt = found.check("burnt_fraction", light.burnt_fraction, "1", settings.burnt_fraction)
    found.flag("blank", contrast)
    found.flag("underexposed", bright)
    found.flag("overexposed" if burnt is QualityDecision.RETAKE else "clipped", burnt)
    if light.colourless and contrast is QualityDecision.USABLE:
        found.flag("monochrome", QualityDecision.USABLE_WITH_LIMITS)
    return contrast is QualityDecision.USABLE


def _check_blur(found: _Findings, rgb8: Rgb8Image, area: Mask, settings: QualitySettings) -> None:
    """Check the blur of the head, and more strictly a blur that the whole picture shares, as after a shake.

    Steps of outline and background are better witnesses of a shake than hair, whose strands hide it. But a sharp
    background says nothing for a head out of focus, and a blurred one nothing against a sharp head.
    """
    length_px = head_length_px(area)
    rim = with_surroundings(area, _RIM_FRACTION * length_px)
    edges = edges_of(rgb8)
    head, outline, frame = (blur_spread(edges, where) for where in (area, rim, np.ones(area.shape, np.bool_)))
    head_blur, outline_blur, frame_blur = (
        _WIDEST_FRACTION if spread is None else spread.worst_px / length_px for spread in (head, outline, frame)
    )
    decisions = (
        found.check("head_blur_fraction", head_blur, "1", settings.head_blur_fraction),
        found.check("overall_blur_fraction", min(outline_blur, frame_blur), "1", settings.overall_blur_fraction),
    )
    _flag_blur(found, max(decisions, key=_STRICTNESS.index), outline)


def _flag_blur(found: _Findings, decision: QualityDecision, spread: BlurSpread | None) -> None:
    if decision is not QualityDecision.RETAKE:
        found.flag("blurred", decision, situation="soft")
        return
    moved = spread is not None and spread.worst_px > _MOVED_RATIO * spread.best_px
    found.flag("blurred", decision, situation="moved" if moved else "blurred")


def _check_framing(found: _Findings, mask: Mask, settings: QualitySettings) -> None:
    missing = found.check("missing_head_fraction", missing_head_fraction(mask), "1", settings.missing_head_fraction)
    length = found.check("head_length_px", head_length_px(mask), "px", settings.head_length_px)
    found.flag("head_cut_off", missing)
    found.flag("head_too_small", length)


def decide(value: float, limits: Limits) -> QualityDecision:
    """Return the decision on one value; a value at a limit is still within it."""

    def beyond(limit: float | None) -> bool:
        return limit is not None and (value < limit if limits.higher_is_better else value > limit)

    if beyond(limits.retake_beyond):
        return QualityDecision.RETAKE
    return QualityDecision.USABLE_WITH_LIMITS if beyond(limits.limited_beyond) else QualityDecision.USABLE
