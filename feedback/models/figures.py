"""Figures that are long to count, or that the public reads: counts alone, no retour's id."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class KeptFigures(Model):
    """The indicators of one service as they were counted on ``day``."""

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)


class PublishedFigures(Model):
    """One kind of figures of a service as the public reads them since ``day``."""

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[date]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)  # empty: taken back


class KeptEvaluations(Model):
    """What an instance that hears much may tell of its half-years, as counted on ``day``."""

    id: Mapped[int] = mapped_column(primary_key=True)  # one row, 1
    day: Mapped[date]
    floor: Mapped[int]  # under which nothing was kept
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
