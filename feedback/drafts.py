"""Drafts of answers: one for each writer and retour, kept as typed, gone once sent.

Only its writer reads one.
"""

from datetime import date

from sqlalchemy import select

from app.accounts import Account
from app.db import db
from feedback.models import AnswerDraft, Feedback

LONGEST = 20_000  # characters: more than may be sent, so that what is too long is kept as well


def draft_of(account: Account, feedback: Feedback) -> AnswerDraft | None:
    """Return what ``account`` is writing to the author of ``feedback``, or None."""
    query = select(AnswerDraft).where(
        AnswerDraft.account_id == account.id, AnswerDraft.feedback_id == feedback.id
    )
    return db.session.scalar(query)


def keep(account: Account, feedback: Feedback, text: str, day: date) -> AnswerDraft | None:
    """Keep ``text`` as typed in place of what was kept; an empty text leaves no draft."""
    draft = draft_of(account, feedback)
    if not text.strip():
        discard(account, feedback)
        return None
    if draft is None:
        draft = AnswerDraft(account_id=account.id, feedback_id=feedback.id)
        db.session.add(draft)
    draft.text, draft.day = text[:LONGEST], day
    db.session.flush()
    return draft


def discard(account: Account, feedback: Feedback) -> None:
    """Drop the draft: it was sent, or its writer emptied it."""
    if draft := draft_of(account, feedback):
        db.session.delete(draft)
        db.session.flush()
