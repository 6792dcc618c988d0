"""Work to be done: a row with a due time, a claim and a lease.

A job may run twice and does the same thing once; a job function takes plain values and does not
know who runs it. Rows hold moments, are purged within a day and stay out of backups (model.md §2).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    String,
    UniqueConstraint,
    Update,
    delete,
    func,
    or_,
    select,
    update,
)
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


@dataclass(frozen=True)
class Claim:
    """A job that is ours until its lease ends; plain values, so that no transaction stays open."""

    id: int
    kind: str
    key: str
    alone: bool
    tries: int
    lease: datetime | None


def enqueue(kind: str, key: str, due: datetime) -> Job:
    """Return the job ``(kind, key)``, made, brought forward or revived: due at ``due`` at last.

    One that runs just now loses its claim: what it read may be old, so it will be done again.
    """
    job = db.session.scalar(select(Job).where(Job.kind == kind, Job.key == key))
    if job is None:
        job = Job(kind=kind, key=key, due=due)
        db.session.add(job)
    else:
        job.due = min(job.due, due)
        if job.set_aside or job.leased_until is not None:
            job.set_aside, job.leased_until, job.tries = False, None, 0
    db.session.flush()
    return job


def enqueue_missing(kind: str, keys: list[str], due: datetime) -> int:
    """Make the jobs that have no row at all; return how many. One set aside stays aside."""
    known = set(db.session.scalars(select(Job.key).where(Job.kind == kind)))
    missing = [key for key in keys if key not in known]
    db.session.add_all([Job(kind=kind, key=key, due=due) for key in missing])
    db.session.flush()
    return len(missing)


def claim(now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Return one due job, claimed for ``lease`` by a conditional update, or None. Commits.

    A job whose lease ran out killed its worker perhaps: it is done alone from then on, and set
    aside once its tries are spent.
    """
    _set_spent_aside(now)
    due = _due(now)
    first = select(Job.id).where(*due).order_by(Job.due, Job.id).limit(1)
    values = {
        "leased_until": now + lease,
        "tries": Job.tries + 1,
        "alone": or_(Job.alone, Job.leased_until.is_not(None)),
    }
    claimed = _take(update(Job).where(Job.id == first.scalar_subquery(), *due).values(values))
    return claimed[0] if claimed else None


def claim_more(kind: str, count: int, now: datetime, lease: timedelta = LEASE) -> list[Claim]:
    """Return up to ``count`` further due jobs of ``kind``, claimed to be done together. Commits."""
    fresh = Job.kind == kind, Job.due <= now, ~Job.set_aside, ~Job.alone, Job.leased_until.is_(None)
    some = select(Job.id).where(*fresh).order_by(Job.due, Job.id).limit(count)
    values = {"leased_until": now + lease, "tries": Job.tries + 1}
    return _take(update(Job).where(Job.id.in_(some.scalar_subquery()), *fresh).values(values))


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    return Job.due <= now, ~Job.set_aside, free


def _take(claiming: Update) -> list[Claim]:
    """Run the update and commit, so that nobody waits for our lock while the work is done."""
    columns = Job.id, Job.kind, Job.key, Job.alone, Job.tries, Job.leased_until
    taken = claiming.returning(*columns).execution_options(synchronize_session=False)
    claims = [Claim(*row) for row in db.session.execute(taken)]
    db.session.commit()
    return claims


def _set_spent_aside(now: datetime) -> None:
    """Set aside what was claimed ``MAX_TRIES`` times and never came to an end."""
    spent = Job.tries >= MAX_TRIES, Job.leased_until < now, ~Job.set_aside
    values = {"set_aside": True, "leased_until": None, "error": "never came to an end"}
    aside = update(Job).where(*spent).values(values)
    db.session.execute(aside.execution_options(synchronize_session=False))


def _held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """Still ours: not given to another after the lease ended, not asked for again meanwhile."""
    return Job.id == claim.id, Job.leased_until == claim.lease


def finish(claim: Claim) -> None:
    """Drop a job that is done."""
    db.session.execute(delete(Job).where(*_held(claim)))


def postpone(claim: Claim, due: datetime, reason: str) -> None:
    """Put a claimed job off without counting the try: a model is missing, not the job's fault."""
    values = {"leased_until": None, "due": due, "error": reason[:200], "tries": claim.tries - 1}
    db.session.execute(update(Job).where(*_held(claim)).values(values))


def fail(claim: Claim, error: str, now: datetime) -> None:
    """Give a failed job another try later, or set it aside after ``MAX_TRIES``."""
    values = {
        "leased_until": None,
        "due": now + RETRY * claim.tries,
        "error": error[:200],
        "set_aside": claim.tries >= MAX_TRIES,
    }
    db.session.execute(update(Job).where(*_held(claim)).values(values))


def separate(claims: list[Claim]) -> None:
    """Have each of these done alone from now on, so that a bad one cannot spoil the others."""
    ids = [claim.id for claim in claims]
    db.session.execute(update(Job).where(Job.id.in_(ids)).values(alone=True))


def forget(key: str) -> None:
    """Drop every job about ``key``: the retour of that id is erased."""
    db.session.execute(delete(Job).where(Job.key == key))


def purge(now: datetime) -> int:
    """Take the moment from jobs set aside over a day ago: their day is enough; return how many."""
    old = Job.set_aside, Job.due < now - timedelta(days=1)
    rows = list(db.session.scalars(select(Job).where(*old)))
    for job in rows:
        job.due = job.due.replace(hour=0, minute=0, second=0, microsecond=0)
    db.session.flush()
    return len(rows)


def waiting(kind: str | None = None) -> int:
    """Return how many jobs wait, of one kind or of all."""
    query = select(func.count()).select_from(Job)
    return db.session.scalar(query.where(Job.kind == kind) if kind else query) or 0
