"""What became of words in one territory: sums over its own services, of public facts alone.

Promises and what their authors checked are public one by one (model.md §1), so that their sum says
nothing more. National services are left out: they belong to every territory.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.catalogue import Service, Territory
from app.db import db
from app.directory import lies_in
from feedback.models import Commitment, CommitmentState
from feedback.verdicts import JUDGED


@dataclass(frozen=True)
class Sums:
    """How many services a territory has of its own, and what their teams promised."""

    services: int
    promised: int
    announced: int  # changes that a moderator checked
    confirmed: int  # of them, by their authors


def sums_of(place: Territory) -> Sums:
    """Return the sums of ``place``; what a team gave up is no longer promised."""
    here = select(Service.id).where(lies_in(place))
    query = select(Commitment.state, func.count()).where(Commitment.service_id.in_(here))
    states = dict(db.session.execute(query.group_by(Commitment.state)).all())
    return Sums(
        services=db.session.scalar(select(func.count()).select_from(here.subquery())) or 0,
        promised=sum(states.values()) - states.get(CommitmentState.DROPPED, 0),
        announced=sum(states.get(state, 0) for state in JUDGED),
        confirmed=states.get(CommitmentState.CONFIRMED, 0),
    )
