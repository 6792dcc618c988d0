"""Delivery of the outbox: claim with a lease, send, and settle: gone, put off or set aside.

What waits is ``app/mail.py``, several at once ``app/rounds.py``, speaking SMTP ``app/smtp.py``.
"""

import smtplib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import structlog
from sqlalchemy import delete, or_, select, update

from app import suspended
from app.db import db
from app.mail import OutboxRow

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
MAX_TRIES = 16  # two days, nearly, with the doubling below
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
ONE_LINE = policy.SMTP.clone(max_line_length=500)  # signers break on folded List-* headers
NO_SUCH_READER = (521, 550, 551, 553, 556)  # said after the words, still about the address
NOT_THE_MAIL = (  # our settings or their house: a refusal of these says nothing of this one mail
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)

Send = Callable[[EmailMessage], None]
Delivered = Callable[[str], None]


def message(row: OutboxRow, sender: str, now: datetime) -> EmailMessage:
    """Return ``row`` as a message with a stable Message-ID; headers with line breaks raise."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    msg = EmailMessage(policy=ONE_LINE)
    msg["From"], msg["To"], msg["Subject"] = sender, row.to, row.subject
    msg["Date"] = format_datetime(now.astimezone(UTC))
    msg["Message-ID"] = f"<{row.key}@{domain}>"
    msg["Auto-Submitted"] = "auto-generated"
    for name, value in row.headers.items():
        msg[name] = value
    msg.set_content(row.text)
    if row.html:
        msg.add_alternative(row.html, subtype="html")
    return msg


@dataclass(frozen=True)
class Hands:
    """Who sends, how, and what happens once the server has said yes."""

    sender: str
    send: Send
    delivered: Delivered


@dataclass(frozen=True)
class Refusal:
    """Why a mail did not leave, whether asking again is pointless, and whether it is the reader's
    address that refuses, or the server that says nothing.
    """

    reason: str
    final: bool = False
    of_address: bool = False
    no_answer: bool = False


def deliver(now: datetime, sender: str, send: Send, delivered: Delivered) -> bool:
    """Deliver one due mail; return whether there was one. Commits its claim and its outcome."""
    rows = claim(now, 1)
    for row in rows:
        deliver_one(row, now, Hands(sender, send, delivered))
    return bool(rows)


def deliver_one(row: OutboxRow, now: datetime, hands: Hands) -> Refusal | None:
    """Send a claimed mail and commit what became of it; return why it was not taken.

    No transaction is open while the server is spoken to: a slow one holds nobody's lock.
    """
    refusal = _attempt(row, hands.sender, hands.send, now)
    if refusal is None:
        db.session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
        hands.delivered(row.key)
    else:
        _keep(row, refusal, now)
    db.session.commit()
    return refusal


def _attempt(row: OutboxRow, sender: str, send: Send, now: datetime) -> Refusal | None:
    """Return why the mail was not taken, or None when it was."""
    try:
        send(message(row, sender, now))
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        return Refusal(f"refused {code}", final=code >= 500, of_address=True)
    except NOT_THE_MAIL as no:
        return Refusal(f"answered {no.smtp_code}", no_answer=True)
    except smtplib.SMTPResponseException as error:
        code = error.smtp_code
        return Refusal(f"answered {code}", code >= 500, of_address=code in NO_SUCH_READER)
    except (OSError, smtplib.SMTPException) as error:
        return Refusal(type(error).__name__, no_answer=True)
    except (ValueError, MessageError) as error:  # it cannot be written: another try changes nothing
        return Refusal(type(error).__name__, final=True)
    return None


def claim(now: datetime, most: int) -> list[OutboxRow]:
    """Return some due mails, claimed by a conditional update and detached. Commits."""
    free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)
    due = OutboxRow.due <= now, ~OutboxRow.dead, free
    first = select(OutboxRow.id).where(*due).order_by(OutboxRow.due, OutboxRow.id).limit(most)
    claiming = (
        update(OutboxRow)
        .where(OutboxRow.id.in_(first.scalar_subquery()), *due)
        .values(leased_until=now + LEASE, tries=OutboxRow.tries + 1)
        .returning(OutboxRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = list(db.session.scalars(claiming))
    for row in rows:
        db.session.expunge(row)
    db.session.commit()
    return sorted(rows, key=lambda row: row.id)


def give_back(rows: Sequence[OutboxRow], due: datetime) -> None:
    """Let go of mails that were claimed and not tried: they leave from ``due`` on. Commits."""
    mine = OutboxRow.id.in_([row.id for row in rows])
    values = {"leased_until": None, "tries": OutboxRow.tries - 1, "due": due}
    db.session.execute(update(OutboxRow).where(mine).values(values))
    db.session.commit()


def _keep(row: OutboxRow, refusal: Refusal, now: datetime) -> None:
    """Put the mail off, twice as long each time; refused for good, only its day is kept.

    Moments and addresses may stand here until a mail is delivered or given up (model.md §2).
    """
    dead = refusal.final or row.tries >= MAX_TRIES
    wait = min(FIRST_WAIT * 2 ** (row.tries - 1), LONGEST_WAIT)
    values = {"error": refusal.reason, "leased_until": None, "due": now + wait, "dead": dead}
    if dead:
        if refusal.final and refusal.of_address:
            suspended.suspend(row.to, now.date(), refusal.reason)
        nothing = dict.fromkeys(("to", "subject", "text", "html"), "")
        values |= {**nothing, "headers": {}, "due": datetime.combine(now, time(), UTC)}
        log.warning("mail_refused", reason=refusal.reason, tries=row.tries)
    db.session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(values))
