"""The retours that a signal rests on: its own and those of the signals merged into it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload

from app.db import db
from feedback.models import Feedback, Signal, SignalEvidence, State

PER_PAGE = 20
READABLE = (State.OPEN.value, State.PUBLISHED.value)


@dataclass(frozen=True)
class Evidence:
    """One page of the retours that may be read, and how many there are of each sort."""

    retours: tuple[Feedback, ...]
    page: int
    pages: int
    count: int  # that may be read
    held: int  # that a moderator keeps for now
    erased: int  # that their authors took back


def family(signal: Signal) -> ColumnElement[bool]:
    """Return the condition that keeps evidence of ``signal`` or of one that was merged into it."""
    merged = select(Signal.id).where(or_(Signal.id == signal.id, Signal.merged_into == signal.id))
    return SignalEvidence.signal_id.in_(merged)


def merged_into(signal: Signal) -> list[Signal]:
    """Return the signals whose retours count for ``signal``, oldest first."""
    query = select(Signal).where(Signal.merged_into == signal.id)
    return list(db.session.scalars(query.order_by(Signal.raised, Signal.id)))


def target_of(signal: Signal) -> Signal | None:
    """Return the signal that the retours of ``signal`` count for, if it was merged."""
    return db.session.get(Signal, signal.merged_into) if signal.merged_into else None


def evidence(signal: Signal) -> list[Feedback]:
    """Return the retours that ``signal`` rests on and that still exist, newest first."""
    return list(db.session.scalars(_retours(signal)))


def evidence_page(signal: Signal, asked: int) -> Evidence:
    """Return the ``asked`` page of the retours that may be read."""
    every = db.session.scalar(_count(_retours(signal))) or 0
    open_ones = _retours(signal).where(Feedback.state.in_(READABLE), Feedback.names_masked)
    count = db.session.scalar(_count(open_ones)) or 0
    pages = max(1, -(-count // PER_PAGE))
    page = min(max(1, asked), pages)
    query = open_ones.options(selectinload(Feedback.release))
    shown = db.session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    erased = signal.erased_since + sum(each.erased_since for each in merged_into(signal))
    return Evidence(tuple(shown), page, pages, count, every - count, erased)


def _retours(signal: Signal) -> Select[Any]:
    kept = select(SignalEvidence.feedback_id).where(family(signal))
    query = select(Feedback).where(Feedback.id.in_(kept))
    return query.order_by(Feedback.day.desc(), Feedback.id)


def _count(query: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(query.order_by(None).subquery())
