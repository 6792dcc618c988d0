"""When each job of the clock last came to an end, whether it is late, and asking for it now.

Only what a clock starts is written down: it says nothing of when anybody wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.days import PARIS
from app.db import Model, Moment, db
from app.jobs import Job
from app.mail import OutboxRow

LATE_AFTER = timedelta(minutes=10)  # past the moment at which a job was to be done
MAIL_LATE_AFTER = timedelta(minutes=30)  # past the moment at which a mail was to leave
MAILS = "mails"  # beside the kinds of jobs


class JobRun(Model):
    """The last ends of one kind of job."""

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    succeeded: Mapped[datetime | None] = mapped_column(Moment)
    did: Mapped[str] = mapped_column(String(200), default="")
    failed: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(String(200), default="")


@dataclass(frozen=True)
class Run:
    """One line of the page of jobs."""

    kind: str
    succeeded: datetime | None
    next_run: datetime | None
    did: str
    failed: datetime | None
    error: str
    late_minutes: int


def note_success(kind: str, did: str, now: datetime) -> None:
    """Write down that a job came to its end. The caller commits."""
    row = _row(kind)
    row.succeeded, row.did = now, did[:200]


def note_failure(kind: str, error: str, now: datetime) -> None:
    """Write down that a job stumbled. The caller commits."""
    row = _row(kind)
    row.failed, row.error = now, error[:200]


def _row(kind: str) -> JobRun:
    row = db.session.get(JobRun, kind)
    if row is None:
        row = JobRun(kind=kind, did="", error="")
        db.session.add(row)
    return row


def runs(clock: Mapping[str, Mapping[str, Any]], now: datetime) -> list[Run]:
    """Return a line for each job of ``clock``, the latest first."""
    known = {row.kind: row for row in db.session.scalars(select(JobRun))}
    lines = [_line(kind, fields, known.get(kind), now) for kind, fields in clock.items()]
    return sorted(lines, key=lambda line: (-line.late_minutes, line.kind))


def _line(kind: str, fields: Mapping[str, Any], row: JobRun | None, now: datetime) -> Run:
    row = row or JobRun(kind=kind, did="", error="")
    due = _next(fields, row.succeeded or now)
    late = now - due - LATE_AFTER if row.succeeded and due else timedelta()
    minutes = max(0, int(late.total_seconds() // 60))
    error = row.error if row.failed and row.failed > (row.succeeded or row.failed) else ""
    shown = row.error if row.succeeded is None else error
    return Run(kind, row.succeeded, _next(fields, now), row.did, row.failed, shown, minutes)


def _next(fields: Mapping[str, Any], moment: datetime) -> datetime | None:
    after = moment + timedelta(seconds=1)
    trigger = CronTrigger(timezone=PARIS, **fields)
    found: datetime | None = trigger.get_next_fire_time(None, after.astimezone(PARIS))
    return found


def digests_are_late(fields: Mapping[str, Any], now: datetime) -> bool:
    """Say whether composing, or the mails that were to leave, are late: two reads by their keys."""
    row = db.session.get(JobRun, "digest")
    due = _next(fields, row.succeeded) if row and row.succeeded else None
    if due and now > due + LATE_AFTER:
        return True
    return _mails_late(now) > MAIL_LATE_AFTER


def _mails_late(now: datetime) -> timedelta:
    """Return how long ago the oldest mail that waits was to leave."""
    oldest = db.session.scalar(select(func.min(OutboxRow.due)).where(~OutboxRow.dead))
    return now - oldest if oldest else timedelta()


def late_minutes(clock: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, int]:
    """Return what is late, the latest first: kinds of jobs, then the mails; in minutes."""
    found = {run.kind: run.late_minutes for run in runs(clock, now) if run.late_minutes}
    if (waited := _mails_late(now)) > MAIL_LATE_AFTER:
        found[MAILS] = int(waited.total_seconds() // 60)
    return found


def set_aside_kinds() -> set[str]:
    """Return the kinds of which a job was set aside for a person."""
    return set(db.session.scalars(select(Job.kind).where(Job.set_aside).distinct()))
