"""Signals: look at every service and across them, and keep the candidates up to date.

The machine only points: every move of a signal is a person's, with a reason (model.md §4). What a
candidate rests on is computed by ``nlp.edetector`` and ``nlp.ebh`` alone.
"""

from datetime import date, timedelta

from sqlalchemy import func, select

from app.catalogue import all_services
from app.db import db
from feedback.counts import Series, Watched, read
from feedback.desk_order import order_desk
from feedback.models import (
    TO_EXAMINE,
    Feedback,
    Placement,
    Segment,
    Signal,
    SignalNote,
    Theme,
    WatchFacet,
)
from feedback.raising import Case, raise_or_refresh
from feedback.serious import look_for_harm
from feedback.signal_tables import (
    MONTH,
    MONTH_AND_CHANNEL,
    Comparison,
    compare,
    growth_ic,
)
from feedback.subject_watch import Elsewhere, look_across
from feedback.watch_families import ALPHA, Budget, Chosen, choose, one_for_each
from feedback.watch_streams import GROUPS, PARTS, Stream, Watch, part_totals, streams_of
from nlp.edetector import Look, detect

__all__ = ["ALPHA", "look", "look_at", "looks_of"]

FIRST_LOOK_WEEKS = 13  # of the past that a theme's first look covers: older rises are history


def look(day: date) -> int:
    """Look at every service; return how many candidates were raised. Adds and flushes."""
    follow_merges()
    watched = [read(service, day) for service in all_services()]
    elsewhere = Elsewhere(watched)
    raised = sum(look_at(each, day, elsewhere) for each in watched)
    raised += look_across(elsewhere, day) + look_for_harm(day)
    order_desk(day)
    return raised


def look_at(watched: Watched, day: date, elsewhere: Elsewhere) -> int:
    """Run the detector over one service; return how many candidates were raised."""
    if not watched.weeks:
        return 0
    parts = part_totals(watched)
    watches = {theme.id: watch_of(theme, watched) for theme in watched.themes}
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
    cases = [_case(each, watched, elsewhere) for each in one_for_each(chosen)]
    return sum(raise_or_refresh(case, day) for case in cases)


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


def watch_of(theme: Theme, watched: Watched) -> Watch:
    """Return how the streams of ``theme`` are watched, from where S and t begin."""
    weeks = float(watched.service.run_length_weeks)
    return Watch(_prior_share(theme), weeks, _restart(theme, watched.weeks[0]))


def looks_of(series: Series) -> list[Look]:
    """Return what the detector saw week by week, from where the theme's watch begins."""
    if not any(week.total for week in series.weeks):
        return []
    theme = series.theme
    arl = float(theme.service.run_length_weeks)
    return detect(series.weeks, _prior_share(theme), arl, _restart(theme, series.first_week))


def _restart(theme: Theme, first_week: date) -> int:
    """Return the week where S and t begin: after the last qualification of this theme, if any.

    A theme that was never qualified is watched from a quarter before its birth, a day that no count
    of it can move, so that imported years bring no alarm about what nobody can act on any more.
    """
    last = db.session.scalar(
        select(func.max(SignalNote.day))
        .join(Signal, Signal.id == SignalNote.signal_id)
        .where(Signal.theme_id == theme.id, Signal.state.not_in(TO_EXAMINE))
    )
    start = last or theme.born - timedelta(weeks=FIRST_LOOK_WEEKS)
    return max(0, (start - first_week).days // 7)


def _prior_share(theme: Theme) -> float:
    """Return the subject's share over all services; half a retour for one without history."""
    total = db.session.scalar(select(func.count()).select_from(Feedback)) or 1
    query = (
        select(func.count(func.distinct(Segment.feedback_id)))
        .join(Placement, Placement.segment_id == Segment.id)
        .join(Theme, Theme.id == Placement.theme_id)
    )
    subject = theme.subject_id
    same = Theme.subject_id == subject if subject else Theme.id == theme.id
    return min(1.0, max(db.session.scalar(query.where(same)) or 0, 0.5) / total)
