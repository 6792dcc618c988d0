"""The feed of a service's public board: its newest lines by the day of their last move."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from app.catalogue import Service
from app.db import db
from app.record import STAGES, Entry, entries_of
from feedback.commitment_orders import newest
from feedback.models import Commitment, CommitmentStep, StepKind

PUBLIC_STEPS = tuple(  # what moves a line of the board
    each.value for each in StepKind if each.value in STAGES
)


def newest_entries(service: Service, day: date, floor: int, most: int) -> tuple[Entry, ...]:
    """Return the newest ``most`` lines of the board, for a feed."""
    return entries_of(service, newest(Commitment.service_id == service.id, most), day, floor)


def lately_changed(entries: Sequence[Entry]) -> list[tuple[Entry, date]]:
    """Return ``entries`` with the day of the last move that the public may see, newest first."""
    query = (
        select(CommitmentStep.commitment_id, func.max(CommitmentStep.day))
        .where(
            CommitmentStep.commitment_id.in_([each.commitment.id for each in entries]),
            CommitmentStep.kind.in_(PUBLIC_STEPS),
        )
        .group_by(CommitmentStep.commitment_id)
    )
    days = dict(db.session.execute(query).all())
    dated = [(each, days.get(each.commitment.id, each.commitment.made)) for each in entries]
    return sorted(dated, key=lambda pair: pair[1], reverse=True)
