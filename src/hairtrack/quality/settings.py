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

    Blur, light and head length are those of `validation/quality/calibrate_quality.py --every 3`, set on half of the
    subjects (results in validation/results/quality_calibration.txt); the blur of close-ups is that of
    `calibrate_closeups.py`. The others are derived, as said with each; a test holds all calibrated ones to the tables.

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
        Share of the scalp under glare, as found by `segment`. Nothing can be measured under glare, so it asks for a
        retake at the share that burnt light does; that a twentieth limits is a choice, not a measurement.
    missing_head_fraction
        Share of the head estimated to lie outside the frame. The estimate reads high: in the calibration its median is
        0.08 where a twentieth is cut off, 0.21 at 0.15 and 0.43 at 0.30; so the limits are a twentieth and a fifth.
    head_length_px
        Length of the head in pixels of the working copy, on which every later stage measures.
    frame_side_px
        Shorter side of the full photo: too short to hold a head of that length.
    contrast_level
        Range of luma (1st to 99th percentile) in the judged area, 0-1; a covered lens or a blank page has none.
        Ten of 256 levels, a fifth of the least that a good photo in the calibration data shows.
    closeup_blur_px
        Blur spread of a close-up in pixels of a picture 1024 px long.
    """

    head_blur_fraction: Limits = Limits(limited_beyond=0.0030, retake_beyond=0.0044)
    overall_blur_fraction: Limits = Limits(limited_beyond=0.0030, retake_beyond=0.0043)
    bright_level: Limits = Limits(limited_beyond=0.31, retake_beyond=0.24, higher_is_better=True)
    burnt_fraction: Limits = Limits(limited_beyond=0.0078, retake_beyond=0.375)
    glare_fraction: Limits = Limits(limited_beyond=0.05, retake_beyond=0.375)
    missing_head_fraction: Limits = Limits(limited_beyond=0.08, retake_beyond=0.28)
    head_length_px: Limits = Limits(limited_beyond=356.0, retake_beyond=167.0, higher_is_better=True)
    frame_side_px: Limits = Limits(limited_beyond=356.0, retake_beyond=167.0, higher_is_better=True)
    contrast_level: Limits = Limits(limited_beyond=None, retake_beyond=0.04, higher_is_better=True)
    closeup_blur_px: Limits = Limits(limited_beyond=1.75, retake_beyond=4.0)
