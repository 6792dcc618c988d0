"""What a team has answered before, so that a new answer is compared with it."""

from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from feedback.models import Feedback, Message
from nlp.copies import near_copies

COMPARED_ANSWERS = 400  # the newest answers that a new one is compared with


def earlier_answers(service: Service) -> list[Message]:
    """Return the team's newest messages about ``service``: what a new one is compared with."""
    query = (
        select(Message)
        .join(Feedback)
        .where(Feedback.service_id == service.id, Message.sender == "team")
        .order_by(Message.day.desc(), Message.id)
        .limit(COMPARED_ANSWERS)
    )
    return list(db.session.scalars(query))


def near_duplicates(
    service: Service, text: str, earlier: list[Message] | None = None
) -> list[Message]:
    """Return the team's earlier messages about ``service`` that say nearly the same, newest first.

    Compares with the newest answers only; a text under five words is nobody's copy.
    """
    known = earlier_answers(service) if earlier is None else earlier
    labels = near_copies([text, *(message.text for message in known)])
    return [m for m, label in zip(known, labels[1:], strict=True) if label == labels[0]]
