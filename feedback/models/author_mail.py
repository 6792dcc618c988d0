"""Where the holder of a code wants to hear that something awaits: a sealed address, how often."""

import secrets
from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import UNORDERED, Model
from feedback.models.retours import Feedback


def _drawn() -> str:
    return secrets.token_urlsafe(18)


class CodeMail:
    """The columns of an address kept for a code, whatever the code opens."""

    sealed: Mapped[str] = mapped_column(String(600))  # the address, under a key beside the database
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the opt-in link
    leave_token: Mapped[str] = mapped_column(String(24), unique=True, default=_drawn)
    mail_key: Mapped[str] = mapped_column(String(24), default=_drawn)  # names its mails, not the id
    confirmed: Mapped[bool] = mapped_column(default=False)
    frequency: Mapped[str] = mapped_column(String(8), default="daily")
    created: Mapped[date]
    told: Mapped[date | None]  # the day of the last mail
    seen: Mapped[str] = mapped_column(String(64), default="")  # mark of what its holder knows


class AuthorMail(CodeMail, Model):
    """One address for one retour; erased with it, and after twelve months (product.md §7)."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )

    feedback: Mapped[Feedback] = relationship()
