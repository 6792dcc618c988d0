"""What an account enters for others: one label a day, and counts that show no message.

The label makes the entries of one account on one day count as three authors at most. It is drawn
anew each day and its row purged: afterwards nothing leads from a retour to who typed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from app.accounts import Account
from app.catalogue import Service
from app.days import paris_day
from app.db import db, random_id
from feedback.models import Channel, EntryBatch, EntryCount

KEPT = timedelta(days=31)  # of one's own counts


@dataclass(frozen=True)
class Entered:
    """How many retours an account entered on a day for a service."""

    day: date
    service: str
    mediated: int
    paper: int


def label_of(account: Account, day: date) -> str:
    """Return the label of what ``account`` enters on ``day``, drawn with its first entry."""
    row = db.session.get(EntryBatch, account.id)
    if row is None:
        row = EntryBatch(account_id=account.id, day=day, label=random_id())
        db.session.add(row)
    elif row.day != day:
        row.day, row.label = day, random_id()
    db.session.flush()
    return row.label


def count_one(account: Account, service: Service, channel: Channel, day: date) -> None:
    """Add one to what ``account`` entered."""
    place = (account.id, day, service.id, channel.value)
    row = db.session.get(EntryCount, place)
    if row is None:
        names = ("account_id", "day", "service_id", "channel")
        row = EntryCount(**dict(zip(names, place, strict=True)), count=0)
        db.session.add(row)
    row.count += 1
    db.session.flush()


def entered(account: Account, since: date) -> Sequence[Entered]:
    """Return the counts of ``account`` by day and service, the newest first."""
    query = (
        select(EntryCount, Service.name)
        .join(Service, Service.id == EntryCount.service_id)
        .where(EntryCount.account_id == account.id, EntryCount.day >= since)
    )
    found: dict[tuple[date, str], dict[str, int]] = {}
    for row, name in db.session.execute(query):
        found.setdefault((row.day, name), {})[row.channel] = row.count
    return [
        Entered(day, name, n.get(Channel.MEDIATOR, 0), n.get(Channel.PAPER, 0))
        for (day, name), n in sorted(found.items(), key=lambda i: (-i[0][0].toordinal(), i[0][1]))
    ]


def entered_today(account: Account, service: Service, channel: Channel, day: date) -> int:
    """Return how many retours ``account`` entered for ``service`` on ``day``."""
    row = db.session.get(EntryCount, (account.id, day, service.id, channel.value))
    return row.count if row else 0


def purge(now: datetime) -> int:
    """Drop yesterday's labels and the counts that are over; return how many rows."""
    today = paris_day(now)
    labels = db.session.execute(delete(EntryBatch).where(EntryBatch.day < today))
    counts = db.session.execute(delete(EntryCount).where(EntryCount.day < today - KEPT))
    return int(labels.rowcount + counts.rowcount)  # type: ignore[attr-defined]
