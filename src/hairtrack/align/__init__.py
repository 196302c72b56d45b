"""Two photos of one scalp brought together, or refused with the reason."""

from hairtrack.align.head_turn import likely_turn_deg
from hairtrack.align.photos import Alignment, AlignmentInput
from hairtrack.align.register import register
from hairtrack.align.settings import AlignSettings

__all__ = ["AlignSettings", "Alignment", "AlignmentInput", "likely_turn_deg", "register"]
