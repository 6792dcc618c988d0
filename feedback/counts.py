"""Weekly counts for the detector: retours from distinct authors in each theme, and all of them.

Near-copies count once and a batch of one day counts as three authors at most (model.md §1).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.models import Feedback, Placement, Segment, Theme
from nlp.copies import counted, near_copies
from nlp.edetector import Week


@dataclass(frozen=True)
class Entry:
    """One retour as the detector counts it."""

    feedback_id: str
    day: date
    text: str
    batch: str | None


@dataclass(frozen=True)
class Series:
    """The weeks of one theme, from the service's first to the last complete one."""

    theme: Theme
    first_week: date
    weeks: tuple[Week, ...]
    entries: tuple[Entry, ...]  # those that count, by day

    def since(self, index: int) -> list[Entry]:
        """Return the counted entries from week ``index`` on."""
        start = self.first_week + timedelta(weeks=index)
        end = self.first_week + timedelta(weeks=len(self.weeks))
        return [entry for entry in self.entries if start <= entry.day < end]


def _entries(theme_ids: list[str]) -> dict[str, list[Entry]]:
    query = (
        select(Placement.theme_id, Feedback.id, Feedback.day, Feedback.text, Feedback.batch)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Placement.theme_id.in_(theme_ids), ~Placement.contested)
        .distinct()
        .order_by(Feedback.day, Feedback.id)
    )
    found: dict[str, list[Entry]] = {}
    for theme_id, feedback_id, day, text, batch in db.session.execute(query):
        found.setdefault(theme_id, []).append(Entry(feedback_id, day, text or "", batch))
    return found


def one_per_author(entries: list[Entry]) -> list[Entry]:
    """Return the entries that count: one per author after near-copies collapse."""
    if not entries:
        return []
    marks = counted(
        [entry.feedback_id for entry in entries],
        near_copies([entry.text for entry in entries]),
        [entry.batch for entry in entries],
        [entry.day for entry in entries],
    )
    return [entry for entry, mark in zip(entries, marks.tolist(), strict=True) if mark]


def weekly_series(service: Service, day: date) -> list[Series]:
    """Return one series for each current theme of ``service``; none before the first full week."""
    days = list(db.session.scalars(select(Feedback.day).where(Feedback.service_id == service.id)))
    if not days:
        return []
    first, end = week_start(min(days)), week_start(day)
    length = (end - first).days // 7
    if length < 1:
        return []
    totals = Counter(week_start(each) for each in days)
    themes = list(
        db.session.scalars(
            select(Theme)
            .where(Theme.service_id == service.id, Theme.ended.is_(None))
            .order_by(Theme.id)
        )
    )
    entries = _entries([theme.id for theme in themes])
    weeks = [first + timedelta(weeks=n) for n in range(length)]
    return [_series(theme, weeks, totals, entries.get(theme.id, [])) for theme in themes]


def _series(theme: Theme, weeks: list[date], totals: Counter[date], entries: list[Entry]) -> Series:
    kept = one_per_author(entries)
    found = Counter(week_start(entry.day) for entry in kept)
    counted_weeks = tuple(Week(found[week], max(totals[week], found[week])) for week in weeks)
    return Series(theme, weeks[0], counted_weeks, tuple(kept))
