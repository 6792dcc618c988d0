"""Which ring stands beside each retour of a list, with two queries whatever the length.

The rule itself is ``feedback.states.ring``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from feedback.models import Commitment, CommitmentLink, Feedback
from feedback.states import RING_WORDS, ring

PICTURES = {"promised": "answered", "rating": "withdrawn"}  # words differ, the drawing does not


@dataclass(frozen=True)
class Ring:
    """A ring to draw: its key, the drawing that stands for it and the word beside it."""

    key: str
    picture: str
    word: str


def rings(feedbacks: Sequence[Feedback]) -> dict[str, Ring]:
    """Return the ring of each retour; answers should be loaded before."""
    query = (
        select(CommitmentLink.feedback_id, CommitmentLink.verdict, Commitment.state)
        .join(Commitment)
        .where(CommitmentLink.feedback_id.in_([feedback.id for feedback in feedbacks]))
    )
    verdicts: dict[str, set[str]] = {}
    states: dict[str, set[str]] = {}
    for feedback_id, verdict, state in db.session.execute(query):
        states.setdefault(feedback_id, set()).add(state)
        if verdict:
            verdicts.setdefault(feedback_id, set()).add(verdict)
    return {f.id: _ring(f, verdicts.get(f.id, set()), states.get(f.id, set())) for f in feedbacks}


def _ring(feedback: Feedback, verdicts: set[str], states: set[str]) -> Ring:
    key = ring(feedback, frozenset(verdicts), frozenset(states))
    return Ring(key, PICTURES.get(key, key), str(RING_WORDS[key]))
