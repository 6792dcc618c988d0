"""Mails: data first, then a row in the outbox; delivery is ``app/posting.py``.

Composing is elsewhere (templates/mail, digests). A row stays until the server said yes; one refused
for good is set aside without its address and words.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import JSON, String, Text, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app import suspended
from app.db import Model, Moment, db

DEAD_DAYS = 30  # how long the operator can see that a mail was refused for good


@dataclass(frozen=True)
class Mail:
    """A mail before it is sent; ``key`` makes it unique and is its Message-ID."""

    key: str
    to: str
    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_recurring(self) -> bool:
        """Whether its reader may end it in one click."""
        return "List-Unsubscribe" in self.headers


class OutboxRow(Model):
    """A mail that waits, or that was refused for good."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    to: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    due: Mapped[datetime] = mapped_column(Moment, index=True)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    dead: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(String(200), default="")


def holds(key: str) -> bool:
    """Say whether the mail called ``key`` waits or was refused for good."""
    return db.session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None


def put_new(mails: Collection[tuple[Mail, datetime]]) -> None:
    """Put mails that are known not to be held, each with when it is due, in one statement.

    The session would insert them one by one: SQLite does not say which number is whose.
    """
    if mails:
        db.session.execute(insert(OutboxRow), [{**vars(mail), "due": due} for mail, due in mails])


def put(mail: Mail, due: datetime) -> None:
    """Put ``mail`` in the outbox once; the same key again changes nothing.

    A recurring one, which carries a way out, is not put for an address that refused our mails.
    """
    if not holds(mail.key) and not (mail.is_recurring and suspended.since(mail.to)):
        db.session.add(OutboxRow(**vars(mail), due=due))
        db.session.flush()


def take_back(keys: Collection[str]) -> None:
    """Drop mails that still wait: their reader left, or what they say was erased."""
    db.session.execute(delete(OutboxRow).where(OutboxRow.key.in_(list(keys))))


def take_back_named(name: str) -> None:
    """Drop mails whose key holds ``name``: everything that waits for one reader."""
    db.session.execute(delete(OutboxRow).where(OutboxRow.key.contains(name, autoescape=True)))


def purge(now: datetime) -> int:
    """Drop the mails that were refused for good a month ago; return how many."""
    old = OutboxRow.dead, OutboxRow.due < now - timedelta(days=DEAD_DAYS)
    return int(db.session.execute(delete(OutboxRow).where(*old)).rowcount)  # type: ignore[attr-defined]


def outbox_counts() -> tuple[int, int]:
    """Return how many mails wait and how many were refused for good."""
    count = select(func.count()).select_from(OutboxRow)
    waiting = db.session.scalar(count.where(~OutboxRow.dead)) or 0
    return waiting, db.session.scalar(count.where(OutboxRow.dead)) or 0
