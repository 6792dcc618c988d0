"""What speaking for somebody needs: sheets with a code, codes to be claimed, sittings, counts."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNORDERED, Model, Moment, id_column, random_id

SHEET_DIGITS = 8  # the last one proves the others


class CodeSheet(Model):
    """A printed sheet: its number stands outside, its code inside the fold, here as a hash only.

    Once bound to a retour the hash moves there: nothing tells any more which sheet it was.
    """

    __table_args__ = (UNORDERED,)
    number: Mapped[str] = mapped_column(String(SHEET_DIGITS), primary_key=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hint: Mapped[str | None] = mapped_column(String(6))
    # A form with its questions serves one service; a sheet to fold serves any.
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    printed: Mapped[date]


class CodeClaim(Model):
    """A code that waits for the person's own phone. Operational: it goes when its time is over."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), unique=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(Moment, index=True)
    key_hash: Mapped[str | None] = mapped_column(String(64))  # of the page that took the code


class EntryBatch(Model):
    """The label of what an account enters today. Operational: tomorrow nothing leads back."""

    __table_args__ = (UNORDERED,)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    label: Mapped[str] = mapped_column(String(12), default=random_id)


class EntryCount(Model):
    """How many retours an account entered on a day for a service: a count, never a retour."""

    __table_args__ = (UNORDERED,)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
