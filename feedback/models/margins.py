"""Reference margins: how large each group is in the public, as an administrator imported it."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class ReferenceMargin(Model):
    """One line of a reference table: a value of a facet with its count, and where it is from."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # For one service's public, or for all services without one of their own.
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    facet: Mapped[str] = mapped_column(String(20))  # a code of feedback/questions.py, or channel
    value: Mapped[str] = mapped_column(String(40))
    count: Mapped[float]
    source: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]  # of the import
