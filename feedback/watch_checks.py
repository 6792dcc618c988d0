"""The monthly check of the watch: the promised interval between false alarms beside the real one.

Only the whole of each theme is checked, up to where a signal's rise begins: what people already
look at is no quiet past.
"""

from collections.abc import Sequence
from datetime import date
from math import isfinite

import numpy as np
from sqlalchemy import select

from app.catalogue import Service, all_services
from app.db import db
from feedback.counts import read
from feedback.models import Signal, WatchCheck, WatchFacet
from feedback.raising import STATISTICAL
from feedback.watch_starts import watches_of
from feedback.watch_streams import Stream, part_totals, streams_of
from nlp.recurrence import Recurrence, recurrence

SEED = 52


def check_watch(day: date) -> int:
    """Check every service that has a past; return how many rows were written. Adds and flushes."""
    rows = checks(day)
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def checks(day: date) -> list[WatchCheck]:
    """Return a check of every service that has a past. Reads only; this takes the time."""
    found = [_check(service, day) for service in all_services()]
    return [row for row in found if row is not None]


def _check(service: Service, day: date) -> WatchCheck | None:
    watched = read(service, day)
    if not watched.weeks:
        return None
    whole = {WatchFacet.WHOLE: part_totals(watched)[WatchFacet.WHOLE]}
    watches = watches_of(watched)
    streams = [
        stream
        for theme in watched.themes
        for stream in streams_of(watched, theme, watches[theme.id], whole)
    ]
    found = _recur(streams, float(service.run_length_weeks))
    return _row(service, day, found) if found else None


def _recur(streams: Sequence[Stream], arl: float) -> Recurrence | None:
    """Return the check; weeks from a rise on are left out, as if nobody had spoken then."""
    if not streams:
        return None
    x, n = (
        np.array([[getattr(week, name) for week in stream.weeks] for stream in streams])
        for name in ("observed", "total")
    )
    for place, stream in enumerate(streams):
        if (start := _rise(stream)) is not None:
            x[place, start:] = n[place, start:] = 0
    prior = [stream.watch.prior_share for stream in streams]
    used = n.any(axis=1)
    return recurrence(x[used], n[used], np.array(prior)[used], arl, np.random.default_rng(SEED))


def _rise(stream: Stream) -> int | None:
    """Return the week where the first signal of the theme saw its rise begin."""
    query = select(Signal).where(Signal.theme_id == stream.about.id, Signal.kind.in_(STATISTICAL))
    starts = [
        (date.fromisoformat(signal.proof["first"]) - stream.first_week).days // 7
        + signal.proof["window"]["start"]
        for signal in db.session.scalars(query)
        if "window" in signal.proof
    ]
    return max(0, min(starts)) if starts else None


def _row(service: Service, day: date, found: Recurrence) -> WatchCheck:
    return WatchCheck(
        service_id=service.id,
        day=day,
        promised_weeks=service.run_length_weeks,
        streams=found.streams,
        weeks=found.weeks,
        alarms=found.alarms,
        mean_weeks=_finite(found.mean),
        low_weeks=_finite(found.low),
        high_weeks=_finite(found.high),
    )


def _finite(weeks: float) -> float | None:
    return round(weeks, 1) if isfinite(weeks) else None
