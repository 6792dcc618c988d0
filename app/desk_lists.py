"""Which retours stand in a view, in which order: ids alone, from indexes, in bounded time.

Each list walks an index of one service in its order and stops at the end of the page; lists of
several services are merged. Counts stop at a most: « plus de 500 » says what a person needs.
What the filters ask for is ``desk_narrowing.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    func,
    literal_column,
    select,
    true,
    union,
    union_all,
)

from app.accounts import Account
from app.days import add_working_days
from app.db import db
from app.desk_filters import View
from app.desk_narrowing import Part
from feedback import readings
from feedback.models import (
    Assignment,
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Verdict,
)
from feedback.models.retours import AWAITED

MOST_COUNTED = 500  # of a list; more are « plus de 500 »
MOST_MERGED = 12  # services whose lists are merged; of more, one list is sorted
SOON_DAYS = 2  # working days in which a reply is due soon
Order = tuple[Any, ...]

READABLE = literal_column("feedback.state IN ('open', 'published')") & Feedback.names_masked
IS_AWAITED: ColumnElement[bool] = literal_column(f"feedback.{AWAITED}")
BY_CLOCK = (View.TO_ANSWER, View.LATE, View.SOON)


@dataclass(frozen=True)
class Reader:
    """Who looks: the account, the services it reads, the day, and since when things are new."""

    account: Account
    service_ids: tuple[int, ...]
    day: date
    since: date


def arms(view: View, reader: Reader) -> list[Part]:
    """Return the parts whose retours, taken together, stand in ``view``."""
    account_id = reader.account.id
    if view is View.UNREAD:
        old = readings.kept_unread_by(account_id)
        return [Part(readings.new_to(account_id, reader.since)), Part(old, names_ids=True)]
    if view is View.MINE:
        mine = select(Assignment.feedback_id).where(Assignment.account_id == account_id)
        return [Part(Feedback.id.in_(mine), names_ids=True)]
    if view is View.CONTESTED:
        return [Part(Feedback.id.in_(_contested(reader.service_ids)), names_ids=True)]
    if view is View.ALL:
        return [Part(true())]
    due = {
        View.LATE: Feedback.reply_due < reader.day,
        View.SOON: Feedback.reply_due.between(reader.day, soon(reader.day)),
    }
    return [Part(IS_AWAITED & due[view] if view in due else IS_AWAITED)]


def soon(day: date) -> date:
    """Return the last day on which a reply is due soon."""
    return add_working_days(day, SOON_DAYS)


def _contested(service_ids: Sequence[int]) -> Any:
    refused = select(CommitmentLink.feedback_id).where(
        CommitmentLink.verdict == literal_column(f"'{Verdict.NOT.value}'"),
        CommitmentLink.answer == "",  # a moderator has not said yet that the change holds
    )
    reopened = select(CommitmentLink.feedback_id).join(Commitment)
    return union(
        refused,
        reopened.where(
            Commitment.service_id.in_(service_ids), Commitment.state == CommitmentState.REOPENED
        ),
    )


def _keys(view: View, of: Any) -> Order:
    """Return what orders ``view``, of the table or of what was read from it."""
    if view in BY_CLOCK:
        return of.reply_due, of.waiting_since, of.id
    return of.changed if view is View.UNREAD else of.day, of.id


def _order(view: View, of: Any) -> Order:
    """Return the order of ``view``: by the clock, by the last change, or the newest first."""
    first, *others = _keys(view, of)
    return first.asc().nulls_last() if view in BY_CLOCK else first.desc(), *others


def _wheres(service_ids: Sequence[int], parts: Sequence[Part]) -> list[ColumnElement[bool]]:
    """Return the conditions of the readable retours of these services that meet ``parts``."""
    by_ids = any(part.names_ids for part in parts)
    service: Any = literal_column("+feedback.service_id") if by_ids else Feedback.service_id
    one = len(service_ids) == 1  # equal, and not among: an index is walked in its order
    here = service == service_ids[0] if one else service.in_(service_ids)
    return [here, READABLE, *(part.where for part in parts)]


def capped(reader: Reader, view: View, parts: Sequence[Part] = ()) -> Any:
    """Return a scalar query of how many retours of ``view`` there are, at most one too many."""
    rows = [
        select(Feedback.id)
        .where(*_wheres(reader.service_ids, [arm, *parts]))
        .limit(MOST_COUNTED + 1)
        for arm in arms(view, reader)
    ]
    whole = union_all(*(select(each.subquery()) for each in rows)).limit(MOST_COUNTED + 1)
    return select(func.count()).select_from(whole.subquery()).scalar_subquery()


def count(reader: Reader, view: View, parts: Sequence[Part] = ()) -> int:
    """Return how many retours of ``view`` meet ``parts``, at most one too many."""
    return int(db.session.scalar(select(capped(reader, view, parts))) or 0)


def count_views(reader: Reader) -> dict[View, int]:
    """Return how many retours stand in each view, in one query."""
    counted = db.session.execute(select(*(capped(reader, view) for view in View))).one()
    return dict(zip(View, counted, strict=True))


def page_ids(reader: Reader, view: View, parts: Sequence[Part], start: int, size: int) -> list[str]:
    """Return ``size`` ids of ``view`` from ``start`` on, in its order."""
    ids = reader.service_ids
    merged = [[each] for each in ids] if 0 < len(ids) <= MOST_MERGED else [ids]
    lists = [
        select(
            select(*_keys(view, Feedback))
            .where(*_wheres(here, [arm, *parts]))
            .order_by(*_order(view, Feedback))
            .limit(start + size)
            .subquery()
        )
        for here in merged
        for arm in arms(view, reader)
    ]
    whole = union_all(*lists).subquery()
    query = select(whole.c.id).order_by(*_order(view, whole.c)).offset(start).limit(size)
    return list(db.session.scalars(query))
