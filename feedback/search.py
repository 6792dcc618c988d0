"""The search index over masked retours: words in, ids out, through ``matching`` alone.

SQLite's FTS5 stands behind it and no other module knows. Words stand there in the form of
``nlp.search_forms``. Who may see a hit is the caller's condition, never the index's.
"""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    column,
    delete,
    insert,
    literal_column,
    select,
    table,
    text,
)

from app.db import db
from feedback.models import Feedback, State
from nlp.search_forms import search_words

INDEX = table("feedback_search", column("feedback_id"), column("service"), column("words"))
MOST_WORDS = 12  # of a query; more narrow nothing and cost time
SHORTEST_BEGINNING = 3  # letters of a last word that may be unfinished
_PHRASES = re.compile(r'"([^"]*)"?|«([^»]*)»?|“([^”]*)”?|([^\s"«“]+)')


def index(feedback: Feedback, is_new: bool = False) -> None:
    """Put the masked text of ``feedback`` into the index, in place of what stood there.

    A text whose names are not masked yet stays out (model.md §3), and so does a withdrawn one.

    Args:
        is_new: nothing stands there yet. Looking for it reads the whole index, and nobody who
            sends a retour should wait for that.
    """
    if not is_new:
        unindex(feedback.id)
    if feedback.text and feedback.names_masked and feedback.state != State.WITHDRAWN:
        service_id = feedback.service_id or feedback.service.id
        row = {
            "feedback_id": feedback.id,
            "service": service_word(service_id),
            "words": " ".join(search_words(feedback.text)),
        }
        db.session.execute(insert(INDEX).values(row))


def unindex(feedback_id: str) -> None:
    """Take a retour out of the index, its words from the index's segments too."""
    gone = db.session.execute(delete(INDEX).where(INDEX.c.feedback_id == feedback_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        # Without FTS5's secure-delete (SQLite 3.42), old words last until segments are merged.
        db.session.execute(text("INSERT INTO feedback_search(feedback_search) VALUES('optimize')"))


def matching(
    words: str, service_ids: Collection[int] | None = None, most: int | None = None
) -> Select[Any] | None:
    """Return the ids of retours that hold every one of ``words``, as a query; None without words.

    Words in quotes stand side by side, and so do those that a hyphen joins; the last one may be
    unfinished. Case, accents and French plurals do not matter.

    Args:
        service_ids: look only at what is said of these services.
        most: stop at this many, those that came into the index last.
    """
    asked = _asked(words)
    if not asked:
        return None
    if service_ids is not None:
        services = " OR ".join(f'"{service_word(each)}"' for each in service_ids) or '"none"'
        asked = f"service : ({services}) AND {asked}"
    query = select(INDEX.c.feedback_id).where(literal_column("feedback_search").op("MATCH")(asked))
    if most is not None:
        query = query.order_by(literal_column("feedback_search.rowid").desc()).limit(most)
    return query


def find(words: str, condition: ColumnElement[bool]) -> list[str]:
    """Return the ids of the retours that hold ``words`` and satisfy ``condition``, newest first."""
    hits = matching(words)
    if hits is None:
        return []
    query = select(Feedback.id).where(Feedback.id.in_(hits), condition)
    return list(db.session.scalars(query.order_by(Feedback.day.desc(), Feedback.id)))


def service_word(service_id: int) -> str:
    """Return the word by which a service stands beside its retours' in the index."""
    return f"service{service_id}"


def _asked(words: str) -> str:
    """Return ``words`` as FTS5 asks for them; only letters and digits of theirs come in."""
    phrases: list[str] = []
    left, open_ended = MOST_WORDS, False
    for found in _PHRASES.finditer(words):
        quoted = found[4] is None
        forms = search_words(next(part for part in found.groups() if part is not None))[:left]
        if forms:
            left -= len(forms)
            phrases.append(f'"{" ".join(forms)}"')
            open_ended = not quoted and len(forms[-1]) >= SHORTEST_BEGINNING
    if not phrases:
        return ""
    return f"words : ({' AND '.join(phrases)}{' *' if open_ended else ''})"
