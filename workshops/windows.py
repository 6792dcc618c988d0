"""The hours of a phase: from when to when it stays open by itself, and which one follows.

The clock of each request decides, so that no job has to run: outside its hours a phase takes
nothing from phones, and who comes first after its end moves the session on where it follows by
itself. Sentences are ``window_words.py``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from app.db import db
from workshops import sessions, suggestions
from workshops.models import Phase, Workshop
from workshops.phases import ORDER, held
from workshops.talk_models import PhaseWindow

LONGEST = timedelta(days=60)  # ahead: a session is a meeting that lasts, not a permanent door


class BadHours(Exception):
    """The closing time is not after the opening and after now, or too far away; or what follows
    does not come after."""


class WindowShut(Exception):
    """The phase has hours, and it is not the time."""


class State(StrEnum):
    """Where a moment stands in the hours of a phase."""

    WAITING = "waiting"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Hours:
    """The hours that somebody asks for."""

    phase: Phase
    closes: datetime
    opens: datetime | None = None
    following: Phase | None = None


def followers(phase: Phase, left_out: Collection[str] = ()) -> list[Phase]:
    """Return the phases that may follow ``phase`` by themselves: closing is left to a person."""
    later = ORDER[ORDER.index(phase) + 1 :]
    return [each for each in held(left_out) if each in later and each is not Phase.CLOSED]


def window_of(workshop: Workshop) -> PhaseWindow | None:
    """Return the hours of the phase that the session is in, or None."""
    return db.session.get(PhaseWindow, (workshop.id, workshop.phase))


def windows_of(workshop: Workshop) -> list[PhaseWindow]:
    """Return all hours of the session, in the order of its phases."""
    query = select(PhaseWindow).where(PhaseWindow.workshop_id == workshop.id)
    return sorted(db.session.scalars(query), key=lambda each: ORDER.index(Phase(each.phase)))


def state_of(window: PhaseWindow, now: datetime) -> State:
    """Say where ``now`` stands in the hours."""
    if now >= window.closes:
        return State.OVER
    return State.WAITING if window.opens and now < window.opens else State.OPEN


def check_open(workshop: Workshop, now: datetime) -> None:
    """Raise ``WindowShut`` when the phase has hours and ``now`` is outside."""
    window = window_of(workshop)
    if window and state_of(window, now) is not State.OPEN:
        raise WindowShut(workshop.phase)


def keep(workshop: Workshop, hours: Hours, now: datetime) -> PhaseWindow:
    """Give a phase its hours, in place of those it had. Raises ``BadHours``."""
    if hours.following and hours.following not in followers(hours.phase, workshop.left_out):
        raise BadHours(f"{hours.following} does not come after {hours.phase}")
    begins = max(hours.opens or now, now)
    if not begins < hours.closes <= now + LONGEST:
        raise BadHours(hours.closes.isoformat())
    window = db.session.merge(
        PhaseWindow(
            workshop_id=workshop.id,
            phase=hours.phase.value,
            opens=hours.opens,
            closes=hours.closes,
            following=hours.following.value if hours.following else "",
        )
    )
    workshop.version += 1
    db.session.flush()
    return window


@dataclass(frozen=True)
class Schedule:
    """The hours of a new session: writing until ``closes``, then a vote until ``votes_close``."""

    closes: datetime
    opens: datetime | None = None
    votes_close: datetime | None = None


def schedule(workshop: Workshop, asked: Schedule, now: datetime, day: date) -> None:
    """Let a new session run by itself: lobby until it opens, writing, then a vote if asked for.

    Raises ``BadHours``.
    """
    later = Phase.VOTE if asked.votes_close else None
    if asked.opens and asked.opens > now:
        keep(workshop, Hours(Phase.LOBBY, asked.opens, following=Phase.WRITE), now)
    else:
        sessions.move(workshop, Phase.LOBBY, Phase.WRITE, day)
    keep(workshop, Hours(Phase.WRITE, asked.closes, asked.opens, later), now)
    if asked.votes_close:
        keep(workshop, Hours(Phase.VOTE, asked.votes_close, asked.closes), now)


def drop(workshop: Workshop, phase: str) -> None:
    """Take the hours of a phase away: who runs the session opens and closes it by hand."""
    mine = (PhaseWindow.workshop_id == workshop.id) & (PhaseWindow.phase == phase)
    db.session.execute(delete(PhaseWindow).where(mine))
    workshop.version += 1
    db.session.flush()


def drop_past(workshop: Workshop, now: datetime) -> None:
    """Take over by hand a phase whose hours have passed: it is open again."""
    window = window_of(workshop)
    if window and state_of(window, now) is State.OVER:
        drop(workshop, window.phase)


def due(workshop: Workshop, now: datetime) -> Phase | None:
    """Return the phase that the session ought to be in by now, None when it is where it stands."""
    window = window_of(workshop)
    if window is None or not window.following or state_of(window, now) is not State.OVER:
        return None
    return Phase(window.following)


def catch_up(workshop: Workshop, now: datetime, day: date) -> None:
    """Make the moves that the hours owe, however many passed while nobody asked."""
    while (target := due(workshop, now)) is not None:
        sessions.move(workshop, workshop.phase, target, day)
        if target is Phase.GROUP:
            suggestions.ask(workshop, now)
