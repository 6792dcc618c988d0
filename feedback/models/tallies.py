"""Running counts that pages read instead of all retours; the database's triggers keep them.

No row points to a retour, and a cell of nobody is dropped at once: what is erased leaves no trace.
"""

from datetime import date

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import UNORDERED, Model


class FaceCount(Model):
    """How many retours, neither withdrawn nor refused, chose a face, by what may explain it."""

    __table_args__ = UNORDERED
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    functionality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 0: none
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    age: Mapped[str] = mapped_column(Text, primary_key=True)  # "" when not said
    face: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    retours: Mapped[int]


class VoiceCount(Model):
    """How many retours of a month carry a value of a facet, or chose a face."""

    __table_args__ = UNORDERED
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    facet: Mapped[str] = mapped_column(
        String(20), primary_key=True
    )  # channel, face, face.<functionality>, G6…
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    retours: Mapped[int]
