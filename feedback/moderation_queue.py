"""What waits for a moderator: held retours, wishes, held messages, claims, answers and contests.

The queue reminds and never releases; what is decided about each is ``moderation.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.days import working_days_between
from app.db import db
from feedback import content_notices, second_looks
from feedback.commitment_orders import by_due
from feedback.models import (
    Commitment,
    CommitmentState,
    Feedback,
    Message,
    SecondLook,
    State,
)
from feedback.moderation import APPEAL
from feedback.verdicts import JUDGED, is_contest

HELD_DAYS = 3  # working days; then the queue reminds, and never releases


class WhyHeld(StrEnum):
    """Why a retour waits for a moderator, in the order in which they are to be read."""

    DANGER = "danger"
    APPEAL = "appeal"
    NAMES = "names"
    SERVICE = "service"
    PEER = "peer"  # a reader's answer to a published message
    WISH = "wish"  # open already; its author would like it published
    CLAIM = "claim"  # an answer that says a change is made


@dataclass(frozen=True)
class Item:
    """A retour that waits for a moderator."""

    feedback: Feedback
    why: WhyHeld
    days: int  # working days since it waits
    is_late: bool


@dataclass(frozen=True)
class Look:
    """An answer that waits for its second look."""

    look: SecondLook
    days: int  # working days since it waits
    is_late: bool
    why: WhyHeld = WhyHeld.CLAIM


@dataclass(frozen=True)
class Queue:
    """Everything that waits for a moderator."""

    held: tuple[Item, ...]
    wishes: tuple[Item, ...]
    messages: tuple[Message, ...]  # authors' replies that are held
    claims: tuple[Commitment, ...]  # announced changes to check
    contested: tuple[Commitment, ...]  # announced changes that an author contests in words
    looks: tuple[Look, ...]  # answers that say a change is made

    @property
    def size(self) -> int:
        """How many things wait."""
        parts = (self.held, self.wishes, self.messages, self.claims, self.contested, self.looks)
        return sum(len(part) for part in parts)


def why_held(feedback: Feedback) -> WhyHeld:
    """Return why ``feedback`` waits for a moderator."""
    if feedback.state == State.OPEN:
        return WhyHeld.WISH
    if feedback.reason.startswith(APPEAL):
        return WhyHeld.APPEAL
    if feedback.dangers:
        return WhyHeld.DANGER
    if not feedback.names_masked:
        return WhyHeld.NAMES
    return WhyHeld.PEER if feedback.is_peer else WhyHeld.SERVICE


def queue(day: date) -> Queue:
    """Return what waits, the most pressing first."""
    order = list(WhyHeld)
    held = _items(_waiting(Feedback.state == State.HELD), day)
    wishes = _waiting(
        Feedback.state == State.OPEN,
        Feedback.wants_publication,
        Feedback.names_masked,
        Feedback.text.is_not(None),
    )
    return Queue(
        tuple(sorted(held, key=lambda item: (order.index(item.why), -item.days))),
        tuple(_items(wishes, day)),
        tuple(_held_messages()),
        tuple(by_due(Commitment.state == CommitmentState.CLAIMED)),
        tuple(_contested()),
        tuple(waited_for_look(look, day) for look in second_looks.waiting()),
    )


def waiting_count() -> int:
    """Return how many texts are held or reported and changes claimed: what the menu shows.

    An answer that says a change is made claims one.
    """
    held = select(func.count()).where(Feedback.state == State.HELD)
    claims = select(func.count()).where(Commitment.state == CommitmentState.CLAIMED)
    looks = select(func.count()).where(SecondLook.reason == "")
    every = select(held.scalar_subquery() + claims.scalar_subquery() + looks.scalar_subquery())
    return (db.session.scalar(every) or 0) + content_notices.waiting_count()


def _waiting(*conditions: object) -> Iterable[Feedback]:
    query = select(Feedback).where(*conditions).order_by(Feedback.day, Feedback.id)  # type: ignore[arg-type]
    return db.session.scalars(query.options(joinedload(Feedback.service)))


def _items(feedbacks: Iterable[Feedback], day: date) -> list[Item]:
    return [waited_for(feedback, day) for feedback in feedbacks]


def waited_for(feedback: Feedback, day: date) -> Item:
    """Return ``feedback`` with why and how long it waits for a moderator."""
    since = max(feedback.day, feedback.last_author_day or feedback.day)
    days = working_days_between(since, day)
    late = days > HELD_DAYS and feedback.state == State.HELD
    return Item(feedback, why_held(feedback), days, late)


def waited_for_look(look: SecondLook, day: date) -> Look:
    """Return ``look`` with how long it waits for a moderator."""
    days = working_days_between(look.day, day)
    return Look(look, days, days > HELD_DAYS)


def _held_messages() -> Iterable[Message]:
    query = select(Message).join(Feedback).where(Message.held, Feedback.state != State.WITHDRAWN)
    loaded = joinedload(Message.feedback).joinedload(Feedback.service)
    return db.session.scalars(query.options(loaded).order_by(Message.day, Message.id))


def _contested() -> list[Commitment]:
    judged = by_due(Commitment.state.in_(JUDGED))
    return [c for c in judged if any(is_contest(link) for link in c.links)]
