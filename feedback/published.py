"""Published messages as everybody reads them: pages of a service's, and what stands around one.

The number of queries does not depend on how many messages there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from sqlalchemy import ColumnElement, and_, or_, select

from app.catalogue import Service
from app.db import db
from app.floors import FLOOR
from feedback import me_too, search, story, threads
from feedback.masked_text import pieces
from feedback.models import (
    Feedback,
    Message,
    PeerAnswer,
    State,
)
from feedback.promises import Promise, as_shown
from feedback.rows import face_name, mood_of

PAGE = 20  # messages
Pieces = Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class Said:
    """A published message in a list."""

    id: str
    pieces: Pieces
    language: str
    mood: int | None
    face: str
    day: date
    is_answered: bool
    taps: int | None  # "moi aussi"; None under the floor


@dataclass(frozen=True)
class Page:
    """Some published messages, the newest first, and where the next ones begin."""

    said: tuple[Said, ...]
    following: str  # empty on the last page


@dataclass(frozen=True)
class PeerSaid:
    """Another reader's answer under a message."""

    id: str
    pieces: Pieces
    language: str
    day: date


def is_published(service: Service) -> ColumnElement[bool]:
    """Return the condition that keeps the messages of ``service`` that everybody may read."""
    return and_(
        Feedback.service_id == service.id,
        Feedback.state == State.PUBLISHED,
        Feedback.names_masked,
        Feedback.text.is_not(None),
    )


def find(service: Service, public_id: str) -> Feedback | None:
    """Return a published message of ``service``, or None."""
    return db.session.scalar(
        select(Feedback).where(Feedback.id == public_id, is_published(service))
    )


def find_text(service: Service, public_id: str) -> Feedback | None:
    """Return a published message, or an answer shown under one: any text that may be reported."""
    return find(service, public_id) or db.session.scalar(
        select(Feedback)
        .join(PeerAnswer, PeerAnswer.feedback_id == Feedback.id)
        .where(
            Feedback.id == public_id,
            Feedback.service_id == service.id,
            Feedback.state == State.SHOWN,
            PeerAnswer.parent_id.in_(select(Feedback.id).where(is_published(service))),
        )
    )


def newest(service: Service, most: int, floor: int = FLOOR) -> tuple[Said, ...]:
    """Return the newest published messages of ``service``, ``most`` at most."""
    query = select(Feedback).where(is_published(service))
    query = query.order_by(Feedback.day.desc(), Feedback.id).limit(most)
    return told(list(db.session.scalars(query)), floor)


def page_of(service: Service, after: str = "", words: str = "", floor: int = FLOOR) -> Page:
    """Return a page of published messages, from the one that ``after`` names; by words if any."""
    query = select(Feedback).where(is_published(service), _later_than(after))
    if (hits := search.matching(words, [service.id])) is not None:
        query = query.where(Feedback.id.in_(hits))
    query = query.order_by(Feedback.day.desc(), Feedback.id).limit(PAGE + 1)
    found = list(db.session.scalars(query))
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = f"{last.day:%Y%m%d}{last.id}" if last else ""
    return Page(told(found[:PAGE], floor), following)


def _later_than(after: str) -> ColumnElement[bool]:
    """Return what keeps the rows behind the place ``after``; a place that is none keeps all."""
    try:
        day = datetime.strptime(after[:8], "%Y%m%d").date()
    except ValueError:
        return and_(True)
    behind = and_(Feedback.day == day, Feedback.id > after[8:])
    return or_(Feedback.day < day, behind)


def told(feedbacks: Sequence[Feedback], floor: int = FLOOR) -> tuple[Said, ...]:
    """Return ``feedbacks`` as a list shows them, in one further query."""
    taps = me_too.shown([each.id for each in feedbacks], floor)
    return tuple(
        Said(
            id=each.id,
            pieces=pieces(each.text),
            language=each.language,
            mood=mood_of(each),
            face=face_name(each),
            day=each.day,
            is_answered=each.first_answer_day is not None,
            taps=taps.get(each.id),
        )
        for each in feedbacks
    )


def answers_to(feedback: Feedback) -> list[tuple[Message, Pieces]]:
    """Return what the team answered to the published words, before their author wrote again.

    An answer is words written to be public (model.md §1). What the author wrote later was not
    offered for publication, and the team's words after it may quote it: both stay between them.
    """
    first = takewhile(lambda message: message.sender == "team", threads.messages(feedback))
    return [(message, pieces(message.text)) for message in first if not message.held]


def promises_to(feedback: Feedback, day: date) -> list[Promise]:
    """Return the commitments that answer ``feedback``, each with its ring and its public word."""
    return [as_shown(link.commitment, day) for link in story.commitment_links(feedback)]


def peers_of(feedback: Feedback) -> tuple[PeerSaid, ...]:
    """Return other readers' answers to ``feedback`` that a moderator let stand, oldest first."""
    query = (
        select(Feedback)
        .join(PeerAnswer, PeerAnswer.feedback_id == Feedback.id)
        .where(PeerAnswer.parent_id == feedback.id, Feedback.state == State.SHOWN)
        .order_by(Feedback.day, Feedback.id)
        .limit(100)
    )
    return tuple(
        PeerSaid(each.id, pieces(each.text), each.language, each.day)
        for each in db.session.scalars(query)
    )
