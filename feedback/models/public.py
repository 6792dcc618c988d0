"""What other readers add to a published message: taps, answers of their own, notices.

None of it is a retour: it stands in no score, theme, signal or count (model.md §1).
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback


class NoticeReason(StrEnum):
    """Why a reader thinks that a text should not stand here."""

    PERSONAL = "personal"
    INSULT = "insult"
    DANGER = "danger"
    WRONG = "wrong"
    OTHER = "other"


class NoticeOutcome(StrEnum):
    """What a moderator made of a notice."""

    KEPT = "kept"
    HIDDEN = "hidden"  # held again until a moderator decides on the text itself
    WITHDRAWN = "withdrawn"  # no longer published; the team still reads a retour


class MeToo(Model):
    """How often "moi aussi" was tapped on a published message; nothing of who tapped."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    taps: Mapped[int]


class PeerAnswer(Model):
    """Which published message a reader's answer stands under; its words are a row of feedback."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    parent_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )

    feedback: Mapped[Feedback] = relationship(foreign_keys=[feedback_id])
    parent: Mapped[Feedback] = relationship(foreign_keys=[parent_id])


class ContentNotice(Model):
    """A reader's notice that a public text should not stand; nothing of who sent it."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")  # masked
    outcome: Mapped[str | None] = mapped_column(String(10), index=True)
    decided: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")  # the moderator's reason

    feedback: Mapped[Feedback] = relationship()
