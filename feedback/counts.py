"""What the detector counts: retours from distinct authors in each theme, and all of them, by week.

Near-copies count once a week, so that what many say in the same few words over a year is not taken
for one voice; a batch of one day counts as three authors at most (model.md §1).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.models import Placement, Segment, Theme
from feedback.watch_entries import Entry, entries_of
from nlp.copies import authors, campaigns, counted, near_copies
from nlp.edetector import Week

HISTORY_WEEKS = 156  # read at most: a year of reference and two to look at
COPY_WORDS = 5  # two people may both write « ça bug »: shorter texts are nobody's copy


@dataclass(frozen=True)
class Campaign:
    """A burst of near-copies: how many retours, from when to when."""

    retours: int
    start: date
    end: date


@dataclass(frozen=True)
class Counted:
    """Which entries count, and which do not, and why."""

    kept: tuple[Entry, ...]
    copies: tuple[Entry, ...] = ()
    batches: tuple[Entry, ...] = ()  # beyond three of one mediator, kiosk or import on a day
    contested: tuple[Entry, ...] = ()  # taken out by their authors or by a person
    campaigns: tuple[Campaign, ...] = ()


@dataclass(frozen=True)
class Watched:
    """Everything that one service's look reads, in one piece: a few queries, whatever its size."""

    service: Service
    entries: dict[str, Entry]
    themes: tuple[Theme, ...]
    placed: dict[str, Counted]  # by theme id
    weeks: tuple[date, ...]  # the Mondays of complete weeks, from the first retour on


def read(service: Service, day: date) -> Watched:
    """Read what ``service`` was told in three years, to the last complete week before ``day``."""
    since = week_start(day) - timedelta(weeks=HISTORY_WEEKS)
    entries = {entry.feedback_id: entry for entry in entries_of(service, since)}
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    themes = tuple(db.session.scalars(query.order_by(Theme.id)))
    placed = _placed([theme.id for theme in themes], entries)
    return Watched(service, entries, themes, placed, weeks_until(entries.values(), day))


def weeks_until(entries: Iterable[Entry], day: date) -> tuple[date, ...]:
    """Return the Mondays from the first entry's week to the last complete one before ``day``."""
    first = min((entry.day for entry in entries), default=day)
    start = week_start(first)
    return tuple(start + timedelta(weeks=n) for n in range((week_start(day) - start).days // 7))


def _placed(theme_ids: list[str], entries: dict[str, Entry]) -> dict[str, Counted]:
    query = (
        select(Placement.theme_id, Segment.feedback_id, Placement.contested)
        .join(Segment, Segment.id == Placement.segment_id)
        .where(Placement.theme_id.in_(theme_ids))
        .distinct()
    )
    inside: dict[str, set[str]] = {each: set() for each in theme_ids}
    taken_out: dict[str, set[str]] = {each: set() for each in theme_ids}
    for theme_id, feedback_id, contested in db.session.execute(query):
        (taken_out if contested else inside)[theme_id].add(feedback_id)
    return {
        each: count(
            _in_order(entries, inside[each]), _in_order(entries, taken_out[each] - inside[each])
        )
        for each in theme_ids
    }


def _in_order(entries: dict[str, Entry], ids: Iterable[str]) -> list[Entry]:
    found = [entries[each] for each in ids if each in entries]
    return sorted(found, key=lambda entry: (entry.day, entry.feedback_id))


def count(entries: Sequence[Entry], contested: Sequence[Entry] = ()) -> Counted:
    """Return which of ``entries``, by day, count: one per author and week, near-copies as one."""
    if not entries:
        return Counted((), contested=tuple(contested))
    copies = near_copies([entry.text for entry in entries])
    batches = [entry.batch for entry in entries]
    days = [entry.day for entry in entries]
    weeks = [week_start(day) for day in days]
    labels = list(zip(copies.tolist(), weeks, strict=True))
    places = {label: place for place, label in enumerate(labels)}
    weekly_copies = [places[label] for label in labels]
    codes = [entry.feedback_id for entry in entries]
    marks = counted(codes, weekly_copies, batches, days).tolist()
    kept_labels = {label for label, mark in zip(labels, marks, strict=True) if mark}
    left = [(e, labels[n] in kept_labels) for n, e in enumerate(entries) if not marks[n]]
    bursts = campaigns(copies, [day.toordinal() for day in days])
    return Counted(
        tuple(entry for entry, mark in zip(entries, marks, strict=True) if mark),
        tuple(entry for entry, is_copy in left if is_copy),
        tuple(entry for entry, is_copy in left if not is_copy),
        tuple(contested),
        tuple(
            Campaign(len(b.members), date.fromordinal(b.first_day), date.fromordinal(b.last_day))
            for b in bursts
        ),
    )


def distinct_authors(entries: Sequence[Entry]) -> int:
    """Return how many authors ``entries`` have, near-copies of any week as one."""
    return authors(
        [entry.feedback_id for entry in entries],
        near_copies([entry.text for entry in entries]),
        [entry.batch for entry in entries],
        [entry.day for entry in entries],
    )


def totals(entries: Iterable[Entry]) -> Counter[date]:
    """Return how many retours each week had; a text imported twice in a week counts once."""
    seen: set[tuple[date, str]] = set()
    found: Counter[date] = Counter()
    for entry in entries:
        week = week_start(entry.day)
        words = entry.text.casefold().split()
        if len(words) >= COPY_WORDS:
            key = (week, " ".join(words))
            if key in seen:
                continue
            seen.add(key)
        found[week] += 1
    return found


def weekly(
    weeks: Sequence[date], entries: Iterable[Entry], total: Counter[date]
) -> tuple[Week, ...]:
    """Return the counted ``entries`` of each week against the ``total`` that it had."""
    found = Counter(week_start(entry.day) for entry in entries)
    return tuple(Week(found[week], max(total[week], found[week])) for week in weeks)
