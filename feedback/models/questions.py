"""The questions that a service or a territory adds, with every wording they ever had."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Functionality, Territory
from app.db import Model
from app.matrix import Risk


class LocalQuestion(Model):
    """One question of a service, or of every service of a territory; its code is L and its id."""

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"), index=True)
    functionality_id: Mapped[int | None] = mapped_column(
        ForeignKey("functionality.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(10))  # a Kind of feedback/question_shapes.py
    from_risk: Mapped[str] = mapped_column(String(6), default=Risk.LOW.value)  # the lowest asked
    position: Mapped[int] = mapped_column(default=1)
    ended: Mapped[date | None]  # no longer asked from this day on

    territory: Mapped[Territory | None] = relationship()
    functionality: Mapped[Functionality | None] = relationship()
    wordings: Mapped[list["LocalWording"]] = relationship(
        back_populates="question", cascade="all, delete-orphan", order_by="LocalWording.version"
    )

    @property
    def code(self) -> str:
        """What its answers are kept under."""
        return f"L{self.id}"

    @property
    def wording(self) -> "LocalWording":
        """The words that are asked now."""
        return self.wordings[-1]


class LocalWording(Model):
    """The words of one version; never changed, so that an answer keeps what it answered."""

    __table_args__ = (UniqueConstraint("question_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("local_question.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    words: Mapped[str] = mapped_column(String(120))
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)  # in order: codes 1, 2, …
    since: Mapped[date]

    question: Mapped[LocalQuestion] = relationship(back_populates="wordings")
