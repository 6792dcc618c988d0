"""How often a service's form is opened: counted in memory, written in batches, nothing of by whom.

A citizen waits for none of it: the batch is written once the page has left, and what goes wrong is
logged and tried again with a later one. What a stopped process had not written yet is lost.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

import structlog
from flask import Flask
from sqlalchemy import insert, select, update

from app.days import paris_day
from app.db import db, will_write
from feedback.models import FormViews

log = structlog.get_logger()
BATCH = 20  # openings that wait in one process at most
PATIENCE = timedelta(minutes=5)  # then even fewer are written
EXTENSION = "boucle.openings"
Counts = Mapping[tuple[int, date], int]


@dataclass
class Openings:
    """What one process has counted and not written yet."""

    waiting: Counter[tuple[int, date]] = field(default_factory=Counter)
    since: datetime | None = None
    lock: Lock = field(default_factory=Lock)

    def add(self, service_id: int, moment: datetime) -> bool:
        """Count one opening; return whether it is time to write."""
        with self.lock:
            self.since = self.since or moment
            self.waiting[service_id, paris_day(moment)] += 1
            return self.waiting.total() >= BATCH or moment - self.since >= PATIENCE

    def take(self) -> Counter[tuple[int, date]]:
        """Return what waits, and let go of it."""
        with self.lock:
            taken, self.waiting, self.since = self.waiting, Counter(), None
        return taken

    def put_back(self, counts: Counter[tuple[int, date]], moment: datetime) -> None:
        """Let ``counts`` wait for the next batch."""
        with self.lock:
            self.waiting.update(counts)
            self.since = moment


def openings_of(app: Flask) -> Openings:
    """Return the counter of this process."""
    found: Openings = app.extensions.setdefault(EXTENSION, Openings())
    return found


def flush(app: Flask, moment: datetime) -> bool:
    """Write what waits; return whether that went well. Commits, and raises nothing."""
    openings = openings_of(app)
    counts = openings.take()
    try:
        with app.app_context():
            will_write()
            write(counts)
            db.session.commit()
    except Exception as error:  # a counter is never worth an error page
        openings.put_back(counts, moment)
        log.warning("openings_not_written", error=type(error).__name__)
        return False
    return True


def write(counts: Counts) -> None:
    """Add ``counts`` to what is stored. Another process may do the same: the lock orders them."""
    for (service_id, day), views in sorted(counts.items()):
        row = FormViews.service_id == service_id, FormViews.day == day
        added = update(FormViews).where(*row).values(views=FormViews.views + views)
        if not db.session.connection().execute(added).rowcount:
            values = {"service_id": service_id, "day": day, "views": views}
            db.session.execute(insert(FormViews).values(**values))


def openings_between(service_id: int, start: date, end: date) -> dict[date, int]:
    """Return the openings of each day in [start, end) that had any."""
    query = select(FormViews.day, FormViews.views).where(
        FormViews.service_id == service_id, FormViews.day >= start, FormViews.day < end
    )
    return dict(db.session.execute(query).all())
