"""Writes down which open candidate an expert reads first; ``nlp.priority`` weighs."""

from datetime import date

from sqlalchemy import select

from app.db import db
from feedback.models import TO_EXAMINE, Answer, Feedback, Signal, SignalEvidence
from nlp.priority import Message, Priority, priority


def order_desk(day: date) -> None:
    """Give every open signal its place in the order, as it stands on ``day``."""
    for signal in list(db.session.scalars(select(Signal).where(Signal.state.in_(TO_EXAMINE)))):
        signal.priority = round(priority_of(signal, day).score, 4)
    db.session.flush()


def priority_of(signal: Signal, day: date) -> Priority:
    """Return the parts of a signal's place in the order."""
    place = (
        select(Answer.value)
        .where(Answer.feedback_id == Feedback.id, Answer.question == "G8")
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Feedback.day, Feedback.text, Feedback.channel, place)
        .join(SignalEvidence, SignalEvidence.feedback_id == Feedback.id)
        .where(SignalEvidence.signal_id == signal.id)
    )
    messages = [
        Message(sent, len((text or "").split()), f"{where or ''} {channel}")
        for sent, text, channel, where in db.session.execute(query)
    ]
    return priority(signal.e_value, signal.threshold, messages, day)
