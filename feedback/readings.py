"""What each colleague has read of the inbox, and what changed since their last visit.

Days alone are kept of what citizens do, so that a change is known by what it drops: the word of
everybody who had read the retour.
"""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, exists, insert, select

from app.accounts import Account
from app.db import db
from feedback.models import DeskReading, DeskVisit, Feedback

FIRST_LOOK = timedelta(days=14)  # what a new colleague finds unread


def note_change(feedback: Feedback, day: date) -> None:
    """Make ``feedback`` new for all who had read it."""
    feedback.changed = day
    if feedback.id:
        db.session.execute(delete(DeskReading).where(DeskReading.feedback_id == feedback.id))


def visit_of(account: Account, day: date) -> DeskVisit:
    """Return the visits of ``account`` with today's among them. The caller commits."""
    visit = db.session.get(DeskVisit, account.id)
    if visit is None:
        visit = DeskVisit(account_id=account.id, day=day, since=day - FIRST_LOOK)
        db.session.add(visit)
    elif visit.day < day:
        visit.previous, visit.day = visit.day, day
    db.session.flush()
    return visit


def read_marks(account_id: int, ids: Collection[str]) -> dict[str, bool]:
    """Return what ``account_id`` said of these retours: read or, on purpose, unread."""
    query = select(DeskReading.feedback_id, DeskReading.is_read).where(
        DeskReading.account_id == account_id, DeskReading.feedback_id.in_(ids)
    )
    return dict(db.session.execute(query).all())


def is_unread(feedback: Feedback, marks: dict[str, bool], since: date) -> bool:
    """Say whether ``feedback`` is new to who made ``marks``."""
    changed = feedback.changed is not None and feedback.changed >= since
    return not marks.get(feedback.id, not changed)


def mark(account_id: int, ids: Collection[str], is_read: bool | None) -> None:
    """Keep that ``account_id`` has read these retours, wants them unread, or says nothing more."""
    mine = DeskReading.account_id == account_id
    db.session.execute(delete(DeskReading).where(mine, DeskReading.feedback_id.in_(ids)))
    if is_read is not None and ids:
        rows = [{"account_id": account_id, "feedback_id": i, "is_read": is_read} for i in ids]
        db.session.execute(insert(DeskReading), rows)


def new_to(account_id: int, since: date) -> ColumnElement[bool]:
    """Return the condition of what changed since ``since`` and was not read since."""
    known = exists().where(
        DeskReading.account_id == account_id, DeskReading.feedback_id == Feedback.id
    )
    return (Feedback.changed >= since) & ~known


def kept_unread_by(account_id: int) -> ColumnElement[bool]:
    """Return the condition of the retours that ``account_id`` marked as unread."""
    marked = select(DeskReading.feedback_id).where(
        DeskReading.account_id == account_id, ~DeskReading.is_read
    )
    return Feedback.id.in_(marked)
