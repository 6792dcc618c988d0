"""Two periods of a service's themes set side by side: counts, shares, differences, scores.

Two queries whatever the number of themes; rates and comparisons only from 30 retours on.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.catalogue import Service
from app.db import db
from app.floors import RATE_FLOOR, may_show
from feedback.models import Face, Feedback, Placement, Segment, Theme
from feedback.period_choice import Periods, Span
from feedback.theme_counts import is_readable, placed
from feedback.theme_movement import CHANCE, Movement
from nlp.comparison import Interval, mean_score, wilson
from nlp.two_periods import change, difference

BEFORE, AFTER = "before", "after"


@dataclass
class Tally:
    """Retours of one period, and of them those with each face."""

    retours: int = 0
    faces: dict[int, int] = field(default_factory=dict)

    @property
    def score(self) -> Interval | None:
        """The mean of the faces on 10, from 30 of them on."""
        if sum(self.faces.values()) < RATE_FLOOR:
            return None
        return mean_score(*(self.faces.get(face.value, 0) for face in Face))


@dataclass(frozen=True)
class Rates:
    """The share of the service's retours in each period, and how it changed."""

    before: Interval
    after: Interval
    difference: Interval
    movement: Movement  # growing or fading only where chance does it one time in a hundred


@dataclass(frozen=True)
class Line:
    """One theme in both periods; no rates under the floor."""

    theme: Theme
    before: Tally
    after: Tally
    rates: Rates | None


@dataclass(frozen=True)
class Comparison:
    """The service in both periods, its themes, the largest rise first."""

    before: Tally
    after: Tally
    lines: tuple[Line, ...]
    silent: int  # themes without a retour in either period
    hidden: int  # themes under the reader's floor

    @property
    def has_rates(self) -> bool:
        """Whether both periods have enough retours to be compared."""
        return min(self.before.retours, self.after.retours) >= RATE_FLOOR


def compare(service: Service, periods: Periods, floor: int = 1) -> Comparison:
    """Return the themes of ``service`` in both periods; ``floor`` for who is not of the team."""
    whole = _whole(service, periods)
    before, after = whole[BEFORE], whole[AFTER]
    tallies = _by_theme(service, periods)
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    lines: list[Line] = []
    silent = hidden = 0
    for theme in db.session.scalars(query):
        early, late = tallies[theme.id, BEFORE], tallies[theme.id, AFTER]
        if not early.retours and not late.retours:
            silent += 1
        elif not (may_show(early.retours, floor) and may_show(late.retours, floor)):
            hidden += 1
        else:
            lines.append(Line(theme, early, late, _rates(early, late, before, after)))
    return Comparison(before, after, tuple(sorted(lines, key=_order)), silent, hidden)


def compare_theme(theme: Theme, periods: Periods, floor: int = 1) -> Line | None:
    """Return one theme in both periods; None where a count is under ``floor``."""
    service = theme.service
    whole, tallies = _whole(service, periods), _by_theme(service, periods, theme)
    early, late = tallies[theme.id, BEFORE], tallies[theme.id, AFTER]
    if not (may_show(early.retours, floor) and may_show(late.retours, floor)):
        return None
    return Line(theme, early, late, _rates(early, late, whole[BEFORE], whole[AFTER]))


def _order(line: Line) -> tuple[float, int, str, str]:
    """The largest rise first; without rates, the largest count of the later period."""
    change = -line.rates.difference.value if line.rates else 0.0
    return change, -line.after.retours, line.theme.name, line.theme.id


def _rates(early: Tally, late: Tally, before: Tally, after: Tally) -> Rates | None:
    if min(before.retours, after.retours) < RATE_FLOOR:
        return None
    counts = late.retours, early.retours, after.retours, before.retours
    chance = change(*counts)
    if chance.rise < CHANCE:
        movement = Movement.GROWING
    else:
        movement = Movement.FADING if chance.fall < CHANCE else Movement.STEADY
    return Rates(
        wilson(early.retours, before.retours),
        wilson(late.retours, after.retours),
        difference(*counts),
        movement,
    )


def _in(span: Span) -> ColumnElement[bool]:
    return Feedback.day.between(span.start, span.last)


def _within(query: Select[Any], periods: Periods, *keys: InstrumentedAttribute[Any]) -> Select[Any]:
    """Count distinct retours of ``query`` by period and face, and by ``keys`` before them."""
    which = case((_in(periods.before), BEFORE), else_=AFTER)
    columns: list[Any] = [*keys, which, Feedback.face]
    counted = query.add_columns(*columns, func.count(Feedback.id.distinct()))
    kept = counted.where(is_readable(), or_(_in(periods.before), _in(periods.after)))
    return kept.group_by(*columns)


def _whole(service: Service, periods: Periods) -> dict[str, Tally]:
    """Return the retours that the machine has read, which the shares are of."""
    has_words = select(Segment.id).where(Segment.feedback_id == Feedback.id).exists()
    query = select().select_from(Feedback).where(Feedback.service_id == service.id, has_words)
    found: dict[str, Tally] = defaultdict(Tally)
    for which, face, count in db.session.execute(_within(query, periods)):
        _add(found[which], face, count)
    return found


def _by_theme(
    service: Service, periods: Periods, only: Theme | None = None
) -> dict[tuple[str, str], Tally]:
    query = (
        select()
        .select_from(Theme)
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Theme.service_id == service.id, placed())
    )
    if only:
        query = query.where(Theme.id == only.id)
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for theme_id, which, face, count in db.session.execute(_within(query, periods, Theme.id)):
        _add(found[theme_id, which], face, count)
    return found


def _add(tally: Tally, face: int | None, count: int) -> None:
    tally.retours += count
    if face is not None:
        tally.faces[face] = tally.faces.get(face, 0) + count
