"""Mails to the holder of a retour's code: something awaits, and nothing else (product.md §7).

What they say and how they are asked for is ``code_mails.py``.
"""

from datetime import datetime

from app.code_mails import Kind, NotHere
from app.db import db
from feedback.author_news import marks
from feedback.models import AuthorMail, Feedback

PURPOSE = "author mail"


def _may(row: AuthorMail) -> bool:
    return not row.feedback.service.anonymous_by_law


AUTHORS = Kind(AuthorMail, PURPOSE, "feedback_id", marks, _may, "feedback.code")


def ask(feedback: Feedback, typed: str, now: datetime) -> None:
    """Send an opt-in link to ``typed`` and keep it sealed; the address before it is forgotten.

    Raises ``BadAddress``, and ``NotHere`` where the law guarantees anonymity.
    """
    if feedback.service.anonymous_by_law:
        raise NotHere
    AUTHORS.ask(feedback.id, typed, now)


def forget(feedback: Feedback) -> None:
    """Forget the address of a retour that is being erased."""
    row = db.session.get(AuthorMail, feedback.id)
    if row is not None:
        AUTHORS.stop(row)
