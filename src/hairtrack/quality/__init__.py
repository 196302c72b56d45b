"""Whether a photo can be judged, why not, and how to take it again. One photo at a time, no other photo needed."""

from hairtrack.quality.gate import judge, judge_unreadable
from hairtrack.quality.guidance import TIERS_THAT_TELL_A_TURN, guidance_sentences
from hairtrack.quality.settings import QualitySettings

__all__ = ["TIERS_THAT_TELL_A_TURN", "QualitySettings", "guidance_sentences", "judge", "judge_unreadable"]
