"""Signals: raise and refresh candidates from the weekly counts, and let an expert qualify them.

The machine only points: every move of a signal is a person's, with a reason (model.md §4). What a
candidate rests on is computed by ``nlp.edetector`` and ``nlp.ebh`` alone.
"""

from datetime import date, timedelta
from math import log

from sqlalchemy import func, select

from app.catalogue import Service, all_services, release_on
from app.db import db
from feedback.counts import Entry, Series, weekly_series
from feedback.models import (
    Feedback,
    Placement,
    Segment,
    Signal,
    SignalEvidence,
    SignalKind,
    SignalState,
    Theme,
)
from feedback.serious import look_for_harm
from nlp.ebh import e_bh, threshold_for
from nlp.edetector import Look, detect

ALPHA = 0.10  # expected share of false ones among a team's candidates, at each look
MIN_AUTHORS, MIN_DAYS = 3, 2  # before any statistical alarm
WINDOW_WEEKS = 8  # the longest stretch that observed and expected are summed over
YOUNG_WEEKS = 8  # a service this young raises nothing "new"
FIRST_LOOK_WEEKS = 13  # of the past that a theme's first look covers: older rises are history
OPEN = (SignalState.CANDIDATE.value, SignalState.UNDER_REVIEW.value)
SETTLED = (SignalState.CONFIRMED.value, SignalState.MEASURES.value, SignalState.KNOWN.value)


def look(day: date) -> int:
    """Look at every service; return how many candidates were raised. Adds and flushes."""
    raised = sum(look_at(service, day) for service in all_services())
    return raised + look_for_harm(day)


def look_at(service: Service, day: date) -> int:
    """Run the detector over the themes of ``service`` and keep its candidates up to date."""
    streams = []
    for series in weekly_series(service, day):
        if looks := looks_of(series):
            streams.append((series, looks))
    values = [looks[-1].e_value for _series, looks in streams]
    chosen = e_bh(values, ALPHA)
    raised = 0
    for rank, index in enumerate(chosen, start=1):
        threshold = threshold_for(rank, len(values), ALPHA)
        raised += _raise(service, *streams[index], threshold, day)
    return raised


def looks_of(series: Series) -> list[Look]:
    """Return what the detector saw week by week, from where the theme's watch begins."""
    if not any(week.total for week in series.weeks):
        return []
    start = _restart(series)
    prior = _prior_share(series)
    return detect(series.weeks, prior, float(series.theme.service.run_length_weeks), start)


def _restart(series: Series) -> int:
    """Return the week where S and t begin: after the last qualification of this theme, if any.

    A theme that was never qualified is watched from a quarter before its birth, a day that no count
    of it can move, so that imported years bring no alarm about what nobody can act on any more.
    """
    last = db.session.scalar(
        select(func.max(Signal.last_look)).where(
            Signal.theme_id == series.theme.id, Signal.state.not_in(OPEN)
        )
    )
    start = last or series.theme.born - timedelta(weeks=FIRST_LOOK_WEEKS)
    return max(0, (start - series.first_week).days // 7)


def _prior_share(series: Series) -> float:
    """Return the subject's share over all services; half a retour for one without history."""
    total = db.session.scalar(select(func.count()).select_from(Feedback)) or 1
    query = (
        select(func.count(func.distinct(Segment.feedback_id)))
        .join(Placement, Placement.segment_id == Segment.id)
        .join(Theme, Theme.id == Placement.theme_id)
    )
    subject = series.theme.subject_id
    same = Theme.subject_id == subject if subject else Theme.id == series.theme.id
    return min(1.0, max(db.session.scalar(query.where(same)) or 0, 0.5) / total)


def strongest_window(looks: list[Look]) -> int:
    """Return the place in ``looks`` where the stretch that departs most from its course begins."""

    def departure(start: int) -> float:
        observed = sum(each.observed for each in looks[start:])
        expected = max(sum(each.expected for each in looks[start:]), 0.05)
        if observed <= expected:
            return 0.0
        return observed * log(observed / expected) - (observed - expected)

    first = max(0, len(looks) - WINDOW_WEEKS)
    return max(range(first, len(looks)), key=lambda start: (departure(start), start))


def _raise(
    service: Service, series: Series, looks: list[Look], threshold: float, day: date
) -> bool:
    start = strongest_window(looks)
    window = looks[start:]
    entries = series.since(window[0].index)
    if len(entries) < MIN_AUTHORS or len({entry.day for entry in entries}) < MIN_DAYS:
        return False
    signal = _open_signal(series.theme)
    if _was_refuted(series.theme) and looks[-1].e_value < 2 * threshold:
        return False
    new = signal is None
    if signal is None:
        signal = Signal(
            service_id=service.id,
            theme_id=series.theme.id,
            kind=_kind(series, window[0].index),
            raised=day,
            last_look=day,
            observed=0,
            expected=0.0,
            weeks=0,
            title=series.theme.name,
            state=SignalState.CANDIDATE.value,
        )
        db.session.add(signal)
    _describe(signal, series, looks, start, threshold, day)
    _link(signal, entries)
    return new


def _kind(series: Series, start: int) -> str:
    had_history = any(week.observed for week in series.weeks[:start])
    if had_history or start < YOUNG_WEEKS:
        return SignalKind.GROWING.value
    return SignalKind.NEW.value


def _describe(
    signal: Signal, series: Series, looks: list[Look], start: int, threshold: float, day: date
) -> None:
    window = looks[start:]
    first = series.first_week + timedelta(weeks=window[0].index)
    release = release_on(series.theme.service, first + timedelta(days=6))
    recent = release is not None and first - release.day <= timedelta(weeks=4)
    signal.release_id = release.id if release is not None and recent else None
    signal.last_look = day
    signal.observed = sum(each.observed for each in window)
    signal.expected = round(sum(each.expected for each in window), 2)
    signal.weeks = len(window)
    signal.e_value = round(looks[-1].e_value, 1)
    signal.threshold = round(threshold, 1)
    signal.first_week = series.first_week + timedelta(weeks=looks[0].index)
    signal.history = [
        [each.observed, round(each.expected, 2), each.upper, round(each.e_value, 2)]
        for each in looks
    ]
    db.session.flush()


def _link(signal: Signal, entries: list[Entry]) -> None:
    known = set(
        db.session.scalars(
            select(SignalEvidence.feedback_id).where(SignalEvidence.signal_id == signal.id)
        )
    )
    for entry in entries:
        if entry.feedback_id not in known:
            db.session.add(SignalEvidence(signal_id=signal.id, feedback_id=entry.feedback_id))
    signal.authors = len(entries)
    db.session.flush()


def _open_signal(theme: Theme) -> Signal | None:
    statistical = (SignalKind.GROWING.value, SignalKind.NEW.value)
    query = select(Signal).where(
        Signal.theme_id == theme.id,
        Signal.state.in_(OPEN + SETTLED),
        Signal.kind.in_(statistical),
    )
    return db.session.scalars(query.order_by(Signal.raised.desc()).limit(1)).first()


def _was_refuted(theme: Theme) -> bool:
    query = select(func.count()).select_from(Signal)
    refuted = query.where(Signal.theme_id == theme.id, Signal.state == SignalState.REFUTED)
    return bool(db.session.scalar(refuted))
