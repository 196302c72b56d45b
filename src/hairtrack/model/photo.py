"""A photo as values: where it came from, when, of what, how large, how good. Its pixels live in `imaging`."""

from dataclasses import dataclass
from datetime import date

from hairtrack.model.vocabulary import FactSource, PhotoKind, PictureSide, QualityDecision, RegionName, View


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelScale:
    """Pixels a millimetre on the scalp, with its standard uncertainty and how it is known (`given`, `scale_bar`...)."""

    px_per_mm: float
    std_uncertainty_px_per_mm: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoProblem:
    """Why a file could not be used as a photo, and what to do; `kind` is a stable word such as `truncated`."""

    kind: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo file.

    Parameters
    ----------
    file
        Path below the case folder with `/`, undecodable bytes escaped: safe to print and to write.
    photo_id
        `photo-` and the first 12 hex digits of `pixels_sha256` (of `file` when the pixels cannot be read).
    sha256, pixels_sha256
        Of the file's bytes, and of the upright sRGB pixels with their size; None when unreadable.
    taken_on
        Local date of the shot; None when unknown.
    width_px, height_px
        Of the upright picture; 0 when unreadable.
    field_diameter_mm
        True diameter of the round field of the dermoscope, when the case says it: its circle then gives the scale.
    forehead
        Towards which side of a picture from above the forehead lies, when the case says it: no outline tells.
    remarks
        What was done to read it (`16-bit reduced to 8`, `first frame of 12 used`, ...).
    problem
        Set when the file is no usable photo; everything else may then be missing.
    """

    file: str
    photo_id: str
    sha256: str | None = None
    pixels_sha256: str | None = None
    kind: PhotoKind = PhotoKind.GLOBAL
    view: View | None = None
    view_source: FactSource = FactSource.UNKNOWN
    region: RegionName | None = None
    taken_on: date | None = None
    date_source: FactSource = FactSource.UNKNOWN
    width_px: int = 0
    height_px: int = 0
    scale: PixelScale | None = None
    field_diameter_mm: float | None = None
    hair_length_mm: float | None = None
    wet: bool | None = None
    forehead: PictureSide | None = None
    remarks: tuple[str, ...] = ()
    problem: PhotoProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityCheck:
    """One number that the gate looked at, with the limits that it was held against.

    `limited_beyond` and `retake_beyond` are None when the check cannot limit or refuse. `higher_is_better` says in
    which direction beyond lies.
    """

    name: str
    value: float
    unit: str
    limited_beyond: float | None
    retake_beyond: float | None
    higher_is_better: bool
    decision: QualityDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """Whether a photo is usable, why not, and how to retake it.

    `flags` are stable words (`blurred`, `underexposed`, `overexposed`, `clipped`, `glare_on_scalp`, `head_cut_off`,
    `head_too_small`, `too_small`, `wrong_view`, `no_head`, `unreadable`, `blank`, `monochrome`); `remedies` are
    sentences, one a flag and in the same order.
    """

    decision: QualityDecision
    flags: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    checks: tuple[QualityCheck, ...] = ()
