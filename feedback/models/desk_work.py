"""What the desk keeps about its own work: drafts, refusals, urgency, windows, counts of decisions.

No row here names a citizen; those about a retour go with it.
"""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback


class AnswerDraft(Model):
    """An answer that is being written; its writer alone reads it, until it asks for a second look.

    One that says that a change is made waits here for a moderator: no author reads it before.
    """

    __table_args__ = (UniqueConstraint("account_id", "feedback_id"), UNORDERED)
    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    canned: Mapped[bool] = mapped_column(default=False)  # to be disclosed once it is sent
    asked: Mapped[date | None] = mapped_column(index=True)  # waits for a moderator since
    remark: Mapped[str] = mapped_column(Text, default="")  # why a moderator gave it back

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


class Urgency(Model):
    """What people said of how urgent a retour is; without a row, the written rule stands."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[str | None] = mapped_column(String(8))  # as a moderator decided
    answer: Mapped[str] = mapped_column(Text, default="")  # the moderator's words to the author
    decided: Mapped[date | None]
    wanted: Mapped[str | None] = mapped_column(String(8))  # what the author asks for
    words: Mapped[str] = mapped_column(Text, default="")  # the author's, masked
    contested: Mapped[date | None]  # waits for a moderator since; empty once decided

    feedback: Mapped[Feedback] = relationship()


class HoldWindow(Model):
    """The days that an author has to reread a text by which the team could recognise them."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    until: Mapped[date]
    kept: Mapped[date | None]  # the author said: leave my text as it is

    feedback: Mapped[Feedback] = relationship()


class DecisionCount(Model):
    """How many decisions of a month had waited so long, by reason and outcome; nothing else."""

    __table_args__ = (UniqueConstraint("month", "why", "outcome", "days"), UNORDERED)
    id: Mapped[str] = id_column()
    month: Mapped[date]  # its first day
    why: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))
    days: Mapped[int]  # working days waited, the longest waits together
    number: Mapped[int] = mapped_column(default=0)
