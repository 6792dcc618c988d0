"""What retours are split by, and the columns that the values get, in the words that people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from app.catalogue import Release, Territory
from app.db import db
from feedback.channels import CHANNEL_NAMES
from feedback.models import Channel
from feedback.questions import CORE
from feedback.rows import PLACES

MOST_COLUMNS = 6  # values with a column of their own; the others share one
OTHERS = "others"
UNSAID = ""  # no answer, or no release known


class Facet(StrEnum):
    """What retours are split by; the value stands in addresses."""

    CHANNEL = "canal"
    ROLE = "role"
    DEPARTEMENT = "departement"
    REGION = "region"
    RELEASE = "version"


TRAITS = {Facet.ROLE: "G6", Facet.DEPARTEMENT: "G8", Facet.REGION: "G8"}
Cells = Mapping[str, int]  # retours by the value of a facet


@dataclass(frozen=True)
class Column:
    """One value of a facet, with the words that people read; OTHERS and UNSAID have none."""

    value: str
    name: str


def columns_of(service_id: int, facet: Facet, cells: Cells) -> tuple[Column, ...]:
    """Return the values that get a column: the most frequent, in the order that readers expect."""
    said = [value for value in cells if value not in (UNSAID, OTHERS)]
    kept = sorted(said, key=lambda value: (-cells[value], value))[:MOST_COLUMNS]
    names = _names(service_id, facet)
    if facet in (Facet.ROLE, Facet.RELEASE):
        order = list(names)
        kept.sort(key=lambda value: order.index(value) if value in order else len(order))
    columns = [Column(value, names.get(value, value)) for value in kept]
    if len(said) > len(kept) or OTHERS in cells:
        columns.append(Column(OTHERS, ""))
    if UNSAID in cells:
        columns.append(Column(UNSAID, ""))
    return tuple(columns)


def _names(service_id: int, facet: Facet) -> dict[str, str]:
    """Return the values of ``facet`` in their order, with the words that people read."""
    if facet is Facet.CHANNEL:
        return {channel.value: str(CHANNEL_NAMES[channel]) for channel in Channel}
    if facet is Facet.ROLE:
        return {str(value): str(name) for value, name in CORE["G6"].choices}
    if facet is Facet.RELEASE:
        query = select(Release.number).where(Release.service_id == service_id)
        return {number: number for number in db.session.scalars(query.order_by(Release.day))}
    places = select(Territory.code, Territory.name)
    return PLACES | dict(db.session.execute(places).all())
