"""What each command answers: one document a command, written with `--json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hairtrack.model.case import CaseProblem
from hairtrack.model.closeup import CloseupReading
from hairtrack.model.geometry import Registration
from hairtrack.model.measurement import Measured, NotMeasured
from hairtrack.model.photo import PixelScale, QualityReport
from hairtrack.model.verdict import Alert, ExpectedBand, Notice, Verdict
from hairtrack.model.vocabulary import PhotoKind, RegionName, View


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPhoto:
    """One photo's quality and, held against a reference, how to move to match it; `picture` is a ghost outline."""

    file: str
    quality: QualityReport
    guidance: tuple[str, ...] = ()
    registration: Registration | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """The answer of `hairtrack check`."""

    photos: tuple[CheckedPhoto, ...]
    against: str | None = None
    schema: str = "hairtrack.check/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignAnswer:
    """The answer of `hairtrack align`; `pictures` are the files written."""

    registration: Registration
    pictures: tuple[str, ...] = ()
    schema: str = "hairtrack.align/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoMeasurement:
    """A measurand of one photo; `region` is None for a close-up of unknown place and for the whole scalp seen."""

    measurand: str
    region: RegionName | None
    result: Measured | NotMeasured = field(metadata={"json_inline": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAnswer:
    """The answer of `hairtrack measure`."""

    file: str
    kind: PhotoKind
    view: View | None
    scale: PixelScale | None
    quality: QualityReport
    measurements: tuple[PhotoMeasurement, ...]
    closeup: CloseupReading | None = None
    pictures: tuple[str, ...] = ()
    schema: str = "hairtrack.measure/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessAnswer:
    """The answer of `hairtrack assess`."""

    verdicts: tuple[Verdict, ...]
    alerts: tuple[Alert, ...] = ()
    notices: tuple[Notice, ...] = ()
    bands: tuple[ExpectedBand, ...] = ()
    problems: tuple[CaseProblem, ...] = ()
    schema: str = "hairtrack.assess/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorAnswer:
    """The answer of `hairtrack doctor`."""

    versions: Mapping[str, str]
    capabilities: Mapping[str, bool]
    schema: str = "hairtrack.doctor/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnswer:
    """What any command writes instead of its answer when it cannot begin."""

    what: str
    where: str
    remedy: str
    exit_code: int
    schema: str = "hairtrack.error/1"
