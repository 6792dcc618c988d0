"""How long changes, contests, notices and messages wait for a moderator: for the figures."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select

from app.days import working_days_between
from app.db import db
from feedback.content_notices import Reported
from feedback.models import Commitment, CommitmentState, CommitmentStep, Message, StepKind
from feedback.moderation_items import Wait, WhyHeld
from feedback.moderation_queue import Queue
from feedback.verdicts import is_contest


def waits_beside(queue: Queue, reported: Sequence[Reported], day: date) -> list[Wait]:
    """Return a wait for each change, contest, reported text and message, in one query."""
    claimed = _claimed([each.id for each in queue.claims])
    return [
        *(_wait(WhyHeld.CHANGE, claimed.get(each.id, each.made), day) for each in queue.claims),
        *(_wait(WhyHeld.CONTEST, _contested(each), day) for each in queue.contested),
        *(Wait(WhyHeld.NOTICE, each.days) for each in reported),
        *(waited_for_message(each, day) for each in queue.messages),
    ]


def waited_for_commitment(commitment: Commitment, day: date) -> Wait:
    """Return how long a claimed or contested change waits."""
    if commitment.state == CommitmentState.CLAIMED:
        since = _claimed([commitment.id]).get(commitment.id, commitment.made)
        return _wait(WhyHeld.CHANGE, since, day)
    return _wait(WhyHeld.CONTEST, _contested(commitment), day)


def waited_for_message(message: Message, day: date) -> Wait:
    """Return how long a held message waits."""
    return _wait(WhyHeld.MESSAGE, message.day, day)


def _wait(why: WhyHeld, since: date | None, day: date) -> Wait:
    return Wait(why, working_days_between(since or day, day))


def _claimed(commitment_ids: Collection[str]) -> dict[str, date]:
    """Return the day on which each change was last claimed."""
    query = select(CommitmentStep.commitment_id, func.max(CommitmentStep.day)).where(
        CommitmentStep.commitment_id.in_(commitment_ids),
        CommitmentStep.kind == StepKind.CLAIMED.value,
    )
    return dict(db.session.execute(query.group_by(CommitmentStep.commitment_id)).all())


def _contested(commitment: Commitment) -> date | None:
    """Return the day of the oldest contest that waits for an answer."""
    days = [row.verdict_day for row in commitment.links if is_contest(row) and row.verdict_day]
    return min(days, default=None)
