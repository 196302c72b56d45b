"""Whether a photo can be judged, why not, and how to take it again. One photo at a time, no other photo needed."""

from hairtrack.quality.gate import judge, judge_unreadable
from hairtrack.quality.guidance import guidance_sentences
from hairtrack.quality.settings import QualitySettings

__all__ = ["QualitySettings", "guidance_sentences", "judge", "judge_unreadable"]
