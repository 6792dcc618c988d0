"""What an expert asks of another, whose knowledge is wanted, and what comes back.

Only the organisation stays: who asked may answer as well, and the page says so.
"""

from datetime import date

from sqlalchemy import ColumnElement, select

from app.db import db
from feedback.models import Signal, SignalQuestion

LONGEST = 2000  # characters of a question or an answer


class NothingSaid(Exception):
    """A field was left empty; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is empty")
        self.field = field


def ask(signal: Signal, field: str, question: str, organisation: str, day: date) -> SignalQuestion:
    """Ask those who know ``field`` something about ``signal``; raise ``NothingSaid``."""
    for name, value in (("field", field), ("question", question)):
        if not value.strip():
            raise NothingSaid(name)
    row = SignalQuestion(
        signal_id=signal.id,
        asked=day,
        asked_by=organisation,
        field=field.strip()[:80],
        question=question.strip()[:LONGEST],
    )
    db.session.add(row)
    db.session.flush()
    return row


def answer(row: SignalQuestion, text: str, organisation: str, day: date) -> None:
    """Write the answer, once; raise ``NothingSaid``. A second answer changes nothing."""
    if not text.strip():
        raise NothingSaid("answer")
    if row.answered is None:
        row.answer, row.answered_by = text.strip()[:LONGEST], organisation
        row.answered = day
    db.session.flush()


def questions_of(signal: Signal) -> list[SignalQuestion]:
    """Return the questions about ``signal``, oldest first."""
    query = select(SignalQuestion).where(SignalQuestion.signal_id == signal.id)
    return list(db.session.scalars(query.order_by(SignalQuestion.id)))


def waiting(reach: ColumnElement[bool]) -> list[tuple[SignalQuestion, Signal]]:
    """Return the questions that wait for an answer, oldest first, with their signals."""
    query = (
        select(SignalQuestion, Signal)
        .join(Signal, Signal.id == SignalQuestion.signal_id)
        .where(SignalQuestion.answered.is_(None), reach)
        .order_by(SignalQuestion.id)
    )
    return [(row, signal) for row, signal in db.session.execute(query)]
