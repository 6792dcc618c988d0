"""What the desk keeps about its own work: drafts, second looks, refusals and counts of decisions.

No row here names a citizen; those about a retour go with it.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.catalogue import Service
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback
from feedback.models.themes import Theme


class AnswerDraft(Model):
    """An answer that is being written to a retour or a theme; its writer alone reads it."""

    __table_args__ = (
        CheckConstraint("(feedback_id IS NULL) <> (theme_id IS NULL)", name="one_addressee"),
        UniqueConstraint("account_id", "feedback_id"),
        UniqueConstraint("account_id", "theme_id"),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    feedback_id: Mapped[str | None] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[str | None] = mapped_column(
        ForeignKey("theme.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[date]

    account: Mapped[Account] = relationship()
    feedback: Mapped[Feedback | None] = relationship()


class SecondLook(Model):
    """An answer that says a change is made: a moderator reads it before any author does.

    It is for one retour or for a whole theme. ``reason`` says why it was given back to the team.
    """

    __table_args__ = (
        CheckConstraint("(feedback_id IS NULL) <> (theme_id IS NULL)", name="one_addressee"),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    feedback_id: Mapped[str | None] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), unique=True
    )
    theme_id: Mapped[str | None] = mapped_column(
        ForeignKey("theme.id", ondelete="CASCADE"), unique=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    canned: Mapped[bool] = mapped_column(default=False)
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")

    service: Mapped[Service] = relationship()
    feedback: Mapped[Feedback | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    account: Mapped[Account] = relationship()

    @property
    def is_given_back(self) -> bool:
        """Whether it waits for the team again."""
        return bool(self.reason)


class Refusal(Model):
    """Who refused a retour, kept while it stands: an appeal is read by somebody else."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    day: Mapped[date]


class PublicationRefusal(Model):
    """Why a moderator did not publish a text that the team reads, and its author's appeal."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text, default="")  # of the author who appeals, masked
    appealed: Mapped[date | None] = mapped_column(index=True)


class DecisionCount(Model):
    """How many decisions of a month had waited so long, by reason and outcome; nothing else."""

    __table_args__ = (UniqueConstraint("month", "why", "outcome", "days"), UNORDERED)
    id: Mapped[str] = id_column()
    month: Mapped[date]  # its first day
    why: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))
    days: Mapped[int]  # working days waited, the longest waits together
    number: Mapped[int] = mapped_column(default=0)
