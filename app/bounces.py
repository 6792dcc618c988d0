"""Mails that come back: delivery reports (RFC 3464) read from the mailbox of our sender.

A report counts when it names a mail that we sent, by the Message-ID that only its reader and the
servers on its way have seen; the address it claims to be about is not believed. A passing trouble
(4.x.x) changes nothing: the server that took the mail goes on by itself. Readers who leave by a
mail write to the same mailbox (``app/mail_leaves.py``).
"""

import mailbox
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import structlog

from app import mail_leaves, suspended
from app.author_mails import AUTHORS
from app.db import db
from app.editions import Delivery
from app.holder_mails import HOLDERS

log = structlog.get_logger()

MESSAGE_ID = re.compile(r"<([\w-]+)@")


@dataclass(frozen=True)
class Bounce:
    """What a report says: of which mail, and the status of RFC 3463."""

    key: str
    status: str

    @property
    def is_final(self) -> bool:
        """Whether the address will not take mail."""
        return self.status.startswith("5")


def read(raw: bytes) -> Bounce | None:
    """Return what ``raw`` reports, or None when it is no delivery report of ours.

    Read by the oldest rules: those that understand headers stumble over malformed ones.
    """
    status, key = "", ""
    for part in message_from_bytes(raw).walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status = status or _status(part)
        elif kind in ("text/rfc822-headers", "message/rfc822"):
            key = key or _key(part)
    return Bounce(key, status) if key and status else None


def _inside(part: Message) -> list[Message]:
    """Return the messages that stand inside ``part``; one of text is read as headers."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [each for each in payload if isinstance(each, Message)]
    return [message_from_bytes(str(payload).encode("utf-8", "replace"))]


def _status(part: Message) -> str:
    """Return the status of the first reader that failed."""
    for group in _inside(part):
        if str(group.get("Action", "")).strip().lower() == "failed":
            return str(group.get("Status", "5.0.0")).strip()
    return ""


def _key(part: Message) -> str:
    """Return the key of our mail that the report carries, whole or by its headers."""
    named = (MESSAGE_ID.search(str(each.get("Message-ID", ""))) for each in _inside(part))
    return next((found[1] for found in named if found), "")


def settle(bounce: Bounce, day: date) -> bool:
    """Suspend the address whose mail came back for good; return whether one of ours was meant."""
    address = _address_of(bounce.key)
    if address and bounce.is_final:
        suspended.suspend(address, day, f"bounced {bounce.status}")
    return bool(address)


def _address_of(key: str) -> str:
    delivery = db.session.get(Delivery, key)
    if delivery is not None:
        return delivery.subscription.mail_address if delivery.delivered else ""
    name = key.removeprefix("news-").rpartition("-")[0] if key.startswith("news-") else ""
    found = ((kind, kind.named(name)) for kind in (AUTHORS, HOLDERS) if name)
    return next((kind.address_of(row) for kind, row in found if row is not None), "")


@dataclass(frozen=True)
class Collected:
    """What a mailbox held: reports of mails of ours, readers who leave by a mail, and the rest."""

    reports: int = 0
    left: int = 0
    others: int = 0


def collect(path: Path, day: date) -> Collected:
    """Read and empty the mailbox at ``path``; return how many messages were what.

    A message goes once what it says is written: a crash in between reads it again, which changes
    nothing. What is neither is removed too: nobody reads this mailbox.
    """
    kinds: Counter[str] = Counter()
    box = _open(path)
    try:
        for name, raw in list(_messages(box)):
            kinds[_take(raw, day)] += 1
            db.session.commit()
            box.remove(name)
        box.flush()
    finally:
        box.unlock()
        box.close()
    found = Collected(**kinds)
    if kinds:
        log.info("bounces_read", **asdict(found))
    return found


def _take(raw: bytes, day: date) -> str:
    """Do what a message asks for; return what it was, as ``Collected`` counts it."""
    if bounce := read(raw):
        return "reports" if settle(bounce, day) else "others"
    return "left" if mail_leaves.leave_by(raw) else "others"


def _open(path: Path) -> mailbox.Mailbox[mailbox.Message]:
    box: mailbox.Mailbox[mailbox.Message] = (
        mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    )
    box.lock()
    return box


def _messages(box: mailbox.Mailbox[mailbox.Message]) -> Iterator[tuple[str, bytes]]:
    for name in box.keys():  # noqa: SIM118 - a mailbox iterates over its messages
        yield name, box.get_bytes(name)
