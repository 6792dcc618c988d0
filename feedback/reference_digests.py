"""What pages read of kept reference tables: units for a distribution, and lines that stand beside.

Bounded whatever the size of the file: two hundred units of a place stand for all, taken evenly in
the order of their shares, each with the number that it stands for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from app.db import db
from app.floors import RATE_FLOOR
from feedback.models import (
    ReferenceDigest,
    ReferenceRow,
    ReferenceTable,
    RowLevel,
    Scale,
    TableState,
)

MOST_UNITS = 200
FRANCE = ""


@dataclass(frozen=True)
class ReferenceUnit:
    """One unit, or the several that it stands for: shares in [0, 1], None where not known."""

    share: float | None
    mean: float | None
    n: float
    weight: float


@dataclass(frozen=True)
class Beside:
    """A table's own line about a place, with its label: it is told, never mixed."""

    label: str
    source: str
    day: date
    place: str  # "" for France
    scale: Scale
    words: str
    top: float
    n: int
    value: float


@dataclass(frozen=True)
class References:
    """What the kept tables say of one class: units by place, and lines beside."""

    units: dict[str, list[ReferenceUnit]]
    beside: tuple[Beside, ...]


def references(kinds: Collection[str], region: str | None) -> References:
    """Return what tables of ``kinds`` say of the country and of ``region``. One query."""
    wanted = [FRANCE, *([region] if region else [])]
    query = (
        select(ReferenceDigest, ReferenceTable)
        .join(ReferenceTable, ReferenceTable.id == ReferenceDigest.table_id)
        .where(
            ReferenceTable.state == TableState.KEPT.value,
            ReferenceTable.kind.in_(kinds),
            ReferenceDigest.place.in_(wanted),
        )
        .order_by(ReferenceTable.day.desc(), ReferenceTable.id, ReferenceDigest.place.desc())
    )
    units: dict[str, list[ReferenceUnit]] = {}
    beside: list[Beside] = []
    for digest, table in db.session.execute(query):
        units.setdefault(digest.place, []).extend(_unit(each) for each in digest.units)
        if digest.n is not None and digest.value is not None:
            beside.append(_beside(table, digest))
    return References(units, tuple(beside))


def _unit(kept: Sequence[float | None]) -> ReferenceUnit:
    share, mean, n, weight = kept
    return ReferenceUnit(share, mean, n or 0.0, weight or 1.0)


def _beside(table: ReferenceTable, digest: ReferenceDigest) -> Beside:
    return Beside(
        table.label,
        table.source,
        table.day,
        digest.place,
        Scale(table.scale),
        table.words,
        table.top,
        digest.n or 0,
        digest.value or 0.0,
    )


def write_digests(table: ReferenceTable) -> None:
    """Write what pages read of ``table`` once it is kept, by country and region."""
    db.session.execute(delete(ReferenceDigest).where(ReferenceDigest.table_id == table.id))
    columns = (
        ReferenceRow.level,
        ReferenceRow.region,
        ReferenceRow.n,
        ReferenceRow.bad,
        ReferenceRow.fair,
        ReferenceRow.good,
        ReferenceRow.value,
    )
    query = select(*columns).where(ReferenceRow.table_id == table.id).order_by(ReferenceRow.line)
    rows = db.session.execute(query).all()
    regions = {row.region for row in rows if row.region and row.level != RowLevel.DEPARTEMENT}
    for place in (FRANCE, *sorted(regions)):
        _write(table, place, rows)


def _write(table: ReferenceTable, place: str, rows: Sequence[Any]) -> None:
    level = RowLevel.REGION if place else RowLevel.FRANCE
    whole = next(
        (row for row in rows if row.level == level and (row.region or FRANCE) == place), None
    )
    mine = [
        row
        for row in rows
        if row.level == RowLevel.UNIT and row.n >= RATE_FLOOR and place in (FRANCE, row.region)
    ]
    units = [] if table.scale == Scale.OTHER else thinned([_share(table, row) for row in mine])
    is_told = whole is not None and whole.n >= RATE_FLOOR
    if units or is_told:
        digest = ReferenceDigest(table_id=table.id, place=place, units=units)
        if whole is not None and is_told:
            digest.n, digest.value = whole.n, _value(table, whole)
        db.session.add(digest)


def _share(table: ReferenceTable, row: Any) -> list[float | None]:
    """Return the share of *Très bien* and the mean as a share of 10, as far as the row tells."""
    if row.good is not None:
        return [row.good / row.n, (row.good + (row.fair or 0) / 2) / row.n, row.n, 1.0]
    if table.scale == Scale.SHARE:
        return [(row.value or 0.0) / 100, None, row.n, 1.0]
    return [None, (row.value or 0.0) / 10, row.n, 1.0]


def _value(table: ReferenceTable, row: Any) -> float:
    """Return what the page says of a place: for faces, the mean on 10."""
    if row.good is None:
        return row.value or 0.0
    return 10 * (row.good + (row.fair or 0) / 2) / row.n


def thinned(units: list[list[float | None]]) -> list[list[float | None]]:
    """Return at most two hundred of ``units``, evenly over their order, with their weights."""
    if len(units) <= MOST_UNITS:
        return units
    ordered = sorted(units, key=lambda unit: unit[0] if unit[0] is not None else unit[1] or 0.0)
    weight = len(units) / MOST_UNITS
    picked = (ordered[int((i + 0.5) * weight)] for i in range(MOST_UNITS))
    return [[share, mean, n, weight] for share, mean, n, _one in picked]
