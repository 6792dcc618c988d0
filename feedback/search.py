"""The search index over masked retours: words in, ids out.

SQLite's FTS5 stands behind it and no other module knows. Who may see a hit is the caller's
condition, never the index's.
"""

import re
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

_INDEX = table("feedback_search", column("feedback_id"), column("words"))
MOST_WORDS = 8  # of a query; more narrow nothing and cost time


def index(feedback: Feedback) -> None:
    """Put the masked text of ``feedback`` into the index, in place of what stood there.

    A text whose names are not masked yet stays out (model.md §3), and so does a withdrawn one.
    """
    unindex(feedback.id)
    if feedback.text and feedback.names_masked and feedback.state != State.WITHDRAWN:
        row = {"feedback_id": feedback.id, "words": feedback.text}
        db.session.execute(insert(_INDEX).values(row))


def unindex(feedback_id: str) -> None:
    """Take a retour out of the index, its words from the index's segments too."""
    gone = db.session.execute(delete(_INDEX).where(_INDEX.c.feedback_id == feedback_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        # Without FTS5's secure-delete (SQLite 3.42), old words last until segments are merged.
        db.session.execute(text("INSERT INTO feedback_search(feedback_search) VALUES('optimize')"))


def matching(words: str) -> Select[Any] | None:
    """Return the ids of retours that hold every one of ``words``, as a query; None without words.

    The last word may be unfinished. Accents and case do not matter.
    """
    found = re.findall(r"\w+", words)[:MOST_WORDS]
    if not found:
        return None
    query = " ".join(f'"{word}"' for word in found) + " *"
    matches = literal_column("feedback_search").op("MATCH")(query)
    return select(_INDEX.c.feedback_id).where(matches)


def find(words: str, condition: ColumnElement[bool]) -> list[str]:
    """Return the ids of the retours that hold ``words`` and satisfy ``condition``, newest first."""
    hits = matching(words)
    if hits is None:
        return []
    query = select(Feedback.id).where(Feedback.id.in_(hits), condition)
    return list(db.session.scalars(query.order_by(Feedback.day.desc(), Feedback.id)))
