"""The last promises of a team, as everybody may read them."""

from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from feedback.models import Commitment, CommitmentState
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS

Promise = tuple[Commitment, str, str]  # with its ring and word


def as_shown(commitment: Commitment) -> Promise:
    """Return a promise with its ring and word; an announcement not yet checked stays a promise."""
    state = CommitmentState(commitment.state)
    shown = CommitmentState.PROMISED if state is CommitmentState.CLAIMED else state
    return commitment, COMMITMENT_RINGS[shown], str(COMMITMENT_NAMES[shown])


def last_promises(service: Service, most: int) -> list[Promise]:
    """Return the newest promises that stand, at most ``most``."""
    query = (
        select(Commitment)
        .where(
            Commitment.service_id == service.id,
            Commitment.state != CommitmentState.DROPPED.value,
        )
        .order_by(Commitment.made.desc(), Commitment.id)
        .limit(most)
    )
    return [as_shown(row) for row in db.session.scalars(query)]
