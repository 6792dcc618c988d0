"""Evaluations of other instances: each imported file, and each count with where it comes from."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from app.db import Model


class EvaluationFile(Model):
    """One file of another instance: read, then kept or thrown away by an administrator."""

    id: Mapped[int] = mapped_column(primary_key=True)
    instance: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))  # of the instance, as it says
    made: Mapped[date]
    imported: Mapped[date]
    seal: Mapped[str] = mapped_column(String(64), unique=True)  # of what it holds
    is_kept: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int] = mapped_column(default=0)  # that the file holds
    added: Mapped[int] = mapped_column(default=0)
    renewed: Mapped[int] = mapped_column(default=0)  # rows that an older file had brought
    faults: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # [row number, sentence]
    data: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # until it is kept


class EvaluationCount(Model):
    """One count of another instance. Its key is its provenance: the same is never there twice."""

    __table_args__ = (
        UniqueConstraint(
            "instance", "service", "kind", "question", "version", "period", name="uq_provenance"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(
        ForeignKey("evaluation_file.id", ondelete="CASCADE"), index=True
    )
    instance: Mapped[str] = mapped_column(String(32))
    service: Mapped[str] = mapped_column(String(60))  # its address there
    service_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20), index=True)  # a FunctionalityClass
    question: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    period: Mapped[str] = mapped_column(String(7))  # 2026-S1: a calendar half-year
    n: Mapped[int]
    answers: Mapped[dict[str, int | None]] = mapped_column(JSON)  # None: under the floor
    channels: Mapped[dict[str, int | None]] = mapped_column(JSON)

    file: Mapped[EvaluationFile] = relationship()
