"""What a moderator answers to who contests an announced change: it holds, and why.

Giving the change back to its team is ``commitments.reopen``. A contest said anew waits anew.
"""

from datetime import date

from app import traces
from app.traces import Actor
from feedback.commitment_steps import note
from feedback.models import Commitment, StepKind, Verdict
from feedback.states import ForbiddenMove
from feedback.verdicts import JUDGED, is_contest

UPHELD = "upheld"  # the detail of the journal


def uphold(commitment: Commitment, words: str, day: date, actor: Actor) -> None:
    """Let the change stand; every author who contests it reads ``words``, and its state stays.

    Raises ``ForbiddenMove`` unless an announced change is contested in words without an answer,
    and ``ValueError`` without words.
    """
    if not words.strip():
        raise ValueError("who contests is told why the change holds, got no words")
    if commitment.state not in JUDGED or not any(is_contest(row) for row in commitment.links):
        raise ForbiddenMove("nobody contests this change in words that wait for an answer")
    note(commitment, StepKind.UPHELD, "moderator", day, words)
    for row in commitment.links:
        if row.verdict == Verdict.NOT and not row.answer:
            row.answer = words
            traces.record("moderated", actor, day, row.feedback_id, UPHELD)
