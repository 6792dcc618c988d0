"""Addresses that refused our mails for good: recurring mails stop until their reader asks again.

The address itself is not kept: a digest of it is, under the secret that is never rotated.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNORDERED, Model, db

KEPT = timedelta(days=365)


class SuspendedAddress(Model):
    """A digest of an address, since when and what its server said."""

    __table_args__ = (UNORDERED,)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(40))


def digest_of(address: str) -> str:
    """Return what is kept of ``address``."""
    secret = current_app.config["RECEIPT_SECRET"].encode()
    return hmac.new(secret, f"suspended:{address.lower()}".encode(), hashlib.sha256).hexdigest()


def suspend(address: str, day: date, reason: str) -> None:
    """Stop recurring mails to ``address``; the first refusal is the one that is kept."""
    if address and since(address) is None:
        db.session.add(SuspendedAddress(digest=digest_of(address), since=day, reason=reason[:40]))
        db.session.flush()


def since(address: str) -> SuspendedAddress | None:
    """Return the refusal of ``address``, or None while mails may leave."""
    return db.session.get(SuspendedAddress, digest_of(address))


def among(addresses: Iterable[str]) -> set[str]:
    """Return which of ``addresses`` refused our mails, in one query."""
    digests = {digest_of(address): address for address in addresses}
    refused = set(db.session.scalars(select(SuspendedAddress.digest)))
    return {digests[each] for each in refused & digests.keys()}


def lift(address: str) -> None:
    """Let mails leave again: the reader says that the address works."""
    gone = delete(SuspendedAddress).where(SuspendedAddress.digest == digest_of(address))
    db.session.execute(gone)


def suspended_count() -> int:
    """Return how many addresses are suspended."""
    return db.session.scalar(select(func.count()).select_from(SuspendedAddress)) or 0


def purge(now: datetime) -> int:
    """Forget refusals of more than a year ago; return how many."""
    old = SuspendedAddress.since < now.date() - KEPT
    return int(db.session.execute(delete(SuspendedAddress).where(old)).rowcount)  # type: ignore[attr-defined]
