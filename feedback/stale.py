"""Says which segments wait to be encoded again: those of another model, and the first of a short
retour whose vector as a whole is missing (stored before such retours were grouped whole)."""

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select, tuple_

from app.db import db
from feedback.models import Feedback, Segment
from nlp.units import SHORT


def is_stale(model: str) -> ColumnElement[bool]:
    """Return the condition that a segment waits to be encoded with ``model``."""
    firsts = short_retours()
    missing = select(firsts.c.feedback_id, firsts.c.first).where(firsts.c.wholes == 0)
    lacks = tuple_(Segment.feedback_id, Segment.start).in_(missing)
    return or_(Segment.model != model, lacks)


def any_stale(model: str) -> bool:
    """Say whether a segment waits to be encoded with ``model``."""
    return db.session.scalar(select(Segment.id).where(is_stale(model)).limit(1)) is not None


def short_retours() -> Subquery:
    """Return the retours that are grouped whole: id, start of the first segment, vectors kept."""
    first = func.min(Segment.start).label("first")
    query = select(Segment.feedback_id, first, func.count(Segment.whole_vector).label("wholes"))
    query = query.join(Feedback).where(func.length(Feedback.text) <= SHORT)
    return query.group_by(Segment.feedback_id).having(func.count() > 1).subquery()


def is_first(firsts: Subquery) -> ColumnElement[bool]:
    """Return the condition that a segment is the first of one of ``firsts``."""
    return and_(firsts.c.feedback_id == Segment.feedback_id, firsts.c.first == Segment.start)
