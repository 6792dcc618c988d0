"""The tables around a session: what its participants thought of it, templates of one’s own."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import UNORDERED, Model, id_column
from feedback.models import CodeMail
from workshops.models import Workshop

_UNHINTED = text("code_hint IS NULL")  # codes of before the hints


class Opinion(Model):
    """What one phone thought of its session: blank from the close until it answers.

    A blank holds the seat's hash so that a phone answers once; the answer takes it away.
    """

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    spoke: Mapped[str] = mapped_column(String(6), default="")  # yes, partly, no, or left out
    knows: Mapped[str] = mapped_column(String(6), default="")
    words: Mapped[str] = mapped_column(Text, default="")  # masked
    names_masked: Mapped[bool] = mapped_column(default=True, server_default="1")  # unmasked.py


class OwnOutline(Model):
    """A template of sessions that an account keeps for itself: questions and votes, no words."""

    __table_args__ = (UniqueConstraint("account_id", "name"), UNORDERED)
    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    prompts: Mapped[list[str]] = mapped_column(JSON)
    votes_each: Mapped[int]
    votes_per_group: Mapped[int]
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    consent: Mapped[str] = mapped_column(Text, default="", server_default="")


class KeptCode(Model):
    """A code that a participant asked for: it opens their own ideas and what became of them."""

    __table_args__ = (
        Index("ix_kept_code_unhinted", "id", sqlite_where=_UNHINTED, postgresql_where=_UNHINTED),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)  # scrypt, as of a retour
    code_hint: Mapped[str | None] = mapped_column(String(6), index=True)  # keyed; see code_tries
    seen: Mapped[date | None]  # the day its holder last read

    workshop: Mapped[Workshop] = relationship()


class HolderMail(CodeMail, Model):
    """Where a code's holder wants to hear that something awaits; erased with the code."""

    __table_args__ = (UNORDERED,)
    code_id: Mapped[str] = mapped_column(
        ForeignKey("kept_code.id", ondelete="CASCADE"), primary_key=True
    )

    code: Mapped[KeptCode] = relationship()
