"""What opens a door once for a member of staff: an invitation by mail, a PIN for a co-facilitator.

A row keeps a digest, never what was sent, and goes when it was used or its time is over.
"""

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.days import now
from app.db import Model, Moment, db, id_column


class Door(StrEnum):
    """What a token opens."""

    INVITATION = "invitation"
    PIN = "pin"


class StaffToken(Model):
    """One token of one account."""

    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    door: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    until: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)

    account: Mapped[Account] = relationship()


def seal(secret: str, door: Door, word: str) -> str:
    """Return the digest of ``word``, under a key: a PIN is too short for a plain one."""
    return hmac.new(secret.encode(), f"{door}:{word}".encode(), hashlib.sha256).hexdigest()


def issue(account: Account, door: Door, digest: str, until: datetime) -> StaffToken:
    """Keep one token in place of any earlier one of the same kind."""
    withdraw(account, door)
    token = StaffToken(account_id=account.id, door=door.value, digest=digest, until=until)
    db.session.add(token)
    db.session.flush()
    return token


def withdraw(account: Account, *doors: Door) -> None:
    """Drop the tokens of ``account`` for ``doors``, or all of them."""
    of_account = delete(StaffToken).where(StaffToken.account_id == account.id)
    wanted = [door.value for door in doors or Door]
    db.session.execute(of_account.where(StaffToken.door.in_(wanted)))


def standing(account: Account, door: Door) -> StaffToken | None:
    """Return the token of ``account`` that still opens ``door``, or None."""
    query = select(StaffToken).where(StaffToken.account_id == account.id)
    live = query.where(StaffToken.door == door.value, StaffToken.until > now())
    return db.session.scalar(live)


def by_digest(door: Door, digest: str) -> StaffToken | None:
    """Return the token with ``digest`` whose time is not over, or None."""
    query = select(StaffToken).where(StaffToken.digest == digest)
    return db.session.scalar(query.where(StaffToken.door == door.value, StaffToken.until > now()))


def purge(moment: datetime) -> int:
    """Drop the tokens whose time is over; return how many."""
    over = delete(StaffToken).where(StaffToken.until < moment)
    return int(db.session.execute(over).rowcount)  # type: ignore[attr-defined]
