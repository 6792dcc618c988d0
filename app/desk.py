"""The desk's inbox: which retours wait for the team, who waits how long, what else asks for a word.

Reads rows and returns frozen records that a template only prints. The number of queries does not
grow with the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import Verb, limit
from app.accounts import Account
from app.catalogue import Service, Territory
from app.days import working_days_between
from app.db import db
from feedback import search
from feedback.masked_text import excerpt
from feedback.models import (
    Answer,
    AnswerStatus,
    Commitment,
    CommitmentLink,
    CommitmentState,
    Face,
    Feedback,
    Placement,
    Segment,
    State,
    Theme,
    ThreadState,
    Verdict,
)
from feedback.rings import Ring, rings
from feedback.threads import clock_days

PAGE_SIZE = 25
AWAITED = (ThreadState.WAITING, ThreadState.REPLIED)
MOODS = {Face.BAD: 1, Face.MIDDLING: 2, Face.GOOD: 3}


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
class Row:
    """One retour in the list."""

    id: str
    excerpt: Sequence[tuple[str, str | None]]
    ring: Ring
    mood: int | None  # 1 bad, 2 middling, 3 good
    face: str
    theme: str
    place: str
    wait: str
    is_late: bool
    service: str
    release: str


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
    rows = _rows(list(db.session.scalars(query)), day)
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


def _rows(feedbacks: list[Feedback], day: date) -> tuple[Row, ...]:
    marks, themes, places = rings(feedbacks), _theme_names(feedbacks), place_names(feedbacks)
    return tuple(
        Row(
            id=f.id,
            excerpt=excerpt(f.text) or [(_("Note sans texte"), None)],
            ring=marks[f.id],
            mood=mood_of(f),
            face=face_name(f),
            theme=themes.get(f.id, ""),
            place=places.get(f.id, ""),
            wait=wait_text(f, day),
            is_late=is_late(f, day),
            service=f.service.name,
            release=f.release.number if f.release else "",
        )
        for f in feedbacks
    )


def mood_of(feedback: Feedback) -> int | None:
    """Return the face as the drawing counts it: 1 bad, 2 middling, 3 good; None without one."""
    return None if feedback.face is None else MOODS[Face(feedback.face)]


def face_name(feedback: Feedback) -> str:
    """Return the words of the face that the author chose."""
    names = {Face.BAD: _("Pas bien"), Face.MIDDLING: _("Moyen"), Face.GOOD: _("Très bien")}
    return "" if feedback.face is None else names[Face(feedback.face)]


def is_late(feedback: Feedback, day: date) -> bool:
    """Say whether the team let the reply clock run out."""
    due = feedback.reply_due
    return feedback.thread_state in AWAITED and due is not None and due < day


def wait_text(feedback: Feedback, day: date) -> str:
    """Return how long the author waits, in working days against the clock, or since when not."""
    if feedback.thread_state not in AWAITED:
        sent = format_date(feedback.day, "d MMMM")
        return _("envoyé le %(day)s", day=sent)
    days = working_days_between(feedback.waiting_since or feedback.day, day)
    clock = clock_days(feedback)
    if days == 0:
        return _("arrivé aujourd’hui (%(clock)s)", clock=clock)
    return ngettext(
        "attend depuis %(num)s jour (%(clock)s)",
        "attend depuis %(num)s jours (%(clock)s)",
        days,
        clock=clock,
    )


def _theme_names(feedbacks: list[Feedback]) -> dict[str, str]:
    query = (
        select(Segment.feedback_id, Theme.name)
        .join(Placement, Placement.segment_id == Segment.id)
        .join(Theme, Theme.id == Placement.theme_id)
        .where(Segment.feedback_id.in_([f.id for f in feedbacks]), ~Placement.contested)
        .order_by(Segment.start.desc())  # the first clause names the row
    )
    return dict(db.session.execute(query).tuples().all())


def place_names(feedbacks: Sequence[Feedback]) -> dict[str, str]:
    """Return the département that each author named, if any."""
    query = (
        select(Answer.feedback_id, func.coalesce(Territory.name, Answer.value))
        .outerjoin(Territory, Territory.code == Answer.value)
        .where(
            Answer.question == "G8",
            Answer.status == AnswerStatus.GIVEN,
            Answer.feedback_id.in_([f.id for f in feedbacks]),
        )
    )
    return dict(db.session.execute(query).tuples().all())


def _themes(services: Sequence[Service]) -> tuple[Theme, ...]:
    query = select(Theme).where(
        Theme.service_id.in_([service.id for service in services]), Theme.ended.is_(None)
    )
    return tuple(db.session.scalars(query.order_by(Theme.name)))
