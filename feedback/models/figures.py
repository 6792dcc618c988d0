"""The figures of a service that hears much, kept for a day: counts alone, no retour's id."""

from datetime import date

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class KeptFigures(Model):
    """The indicators of one service as they were counted on ``day``."""

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    counts: Mapped[dict[str, float | None]] = mapped_column(JSON)
