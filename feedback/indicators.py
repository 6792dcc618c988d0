"""The figures of a service's board (product.md §3), counted from the rows; floors come later.

Each share stands with the number that it is a share of, so that the page can say it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.catalogue import Service
from app.days import add_working_days
from app.db import db
from feedback.models import (
    NOT_PEER,
    Answer,
    Commitment,
    CommitmentLink,
    CommitmentState,
    CommitmentStep,
    Face,
    Feedback,
    Message,
    State,
    StepKind,
    ThreadState,
)
from feedback.models.retours import HURT
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
    clocks: int = 0  # concerns whose reply clock has run out
    in_time: int = 0  # of them, with a first answer before it did
    promised: int = 0  # promises whose day has passed
    kept: int = 0  # of them, announced and checked by that day


def indicators(service: Service, day: date) -> Indicators:
    """Return the figures of ``service`` over the twelve months up to ``day``.

    The database counts: no retour is loaded, however many there are.
    """
    start = day - WINDOW
    concerns = concerns_of(service, start, day)
    states = _commitment_states(service, start)
    messages, canned = _messages(service, start)
    answered = Feedback.first_answer_day.is_not(None)
    waiting = Feedback.thread_state.in_((ThreadState.WAITING.value, ThreadState.REPLIED.value))
    linked = exists().where(CommitmentLink.feedback_id == Feedback.id)
    clocks, in_time = _clocks(service, concerns, day)
    promised, kept = _promises(service, start, day)
    return Indicators(
        retours=_count_retours(service, start, day),
        concerns=_count(concerns),
        answered=_count(concerns & answered),
        median_days=_median_days(concerns & answered),
        with_commitment=_count(concerns & answered & linked),
        waiting=_count(concerns & waiting),
        changes=sum(states.get(state, 0) for state in JUDGED),
        confirmed=states.get(CommitmentState.CONFIRMED, 0),
        reopened=_count_reopened(service, start),
        messages=messages,
        canned=canned,
        clocks=clocks,
        in_time=in_time,
        promised=promised,
        kept=kept,
    )


def concerns_of(service: Service, start: date, day: date) -> ColumnElement[bool]:
    """Return ``Feedback.is_concern`` and ``is_readable_by_team`` in the words of a query."""
    said = [
        (Answer.question == question) & Answer.value.in_(values)
        for question, values in HURT.items()
    ]
    hurt = exists().where(Answer.feedback_id == Feedback.id, or_(*said))
    displeased = Feedback.face.is_(None) | (Feedback.face != Face.GOOD)
    return (
        (Feedback.service_id == service.id)
        & (Feedback.day > start)
        & (Feedback.day <= day)
        & Feedback.names_masked
        & Feedback.state.in_((State.OPEN.value, State.PUBLISHED.value))
        & ((func.coalesce(Feedback.text, "") != "") & displeased | hurt)
    )


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Feedback).where(condition)) or 0


def _median_days(condition: ColumnElement[bool]) -> float | None:
    """Return the median of days to the first answer; None without any."""
    pair = Feedback.day, Feedback.first_answer_day
    query = select(*pair, func.count()).where(condition).group_by(*pair)
    counts: Counter[int] = Counter()
    for said, answered, count in db.session.execute(query):
        counts[(answered - said).days if answered else 0] += count
    ends = [_nth(counts, place) for place in ((counts.total() - 1) // 2, counts.total() // 2)]
    return sum(ends) / 2 if counts else None


def _nth(counts: Counter[int], place: int) -> int:
    """Return the value at ``place``, from 0, when every value stands as often as it counts."""
    for value, count in sorted(counts.items()):
        if place < count:
            return value
        place -= count
    return 0


def _clocks(service: Service, concerns: ColumnElement[bool], day: date) -> tuple[int, int]:
    """Return how many clocks have run out, and how many concerns were answered before.

    The clock is that of today's rules: what a service demanded last spring is kept nowhere.
    """
    by = Feedback.functionality_id, Feedback.day, Feedback.first_answer_day
    own: dict[int | None, int] = {each.id: each.reply_days for each in service.functionalities}
    clocks = in_time = 0
    query = select(*by, func.count()).where(concerns).group_by(*by)
    for functionality_id, said, answered, count in db.session.execute(query):
        last = add_working_days(said, own.get(functionality_id, service.reply_days))
        if last < day:
            clocks += count
            in_time += count if answered and answered <= last else 0
    return clocks, in_time


def _promises(service: Service, start: date, day: date) -> tuple[int, int]:
    """Return how many promises were for a day that has passed, and how many were kept by then."""
    kept = Commitment.state.in_(JUDGED) & (Commitment.announced <= Commitment.due)
    query = select(func.count(), func.count().filter(kept)).where(
        Commitment.service_id == service.id, Commitment.due > start, Commitment.due < day
    )
    promised, done = db.session.execute(query).one()
    return promised, done


def _count_retours(service: Service, start: date, day: date) -> int:
    return _count(
        (Feedback.service_id == service.id)
        & (Feedback.day > start)
        & (Feedback.day <= day)
        & (Feedback.state != State.WITHDRAWN)
        & NOT_PEER
    )


def _commitment_states(service: Service, start: date) -> dict[str, int]:
    query = select(Commitment.state, func.count()).where(
        Commitment.service_id == service.id, Commitment.made > start
    )
    return dict(db.session.execute(query.group_by(Commitment.state)).all())


def _count_reopened(service: Service, start: date) -> int:
    """Count the changes reopened since ``start``, those too that were announced anew after it."""
    query = (
        select(func.count(Commitment.id.distinct()))
        .join(CommitmentStep, CommitmentStep.commitment_id == Commitment.id)
        .where(
            Commitment.service_id == service.id,
            CommitmentStep.kind == StepKind.REOPENED,
            CommitmentStep.day > start,
        )
    )
    return db.session.scalar(query) or 0


def _messages(service: Service, start: date) -> tuple[int, int]:
    query = (
        select(func.count(), func.count().filter(Message.canned))
        .select_from(Message)
        .join(Feedback)
        .where(Feedback.service_id == service.id, Message.sender == "team", Message.day > start)
    )
    messages, canned = db.session.execute(query).one()
    return messages, canned
