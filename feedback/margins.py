"""Reference margins as the panels read them and as an administrator replaces them.

A service's own margin of a facet comes before the one for all services.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, select

from app.catalogue import Service
from app.db import db
from feedback.facets import BY_CODE, Facet
from feedback.margins_import import MarginLine
from feedback.models import ReferenceMargin


@dataclass(frozen=True)
class Margin:
    """How large each value of a facet is in the public, from where and since when."""

    counts: dict[str, float]
    source: str
    day: date


@dataclass(frozen=True)
class Imported:
    """One margin in the list: of which service (None: all), how many lines, from where."""

    service: Service | None
    facet: Facet
    lines: int
    source: str
    day: date


def margins_of(service: Service | None) -> dict[str, Margin]:
    """Return the margin of each facet that has one for ``service``, or for all services."""
    query = (
        select(ReferenceMargin)
        .where(_of(service.id if service else None) | _of(None))
        .order_by(ReferenceMargin.service_id.is_not(None), ReferenceMargin.id)
    )
    found: dict[tuple[str, int | None], list[ReferenceMargin]] = {}
    for row in db.session.scalars(query):
        found.setdefault((row.facet, row.service_id), []).append(row)
    # All services' come first, so that the service's own replace them.
    return {facet: _margin(rows) for (facet, _service_id), rows in found.items()}


def _margin(rows: Sequence[ReferenceMargin]) -> Margin:
    counts = {row.value: row.count for row in rows}
    return Margin(counts, _sources(row.source for row in rows), rows[-1].day)


def _sources(sources: Iterable[str]) -> str:
    return " ; ".join(dict.fromkeys(sources))


def _of(service_id: int | None) -> ColumnElement[bool]:
    return ReferenceMargin.service_id.is_not_distinct_from(service_id)


def replace(lines: Iterable[MarginLine], service: Service | None, day: date) -> int:
    """Put ``lines`` in place of the margins of the same facets; return how many lines."""
    service_id = service.id if service else None
    rows = list(lines)
    for code in {line.facet for line in rows}:
        remove(code, service_id)
    for line in rows:
        row = ReferenceMargin(
            service_id=service_id,
            facet=line.facet,
            value=line.value,
            count=line.count,
            source=line.source,
            day=day,
        )
        db.session.add(row)
    db.session.flush()
    return len(rows)


def remove(facet: str, service_id: int | None) -> bool:
    """Delete the margin of one facet; return whether there was one."""
    query = delete(ReferenceMargin).where(_of(service_id), ReferenceMargin.facet == facet)
    done = db.session.connection().execute(query)
    return done.rowcount > 0


def imported() -> list[Imported]:
    """Return every margin, those for all services first."""
    query = select(ReferenceMargin).order_by(
        ReferenceMargin.service_id.is_not(None), ReferenceMargin.service_id, ReferenceMargin.id
    )
    found: dict[tuple[int | None, str], list[ReferenceMargin]] = {}
    for row in db.session.scalars(query):
        found.setdefault((row.service_id, row.facet), []).append(row)
    return [_imported(*key, rows) for key, rows in found.items()]


def _imported(owner: int | None, facet: str, rows: Sequence[ReferenceMargin]) -> Imported:
    margin = _margin(rows)
    service = db.session.get(Service, owner) if owner else None
    return Imported(service, BY_CODE[facet], len(rows), margin.source, margin.day)
