"""Signals: look at every service and across them, and keep the candidates up to date.

The machine only points: every move of a signal is a person's, with a reason (model.md §4). What a
candidate rests on is computed by ``nlp.edetector`` and ``nlp.ebh`` alone.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.catalogue import all_services
from app.db import db
from feedback.counts import Watched, read
from feedback.desk_order import order_desk
from feedback.findings import Case, Finding, examine
from feedback.models import Signal, Theme, WatchFacet
from feedback.raising import raise_or_refresh
from feedback.serious import look_for_harm
from feedback.signal_tables import (
    MONTH,
    MONTH_AND_CHANNEL,
    Comparison,
    compare,
    growth_ic,
)
from feedback.subject_watch import Elsewhere, cases_across
from feedback.watch_families import Budget, Chosen, choose, one_for_each
from feedback.watch_starts import watches_of
from feedback.watch_streams import GROUPS, PARTS, Stream, part_totals, streams_of


def look(day: date) -> int:
    """Look at every service; return how many candidates were raised. Adds and flushes.

    The worker takes the three steps one by one, to hold the write lock for the first and last
    alone (``app/tasks.py``).
    """
    follow_merges()
    return write(find(day), day)


def find(day: date) -> list[Finding]:
    """Return what stands out in every service and across them. Reads only; this takes the time."""
    watched = [read(service, day) for service in all_services()]
    elsewhere = Elsewhere(watched)
    cases = [case for each in watched for case in _cases(each, elsewhere)]
    found = [examine(case) for case in [*cases, *cases_across(elsewhere, day)]]
    return [finding for finding in found if finding is not None]


def write(found: Sequence[Finding], day: date) -> int:
    """Write what was found; return how many candidates are new. Adds and flushes."""
    raised = sum(raise_or_refresh(finding, day) for finding in found) + look_for_harm(day)
    order_desk(day)
    return raised


def _cases(watched: Watched, elsewhere: Elsewhere) -> list[Case]:
    """Run the detector over one service; return the streams that stand out."""
    if not watched.weeks:
        return []
    parts = part_totals(watched)
    watches = watches_of(watched)
    own = {facet: parts[facet] for facet in (WatchFacet.WHOLE, *PARTS)}
    declared = {facet: parts[facet] for facet in GROUPS}
    chosen: list[Chosen] = []
    for budget, facets in ((Budget.TEAM, own), (Budget.GROUP, declared)):
        found = [
            stream
            for theme in watched.themes
            for stream in streams_of(watched, theme, watches[theme.id], facets)
        ]
        chosen += choose(found, budget)
    return [_case(each, watched, elsewhere) for each in one_for_each(chosen)]


def _case(chosen: Chosen, watched: Watched, elsewhere: Elsewhere) -> Case:
    stream = chosen.stream
    here = stream_ids(watched, stream)
    placed = {entry.feedback_id for entry in watched.placed[stream.about.id].kept}
    end = watched.weeks[-1] + timedelta(weeks=1)
    table: Comparison | None
    if stream.facet is WatchFacet.WHOLE:
        table = elsewhere.compare(stream.about, watched.service.id, end)
    else:
        held = MONTH if stream.facet is WatchFacet.CHANNEL else MONTH_AND_CHANNEL
        table = compare(watched.entries.values(), placed, here, end, held)
    own = [entry for each, entry in watched.entries.items() if each in here]
    return Case(chosen, table, growth_ic(own, placed, end))


def stream_ids(watched: Watched, stream: Stream) -> set[str]:
    """Return the ids of all the retours of the part that ``stream`` watches."""
    whole = stream.facet is WatchFacet.WHOLE
    return {
        each
        for each, entry in watched.entries.items()
        if whole or entry.values.get(stream.facet) == stream.value
    }


def follow_merges() -> None:
    """Let signals of a theme that was made part of another speak of that one."""
    query = select(Signal).join(Theme, Theme.id == Signal.theme_id)
    for signal in list(db.session.scalars(query.where(Theme.merged_into.is_not(None)))):
        theme, seen = signal.theme, set[str]()
        while theme is not None and theme.merged_into and theme.id not in seen:
            seen.add(theme.id)
            theme = db.session.get(Theme, theme.merged_into)
        signal.theme = theme
    db.session.flush()
