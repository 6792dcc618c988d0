"""What a team keeps beside the retours: who cares for one, notes, what each colleague has read.

None of it is shown to an author's page or to the public; all of it goes with the retour.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.db import UNORDERED, Model, Moment, id_column
from feedback.models.retours import Feedback


class Assignment(Model):
    """The colleague who cares for a retour; none is a row that is not there."""

    __table_args__ = (UNORDERED,)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date]

    account: Mapped[Account] = relationship()


class TeamNote(Model):
    """A note of the team about a retour, apart from the exchange; masked like all that is kept."""

    __table_args__ = (UniqueConstraint("feedback_id", "position"), UNORDERED)
    id: Mapped[str] = id_column()
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    position: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    role: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[date]

    account: Mapped[Account | None] = relationship()
    feedback: Mapped[Feedback] = relationship()


class DeskReading(Model):
    """That an account has read a retour as it stands, or wants it unread; dropped by a change."""

    __table_args__ = (UNORDERED,)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_read: Mapped[bool] = mapped_column(default=True)


class DeskVisit(Model):
    """The days on which an account opened its inbox last, and how it wants to use it."""

    __table_args__ = (UNORDERED,)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]  # the latest
    previous: Mapped[date | None]  # the one before: « since your last visit »
    since: Mapped[date]  # what changed before counts as read
    shortcuts: Mapped[bool] = mapped_column(default=True)  # of one key (WCAG 2.1.4)


class SavedView(Model):
    """A view of the inbox with its filters, under a name that its account gave it."""

    __table_args__ = (UniqueConstraint("account_id", "name"), UNORDERED)
    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[dict[str, str]] = mapped_column(JSON)  # the parameters of its address


class DeskAct(Model):
    """One act on several retours, so that it can be undone. Operational: a day, no longer."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()  # the form's key: a second tap is the same act
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(12), default="")  # a commitment's id, say
    made: Mapped[datetime] = mapped_column(Moment, index=True)
    undone: Mapped[bool] = mapped_column(default=False)

    rows: Mapped[list["DeskActRow"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def changed(self) -> list["DeskActRow"]:
        """The retours that the act changed."""
        return [row for row in self.rows if not row.stayed]


class DeskActRow(Model):
    """How one retour stood before an act and after it."""

    __table_args__ = (UNORDERED,)
    act_id: Mapped[str] = mapped_column(
        ForeignKey("desk_act.id", ondelete="CASCADE"), primary_key=True
    )
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    was: Mapped[str] = mapped_column(String(12))
    became: Mapped[str] = mapped_column(String(12))
    stayed: Mapped[str] = mapped_column(String(16), default="", server_default="")  # why, unchanged
