"""This instance's own evaluations as pages read them: counted at once, or each night where many.

Counting every half-year of 100,000 retours takes long, and a page may not wait for that. What is
kept is what may leave: counts above the floor, of half-years that are over.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.db import db
from feedback.evaluations import Row, own_rows
from feedback.kept_figures import MOST_LIVE, OLDEST
from feedback.models import Feedback, KeptEvaluations

ONLY = 1  # the id of the one row


@dataclass(frozen=True)
class Counted:
    """The rows, and the day on which they were counted."""

    rows: list[Row]
    day: date


def current(day: date, floor: int) -> Counted:
    """Return this instance's rows for a page of ``day``; writes nothing."""
    kept = db.session.get(KeptEvaluations, ONLY) if _hears_much() else None
    if kept is None or kept.floor != floor or not timedelta(0) <= day - kept.day <= OLDEST:
        return Counted(own_rows(day, floor), day)
    return Counted([Row(**each) for each in kept.rows], kept.day)


def count(day: date, floor: int) -> bool:
    """Count anew where retours are many, drop what was kept where they are not; say which."""
    if _hears_much():
        rows = [asdict(row) for row in own_rows(day, floor)]
        db.session.merge(KeptEvaluations(id=ONLY, day=day, floor=floor, rows=rows))
    elif kept := db.session.get(KeptEvaluations, ONLY):
        db.session.delete(kept)
    db.session.flush()
    return _hears_much()


def _hears_much() -> bool:
    """Say whether there are more than ``MOST_LIVE`` retours; reads no more rows than that."""
    some = select(Feedback.id).limit(MOST_LIVE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > MOST_LIVE
