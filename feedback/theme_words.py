"""Taking a retour out of what themes and subjects keep of it: typical messages and words.

Words are counted over a whole theme; one that only this retour said would outlive it otherwise.
"""

import re
import unicodedata

from sqlalchemy import select

from app.db import db
from feedback.models import Feedback, Placement, Segment, Subject, Theme

NAME_WORDS = 3  # of a title that no person wrote


def forget_segments(feedback: Feedback) -> None:
    """Take the segments of ``feedback`` out of its themes, with the words only it brought."""
    ids = set(db.session.scalars(select(Segment.id).where(Segment.feedback_id == feedback.id)))
    placed = select(Placement.theme_id).where(Placement.segment_id.in_(ids))
    for theme in db.session.scalars(select(Theme).where(Theme.id.in_(placed))):
        theme.typical = [each for each in theme.typical if each not in ids]
        others = _texts(feedback.id, Theme.id == theme.id)
        _keep_shared_words(theme, feedback.text or "", others)
        if theme.subject is not None:
            others = _texts(feedback.id, Theme.subject_id == theme.subject_id)
            _keep_shared_words(theme.subject, feedback.text or "", others)
    db.session.flush()


def _texts(feedback_id: str, condition: object) -> list[str]:
    query = (
        select(Feedback.text)
        .join(Segment, Segment.feedback_id == Feedback.id)
        .join(Placement)
        .join(Theme)
        .where(Feedback.id != feedback_id, condition)  # type: ignore[arg-type]
        .distinct()
    )
    return [text for text in db.session.scalars(query) if text]


def _keep_shared_words(named: Theme | Subject, text: str, others: list[str]) -> None:
    own = _fold(text) - set().union(*map(_fold, others))
    kept = [pair for pair in named.words if not _fold(str(pair[0])) & own]
    if len(kept) < len(named.words):
        named.words = kept
    if not named.named_by_person and _fold(named.name) & own:
        named.name = ", ".join(str(word) for word, _ in kept[:NAME_WORDS]) or "—"


def _fold(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    return set(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))
