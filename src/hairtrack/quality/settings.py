"""The limits of the gate, each with where it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a check begins to limit a photo and where it asks for a retake; None when it cannot.

    Beyond means above, or below when `higher_is_better`.
    """

    limited_beyond: float | None
    retake_beyond: float | None
    higher_is_better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySettings:
    """Limits of every check.

    Parameters
    ----------
    head_blur_fraction
        Blur spread (Gaussian sigma) on the head as a fraction of its length.
    overall_blur_fraction
        The same, but of the sharper of the head with its outline and the whole frame: a blur that everything shares.
    bright_level
        90th percentile of luma on the head, 0-1 of the sRGB scale.
    burnt_fraction
        Share of the head at or above 250 of 255 in luma.
    glare_fraction
        Share of the scalp under glare, as found by `segment`.
    missing_head_fraction
        Share of the head estimated to lie outside the frame.
    head_length_px
        Length of the head in pixels of the working copy, on which every later stage measures.
    frame_side_px
        Shorter side of the full photo.
    contrast_level
        Range of luma (1st to 99th percentile) in the judged area, 0-1; a covered lens or a blank page has none.
    closeup_blur_px
        Blur spread of a close-up in pixels of a picture 1024 px long.
    """

    head_blur_fraction: Limits = Limits(limited_beyond=0.0045, retake_beyond=0.0055)
    overall_blur_fraction: Limits = Limits(limited_beyond=0.0030, retake_beyond=0.0039)
    bright_level: Limits = Limits(limited_beyond=0.42, retake_beyond=0.33, higher_is_better=True)
    burnt_fraction: Limits = Limits(limited_beyond=0.02, retake_beyond=0.08)
    glare_fraction: Limits = Limits(limited_beyond=0.05, retake_beyond=0.30)
    missing_head_fraction: Limits = Limits(limited_beyond=0.05, retake_beyond=0.20)
    head_length_px: Limits = Limits(limited_beyond=400.0, retake_beyond=200.0, higher_is_better=True)
    frame_side_px: Limits = Limits(limited_beyond=480.0, retake_beyond=240.0, higher_is_better=True)
    contrast_level: Limits = Limits(limited_beyond=None, retake_beyond=0.04, higher_is_better=True)
    closeup_blur_px: Limits = Limits(limited_beyond=3.0, retake_beyond=4.0)
