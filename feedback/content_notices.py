"""Notices that a public text should not stand: taken from anybody, decided by a moderator.

Nothing is hidden by a rule or a number of notices: a person reads the text and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import traces
from app.days import working_days_between
from app.db import db, random_id
from app.traces import Actor
from feedback import states
from feedback.models import ContentNotice, Feedback, NoticeOutcome, NoticeReason, State
from feedback.moderation import MissingReason

NOTICE_DAYS = 3  # working days in which a moderator reads a notice
READER = Actor("reader")
PUBLIC = (State.PUBLISHED.value, State.SHOWN.value)


class NotPublic(Exception):
    """The text is no longer public: there is nothing left to decide."""


@dataclass(frozen=True)
class Reported:
    """A public text with its open notices, the oldest first."""

    feedback: Feedback
    notices: tuple[ContentNotice, ...]
    days: int  # working days since the oldest
    is_late: bool

    @property
    def is_danger(self) -> bool:
        """Somebody may be in danger: read first."""
        return any(notice.reason == NoticeReason.DANGER for notice in self.notices)


def report(
    feedback: Feedback, reason: NoticeReason, words: str, day: date, notice_id: str | None = None
) -> ContentNotice:
    """Keep a reader's notice about a public text; ``words`` come masked.

    Args:
        notice_id: drawn from the number that the reader keeps; without one nobody can follow it.
    """
    notice = ContentNotice(
        id=notice_id or random_id(),
        feedback_id=feedback.id,
        day=day,
        reason=reason.value,
        words=words,
    )
    db.session.add(notice)
    db.session.flush()
    traces.record("reported", READER, day, feedback.id, reason.value)
    return notice


def waiting(day: date) -> list[Reported]:
    """Return the public texts with open notices, danger first, then the longest waiting."""
    query = (
        select(ContentNotice)
        .join(Feedback, Feedback.id == ContentNotice.feedback_id)
        .where(ContentNotice.outcome.is_(None), Feedback.state.in_(PUBLIC))
        .options(joinedload(ContentNotice.feedback).joinedload(Feedback.service))
        .order_by(ContentNotice.day, ContentNotice.id)
    )
    together: dict[str, list[ContentNotice]] = {}
    for notice in db.session.scalars(query):
        together.setdefault(notice.feedback_id, []).append(notice)
    found = [_reported(notices, day) for notices in together.values()]
    return sorted(found, key=lambda each: (not each.is_danger, -each.days))


def _reported(notices: Sequence[ContentNotice], day: date) -> Reported:
    days = working_days_between(notices[0].day, day)
    return Reported(notices[0].feedback, tuple(notices), days, days > NOTICE_DAYS)


def waiting_count() -> int:
    """Return how many public texts have an open notice: what the menu adds."""
    query = (
        select(func.count(ContentNotice.feedback_id.distinct()))
        .join(Feedback, Feedback.id == ContentNotice.feedback_id)
        .where(ContentNotice.outcome.is_(None), Feedback.state.in_(PUBLIC))
    )
    return db.session.scalar(query) or 0


def decide(
    feedback: Feedback, outcome: NoticeOutcome, answer: str, actor: Actor, day: date
) -> None:
    """Close every open notice about ``feedback`` with a moderator's decision and its reason.

    Raises ``MissingReason`` without one, and ``NotPublic`` when the text stands no longer.
    """
    if not answer.strip():
        raise MissingReason(outcome)
    if feedback.state not in PUBLIC:
        raise NotPublic(feedback.state)
    if outcome is not NoticeOutcome.KEPT:
        _take_down(feedback, outcome, answer.strip())
    for notice in _open(feedback):
        notice.outcome, notice.decided, notice.answer = outcome.value, day, answer.strip()
    traces.record("moderated", actor, day, feedback.id, f"notice: {outcome.value}")
    db.session.flush()


def _take_down(feedback: Feedback, outcome: NoticeOutcome, reason: str) -> None:
    is_hidden = outcome is NoticeOutcome.HIDDEN
    if feedback.is_peer:
        states.move(feedback, State.HELD, "moderator", reason)
        if not is_hidden:
            states.move(feedback, State.REFUSED, "moderator", reason)
        return
    states.move(feedback, State.OPEN, "moderator", reason)
    if is_hidden:
        states.move(feedback, State.HELD, "moderator", reason)
    else:
        # Else it would come back at once among the wishes; its author may tick the box again.
        feedback.wants_publication = False


def _open(feedback: Feedback) -> list[ContentNotice]:
    query = select(ContentNotice).where(
        ContentNotice.feedback_id == feedback.id, ContentNotice.outcome.is_(None)
    )
    return list(db.session.scalars(query))


def told_to_author(feedback: Feedback) -> list[ContentNotice]:
    """Return the decisions that took a text down, one a day, for its author (the newest first)."""
    query = select(ContentNotice).where(
        ContentNotice.feedback_id == feedback.id,
        ContentNotice.outcome.in_((NoticeOutcome.HIDDEN, NoticeOutcome.WITHDRAWN)),
    )
    found = db.session.scalars(query.order_by(ContentNotice.decided.desc(), ContentNotice.id))
    once = {(each.decided, each.outcome, each.answer): each for each in found}
    return list(once.values())
