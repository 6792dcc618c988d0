"""A session's life: create, join, change phase, timer, close. Who may run or read which session.

What lies on the board is ``board.py``; which phase follows which is ``phases.py``.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from app.access import MAY, Scope, Verb
from app.accounts import Account, Role
from app.catalogue import Functionality, Service
from app.db import db
from workshops import board
from workshops.models import Card, Participant, Phase, Vote, Workshop
from workshops.phases import check_move

CODE_LETTERS = "CDFGHJKMNPQRTVWXY34679"  # no vowels: no words; no 0 O, 1 I L, 2 Z, 5 S, 8 B
CODE_LENGTH = 6  # 113 million codes; a code only opens a door that stands open
MOST_PARTICIPANTS = 500  # a room, with a margin; not a target


class SessionClosed(Exception):
    """The session is over: nobody joins or acts any more."""


class RoomFull(Exception):
    """The session holds as many phones as it can."""


@dataclass(frozen=True)
class Plan:
    """What the facilitator asks for when creating a session."""

    title: str
    service: Service
    prompts: tuple[str, ...]
    functionality: Functionality | None = None
    votes_each: int = 5
    votes_per_group: int = 3


def create(plan: Plan, facilitator: Account, day: date) -> Workshop:
    """Return a new session in its lobby, with a join code of its own."""
    workshop = Workshop(
        service=plan.service,
        functionality=plan.functionality,
        facilitator=facilitator,
        title=plan.title,
        code=_free_code(),
        prompts=list(plan.prompts),
        votes_each=plan.votes_each,
        votes_per_group=plan.votes_per_group,
        day=day,
    )
    db.session.add(workshop)
    db.session.flush()
    return workshop


def _free_code() -> str:
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if find(code) is None:
            return code


def normalise(typed: str) -> str:
    """Return a typed code as it is stored: capitals, without spaces, dots or dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def find(typed: str) -> Workshop | None:
    """Return the session whose code was typed, however it was typed, or None."""
    return db.session.scalar(select(Workshop).where(Workshop.code == normalise(typed)))


def hash_token(workshop: Workshop, token: str) -> str:
    """Return what is stored of a phone's token: random, so a plain hash is enough.

    The session's id goes in: the same phone in two sessions leaves two hashes that do not match.
    """
    return hashlib.sha256(f"{workshop.id}:{token}".encode()).hexdigest()


def join(workshop: Workshop, token: str, name: str = "") -> Participant:
    """Seat the phone that holds ``token``; the same phone again keeps its seat.

    Raises:
        SessionClosed: the session is over.
        RoomFull: every seat is taken.
    """
    if not workshop.is_open:
        raise SessionClosed(workshop.id)
    if known := participant_of(workshop, token):
        return known
    if head_count(workshop) >= MOST_PARTICIPANTS:
        raise RoomFull(workshop.id)
    seat = Participant(
        workshop_id=workshop.id, token_hash=hash_token(workshop, token), name=name.strip()
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
    query = select(func.count()).where(Participant.workshop_id == workshop.id, *conditions)
    return db.session.scalar(query.select_from(Participant)) or 0


def names(workshop: Workshop) -> list[str]:
    """Return the names that people chose to give, in alphabetical order."""
    query = select(Participant.name).where(
        Participant.workshop_id == workshop.id, Participant.name != ""
    )
    return list(db.session.scalars(query.order_by(Participant.name)))


def move(workshop: Workshop, seen: str, target: str, day: date) -> bool:
    """Go from the phase that the facilitator saw to ``target``; say whether anything changed.

    Two facilitators, or two taps, that press "next" together move the session once.
    Raises ``ForbiddenMove`` when ``target`` may not follow.
    """
    if workshop.phase != seen:
        return False
    check_move(workshop.phase, target)
    if target == Phase.VOTE:
        board.seat_singles(workshop)
    workshop.phase = Phase(target).value
    _clear_timer(workshop)
    _forget_finished(workshop)
    if target == Phase.CLOSED:
        _unlink(workshop, day)
    workshop.version += 1
    db.session.flush()
    return True


def _forget_finished(workshop: Workshop) -> None:
    db.session.execute(
        update(Participant).where(Participant.workshop_id == workshop.id).values(finished=False)
    )


def _unlink(workshop: Workshop, day: date) -> None:
    """Cut every thread between what was said and the phones that said it (model.md §2)."""
    for table in (Vote, Card):
        db.session.execute(
            update(table).where(table.workshop_id == workshop.id).values(participant_id=None)
        )
    db.session.execute(delete(Participant).where(Participant.workshop_id == workshop.id))
    workshop.closed = day


def start_timer(workshop: Workshop, minutes: int, now: datetime) -> None:
    """Give the room ``minutes``; a running timer starts anew."""
    workshop.timer_until = now + timedelta(minutes=minutes)
    workshop.timer_left_seconds = None
    workshop.version += 1


def pause_timer(workshop: Workshop, now: datetime) -> None:
    """Stop the clock, or let it run on when it is stopped."""
    left = seconds_left(workshop, now)
    if left is None:
        return
    running = workshop.timer_until is not None
    workshop.timer_until = None if running else now + timedelta(seconds=left)
    workshop.timer_left_seconds = left if running else None
    workshop.version += 1


def add_minute(workshop: Workshop, now: datetime) -> None:
    """Give one minute more, from now when the time was over."""
    left = seconds_left(workshop, now) or 0
    if workshop.timer_left_seconds is not None:
        workshop.timer_left_seconds = left + 60
    else:
        workshop.timer_until = now + timedelta(seconds=left + 60)
    workshop.version += 1


def seconds_left(workshop: Workshop, now: datetime) -> int | None:
    """Return the seconds on the timer, never negative; None when there is no timer."""
    if workshop.timer_left_seconds is not None:
        return workshop.timer_left_seconds
    if workshop.timer_until is None:
        return None
    return max(0, round((workshop.timer_until - now).total_seconds()))


def _clear_timer(workshop: Workshop) -> None:
    workshop.timer_until = workshop.timer_left_seconds = None


def run_by(account: Account, workshop_id: str) -> Workshop | None:
    """Return the session if ``account`` is the one who runs it, else None."""
    workshop = db.session.get(Workshop, workshop_id)
    return workshop if workshop and workshop.facilitator_id == account.id else None


def readable_by(account: Account) -> list[Workshop]:
    """Return the sessions that ``account`` may read: those it runs, and those of its services
    or territory once they are closed; the newest first."""
    own = Workshop.facilitator_id == account.id
    closed = (Workshop.phase == Phase.CLOSED.value) & _reach(account)
    query = select(Workshop).where(own | closed).order_by(Workshop.day.desc(), Workshop.title)
    return list(db.session.scalars(query))


def _reach(account: Account) -> ColumnElement[bool]:
    """Return the condition of the sessions that the account's other roles may read.

    The golden table gives facilitators every service, to create sessions; they read their own only.
    """
    held = {role: scope for role, scope in MAY[Verb.READ_SESSIONS].items() if account.holds(role)}
    held.pop(Role.FACILITATOR, None)
    services = set(account.service_ids) if Scope.TEAM in held.values() else set()
    if Scope.TERRITORY in held.values() and account.territory_code:
        near = select(Service.id).where(Service.territory_code == account.territory_code)
        services |= set(db.session.scalars(near))
    return Workshop.service_id.in_(services)
