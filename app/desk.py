"""The desk's inbox: which retours wait for the team, who waits how long, what else asks for a word.

Reads rows and returns frozen records that a template only prints. The number of queries does not
grow with the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Verb, limit
from app.accounts import Account
from app.catalogue import Service
from app.db import db
from app.desk_filters import Choice, Filters, View, checked, choices_of
from app.desk_lists import MOST_COUNTED, Reader, count_views, page_ids
from app.desk_narrowing import MOST_HITS, is_cut, narrowed
from feedback.assignments import assigned
from feedback.models import Feedback, TeamNote
from feedback.readings import FIRST_LOOK, is_unread, read_marks
from feedback.rows import Row, told

PAGE_SIZE = 25


@dataclass(frozen=True)
class Line:
    """One retour of the list, with what the team knows of it."""

    row: Row
    is_unread: bool
    changed: bool  # after it came
    holder: str  # the colleague's name
    notes: int


@dataclass(frozen=True)
class Inbox:
    """A page of a view."""

    view: View
    lines: tuple[Line, ...]
    counts: dict[View, int]  # MOST_COUNTED + 1 stands for more
    total: int  # the same
    filters: Filters
    unknown: tuple[str, ...]  # labels of filters whose value names nothing
    has_next: bool
    looked_at: int  # hits of the words that were looked at, where there are more; else 0
    services: tuple[Service, ...]
    choices: tuple[Choice, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; 0 when nobody counted to the end."""
        return 0 if self.total > MOST_COUNTED else max(1, -(-self.total // PAGE_SIZE))


def reader_of(account: Account, day: date, since: date | None = None) -> Reader:
    """Return ``account`` as the lists know it."""
    query = select(Service.id).where(limit(Service.id, account, Verb.READ)).order_by(Service.name)
    ids = tuple(db.session.scalars(query))
    return Reader(account, ids, day, since or day - FIRST_LOOK)


def inbox(reader: Reader, view: View, filters: Filters) -> Inbox:
    """Return the page of ``view`` that ``filters`` ask for, as ``reader`` may see it."""
    services = services_of(reader.account)
    choices = choices_of(services, reader.account)
    asked = checked(filters, choices)
    reader_here, filters = _at_service(reader, asked.filters, services), asked.filters
    parts = narrowed(filters, reader_here.service_ids)
    ids = page_ids(reader_here, view, parts, 0, MOST_COUNTED + 1)
    total, start = len(ids), (filters.page - 1) * PAGE_SIZE
    if total <= MOST_COUNTED:
        last = max(1, -(-total // PAGE_SIZE))
        filters = replace(filters, page=min(filters.page, last))
        start = (filters.page - 1) * PAGE_SIZE
    if start + PAGE_SIZE < MOST_COUNTED + 1:
        ids = ids[start : start + PAGE_SIZE + 1]
    else:
        ids = page_ids(reader_here, view, parts, start, PAGE_SIZE + 1)
    return Inbox(
        view=view,
        lines=_lines(ids[:PAGE_SIZE], reader),
        counts=count_views(reader),
        total=total,
        filters=filters,
        unknown=asked.unknown,
        has_next=len(ids) > PAGE_SIZE,
        looked_at=MOST_HITS if is_cut(filters.words, reader_here.service_ids) else 0,
        services=services,
        choices=choices,
    )


def services_of(account: Account) -> tuple[Service, ...]:
    """Return the services whose retours ``account`` may read, by name."""
    query = select(Service).where(limit(Service.id, account, Verb.READ)).order_by(Service.name)
    return tuple(db.session.scalars(query))


def _at_service(reader: Reader, filters: Filters, services: Sequence[Service]) -> Reader:
    if not filters.service:
        return reader
    named = tuple(each.id for each in services if each.slug == filters.service)
    return replace(reader, service_ids=named)


def _lines(ids: Sequence[str], reader: Reader) -> tuple[Line, ...]:
    query = (
        select(Feedback)
        .where(Feedback.id.in_(ids))
        .options(
            joinedload(Feedback.service).selectinload(Service.functionalities),
            joinedload(Feedback.functionality),
            joinedload(Feedback.release),
            selectinload(Feedback.answers),
        )
    )
    found = {each.id: each for each in db.session.scalars(query)}
    feedbacks = [found[each] for each in ids if each in found]
    marks, holders = read_marks(reader.account.id, ids), assigned(ids)
    notes = _notes(ids)
    return tuple(
        Line(
            row=row,
            is_unread=is_unread(found[row.id], marks, reader.since),
            changed=found[row.id].changed != found[row.id].day,
            holder=holders[row.id].name if row.id in holders else "",
            notes=notes.get(row.id, 0),
        )
        for row in told(feedbacks, reader.day)
    )


def _notes(ids: Sequence[str]) -> dict[str, int]:
    query = select(TeamNote.feedback_id, func.count()).where(TeamNote.feedback_id.in_(ids))
    return dict(db.session.execute(query.group_by(TeamNote.feedback_id)).all())
