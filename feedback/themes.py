"""Themes of a service: listing, trend, why a segment stands there, and the edits of people.

What a person did (name, move, contest) survives every refresh; ``feedback/analysis.py`` reads it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.models import Feedback, PlacedBy, Placement, Segment, State, Theme, ThemeEvent

TREND_WEEKS = 26
FEWEST_TEXTS = 30  # below this a service has a sorted list and no structure
READABLE = (State.OPEN.value, State.PUBLISHED.value)


class EmptyName(Exception):
    """A theme needs a name."""


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


@dataclass(frozen=True)
class Why:
    """What "Pourquoi ?" says of one segment."""

    segment: Segment
    theme: Theme
    score: float
    threshold: float
    words: tuple[str, ...]
    runner_up: Theme | None
    model: str
    placed: date
    by_person: bool
    neighbours: tuple[Segment, ...]


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
    query = (
        select(func.count())
        .select_from(Feedback)
        .where(
            Feedback.service_id == service.id,
            Feedback.text.is_not(None),
            Feedback.state.in_(READABLE),
            ~Feedback.objects_to_analysis,
        )
    )
    return db.session.scalar(query) or 0


def waiting(service: Service) -> int:
    """Return how many retours of ``service`` the machine has still to read."""
    query = (
        select(func.count())
        .select_from(Feedback)
        .where(
            Feedback.service_id == service.id,
            Feedback.text.is_not(None),
            Feedback.state.in_(READABLE),
            ~Feedback.objects_to_analysis,
            ~Feedback.analysed,
        )
    )
    return db.session.scalar(query) or 0


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


def why(placement: Placement, published_only: bool = False, count: int = 3) -> Why:
    """Return why a segment stands in its theme; the public sees published neighbours only."""
    theme, segment = placement.theme, placement.segment
    near = [
        each
        for each in typical_segments(theme)
        if each.feedback_id != segment.feedback_id
        and (not published_only or each.feedback.state == State.PUBLISHED)
    ]
    text = segment.text.lower()
    words = [str(word) for word, _weight in theme.words]
    shared = [word for word in words if word.lower() in text] or words
    runner_up = db.session.get(Theme, placement.runner_up) if placement.runner_up else None
    return Why(
        segment,
        theme,
        placement.score,
        placement.threshold,
        tuple(shared[:6]),
        runner_up,
        placement.model,
        placement.placed,
        placement.by == PlacedBy.PERSON,
        tuple(near[:count]),
    )


def rename(theme: Theme, name: str, day: date, role: str) -> None:
    """Give ``theme`` a person's name; no run will change it. Raise ``EmptyName`` on a blank one."""
    name = " ".join(name.split())
    if not name:
        raise EmptyName
    _note(theme, day, "renamed", f"{theme.name} → {name}", role)
    theme.name, theme.named_by_person = name[:120], True


def contest(feedback: Feedback, theme: Theme, day: date) -> int:
    """Take the segments of ``feedback`` out of ``theme`` at its author's word; return how many."""
    taken = [p for p in placements_of(feedback) if p.theme_id == theme.id and not p.contested]
    for placement in taken:
        placement.contested, placement.by = True, PlacedBy.PERSON.value
    if taken:
        _note(theme, day, "contested", str(len(taken)), "author")
    return len(taken)


def note_birth(theme: Theme, day: date) -> None:
    """Write down that ``theme`` came to be."""
    _note(theme, day, "born", theme.name, PlacedBy.MACHINE.value)


def _note(theme: Theme, day: date, kind: str, detail: str, by: str) -> None:
    db.session.add(ThemeEvent(theme_id=theme.id, day=day, kind=kind, detail=detail, by=by))
    db.session.flush()
