"""Hypotheses, gates, decision with abstention, alerts and notices, reasons in words."""

from hairtrack.outcome.judge import decide, decisions_of, judge
from hairtrack.outcome.phases import phase_of
from hairtrack.outcome.sentences import SENTENCES, identify, sentence
from hairtrack.outcome.settings import OutcomeSettings

__all__ = ["SENTENCES", "OutcomeSettings", "decide", "decisions_of", "identify", "judge", "phase_of", "sentence"]
