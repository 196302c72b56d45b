"""Everything that can be set, as one frozen tree: a room's own settings under the name of the room."""

from dataclasses import dataclass, field

from hairtrack.align.hairs import HairMatchSettings
from hairtrack.align.settings import AlignSettings
from hairtrack.ingest import IngestSettings
from hairtrack.measure.closeup import CloseupMeasureSettings
from hairtrack.measure.settings import MeasureSettings
from hairtrack.quality.settings import QualitySettings
from hairtrack.segment.settings import SegmentSettings
from hairtrack.segment.shafts import ShaftSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run.

    Parameters
    ----------
    ingest, quality, segment, shafts, align, measure, hair_match, closeup_measure
        Those of the rooms; each says where its numbers come from.
    """

    ingest: IngestSettings = field(default_factory=IngestSettings)
    quality: QualitySettings = field(default_factory=QualitySettings)
    segment: SegmentSettings = field(default_factory=SegmentSettings)
    shafts: ShaftSettings = field(default_factory=ShaftSettings)
    align: AlignSettings = field(default_factory=AlignSettings)
    measure: MeasureSettings = field(default_factory=MeasureSettings)
    hair_match: HairMatchSettings = field(default_factory=HairMatchSettings)
    closeup_measure: CloseupMeasureSettings = field(default_factory=CloseupMeasureSettings)
