"""The plain numbers of a period of one service: retours, answers, contests, who waits, the score.

Each is one query that a person can write again by hand; what they mean is ``app/computation.py``.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from app.catalogue import Service
from app.days import working_days_between
from app.db import db
from app.periods import Period
from feedback.models import (
    NOT_PEER,
    Commitment,
    CommitmentLink,
    Face,
    Feedback,
    Message,
    State,
    ThreadState,
    Verdict,
)
from nlp.comparison import mean_score

SCORE_DAYS = 365  # the score speaks of the year before the period's end
READABLE = (State.OPEN.value, State.PUBLISHED.value)
AWAITED = (ThreadState.WAITING.value, ThreadState.REPLIED.value)


@dataclass(frozen=True)
class Waits:
    """Concerns that wait for the team: how many, how many too long, the oldest in working days."""

    waiting: int
    late: int
    oldest: int


@dataclass(frozen=True)
class PeriodScore:
    """The mean of the faces on 10 with its interval, and of how many."""

    mean: float
    low: float
    high: float
    n: int


def _count(query: Any) -> int:
    return int(db.session.scalar(query) or 0)


def count_retours(service: Service, period: Period) -> int:
    """Return how many retours came in ``period``; withdrawn ones are gone."""
    query = select(func.count()).where(
        Feedback.service_id == service.id,
        Feedback.state != State.WITHDRAWN,
        NOT_PEER,
        Feedback.day >= period.start,
        Feedback.day < period.end,
    )
    return _count(query)


def count_answers(service: Service, period: Period, feedback_id: str = "") -> int:
    """Return how many messages the team sent in ``period``, to one retour where it is named.

    One that waits for a moderator has not been sent.
    """
    query = select(func.count()).select_from(Message).join(Feedback)
    inside = Message.day >= period.start, Message.day < period.end
    sent = Message.sender == "team", ~Message.held
    one = [Feedback.id == feedback_id] if feedback_id else []
    return _count(query.where(Feedback.service_id == service.id, *sent, *inside, *one))


def count_contests(service: Service, period: Period) -> int:
    """Return how many authors said in ``period`` that an announced change is not there.

    Those whom a moderator has answered since ask for no decision any more.
    """
    query = select(func.count()).select_from(CommitmentLink).join(Commitment)
    said_no = CommitmentLink.verdict == Verdict.NOT, Commitment.service_id == service.id
    inside = CommitmentLink.verdict_day >= period.start, CommitmentLink.verdict_day < period.end
    return _count(query.where(*said_no, *inside, CommitmentLink.answer == ""))


def waits(service: Service, day: date) -> Waits:
    """Return who waits for the team on ``day``, as the inbox counts them."""
    query = select(Feedback.waiting_since, Feedback.reply_due).where(
        Feedback.service_id == service.id,
        Feedback.thread_state.in_(AWAITED),
        Feedback.state.in_(READABLE),
        Feedback.names_masked,
    )
    rows = list(db.session.execute(query))
    late = [since for since, due in rows if due and due < day]
    first = min((since for since in late if since), default=day)
    oldest = working_days_between(first, day)
    return Waits(len(rows), len(late), oldest)


def score(service: Service, end: date) -> PeriodScore | None:
    """Return the score over the year before ``end``, or None without a face."""
    query = (
        select(Feedback.face, func.count())
        .where(
            Feedback.service_id == service.id,
            Feedback.face.is_not(None),
            Feedback.day >= end - timedelta(days=SCORE_DAYS),
            Feedback.day < end,
            Feedback.state != State.WITHDRAWN,
        )
        .group_by(Feedback.face)
    )
    counts = dict(db.session.execute(query).all())
    if not counts:
        return None
    found = mean_score(*(counts.get(face.value, 0) for face in Face))
    return PeriodScore(found.value, found.low, found.high, sum(counts.values()))
