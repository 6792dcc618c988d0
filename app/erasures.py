"""What every erasure owes: its random ids listed beside the backups, no old page left in the log.

The list is replayed after a backup is restored (``app/privacy.py``, model.md §7).
"""

from collections.abc import Iterable
from pathlib import Path

from app.db import ID_LENGTH, db

ERASED_LIST = "erased.txt"  # random ids, one a line, kept beside the backups


def note(instance: Path, ids: Iterable[str]) -> None:
    """Add ids to the list that is replayed after a restore. Call before the commit."""
    with (instance / ERASED_LIST).open("a", encoding="ascii") as lines:
        lines.writelines(f"{each}\n" for each in ids)


def listed(instance: Path) -> list[str]:
    """Return the ids of the list, each once, in a fixed order."""
    path = instance / ERASED_LIST
    lines = path.read_text("ascii").split() if path.exists() else []
    return sorted({line for line in lines if len(line) == ID_LENGTH})


def truncate_log() -> None:
    """Empty SQLite's write-ahead log, where old pages still hold what was erased."""
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()  # a reading transaction would keep the log
    connection = db.engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
