"""The promises of a team, as everybody may read them."""

from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from feedback.models import Commitment, CommitmentState
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS

Promise = tuple[Commitment, str, str]  # with its ring and word
CHECKING = "checking"  # the date is past, the team says that it is done, nobody has checked yet
CHECKING_NAME = _("Date passée, vérification en cours")


def public_stage(commitment: Commitment, day: date) -> str:
    """Return the state of a promise as everybody may know it on ``day``, or ``CHECKING``.

    A claim that no moderator has checked tells nobody that the change is made; nor may it hide
    that the date is past.
    """
    state = CommitmentState(commitment.state)
    if state is CommitmentState.CLAIMED and commitment.due < day:
        return CHECKING
    hidden = state in (CommitmentState.CLAIMED, CommitmentState.DUE)
    return (CommitmentState.PROMISED if hidden else state).value


def as_shown(commitment: Commitment, day: date) -> Promise:
    """Return a promise with its ring and word as everybody may read them on ``day``."""
    stage = public_stage(commitment, day)
    if stage == CHECKING:
        return commitment, COMMITMENT_RINGS[CommitmentState.LATE], str(CHECKING_NAME)
    state = CommitmentState(stage)
    return commitment, COMMITMENT_RINGS[state], str(COMMITMENT_NAMES[state])


def last_promises(service: Service, most: int, day: date) -> list[Promise]:
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
    return [as_shown(row, day) for row in db.session.scalars(query)]
