"""Taking a functionality away: what would happen, and doing it.

Its retours stay, about no functionality; the delays announced to their authors stay too. Running
counts follow by their triggers, sessions by their foreign key.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select, update

from app.catalogue import Functionality
from app.db import db
from feedback.local_question_edits import withdraw
from feedback.models import Feedback, LocalQuestion, Signal, State, WatchFacet
from feedback.part_publications import forget_part


@dataclass(frozen=True)
class Ending:
    """What goes or changes with a functionality."""

    retours: int
    waiting: int  # of them, those whose author was told a day
    questions: int  # asked about it alone
    is_signalled: bool  # a signal is about its retours: it stays


def ending(row: Functionality) -> Ending:
    """Return what would happen without ``row``."""
    kept = (Feedback.functionality_id == row.id, Feedback.state != State.WITHDRAWN)
    waits = Feedback.reply_due.is_not(None)
    query = select(func.count(), func.count().filter(waits)).where(*kept)
    retours, waiting = db.session.execute(query).one()
    signal = exists().where(
        Signal.facet == WatchFacet.FUNCTIONALITY.value, Signal.facet_value == str(row.id)
    )
    return Ending(retours, waiting, len(_questions(row)), bool(db.session.scalar(select(signal))))


def end(row: Functionality, day: date) -> None:
    """Take ``row`` away: its retours name none, its own questions end."""
    for question in _questions(row):
        if not withdraw(question, day):  # somebody answered: the answers stay readable
            question.functionality_id = None
    of_it = update(Feedback).where(Feedback.functionality_id == row.id)
    db.session.execute(of_it.values(functionality_id=None))
    forget_part(row.service_id, row.id)
    row.service.functionalities.remove(row)
    db.session.flush()


def _questions(row: Functionality) -> list[LocalQuestion]:
    query = select(LocalQuestion).where(LocalQuestion.functionality_id == row.id)
    return list(db.session.scalars(query))
