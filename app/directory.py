"""Which services a visitor finds: by words, by place and by what a service is for.

A service without a territory is for the whole country and is found everywhere. However many
services there are, a page of them takes the same few queries.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.catalogue import Functionality, Organisation, Service, Territory
from app.db import db, folded
from app.matrix import FunctionalityClass
from app.paging import pages_of

PER_PAGE = 20
MOST_WORDS = 8  # of a query; more narrow nothing and cost time
LONGEST = 100  # letters of a query that are read


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for; empty means anything."""

    words: str = ""
    place: Territory | None = None
    kind: FunctionalityClass | None = None
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether some services may be left out."""
        return bool(_words(self.words) or self.place or self.kind)


@dataclass(frozen=True)
class Found:
    """One page of services, and how many there are in all."""

    services: list[Service]
    total: int
    page: int
    pages: int


def find(wanted: Wanted) -> Found:
    """Return the page of services that ``wanted`` asks for; the last one when it is too far."""
    query = select(Service).join(Service.organisation).where(*_conditions(wanted))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = pages_of(total, PER_PAGE)
    page = min(wanted.page, pages)
    rows = db.session.scalars(
        _ordered(query, wanted)
        .options(joinedload(Service.organisation), joinedload(Service.territory))
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    return Found(list(rows), total, page, pages)


def _words(typed: str) -> list[str]:
    """Return the words to look for; the letter of an elision (« l’aide ») narrows nothing."""
    found = re.findall(r"\w+", folded(typed[:LONGEST]))
    return [word for word in found if len(word) > 1 or word.isdecimal()][:MOST_WORDS]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [_says(word) for word in _words(wanted.words)]
    if wanted.place:
        found.append(serves(wanted.place))
    if wanted.kind:
        found.append(Service.functionalities.any(Functionality.kind == wanted.kind.value))
    return found


def _says(word: str) -> ColumnElement[bool]:
    return or_(
        *(_holds(column, word) for column in (Service.name, Service.purpose, Organisation.name)),
        Service.functionalities.any(_holds(Functionality.name, word)),
    )


def _holds(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.folded(column).contains(word, autoescape=True)
    return found


def serves(place: Territory) -> ColumnElement[bool]:
    """Return the condition that keeps the services for ``place``: its own and the national ones.

    A region has those of its départements, a département those of its region.
    """
    return Service.territory_code.is_(None) | lies_in(place)


def lies_in(place: Territory) -> ColumnElement[bool]:
    """Return the condition that keeps the services of ``place``, the national ones left out."""
    around = select(Territory.code).where(
        or_(
            Territory.code.in_([code for code in (place.code, place.region_code) if code]),
            Territory.region_code == place.code,
        )
    )
    return Service.territory_code.in_(around)


def _ordered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """Sort by name; before that, the names that hold every word, then what is near."""
    words = _words(wanted.words)
    named = and_(*(_holds(Service.name, word) for word in words)) if words else None
    first = [] if named is None else [case((named, 0), else_=1)]
    if wanted.place:
        first.append(case((Service.territory_code.is_(None), 1), else_=0))
    return query.order_by(*first, func.folded(Service.name), Service.id)
