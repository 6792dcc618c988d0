"""The moderator's work: what waits, what is decided about it, and the author's appeal.

Nothing is released by a clock or a model: each decision is a person's, and a return or a refusal
carries its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app import jobs, traces
from app.days import working_days_between
from app.db import db
from app.traces import AUTHOR, Actor
from feedback import search, states
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Message,
    State,
    ThreadState,
    Verdict,
)
from feedback.states import ForbiddenMove

HELD_DAYS = 3  # working days; then the queue reminds, and never releases
APPEAL = "appel"  # the reason of a retour that its author appealed starts with this word


class Decision(StrEnum):
    """What a moderator may decide about a retour."""

    OPEN = "open"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    RETURN = "return"
    REFUSE = "refuse"
    HOLD = "hold"


_NEXT = {
    Decision.OPEN: State.OPEN,
    Decision.PUBLISH: State.PUBLISHED,
    Decision.UNPUBLISH: State.OPEN,
    Decision.RETURN: State.RETURNED,
    Decision.REFUSE: State.REFUSED,
    Decision.HOLD: State.HELD,
}
NEEDS_REASON = (Decision.RETURN, Decision.REFUSE, Decision.HOLD)


class MissingReason(Exception):
    """A return, a refusal and a hold each need a reason that the author can read."""


class WhyHeld(StrEnum):
    """Why a retour waits for a moderator, in the order in which they are to be read."""

    DANGER = "danger"
    APPEAL = "appeal"
    NAMES = "names"
    SERVICE = "service"
    WISH = "wish"  # open already; its author would like it published


@dataclass(frozen=True)
class Item:
    """A retour that waits for a moderator."""

    feedback: Feedback
    why: WhyHeld
    days: int  # working days since it waits
    is_late: bool


@dataclass(frozen=True)
class Queue:
    """Everything that waits for a moderator."""

    held: tuple[Item, ...]
    wishes: tuple[Item, ...]
    messages: tuple[Message, ...]  # authors' replies that are held
    claims: tuple[Commitment, ...]  # announced changes to check
    contested: tuple[Commitment, ...]  # announced changes that an author contests in words

    @property
    def size(self) -> int:
        """How many things wait."""
        parts = (self.held, self.wishes, self.messages, self.claims, self.contested)
        return sum(len(part) for part in parts)


def why_held(feedback: Feedback) -> WhyHeld:
    """Return why ``feedback`` waits for a moderator."""
    if feedback.state == State.OPEN:
        return WhyHeld.WISH
    if feedback.reason.startswith(APPEAL):
        return WhyHeld.APPEAL
    if feedback.dangers:
        return WhyHeld.DANGER
    return WhyHeld.SERVICE if feedback.names_masked else WhyHeld.NAMES


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
        tuple(_commitments(CommitmentState.CLAIMED)),
        tuple(_contested()),
    )


def waiting_count() -> int:
    """Return how many retours are held and changes are claimed: what the menu shows."""
    held = select(func.count()).where(Feedback.state == State.HELD)
    claims = select(func.count()).where(Commitment.state == CommitmentState.CLAIMED)
    both = select(held.scalar_subquery() + claims.scalar_subquery())
    return db.session.scalar(both) or 0


def may_decide(feedback: Feedback) -> list[Decision]:
    """Return the decisions that the state table and the author's wish allow."""
    state = State(feedback.state)
    ready = feedback.names_masked
    found: list[Decision] = []
    if state == State.HELD and ready:
        found.append(Decision.OPEN)
    if state in (State.HELD, State.OPEN) and ready and feedback.wants_publication and feedback.text:
        found.append(Decision.PUBLISH)
    if state == State.HELD:
        found += [Decision.RETURN, Decision.REFUSE]
    if state == State.PUBLISHED:
        found.append(Decision.UNPUBLISH)
    if state == State.OPEN:
        found.append(Decision.HOLD)
    return found


def decide(feedback: Feedback, decision: Decision, reason: str, actor: Actor, day: date) -> None:
    """Carry out a moderator's decision.

    Raises ``MissingReason`` for a return, a refusal or a hold without one and ``ForbiddenMove`` for
    what ``may_decide`` does not list.
    """
    if decision not in may_decide(feedback):
        raise ForbiddenMove(f"{decision} is not open to a retour that is {feedback.state}")
    if decision in NEEDS_REASON and not reason.strip():
        raise MissingReason(decision)
    if decision is Decision.PUBLISH and feedback.state == State.HELD:
        states.move(feedback, State.OPEN, "moderator")
    states.move(feedback, _NEXT[decision], "moderator", reason.strip())
    if decision in (Decision.OPEN, Decision.PUBLISH):
        _hand_to_team(feedback, day)
    traces.record("moderated", actor, day, feedback.id, decision.value)


def appeal(feedback: Feedback, words: str, day: date) -> None:
    """Put a refused retour before another moderator, because its author asks for it."""
    states.move(feedback, State.HELD, "author", f"{APPEAL} : {words}".strip(" :"))
    feedback.last_author_day = day
    traces.record("corrected", AUTHOR, day, feedback.id, APPEAL)


def _hand_to_team(feedback: Feedback, day: date) -> None:
    search.index(feedback)
    if feedback.thread_state == ThreadState.NONE and feedback.is_concern:
        feedback.thread_state, feedback.waiting_since = ThreadState.WAITING.value, day
    if feedback.text and not feedback.analysed:
        jobs.enqueue("analyse", feedback.id, datetime.combine(day, time.min, UTC))


def _waiting(*conditions: object) -> Iterable[Feedback]:
    query = select(Feedback).where(*conditions).order_by(Feedback.day, Feedback.id)  # type: ignore[arg-type]
    return db.session.scalars(query.options(joinedload(Feedback.service)))


def _items(feedbacks: Iterable[Feedback], day: date) -> list[Item]:
    found = []
    for feedback in feedbacks:
        since = max(feedback.day, feedback.last_author_day or feedback.day)
        days = working_days_between(since, day)
        late = days > HELD_DAYS and feedback.state == State.HELD
        found.append(Item(feedback, why_held(feedback), days, late))
    return found


def _held_messages() -> Iterable[Message]:
    query = select(Message).join(Feedback).where(Message.held, Feedback.state != State.WITHDRAWN)
    loaded = joinedload(Message.feedback).joinedload(Feedback.service)
    return db.session.scalars(query.options(loaded).order_by(Message.day, Message.id))


def _commitments(*wanted: CommitmentState) -> list[Commitment]:
    query = (
        select(Commitment)
        .where(Commitment.state.in_(wanted))
        .options(joinedload(Commitment.service), selectinload(Commitment.links))
        .order_by(Commitment.due, Commitment.id)
    )
    return list(db.session.scalars(query))


def _contested() -> list[Commitment]:
    judged = (CommitmentState.ANNOUNCED, CommitmentState.UNVERIFIED, CommitmentState.CONFIRMED)
    return [c for c in _commitments(*judged) if any(is_contest(link) for link in c.links)]


def is_contest(link: CommitmentLink) -> bool:
    """Say whether an author contests the change in words."""
    return link.verdict == Verdict.NOT and bool(link.words)
