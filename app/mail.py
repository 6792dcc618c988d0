"""Mails: data first, then a row in the outbox, then delivery with claim and lease.

Composing is elsewhere (templates/mail, digests), and so is speaking SMTP (``app/smtp.py``). A row
stays until the server said yes; one refused for good is set aside without its address and words.
"""

import smtplib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import structlog
from sqlalchemy import JSON, String, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, Moment, db

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
MAX_TRIES = 16  # two days, nearly, with the doubling below
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
ONE_LINE = policy.SMTP.clone(max_line_length=500)  # signers break on folded List-* headers
DEAD_DAYS = 30  # how long the operator can see that a mail was refused for good
NOT_THE_MAIL = (  # our settings or their house: a refusal of these says nothing of this one mail
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)


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
Renew = Callable[["OutboxRow"], None]  # last words: what was taken back since it was composed


def holds(key: str) -> bool:
    """Say whether the mail called ``key`` waits or was refused for good."""
    return db.session.scalar(select(OutboxRow.id).where(OutboxRow.key == key)) is not None


def put(mail: Mail, due: datetime) -> None:
    """Put ``mail`` in the outbox once; the same key again changes nothing."""
    if not holds(mail.key):
        db.session.add(OutboxRow(**vars(mail), due=due))
        db.session.flush()


def message(row: OutboxRow, sender: str, now: datetime) -> EmailMessage:
    """Return ``row`` as a message with a stable Message-ID; headers with line breaks raise."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    msg = EmailMessage(policy=ONE_LINE)
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


def deliver(
    now: datetime, sender: str, send: Send, delivered: Delivered, renew: Renew | None = None
) -> bool:
    """Deliver one due mail; return whether there was one. Commits its claim and its outcome.

    What is sent is what ``renew`` makes of a mail that may have waited for days. No transaction is
    open while the server is spoken to: a slow one holds nobody's lock.
    """
    row = _claim(now)
    if row is None:
        return False
    if renew is not None:
        renew(row)
        db.session.rollback()
    refusal = _attempt(row, sender, send, now)
    if refusal is None:
        db.session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
        delivered(row.key)
    else:
        _keep(row, refusal, now)
    db.session.commit()
    return True


@dataclass(frozen=True)
class Refusal:
    """Why a mail did not leave, and whether asking again is pointless."""

    reason: str
    final: bool = False


def _attempt(row: OutboxRow, sender: str, send: Send, now: datetime) -> Refusal | None:
    """Return why the mail was not taken, or None when it was."""
    try:
        send(message(row, sender, now))
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        return Refusal(f"refused {code}", final=code >= 500)
    except NOT_THE_MAIL as no:
        return Refusal(f"answered {no.smtp_code}")
    except smtplib.SMTPResponseException as error:
        return Refusal(f"answered {error.smtp_code}", final=error.smtp_code >= 500)
    except (OSError, smtplib.SMTPException) as error:
        return Refusal(type(error).__name__)
    except (ValueError, MessageError) as error:  # it cannot be written: another try changes nothing
        return Refusal(type(error).__name__, final=True)
    return None


def _claim(now: datetime) -> OutboxRow | None:
    """Return one due mail, claimed by a conditional update and detached from any transaction."""
    free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)
    due = OutboxRow.due <= now, ~OutboxRow.dead, free
    first = select(OutboxRow.id).where(*due).order_by(OutboxRow.due, OutboxRow.id).limit(1)
    claim = (
        update(OutboxRow)
        .where(OutboxRow.id == first.scalar_subquery(), *due)
        .values(leased_until=now + LEASE, tries=OutboxRow.tries + 1)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    row = db.session.scalar(claim)
    if row is not None:
        db.session.expunge(row)
    db.session.commit()
    return row


def _keep(row: OutboxRow, refusal: Refusal, now: datetime) -> None:
    """Put the mail off, twice as long each time; refused for good, only its day is kept.

    Moments and addresses may stand here until a mail is delivered or given up (model.md §2).
    """
    dead = refusal.final or row.tries >= MAX_TRIES
    wait = min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    values = {"error": refusal.reason, "leased_until": None, "due": now + wait, "dead": dead}
    if dead:
        nothing = dict.fromkeys(("to", "subject", "text", "html"), "")
        values |= {**nothing, "headers": {}, "due": datetime.combine(now, time(), UTC)}
        log.warning("mail_refused", reason=refusal.reason, tries=row.tries)
    db.session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(values))


def take_back(keys: Collection[str]) -> None:
    """Drop mails that still wait: their reader left, or what they say was erased."""
    db.session.execute(delete(OutboxRow).where(OutboxRow.key.in_(list(keys))))


def purge(now: datetime) -> int:
    """Drop the mails that were refused for good a month ago; return how many."""
    old = OutboxRow.dead, OutboxRow.due < now - timedelta(days=DEAD_DAYS)
    return int(db.session.execute(delete(OutboxRow).where(*old)).rowcount)  # type: ignore[attr-defined]


def outbox_counts() -> tuple[int, int]:
    """Return how many mails wait and how many were refused for good."""
    count = select(func.count()).select_from(OutboxRow)
    waiting = db.session.scalar(count.where(~OutboxRow.dead)) or 0
    return waiting, db.session.scalar(count.where(OutboxRow.dead)) or 0
