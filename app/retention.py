"""How long a retour is kept: then its words go and a proof of it stays (model.md §7).

Each service says for how many months. What goes is what ``app/privacy.py`` erases; what stays is a
tombstone, the counts that were published, and a row that says what was done on which day. The
sweep looks for what stands apart from its retour though nothing should.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import erasures, privacy, traces
from app.catalogue import Service
from app.db import Model, db, id_column
from app.jobs import Job
from feedback import search
from feedback.models import Feedback, State

BY_RETENTION = "retention"
SHORTEST_MONTHS, LONGEST_MONTHS = 6, 120  # that a service may choose
AT_ONCE = 100  # retours erased before a commit: the lock is held for these, not for all


class RetentionProof(Model):
    """What was erased on one day because its time was over; nothing of what it said."""

    id: Mapped[str] = id_column()
    day: Mapped[date] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(40))  # retours, or the table of orphans
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id", ondelete="SET NULL"), index=True
    )
    months: Mapped[int | None]  # the term that was over
    count: Mapped[int]

    service: Mapped[Service | None] = relationship()


def months_before(day: date, months: int) -> date:
    """Return the day ``months`` before ``day``; the last of a month that is shorter."""
    ordinal = day.year * 12 + day.month - 1 - months
    year, month = ordinal // 12, ordinal % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def end_terms(day: date, instance: Path) -> int:
    """Erase the retours whose term is over, service by service; return how many. Commits.

    Each is noted beside the backups, so that a restored one does not bring it back.
    """
    gone = 0
    for service in db.session.scalars(select(Service).order_by(Service.id)).all():
        count = _end_term(service, day, instance)
        _prove(day, BY_RETENTION, count, service)
        db.session.commit()
        gone += count
    if gone:
        erasures.truncate_log()
    return gone


def _end_term(service: Service, day: date, instance: Path) -> int:
    over = Feedback.day < months_before(day, service.kept_months)
    living = Feedback.service_id == service.id, Feedback.state != State.WITHDRAWN.value
    query = select(Feedback).where(over, *living).order_by(Feedback.id).limit(AT_ONCE)
    gone = 0
    while rows := db.session.scalars(query).all():
        for feedback in rows:
            number = feedback.id
            privacy.erase(feedback, day, BY_RETENTION)
            erasures.note(instance, [number])
        gone += len(rows)
        db.session.commit()
    return gone


def sweep_orphans(day: date) -> int:
    """Drop what speaks of no living retour, where no foreign key would; return how many rows."""
    living = select(Feedback.id).where(Feedback.state != State.WITHDRAWN.value)
    acts = {
        "job": delete(Job).where(Job.kind == "analyse", Job.key.not_in(living)),
    }
    gone = {what: int(db.session.execute(act).rowcount) for what, act in acts.items()}  # type: ignore[attr-defined]
    gone["search index"] = search.sweep(living)
    gone["trace"] = traces.forget_others(select(Feedback.id))
    for what, count in gone.items():
        _prove(day, f"orphans: {what}", count)
    db.session.commit()
    if any(gone.values()):
        erasures.truncate_log()
    return sum(gone.values())


def _prove(day: date, what: str, count: int, service: Service | None = None) -> None:
    """Write that ``count`` things of one kind went; nothing where there were none."""
    if count:
        months = service.kept_months if service else None
        values = {"day": day, "what": what, "months": months, "count": count}
        db.session.add(RetentionProof(**values, service_id=service.id if service else None))


def newest_proofs(most: int = 20) -> Iterable[RetentionProof]:
    """Return the newest proofs, for the page of the site's state."""
    query = select(RetentionProof).order_by(RetentionProof.day.desc(), RetentionProof.what)
    return db.session.scalars(query.limit(most)).all()


def terms() -> tuple[int, int]:
    """Return the shortest and the longest term of any service, in months; 36 without service."""
    found = db.session.execute(
        select(func.min(Service.kept_months), func.max(Service.kept_months))
    ).one()
    return (found[0] or 36, found[1] or 36)
