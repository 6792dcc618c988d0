"""The orders in which lists show commitments: the newest first, or the soonest date first."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from feedback.models import (
    Commitment,
)


def newest(condition: ColumnElement[bool], most: int, start: int = 0) -> list[Commitment]:
    """Return ``most`` commitments that meet ``condition``, the newest first, from ``start`` on."""
    query = select(Commitment).where(condition).order_by(Commitment.made.desc(), Commitment.id)
    return list(db.session.scalars(query.offset(start).limit(most)))


def counts(condition: ColumnElement[bool]) -> dict[str, int]:
    """Return how many commitments that meet ``condition`` stand in each state."""
    query = select(Commitment.state, func.count()).where(condition).group_by(Commitment.state)
    return dict(db.session.execute(query).all())


def by_due(condition: ColumnElement[bool]) -> list[Commitment]:
    """Return the commitments that meet ``condition``, ready to show, the soonest date first."""
    query = select(Commitment).where(condition).order_by(Commitment.due, Commitment.id)
    loaded = joinedload(Commitment.service), selectinload(Commitment.links)
    return list(db.session.scalars(query.options(*loaded)))
