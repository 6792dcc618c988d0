"""The history of a commitment, one line for each thing that happened to it; moves nothing."""

from datetime import date

from sqlalchemy import func, select

from app.db import db
from feedback.models import Commitment, CommitmentState, CommitmentStep, StepKind

ROLES = {"team": "promoter", "date": "rule"}  # actors of the state table, as the desk names them
_NAMED = {  # moves that have a name of their own
    (CommitmentState.CLAIMED, CommitmentState.PROMISED): StepKind.SENT_BACK,
    (CommitmentState.CONFIRMED, CommitmentState.ANNOUNCED): StepKind.DISPUTED,
    (CommitmentState.UNVERIFIED, CommitmentState.ANNOUNCED): StepKind.JUDGED,
}


def note(commitment: Commitment, kind: StepKind, actor: str, day: date, words: str = "") -> None:
    """Add a line to the history; ``actor`` is one of the state table."""
    last = select(func.max(CommitmentStep.position)).where(
        CommitmentStep.commitment_id == commitment.id
    )
    step = CommitmentStep(
        commitment_id=commitment.id,
        position=(db.session.scalar(last) or 0) + 1,
        day=day,
        kind=kind.value,
        role=ROLES.get(actor, actor),
        words=words,
    )
    db.session.add(step)
    db.session.flush()


def note_move(commitment: Commitment, old: str, actor: str, day: date, words: str = "") -> None:
    """Add the line of a move from ``old`` to the state that ``commitment`` has now."""
    new = CommitmentState(commitment.state)
    kind = _NAMED.get((CommitmentState(old), new)) or StepKind(new.value)
    note(commitment, kind, actor, day, words)


def has_step(commitment: Commitment, kind: StepKind, since: date | None = None) -> bool:
    """Say whether the history holds such a line, on or after ``since`` if given."""
    query = select(CommitmentStep.id).where(
        CommitmentStep.commitment_id == commitment.id, CommitmentStep.kind == kind.value
    )
    if since:
        query = query.where(CommitmentStep.day >= since)
    return db.session.scalar(query.limit(1)) is not None


def history(commitment: Commitment) -> list[CommitmentStep]:
    """Return what happened to ``commitment``, the oldest first."""
    query = select(CommitmentStep).where(CommitmentStep.commitment_id == commitment.id)
    return list(db.session.scalars(query.order_by(CommitmentStep.position)))
