"""Drafts of answers: one for each writer and addressee, kept as typed, gone once sent.

The addressee is a retour or a whole theme. Only its writer reads one.
"""

from datetime import date

from sqlalchemy import select

from app.accounts import Account
from app.db import db
from feedback.models import AnswerDraft, Feedback, Theme

LONGEST = 20_000  # characters: more than may be sent, so that what is too long is kept as well
Addressee = Feedback | Theme


def draft_of(account: Account, addressee: Addressee) -> AnswerDraft | None:
    """Return what ``account`` is writing to the author of a retour or of a whole theme, or None."""
    is_theme = isinstance(addressee, Theme)
    column = AnswerDraft.theme_id if is_theme else AnswerDraft.feedback_id
    query = select(AnswerDraft).where(AnswerDraft.account_id == account.id, column == addressee.id)
    return db.session.scalar(query)


def keep(account: Account, addressee: Addressee, text: str, day: date) -> AnswerDraft | None:
    """Keep ``text`` as typed in place of what was kept; an empty text leaves no draft."""
    draft = draft_of(account, addressee)
    if not text.strip():
        discard(account, addressee)
        return None
    if draft is None:
        draft = AnswerDraft(account_id=account.id)
        setattr(draft, "theme_id" if isinstance(addressee, Theme) else "feedback_id", addressee.id)
        db.session.add(draft)
    draft.text, draft.day = text[:LONGEST], day
    db.session.flush()
    return draft


def discard(account: Account, addressee: Addressee) -> None:
    """Drop the draft: it was sent, or its writer emptied it."""
    if draft := draft_of(account, addressee):
        db.session.delete(draft)
        db.session.flush()
