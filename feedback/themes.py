"""Themes of a service and the texts in them; reads, writes nothing.

Their counts are ``theme_counts.py``; what people do to a theme is ``theme_edits.py``; why a text
stands there, ``theme_reasons.py``.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.db import db
from feedback.models import Feedback, PlacedBy, Placement, Segment, Theme
from feedback.theme_counts import (
    NOTHING,
    READABLE,
    Counts,
    counts_of_theme,
    is_readable,
    service_counts,
    theme_counts,
    unplaced_of,
)
from feedback.theme_movement import Movement, growth, movement

FEWEST_TEXTS = 30  # below this a service has a sorted list and no structure
BORDERLINE = 2  # messages "à la limite"


@dataclass(frozen=True)
class ThemeLine:
    """A theme with its counts and where it goes."""

    theme: Theme
    counts: Counts
    movement: Movement
    growth: float

    @property
    def retours(self) -> int:
        """How many retours have a segment in it."""
        return self.counts.retours


def themes_of(service: Service, day: date) -> list[ThemeLine]:
    """Return the current themes of ``service``, largest first; three queries in all."""
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    found, whole = theme_counts(service, day), service_counts(service.id, day)
    lines = [
        _line(theme, found.get(theme.id, NOTHING), whole, day)
        for theme in db.session.scalars(query)
    ]
    return sorted(lines, key=lambda line: (-line.retours, line.theme.name, line.theme.id))


def line_of(theme: Theme, day: date) -> ThemeLine:
    """Return ``theme`` with its counts."""
    return _line(theme, counts_of_theme(theme, day), service_counts(theme.service_id, day), day)


def _line(theme: Theme, counts: Counts, whole: Counts, day: date) -> ThemeLine:
    return ThemeLine(theme, counts, movement(theme.born, counts, whole, day), growth(counts, whole))


def ended_of(service: Service) -> list[tuple[Theme, Theme | None]]:
    """Return the ended themes of ``service`` with the one each went into, the newest end first."""
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_not(None))
    found = list(db.session.scalars(query.order_by(Theme.ended.desc(), Theme.name)))
    into = {theme.id: theme for theme in found}
    others = select(Theme).where(Theme.id.in_({t.merged_into for t in found if t.merged_into}))
    into |= {theme.id: theme for theme in db.session.scalars(others)}
    return [(theme, into.get(theme.merged_into or "")) for theme in found]


def heir_of(theme: Theme) -> Theme:
    """Return the theme that ``theme`` went into, at the end of the chain; itself without one."""
    seen = {theme.id}
    while theme.merged_into and theme.merged_into not in seen:
        seen.add(theme.merged_into)
        heir = db.session.get(Theme, theme.merged_into)
        if heir is None:
            break
        theme = heir
    return theme


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


def messages_of(service: Service, limit: int, offset: int = 0) -> list[Feedback]:
    """Return the retours of ``service`` with words, newest first: all there is without themes."""
    query = select(Feedback).where(
        Feedback.service_id == service.id, Feedback.text.is_not(None), is_readable()
    )
    query = query.order_by(Feedback.day.desc(), Feedback.id).limit(limit).offset(offset)
    return list(db.session.scalars(query.options(joinedload(Feedback.release))))


def count_messages(service: Service) -> int:
    """Return how many retours ``messages_of`` lists in whole."""
    query = select(func.count()).where(
        Feedback.service_id == service.id, Feedback.text.is_not(None), is_readable()
    )
    return db.session.scalar(query.select_from(Feedback)) or 0


def unplaced_segments(service: Service, limit: int, offset: int = 0) -> list[Segment]:
    """Return the segments of ``service`` that stand in no theme, newest first."""
    query = unplaced_of(service.id, Segment).options(joinedload(Segment.feedback))
    query = query.order_by(Feedback.day.desc(), Feedback.id, Segment.start)
    return list(db.session.scalars(query.limit(limit).offset(offset)))


def retours_of(theme: Theme, limit: int, offset: int = 0) -> list[Feedback]:
    """Return the retours with a segment in ``theme``, newest first."""
    query = (
        select(Feedback)
        .join(Segment)
        .join(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested, is_readable())
        .distinct()
        .order_by(Feedback.day.desc(), Feedback.id)
        .options(joinedload(Feedback.release))
        .limit(limit)
        .offset(offset)
    )
    return list(db.session.scalars(query))


def typical_segments(theme: Theme) -> list[Segment]:
    """Return the most typical segments of ``theme`` that the team may still read, in order."""
    query = (
        select(Segment)
        .join(Feedback)
        .where(Segment.id.in_(theme.typical), is_readable())
        .options(joinedload(Segment.feedback))
    )
    found = {segment.id: segment for segment in db.session.scalars(query)}
    return [found[each] for each in theme.typical if each in found]


def borderline_segments(theme: Theme, but: list[Segment], count: int = BORDERLINE) -> list[Segment]:
    """Return the segments that the machine hardly put into ``theme``: nearest its threshold."""
    query = (
        select(Segment)
        .join(Feedback)
        .join(Placement)
        .where(
            Placement.theme_id == theme.id,
            ~Placement.contested,
            Placement.by == PlacedBy.MACHINE.value,
            Placement.score >= Placement.threshold,
            Segment.id.not_in([segment.id for segment in but]),
            is_readable(),
        )
        .order_by(Placement.score - Placement.threshold, Segment.id)
        .options(joinedload(Segment.feedback))
        .limit(count)
    )
    return list(db.session.scalars(query))


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
