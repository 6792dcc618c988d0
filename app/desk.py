"""The desk's inbox: which retours wait for the team, who waits how long, what else asks for a word.

Reads rows and returns frozen records that a template only prints. The number of queries does not
grow with the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Verb, limit
from app.accounts import Account
from app.catalogue import Service
from app.db import db
from feedback import search
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Face,
    Feedback,
    Placement,
    Segment,
    State,
    Theme,
    Verdict,
)
from feedback.rows import AWAITED, Row, told

PAGE_SIZE = 25


class View(StrEnum):
    """A view of the inbox, as its address names it."""

    TO_ANSWER = "a-repondre"
    LATE = "en-retard"
    CONTESTED = "contestes"
    ALL = "tous"


@dataclass(frozen=True)
class Filters:
    """What narrows a view; an empty value narrows nothing."""

    service: str = ""  # a slug
    theme: str = ""  # a theme's id
    face: str = ""  # 0, 5 or 10
    words: str = ""
    page: int = 1

    def __bool__(self) -> bool:
        return bool(self.service or self.theme or self.face or self.words)

    @property
    def narrows(self) -> bool:
        """Say whether something else than words narrows the list."""
        return bool(self.service or self.theme or self.face)

    def as_query(self) -> dict[str, Any]:
        """Return the filters as the parameters of an address, the empty ones left out."""
        named = {
            "service": self.service,
            "theme": self.theme,
            "note": self.face,
            "mots": self.words,
            "page": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Inbox:
    """A page of a view."""

    view: View
    rows: tuple[Row, ...]
    counts: dict[View, int]
    total: int
    pages: int
    filters: Filters
    services: tuple[Service, ...]
    themes: tuple[Theme, ...]


def readable(account: Account) -> ColumnElement[bool]:
    """Return the condition of the retours that ``account`` may read on the desk."""
    return (
        limit(Feedback.service_id, account, Verb.READ)
        & Feedback.names_masked
        & Feedback.state.in_((State.OPEN, State.PUBLISHED))
    )


def condition_of(view: View, day: date) -> ColumnElement[bool]:
    """Return the condition of the retours that stand in ``view`` on ``day``."""
    awaited = Feedback.thread_state.in_(AWAITED)
    if view is View.TO_ANSWER:
        return awaited
    if view is View.LATE:
        return awaited & (Feedback.reply_due < day)
    if view is View.CONTESTED:
        contested = or_(
            CommitmentLink.verdict == Verdict.NOT, Commitment.state == CommitmentState.REOPENED
        )
        return (
            exists()
            .where(CommitmentLink.feedback_id == Feedback.id)
            .where(Commitment.id == CommitmentLink.commitment_id, contested)
        )
    return or_(Feedback.text.is_not(None), Feedback.face.is_not(None))


def inbox(account: Account, view: View, filters: Filters, day: date) -> Inbox:
    """Return the page of ``view`` that ``filters`` ask for, as ``account`` may see it."""
    services = services_of(account)
    wanted = readable(account) & condition_of(view, day) & _narrowed(filters)
    total = db.session.scalar(select(func.count()).select_from(Feedback).where(wanted)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    filters = replace(filters, page=min(max(1, filters.page), pages))
    query = (
        select(Feedback)
        .where(wanted)
        .options(
            joinedload(Feedback.service).selectinload(Service.functionalities),
            joinedload(Feedback.functionality),
            joinedload(Feedback.release),
            selectinload(Feedback.answers),
        )
        .order_by(*_order(view))
        .limit(PAGE_SIZE)
        .offset((filters.page - 1) * PAGE_SIZE)
    )
    rows = told(list(db.session.scalars(query)), day)
    themes = _themes(services)
    return Inbox(view, rows, _counts(account, day), total, pages, filters, services, themes)


def services_of(account: Account) -> tuple[Service, ...]:
    """Return the services whose retours ``account`` may read, by name."""
    query = select(Service).where(limit(Service.id, account, Verb.READ)).order_by(Service.name)
    return tuple(db.session.scalars(query))


def _counts(account: Account, day: date) -> dict[View, int]:
    sums = [func.count().filter(condition_of(view, day)) for view in View]
    counted = db.session.execute(select(*sums).select_from(Feedback).where(readable(account))).one()
    return dict(zip(View, counted, strict=True))


def _narrowed(filters: Filters) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Feedback.id.is_not(None)]
    if filters.service:
        named = select(Service.id).where(Service.slug == filters.service)
        conditions.append(Feedback.service_id.in_(named))
    if filters.theme:
        placed = select(Segment.feedback_id).join(Placement)
        placed = placed.where(Placement.theme_id == filters.theme, ~Placement.contested)
        conditions.append(Feedback.id.in_(placed))
    if filters.face:
        known = filters.face in {str(face.value) for face in Face}
        conditions.append(Feedback.face == int(filters.face) if known else false())
    if filters.words:
        hits = search.matching(filters.words)
        conditions.append(Feedback.id.in_(hits) if hits is not None else false())
    combined = conditions[0]
    for condition in conditions[1:]:
        combined = combined & condition
    return combined


def _order(view: View) -> tuple[Any, ...]:
    if view in (View.TO_ANSWER, View.LATE):
        return Feedback.reply_due.is_(None), Feedback.reply_due, Feedback.waiting_since, Feedback.id
    return Feedback.day.desc(), Feedback.id


def _themes(services: Sequence[Service]) -> tuple[Theme, ...]:
    query = select(Theme).where(
        Theme.service_id.in_([service.id for service in services]), Theme.ended.is_(None)
    )
    return tuple(db.session.scalars(query.order_by(Theme.name)))
