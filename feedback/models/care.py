"""What a person decides to take care of an author: how pressing a retour is, a time to wait."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import UNORDERED, Model
from feedback.models.retours import Feedback


class Urgency(Model):
    """A level of urgency that a person decided, or that an author contests; else the rule holds."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str] = mapped_column(String(10), default="")  # by a person; empty: by the rule
    reason: Mapped[str] = mapped_column(Text, default="")
    decided: Mapped[date | None]
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    wanted: Mapped[str] = mapped_column(String(10), default="", index=True)  # empty: none asked
    words: Mapped[str] = mapped_column(Text, default="")  # of the author, masked
    asked: Mapped[date | None]

    feedback: Mapped[Feedback] = relationship()


class HoldWindow(Model):
    """A time in which a retour stays with the moderators: its team could recognise the author."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]  # of the first decision
    until: Mapped[date]
    agreed: Mapped[bool] = mapped_column(default=False)  # the author says: the team may read it

    feedback: Mapped[Feedback] = relationship()
