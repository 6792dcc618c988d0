"""How each theme and subject is watched: its share before any data, the promised run length, and
the week where S and t begin. A few queries, whatever the number of themes.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.db import db
from app.matrix import MATRIX, Risk
from feedback.counts import Watched
from feedback.models import (
    TO_EXAMINE,
    Feedback,
    Placement,
    Segment,
    Signal,
    SignalNote,
    Subject,
    Theme,
)
from feedback.watch_streams import Watch

FIRST_LOOK_WEEKS = 13  # of the past that a first look covers: older rises are history


def watches_of(watched: Watched) -> dict[str, Watch]:
    """Return how the streams of each theme of a service are watched, by theme id."""
    arl = float(watched.service.run_length_weeks)
    priors = _prior_shares(watched.themes)
    decided = _decided(Signal.theme_id, Signal.service_id == watched.service.id)
    return {
        theme.id: Watch(
            priors[theme.id], arl, start_week(decided.get(theme.id), theme.born, watched.weeks[0])
        )
        for theme in watched.themes
    }


def watches_of_subjects(shares: dict[Subject, float], first_week: date) -> dict[str, Watch]:
    """Return how the streams of subjects across services are watched, by subject id."""
    arl = float(MATRIX[Risk.LOW].run_length_weeks)
    decided = _decided(Signal.subject_id, Signal.service_id.is_(None))
    return {
        subject.id: Watch(share, arl, start_week(decided.get(subject.id), subject.born, first_week))
        for subject, share in shares.items()
    }


def start_week(decided: date | None, born: date, first_week: date) -> int:
    """Return the week where S and t begin: of the last decision, if there was any.

    What was never qualified is watched from a quarter before its birth, a day that no count of it
    can move, so that imported years bring no alarm about what nobody can act on any more.
    """
    start = decided or born - timedelta(weeks=FIRST_LOOK_WEEKS)
    return max(0, (start - first_week).days // 7)


def _decided(key: Any, within: ColumnElement[bool]) -> dict[str, date]:
    """Return the last day on which a signal of each theme or subject was moved out of the queue.

    A remark that leaves the state, a door chosen, begins nothing anew.
    """
    query = (
        select(key, func.max(SignalNote.day))
        .join(SignalNote, SignalNote.signal_id == Signal.id)
        .where(
            within,
            Signal.state.not_in(TO_EXAMINE),
            SignalNote.from_state != SignalNote.to_state,
        )
        .group_by(key)
    )
    return {each: day for each, day in db.session.execute(query) if each is not None}


def _prior_shares(themes: Sequence[Theme]) -> dict[str, float]:
    """Return each subject's share over all services; half a retour for one without history."""
    total = db.session.scalar(select(func.count()).select_from(Feedback)) or 1
    by_theme = _retours_by(Theme.id, Theme.id.in_([theme.id for theme in themes]))
    subjects = [theme.subject_id for theme in themes if theme.subject_id]
    by_subject = _retours_by(Theme.subject_id, Theme.subject_id.in_(subjects))
    shares = {}
    for theme in themes:
        own = by_subject.get(theme.subject_id) if theme.subject_id else by_theme.get(theme.id)
        shares[theme.id] = min(1.0, max(own or 0, 0.5) / total)
    return shares


def _retours_by(key: Any, among: ColumnElement[bool]) -> dict[str, int]:
    query = (
        select(key, func.count(func.distinct(Segment.feedback_id)))
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .where(among)
        .group_by(key)
    )
    return dict(db.session.execute(query).all())
