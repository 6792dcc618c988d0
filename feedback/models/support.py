"""What supports services: answer templates, visits in a territory, lessons for others."""

from datetime import date

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Organisation, Service, Territory
from app.db import Model

_visited = Table(
    "visit_service",
    Model.metadata,
    Column("visit_id", ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
)
_taught = Table(
    "lesson_service",
    Model.metadata,
    Column("lesson_id", ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
)


class AnswerTemplate(Model):
    """A text that a team begins answers with; its placeholders are a fixed list."""

    __table_args__ = (UniqueConstraint("service_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    changed: Mapped[date]

    service: Mapped[Service] = relationship()


class Visit(Model):
    """What a relay did on a day in a territory: where, of which kind, how many people met."""

    __table_args__ = (Index("ix_visit_territory_day", "territory_code", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(160))
    met: Mapped[int]  # people
    note: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship()
    services: Mapped[list[Service]] = relationship(
        secondary=_visited, order_by="Service.name", lazy="selectin"
    )


class Lesson(Model):
    """What a territory tried and what came of it, kept with who says so, where and when."""

    __table_args__ = (Index("ix_lesson_day", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    territory_code: Mapped[str] = mapped_column(ForeignKey("territory.code"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    day: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    tried: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(200))  # for whom
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)  # FunctionalityClass values
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_public: Mapped[bool] = mapped_column(default=False)

    territory: Mapped[Territory] = relationship()
    organisation: Mapped[Organisation] = relationship()
    services: Mapped[list[Service]] = relationship(
        secondary=_taught, order_by="Service.name", lazy="selectin"
    )
