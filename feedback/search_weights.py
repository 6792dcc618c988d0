"""What the search index knows of words beside who holds them: in how many texts, and who fits best.

With ``search.py`` and ``search_upkeep.py`` all that knows of SQLite's FTS5: another engine
replaces the three.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Subquery, literal_column, select, text

from app.db import db

# How many texts of the index hold a word that begins so.
_HOLDING = text(
    "SELECT asked.value, (SELECT coalesce(sum(doc), 0) FROM feedback_search_words"
    " WHERE term >= asked.value AND term < asked.value || char(65535))"
    " FROM json_each(:families) AS asked"
)
_TEXTS = text("SELECT coalesce(max(id), 0) FROM feedback_search_docsize")


def texts() -> int:
    """Return how many texts the index holds, or held at most."""
    return int(db.session.scalar(_TEXTS) or 0)


def holding(families: Collection[str]) -> dict[str, int]:
    """Return how many texts hold a word of each family, a word's beginning, in one query."""
    asked = {"families": json.dumps(sorted(families))}
    return {family: int(count) for family, count in db.session.execute(_HOLDING, asked)}


def closest(families: Collection[str]) -> Subquery:
    """Return (id, rank) of the retours that hold any of ``families``, the lowest rank fits best."""
    index: Any = literal_column("feedback_search")
    asked = " OR ".join(f'"{each}" *' for each in families)
    return (
        select(literal_column("feedback_id").label("id"), literal_column("rank").label("rank"))
        .select_from(text("feedback_search"))
        .where(index.op("MATCH")(f"words : ({asked})"))
        .subquery()
    )
