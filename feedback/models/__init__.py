"""The tables of the feature, split by subject."""

from feedback.models.exchange import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Message,
    Verdict,
)
from feedback.models.retours import (
    Answer,
    AnswerStatus,
    Channel,
    Face,
    Feedback,
    State,
    ThreadState,
)
from feedback.models.signals import Signal, SignalEvidence, SignalKind, SignalNote, SignalState
from feedback.models.themes import (
    AnalysisRun,
    PlacedBy,
    Placement,
    Segment,
    Subject,
    Theme,
    ThemeEvent,
)

__all__ = [
    "AnalysisRun",
    "Answer",
    "AnswerStatus",
    "Channel",
    "Commitment",
    "CommitmentLink",
    "CommitmentState",
    "Face",
    "Feedback",
    "Message",
    "PlacedBy",
    "Placement",
    "Segment",
    "Signal",
    "SignalEvidence",
    "SignalKind",
    "SignalNote",
    "SignalState",
    "State",
    "Subject",
    "Theme",
    "ThemeEvent",
    "ThreadState",
    "Verdict",
]
