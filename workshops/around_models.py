"""The tables around a session: what its participants thought of it."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNORDERED, Model, id_column


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
