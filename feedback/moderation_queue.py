"""What waits for a moderator: held retours, wishes, held messages, claims, answers and contests.

The queue reminds and never releases; what is decided about each is ``moderation.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.db import db
from feedback import appeals, content_notices, hold_windows, second_looks, urgency
from feedback.commitment_orders import by_due
from feedback.models import (
    Commitment,
    CommitmentState,
    Feedback,
    Message,
    SecondLook,
    State,
)
from feedback.moderation_items import (
    Asked,
    Item,
    Look,
    WhyHeld,
    asked_about,
    waited_for_look,
    waits_of,
)
from feedback.urgency import Level
from feedback.verdicts import IS_CONTEST, JUDGED


@dataclass(frozen=True)
class Queue:
    """Everything that waits for a moderator."""

    held: tuple[Item, ...]
    wishes: tuple[Item, ...]
    messages: tuple[Message, ...]  # authors' replies that are held
    claims: tuple[Commitment, ...]  # announced changes to check
    contested: tuple[Commitment, ...]  # announced changes that an author contests in words
    looks: tuple[Look, ...]  # answers that say a change is made
    asked: tuple[Asked, ...]  # levels of urgency that authors contest
    resting: tuple[Item, ...]  # held for a time: nothing is to be decided yet

    @property
    def size(self) -> int:
        """How many things wait."""
        texts = (self.held, self.wishes, self.messages)
        done = (self.claims, self.contested, self.looks)
        return sum(len(part) for part in (*texts, *done, self.asked))


def queue(day: date) -> Queue:
    """Return what waits, the most pressing first."""
    held = waits_of(_waiting(Feedback.state == State.HELD), day)
    wishes = _waiting(
        Feedback.state == State.OPEN,
        Feedback.wants_publication,
        Feedback.names_masked,
        Feedback.text.is_not(None),
    )
    return Queue(
        tuple(sorted((item for item in held if not item.until), key=_pressing)),
        tuple(sorted(waits_of(wishes, day), key=_pressing)),
        tuple(_held_messages()),
        tuple(by_due(Commitment.state == CommitmentState.CLAIMED)),
        tuple(_contested()),
        tuple(waited_for_look(look, day) for look in second_looks.waiting()),
        tuple(asked_about(row, day) for row in urgency.contested()),
        tuple(sorted((item for item in held if item.until), key=_end)),
    )


def _pressing(item: Item) -> tuple[int, int, int]:
    levels, reasons = list(Level), list(WhyHeld)
    return levels.index(item.level), reasons.index(item.why), -item.days


def _end(item: Item) -> date:
    return item.until or date.max


def waiting_count(day: date) -> int:
    """Return how many texts are held or reported and changes claimed: what the menu shows.

    An answer that says a change is made claims one. What was given time does not wait yet, and a
    wish to be published is no duty unless its author appealed against a refusal.
    """
    held = select(func.count()).where(Feedback.state == State.HELD)
    claims = select(func.count()).where(Commitment.state == CommitmentState.CLAIMED)
    looks = select(func.count()).where(SecondLook.reason == "")
    every = select(held.scalar_subquery() + claims.scalar_subquery() + looks.scalar_subquery())
    others = content_notices.waiting_count() + urgency.contested_count()
    others += appeals.on_publication_count()
    return (db.session.scalar(every) or 0) - hold_windows.resting_count(day) + others


def _waiting(*conditions: object) -> Iterable[Feedback]:
    query = select(Feedback).where(*conditions).order_by(Feedback.day, Feedback.id)  # type: ignore[arg-type]
    return db.session.scalars(query.options(joinedload(Feedback.service)))


def _held_messages() -> Iterable[Message]:
    query = select(Message).join(Feedback).where(Message.held, Feedback.state != State.WITHDRAWN)
    loaded = joinedload(Message.feedback).joinedload(Feedback.service)
    return db.session.scalars(query.options(loaded).order_by(Message.day, Message.id))


def _contested() -> list[Commitment]:
    return by_due(Commitment.state.in_(JUDGED) & Commitment.links.any(IS_CONTEST))
