"""The tables of the feature, split by subject."""

from feedback.models.exchange import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Message,
    Verdict,
)
from feedback.models.margins import ReferenceMargin
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
from feedback.models.theme_history import (
    BondKind,
    SegmentBond,
    SubjectEvent,
    ThemeBond,
    ThemeEvent,
)
from feedback.models.themes import (
    AnalysisRun,
    PlacedBy,
    Placement,
    Segment,
    Subject,
    Theme,
)

__all__ = [
    "AnalysisRun",
    "Answer",
    "AnswerStatus",
    "BondKind",
    "Channel",
    "Commitment",
    "CommitmentLink",
    "CommitmentState",
    "Face",
    "Feedback",
    "Message",
    "PlacedBy",
    "Placement",
    "ReferenceMargin",
    "Segment",
    "SegmentBond",
    "Signal",
    "SignalEvidence",
    "SignalKind",
    "SignalNote",
    "SignalState",
    "State",
    "Subject",
    "SubjectEvent",
    "Theme",
    "ThemeBond",
    "ThemeEvent",
    "ThreadState",
    "Verdict",
]
