"""Keeping the search index sound: words that left go from its segments, and it never breaks.

With ``search.py`` and ``search_weights.py`` the only modules that know of SQLite's FTS5. Its
command ``optimize`` adds up to two levels to the index each time, and an index of more than 2,000
cannot be opened again, nor dropped (SQLite 3.40). So every so often it is built anew instead, which
drops the words that left just as well and takes some three times as long.
"""

from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DatabaseError

from app.db import db

MOST_LEVELS = 100
_LEVELS_AT = 4  # bytes into the record of the structure, after its cookie


@dataclass(frozen=True)
class _Index:
    """The statements about one index."""

    optimise: TextClause
    rebuild: TextClause
    read: TextClause
    structure: TextClause
    empty: TextClause  # a structure without any segment, to build anew from


def _statements(name: str) -> _Index:
    order, data = f"INSERT INTO {name}({name}) VALUES", f"{name}_data"
    return _Index(
        text(f"{order}('optimize')"),
        text(f"{order}('rebuild')"),
        text(f"SELECT rowid FROM {name} WHERE {name} MATCH 'boucle' LIMIT 1"),
        text(f"SELECT block FROM {data} WHERE id = 10"),
        text(f"UPDATE {data} SET block = zeroblob(7) WHERE id = 10"),
    )


_INDEXES = {name: _statements(name) for name in ("feedback_search", "feedback_search_turns")}


def merge(name: str) -> None:
    """Drop the words of deleted rows from the segments of an index.

    Without FTS5's secure-delete (SQLite 3.42), old words last until segments are merged.
    """
    index = _INDEXES[name]
    too_many = levels(name) >= MOST_LEVELS
    db.session.execute(index.rebuild if too_many else index.optimise)


def levels(name: str) -> int:
    """Return over how many levels the segments of an index may lie."""
    record = bytes(db.session.scalars(_INDEXES[name].structure).one())
    found = 0
    for byte in record[_LEVELS_AT:]:  # seven bits in each, the last without the eighth
        found = found << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return found


def damaged() -> list[str]:
    """Return the names of the indexes that cannot be opened."""
    return [name for name, index in _INDEXES.items() if not _opens(index.read)]


def _opens(read: TextClause) -> bool:
    try:
        db.session.execute(read).all()
    except DatabaseError:
        return False
    return True


def build_anew() -> int:
    """Build each index anew from its rows, a damaged one too; return how many. No commit."""
    for index in _INDEXES.values():
        db.session.execute(index.empty)
        db.session.execute(index.rebuild)
    return len(_INDEXES)
