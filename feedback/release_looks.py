"""Looks at each running release watch once a complete week, and ends it: found, or over.

A week that was looked at is never counted anew. What is found becomes a candidate that an expert
qualifies; other causes are possible, and the machine names none.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.days import week_start
from app.db import db
from feedback.counts import Watched, distinct_authors, read, totals, weekly
from feedback.models import ReleaseWatch, Signal, SignalKind, SignalState, WatchState
from feedback.raising import link
from feedback.release_watches import WEEK, plan_of
from feedback.watch_entries import Entry
from nlp.edetector import Week
from nlp.release_watch import FEWEST, crosses, log_ratio

MIN_DAYS = 2  # one day's crowd is not yet a rise
METHOD = "release watch: Poisson MaxSPRT with an uncertain baseline, version 1"


def look(day: date, services: Mapping[int, Watched] | None = None) -> int:
    """Look at every running watch; return how many were found. Adds and flushes.

    ``services``: what ``read_services`` gave, where that was done before without a lock.
    """
    kept = read_services(day) if services is None else services
    found = 0
    for watch in db.session.scalars(_running()):
        if watch.service_id in kept:
            found += look_at(watch, kept[watch.service_id], day)
    db.session.flush()
    return found


def read_services(day: date) -> dict[int, Watched]:
    """Read the services that have a running watch, by id. Reads only; this takes the time."""
    services = {watch.service for watch in db.session.scalars(_running())}
    return {service.id: read(service, day) for service in services}


def _running() -> Select[ReleaseWatch]:
    running = ReleaseWatch.state == WatchState.RUNNING
    return select(ReleaseWatch).where(running).order_by(ReleaseWatch.service_id, ReleaseWatch.id)


def look_at(watch: ReleaseWatch, watched: Watched, day: date) -> bool:
    """Add the looks of the weeks that are over by ``day``; return whether a rise was found."""
    if watch.theme is None or watch.theme.id not in watched.placed:
        if watch.starts < day:
            _end(watch, day, _("Le thème n’existe plus : il a été réuni à un autre ou retiré."))
        return False
    entries = watched.placed[watch.theme.id].kept
    total = totals(watched.entries.values())
    counted = dict(zip(watched.weeks, weekly(watched.weeks, entries, total), strict=True))
    while watch.state == WatchState.RUNNING:
        monday = watch.starts + len(watch.looks) * WEEK
        if monday >= week_start(day):
            return False
        _look(watch, counted, entries, monday, day)
    return watch.state == WatchState.FOUND


def _look(
    watch: ReleaseWatch,
    counted: Mapping[date, Week],
    entries: Sequence[Entry],
    monday: date,
    day: date,
) -> None:
    plan = plan_of(watch)
    observed, expected = (watch.looks[-1][0], watch.looks[-1][1]) if watch.looks else (0, 0.0)
    week = counted.get(monday, Week(0, 0))
    expected += plan.share * week.total
    observed += week.observed
    if expected > plan.most:
        _end(watch, day, _("Plus de retours que prévu : la quantité prévue est atteinte."))
        return
    ratio = log_ratio(observed, expected) / plan.dispersion if expected else 0.0
    watch.looks = [*watch.looks, [observed, round(expected, 4), round(ratio, 4)]]
    since = [each for each in entries if watch.starts <= each.day < monday + WEEK]
    if expected and crosses(plan, int(observed), expected) and _stands(since):
        _find(watch, since, day)
    elif len(watch.looks) >= watch.planned_weeks:
        _end(watch, day, "")


def _stands(entries: Sequence[Entry]) -> bool:
    return distinct_authors(entries) >= FEWEST and len({each.day for each in entries}) >= MIN_DAYS


def _end(watch: ReleaseWatch, day: date, reason: str) -> None:
    watch.state, watch.ended, watch.reason = WatchState.ENDED.value, day, str(reason)


def _find(watch: ReleaseWatch, entries: Sequence[Entry], day: date) -> None:
    """End ``watch`` as found, and put what it found before an expert."""
    watch.state, watch.ended = WatchState.FOUND.value, day
    observed, expected, ratio = watch.looks[-1]
    plan = plan_of(watch)
    signal = Signal(
        service_id=watch.service_id,
        theme_id=watch.theme_id,
        subject_id=watch.theme.subject_id if watch.theme else None,
        release_id=watch.release_id,
        kind=SignalKind.GROWING.value,
        title=watch.theme.name if watch.theme else watch.question[:160],
        state=SignalState.CANDIDATE.value,
        raised=day,
        last_look=day,
        observed=int(observed),
        expected=round(expected, 2),
        weeks=len(watch.looks),
        authors=distinct_authors(entries),
        proof=_proof(watch, ratio, plan.limit),
    )
    db.session.add(signal)
    link(signal, entries)
    watch.plan = {**watch.plan, "signal": signal.id}


def _proof(watch: ReleaseWatch, ratio: float, limit: float) -> dict[str, Any]:
    end = watch.starts + len(watch.looks) * WEEK - timedelta(days=1)
    return {
        "method": METHOD,
        "watch": watch.id,
        "question": watch.question,
        "from": watch.starts.isoformat(),
        "to": end.isoformat(),
        "ratio": ratio,
        "limit": limit,
        "alpha": watch.plan["alpha"],
        "planned_weeks": watch.planned_weeks,
        "looks": watch.looks,
    }


def signal_of(watch: ReleaseWatch) -> Signal | None:
    """Return the candidate that ``watch`` raised, or None.

    The nightly look may bring the numbers of that candidate up to date: the watch keeps the link.
    """
    raised = watch.plan.get("signal")
    return db.session.get(Signal, raised) if raised else None
