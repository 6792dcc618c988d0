"""The discussion, group by group in the order of votes: which one is talked about, and its timer.

A timer stands while its group waits and runs on when the room comes back to it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.db import db
from workshops.groups import Row
from workshops.models import Card, CardGroup, Workshop
from workshops.phases import Act, check_act
from workshops.timer import add_minute, clear_timer, pause_timer, seconds_left, start_timer

NOW, DONE = "now", "done"


def current(workshop: Workshop) -> CardGroup | None:
    """Return the group that the room talks about, or None."""
    here = (CardGroup.workshop_id == workshop.id) & (CardGroup.talk == NOW)
    return db.session.scalar(select(CardGroup).where(here))


def name_of(group: CardGroup) -> str:
    """Return what a group is called: its name, else the words of its first card that is shown."""
    if group.title:
        return group.title
    shown = select(Card.text).where(Card.group_id == group.id, Card.hidden_reason == "")
    return db.session.scalar(shown.order_by(Card.prompt, Card.id).limit(1)) or ""


def following(rows: Iterable[Row]) -> Row | None:
    """Return the first of ``rows``, in the order of votes, that nobody has talked about."""
    return next((row for row in rows if not row.group.talk), None)


def begin(workshop: Workshop, group: CardGroup, minutes: int, now: datetime) -> None:
    """Talk about ``group`` from now on; the one before is done and its timer stands."""
    check_act(workshop.phase, Act.TALK)
    before = current(workshop)
    if before is not None and before.id != group.id:
        end(workshop, before, now)
    if seconds_left(group, now):
        if group.timer_until is None:
            pause_timer(group, now)
    else:
        start_timer(group, minutes, now)
    group.talk = NOW
    workshop.version += 1
    db.session.flush()


def end(workshop: Workshop, group: CardGroup, now: datetime) -> None:
    """Say that the room has talked about ``group``."""
    check_act(workshop.phase, Act.TALK)
    if group.timer_until is not None:
        pause_timer(group, now)
    group.talk = DONE
    workshop.version += 1
    db.session.flush()


def pause(workshop: Workshop, group: CardGroup, now: datetime) -> None:
    """Stop the group's timer, or let it run on."""
    check_act(workshop.phase, Act.TALK)
    pause_timer(group, now)


def lengthen(workshop: Workshop, group: CardGroup, now: datetime) -> None:
    """Give the group a minute more."""
    check_act(workshop.phase, Act.TALK)
    add_minute(group, now)


def stop_clocks(workshop: Workshop) -> None:
    """Take every timer of the session's groups away: it closes."""
    for group in db.session.scalars(select(CardGroup).where(CardGroup.workshop_id == workshop.id)):
        clear_timer(group)
        group.talk = DONE if group.talk else ""
    db.session.flush()
