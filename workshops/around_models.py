"""The tables around a session: what its participants thought of it, templates of one’s own."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import UNORDERED, Model, id_column
from workshops.models import Workshop


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


class OwnOutline(Model):
    """A template of sessions that an account keeps for itself: questions and votes, no words."""

    __table_args__ = (UniqueConstraint("account_id", "name"), UNORDERED)
    id: Mapped[str] = id_column()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    prompts: Mapped[list[str]] = mapped_column(JSON)
    votes_each: Mapped[int]
    votes_per_group: Mapped[int]


class KeptCode(Model):
    """A code that a participant asked for: it opens their own ideas and what became of them."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)  # scrypt, as of a retour
    seen: Mapped[date | None]  # the day its holder last read

    workshop: Mapped[Workshop] = relationship()
