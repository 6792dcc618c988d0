"""Imported reference tables: what other units say, beside which a service stands."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.db import Model


class Scale(StrEnum):
    """How a table writes its answers."""

    MEAN = "mean"  # the faces' mean on 10
    SHARE = "share"  # of « Très bien », in percent
    FACES = "faces"  # how many chose each face
    OTHER = "other"  # another question: it stands beside, never mixed


class TableState(StrEnum):
    """Where an import stands."""

    COLUMNS = "columns"  # its columns are to be named
    READING = "reading"
    READ = "read"  # an administrator reads the report and decides
    KEPT = "kept"
    UNREADABLE = "unreadable"


class RowLevel(StrEnum):
    """What a row is about."""

    FRANCE = "france"
    REGION = "region"
    DEPARTEMENT = "departement"
    UNIT = "unit"


class ReferenceTable(Model):
    """One imported file: what it asks, on which scale, of which class, and how it was read."""

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]  # of the data
    imported: Mapped[date]
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)  # of the file
    scale: Mapped[str] = mapped_column(String(6))
    words: Mapped[str] = mapped_column(String(200), default="")  # of another question
    top: Mapped[float] = mapped_column(default=10.0)  # of another question's scale
    kind: Mapped[str] = mapped_column(String(20))  # a FunctionalityClass
    state: Mapped[str] = mapped_column(String(10), default=TableState.COLUMNS.value)
    columns: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # meaning → which column
    lines: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)  # [line, sentence]
    data: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # until it is kept


class ReferenceRow(Model):
    """One good row of a table."""

    __table_args__ = (Index("ix_reference_row_table_level", "table_id", "level"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("reference_table.id", ondelete="CASCADE"))
    line: Mapped[int]
    level: Mapped[str] = mapped_column(String(11))
    name: Mapped[str] = mapped_column(String(160))
    region: Mapped[str | None] = mapped_column(String(4))
    n: Mapped[int]
    bad: Mapped[int | None]
    fair: Mapped[int | None]
    good: Mapped[int | None]
    value: Mapped[float | None]  # on the table's scale; a share in percent


class ReferenceDigest(Model):
    """What pages read of a kept table for one place: at most two hundred units, and the whole."""

    __table_args__ = (Index("ix_reference_digest_table_place", "table_id", "place"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("reference_table.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(4))  # a region, "" for France
    units: Mapped[list[list[float | None]]] = mapped_column(
        JSON
    )  # share, mean in [0, 1], n, weight
    n: Mapped[int | None]  # of the table's own row of the place, if it has one
    value: Mapped[float | None]
