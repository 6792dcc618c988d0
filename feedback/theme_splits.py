"""Who and what a theme's retours come from: by channel, role, place and release; reads only.

Role and place are traits that authors declare: crossed with a theme, a count under five is hidden
inside the team too, with whatever would give it away (model.md §1). Channel and release are not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.catalogue import Release, Service, Territory
from app.db import db
from app.floors import TEAM_FLOOR, shown_cells
from feedback.channels import CHANNEL_NAMES
from feedback.models import Answer, AnswerStatus, Channel, Feedback, Placement, Segment, Theme
from feedback.questions import CORE
from feedback.rows import PLACES
from feedback.theme_counts import is_readable, placed, unplaced_of

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
class Split:
    """Retours by the value of a facet; a count of None is hidden, and so is its share."""

    total: int
    cells: Mapping[str, int | None]

    def share(self, value: str) -> float | None:
        """Return the share of ``value`` in percent; None when it is hidden."""
        count = self.cells.get(value, 0)
        return None if count is None else 100 * count / max(1, self.total)


@dataclass(frozen=True)
class Column:
    """One value of a facet, with the words that people read; OTHERS and UNSAID have none."""

    value: str
    name: str


@dataclass(frozen=True)
class SplitTable:
    """Every theme of a service by one facet, the unplaced and the service in whole."""

    facet: Facet
    columns: tuple[Column, ...]
    themes: Mapping[str, Split]
    unplaced: Split
    whole: Split


def split_table(service: Service, facet: Facet) -> SplitTable:
    """Return the shares of ``facet`` in every theme of ``service``; four queries at most."""
    regions = _regions() if facet is Facet.REGION else {}
    by_theme: dict[str, Counter[str]] = {}
    query = _count(_placed(), facet, Theme.id).where(Theme.service_id == service.id, placed())
    for theme_id, value, count in db.session.execute(query.group_by(Theme.id)):
        by_theme.setdefault(theme_id, Counter())[_value(value, regions)] += count
    unplaced = _cells(_count(unplaced_of(service.id), facet), regions)
    whole = _whole(service.id, facet, regions)
    columns = _columns(service.id, facet, whole)
    kept = {column.value for column in columns}
    return SplitTable(
        facet,
        columns,
        {theme_id: _split(cells, kept, facet) for theme_id, cells in by_theme.items()},
        _split(unplaced, kept, facet),
        _split(whole, kept, facet),
    )


def split_of(theme: Theme, facet: Facet) -> tuple[tuple[Column, ...], Split]:
    """Return the values of ``facet`` in ``theme``, with their counts."""
    regions = _regions() if facet is Facet.REGION else {}
    query = _count(_placed(), facet).where(Theme.id == theme.id, ~Placement.contested)
    cells = _cells(query, regions)
    if facet in TRAITS:
        cells = merge_small(cells, TEAM_FLOOR)
    columns = _columns(theme.service_id, facet, cells)
    return columns, _split(cells, {column.value for column in columns}, facet)


def merge_small(cells: Cells, floor: int) -> Counter[str]:
    """Return ``cells`` with the small ones put together as OTHERS, so that none need be hidden.

    What is put together must reach the floor itself; the next smallest joins until it does.
    """
    merged = Counter({value: count for value, count in cells.items() if count >= floor})
    rest = sum(cells.values()) - sum(merged.values())
    while merged and 0 < rest < floor:
        least = min(merged, key=lambda value: (merged[value], value))
        rest += merged.pop(least)
    return merged + Counter({OTHERS: rest})


def _placed() -> Select[Any]:
    return (
        select()
        .select_from(Theme)
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(is_readable())
    )


def _count(query: Select[Any], facet: Facet, *keys: InstrumentedAttribute[Any]) -> Select[Any]:
    """Add the value of ``facet`` and the number of retours to ``query``, by ``keys`` and value."""
    value: ColumnElement[Any] | InstrumentedAttribute[Any]
    if facet in TRAITS:
        said = aliased(Answer)
        given = and_(
            said.feedback_id == Feedback.id,
            said.question == TRAITS[facet],
            said.status == AnswerStatus.GIVEN.value,
        )
        query, value = query.outerjoin(said, given), said.value
    elif facet is Facet.RELEASE:
        query = query.outerjoin(Release, Release.id == Feedback.release_id)
        value = Release.number
    else:
        value = Feedback.channel
    return query.add_columns(*keys, value, func.count(Feedback.id.distinct())).group_by(value)


def _whole(service_id: int, facet: Facet, regions: Mapping[str, str]) -> Counter[str]:
    has_words = select(Segment.id).where(Segment.feedback_id == Feedback.id).exists()
    query = select().select_from(Feedback)
    query = query.where(Feedback.service_id == service_id, is_readable(), has_words)
    return _cells(_count(query, facet), regions)


def _cells(query: Select[Any], regions: Mapping[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, count in db.session.execute(query):
        found[_value(value, regions)] += count
    return found


def _value(value: str | None, regions: Mapping[str, str]) -> str:
    return regions.get(value or UNSAID, value or UNSAID)


def _regions() -> dict[str, str]:
    query = select(Territory.code, Territory.region_code).where(Territory.region_code.is_not(None))
    return {code: str(region) for code, region in db.session.execute(query)}


def _columns(service_id: int, facet: Facet, cells: Cells) -> tuple[Column, ...]:
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


def _split(cells: Cells, kept: Iterable[str], facet: Facet) -> Split:
    kept = set(kept)
    merged: Counter[str] = Counter()
    for value, count in cells.items():
        merged[value if value in kept else OTHERS] += count
    floor = TEAM_FLOOR if facet in TRAITS else 1
    return Split(sum(merged.values()), shown_cells(merged, floor))
