"""The seats of a session: a phone joins, keeps its seat, says that it has finished."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from app.db import db
from workshops import idle_seats
from workshops.identity import kept_name
from workshops.models import Participant, Workshop

MOST_PARTICIPANTS = 500  # a room, with a margin; not a target


class SessionClosed(Exception):
    """The session is over: nobody joins or acts any more."""


class RoomFull(Exception):
    """The session holds as many phones as it can."""


def hash_token(workshop: Workshop, token: str) -> str:
    """Return what is stored of a phone's token: random, so a plain hash is enough.

    The session's id goes in: the same phone in two sessions leaves two hashes that do not match.
    """
    return hashlib.sha256(f"{workshop.id}:{token}".encode()).hexdigest()


def join(
    workshop: Workshop, token: str, name: str = "", now: datetime | None = None
) -> Participant:
    """Seat the phone that holds ``token``; the same phone again keeps its seat.

    In a full room the seat that has been idle for longest gives way (``idle_seats.py``).

    Raises:
        SessionClosed: the session is over.
        RoomFull: every seat is taken, and none is idle.
    """
    if not workshop.is_open:
        raise SessionClosed(workshop.id)
    if known := participant_of(workshop, token):
        return known
    heads = head_count(workshop)
    if heads >= MOST_PARTICIPANTS and not (now and idle_seats.give_way(workshop, now)):
        raise RoomFull(workshop.id)
    workshop.crowded = heads >= MOST_PARTICIPANTS * idle_seats.CROWDED_SHARE
    seat = Participant(
        workshop_id=workshop.id,
        token_hash=hash_token(workshop, token),
        name=kept_name(workshop, name),
        seen=now,
    )
    db.session.add(seat)
    db.session.flush()
    return seat


def participant_of(workshop: Workshop, token: str | None) -> Participant | None:
    """Return the seat of the phone that holds ``token`` in this session, or None."""
    if not token:
        return None
    return db.session.scalar(
        select(Participant).where(
            Participant.workshop_id == workshop.id,
            Participant.token_hash == hash_token(workshop, token),
        )
    )


def head_count(workshop: Workshop) -> int:
    """Return how many phones have joined."""
    return _count(workshop)


def finished_count(workshop: Workshop) -> int:
    """Return how many said that they have finished this phase."""
    return _count(workshop, Participant.finished.is_(True))


def _count(workshop: Workshop, *conditions: ColumnElement[bool]) -> int:
    own = Participant.workshop_id == workshop.id
    phones = own & Participant.paper.is_(False) & Participant.pretend.is_(False)
    query = select(func.count()).where(phones, *conditions)
    return db.session.scalar(query.select_from(Participant)) or 0


def names(workshop: Workshop) -> list[str]:
    """Return the names that people chose to give, in alphabetical order."""
    query = select(Participant.name).where(
        Participant.workshop_id == workshop.id, Participant.name != ""
    )
    return list(db.session.scalars(query.order_by(Participant.name)))


def forget_finished(workshop: Workshop) -> None:
    """Let everybody begin a new phase unfinished."""
    db.session.execute(
        update(Participant).where(Participant.workshop_id == workshop.id).values(finished=False)
    )
