"""What the desk keeps about its own work: drafts, refusals and counts of decisions.

No row here names a citizen; those about a retour go with it.
"""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback


class AnswerDraft(Model):
    """An answer that is being written; its writer alone reads it."""

    __table_args__ = (UniqueConstraint("account_id", "feedback_id"), UNORDERED)
    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[date]

    account: Mapped[Account] = relationship()
    feedback: Mapped[Feedback] = relationship()


class Refusal(Model):
    """Who refused a retour, kept while it stands: an appeal is read by somebody else."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    day: Mapped[date]


class DecisionCount(Model):
    """How many decisions of a month had waited so long, by reason and outcome; nothing else."""

    __table_args__ = (UniqueConstraint("month", "why", "outcome", "days"), UNORDERED)
    id: Mapped[str] = id_column()
    month: Mapped[date]  # its first day
    why: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))
    days: Mapped[int]  # working days waited, the longest waits together
    number: Mapped[int] = mapped_column(default=0)
