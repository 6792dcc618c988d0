"""What people asked of themes, kept as constraints of every run, and what happened to them."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model
from feedback.models.themes import PlacedBy


class BondKind(StrEnum):
    """What a person said of two segments."""

    TOGETHER = "together"
    APART = "apart"


class SegmentBond(Model):
    """Two segments of one service that always or never stand in one theme, at a person's word."""

    one_id: Mapped[str] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[str] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    role: Mapped[str] = mapped_column(String(20))


class ThemeBond(Model):
    """Two themes of one service that no run may make one; for "always together", merge them."""

    one_id: Mapped[str] = mapped_column(
        ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[str] = mapped_column(
        ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    role: Mapped[str] = mapped_column(String(20))


class ThemeEvent(Model):
    """Something that happened to a theme, by the machine or a person: birth, rename, merge, end."""

    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    detail: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(20), default=PlacedBy.MACHINE.value)
    # Ids and values that undoing a person's edit puts back; never a word of a message.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    undone: Mapped[date | None]


class SubjectEvent(Model):
    """Something that happened to a subject, by the machine, an expert or a moderator."""

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(
        ForeignKey("subject.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    detail: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(20), default=PlacedBy.MACHINE.value)
