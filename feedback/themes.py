"""Themes of a service: the list, the counts, the trend and the texts; reads, writes nothing.

What people do to a theme is ``theme_edits.py``; why a text stands there, ``theme_reasons.py``.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.models import Feedback, Placement, Segment, State, Theme

TREND_WEEKS = 26
FEWEST_TEXTS = 30  # below this a service has a sorted list and no structure
READABLE = (State.OPEN.value, State.PUBLISHED.value)


@dataclass(frozen=True)
class ThemeLine:
    """A theme in a list: how many retours, how many in the last four weeks and the four before."""

    theme: Theme
    retours: int
    recent: int
    before: int


@dataclass(frozen=True)
class WeekCount:
    """One week of a theme: its retours and all retours of the service."""

    week: date
    retours: int
    total: int


def _current(service: Service) -> list[Theme]:
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    return list(db.session.scalars(query))


def _days_by_theme(theme_ids: Iterable[str]) -> dict[str, list[date]]:
    """Return the day of each retour of each theme; a retour counts once in a theme."""
    query = (
        select(Placement.theme_id, Feedback.id, Feedback.day)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Placement.theme_id.in_(list(theme_ids)), ~Placement.contested)
        .distinct()
    )
    days: dict[str, list[date]] = {}
    for theme_id, _feedback_id, day in db.session.execute(query):
        days.setdefault(theme_id, []).append(day)
    return days


def themes_of(service: Service, day: date) -> list[ThemeLine]:
    """Return the current themes of ``service``, largest first."""
    themes = _current(service)
    days = _days_by_theme(theme.id for theme in themes)
    lines = [_line(theme, days.get(theme.id, []), day) for theme in themes]
    return sorted(lines, key=lambda line: (-line.retours, line.theme.name))


def line_of(theme: Theme, day: date) -> ThemeLine:
    """Return ``theme`` with its counts."""
    return _line(theme, _days_by_theme([theme.id]).get(theme.id, []), day)


def _line(theme: Theme, days: list[date], day: date) -> ThemeLine:
    recent, before = day - timedelta(weeks=4), day - timedelta(weeks=8)
    lately = sum(recent < each <= day for each in days)
    return ThemeLine(theme, len(days), lately, sum(before < each <= recent for each in days))


def texts_of(service: Service) -> int:
    """Return how many retours of ``service`` have words that the machine may read."""
    return _count_readable(service)


def waiting(service: Service) -> int:
    """Return how many retours of ``service`` the machine has still to read."""
    return _count_readable(service, ~Feedback.analysed)


def _count_readable(service: Service, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).where(
        Feedback.service_id == service.id,
        Feedback.text.is_not(None),
        Feedback.state.in_(READABLE),
        ~Feedback.objects_to_analysis,
        *conditions,
    )
    return db.session.scalar(query.select_from(Feedback)) or 0


def unplaced(service: Service) -> tuple[int, int]:
    """Return how many segments of ``service`` fit no theme, and how many there are."""
    query = (
        select(func.count(), func.count(Placement.segment_id))
        .select_from(Segment)
        .join(Feedback)
        .outerjoin(Placement, Placement.segment_id == Segment.id)
        .where(Feedback.service_id == service.id)
    )
    every, placed = db.session.execute(query).one()
    return every - placed, every


def trend(theme: Theme, day: date, weeks: int = TREND_WEEKS) -> list[WeekCount]:
    """Return the last ``weeks`` complete weeks of ``theme``, oldest first."""
    end = week_start(day)
    start = end - timedelta(weeks=weeks)
    found = Counter(week_start(d) for d in _days_by_theme([theme.id]).get(theme.id, []))
    query = (
        select(Feedback.day, func.count())
        .where(Feedback.service_id == theme.service_id, Feedback.day.between(start, end))
        .group_by(Feedback.day)
    )
    totals: Counter[date] = Counter()
    for each, count in db.session.execute(query):
        totals[week_start(each)] += count
    every = [start + timedelta(weeks=n) for n in range(weeks)]
    return [WeekCount(week, found[week], totals[week]) for week in every]


def speakers(theme: Theme) -> list[tuple[str, int]]:
    """Return how many retours of ``theme`` came in by each channel, the most used first."""
    query = (
        select(Feedback.channel, func.count(func.distinct(Feedback.id)))
        .join(Segment, Segment.feedback_id == Feedback.id)
        .join(Placement, Placement.segment_id == Segment.id)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
        .group_by(Feedback.channel)
    )
    counts = [(channel, count) for channel, count in db.session.execute(query)]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def retours_of(theme: Theme, limit: int, offset: int = 0) -> list[Feedback]:
    """Return the retours with a segment in ``theme``, newest first."""
    query = (
        select(Feedback)
        .join(Segment)
        .join(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
        .distinct()
        .order_by(Feedback.day.desc(), Feedback.id)
        .limit(limit)
        .offset(offset)
    )
    return list(db.session.scalars(query))


def typical_segments(theme: Theme) -> list[Segment]:
    """Return the most typical segments of ``theme`` that still exist, in order."""
    query = (
        select(Segment).where(Segment.id.in_(theme.typical)).options(joinedload(Segment.feedback))
    )
    found = {segment.id: segment for segment in db.session.scalars(query)}
    return [found[each] for each in theme.typical if each in found]


def placements_of(feedback: Feedback) -> list[Placement]:
    """Return where the segments of ``feedback`` stand, in the order of the text."""
    query = (
        select(Placement)
        .join(Segment)
        .where(Segment.feedback_id == feedback.id)
        .order_by(Segment.start)
        .options(joinedload(Placement.theme), joinedload(Placement.segment))
    )
    return list(db.session.scalars(query))
