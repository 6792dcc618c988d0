"""Many retours in a short time: counted while they come, told once they pause, to who asked for it.

Sliding window of five minutes, two hours at most (product.md §7). What is kept is a count with two
moments for each service, gone when it was told or turned out small; where the law guarantees
anonymity, nothing is counted: an hour narrows down who wrote.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue import Service
from app.db import Model, Moment, db

WINDOW = timedelta(minutes=5)  # without a new one, it is over
LONGEST = timedelta(hours=2)  # from the first one on, it is told at last
LEAST = 5  # fewer are no burst, and say too well when one of them came


class Burst(Model):
    """Retours of one service that came close together."""

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    first: Mapped[datetime] = mapped_column(Moment)
    due: Mapped[datetime] = mapped_column(Moment)
    count: Mapped[int]


def note(service: Service, now: datetime) -> None:
    """Count one retour that came in. The caller commits."""
    if service.anonymous_by_law:
        return
    row = db.session.get(Burst, service.id)
    if row is None:
        row = Burst(service_id=service.id, first=now, due=now, count=0)
        db.session.add(row)
    row.count += 1
    row.due = min(now + WINDOW, row.first + LONGEST)
    db.session.flush()


def take_due(now: datetime) -> dict[int, int]:
    """Return how many came to each service whose burst is over, and forget them all."""
    over = list(db.session.scalars(select(Burst).where(Burst.due <= now)))
    for row in over:
        db.session.delete(row)
    db.session.flush()
    return {row.service_id: row.count for row in over if row.count >= LEAST}
