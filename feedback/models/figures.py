"""Figures that are long to count, kept for a day: counts alone, no retour's id."""

from datetime import date
from typing import Any

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


class KeptEvaluations(Model):
    """What an instance that hears much may tell of its half-years, as counted on ``day``."""

    id: Mapped[int] = mapped_column(primary_key=True)  # one row, 1
    day: Mapped[date]
    floor: Mapped[int]  # under which nothing was kept
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
