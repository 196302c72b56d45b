"""What can be set about finding head and hair on whole-head photos."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSettings:
    """Limits of head and hair.

    Parameters
    ----------
    glare_light_fraction
        Lightness (L* in 0-1) above which a pale pixel shows the lamp and not the scalp: the sensor's shoulder starts
        there in sRGB photos.
    glare_chroma
        Chroma (C* / 100) below which such a pixel is pale.
    """

    glare_light_fraction: float = 0.93
    glare_chroma: float = 0.12
