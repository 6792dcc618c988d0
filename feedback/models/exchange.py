"""The exchange between author and team, and what the team promises (model.md §4)."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.catalogue import Release, Service
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback
from feedback.models.themes import Theme


class CommitmentState(StrEnum):
    """Where a promise stands; the moves are in ``feedback/states.py``."""

    PROMISED = "promised"
    DUE = "due"
    LATE = "late"
    CLAIMED = "claimed"  # the team announces; a moderator has not checked yet
    ANNOUNCED = "announced"
    UNVERIFIED = "unverified"  # announced, 28 days without any author's word
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    DROPPED = "dropped"


class Verdict(StrEnum):
    """What a linked author says of an announced change."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    NOT = "not"
    NO_LONGER = "no_longer"


_CONTESTED = "verdict = 'not'"


class Message(Model):
    """One message of an exchange. The team's keep a role and an organisation, never a name."""

    __table_args__ = (UniqueConstraint("feedback_id", "position"), UNORDERED)
    id: Mapped[str] = id_column()
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]  # order inside the exchange; days alone would not give it
    sender: Mapped[str] = mapped_column(String(6))  # author, team
    role: Mapped[str] = mapped_column(String(20), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    day: Mapped[date]
    canned: Mapped[bool] = mapped_column(default=False)  # disclosed to the author
    useful: Mapped[bool | None]  # the author's word on the team's answer
    held: Mapped[bool] = mapped_column(default=False)  # waits for a moderator

    feedback: Mapped[Feedback] = relationship()


class Commitment(Model):
    """A dated promise of a team, tracked until the authors confirm the change."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(80))  # a team or a function, never a name
    made: Mapped[date]
    due: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default=CommitmentState.PROMISED.value)
    evidence: Mapped[str] = mapped_column(Text, default="")
    announced: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")  # why dropped or reopened

    service: Mapped[Service] = relationship()
    theme: Mapped[Theme | None] = relationship()
    follow_up: Mapped["CommitmentFollowUp | None"] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    links: Mapped[list["CommitmentLink"]] = relationship(
        back_populates="commitment", cascade="all, delete-orphan", passive_deletes=True
    )
    steps: Mapped[list["CommitmentStep"]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="CommitmentStep.position",
    )

    @property
    def colleague(self) -> Account | None:
        """The colleague who is reminded of it; the name stays inside the team."""
        return self.follow_up.account if self.follow_up else None

    @property
    def release(self) -> Release | None:
        """The release that delivered the change, once the team has said so."""
        return self.follow_up.release if self.follow_up else None


class CommitmentFollowUp(Model):
    """Which colleague follows a commitment, and which release delivered it."""

    __table_args__ = (UNORDERED,)
    commitment_id: Mapped[str] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id", ondelete="SET NULL"))

    account: Mapped[Account | None] = relationship()
    release: Mapped[Release | None] = relationship()


class StepKind(StrEnum):
    """What happened to a commitment: each state that it reached, and what else was done to it."""

    PROMISED = "promised"
    DUE = "due"
    LATE = "late"
    CLAIMED = "claimed"
    SENT_BACK = "sent_back"  # the moderator found the evidence too thin
    ANNOUNCED = "announced"
    UNVERIFIED = "unverified"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"  # contests outweigh confirmations again
    JUDGED = "judged"  # an author spoke after 28 silent days, without confirming
    UPHELD = "upheld"  # a moderator lets the change stand against a contest; its state stays
    REOPENED = "reopened"
    DROPPED = "dropped"
    LINKED = "linked"
    UNLINKED = "unlinked"
    THEME = "theme"
    RELEASE = "release"
    OWNER = "owner"
    REMINDED = "reminded"  # before the date
    REMINDED_LATE = "reminded_late"  # after it


class CommitmentStep(Model):
    """One line of a commitment's history. No retour is named: an erased one leaves nothing here."""

    __table_args__ = (UniqueConstraint("commitment_id", "position"), UNORDERED)
    id: Mapped[str] = id_column()
    commitment_id: Mapped[str] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"))
    position: Mapped[int]  # the order inside a day
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(20))  # promoter, moderator, author, rule
    words: Mapped[str] = mapped_column(Text, default="")  # of the team or the moderator


class CommitmentLink(Model):
    """A retour that a commitment answers, and its author's verdict on the announced change."""

    __table_args__ = (
        UniqueConstraint("commitment_id", "feedback_id"),
        Index(
            "ix_commitment_link_contested",
            "feedback_id",
            sqlite_where=text(_CONTESTED),
            postgresql_where=text(_CONTESTED),
        ),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    commitment_id: Mapped[str] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    verdict: Mapped[str | None] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")  # masked
    verdict_day: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")  # to a contest

    commitment: Mapped[Commitment] = relationship(back_populates="links")
    feedback: Mapped[Feedback] = relationship()
