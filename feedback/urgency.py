"""How pressing a retour is: a level by published criteria, that its author sees and may contest.

A written rule proposes the level from what was found in the words; a person decides otherwise. It
orders the moderators' queue and says within how many working days they read; it grades nobody.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import traces
from app.db import db
from app.traces import AUTHOR
from feedback.appeals import Moderator, SameModerator
from feedback.models import Feedback, State, Urgency
from nlp.danger import BLOCKED, HARM

SET_LEVEL = "urgency"  # the detail of the journal


class Level(StrEnum):
    """The levels, the most pressing first."""

    URGENT = "urgent"
    SERIOUS = "serious"
    ORDINARY = "ordinary"


READ_WITHIN = {Level.URGENT: 1, Level.SERIOUS: 2, Level.ORDINARY: 3}  # working days


class SameLevel(Exception):
    """The level asked for is the one that stands."""


def rule_level(feedback: Feedback) -> Level:
    """Return the level by the written rule: words of danger, words of harm, neither."""
    if feedback.dangers:
        return Level.URGENT
    return Level.SERIOUS if feedback.severity == HARM else Level.ORDINARY


def level_of(feedback: Feedback, row: Urgency | None) -> Level:
    """Return the level that stands: a person's word goes before the rule."""
    return Level(row.level) if row and row.level else rule_level(feedback)


def urgency_of(feedback: Feedback) -> Urgency | None:
    """Return what was decided or asked about the level of ``feedback``, or None."""
    return db.session.get(Urgency, feedback.id)


def levels(feedbacks: Iterable[Feedback]) -> Mapping[str, Level]:
    """Return the level of each retour, by its id, in one query."""
    every = list(feedbacks)
    ids = [each.id for each in every]
    rows = db.session.scalars(select(Urgency).where(Urgency.feedback_id.in_(ids)))
    known = {row.feedback_id: row for row in rows}
    return {each.id: level_of(each, known.get(each.id)) for each in every}


def contest(feedback: Feedback, wanted: Level, words: str, day: date) -> Urgency:
    """Ask a person for another level; ``words`` come masked. Raises ``SameLevel``.

    Asking again replaces what was asked before it was decided.
    """
    row = urgency_of(feedback)
    if wanted is level_of(feedback, row):
        raise SameLevel
    if row is None:
        row = Urgency(feedback_id=feedback.id, level="", reason="", words="", wanted="")
        db.session.add(row)
    if (row.wanted, row.words) != (wanted.value, words):
        row.wanted, row.words, row.asked = wanted.value, words, day
        traces.record("contested level", AUTHOR, day, feedback.id)
    db.session.flush()
    return row


def decide(feedback: Feedback, level: Level, reason: str, moderator: Moderator, day: date) -> None:
    """Set the level, with a reason that the author reads; what was asked is thereby answered.

    Raises ``SameModerator`` when the author contests what this moderator decided.
    """
    row = urgency_of(feedback)
    if row and row.wanted and row.account_id == moderator.account_id:
        raise SameModerator
    if row is None:
        row = Urgency(feedback_id=feedback.id, words="", wanted="")
        db.session.add(row)
    row.level, row.reason, row.decided = level.value, reason, day
    row.account_id, row.wanted = moderator.account_id, ""
    grave = level is not Level.ORDINARY
    feedback.severity = HARM if grave else min(feedback.severity, BLOCKED)
    traces.record("moderated", moderator, day, feedback.id, SET_LEVEL)
    db.session.flush()


def contested() -> list[Urgency]:
    """Return the levels that authors contest, oldest first."""
    query = select(Urgency).join(Feedback).where(*_IS_ASKED)
    loaded = query.options(joinedload(Urgency.feedback).joinedload(Feedback.service))
    return list(db.session.scalars(loaded.order_by(Urgency.asked, Urgency.feedback_id)))


def contested_count() -> int:
    """Return how many levels wait for a person."""
    query = select(func.count()).select_from(Urgency).join(Feedback).where(*_IS_ASKED)
    return db.session.scalar(query) or 0


_IS_ASKED = (Urgency.wanted != "", Feedback.state != State.WITHDRAWN)
