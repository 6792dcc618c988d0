"""A time in which a retour stays with the moderators, because its team could recognise its author.

Others may speak meanwhile. Its end reminds a moderator and opens nothing by itself; the author may
say earlier that the team can read it.
"""

from datetime import date

from sqlalchemy import func, select

from app import traces
from app.days import add_working_days
from app.db import db
from app.traces import AUTHOR
from feedback.models import Feedback, HoldWindow, State

LENGTHS = (3, 5, 10)  # working days
USUAL = 5
LONGEST = 10  # working days from the first decision, however often it is drawn out


class TooLong(Exception):
    """The retour would wait longer than ``LONGEST`` in all."""


def window_of(feedback: Feedback) -> HoldWindow | None:
    """Return the time that ``feedback`` is given, or None."""
    return db.session.get(HoldWindow, feedback.id)


def windows() -> dict[str, HoldWindow]:
    """Return every window of a held retour, by the retour's id."""
    query = select(HoldWindow).join(Feedback).where(Feedback.state == State.HELD)
    return {row.feedback_id: row for row in db.session.scalars(query)}


def resting_count(day: date) -> int:
    """Return how many held retours have nothing to be decided yet."""
    rests = (Feedback.state == State.HELD) & ~HoldWindow.agreed & (HoldWindow.until > day)
    query = select(func.count()).select_from(HoldWindow).join(Feedback)
    return db.session.scalar(query.where(rests)) or 0


def give_time(feedback: Feedback, length: int, day: date) -> HoldWindow:
    """Let ``feedback`` wait ``length`` working days from ``day``; raise ``TooLong``."""
    row = window_of(feedback)
    until = add_working_days(day, length)
    if until > add_working_days(row.day if row else day, LONGEST):
        raise TooLong
    if row is None:
        row = HoldWindow(feedback_id=feedback.id, day=day, agreed=False)
        db.session.add(row)
    row.until = until
    db.session.flush()
    return row


def agree(feedback: Feedback, day: date) -> bool:
    """Write down that the author lets the team read; return False when nothing waits."""
    row = window_of(feedback)
    if row is None or feedback.state != State.HELD:
        return False
    if not row.agreed:
        row.agreed = True
        traces.record("agreed", AUTHOR, day, feedback.id)
    db.session.flush()
    return True


def end(feedback: Feedback) -> None:
    """Forget the window: a moderator has decided something else."""
    if row := window_of(feedback):
        db.session.delete(row)
        db.session.flush()


def is_open(row: HoldWindow | None, day: date) -> bool:
    """Say whether nothing is to be decided yet."""
    return row is not None and not row.agreed and day < row.until
