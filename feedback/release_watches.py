"""Release watches: « la version X cause-t-elle Y ? », asked beforehand, with a length and an end.

Everything that decides is frozen when a watch is declared. Its weekly looks are in
``feedback/release_looks.py``, the statistics in ``nlp/release_watch.py``.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from app.catalogue import Release, Service
from app.days import week_start
from app.db import db
from feedback.counts import read, totals, weekly
from feedback.models import ReleaseWatch, Theme, WatchState
from nlp.edetector import Week
from nlp.release_watch import NoBaseline, Plan, TooFewExpected, plan_watch

LATEST = timedelta(days=7)  # after a release: later, what it did is known already
BASELINE_WEEKS = 52  # at most
LENGTHS = (4, 8, 12, 26)  # weeks that may be planned
SMALLEST_ALPHA, LARGEST_ALPHA = 0.01, 0.10
WEEK = timedelta(weeks=1)


class Refusal(StrEnum):
    """Why a watch is not declared."""

    LATE = "late"
    NO_BASELINE = "no baseline"
    TOO_FEW = "too few"
    TWICE = "twice"
    INCOMPLETE = "incomplete"


class Refused(Exception):
    """The watch is not declared; ``number`` is what the reason speaks of, if anything."""

    def __init__(self, refusal: Refusal, number: float = 0.0) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.number = number


class ReasonNeeded(Exception):
    """Stopping says why."""


@dataclass(frozen=True)
class Wish:
    """What is asked."""

    release: Release | None
    theme: Theme | None
    question: str
    weeks: int


def declare(service: Service, wish: Wish, organisation: str, day: date) -> ReleaseWatch:
    """Freeze the plan of a watch and start it; raise ``Refused``. Adds and flushes."""
    release, theme, question = wish.release, wish.theme, wish.question.strip()
    if release is None or theme is None or not question or wish.weeks not in LENGTHS:
        raise Refused(Refusal.INCOMPLETE)
    if release.day < day - LATEST:
        raise Refused(Refusal.LATE)
    if _runs(release, theme):
        raise Refused(Refusal.TWICE)
    plan = _plan(service, theme, release, wish.weeks, day)
    watch = ReleaseWatch(
        service_id=service.id,
        release_id=release.id,
        theme_id=theme.id,
        question=question,
        declared=day,
        declared_by=organisation,
        starts=first_week(release, day),
        planned_weeks=wish.weeks,
        plan=asdict(plan),
    )
    db.session.add(watch)
    db.session.flush()
    return watch


def first_week(release: Release, day: date) -> date:
    """Return the Monday from which retours count: after the release, and after the question."""
    start = max(release.day, day)
    monday = week_start(start)
    return monday if monday == start else monday + WEEK


def alpha_of(service: Service, weeks: int) -> float:
    """Return the error that a watch of ``weeks`` may make: the promise of the nightly watch.

    One false alarm in ``run_length_weeks`` (the row of the service's risk), cut to 1–10 %.
    """
    return min(LARGEST_ALPHA, max(SMALLEST_ALPHA, weeks / service.run_length_weeks))


def _runs(release: Release, theme: Theme) -> bool:
    same = ReleaseWatch.release_id == release.id, ReleaseWatch.theme_id == theme.id
    running = ReleaseWatch.state == WatchState.RUNNING
    return db.session.scalar(select(ReleaseWatch.id).where(*same, running)) is not None


def _plan(service: Service, theme: Theme, release: Release, weeks: int, day: date) -> Plan:
    before = min(week_start(release.day), week_start(day))
    baseline = weeks_of(service, theme, day)
    kept = [week for monday, week in sorted(baseline.items()) if monday < before]
    try:
        return plan_watch(kept[-BASELINE_WEEKS:], weeks, alpha_of(service, weeks))
    except NoBaseline as few:
        raise Refused(Refusal.NO_BASELINE, few.weeks) from few
    except TooFewExpected as few:
        raise Refused(Refusal.TOO_FEW, few.expected) from few


def weeks_of(service: Service, theme: Theme, day: date) -> dict[date, Week]:
    """Return the complete weeks before ``day``: distinct authors of ``theme``, and all retours."""
    watched = read(service, day)
    if theme.id not in watched.placed or not watched.weeks:
        return {}
    kept = watched.placed[theme.id].kept
    counted = weekly(watched.weeks, kept, totals(watched.entries.values()))
    return dict(zip(watched.weeks, counted, strict=True))


def plan_of(watch: ReleaseWatch) -> Plan:
    """Return the plan that was frozen when ``watch`` was declared."""
    return Plan(**{each.name: watch.plan[each.name] for each in fields(Plan)})


def last_day(watch: ReleaseWatch) -> date:
    """Return the last day that counts, if the watch lasts as planned."""
    return watch.starts + watch.planned_weeks * WEEK - timedelta(days=1)


def stop(watch: ReleaseWatch, reason: str, day: date) -> None:
    """Stop a running watch at a person's word; raise ``ReasonNeeded`` without one."""
    if not reason.strip():
        raise ReasonNeeded
    if watch.state == WatchState.RUNNING:
        watch.state, watch.ended = WatchState.STOPPED.value, day
        watch.reason = reason.strip()
    db.session.flush()


def watches_where(condition: ColumnElement[bool]) -> list[ReleaseWatch]:
    """Return the watches that ``condition`` keeps: the running ones first, then the newest."""
    running = ReleaseWatch.state == WatchState.RUNNING
    query = select(ReleaseWatch).where(condition)
    order = running.desc(), ReleaseWatch.declared.desc(), ReleaseWatch.id
    return list(db.session.scalars(query.order_by(*order)))
