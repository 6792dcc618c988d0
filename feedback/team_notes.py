"""Notes of a team about a retour: read by the team alone, masked, gone with the retour.

They are part of what is kept about it: an author who asks for a copy gets their words, with the
role and the organisation, never the colleague (docs/decisions).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app import traces
from app.access import Verb, actor_of
from app.accounts import Account
from app.db import db
from feedback.masked_text import pieces
from feedback.models import Feedback, TeamNote

LONGEST_NOTE = 2000  # characters


@dataclass(frozen=True)
class NoteLine:
    """One note as a colleague reads it."""

    who: str
    day: date
    pieces: Sequence[tuple[str, str | None]]


def write_note(feedback: Feedback, text: str, account: Account, day: date) -> TeamNote:
    """Keep a masked note; the same words by the same colleague on one day are one note."""
    same = select(TeamNote).where(
        TeamNote.feedback_id == feedback.id,
        TeamNote.account_id == account.id,
        TeamNote.text == text,
        TeamNote.day == day,
    )
    if twin := db.session.scalar(same):
        return twin
    last = select(func.max(TeamNote.position)).where(TeamNote.feedback_id == feedback.id)
    actor = actor_of(account, Verb.ANSWER)
    note = TeamNote(
        feedback_id=feedback.id,
        position=(db.session.scalar(last) or 0) + 1,
        account_id=account.id,
        role=actor.role,
        organisation=actor.organisation,
        text=text,
        day=day,
    )
    db.session.add(note)
    traces.record("noted", actor, day, feedback.id)
    return note


def notes_of(feedback: Feedback) -> tuple[NoteLine, ...]:
    """Return the notes about ``feedback``, oldest first."""
    query = (
        select(TeamNote)
        .where(TeamNote.feedback_id == feedback.id)
        .options(joinedload(TeamNote.account))
        .order_by(TeamNote.position)
    )
    return tuple(
        NoteLine(
            note.account.name if note.account else note.organisation, note.day, pieces(note.text)
        )
        for note in db.session.scalars(query)
    )
