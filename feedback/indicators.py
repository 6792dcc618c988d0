"""The figures of a service's board (product.md §3), counted from the rows; floors come later.

Each share stands with the number that it is a share of, so that the page can say it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from app.catalogue import Service
from app.db import db
from feedback.models import (
    NOT_PEER,
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Message,
    State,
    ThreadState,
)
from feedback.verdicts import JUDGED

WINDOW = timedelta(days=365)  # figures speak of the last twelve months


@dataclass(frozen=True)
class Indicators:
    """Counts over the twelve months before a day."""

    retours: int
    concerns: int  # that the team may read
    answered: int  # concerns with a first answer
    median_days: float | None  # days to the first answer, over answered concerns
    with_commitment: int  # answered concerns that a dated commitment answers
    waiting: int
    changes: int  # changes announced and checked
    confirmed: int
    reopened: int
    messages: int  # team messages
    canned: int  # of them, the same words sent again


def indicators(service: Service, day: date) -> Indicators:
    """Return the figures of ``service`` over the twelve months up to ``day``."""
    start = day - WINDOW
    concerns = _concerns(service, start, day)
    answered = [f for f in concerns if f.first_answer_day]
    delays = [(f.first_answer_day - f.day).days for f in answered if f.first_answer_day]
    states = _commitment_states(service, start)
    messages, canned = _messages(service, start)
    return Indicators(
        retours=_count_retours(service, start, day),
        concerns=len(concerns),
        answered=len(answered),
        median_days=median(delays) if delays else None,
        with_commitment=_with_commitment(service, {f.id for f in answered}),
        waiting=sum(f.thread_state in (ThreadState.WAITING, ThreadState.REPLIED) for f in concerns),
        changes=sum(states.get(state, 0) for state in JUDGED),
        confirmed=states.get(CommitmentState.CONFIRMED, 0),
        reopened=states.get(CommitmentState.REOPENED, 0),
        messages=messages,
        canned=canned,
    )


def _count_retours(service: Service, start: date, day: date) -> int:
    query = select(func.count()).where(
        Feedback.service_id == service.id,
        Feedback.day > start,
        Feedback.day <= day,
        Feedback.state != State.WITHDRAWN,
        NOT_PEER,
    )
    return db.session.scalar(query) or 0


def _concerns(service: Service, start: date, day: date) -> list[Feedback]:
    query = (
        select(Feedback)
        .where(Feedback.service_id == service.id, Feedback.day > start, Feedback.day <= day)
        .options(selectinload(Feedback.answers))
    )
    return [f for f in db.session.scalars(query) if f.is_concern and f.is_readable_by_team]


def _commitment_states(service: Service, start: date) -> dict[str, int]:
    query = select(Commitment.state, func.count()).where(
        Commitment.service_id == service.id, Commitment.made > start
    )
    return dict(db.session.execute(query.group_by(Commitment.state)).all())


def _messages(service: Service, start: date) -> tuple[int, int]:
    query = (
        select(func.count(), func.count().filter(Message.canned))
        .select_from(Message)
        .join(Feedback)
        .where(Feedback.service_id == service.id, Message.sender == "team", Message.day > start)
    )
    messages, canned = db.session.execute(query).one()
    return messages, canned


def _with_commitment(service: Service, answered: set[str]) -> int:
    linked = exists().where(CommitmentLink.feedback_id == Feedback.id)
    query = select(Feedback.id).where(Feedback.service_id == service.id, linked)
    return len(answered.intersection(db.session.scalars(query)))
