"""Counts of themes by week: one query whatever the number of themes; reads, writes nothing.

A retour counts once in a theme, on the day it was sent, when the team may read it. Weeks end today,
so that the last four of them are the last 28 days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.catalogue import Service
from app.db import db
from feedback.models import Feedback, Placement, Segment, State, Theme

TREND_WEEKS = 26
READABLE = (State.OPEN.value, State.PUBLISHED.value)


@dataclass(frozen=True)
class Counts:
    """Retours in whole and over the weeks that end today, oldest first."""

    retours: int
    weeks: tuple[int, ...]

    @property
    def recent(self) -> int:
        """The last four weeks."""
        return sum(self.weeks[-4:])

    @property
    def before(self) -> int:
        """The four weeks before them."""
        return sum(self.weeks[-8:-4])


NOTHING = Counts(0, (0,) * TREND_WEEKS)


def is_readable() -> ColumnElement[bool]:
    """Return the condition that keeps what the team may read: open, with its names masked."""
    return and_(Feedback.state.in_(READABLE), Feedback.names_masked)


def placed() -> ColumnElement[bool]:
    """Return the condition that a segment stands in a theme that exists, uncontested."""
    return and_(~Placement.contested, Theme.ended.is_(None))


def first_day(day: date, weeks: int = TREND_WEEKS) -> date:
    """Return the first day of the weeks that end on ``day``."""
    return day - timedelta(days=7 * weeks - 1)


def counts_of(days: Iterable[date], day: date, weeks: int = TREND_WEEKS) -> Counts:
    """Return the counts of retours sent on ``days``, a day for each, up to ``day``."""
    bins, retours, start = [0] * weeks, 0, first_day(day, weeks)
    for each in days:
        retours += 1
        if start <= each <= day:
            bins[(each - start).days // 7] += 1
    return Counts(retours, tuple(bins))


def theme_counts(service: Service, day: date) -> dict[str, Counts]:
    """Return the counts of every current theme of ``service`` that has a retour, by its id."""
    return _by_theme(_placed_days().where(Theme.service_id == service.id, placed()), day)


def counts_of_theme(theme: Theme, day: date) -> Counts:
    """Return the counts of ``theme``, ended or not."""
    query = _placed_days().where(Theme.id == theme.id, ~Placement.contested)
    return _by_theme(query, day).get(theme.id, NOTHING)


def retours_of_theme(theme: Theme, most: int) -> int:
    """Return how many retours stand in ``theme``; the database counts no further than ``most``."""
    query = _placed_days().where(Theme.id == theme.id, ~Placement.contested).limit(most)
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _placed_days() -> Select[str, str, date]:
    return (
        select(Theme.id, Feedback.id, Feedback.day)
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(is_readable())
        .distinct()
    )


def _by_theme(query: Select[str, str, date], day: date) -> dict[str, Counts]:
    days: dict[str, list[date]] = {}
    for theme_id, _feedback_id, sent in db.session.execute(query):
        days.setdefault(theme_id, []).append(sent)
    return {theme_id: counts_of(found, day) for theme_id, found in days.items()}


def service_counts(service_id: int, day: date) -> Counts:
    """Return the counts of all retours of a service that the machine has read."""
    has_words = select(Segment.id).where(Segment.feedback_id == Feedback.id).exists()
    query = select(Feedback.day).where(Feedback.service_id == service_id, is_readable(), has_words)
    return counts_of(db.session.scalars(query), day)


@dataclass(frozen=True)
class Unplaced:
    """The segments of a service that fit no theme: how many, of how many, and when they came."""

    segments: int
    every: int
    counts: Counts


def unplaced(service: Service, day: date) -> Unplaced:
    """Return what of ``service`` stands in no theme."""
    days: Sequence[tuple[str, date, int]] = db.session.execute(
        unplaced_of(service.id, Feedback.id, Feedback.day, func.count(Segment.id)).group_by(
            Feedback.id, Feedback.day
        )
    ).all()
    every = db.session.scalar(
        select(func.count(Segment.id))
        .join(Feedback)
        .where(Feedback.service_id == service.id, is_readable())
    )
    segments = sum(count for _id, _day, count in days)
    return Unplaced(segments, every or 0, counts_of((sent for _id, sent, _n in days), day))


def unplaced_of(service_id: int, *columns: Any) -> Select[Any]:
    """Return the query for ``columns`` of the segments of a service that stand in no theme."""
    return (
        select(*columns)
        .select_from(Segment)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .outerjoin(Placement, Placement.segment_id == Segment.id)
        .outerjoin(Theme, Theme.id == Placement.theme_id)
        .where(
            Feedback.service_id == service_id,
            is_readable(),
            or_(Placement.segment_id.is_(None), Placement.contested, Theme.ended.is_not(None)),
        )
    )
