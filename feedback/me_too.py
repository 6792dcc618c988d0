"""« Moi aussi »: taps on a published message. Not a retour, without a code, in no score or signal.

A row holds a number and nothing else. What keeps one device from tapping all day is a rate bucket
of ``app/limits.py``, under a key that changes every day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from app import limits
from app.db import db
from app.floors import FLOOR
from app.limits import TEN_MINUTES
from feedback.models import Feedback, MeToo

DAY = timedelta(days=1)
# By one network on one message in a day. Ten people of a day centre behind one address all count;
# it stays under the floor of 11, so that no single network can bring a number to light in a day.
TAPS = 10
ALL_TAPS = 60  # by one network on every message in ten minutes: a room reading a page together


class Tapped(StrEnum):
    """What became of a tap."""

    COUNTED = "counted"
    TAKEN_BACK = "taken_back"
    TOO_MANY = "too_many"  # from here, today: not counted
    NOT_OURS = "not_ours"  # nothing shows that this network tapped today


@dataclass(frozen=True)
class Tap:
    """One gesture: from which network, with which form's key, when, under which secret."""

    network: str
    form_key: str
    now: datetime
    secret: str


def add(feedback: Feedback, tap: Tap) -> Tapped:
    """Count one tap; the same form sent again changes nothing."""
    place = f"{feedback.id}|{tap.network}"
    form = f"{feedback.id}|{tap.form_key}"
    if limits.used("me too form", form, DAY, tap.now, tap.secret):
        return Tapped.COUNTED
    many = limits.allow("me too all", tap.network, ALL_TAPS, TEN_MINUTES, tap.now, tap.secret)
    if not many or limits.used("me too", place, DAY, tap.now, tap.secret) >= TAPS:
        return Tapped.TOO_MANY
    limits.allow("me too form", form, 1, DAY, tap.now, tap.secret)
    limits.allow("me too", place, TAPS, DAY, tap.now, tap.secret)
    row = db.session.get(MeToo, feedback.id)
    if row is None:
        row = MeToo(feedback_id=feedback.id, taps=0)
        db.session.add(row)
    row.taps += 1
    db.session.flush()
    return Tapped.COUNTED


def take_back(feedback: Feedback, tap: Tap) -> Tapped:
    """Take one tap back, if this network gave one today: nobody can empty a number from afar."""
    place = f"{feedback.id}|{tap.network}"
    given = limits.used("me too", place, DAY, tap.now, tap.secret)
    taken = limits.used("me too back", place, DAY, tap.now, tap.secret)
    row = db.session.get(MeToo, feedback.id)
    if row is None or row.taps == 0 or taken >= given:
        return Tapped.NOT_OURS
    limits.allow("me too back", place, TAPS, DAY, tap.now, tap.secret)
    row.taps -= 1
    db.session.flush()
    return Tapped.TAKEN_BACK


def forget(feedback: Feedback) -> None:
    """Drop the taps on ``feedback``: its words are no longer those that they were given to."""
    db.session.execute(delete(MeToo).where(MeToo.feedback_id == feedback.id))


def shown(feedback_ids: Collection[str], floor: int = FLOOR) -> dict[str, int]:
    """Return the taps that the public may read: those from the floor on, in one query."""
    query = select(MeToo.feedback_id, MeToo.taps)
    query = query.where(MeToo.feedback_id.in_(feedback_ids), MeToo.taps >= floor)
    return dict(db.session.execute(query).all())


def count(feedback_id: str) -> int:
    """Return the taps as they are, for the team: the floor is for what leaves it (model.md §1)."""
    return db.session.scalar(select(MeToo.taps).where(MeToo.feedback_id == feedback_id)) or 0
