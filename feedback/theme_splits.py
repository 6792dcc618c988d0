"""Who and what a theme's retours come from: by channel, role, place and release; reads only.

Role and place are traits that authors declare: crossed with a theme, a count under five is hidden
inside the team too, with whatever would give it away (model.md §1). Channel and release are not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.catalogue import Release, Service, Territory
from app.db import db
from app.floors import TEAM_FLOOR, shown_cells
from feedback.models import Answer, AnswerStatus, Feedback, Placement, Segment, Theme
from feedback.theme_counts import is_readable, placed, unplaced_of
from feedback.theme_facets import OTHERS, TRAITS, UNSAID, Cells, Column, Facet, columns_of


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
    columns = columns_of(service.id, facet, whole)
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
    columns = columns_of(theme.service_id, facet, cells)
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


def _split(cells: Cells, kept: Iterable[str], facet: Facet) -> Split:
    kept = set(kept)
    merged: Counter[str] = Counter()
    for value, count in cells.items():
        merged[value if value in kept else OTHERS] += count
    floor = TEAM_FLOOR if facet in TRAITS else 1
    return Split(sum(merged.values()), shown_cells(merged, floor))
