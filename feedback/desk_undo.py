"""Undoing an act on several retours: what stood before comes back.

Where somebody else changed it meanwhile, theirs is kept.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from app import traces
from app.access import Verb, actor_of
from app.accounts import Account
from app.db import db
from feedback import readings, theme_undo
from feedback.assignments import NotOfTheTeam, assign
from feedback.desk_acts import OPEN_STATES, Act, standing
from feedback.models import Commitment, CommitmentLink, DeskAct, Feedback, ThemeEvent
from feedback.theme_refusals import Refused


@dataclass(frozen=True)
class Undone:
    """How many retours stand as before again, and how many somebody else had changed."""

    back: int
    kept: int
    why: str = ""  # nothing could be given back


def act_of(account: Account, act_id: str) -> DeskAct | None:
    """Return an act of ``account`` itself, or None."""
    found = db.session.get(DeskAct, act_id)
    return found if found and found.account_id == account.id else None


def undo(act: DeskAct, account: Account, day: date) -> Undone:
    """Give back what stood before ``act``; what somebody else changed since stays theirs.

    A second undo changes nothing and says the same.
    """
    if act.kind == Act.PLACE:
        return _take_out(act, account, day)
    rows = {row.feedback_id: row for row in act.rows}
    feedbacks = list(db.session.scalars(select(Feedback).where(Feedback.id.in_(rows))))
    present = standing(act.kind, act.target, feedbacks, account)
    back = [f for f in feedbacks if present[f.id] == rows[f.id].became]
    if act.undone:
        return Undone(0, 0)
    back = [f for f in back if _give_back(act, f, rows[f.id].was, account, day)]
    act.undone = True
    db.session.flush()
    return Undone(len(back), len(rows) - len(back))


def _take_out(act: DeskAct, account: Account, day: date) -> Undone:
    """Undo the edit of a theme as its own page does: whole, or not at all."""
    number = int(act.changed[0].became) if act.changed and not act.undone else 0
    event = db.session.get(ThemeEvent, number)
    act.undone = True
    if event is None:
        return Undone(0, 0)
    try:
        done = theme_undo.undo(event, actor_of(account, Verb.ARRANGE_THEMES), day)
    except Refused as refused:
        return Undone(0, 0, refused.sentence)
    return Undone(len(act.changed), 0) if done else Undone(0, len(act.changed))


def _give_back(act: DeskAct, feedback: Feedback, was: str, account: Account, day: date) -> bool:
    if act.kind in (Act.READ, Act.UNREAD):
        readings.mark(account.id, [feedback.id], None if was == "" else was == "True")
        return True
    if act.kind == Act.LINK:
        return _unlink(act.target, feedback, account, day)
    try:
        assign([feedback], int(was) if was else None, day)
    except NotOfTheTeam:
        assign([feedback], None, day)  # who had it left the team meanwhile
    return True


def _unlink(commitment_id: str, feedback: Feedback, account: Account, day: date) -> bool:
    """Take the retour out of the promise; one that was announced, or judged, keeps it."""
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None or commitment.state not in OPEN_STATES:
        return False
    gone = db.session.execute(
        delete(CommitmentLink).where(
            CommitmentLink.commitment_id == commitment_id,
            CommitmentLink.feedback_id == feedback.id,
            CommitmentLink.verdict.is_(None),
        )
    )
    if not gone.rowcount:  # type: ignore[attr-defined]
        return False
    traces.record("committed", actor_of(account, Verb.ANSWER), day, feedback.id, "retiré")
    return True
