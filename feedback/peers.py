"""A reader's answer to a published message: held until a moderator lets it stand, with a code.

Its words are a row of feedback by the channel ``peer``, never open and never published: what counts
retours leaves it out (``NOT_PEER``).
"""

from datetime import date

from sqlalchemy import select

from app.db import db
from feedback.intake import Prepared, Receipt, Tools, store
from feedback.models import Feedback, PeerAnswer, State


def answer(parent: Feedback, prepared: Prepared, key: str, day: date, tools: Tools) -> Receipt:
    """Store a reader's masked words under ``parent``; the same form twice is one answer.

    Raises ``AlreadySent`` when the form held other words before.
    """
    receipt = store(prepared, parent.service, key, day, tools)
    if receipt.created:
        db.session.add(PeerAnswer(feedback_id=receipt.feedback.id, parent_id=parent.id))
        db.session.flush()
    return receipt


def parent_of(feedback: Feedback) -> Feedback | None:
    """Return the message that ``feedback`` answers; None once its author erased it."""
    query = select(Feedback).join(PeerAnswer, PeerAnswer.parent_id == Feedback.id)
    return db.session.scalar(query.where(PeerAnswer.feedback_id == feedback.id))


def answers_to(feedback: Feedback) -> list[Feedback]:
    """Return readers' answers that stand under ``feedback`` while it is published.

    They were written to the words that it had then.
    """
    query = select(Feedback).join(PeerAnswer, PeerAnswer.feedback_id == Feedback.id)
    under = PeerAnswer.parent_id == feedback.id, Feedback.state == State.SHOWN
    return list(db.session.scalars(query.where(*under).order_by(Feedback.day, Feedback.id)))


def is_visible(feedback: Feedback, parent: Feedback | None) -> bool:
    """Say whether everybody may read the answer now."""
    stands = parent is not None and parent.state == State.PUBLISHED
    return stands and feedback.state == State.SHOWN
