"""Taking a retour out of what themes and subjects keep of it: typical messages and words.

Words are counted over a whole theme; one that only this retour said would outlive it otherwise.
"""

import re
import unicodedata

from sqlalchemy import select

from app.db import db
from feedback.models import Feedback, Placement, Segment, Signal, Subject, Theme, ThemeEvent

NAME_WORDS = 3  # of a title that no person wrote
UNNAMED = "—"  # in place of a title that must go
TO_NAME = "Thème à nommer"  # where no phrase stands for what several said
TITLE_WORDS = 6  # of a phrase that several said; a machine's title with more is a sentence


def forget_segments(feedback: Feedback) -> None:
    """Take the segments of ``feedback`` out of its themes, with the words only it brought."""
    ids = select(Segment.id).where(Segment.feedback_id == feedback.id)
    placed = select(Placement.theme_id).where(Placement.segment_id.in_(ids))
    for theme in db.session.scalars(select(Theme).where(Theme.id.in_(placed))):
        leave(theme, feedback)
    _forget_openings(feedback.service_id, feedback.text or "")
    db.session.flush()


def leave(theme: Theme, feedback: Feedback) -> None:
    """Take out of ``theme`` and its subject what only ``feedback`` brought: words, title, place."""
    text = feedback.text or ""
    ids = set(db.session.scalars(select(Segment.id).where(Segment.feedback_id == feedback.id)))
    theme.typical = [each for each in theme.typical if each not in ids]
    own = _keep_shared_words(theme, text, _texts(feedback.id, Theme.id == theme.id))
    _forget_told(theme, own)
    if not theme.named_by_person and is_opening(theme.name, text):
        theme.name = title_of(theme.words)
    if theme.subject is not None:
        others = _texts(feedback.id, Theme.subject_id == theme.subject_id)
        _keep_shared_words(theme.subject, text, others)


def _forget_told(theme: Theme, own: set[str]) -> None:
    """Take titles with a word of ``own`` out of the history; a person's name stays."""
    for event in db.session.scalars(select(ThemeEvent).where(ThemeEvent.theme_id == theme.id)):
        told = event.detail.split(" → ")
        kept = [each if each == theme.name or not _fold(each) & own else UNNAMED for each in told]
        event.detail = " → ".join(kept)


def is_opening(label: str, text: str) -> bool:
    """Say whether a title is cut out of ``text``: a theme without words of its own has such."""
    words = label.strip("«» ").removesuffix("…").strip()
    return len(words.split()) > TITLE_WORDS and words in " ".join(text.split())


def _forget_openings(service_id: int, text: str) -> None:
    """Take titles that quote ``text`` out of a service's themes, their history and its signals."""
    themes = select(Theme).where(Theme.service_id == service_id)
    for theme in db.session.scalars(themes):
        if not theme.named_by_person and is_opening(theme.name, text):
            theme.name = title_of(theme.words)
    for event in db.session.scalars(select(ThemeEvent).join(themes.subquery())):
        told = event.detail.split(" → ")
        event.detail = " → ".join(UNNAMED if is_opening(each, text) else each for each in told)
    for signal in db.session.scalars(select(Signal).where(Signal.service_id == service_id)):
        if is_opening(signal.title, text):
            signal.title = signal.theme.name if signal.theme else UNNAMED


def title_of(words: list[list[str | float]]) -> str:
    """Return a title made of the first words, for a theme that no person named."""
    return ", ".join(str(word) for word, _ in words[:NAME_WORDS]) or UNNAMED


def _texts(feedback_id: str, condition: object) -> list[str]:
    query = (
        select(Feedback.text)
        .join(Segment, Segment.feedback_id == Feedback.id)
        .join(Placement)
        .join(Theme)
        .where(Feedback.id != feedback_id, ~Placement.contested, condition)  # type: ignore[arg-type]
        .distinct()
    )
    return [text for text in db.session.scalars(query) if text]


def _keep_shared_words(named: Theme | Subject, text: str, others: list[str]) -> set[str]:
    """Drop the words that only ``text`` said and return them."""
    own = _fold(text) - set().union(*map(_fold, others))
    kept = [pair for pair in named.words if not _fold(str(pair[0])) & own]
    if len(kept) < len(named.words):
        named.words = kept
    if not named.named_by_person and _fold(named.name) & own:
        named.name = title_of(kept)
    return own


def _fold(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    return set(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))
