"""The tables of what goes on beside the cards: the thread of a group, the hours of a phase."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNORDERED, Model, Moment, id_column
from workshops.models import UNREAD


class Remark(Model):
    """What somebody wrote in the thread of a group while the room discussed it, masked."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    # none once the group was undone: what was said stays
    group_id: Mapped[str | None] = mapped_column(ForeignKey("card_group.id", ondelete="SET NULL"))
    participant_id: Mapped[str | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    position: Mapped[int]  # in its session: a thread is read in order, without hours
    text: Mapped[str] = mapped_column(Text)
    hidden_reason: Mapped[str] = mapped_column(String(120), default="", server_default="")
    names_masked: Mapped[bool] = mapped_column(default=True, server_default="1")  # unmasked.py

    @property
    def awaits_reading(self) -> bool:
        """Say whether the room waits until who facilitates has read it, or names are masked."""
        return self.hidden_reason == UNREAD


class PhaseWindow(Model):
    """From when to when a phase of a session stays open by itself: live state, gone at close."""

    __table_args__ = (UNORDERED,)
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), primary_key=True
    )
    phase: Mapped[str] = mapped_column(String(8), primary_key=True)
    opens: Mapped[datetime | None] = mapped_column(Moment)
    closes: Mapped[datetime] = mapped_column(Moment)
    # the phase that follows by itself; empty: the session waits for who runs it
    following: Mapped[str] = mapped_column(String(8), default="", server_default="")
