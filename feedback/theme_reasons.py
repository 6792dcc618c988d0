"""Why a segment stands in its theme: the words they share, the distance, the nearest texts."""

from dataclasses import dataclass
from datetime import date

from app.db import db
from feedback.models import PlacedBy, Placement, Segment, State, Theme
from feedback.themes import typical_segments


@dataclass(frozen=True)
class Why:
    """What "Pourquoi ?" says of one segment."""

    segment: Segment
    theme: Theme
    score: float
    threshold: float
    words: tuple[str, ...]
    runner_up: Theme | None
    model: str
    placed: date
    by_person: bool
    neighbours: tuple[Segment, ...]


def why(placement: Placement, published_only: bool = False, count: int = 3) -> Why:
    """Return why a segment stands in its theme; the public sees published neighbours only."""
    theme, segment = placement.theme, placement.segment
    near = [
        each
        for each in typical_segments(theme)
        if each.feedback_id != segment.feedback_id
        and (not published_only or each.feedback.state == State.PUBLISHED)
    ]
    text = segment.text.lower()
    words = [str(word) for word, _weight in theme.words]
    shared = [word for word in words if word.lower() in text] or words
    runner_up = db.session.get(Theme, placement.runner_up) if placement.runner_up else None
    return Why(
        segment,
        theme,
        placement.score,
        placement.threshold,
        tuple(shared[:6]),
        runner_up,
        placement.model,
        placement.placed,
        placement.by == PlacedBy.PERSON,
        tuple(near[:count]),
    )
