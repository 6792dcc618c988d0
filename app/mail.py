"""Mails: data first, then a row in the outbox, then delivery over SMTP with claim and lease.

Composing is elsewhere (templates/mail, digests). A row stays until the server said yes; a refusal
for good sets it aside. Rows hold moments and addresses and go once delivered (model.md §2).
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from sqlalchemy import JSON, String, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.config import Settings
from app.db import Model, Moment, db

LEASE = timedelta(minutes=2)
MAX_TRIES = 12  # about two days with the doubling below
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
SMTP_SECONDS = 20


@dataclass(frozen=True)
class Mail:
    """A mail before it is sent; ``key`` makes it unique and is its Message-ID."""

    key: str
    to: str
    subject: str
    text: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)


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


Send = Callable[[EmailMessage], None]
Delivered = Callable[[str], None]


def put(mail: Mail, due: datetime) -> None:
    """Put ``mail`` in the outbox once; the same key again changes nothing."""
    if db.session.scalar(select(OutboxRow.id).where(OutboxRow.key == mail.key)) is None:
        row = OutboxRow(
            key=mail.key,
            to=mail.to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            headers=mail.headers,
            due=due,
        )
        db.session.add(row)
        db.session.flush()


def message(row: OutboxRow, sender: str, now: datetime) -> EmailMessage:
    """Return ``row`` as a message with a stable Message-ID; headers with line breaks raise."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    msg = EmailMessage()
    msg["From"], msg["To"], msg["Subject"] = sender, row.to, row.subject
    msg["Date"] = format_datetime(now)
    msg["Message-ID"] = f"<{row.key}@{domain}>"
    msg["Auto-Submitted"] = "auto-generated"
    for name, value in row.headers.items():
        msg[name] = value
    msg.set_content(row.text)
    if row.html:
        msg.add_alternative(row.html, subtype="html")
    return msg


def smtp_sender(settings: Settings) -> Send:
    """Return a function that sends one message over SMTP with ``settings``."""

    def send(msg: EmailMessage) -> None:
        with smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=SMTP_SECONDS) as server:
            if settings.SMTP_TLS:
                server.starttls()
            if settings.SMTP_USER:
                server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
            server.send_message(msg)

    return send


def deliver(now: datetime, sender: str, send: Send, delivered: Delivered) -> bool:
    """Deliver one due mail; return whether there was one. Commits its claim and its outcome."""
    row = _claim(now)
    if row is None:
        return False
    key = row.key
    try:
        send(message(row, sender, now))
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        _not_sent(row, f"refused {code}", now, final=code >= 500)
    except smtplib.SMTPResponseException as error:
        _not_sent(row, f"answered {error.smtp_code}", now, final=error.smtp_code >= 500)
    except (OSError, smtplib.SMTPException) as error:
        _not_sent(row, type(error).__name__, now, final=False)
    else:
        db.session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
        delivered(key)
    db.session.commit()
    return True


def _claim(now: datetime) -> OutboxRow | None:
    free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)
    due = OutboxRow.due <= now, ~OutboxRow.dead, free
    first = select(OutboxRow.id).where(*due).order_by(OutboxRow.due, OutboxRow.id).limit(1)
    row_id = db.session.scalar(first)
    if row_id is None:
        db.session.rollback()
        return None
    claim = update(OutboxRow).where(OutboxRow.id == row_id, *due)
    values = {"leased_until": now + LEASE, "tries": OutboxRow.tries + 1}
    claim = claim.values(values).execution_options(synchronize_session=False)
    claimed = db.session.execute(claim).rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return db.session.get(OutboxRow, row_id, populate_existing=True) if claimed else None


def _not_sent(row: OutboxRow, error: str, now: datetime, final: bool) -> None:
    row.error = error
    row.leased_until = None
    row.due = now + min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    row.dead = final or row.tries >= MAX_TRIES


def outbox_counts() -> tuple[int, int]:
    """Return how many mails wait and how many were refused for good."""
    count = select(func.count()).select_from(OutboxRow)
    waiting = db.session.scalar(count.where(~OutboxRow.dead)) or 0
    return waiting, db.session.scalar(count.where(OutboxRow.dead)) or 0
