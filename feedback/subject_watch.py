"""The platform's subjects: what rises across services, for the experts, with a budget of its own.

A subject that rises in one service alone is that service's candidate, not a second one here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from sqlalchemy import select

from app.db import db
from feedback.counts import Counted, Watched, totals, weekly, weeks_until
from feedback.findings import Case
from feedback.models import Subject, Theme, WatchFacet
from feedback.signal_tables import Comparison, compare
from feedback.watch_entries import Entry
from feedback.watch_families import Budget, choose
from feedback.watch_starts import watches_of_subjects
from feedback.watch_streams import Stream, strongest_window

ONE_SERVICE = 0.8  # of the evidence in one service: its own candidate says it


class Elsewhere:
    """All services together: what one of them is compared with, and the subjects across them."""

    def __init__(self, watched: Sequence[Watched]) -> None:
        self.watched = [each for each in watched if each.weeks]
        self.entries = {k: v for each in watched for k, v in each.entries.items()}
        self.services = {k: each.service.id for each in watched for k in each.entries}
        self._themes: dict[str, list[tuple[Watched, Theme]]] = {}
        for each in self.watched:
            for theme in each.themes:
                if theme.subject_id:
                    self._themes.setdefault(theme.subject_id, []).append((each, theme))

    def compare(self, about: Theme | Subject, service_id: int, end: date) -> Comparison | None:
        """Compare the subject of ``about`` in one service with all others; None without any."""
        subject = about.subject_id if isinstance(about, Theme) else about.id
        if subject is None:
            return None
        placed = {entry.feedback_id for entry in self.counted(subject).kept}
        here = {each for each, service in self.services.items() if service == service_id}
        return compare(self.entries.values(), placed, here, end)

    def shared_subjects(self) -> list[Subject]:
        """Return the subjects that stand in more than one service."""
        ids = [each for each, themes in self._themes.items() if len(themes) > 1]
        query = select(Subject).where(Subject.id.in_(ids), Subject.ended.is_(None))
        return list(db.session.scalars(query.order_by(Subject.id)))

    def counted(self, subject_id: str) -> Counted:
        """Return the entries of a subject over all services, by day."""
        parts = [each.placed[theme.id] for each, theme in self._themes.get(subject_id, ())]

        def once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
            found = {entry.feedback_id: entry for entry in entries}
            return tuple(sorted(found.values(), key=lambda e: (e.day, e.feedback_id)))

        return Counted(
            once(chain.from_iterable(part.kept for part in parts)),
            once(chain.from_iterable(part.copies for part in parts)),
            once(chain.from_iterable(part.batches for part in parts)),
            once(chain.from_iterable(part.contested for part in parts)),
            tuple(chain.from_iterable(part.campaigns for part in parts)),
        )


def cases_across(elsewhere: Elsewhere, day: date) -> list[Case]:
    """Run the detector over the shared subjects; return the streams that stand out."""
    subjects = elsewhere.shared_subjects()
    if not subjects:
        return []
    every = totals(elsewhere.entries.values())
    weeks = weeks_until(elsewhere.entries.values(), day)
    counted = {subject: elsewhere.counted(subject.id) for subject in subjects}
    shares = {
        subject: min(1.0, max(len(each.kept), 0.5) / max(len(elsewhere.entries), 1))
        for subject, each in counted.items()
    }
    watches = watches_of_subjects(shares, weeks[0])
    found = [
        Stream(
            about=subject,
            facet=WatchFacet.WHOLE,
            value="",
            first_week=weeks[0],
            weeks=weekly(weeks, each.kept, every),
            counted=each,
            watch=watches[subject.id],
        )
        for subject, each in counted.items()
    ]
    return [
        Case(chosen, None, None)
        for chosen in choose(found, Budget.PLATFORM)
        if not _is_of_one_service(chosen.stream, elsewhere)
    ]


def _is_of_one_service(stream: Stream, elsewhere: Elsewhere) -> bool:
    looks = stream.looks
    window = stream.since(looks[strongest_window(looks)].index)
    services = Counter(elsewhere.services[entry.feedback_id] for entry in window)
    most = max(services.values(), default=0)
    return most >= ONE_SERVICE * len(window)
