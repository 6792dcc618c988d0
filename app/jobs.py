"""Work to be done: a row with a due time, a claim and a lease.

A job may run twice and does the same thing once; a job function takes plain values and does not
know who runs it. Rows hold moments, are purged within a day and stay out of backups (model.md §2).
"""

from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Moment, db

LEASE = timedelta(minutes=10)  # after this a claimed job is taken to be dead and is given again
MAX_TRIES = 3  # then the job is set aside for a person
RETRY = timedelta(minutes=1)


class Job(Model):
    """One piece of work; ``(kind, key)`` exists once, so asking twice is asking once."""

    __table_args__ = (UniqueConstraint("kind", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    due: Mapped[datetime] = mapped_column(Moment, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[bool] = mapped_column(default=False)
    alone: Mapped[bool] = mapped_column(default=False)  # never in a batch again
    error: Mapped[str] = mapped_column(String(200), default="")


def enqueue(kind: str, key: str, due: datetime) -> Job:
    """Return the job ``(kind, key)``, made or brought forward so that it is due at ``due``."""
    job = db.session.scalar(select(Job).where(Job.kind == kind, Job.key == key))
    if job is None:
        job = Job(kind=kind, key=key, due=due)
        db.session.add(job)
    elif not job.set_aside:
        job.due = min(job.due, due)
    db.session.flush()
    return job


def claim(now: datetime, lease: timedelta = LEASE) -> Job | None:
    """Return one due job, claimed for ``lease`` by a conditional update, or None. Commits."""
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    due = Job.due <= now, ~Job.set_aside, free
    job_id = db.session.scalar(select(Job.id).where(*due).order_by(Job.due, Job.id).limit(1))
    if job_id is None:
        db.session.rollback()
        return None
    claimed = db.session.execute(
        update(Job)
        .where(Job.id == job_id, *due)
        .values(leased_until=now + lease, tries=Job.tries + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return db.session.get(Job, job_id, populate_existing=True) if claimed.rowcount else None  # type: ignore[attr-defined]


def claim_more(kind: str, count: int, now: datetime, lease: timedelta = LEASE) -> dict[int, str]:
    """Claim up to ``count`` further due jobs of ``kind``, to be done together; id -> key."""
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    due = Job.kind == kind, Job.due <= now, ~Job.set_aside, ~Job.alone, free
    ids = list(db.session.scalars(select(Job.id).where(*due).limit(count)))
    claimed = db.session.execute(
        update(Job)
        .where(Job.id.in_(ids), *due)
        .values(leased_until=now + lease, tries=Job.tries + 1)
        .returning(Job.id, Job.key)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    return {row.id: row.key for row in claimed}


def postpone(job_id: int, due: datetime, reason: str) -> None:
    """Put a claimed job off without counting the try: a model is missing, not the job's fault."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is not None:
        job.leased_until, job.due, job.error = None, due, reason[:200]
        job.tries = max(0, job.tries - 1)


def separate(job_ids: list[int]) -> None:
    """Have each of these done alone from now on, so that a bad one cannot spoil the others."""
    db.session.execute(update(Job).where(Job.id.in_(job_ids)).values(alone=True))


def finish(job_id: int) -> None:
    """Drop a job that is done."""
    db.session.execute(delete(Job).where(Job.id == job_id))


def fail(job_id: int, error: str, now: datetime) -> None:
    """Give a failed job another try later, or set it aside after ``MAX_TRIES``."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None:
        return
    job.error = error[:200]
    job.leased_until = None
    job.due = now + RETRY * job.tries
    job.set_aside = job.tries >= MAX_TRIES


def waiting(kind: str | None = None) -> int:
    """Return how many jobs wait, of one kind or of all."""
    query = select(func.count()).select_from(Job)
    return db.session.scalar(query.where(Job.kind == kind) if kind else query) or 0
